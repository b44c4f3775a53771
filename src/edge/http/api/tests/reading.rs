//! The main job: lodge, classify, state a need, read, and verify offline.
//!
//! ```text
//! clerk ── lodges ──► undetermined ── chair ──► AMBER ── member: need ──► bytes ──► evidence ──► verified offline
//! ```

use serde_json::json;

use super::Desk;
use crate::edge::client::{ContentRequest, Upload};
use crate::pure::audit::evidence::{FileDigest, verify_file};
use crate::pure::tlog::hash::sha256;
use crate::pure::wire::classification::{Classification, NewClassification, Standing};
use crate::pure::wire::lodgement::LodgeQuery;
use crate::pure::wire::need::NewNeed;
use crate::pure::wire::reasonable_need::ReasonableNeed;

const BYTES: &[u8] = b"Each device has one certificate.\n";
const CONTENT: &str = "/v1/documents/device-cp/versions/1.0/content";

#[test]
fn a_version_is_lodged_classified_read_under_a_need_and_verified_offline() {
    let desk = Desk::open();
    desk.registered("device-cp");
    let query = LodgeQuery { classification: Some(Classification::Amber.into()), ..LodgeQuery::default() };
    let file = desk.file("policy.txt", BYTES);
    let upload = Upload {
        document: "device-cp",
        label: "1.0",
        file: &file,
        content_type: "text/plain",
        query: &query,
        signing: None,
    };
    let lodged = desk.client("clerk").lodge(&upload, &mut |_, _| ()).unwrap();
    assert_eq!((lodged.status, lodged.entry), (201, Some(lodged.value.entry)));
    let again = desk.client("clerk").lodge(&upload, &mut |_, _| ()).unwrap();
    assert_eq!((again.status, again.entry, again.value.entry), (200, None, lodged.value.entry));
    assert_eq!(again.value.version, lodged.value.version);

    desk.get("member", "/v1/documents/device-cp/versions/1.0").refused(404, "not_found");
    let amber = NewClassification { classification: Classification::Amber.into(), reason: "as proposed".into() };
    let classified = desk.client("chair").classify("device-cp", "1.0", &amber).unwrap();
    assert_eq!(classified.value.classification, Standing::Determined(Classification::Amber));
    assert!(classified.entry > lodged.entry);

    let member = desk.client("member");
    assert_eq!(desk.get("member", CONTENT).refused(403, "need_required")["rule"], "READ-3");
    let new = NewNeed {
        document: "device-cp".into(),
        version: None,
        purpose: "operate".into(),
        statement: "to run the meters by it".into(),
        reference: Some("action 7".into()),
        valid_until: None,
    };
    let need = member.record_need(&new).unwrap();
    assert_eq!((need.status, Some(need.value.entry)), (201, need.entry));
    let id = ReasonableNeed::Recorded(need.value.id.clone());
    let request = ContentRequest { document: "device-cp", label: "in-force", need: Some(&id), range: None };
    let mut bytes = Vec::new();
    let read = member.read(&request, &mut bytes, &mut |_, _| ()).unwrap();
    assert_eq!((bytes.as_slice(), read.status, read.verified), (BYTES, 200, true));
    assert_eq!(read.classification, Some(Standing::Determined(Classification::Amber)));
    assert!(read.entry > need.entry);

    let digest = FileDigest { sha256: sha256(BYTES), size: BYTES.len() as u64 };
    let of_lodgement = member.version_evidence("device-cp", "1.0").unwrap();
    let report = verify_file(&digest, of_lodgement.value.as_bytes(), &desk.log).unwrap();
    assert_eq!(report.index, lodged.value.entry);
    let of_read = member.entry_evidence(read.entry.unwrap()).unwrap();
    verify_file(&digest, of_read.value.as_bytes(), &desk.log).unwrap();
    assert!(of_read.entry > read.entry, "fetching evidence is an entry of its own");
    let other = FileDigest { sha256: sha256(b"other"), size: 5 };
    assert!(verify_file(&other, of_read.value.as_bytes(), &desk.log).is_err());
}

#[test]
fn ranges_heads_and_conditions_are_reads_each_with_an_entry() {
    let desk = Desk::open();
    desk.registered("device-cp");
    desk.lodged("device-cp", "1.0", BYTES, "WHITE");
    let need = ("Reasonable-Need", r#"purpose=operate, statement="to run the meters by it""#);
    let mut wire = desk.wire("supplier");
    let whole = wire.send("GET", CONTENT, &[need], b"");
    assert_eq!((whole.status, whole.body.as_slice()), (200, BYTES));
    assert_eq!(whole.header("classification"), Some("WHITE"));
    let tag = whole.header("etag").unwrap().to_owned();
    let part = wire.send("GET", CONTENT, &[need, ("Range", "bytes=5-10")], b"");
    assert_eq!((part.status, part.body.as_slice()), (206, &BYTES[5..=10]));
    let head = wire.send("HEAD", CONTENT, &[need], b"");
    assert_eq!((head.status, head.header("content-length")), (200, Some(BYTES.len().to_string().as_str())));
    let known = wire.send("GET", CONTENT, &[need, ("If-None-Match", &tag)], b"");
    assert_eq!((known.status, known.body.len()), (304, 0));
    let beyond = wire.send("GET", CONTENT, &[need, ("Range", "bytes=999-")], b"");
    beyond.refused(416, "range_not_satisfiable");
    let entries: Vec<_> = [&whole, &part, &head, &known, &beyond].map(|reply| reply.entry().unwrap()).into();
    assert!(entries.windows(2).all(|pair| pair[0] < pair[1]), "{entries:?}");
    let record = desk.get("supplier", &format!("/v1/audit/entries?after={}&limit=1", entries[1] - 1)).done(200);
    assert_eq!(record["items"][0]["index"], entries[1]);
    assert_eq!(record["items"][0]["record"]["command"]["range"], "bytes=5-10");
    assert_eq!(
        desk.get("supplier", &format!("{CONTENT}?need=need-{}", entries[0])).body,
        BYTES,
        "the inline need holds"
    );
}

#[test]
fn a_refusal_that_may_be_explained_names_the_rule_and_the_remedy() {
    let desk = Desk::open();
    desk.registered("device-cp");
    desk.lodged("device-cp", "1.0", BYTES, "AMBER");
    let need = ("Reasonable-Need", r#"purpose=operate, statement="to run the meters by it", reference="action 7""#);
    let refused = desk.send("unsigned", "GET", CONTENT, &[need], b"");
    let problem = refused.refused(403, "agreement_required");
    assert_eq!((problem["rule"].as_str(), problem["entry"].as_u64()), (Some("AMBER-1"), refused.entry()));
    assert!(!problem["satisfy"].as_str().unwrap().is_empty());
    let lazy = ("Reasonable-Need", r#"purpose=operate, statement="because", reference="action 7""#);
    desk.send("member", "GET", CONTENT, &[lazy], b"").refused(403, "need_insufficient");
    desk.send("auditor", "GET", CONTENT, &[need], b"").refused(404, "not_found");
    let outsider = desk.get("outsider", "/v1/me");
    assert_eq!(
        (outsider.refused(403, "credential_unknown")["rule"].as_str(), outsider.entry()),
        (Some("READ-1"), None)
    );
}

#[test]
fn the_version_in_force_on_a_day_is_found_or_said_to_be_none() {
    let desk = Desk::open();
    desk.registered("device-cp");
    for (label, effective) in [("1.0", "2019-06-03"), ("2.0", "2021-06-03")] {
        let path = format!("/v1/documents/device-cp/versions/{label}");
        desk.put("clerk", &format!("{path}?effective={effective}"), &[], label.as_bytes()).done(201);
        let white = json!({"classification": "WHITE", "reason": "public"});
        desk.post("chair", &format!("{path}/classification"), &white).done(200);
    }
    let of = |query: &str| desk.get("supplier", &format!("/v1/documents/device-cp{query}")).done(200);
    assert_eq!(of("?as_of=2020-01-01")["label"], "1.0");
    assert_eq!(of("/versions/in-force")["label"], "2.0");
    assert_eq!(of("/versions/in-force?as_of=2019-06-03")["label"], "1.0");
    assert_eq!(of("/versions/latest")["label"], "2.0");
    assert_eq!(of("/versions/1.0")["superseded_at"], "2021-06-03");
    assert_eq!(of("")["in_force"]["label"], "2.0");
    let before = desk.get("supplier", "/v1/documents/device-cp?as_of=2018-01-01").refused(422, "invalid");
    assert_eq!(before["rule"], "LODGE-4");
    desk.get("supplier", "/v1/documents/device-cp/versions/1.0?as_of=2020-01-01").refused(400, "malformed");
}
