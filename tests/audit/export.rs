//! An honest server: what is exported is the log.

use std::fs;

use serde_json::Value;
use strongroom::pure::tlog::leaf::{Entry, Opening, Origin};
use strongroom::pure::tlog::tree::Tree;

use super::*;

#[test]
fn the_whole_log_is_exported_and_verified() {
    let (server, size) = with_history();
    let output = verified(&server, &["export"]);
    assert_done(&output);
    let exported = indexes(&output.stdout);
    let covered = exported.len() as u64;
    assert!(covered >= size);
    assert_eq!(exported, (0..covered).collect::<Vec<_>>());
    assert!(
        said(&output).contains(&format!("Verified: {covered} entries are exactly the log of checkpoint {covered}"))
    );
    // Whoever has the lines can do the same with them, by the bytes as they are.
    let mut tree = Tree::empty();
    for line in std::str::from_utf8(&output.stdout).unwrap().lines() {
        let value: Value = serde_json::from_str(line).unwrap();
        let record = &line[line.find(",\"record\":").unwrap() + 10..line.rfind(",\"opening\":").unwrap()];
        let opening = hex::decode(value["opening"].as_str().unwrap()).unwrap().try_into().unwrap();
        let origin = Origin::parse(value["record"]["origin"].as_str().unwrap()).unwrap();
        tree.push(Entry::commit(&origin, &Opening(opening), record.as_bytes()).leaf_hash());
    }
    assert!(said(&output).contains(&hex::encode(tree.root().0)), "{}", said(&output));
}

#[test]
fn the_next_export_goes_on_after_the_last_one_and_proves_that_the_log_only_grew() {
    let (server, _) = with_history();
    let folder = server.directory.path().to_owned();
    let first = verified(&server, &["export", "--state", "kept", "--output", "one.jsonl", "--json"]);
    assert_done(&first);
    let summary: Value = serde_json::from_slice(&first.stdout).unwrap();
    let size = summary["checkpoint"]["size"].as_u64().unwrap();
    assert_eq!((&summary["complete"], summary["entries"].as_u64()), (&Value::Bool(true), Some(size)));
    covered(&server, size);
    let second = verified(&server, &["export", "--state", "kept", "--output", "two.jsonl"]);
    assert_done(&second);
    assert!(said(&second).contains(&format!("It holds all that the checkpoint of {size} entries signed.")));
    let both = [fs::read(folder.join("one.jsonl")).unwrap(), fs::read(folder.join("two.jsonl")).unwrap()].concat();
    let indexes = indexes(&both);
    assert!(indexes.len() as u64 > size);
    assert_eq!(indexes, (0..indexes.len() as u64).collect::<Vec<_>>());
    let again = verified(&server, &["export", "--output", "one.jsonl"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(said(&again).contains("--force"), "{}", said(&again));
}

#[test]
fn a_range_and_a_selection_are_verified_too() {
    let (server, size) = with_history();
    let range = verified(&server, &["export", "--from", "3", "--to", "6"]);
    assert_done(&range);
    assert_eq!(indexes(&range.stdout), [3, 4, 5, 6]);
    assert!(said(&range).contains("Verified: 4 entries from 3 on are exactly those"), "{}", said(&range));
    let about = verified(&server, &["export", "--document", "device-policy"]);
    assert_done(&about);
    assert_eq!(lines(&about.stdout).len(), 4, "registered, lodged, classified, read");
    assert!(said(&about).contains("whether one was left out cannot be told"), "{}", said(&about));
    let beyond = verified(&server, &["export", "--to", &(size + 1000).to_string()]);
    assert_eq!(beyond.status.code(), Some(1));
    assert!(said(&beyond).contains("is not covered"), "{}", said(&beyond));
    let usage = verified(&server, &["export", "--from", "7", "--to", "6"]);
    assert_eq!(usage.status.code(), Some(2));
}

#[test]
fn a_person_exports_their_own_records_and_no_others() {
    let (server, _) = with_history();
    let export = |arguments: &[&str]| {
        audit(&server.directory, &url(&server), "party-small-supplier", arguments).output().unwrap()
    };
    let own = export(&["export", "--person", "party-small-supplier", "--log-key", "log.vkey"]);
    assert_done(&own);
    let records: Vec<_> = lines(&own.stdout).iter().map(|line| line["record"].clone()).collect();
    let is_own = |record: &serde_json::Value| {
        let about = record["events"][0]["person"] == "party-small-supplier"
            || record["command"]["event"]["kind"] == "credential_confirmed";
        record["actor"]["person"] == "party-small-supplier" || record["actor"]["system"] == "bootstrap" && about
    };
    assert!(records.len() >= 5 && records.iter().all(is_own), "{records:?}");
    let all = export(&["export", "--log-key", "log.vkey"]);
    assert_eq!(all.status.code(), Some(1));
    assert!(said(&all).contains("entry 0 is missing") && said(&all).contains("--person"), "{}", said(&all));
    let unverified = export(&["export"]);
    assert_done(&unverified);
    assert!(said(&unverified).contains("Nothing was verified"), "{}", said(&unverified));
    let others = export(&["export", "--person", "chair"]);
    assert_eq!(others.status.code(), Some(1));
    assert!(said(&others).contains("AUDIT-1"), "{}", said(&others));
}

#[test]
fn a_security_monitor_gets_its_own_field_names() {
    let (server, size) = with_history();
    for (format, pointer) in [("ecs", "/event/sequence"), ("ocsf", "/metadata/sequence")] {
        let output = verified(&server, &["export", "--format", format]);
        assert_done(&output);
        let events = lines(&output.stdout);
        assert!(events.len() as u64 >= size);
        for (index, event) in events.iter().enumerate() {
            assert_eq!(event.pointer(pointer).and_then(Value::as_u64), Some(index as u64), "{event}");
        }
    }
}
