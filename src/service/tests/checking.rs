//! What a check finds that no flipped bit can make: what the server itself should never have entered.

use super::*;
use crate::pure::domain::signature::{DetachedSignature, ExaminedSignature, SignatureFinding};
use crate::service::checking;

/// A server that took a signature for good without verifying it.
#[tokio::test]
async fn lodge_6_a_signature_that_a_server_took_for_good_is_verified_by_the_check() {
    let desk = Desk::established().await;
    let running = desk.open_async().await;
    register_document(&running, "policy").await.unwrap();
    let lodged = lodge(&running, "policy", "1.0", b"text").await.unwrap();
    let forged = ExaminedSignature {
        cms: DetachedSignature::from_der(b"no signature at all"),
        finding: SignatureFinding::SignedBy(credential("chair")),
    };
    let command = Command::LodgeVersion {
        document: handle("policy"),
        label: label("1.1"),
        content: lodged.version.content.clone(),
        classification: None,
        incorporated: None,
        effective: None,
        note: None,
        direction: None,
        signature: Some(forged),
        tlp: None,
    };
    let entry = running.repository.submit(credential("chair"), command, None).await.unwrap().entry().unwrap();
    running.stop_async().await;

    let scratch = tempfile::tempdir().unwrap();
    let report = checking::check(&desk.settings(), scratch.path().to_owned(), &mut |_| {}).await.unwrap();
    assert_eq!((report.findings.len(), report.lodger_signatures), (1, 0), "{report:?}");
    let finding = &report.findings[0];
    assert!(finding.contains(&format!("entry {entry} ")) && finding.contains("lodger's signature"), "{finding}");
}
