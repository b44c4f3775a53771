//! What a broken upload leaves is swept; what was lodged is not.

use std::fs;

use jiff::SignedDuration;

use super::fixture::credential;
use super::{Desk, bytes_of, handle, label, lodge, read, register_document};
use crate::service::lodging::NewVersion;

#[tokio::test]
async fn an_upload_that_broke_off_leaves_nothing_after_a_sweep() {
    let desk = Desk::established().await;
    let running = desk.open_async().await;
    register_document(&running, "device-policy").await.unwrap();
    lodge(&running, "device-policy", "1.0", b"the policy").await.unwrap();
    let new = NewVersion {
        document: handle("device-policy"),
        label: label("2.0"),
        content_type: "text/plain".into(),
        digest: None,
        classification: None,
        incorporated: None,
        effective: None,
        note: None,
        direction: None,
        signature: None,
        tlp: None,
    };
    let mut broken = running.repository.begin_lodgement(credential("chair"), new, 8 << 20).await.unwrap();
    broken.write(b"half of it"[..].into()).await.unwrap();
    drop(broken);
    // What a crash between the last byte and the entry leaves.
    fs::write(desk.data().join("blobs/00/00000000000000000000000000000000"), b"sealed").unwrap();

    let young = running.repository.sweep(SignedDuration::from_hours(1)).await.unwrap();
    assert_eq!((young.blobs, young.young), (0, 1), "it could be an upload under way");
    // An age below zero makes everything old.
    let swept = running.repository.sweep(SignedDuration::from_hours(-1)).await.unwrap();
    assert_eq!((swept.blobs, swept.keys, swept.unfinished), (1, 0, 0));
    let permit = read(&running, "chair", "device-policy").await.unwrap();
    assert_eq!(bytes_of(&running, permit).await, b"the policy");
    assert!(running.repository.version(&handle("device-policy"), &label("2.0")).unwrap().is_none());
    running.stop_async().await;
}

#[tokio::test]
async fn lodge_3_what_is_refused_at_its_end_leaves_no_blob() {
    let desk = Desk::established().await;
    let running = desk.open_async().await;
    register_document(&running, "device-policy").await.unwrap();
    for bytes in [&b"the policy"[..], b"the policy", b"other bytes"] {
        let _ = lodge(&running, "device-policy", "1.0", bytes).await;
    }
    let left = running.repository.sweep(SignedDuration::from_hours(-1)).await.unwrap();
    assert_eq!((left.examined, left.blobs, left.keys), (2, 0, 0), "the lodged blob and its key");
    running.stop_async().await;
}
