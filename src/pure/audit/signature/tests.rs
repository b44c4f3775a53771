//! LODGE-6 in records: the signature is verified anew against what the record says, whatever the server found.

use jiff::civil::date;
use serde_json::{Value, json};

use crate::pure::audit::content;
use crate::pure::audit::evidence::EvidenceError;
use crate::pure::detached::BadSignature;
use crate::pure::detached::tests::Signer;
use crate::pure::lodger::LodgementText;

/// The record of a lodgement that `signer` signed, changed by `change`. Its effective date was not given, and is in the
/// event all the same.
fn record(signer: &Signer, change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let text = LodgementText {
        origin: "log.example/strongroom",
        document: "device-cp",
        label: "3.0",
        sha256: [0xd1; 32],
        size: 7,
        incorporated: Some(date(2026, 6, 1)),
        effective: None,
        classification: Some("GREEN"),
    };
    let cms = signer.sign_in_base64(text.to_string().as_bytes());
    let event = json!({"kind": "version_lodged", "document": "device-cp", "label": "3.0", "size": 7,
        "digest": "d1".repeat(32), "proposed": "GREEN", "incorporated": "2026-06-01", "effective": "2026-06-01",
        "signature": cms});
    let mut record = json!({"v": 1, "index": 1, "time": "2026-11-24T09:30:00Z", "origin": "log.example/strongroom",
        "actor": {"person": "secas", "organisation": "secas", "credential": hex::encode(signer.id())},
        "command": {"kind": "lodge_version", "effective": null,
            "signature": {"cms": cms, "finding": {"signed_by": hex::encode(signer.id())}}},
        "outcome": "done", "rules": [], "facts": {}, "request": "r", "events": [event]});
    change(&mut record);
    serde_json_canonicalizer::to_vec(&record).unwrap()
}

fn refusal(change: impl FnOnce(&mut Value)) -> EvidenceError {
    content::read(&record(&Signer::p256(), change)).err().unwrap()
}

#[test]
fn lodge_6_the_signature_of_a_record_is_verified_with_the_dates_as_they_were_given() {
    let read = content::read(&record(&Signer::p256(), |_| ())).ok().unwrap();
    let signature = read.content[0].signature.as_ref().unwrap();
    assert!(signature.text.ends_with("\nincorporated 2026-06-01\neffective -\nclassification GREEN\n"));
    assert!(signature.signing_time.is_some());
    let unsigned =
        record(&Signer::p256(), |record| drop(record["events"][0].as_object_mut().unwrap().remove("signature")));
    assert_eq!(content::read(&unsigned).ok().unwrap().content[0].signature, None);
}

#[test]
fn lodge_6_a_record_that_says_something_else_than_was_signed_is_found_out() {
    let other_text = EvidenceError::BadLodgerSignature(BadSignature::OtherText);
    for (field, other) in [
        ("document", json!("other-cp")),
        ("label", json!("3.1")),
        ("size", json!(8)),
        ("digest", json!("d2".repeat(32))),
        ("proposed", json!("WHITE")),
        ("proposed", Value::Null),
        ("incorporated", json!("2026-06-02")),
    ] {
        assert_eq!(refusal(|record| record["events"][0][field] = other), other_text, "{field}");
    }
    assert_eq!(refusal(|record| record["origin"] = json!("other.example/log")), other_text);
    assert_eq!(refusal(|record| record["command"]["effective"] = json!("2026-06-01")), other_text);
}

#[test]
fn lodge_6_a_server_that_let_another_s_key_pass_is_found_out() {
    let signer = Signer::p256();
    let swapped = record(&signer, |record| record["actor"]["credential"] = json!("c1".repeat(32)));
    let key = hex::encode(signer.id());
    assert_eq!(content::read(&swapped).err(), Some(EvidenceError::SignedByAnotherKey { key: key.clone() }));
    let system = record(&signer, |record| record["actor"] = json!({"system": "bootstrap"}));
    assert_eq!(content::read(&system).err(), Some(EvidenceError::SignedByAnotherKey { key }));
}

#[test]
fn lodge_6_a_signature_that_is_none_is_found_out() {
    for rubbish in ["", "AAAA", "not base64!"] {
        let refused = refusal(|record| record["events"][0]["signature"] = json!(rubbish));
        assert_eq!(refused, EvidenceError::BadLodgerSignature(BadSignature::NotDer), "{rubbish}");
        assert!(refused.to_string().contains("do not rely on it"), "{refused}");
    }
    let contradicting = refusal(|record| record["command"]["effective"] = json!("2026-07-01"));
    assert!(matches!(contradicting, EvidenceError::MalformedRecord(_)));
}
