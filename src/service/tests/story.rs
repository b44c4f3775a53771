//! Lodge, classify, read, prove: the main job without HTTP.

use super::{Desk, bytes_of, determine, lodge, read, register_document};
use crate::pure::audit::evidence::{FileDigest, verify_file};
use crate::pure::audit::trust::Trust;
use crate::pure::domain::refusal::RefusalCode;
use crate::pure::tlog::hash::sha256;
use crate::pure::tlog::policy::Policy;
use crate::service::lodging::LodgeError;
use crate::service::registrar::NotDone;

#[tokio::test]
async fn what_is_lodged_can_be_read_and_proven() {
    let desk = Desk::established().await;
    let running = desk.open_async().await;
    register_document(&running, "device-policy").await.unwrap();
    let lodged = lodge(&running, "device-policy", "1.0", b"the policy").await.unwrap();
    assert!(lodged.entry.is_some());

    // READ-2: undetermined is not for a party; then GREEN is.
    assert!(matches!(read(&running, "supplier", "device-policy").await, Err(NotDone::Hidden { .. })));
    determine(&running, "device-policy", "1.0", "GREEN").await.unwrap();
    let permit = read(&running, "supplier", "device-policy").await.unwrap();
    let entry = permit.entry();
    assert_eq!(bytes_of(&running, permit).await, b"the policy");

    let proof = running.repository.evidence().of_entry(entry).await.unwrap();
    let file = FileDigest { sha256: sha256(b"the policy"), size: 10 };
    let trust = Trust::new(running.verifier_keys.clone(), Policy::default());
    let evidence = verify_file(&file, proof.as_bytes(), &trust).unwrap();
    assert_eq!(evidence.index, entry);
    let other = FileDigest { sha256: sha256(b"another"), size: 7 };
    assert!(verify_file(&other, proof.as_bytes(), &trust).is_err());
    running.stop_async().await;
}

#[tokio::test]
async fn read_4_need_and_read_are_in_the_log_though_no_byte_has_left_yet() {
    let desk = Desk::established().await;
    let running = desk.open_async().await;
    register_document(&running, "device-policy").await.unwrap();
    lodge(&running, "device-policy", "1.0", b"the policy").await.unwrap();
    determine(&running, "device-policy", "1.0", "GREEN").await.unwrap();
    let permit = read(&running, "supplier", "device-policy").await.unwrap();
    let entry = permit.entry();
    // The permit is what a disclosure takes; nothing was disclosed when it is given up.
    drop(permit);
    running.stop_async().await;

    let running = desk.open_async().await;
    let opened = running.repository.evidence().opened(entry).unwrap();
    let record: serde_json::Value = serde_json::from_slice(&opened.record).unwrap();
    let events: Vec<_> = record["events"].as_array().unwrap().iter().map(|event| event["kind"].as_str()).collect();
    assert_eq!(events, [Some("need_recorded"), Some("content_released")], "{record}");
    assert_eq!(record["events"][0]["statement"], "to run the meters by it", "{record}");
    running.stop_async().await;
}

#[tokio::test]
async fn lodge_3_the_same_bytes_again_are_the_same_lodgement_and_others_a_conflict() {
    let desk = Desk::established().await;
    let running = desk.open_async().await;
    register_document(&running, "device-policy").await.unwrap();
    let first = lodge(&running, "device-policy", "1.0", b"the policy").await.unwrap();
    let again = lodge(&running, "device-policy", "1.0", b"the policy").await.unwrap();
    assert_eq!((again.entry, again.version.lodged), (None, first.version.lodged));
    let other = lodge(&running, "device-policy", "1.0", b"other bytes").await;
    let Err(LodgeError::NotDone(NotDone::Refused { refusal, .. })) = other else { panic!("{other:?}") };
    assert_eq!(refusal.code, RefusalCode::Conflict);
    running.stop_async().await;
}

#[tokio::test]
async fn a_restart_goes_on_where_the_log_ended() {
    let desk = Desk::established().await;
    let running = desk.open_async().await;
    register_document(&running, "device-policy").await.unwrap();
    let lodged = lodge(&running, "device-policy", "1.0", b"the policy").await.unwrap();
    running.stop_async().await;

    let running = desk.open_async().await;
    determine(&running, "device-policy", "1.0", "RED").await.unwrap();
    let permit = read(&running, "chair", "device-policy").await.unwrap();
    let entry = permit.entry();
    assert_eq!(bytes_of(&running, permit).await, b"the policy");
    assert_eq!(entry, lodged.entry.unwrap() + 2);
    running.stop_async().await;
}
