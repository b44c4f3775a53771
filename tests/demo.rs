//! `strongroom demo --exit`: the main job, end to end, by the binary alone.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may unwrap, as the test may")]

mod development;

use std::fs;
use std::path::Path;

use development::{strongroom, text};

/// Flips one bit in the middle of one blob.
fn damage_a_blob(blobs: &Path) {
    let shards = fs::read_dir(blobs).unwrap().flat_map(|shard| fs::read_dir(shard.unwrap().path()).unwrap());
    let mut files = shards.map(|file| file.unwrap().path());
    let blob = files.find(|path| !path.file_name().unwrap().to_str().unwrap().contains('.')).unwrap();
    let mut bytes = fs::read(&blob).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&blob, bytes).unwrap();
}

#[test]
fn every_step_holds_and_what_it_left_is_whole_until_it_is_damaged() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("demo");
    let dir = dir.to_str().unwrap();
    let own = parent.path().join("own.pdf");
    fs::write(&own, include_bytes!("../config/smki/samples/organisation-certificate-policy.pdf")).unwrap();
    let output = strongroom(&["demo", "--exit", "--dir", dir, "--document", own.to_str().unwrap()]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}\n{}", text(&output.stderr));
    assert!(!said.contains('\u{1b}'), "colours are for terminals");
    for part in [
        "All 68 steps held.",
        "signs it with its own key",
        "it verifies; with another program: openssl cms -verify",
        "403 need_required by READ-3",
        "403 agreement_required by AMBER-1",
        "403 credential_unknown by READ-1",
        "404 not_found",
        "409 conflict by LODGE-3",
        "403 suspended by EMERGENCY-1",
        "409 conflict by GOV-3",
        "3 to 1, 5 present where 5 are required of 9 appointed",
        "it does not exist",
        "206: 100 bytes of 1217",
        "device-certificate-policy, version 1.0 was released to party-small-supplier",
        "lodged device-certificate-policy, version 1.0",
        "refused as it must be: The entry is genuine, but it is about another file",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let received = fs::read(parent.path().join("demo/received/manufacturer-own.pdf")).unwrap();
    assert_eq!(received, fs::read(&own).unwrap());

    let config = format!("{dir}/strongroom.toml");
    let checked = strongroom(&["check", "--json", "--config", &config]);
    let said: serde_json::Value = serde_json::from_slice(&checked.stdout).unwrap();
    assert_eq!(checked.status.code(), Some(0), "{said}");
    assert_eq!((said["versions"].as_u64(), said["findings"].as_array().unwrap().len()), (Some(7), 0), "{said}");
    damage_a_blob(&parent.path().join("demo/data/blobs"));
    let checked = strongroom(&["check", "--config", &config]);
    let paragraph = text(&checked.stderr);
    assert_eq!(checked.status.code(), Some(1), "{paragraph}");
    assert!(paragraph.contains("1 fault found:\nblob ") && paragraph.contains("restore it"), "{paragraph}");
    for name in ["policy", "recovery-exercise"] {
        assert!(!paragraph.contains(name), "no document is named: {paragraph}");
    }

    let again = strongroom(&["demo", "--exit", "--dir", dir]);
    assert_eq!(again.status.code(), Some(1));
    let paragraph = text(&again.stderr);
    assert!(paragraph.contains("is not empty") && paragraph.contains("strongroom serve --config"), "{paragraph}");
}
