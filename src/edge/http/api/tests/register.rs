//! The register: kept, read and hidden; seats proposed, approved and ended.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Desk;
use super::wire::Reply;
use crate::edge::http::api::openapi;
use crate::pure::wire::alternate::{AlternateState, NewAlternate};
use crate::pure::wire::appointment::{AppointmentState, AppointmentsQuery, NewAppointment};
use crate::pure::wire::body::{NewReview, ReviewSubject};
use crate::pure::wire::digest::Digest;
use crate::pure::wire::person::{NamedPerson, NewPerson};
use crate::pure::wire::reason::Reason;

fn reason() -> Reason {
    Reason { reason: "it is time".into() }
}

fn in_months(months: i32) -> jiff::Timestamp {
    let now = jiff::Timestamp::now();
    now.checked_add(jiff::SignedDuration::from_hours(i64::from(months) * 30 * 24)).unwrap()
}

fn group() -> Value {
    json!({
        "body": "group", "name": "A working group", "agreement": "I shall keep it to the group.",
        "rules": {"quorum": "2/3", "term_months": 12},
        "seats": [
            {"seat": "head", "role": "chair", "constituency": "all"},
            {"seat": "maker", "role": "voting", "constituency": "makers"},
        ],
    })
}

#[test]
fn the_secretariat_keeps_the_register_and_green_s_audience_reads_it() {
    let desk = Desk::open();
    let organisation = json!({"organisation": "meter-works", "name": "Meter Works", "kind": "stakeholder"});
    let registered = desk.post("clerk", "/v1/register/organisations", &organisation);
    let location = registered.header("location").unwrap().to_owned();
    assert_eq!(desk.get("supplier", &location).done(200), registered.done(201));
    assert!(registered.entry().is_some());
    let new =
        NewPerson { person: "maker".into(), name: "M. Aker".into(), organisation: "meter-works".into(), system: false };
    let person = desk.client("clerk").register_person(&new).unwrap();
    assert_eq!((person.status, person.value.active, person.value.auditor), (201, true, Some(false)));
    let seen = desk.client("supplier").person("maker").unwrap().value;
    assert_eq!((seen.organisation.handle.as_str(), seen.auditor, seen.named_secretariat), ("meter-works", None, None));
    let established = desk.post("clerk", "/v1/register/bodies", &group());
    assert_eq!(established.header("location"), Some("/v1/register/bodies/group"));
    let body = desk.get("supplier", "/v1/register/bodies/group").done(200);
    assert_eq!((&body["answers_to"], &body["receives_amber"]), (&json!("pma"), &json!(false)));
    assert_eq!((&body["rules"]["quorum"], &body["rules"]["chair_review_months"]), (&json!("2/3"), &json!(36)));
    let words = "I shall keep it to the group.";
    let digest = Digest(crate::pure::tlog::hash::sha256(words.as_bytes())).to_string();
    assert_eq!(body["agreement"], json!({"text_digest": digest, "words": words}));
    assert!(body["confirmation"]["words"].as_str().unwrap().starts_with("I agree to serve"));
    let seat = json!({"body": "group", "seat": "user", "role": "non_voting", "constituency": "users"});
    let seat = desk.post("clerk", "/v1/register/seats", &seat);
    assert_eq!(desk.get("member", seat.header("location").unwrap()).done(200), seat.done(201));
    let seats = desk.get("member", "/v1/register/seats?body=group").done(200);
    assert_eq!(seats["items"].as_array().unwrap().len(), 3);
    let removed = desk.client("clerk").remove_person("maker", &reason()).unwrap();
    assert!(!removed.value.active && removed.entry.is_some());
    let abolished = desk.client("clerk").abolish_seat("group", "user", &reason()).unwrap();
    assert_eq!((abolished.status, &abolished.value["seat"]), (200, &json!("user")));
    desk.get("member", "/v1/register/bodies/group/seats/user").refused(404, "not_found");
}

#[test]
fn what_the_register_cannot_hold_is_told_so() {
    let desk = Desk::open();
    desk.post("clerk", "/v1/register/bodies", &group()).done(201);
    let mut clerk = desk.wire("clerk");
    let organisation = |name: &str, kind: &str| json!({"organisation": name, "name": "An organisation", "kind": kind});
    let person = |name: &str, of: &str| json!({"person": name, "name": "A person", "organisation": of});
    let (orgs, people) = ("/v1/register/organisations", "/v1/register/people");
    clerk.post(orgs, &organisation("new", "guild")).refused(400, "malformed");
    clerk.post(orgs, &organisation("New", "dcc")).refused(400, "malformed");
    for taken in ["dcc", "supplies"] {
        clerk.post(orgs, &organisation(taken, "dcc")).refused(422, "invalid");
    }
    clerk.post(orgs, &organisation("new", "party")).refused(422, "invalid");
    clerk.post(people, &person("chair", "dcc")).refused(422, "invalid");
    clerk.post(people, &person("newcomer", "nowhere")).refused(422, "invalid");
    clerk
        .post(people, &json!({"person": "x", "name": "X", "organisation": "dcc", "admin": true}))
        .refused(400, "malformed");
    clerk.post("/v1/register/bodies", &group()).refused(422, "invalid");
    for (pointer, wrong, status) in [
        ("/rules/quorum", json!("3/2"), 400),
        ("/rules/term_months", json!(0), 422),
        ("/agreement", json!("a".repeat(12_001)), 422),
        ("/seats/1/role", json!("king"), 400),
        ("/seats/1/role", json!("chair"), 422),
    ] {
        let mut body = group();
        body["body"] = json!("another");
        *body.pointer_mut(pointer).unwrap() = wrong;
        let reply = clerk.post("/v1/register/bodies", &body);
        reply.refused(status, if status == 400 { "malformed" } else { "invalid" });
    }
    let proposal = |person: &str, seat: &str, months| json!({"person": person, "body": "group", "seat": seat, "until": in_months(months)});
    clerk.post(people, &json!({"person": "bot", "name": "Bot", "organisation": "supplies", "system": true})).done(201);
    let appointments = "/v1/register/appointments";
    for (person, seat, months) in
        [("nobody", "maker", 6), ("bot", "maker", 6), ("supplier", "throne", 6), ("supplier", "maker", 14)]
    {
        clerk.post(appointments, &proposal(person, seat, months)).refused(422, "invalid");
    }
    let mut early = proposal("supplier", "maker", 6);
    early["from"] = json!("2020-01-01T00:00:00Z");
    let problem = clerk.post(appointments, &early).refused(422, "invalid");
    assert_eq!(problem["rule"], "GOV-5");
    assert!(problem["detail"].as_str().unwrap().contains("before it was approved"), "{problem}");
    let mut ended = proposal("supplier", "maker", 6);
    ended["until"] = json!("2020-01-01T00:00:00Z");
    clerk.post(appointments, &ended).refused(422, "invalid");
    clerk.post("/v1/register/people/clerk/removal", &json!({"reason": "r"})).refused(403, "not_permitted");
    clerk.post("/v1/register/people/chair/removal", &json!({"reason": "r"})).refused(403, "not_permitted");
    clerk.get("/v1/register/appointments/need-1").refused(400, "malformed");
    clerk.get("/v1/register/people/No-body").refused(400, "malformed");
}

#[test]
fn a_seat_is_proposed_by_the_secretariat_and_approved_by_the_chair() {
    let desk = Desk::open();
    desk.post("clerk", "/v1/register/bodies", &group()).done(201);
    let new = NewAppointment {
        person: "supplier".into(),
        body: "group".into(),
        seat: "head".into(),
        from: None,
        until: in_months(2),
    };
    let (clerk, chair, supplier) = (desk.client("clerk"), desk.client("chair"), desk.client("supplier"));
    let proposed = clerk.propose_appointment(&new).unwrap();
    let id = proposed.value.id.clone();
    assert_eq!((proposed.status, proposed.value.state), (201, AppointmentState::Proposed));
    assert_eq!((proposed.value.entry, proposed.value.from), (proposed.entry.unwrap(), None));
    let path = format!("/v1/register/appointments/{id}");
    assert_eq!(desk.get("supplier", "/v1/me").done(200)["seats"][0]["proposed"], json!(true));
    desk.get("operator", &path).refused(404, "not_found");
    assert_eq!(desk.get("operator", "/v1/register/appointments?body=group").done(200)["items"], json!([]));
    desk.post("operator", &format!("{path}/approval"), &json!({})).refused(404, "not_found");
    for own in ["supplier", "clerk"] {
        let problem = desk.post(own, &format!("{path}/approval"), &json!({})).refused(403, "not_permitted");
        assert_eq!(problem["rule"], "SELF-1", "{own}");
    }
    // The group answers to the authority, whose members speak for its Chair's seat.
    let approved = chair.approve_appointment(&id).unwrap();
    assert_eq!((approved.status, approved.value.state), (200, AppointmentState::Approved));
    assert!(approved.value.from.is_some() && approved.value.ends_soon);
    desk.post("chair", &format!("{path}/approval"), &json!({})).refused(409, "conflict");
    assert_eq!(desk.get("operator", &path).done(200)["person"]["handle"], json!("supplier"));
    let ending = AppointmentsQuery { ending: Some(true), ..AppointmentsQuery::default() };
    assert_eq!(clerk.appointments(&ending).unwrap().value.items, [approved.value]);
    let me = desk.get("supplier", "/v1/me").done(200);
    assert_eq!((&me["warnings"][0]["rule"], &me["seats"][0]["ends_soon"]), (&json!("GOV-5"), &json!(true)));
    assert_eq!(desk.get("supplier", "/v1/register/bodies/group/seats/head").done(200)["holder"]["handle"], "supplier");
    let ended = supplier.end_appointment(&id, &reason()).unwrap().value;
    assert_eq!(ended.state, AppointmentState::Ended);
    desk.post("supplier", &format!("{path}/end"), &json!({"reason": "again"})).refused(409, "conflict");
}

#[test]
fn an_alternate_is_proposed_by_the_member_and_approved_by_the_chair() {
    let desk = Desk::open();
    let new = NewAlternate { body: "pma".into(), person: "supplier".into() };
    desk.post("supplier", "/v1/register/alternates", &json!(new)).refused(403, "not_permitted");
    let proposed = desk.client("member").propose_alternate(&new).unwrap();
    let id = proposed.value.id.clone();
    assert_eq!((proposed.status, proposed.value.state), (201, AlternateState::Proposed));
    let path = format!("/v1/register/alternates/{id}");
    desk.get("operator", &path).refused(404, "not_found");
    desk.post("member", &format!("{path}/approval"), &json!({})).refused(403, "not_permitted");
    let approved = desk.client("chair").approve_alternate(&id).unwrap();
    assert_eq!((approved.status, approved.value.state), (200, AlternateState::Approved));
    assert_eq!(desk.get("operator", "/v1/register/alternates?person=member").done(200)["items"][0]["id"], json!(id));
    let ended = desk.client("supplier").end_alternate(&id).unwrap();
    assert_eq!((ended.value.state, ended.entry.is_some()), (AlternateState::Ended, true));
}

#[test]
fn the_chair_names_for_offices_and_reviews_the_membership() {
    let desk = Desk::open();
    let chair = desk.client("chair");
    let clerk = NamedPerson { person: "clerk".into() };
    let named = chair.name_secretariat("pma", &clerk).unwrap();
    assert_eq!((named.status, named.value.named_secretariat), (200, Some(vec!["pma".into()])));
    desk.post("clerk", "/v1/register/bodies/pma/secretariat", &json!(clerk)).refused(403, "not_permitted");
    assert_eq!(chair.unname_secretariat("pma", "clerk", &reason()).unwrap().value.named_secretariat, Some(vec![]));
    let auditor = NamedPerson { person: "auditor".into() };
    assert_eq!(chair.dismiss_auditor("auditor", &reason()).unwrap().value.auditor, Some(false));
    assert_eq!(chair.appoint_auditor(&auditor).unwrap().value.auditor, Some(true));
    desk.post("chair", "/v1/register/auditors", &json!({"person": "supplier"})).refused(422, "invalid");
    desk.post("chair", "/v1/register/auditors/nobody/removal", &json!({"reason": "r"})).refused(404, "not_found");
    let before = desk.client("supplier").body("pma").unwrap().value;
    assert_eq!(before.next_membership_review.unwrap().to_string(), "2022-01-01");
    assert!(before.membership_review_overdue && before.chair_review_overdue);
    let review = NewReview { of: ReviewSubject::Membership, outcome: "all constituencies are there".into() };
    let reviewed = chair.record_review("pma", &review).unwrap().value;
    assert!(!reviewed.membership_review_overdue);
    assert_eq!(reviewed.reviews[0].outcome.as_deref(), Some("all constituencies are there"));
    let seen = desk.client("supplier").body("pma").unwrap().value.reviews;
    assert_eq!((seen.len(), seen[0].outcome.as_deref()), (1, None));
}

#[test]
fn strangers_find_themselves_and_nothing_else() {
    let desk = Desk::open();
    desk.post("clerk", "/v1/register/bodies", &group()).done(201);
    let own = json!({
        "handle": "auditor", "name": "The auditor", "system": false, "active": true, "auditor": true,
        "organisation": {"handle": "assay", "name": "Assay", "kind": "assurance", "category": null},
        "named_secretariat": [],
    });
    assert_eq!(desk.get("auditor", "/v1/register/people").done(200), json!({"items": [own], "next": null}));
    assert_eq!(desk.get("auditor", "/v1/register/people/auditor").done(200), own);
    for list in ["bodies", "seats", "appointments", "alternates", "appointments?person=chair"] {
        let page = desk.get("auditor", &format!("/v1/register/{list}")).done(200);
        assert_eq!(page, json!({"items": [], "next": null}), "{list}");
    }
    let same = |hidden: Reply, absent: Reply| {
        let entry = |reply: &Reply| reply.entry().map_or_else(String::new, |entry| entry.to_string());
        let body = |reply: &Reply| {
            let text = String::from_utf8(reply.body.clone()).unwrap();
            text.replace(&format!("\"entry\":{}", entry(reply)), "")
        };
        assert_eq!((hidden.status, body(&hidden)), (404, body(&absent)));
        assert_eq!(hidden.entry().is_some(), absent.entry().is_some());
    };
    for (hidden, absent) in [
        ("people/chair", "people/nobody"),
        ("organisations/dcc", "organisations/nobody"),
        ("bodies/pma", "bodies/nobody"),
        ("bodies/pma/seats/chair", "bodies/nobody/seats/chair"),
    ] {
        let get = |path: &str| desk.get("auditor", &format!("/v1/register/{path}"));
        same(get(hidden), get(absent));
    }
    let because = json!({"reason": "r"});
    for (hidden, absent, body) in [
        ("people/chair/removal", "people/nobody/removal", &because),
        ("bodies/pma/reviews", "bodies/nobody/reviews", &json!({"of": "membership", "outcome": "o"})),
        ("bodies/pma/secretariat", "bodies/nobody/secretariat", &json!({"person": "clerk"})),
        ("bodies/pma/seats/chair/abolition", "bodies/nobody/seats/chair/abolition", &because),
        ("auditors/auditor/removal", "auditors/nobody/removal", &because),
    ] {
        let post = |path: &str| desk.post("auditor", &format!("/v1/register/{path}"), body);
        same(post(hidden), post(absent));
    }
}

#[test]
fn lists_of_the_register_have_pages() {
    let desk = Desk::open();
    for list in ["people", "organisations", "seats", "appointments"] {
        let whole = desk.get("clerk", &format!("/v1/register/{list}")).done(200);
        let mut seen = Vec::new();
        let mut after = String::new();
        loop {
            let page = desk.get("clerk", &format!("/v1/register/{list}?limit=1{after}")).done(200);
            seen.extend(page["items"].as_array().unwrap().clone());
            let Some(next) = page["next"].as_str() else { break };
            after = format!("&after={next}");
        }
        assert_eq!(json!(seen), whole["items"], "{list}");
        desk.get("clerk", &format!("/v1/register/bodies?limit=1{after}")).refused(400, "malformed");
    }
}

#[test]
fn answers_have_the_members_that_the_document_says() {
    let desk = Desk::open();
    desk.post("clerk", "/v1/register/bodies", &group()).done(201);
    desk.post("member", "/v1/register/alternates", &json!({"body": "pma", "person": "supplier"})).done(201);
    let document: Value = serde_json::from_str(&openapi::DOCUMENT).unwrap();
    let names = |object: &Value| object.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let described = |schema: &str| names(&document["components"]["schemas"][schema]["properties"]);
    for (schema, list) in [
        ("Organisation", "organisations"),
        ("RegisteredPerson", "people"),
        ("Body", "bodies"),
        ("Seat", "seats"),
        ("Appointment", "appointments"),
        ("Alternate", "alternates"),
    ] {
        let page = desk.get("chair", &format!("/v1/register/{list}")).done(200);
        assert_eq!(names(&page["items"][0]), described(schema), "{schema}");
    }
    assert_eq!(names(&desk.get("chair", "/v1/register/bodies/group").done(200)), described("BodyDetail"));
}
