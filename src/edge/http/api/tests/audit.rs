//! Records: the auditor reads all, a person their own, and reading them is an entry (AUDIT-1).

use serde_json::{Value, json};

use super::Desk;
use crate::pure::audit::evidence::verify_entry;
use crate::pure::audit::reading::canonical;
use crate::pure::tlog::proof_file::ProofFile;

#[test]
fn a_person_reads_their_own_records_and_the_auditor_reads_all() {
    let desk = Desk::open();
    desk.registered("device-cp");
    desk.lodged("device-cp", "1.0", b"WHITE", "WHITE");
    let own = desk.get("clerk", "/v1/audit/entries");
    let items = own.done(200)["items"].as_array().unwrap().clone();
    let kinds: Vec<_> = items.iter().map(|item| item["record"]["events"][0]["kind"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        ["person_registered", "credential_bound", "credential_confirmed", "document_registered", "version_lodged"]
    );
    assert!(items[3..].iter().all(|item| item["record"]["actor"]["person"] == "clerk"));
    desk.get("clerk", "/v1/audit/entries?person=chair").refused(403, "not_permitted");
    let again = desk.get("clerk", "/v1/audit/entries").done(200);
    assert_eq!(again["items"][5]["index"].as_u64(), own.entry(), "reading records was an entry");

    let mut auditor = desk.wire("auditor");
    let mut after = String::new();
    let mut indexes = Vec::new();
    loop {
        let page = auditor.get(&format!("/v1/audit/entries?limit=7{after}"));
        let json = page.done(200);
        indexes.extend(json["items"].as_array().unwrap().iter().map(|item| item["index"].as_u64().unwrap()));
        match json["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break assert_eq!(page.entry(), Some(indexes.len() as u64)),
        }
    }
    assert_eq!(indexes, (0..indexes.len() as u64).collect::<Vec<_>>());
    let last = indexes.len() - 1;
    assert_eq!(auditor.get(&format!("/v1/audit/entries?after={last}")).done(200)["items"][0]["index"], last + 1);
    let about = auditor.get("/v1/audit/entries?document=device-cp").done(200);
    assert_eq!(about["items"].as_array().unwrap().len(), 3);
    let both = auditor.get("/v1/audit/entries?document=device-cp&person=chair").done(200);
    assert_eq!(both["items"].as_array().unwrap().len(), 1);
}

#[test]
fn the_evidence_of_an_entry_is_for_its_subject_and_the_auditor() {
    let desk = Desk::open();
    desk.registered("device-cp");
    let refused = desk.get("supplier", "/v1/documents/device-cp").entry().unwrap();
    let path = format!("/v1/audit/entries/{refused}/evidence");
    for person in ["supplier", "auditor"] {
        let evidence = desk.get(person, &path);
        assert_eq!((evidence.status, evidence.header("content-type")), (200, Some("text/plain; charset=utf-8")));
        assert!(evidence.entry() > Some(refused));
    }
    desk.get("member", &path).refused(404, "not_found");
    desk.get("auditor", "/v1/audit/entries/99999/evidence").refused(404, "not_found");
    desk.get("auditor", "/v1/audit/entries/-1/evidence").refused(400, "malformed");
}

#[test]
fn a_record_comes_with_what_opens_its_entry_in_the_log() {
    let desk = Desk::open();
    desk.registered("device-cp");
    // A number that JSON's writers and readers treat differently.
    desk.get("clerk", "/v1/audit/entries?after=18446744073709551615").done(200);
    for person in ["clerk", "auditor"] {
        let page = desk.get(person, "/v1/audit/entries?limit=500").done(200);
        for item in page["items"].as_array().unwrap() {
            let index = item["index"].as_u64().unwrap();
            let evidence = desk.get(person, &format!("/v1/audit/entries/{index}/evidence"));
            let proof = ProofFile::parse(evidence.body.as_slice()).unwrap();
            let (opening, record) = proof.extra.split_at(32);
            assert_eq!(item["opening"], hex::encode(opening), "entry {index}");
            assert_eq!(canonical(&item["record"]).unwrap(), record, "entry {index}");
        }
    }
}

#[test]
fn evidence_covers_what_was_done_refused_and_hidden_for_its_subject_and_the_auditor_alone() {
    let desk = Desk::open();
    desk.registered("device-cp");
    desk.lodged("device-cp", "1.0", b"of the group", "AMBER");
    let need = json!({"document": "device-cp", "purpose": "operate", "statement": "to see whether it is there"});
    let content = "/v1/documents/device-cp/versions/1.0/content";
    let entries = [
        ("supplier", desk.get("supplier", "/v1/documents/device-cp").entry(), "not_found"),
        ("supplier", desk.post("supplier", "/v1/needs", &need).entry(), "not_found"),
        ("supplier", desk.get("supplier", content).entry(), "not_found"),
        ("clerk", desk.get("clerk", content).entry(), "refused"),
        ("supplier", desk.get("supplier", "/v1/audit/entries").entry(), "done"),
    ];
    for (subject, index, outcome) in entries {
        let path = format!("/v1/audit/entries/{}/evidence", index.unwrap());
        for person in [subject, "auditor"] {
            let proof = desk.get(person, &path);
            assert_eq!(proof.status, 200, "{person} {path}");
            let evidence = verify_entry(&proof.body, &desk.log).unwrap();
            assert_eq!((evidence.outcome.as_str(), Some(evidence.index)), (outcome, index));
        }
        let strange = desk.get("chair", &path).refused(404, "not_found");
        let absent = desk.get("chair", "/v1/audit/entries/99999/evidence").refused(404, "not_found");
        let without_entry = |mut problem: Value| {
            problem.as_object_mut().unwrap().remove("entry");
            problem
        };
        assert_eq!(without_entry(strange), without_entry(absent), "{path}");
    }
}
