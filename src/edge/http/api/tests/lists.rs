//! Lists: pages, cursors, filters.

use serde_json::json;

use super::Desk;

#[test]
fn pages_join_to_the_whole_and_cursors_are_of_their_list() {
    let desk = Desk::open();
    for number in 1..=5 {
        desk.registered(&format!("policy-{number}"));
    }
    let mut wire = desk.wire("clerk");
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let page = wire.get(&format!("/v1/documents?limit=2{after}")).done(200);
        let items = page["items"].as_array().unwrap().clone();
        assert!((1..=2).contains(&items.len()));
        seen.extend(items.iter().map(|item| item["document"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
        wire.get(&format!("/v1/directions?after={next}")).refused(400, "malformed");
        wire.get(&format!("/v1/documents?q=policy&after={next}")).refused(400, "malformed");
    }
    assert_eq!(seen, (1..=5).map(|number| format!("policy-{number}")).collect::<Vec<_>>());
    for limit in ["0", "501", "-1", "many"] {
        wire.get(&format!("/v1/documents?limit={limit}")).refused(400, "malformed");
    }
    wire.get("/v1/documents?after=7").refused(400, "malformed");
}

#[test]
fn documents_are_found_by_what_they_are() {
    let desk = Desk::open();
    for document in ["device-cp", "organisation-cp"] {
        desk.registered(document);
    }
    desk.lodged("device-cp", "1.0", b"WHITE", "WHITE");
    let mut wire = desk.wire("clerk");
    let mut found = |query: &str| -> Vec<String> {
        let page = wire.get(&format!("/v1/documents?{query}")).done(200);
        page["items"].as_array().unwrap().iter().map(|item| item["document"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(found("q=DEVICE"), ["device-cp"]);
    assert_eq!(found("classification=white"), ["device-cp"]);
    assert_eq!(found("set=policies&type=policy").len(), 2);
    assert!(found("set=papers").is_empty());
    assert_eq!(wire.get("/v1/documents?as_of=2010-01-01").done(200)["items"][0]["in_force"], json!(null));
    wire.get("/v1/documents?set=Policies").refused(400, "malformed");
}

#[test]
fn one_s_needs_are_one_s_own_and_the_auditor_s_to_read() {
    let desk = Desk::open();
    desk.registered("device-cp");
    desk.lodged("device-cp", "1.0", b"WHITE", "WHITE");
    let new = json!({"document": "device-cp", "purpose": "operate", "statement": "to run the meters by it"});
    let mut wire = desk.wire("supplier");
    let recorded = wire.post("/v1/needs", &new);
    let need = recorded.done(201);
    let path = recorded.header("location").unwrap().to_owned();
    assert_eq!(wire.get(&path).done(200), need);
    assert_eq!(wire.get("/v1/needs").done(200)["items"], json!([need]));
    assert_eq!(desk.get("member", "/v1/needs").done(200)["items"], json!([]));
    desk.get("member", "/v1/needs?person=supplier").refused(403, "not_permitted");
    let audited = desk.get("auditor", "/v1/needs?person=supplier");
    assert_eq!(audited.done(200)["items"], json!([need]));
    assert!(audited.entry().is_some(), "reading another's needs is an entry");
    desk.send("member", "DELETE", &path, &[], b"").refused(404, "not_found");
    let withdrawn = wire.send("DELETE", &path, &[], b"");
    assert!(!withdrawn.done(200)["withdrawn_at"].is_null() && withdrawn.entry().is_some());
    wire.send("DELETE", &path, &[], b"").refused(409, "conflict");
}

#[test]
fn one_is_told_who_one_is_and_what_is_missing() {
    let desk = Desk::open();
    let me = desk.client("chair").me().unwrap().value;
    assert_eq!((me.person.handle.as_str(), me.organisation.kind.as_str()), ("chair", "stakeholder"));
    assert!(me.seats[0].in_force && me.agreements[0].in_force && me.missing.is_empty());
    assert_eq!(me.credential.not_after.to_string(), "2100-01-01T00:00:00Z");
    let unsigned = desk.client("unsigned").me().unwrap().value;
    assert_eq!(unsigned.missing[0].rule, "GOV-1");
}

#[test]
fn a_suspension_of_everything_leaves_oneself_and_one_s_own_trail() {
    let desk = Desk::open();
    let me = desk.get("suspended", "/v1/me").done(200);
    assert_eq!(me["missing"][0]["rule"], "EMERGENCY-1");
    for path in ["/v1/documents", "/v1/needs", "/v1/directions", "/v1/documents/device-cp"] {
        assert_eq!(desk.get("suspended", path).refused(403, "suspended")["rule"], "EMERGENCY-1", "{path}");
    }
    let trail = desk.get("suspended", "/v1/audit/entries").done(200);
    let outcomes: Vec<_> = trail["items"].as_array().unwrap().iter().map(|item| &item["record"]["outcome"]).collect();
    assert_eq!(outcomes.last().unwrap().as_str(), Some("refused"), "the refusal that was an entry: {trail}");
    let imposed = trail.to_string().contains("suspension_imposed");
    assert!(imposed, "the entry that suspended the person is about them: {trail}");
}
