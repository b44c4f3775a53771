//! `strongroom demo --exit`: the main job, end to end, by the binary alone.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may unwrap, as the test may")]

mod development;

use std::fs;

use development::{strongroom, text};

#[test]
fn every_step_holds_a_document_of_one_s_own_comes_back_and_a_used_folder_is_refused() {
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
        "All 50 steps held.",
        "403 need_required by READ-3",
        "403 agreement_required by AMBER-1",
        "403 credential_unknown by READ-1",
        "404 not_found",
        "409 conflict by LODGE-3",
        "206: 100 bytes of 1217",
        "device-certificate-policy, version 1.0 was released to party-small-supplier",
        "lodged device-certificate-policy, version 1.0",
        "refused as it must be: Not verified.",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let received = fs::read(parent.path().join("demo/received/manufacturer-own.pdf")).unwrap();
    assert_eq!(received, fs::read(&own).unwrap());

    let again = strongroom(&["demo", "--exit", "--dir", dir]);
    assert_eq!(again.status.code(), Some(1));
    let paragraph = text(&again.stderr);
    assert!(paragraph.contains("is not empty") && paragraph.contains("strongroom serve --config"), "{paragraph}");
}
