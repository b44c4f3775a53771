//! Conflicts, breaches, suspensions and appeals over HTTP (CONFLICT-1, BREACH-1, EMERGENCY-1, SELF-1, READ-6, READ-8).

use serde_json::{Value, json};

use super::Desk;
use crate::pure::wire::appeal::{NewAppeal, NewAppealOutcome, Verdict};
use crate::pure::wire::breach::NewBreach;
use crate::pure::wire::conflict::NewConflict;
use crate::pure::wire::measure::{MeasureState, NewLift};
use crate::pure::wire::page::PageQuery;
use crate::pure::wire::suspension::{NewSuspension, Scope};

const NEED: (&str, &str) =
    ("Reasonable-Need", r#"purpose=operate, statement="to run the meters by it", reference="meeting 1""#);
const CONTENT: &str = "/v1/documents/policy/versions/1.0/content";

fn read(desk: &Desk, person: &str) -> super::wire::Reply {
    desk.send(person, "GET", CONTENT, &[NEED], b"")
}

fn appeal() -> NewAppeal {
    NewAppeal { statement: "it was not me".into() }
}

fn lift(decision: Option<&str>) -> NewLift {
    NewLift { reason: "it is settled".into(), decision: decision.map(Into::into) }
}

fn held(desk: &Desk, person: &str) -> Vec<Value> {
    desk.get(person, "/v1/me").done(200)["measures"].as_array().unwrap().clone()
}

#[test]
fn conflict_1_is_declared_listed_and_lifted() {
    let desk = Desk::open();
    desk.registered("policy");
    desk.lodged("policy", "1.0", b"RED", "RED");
    assert_eq!(read(&desk, "member").status, 200);
    let new = NewConflict { document: Some("policy".into()), decision: None, statement: "we build it".into() };
    let declared = desk.client("member").declare_conflict(&new).unwrap();
    let id = declared.value.id.clone();
    assert_eq!((declared.status, declared.value.state), (201, MeasureState::InForce));
    assert_eq!((declared.entry, declared.value.document.as_deref()), (Some(declared.value.entry), Some("policy")));
    let path = format!("/v1/conflicts/{id}");
    assert_eq!(desk.get("member", &path).done(200), declared.json);
    let refused = read(&desk, "member");
    assert_eq!(refused.refused(403, "conflict_of_interest")["rule"], "CONFLICT-1");
    assert_eq!(held(&desk, "member")[0]["appeal"], format!("{path}/appeal").as_str());
    for reader in ["chair", "clerk", "member"] {
        assert_eq!(desk.get(reader, "/v1/conflicts").done(200)["items"].as_array().unwrap().len(), 1, "{reader}");
    }
    for stranger in ["supplier", "auditor", "operator"] {
        assert_eq!(desk.get(stranger, "/v1/conflicts").done(200)["items"], json!([]), "{stranger}");
        desk.get(stranger, &path).refused(404, "not_found");
        desk.post(stranger, &format!("{path}/appeal"), &json!({"statement": "x"})).refused(404, "not_found");
        desk.post(stranger, "/v1/conflicts", &json!({"document": "policy", "statement": "x"}))
            .refused(404, "not_found");
    }
    let own = desk.post("member", &format!("{path}/lift"), &json!({"reason": "x"})).refused(403, "not_permitted");
    assert_eq!(own["rule"], "SELF-1");
    let lifted = desk.client("chair").lift_conflict(&id, &lift(None)).unwrap();
    assert_eq!((lifted.status, lifted.value.state), (200, MeasureState::Lifted));
    assert_eq!(read(&desk, "member").status, 200);
    assert!(held(&desk, "member").is_empty());
}

#[test]
fn breach_1_is_recorded_appealed_against_and_lifted_by_the_appeal() {
    let desk = Desk::open();
    desk.registered("policy");
    desk.lodged("policy", "1.0", b"AMBER", "AMBER");
    let new = NewBreach { person: "member".into(), statement: "shared it".into() };
    let id = desk.client("chair").record_breach(&new).unwrap().value.id;
    assert_eq!(read(&desk, "member").refused(403, "suspended")["rule"], "BREACH-1");
    desk.post("member", "/v1/breaches", &json!({"person": "unsigned", "statement": "x"})).refused(403, "not_permitted");
    desk.post("chair", "/v1/breaches", &json!({"person": "nobody", "statement": "x"})).refused(422, "invalid");
    desk.get("unsigned", &format!("/v1/breaches/{id}")).done(200);
    desk.get("supplier", &format!("/v1/breaches/{id}")).refused(404, "not_found");
    let appealed = desk.client("member").appeal_breach(&id, &appeal()).unwrap().value;
    assert_eq!((appealed.appeals.len(), appealed.appeals[0].by.as_str()), (1, "member"));
    let again = desk.post("member", &format!("/v1/breaches/{id}/appeal"), &json!({"statement": "again"}));
    assert_eq!(again.refused(409, "conflict")["rule"], "BREACH-1");
    assert_eq!(held(&desk, "member")[0]["appealed"], true);
    let outcome = NewAppealOutcome { outcome: Verdict::Upheld, reason: "it was public".into() };
    let settled = desk.client("chair").settle_breach(&id, &outcome).unwrap();
    assert_eq!(settled.value.state, MeasureState::Lifted);
    assert_eq!(settled.value.appeals[0].outcome.as_ref().unwrap().entry, settled.entry.unwrap());
    assert_eq!(read(&desk, "member").status, 200);
}

#[test]
fn emergency_1_a_suspension_of_everybody_leaves_everybody_what_is_their_own() {
    let desk = Desk::open();
    desk.registered("policy");
    desk.lodged("policy", "1.0", b"WHITE", "WHITE");
    let mut open = desk.wire("supplier");
    assert_eq!(open.send("GET", CONTENT, &[NEED], b"").status, 200);
    let new = NewSuspension {
        person: None,
        organisation: None,
        service: Some(true),
        scope: Scope::All,
        grounds: "an incident".into(),
    };
    let imposed = desk.client("chair").impose_suspension(&new).unwrap();
    let (id, path) = (imposed.value.id.clone(), format!("/v1/suspensions/{}", imposed.value.id));
    assert_eq!((imposed.status, imposed.value.service, imposed.value.state), (201, true, MeasureState::InForce));
    assert_eq!(imposed.value.imposed_by.unwrap().handle, "chair");
    // The next request on a connection that is open.
    open.send("GET", CONTENT, &[NEED], b"").refused(403, "suspended");
    for person in ["chair", "clerk", "supplier", "auditor"] {
        desk.get(person, "/v1/documents").refused(403, "suspended");
        let listed = desk.get(person, "/v1/suspensions").done(200);
        assert_eq!(listed["items"][0]["id"], id.as_str(), "{person}");
        desk.get(person, &path).done(200);
        assert_eq!(held(&desk, person)[0]["id"], id.as_str(), "{person}");
        let appealed = desk.client(person).appeal_suspension(&id, &appeal()).unwrap().value;
        assert_eq!(appealed.appeals.iter().map(|one| one.by.as_str()).collect::<Vec<_>>(), [person]);
        desk.get(person, &format!("/v1/audit/entries?person={person}")).done(200);
    }
    // Nobody is kept from the way out, which the refusal names.
    let refused = desk.post("chair", &format!("{path}/lift"), &json!({"reason": "it is over"}));
    let refused = refused.refused(403, "not_permitted");
    assert_eq!(refused["rule"], "EMERGENCY-1");
    assert!(refused["satisfy"].as_str().unwrap().contains("lift_suspension"), "{refused}");
    desk.post("chair", &format!("{path}/lift"), &json!({"reason": "over", "decision": "decision-1"}))
        .refused(404, "not_found");
    desk.post("chair", "/v1/suspensions", &json!({"service": true, "scope": "lodge", "grounds": "x"}))
        .refused(403, "suspended");
    desk.get("chair", "/v1/breaches").done(200);
}

#[test]
fn emergency_1_whom_a_suspension_does_not_concern_knows_nothing_of_it() {
    let desk = Desk::open();
    let listed = desk.get("chair", "/v1/suspensions").done(200);
    let path = format!("/v1/suspensions/{}", listed["items"][0]["id"].as_str().unwrap());
    assert_eq!(listed["items"][0]["person"], "suspended");
    assert_eq!(desk.get("suspended", &path).done(200)["imposed_by"], json!(null));
    assert_eq!(desk.get("supplier", "/v1/suspensions").done(200)["items"], json!([]));
    for (method, path) in [("GET", path.clone()), ("GET", "/v1/suspensions/suspension-1".into())] {
        desk.send("supplier", method, &path, &[], b"").refused(404, "not_found");
    }
    for act in ["appeal", "lift", "appeal/outcome"] {
        let body = match act {
            "appeal" => json!({"statement": "x"}),
            "lift" => json!({"reason": "x"}),
            _ => json!({"outcome": "upheld", "reason": "x"}),
        };
        let hidden = desk.post("supplier", &format!("{path}/{act}"), &body).refused(404, "not_found");
        let absent = desk.post("supplier", &format!("/v1/suspensions/suspension-1/{act}"), &body);
        assert_eq!(hidden["detail"], absent.refused(404, "not_found")["detail"]);
    }
    desk.post("supplier", "/v1/decisions/decision-1/appeal", &json!({"statement": "x"})).refused(404, "not_found");
}

#[test]
fn what_is_no_measure_is_malformed() {
    let desk = Desk::open();
    for (path, body) in [
        ("/v1/suspensions", json!({"scope": "all", "grounds": "x"})),
        ("/v1/suspensions", json!({"service": false, "scope": "all", "grounds": "x"})),
        ("/v1/suspensions", json!({"service": true, "person": "member", "scope": "all", "grounds": "x"})),
        ("/v1/suspensions", json!({"person": "member", "scope": "some", "grounds": "x"})),
        ("/v1/suspensions", json!({"person": "No Body", "scope": "all", "grounds": "x"})),
        ("/v1/conflicts", json!({"statement": "x"})),
        ("/v1/conflicts", json!({"document": "policy", "decision": "decision-1", "statement": "x"})),
        ("/v1/conflicts", json!({"decision": "77", "statement": "x"})),
        ("/v1/breaches", json!({"person": "member", "statement": "x", "severity": "high"})),
        ("/v1/breaches/suspension-1/lift", json!({"reason": "x"})),
        ("/v1/suspensions/suspension-1/lift", json!({"reason": "x", "decision": "suspension-1"})),
        ("/v1/suspensions/suspension-01/appeal", json!({"statement": "x"})),
        ("/v1/breaches/breach-1/appeal/outcome", json!({"outcome": "perhaps", "reason": "x"})),
    ] {
        desk.post("chair", path, &body).refused(400, "malformed");
    }
    desk.post("chair", "/v1/suspensions", &json!({"person": "nobody", "scope": "all", "grounds": "x"}))
        .refused(422, "invalid");
    let own = json!({"person": "chair", "scope": "all", "grounds": "x"});
    assert_eq!(desk.post("chair", "/v1/suspensions", &own).refused(403, "not_permitted")["rule"], "SELF-1");
}

#[test]
fn the_lists_come_in_pages() {
    let desk = Desk::open();
    for _ in 0..3 {
        desk.post("chair", "/v1/breaches", &json!({"person": "member", "statement": "shared it"})).done(201);
    }
    let first = PageQuery { limit: Some(2), after: None };
    let first = desk.client("member").breaches(&first).unwrap().value;
    assert_eq!(first.items.len(), 2);
    let rest = PageQuery { limit: Some(2), after: first.next };
    let rest = desk.client("member").breaches(&rest).unwrap().value;
    assert_eq!((rest.items.len(), rest.next), (1, None));
}
