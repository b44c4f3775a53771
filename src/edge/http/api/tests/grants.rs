//! Grants, tabling and classification from outside.

use serde_json::{Value, json};

use super::Desk;
use crate::pure::wire::classification::NewClassification;
use crate::pure::wire::grant::{GrantKind, GrantState, Grantee, GrantsQuery, NewGrant};

const VERSION: &str = "/v1/documents/device-cp/versions/1.0";

fn new_grant(kind: &str, to: Value) -> Value {
    let until = if kind == "need_to_know" { json!(in_a_week()) } else { Value::Null };
    json!({"document": "device-cp", "version": "1.0", "kind": kind, "to": to, "action": "action 12", "valid_until": until})
}

fn in_a_week() -> String {
    let now = crate::service::clock::Clock::system().now();
    now.saturating_add(jiff::SignedDuration::from_hours(7 * 24)).to_string()
}

fn desk_with(level: &str) -> Desk {
    let desk = Desk::open();
    desk.registered("device-cp");
    desk.lodged("device-cp", "1.0", b"the policy", level);
    desk
}

fn read(desk: &Desk, person: &str) -> u16 {
    let need = r#"purpose=operate, statement="to run the meters by it", reference="meeting 1""#;
    desk.send(person, "GET", &format!("{VERSION}/content"), &[("Reasonable-Need", need)], b"").status
}

#[test]
fn amber_2_a_grant_admits_a_person_until_it_is_revoked() {
    let desk = desk_with("AMBER");
    desk.get("supplier", VERSION).refused(404, "not_found");
    let given = desk.post("chair", "/v1/grants", &new_grant("need_to_know", json!({"person": "supplier"})));
    let grant = given.done(201);
    let id = grant["id"].as_str().unwrap().to_owned();
    assert_eq!(given.header("location"), Some(&*format!("/v1/grants/{id}")));
    assert_eq!(given.entry(), grant["entry"].as_u64());
    assert_eq!((&grant["state"], &grant["rule"]), (&json!("in_force"), &json!("AMBER-2")));
    assert_eq!((&grant["given_by"]["handle"], &grant["to"]), (&json!("chair"), &json!({"person": "supplier"})));
    assert_eq!(read(&desk, "supplier"), 200);
    for person in ["chair", "member", "clerk", "supplier"] {
        assert_eq!(desk.get(person, &format!("/v1/grants/{id}")).done(200), grant, "{person}");
    }
    desk.get("operator", &format!("/v1/grants/{id}")).refused(404, "not_found");
    desk.send("supplier", "DELETE", &format!("/v1/grants/{id}"), &[], b"").refused(403, "not_permitted");
    let body = br#"{"reason": "done with"}"#;
    let json_body = [("Content-Type", "application/json")];
    let other = format!("/v1/grants/{id}?reason=other");
    desk.send("chair", "DELETE", &other, &json_body, body).refused(400, "malformed");
    desk.send("chair", "DELETE", &format!("/v1/grants/{id}?why=x"), &[], b"").refused(400, "malformed");
    let revoked = desk.send("chair", "DELETE", &format!("/v1/grants/{id}"), &json_body, body).done(200);
    assert_eq!(revoked["state"], "revoked");
    assert_eq!(read(&desk, "supplier"), 404);
    desk.get("supplier", &format!("/v1/grants/{id}")).refused(404, "not_found");
    desk.send("chair", "DELETE", &format!("/v1/grants/{id}"), &[], b"").refused(409, "conflict");
}

#[test]
fn amber_2_the_secretariat_asks_and_the_chair_directs() {
    let desk = desk_with("AMBER");
    let new = NewGrant {
        document: "device-cp".into(),
        version: "1.0".into(),
        kind: GrantKind::NeedToKnow,
        to: Grantee::Person("supplier".into()),
        action: "action 12".into(),
        valid_until: Some(in_a_week().parse().unwrap()),
    };
    let asked = desk.client("clerk").give_grant(&new).unwrap().value;
    assert_eq!(asked.state, GrantState::Requested);
    assert_eq!(read(&desk, "supplier"), 404);
    desk.post("clerk", &format!("/v1/grants/{}/direction", asked.id), &json!({})).refused(403, "not_permitted");
    let directed = desk.client("chair").direct_grant(&asked.id).unwrap();
    assert_eq!((directed.status, directed.value.state), (200, GrantState::InForce));
    assert!(directed.entry.is_some());
    assert_eq!(read(&desk, "supplier"), 200);
    let revoked = desk.client("clerk").revoke_grant(&asked.id, Some("no longer & never + again")).unwrap().value;
    assert_eq!(revoked.state, GrantState::Revoked);
}

#[test]
fn who_can_see_what_because_of_which_grant_is_one_query() {
    let desk = desk_with("AMBER");
    let give = |kind: &str, to: Value| desk.post("chair", "/v1/grants", &new_grant(kind, to)).done(201);
    let first = give("need_to_know", json!({"person": "supplier"}));
    let second = give("wider_circulation", json!({"organisation_kind": "party"}));
    let third = give("wider_circulation", json!({"organisation": "dcc"}));
    let items = |person: &str, query: &str| desk.get(person, &format!("/v1/grants{query}")).done(200)["items"].clone();
    assert_eq!(items("chair", ""), json!([first, second, third]));
    assert_eq!(items("clerk", "?document=device-cp&version=1.0"), json!([first, second, third]));
    assert_eq!(items("member", "?person=supplier"), json!([first, second]));
    assert_eq!(items("member", "?organisation=supplies"), json!([second]));
    assert_eq!(items("member", "?kind=need_to_know"), json!([first]));
    assert_eq!(items("member", "?person=nobody"), json!([]));
    assert_eq!(items("member", "?document=absent"), json!([]));
    assert_eq!(items("operator", ""), json!([third]));
    assert_eq!(items("auditor", ""), json!([]));
    let page = desk.get("chair", "/v1/grants?limit=2").done(200);
    let after = page["next"].as_str().unwrap();
    assert_eq!(items("chair", &format!("?limit=2&after={after}")), json!([third]));
    let wanted = GrantsQuery { person: Some("operator".into()), ..GrantsQuery::default() };
    assert_eq!(desk.client("chair").grants(&wanted).unwrap().value.items.len(), 1);
    for wrong in ["?version=1.0", "?kind=sharing", "?person=No+One", "?state=open", "?limit=0"] {
        desk.get("chair", &format!("/v1/grants{wrong}")).refused(400, "malformed");
    }
}

#[test]
fn a_grant_that_does_not_fit_is_refused_with_its_rule() {
    let desk = desk_with("AMBER");
    for (kind, to, status, code, rule) in [
        ("need_to_know", json!({"person": "chair"}), 403, "not_permitted", "SELF-1"),
        ("need_to_know", json!({"person": "nobody"}), 422, "invalid", "AMBER-2"),
        ("need_to_know", json!({"organisation": "supplies"}), 422, "invalid", "AMBER-2"),
        ("need_to_know", json!({"person": "auditor"}), 403, "not_permitted", "AUDIT-1"),
        ("category_share", json!({"organisation": "supplies"}), 403, "not_permitted", "AMBER-3"),
        ("wider_circulation", json!({"organisation_kind": "host"}), 403, "not_permitted", "READ-5"),
        ("wider_circulation", json!({"organisation_kind": "assurance"}), 422, "invalid", "AMBER-4"),
        ("red_inclusion", json!({"person": "supplier"}), 409, "conflict", "RED-1"),
        ("red_disclosure", json!({"body": "pma"}), 403, "not_permitted", "RED-2"),
    ] {
        let refused = desk.post("chair", "/v1/grants", &new_grant(kind, to.clone())).refused(status, code);
        assert_eq!(refused["rule"], rule, "{kind} {to}");
        assert!(refused["entry"].is_u64() && refused["satisfy"].is_string(), "{refused}");
    }
    let mut endless = new_grant("need_to_know", json!({"person": "supplier"}));
    endless["valid_until"] = Value::Null;
    desk.post("chair", "/v1/grants", &endless).refused(422, "invalid");
    endless["valid_until"] = json!("2020-01-01T00:00:00Z");
    desk.post("chair", "/v1/grants", &endless).refused(422, "invalid");
    for to in
        [json!({}), json!("supplier"), json!({"organisation_kind": "friends"}), json!({"person": "A", "body": "pma"})]
    {
        desk.post("chair", "/v1/grants", &new_grant("need_to_know", to)).refused(400, "malformed");
    }
}

#[test]
fn read_6_a_grant_on_a_hidden_version_is_answered_like_one_on_an_absent_version() {
    let desk = desk_with("RED");
    let mut absent = new_grant("invitation", json!({"person": "auditor"}));
    absent["version"] = json!("9.9");
    let mut answers = Vec::new();
    for new in [new_grant("invitation", json!({"person": "auditor"})), absent] {
        let mut problem = desk.post("supplier", "/v1/grants", &new).refused(404, "not_found");
        problem.as_object_mut().unwrap().remove("entry");
        answers.push(problem);
    }
    assert_eq!(answers[0], answers[1]);
    for act in ["tabling", "classification/proposals"] {
        let body =
            if act == "tabling" { json!({"body": "pma"}) } else { json!({"classification": "RED", "reason": "r"}) };
        desk.post("supplier", &format!("{VERSION}/{act}"), &body).refused(404, "not_found");
    }
    let invited = desk.post("chair", "/v1/grants", &new_grant("invitation", json!({"person": "supplier"}))).done(201);
    assert_eq!(invited["rule"], "RED-3");
    assert_eq!(read(&desk, "supplier"), 403, "before signing");
}

#[test]
fn the_same_grant_under_the_same_key_is_given_once() {
    let desk = desk_with("AMBER");
    let new = new_grant("need_to_know", json!({"person": "supplier"})).to_string();
    let headers = [("Content-Type", "application/json"), ("Idempotency-Key", "once")];
    let once = desk.send("chair", "POST", "/v1/grants", &headers, new.as_bytes()).done(201);
    assert_eq!(desk.send("chair", "POST", "/v1/grants", &headers, new.as_bytes()).done(201), once);
    assert_eq!(desk.get("chair", "/v1/grants").done(200)["items"].as_array().unwrap().len(), 1);
}

#[test]
fn amber_1_tabling_is_the_chair_s_and_to_another_body() {
    let desk = desk_with("AMBER");
    let table = |person: &str, body: Value| desk.post(person, &format!("{VERSION}/tabling"), &body);
    table("member", json!({"body": "pma"})).refused(403, "not_permitted");
    table("chair", json!({"body": "pma"})).refused(422, "invalid");
    table("chair", json!({"body": "nowhere"})).refused(422, "invalid");
    table("chair", json!({"bodies": "pma"})).refused(400, "malformed");
}

#[test]
fn class_1_the_history_is_for_all_who_know_of_the_version_and_its_reasons_for_the_body() {
    let desk = desk_with("GREEN");
    let proposed = desk
        .client("supplier")
        .propose_classification(
            "device-cp",
            "1.0",
            &NewClassification { classification: "TLP:AMBER+STRICT".parse().unwrap(), reason: "it names keys".into() },
        )
        .unwrap();
    assert!(proposed.entry.is_some());
    assert_eq!(proposed.value.classification.to_string(), "GREEN");
    let history = |person: &str| desk.get(person, VERSION).done(200)["classification_history"].clone();
    let whole = history("chair");
    assert_eq!((&whole[0]["act"], &whole[0]["classification"]), (&json!("determined"), &json!("GREEN")));
    assert_eq!((&whole[0]["reason"], &whole[0]["by"]["handle"]), (&json!("as agreed"), &json!("chair")));
    assert_eq!((&whole[1]["act"], &whole[1]["tlp"]), (&json!("proposed"), &json!("TLP:AMBER+STRICT")));
    assert_eq!(whole[1]["reason"], "it names keys");
    for insider in ["member", "clerk"] {
        assert_eq!(history(insider), whole, "{insider}");
    }
    // The proposer sees the words that were their own; others outside see none.
    assert_eq!(
        (&history("supplier")[0]["reason"], &history("supplier")[1]["reason"]),
        (&Value::Null, &json!("it names keys"))
    );
    for outsider in ["operator", "unsigned"] {
        assert_eq!(history(outsider)[0]["reason"], Value::Null, "{outsider}");
        assert_eq!(history(outsider)[1]["reason"], Value::Null, "{outsider}");
        assert_eq!(history(outsider)[1]["entry"], whole[1]["entry"]);
    }
}

#[test]
fn class_4_a_marking_of_the_protocol_is_imported_and_nothing_but_white_maps_outward() {
    let desk = Desk::open();
    desk.registered("device-cp");
    for (label, query) in [("1.0", "TLP:AMBER%2BSTRICT"), ("2.0", "tlp:amber+strict"), ("3.0", "TLP:CLEAR")] {
        let path = format!("/v1/documents/device-cp/versions/{label}?classification={query}");
        let lodged = desk.put("clerk", &path, &[], label.as_bytes()).done(201)["version"].clone();
        let strict = label != "3.0";
        assert_eq!(lodged["strict"], strict, "{label}");
        assert_eq!(lodged["proposed_classification"], if strict { "AMBER" } else { "WHITE" });
        assert_eq!(lodged["tlp"], Value::Null, "undetermined maps to nothing outward");
    }
    for wrong in ["TLP:PINK", "TLP:AMBER%2BLAX", "AMBER%2BSTRICT"] {
        let path = format!("/v1/documents/device-cp/versions/9.0?classification={wrong}");
        desk.put("clerk", &path, &[], b"x").refused(400, "malformed");
    }
    let determine = |label: &str, marking: &str| {
        let path = format!("/v1/documents/device-cp/versions/{label}/classification");
        desk.post("chair", &path, &json!({"classification": marking, "reason": "as it came"})).done(200)
    };
    let strict = determine("1.0", "TLP:AMBER+STRICT");
    assert_eq!((&strict["classification"], &strict["strict"]), (&json!("AMBER"), &json!(true)));
    assert_eq!(strict["tlp"], Value::Null);
    assert_eq!(determine("1.0", "TLP:AMBER")["strict"], false);
    let white = determine("3.0", "WHITE");
    assert_eq!((&white["tlp"], &white["strict"]), (&json!("TLP:CLEAR"), &json!(false)));
}

#[test]
fn lodge_5_promptness_is_shown_for_policies_that_the_code_incorporates() {
    let desk = Desk::open();
    let new = json!({"document": "device-cp", "title": "A policy", "type": "certificate_policy", "set": "policies", "body": "pma"});
    desk.post("clerk", "/v1/documents", &new).done(201);
    desk.registered("other");
    let lodge = |document: &str, label: &str, query: &str| {
        let path = format!("/v1/documents/{document}/versions/{label}{query}");
        desk.put("clerk", &path, &[], label.as_bytes()).done(201)["version"]["promptness_working_days"].clone()
    };
    assert_eq!(lodge("device-cp", "1.0", ""), Value::Null);
    assert_eq!(lodge("device-cp", "2.0", "?incorporated=2099-01-01"), 0);
    assert!(lodge("device-cp", "3.0", "?incorporated=2019-06-03").as_u64() > Some(1_000));
    assert_eq!(lodge("other", "1.0", "?incorporated=2019-06-03"), Value::Null);
}

#[test]
fn a_grant_has_the_members_that_the_document_says() {
    let desk = desk_with("AMBER");
    let grant = desk.post("chair", "/v1/grants", &new_grant("need_to_know", json!({"person": "supplier"}))).done(201);
    let version = desk.get("chair", VERSION).done(200);
    let document: Value = serde_json::from_str(&super::super::openapi::DOCUMENT).unwrap();
    for (schema, answer) in [("Grant", &grant), ("ClassificationAct", &version["classification_history"][0])] {
        let described = document["components"]["schemas"][schema]["properties"].as_object().unwrap();
        let answered = answer.as_object().unwrap();
        assert!(answered.keys().eq(described.keys()), "{schema}");
    }
}
