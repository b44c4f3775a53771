//! The log's keys change while evidence of before and after goes on being believed.
//!
//! ```text
//! epoch 1: lodge, evidence ──► rotate-keys ──► epoch 2: both keys sign ──► old key removed: the new one signs
//!     verifies with the old line      └─ a note leads from the old line to the new ones
//! ```

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use crate::support::directory::strongroom;
use crate::support::server::refuses_to_serve;
use crate::support::{Directory, Options, Server};

/// Lodges a version and keeps its evidence: the files of the version and of the proof.
pub fn lodged(server: &Server, slug: &str) -> (PathBuf, PathBuf) {
    let text = format!("what {slug} says");
    server.hold(slug, "A policy", "GREEN", text.as_bytes());
    let proof = server.client("secas").version_evidence(slug, "1.0").unwrap().value;
    let path = |extension: &str| server.directory.path().join(format!("{slug}.{extension}"));
    fs::write(path("txt"), text).unwrap();
    fs::write(path("tlog-proof"), proof).unwrap();
    (path("txt"), path("tlog-proof"))
}

/// Whether `strongroom verify` believes the evidence, by these keys and rotations.
pub fn verifies((file, proof): &(PathBuf, PathBuf), keys: &str, rotations: &[PathBuf]) -> bool {
    let mut arguments = vec!["verify", file.to_str().unwrap(), "--proof", proof.to_str().unwrap(), "--key", keys];
    for rotation in rotations {
        arguments.extend(["--rotation", rotation.to_str().unwrap()]);
    }
    strongroom(&arguments).status.success()
}

/// The lines of `log.vkey`.
pub fn lines(directory: &Directory) -> Vec<String> {
    let text = fs::read_to_string(directory.path().join("log.vkey")).unwrap();
    text.lines().map(str::to_owned).collect()
}

fn rotate(directory: &Directory) -> Output {
    strongroom(&["rotate-keys", "--json", "--config", directory.config().to_str().unwrap()])
}

fn rotated(directory: &Directory) -> serde_json::Value {
    let output = rotate(directory);
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn old_and_new_evidence_verify_across_a_rotation_and_the_end_of_the_old_key() {
    let server = Server::start(&Options::default());
    let before = lodged(&server, "before");
    let directory = server.stop();
    let old = lines(&directory);
    let said = rotated(&directory);
    assert_eq!(said["epoch"], 2, "{said}");
    let now = lines(&directory);
    assert_eq!(&now[2..], old, "the old lines are kept, after the new ones");
    let note = directory.path().join("log.rotation.2");

    let server = Server::serve(directory);
    let during = lodged(&server, "during");
    let directory = server.stop();
    fs::remove_file(directory.path().join("keys/log.key")).unwrap();
    let server = Server::serve(directory);
    let after = lodged(&server, "after");

    assert!(verifies(&before, &old[0], &[]));
    assert!(said["verifier_keys"].as_array().unwrap().iter().all(|key| now[..2].iter().any(|line| key == line)));
    assert!(!verifies(&before, &now[0], &[]), "the new key did not sign then");
    for key in [&old[0], &old[1], &now[0], &now[1]] {
        assert!(verifies(&during, key, &[]), "{key}");
    }
    assert!(!verifies(&after, &old[0], &[]));
    assert!(verifies(&after, &old[0], std::slice::from_ref(&note)), "the note leads from the old key to the new ones");
    assert!(verifies(&after, &now[0], &[]));
    // The keys go by epochs, and not by what is left of the files.
    assert_eq!(rotated(&server.stop())["epoch"], 3);
}

#[test]
fn a_rotation_that_was_broken_off_is_finished_by_the_next_run() {
    let directory = Directory::new();
    let keys = directory.path().join("keys");
    // Broken off within the making of the seed, and after it.
    fs::write(keys.join("log.key.2.new"), "half a").unwrap();
    fs::copy(keys.join("root.key"), keys.join("log.key.2")).unwrap();
    let seed = fs::read(keys.join("log.key.2")).unwrap();
    let said = rotated(&directory);
    assert_eq!((said["epoch"].as_u64(), said["made"].as_bool()), (Some(2), Some(true)));
    assert_eq!(fs::read(keys.join("log.key.2")).unwrap(), seed, "the seed that was there is taken");
    // Broken off after the entry and before the note.
    fs::remove_file(directory.path().join("log.rotation.2")).unwrap();
    let again = rotated(&directory);
    assert_eq!((again["epoch"].as_u64(), again["made"].as_bool()), (Some(2), Some(false)), "{again}");
    assert_eq!(again["audit_entry"], said["audit_entry"]);
    assert_eq!(lines(&directory).len(), 4);
    assert_eq!(rotated(&directory)["epoch"], 3);
}

#[test]
fn the_key_of_the_epoch_is_asked_for_by_its_file_and_entry() {
    let directory = Directory::new();
    let said = rotated(&directory);
    let entry = format!("entry {}", said["audit_entry"]);
    let file = directory.path().join("keys/log.key.2");
    let kept = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let (code, missing) = refuses_to_serve(&directory);
    assert_eq!(code, Some(1));
    for word in ["log.key.2", "epoch 2", entry.as_str(), "missing"] {
        assert!(missing.contains(word), "{word:?} is not in: {missing}");
    }
    fs::copy(directory.path().join("keys/root.key"), &file).unwrap();
    let (_, wrong) = refuses_to_serve(&directory);
    for word in ["log.key.2", "epoch 2", entry.as_str(), "does not hold"] {
        assert!(wrong.contains(word), "{word:?} is not in: {wrong}");
    }
    fs::write(&file, kept).unwrap();
    let old = directory.path().join("keys/log.key");
    fs::copy(directory.path().join("keys/root.key"), &old).unwrap();
    let (_, wrong) = refuses_to_serve(&directory);
    assert!(wrong.contains("epoch 1"), "the old key signs too, so that it must be the right one: {wrong}");
}
