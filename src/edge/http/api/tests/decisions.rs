//! Decisions: opened, voted on, closed, and what they bring about (GOV-1 to GOV-4, LODGE-2, READ-6).

use jiff::civil::date;
use serde_json::{Value, json};

use super::Desk;
use crate::pure::wire::decision::{DecisionState, DecisionsQuery, NewDecision, NewSubject, NewVote, Outcome, Vote};
use crate::pure::wire::direction::NewDirection;

const STATEMENT: &str = "device-cps";

/// A desk with a Certification Practice Statement of one GREEN version.
fn desk() -> Desk {
    let desk = Desk::open();
    let new = json!({"document": STATEMENT, "title": "A statement", "type": "certification_practice_statement",
                     "set": "policies", "body": "pma"});
    desk.post("clerk", "/v1/documents", &new).done(201);
    desk.lodged(STATEMENT, "1.0", b"statement", "GREEN");
    desk
}

fn question(kind: &str, subject: Value) -> Value {
    json!({"body": "pma", "kind": kind, "subject": subject, "question": "Is it so resolved?"})
}

fn opened(desk: &Desk, kind: &str, subject: Value) -> String {
    let opened = desk.post("chair", "/v1/decisions", &question(kind, subject)).done(201);
    opened["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_version_shows_what_was_resolved_about_it_and_by_which_vote() {
    let desk = desk();
    let subject = NewSubject { document: Some(STATEMENT.into()), version: Some("1.0".into()), ..NewSubject::default() };
    let (body, kind, question) = ("pma".into(), "approve_cps".into(), "Is it approved?".into());
    let new = NewDecision { body, kind, subject, question, meeting: None };
    let opened = desk.client("chair").open_decision(&new).unwrap();
    let id = opened.value.id.clone();
    assert_eq!((opened.status, opened.value.state, opened.value.outcome), (201, DecisionState::Open, None));
    assert_eq!((opened.entry, opened.value.entry), (Some(opened.value.entry), opened.value.entry));
    assert!(opened.value.subject.digest.is_some() && opened.value.opened_as_chair);
    assert_eq!((opened.value.count.appointed, opened.value.count.present, opened.value.count.quorate), (2, 1, true));
    assert_eq!(desk.get("member", &format!("/v1/decisions/{id}")).done(200), opened.json);

    let voted = desk.client("member").vote(&id, &NewVote { vote: Vote::For, seat: None }).unwrap();
    assert_eq!((voted.status, voted.value.votes.len(), voted.value.votes[0].counted), (200, 1, true));
    assert_eq!(voted.entry, Some(voted.value.votes[0].entry));
    let open = DecisionsQuery { state: Some(DecisionState::Open), ..DecisionsQuery::default() };
    assert_eq!(desk.client("clerk").decisions(&open).unwrap().value.items.len(), 1);

    let closed = desk.client("clerk").close_decision(&id).unwrap();
    assert_eq!((closed.value.outcome, closed.value.count.votes_for), (Some(Outcome::Carried), 1));
    assert_eq!(closed.entry, closed.value.closed.map(|close| close.entry));
    assert_eq!(closed.json["effect"], json!({"kind": "version_resolved", "resolution": "approved"}));
    assert!(desk.client("clerk").decisions(&open).unwrap().value.items.is_empty());

    let version = desk.client("supplier").version(STATEMENT, "1.0").unwrap().value;
    let [resolution] = &version.resolutions[..] else { panic!("{version:?}") };
    assert_eq!((resolution.decision.as_str(), resolution.resolution.as_str()), (id.as_str(), "approved"));
    assert_eq!((resolution.votes_for, resolution.votes_against, Some(resolution.entry)), (1, 0, closed.entry));
}

#[test]
fn a_direction_cites_the_decision_and_the_decision_shows_it() {
    let desk = desk();
    let id = opened(&desk, "direct_dcc", json!({"document": STATEMENT}));
    let direction = |decision: &str| NewDirection {
        document: STATEMENT.into(),
        title: "Lodge the statement".into(),
        requirement: "All of it".into(),
        due: date(2090, 1, 1),
        decision: Some(decision.into()),
    };
    let cite = |decision: &str| json!(direction(decision));
    desk.post("chair", "/v1/directions", &cite(&id)).refused(422, "invalid");
    desk.post("member", &format!("/v1/decisions/{id}/votes"), &json!({"vote": "for"})).done(200);
    // A close has no body of its own.
    desk.send("chair", "POST", &format!("/v1/decisions/{id}/close"), &[], b"").done(200);
    let issued = desk.client("chair").issue_direction(&direction(&id)).unwrap().value;
    assert_eq!(issued.decision.as_deref(), Some(id.as_str()));
    assert_eq!(desk.get("clerk", &format!("/v1/decisions/{id}")).done(200)["directions"], json!([issued.id]));
    for other in ["decision-0", "direction-1", "77"] {
        let problem = desk.post("chair", "/v1/directions", &cite(other)).refused(422, "invalid");
        assert_eq!(problem["rule"], "LODGE-2", "{other}");
    }
}

#[test]
fn what_is_refused_names_the_rule_and_changes_nothing() {
    let desk = desk();
    let id = opened(&desk, "other", json!({"matter": "whether to meet"}));
    let before = desk.get("chair", &format!("/v1/decisions/{id}")).done(200);
    let votes = format!("/v1/decisions/{id}/votes");
    let close = format!("/v1/decisions/{id}/close");
    let vote = json!({"vote": "for"});
    let refused = |person: &str, path: &str, body: &Value, status: u16, code: &str, rule: &str| {
        let reply = desk.post(person, path, body);
        let problem = reply.refused(status, code);
        assert_eq!(problem["rule"], rule, "{person} {path} {problem}");
        assert!(reply.entry().is_some() && problem["satisfy"].as_str().is_some_and(|remedy| !remedy.is_empty()));
    };
    refused("chair", &votes, &vote, 409, "conflict", "GOV-3");
    refused("unsigned", &votes, &vote, 403, "agreement_required", "GOV-1");
    refused("clerk", &votes, &vote, 403, "not_permitted", "GOV-3");
    refused("member", &close, &json!({}), 403, "not_permitted", "GOV-4");
    let approve = |subject| question("approve_cps", subject);
    desk.registered("policy");
    desk.lodged("policy", "1.0", b"policy", "GREEN");
    let policy = json!({"document": "policy", "version": "1.0"});
    refused("chair", "/v1/decisions", &approve(policy), 422, "invalid", "GOV-4");
    assert_eq!(desk.get("chair", &format!("/v1/decisions/{id}")).done(200), before);

    desk.post("member", &votes, &vote).done(200);
    refused("member", &votes, &vote, 409, "conflict", "GOV-3");
    desk.post("chair", &close, &json!({})).done(200);
    refused("member", &votes, &vote, 409, "conflict", "GOV-4");
    refused("chair", &close, &json!({}), 409, "conflict", "GOV-4");
}

#[test]
fn a_stranger_cannot_tell_a_decision_from_none() {
    let desk = desk();
    let id = opened(&desk, "other", json!({"matter": "whether to meet"}));
    for stranger in ["supplier", "operator", "auditor"] {
        for (there, absent) in [("", ""), ("/votes", "/votes"), ("/close", "/close")] {
            let asked = |id: &str, tail: &str| {
                let path = format!("/v1/decisions/{id}{tail}");
                let reply = if tail.is_empty() {
                    desk.get(stranger, &path)
                } else {
                    let body = if tail == "/votes" { json!({"vote": "for"}) } else { json!({}) };
                    desk.post(stranger, &path, &body)
                };
                let mut problem = reply.refused(404, "not_found");
                problem["entry"] = Value::Null;
                problem
            };
            assert_eq!(asked(&id, there), asked("decision-9999", absent), "{stranger}{there}");
        }
        assert_eq!(desk.get(stranger, "/v1/decisions").done(200), json!({"items": [], "next": null}));
    }
}

#[test]
fn a_request_under_an_idempotency_key_is_one_vote() {
    let desk = desk();
    let id = opened(&desk, "other", json!({"matter": "whether to meet"}));
    let headers = [("Content-Type", "application/json"), ("Idempotency-Key", "vote-1")];
    let again = || desk.send("member", "POST", &format!("/v1/decisions/{id}/votes"), &headers, br#"{"vote":"for"}"#);
    let first = again();
    assert_eq!(first.done(200)["votes"].as_array().unwrap().len(), 1);
    assert_eq!((again().done(200), again().entry()), (first.json(), first.entry()));
}

#[test]
fn a_subject_names_one_thing_and_a_query_what_there_is() {
    let desk = desk();
    for subject in [
        json!({}),
        json!({"matter": "m", "document": STATEMENT}),
        json!({"to": "pma", "document": STATEMENT}),
        json!({"version": "1.0"}),
        json!({"services": "all"}),
        json!({"services": "all", "service": true, "organisation": "dcc"}),
        json!({"suspension": "suspension-x"}),
        json!({"document": "Device CPS"}),
        json!({"anything": "else"}),
    ] {
        desk.post("chair", "/v1/decisions", &question("other", subject)).refused(400, "malformed");
    }
    desk.post("chair", "/v1/decisions", &question("approve", json!({"matter": "m"}))).refused(400, "malformed");
    let named = |kind: &str, subject| desk.post("chair", "/v1/decisions", &question(kind, subject));
    named("instruct_dcc_suspension", json!({"service": true, "services": "DCA"})).done(201);
    named("instruct_dcc_suspension", json!({"organisation": "dcc", "services": "DCA"})).done(201);
    named("lift_suspension", json!({"suspension": "suspension-9999"})).refused(404, "not_found");
    let mut held = question("other", json!({"document": STATEMENT, "version": "1.0"}));
    held["meeting"] = json!({"reference": "PMA 42", "exceptional": true, "present": ["operator"]});
    let held = desk.post("chair", "/v1/decisions", &held).done(201);
    assert_eq!(held["meeting"]["present"], json!(["operator"]));
    for (query, many) in
        [("?kind=other", 1), ("?kind=instruct_dcc_suspension&limit=1", 1), ("?state=closed", 0), ("?body=pma", 3)]
    {
        let page = desk.get("chair", &format!("/v1/decisions{query}")).done(200);
        assert_eq!(page["items"].as_array().unwrap().len(), many, "{query}");
    }
    for query in ["?kind=anything", "?state=ajar", "?body=No+Body", "?colour=red"] {
        desk.get("chair", &format!("/v1/decisions{query}")).refused(400, "malformed");
    }
    let id = held["id"].as_str().unwrap();
    desk.post("member", &format!("/v1/decisions/{id}/votes"), &json!({"vote": "maybe"})).refused(400, "malformed");
    desk.post("chair", &format!("/v1/decisions/{id}/close"), &json!({"outcome": "carried"})).refused(400, "malformed");
    desk.get("chair", "/v1/decisions/direction-1").refused(400, "malformed");
}
