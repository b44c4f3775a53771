//! Explanations and the access report from outside (READ-6, READ-7, AUDIT-1).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Desk;
use super::hiding::essence;
use crate::edge::http::api::openapi;
use crate::pure::wire::explanation::ExplainQuery;
use crate::pure::wire::page::PageQuery;

const NEED: (&str, &str) =
    ("Reasonable-Need", r#"purpose=operate, statement="to run the meters by it", reference="meeting 1""#);

#[test]
fn an_explanation_names_rules_facts_and_entries_and_is_an_entry() {
    let desk = Desk::open();
    desk.registered("policy");
    desk.lodged("policy", "1.0", b"AMBER", "AMBER");
    let query = ExplainQuery { document: "policy".into(), version: Some("1.0".into()), person: None };
    let own = desk.client("unsigned").explain(&query).unwrap();
    assert_eq!((own.value.outcome.as_str(), own.value.audience.as_deref()), ("may_know_of", Some("AMBER-1")));
    assert_eq!(own.value.refusal.unwrap().code, "agreement_required");
    assert!(own.value.ways.iter().any(|way| way.result == "agreement_unsigned"));
    assert!(own.value.ways.iter().flat_map(|way| &way.grounds).any(|ground| ground.entry.is_some()));
    let entry = own.entry.unwrap();
    let record = desk.get("unsigned", &format!("/v1/audit/entries?after={}&limit=1", entry - 1)).done(200);
    assert_eq!(record["items"][0]["record"]["command"]["kind"], "explain_access");

    for asker in ["chair", "auditor"] {
        let path = "/v1/explain?person=supplier&document=policy&version=1.0";
        let told = desk.get(asker, path).done(200);
        assert_eq!((told["outcome"].as_str(), told["refusal"].is_null()), (Some("nothing"), true));
        assert!(told["summary"].as_str().unwrap().starts_with("For supplier there is no such thing"));
        assert!(!told["satisfy"].as_array().unwrap().is_empty());
    }
    let before = desk.get("member", "/v1/explain?document=policy").done(200);
    assert_eq!((before["version"].as_str(), before["outcome"].as_str()), (Some("1.0"), Some("may_know_of")));
    desk.send("member", "GET", "/v1/documents/policy/versions/1.0/content", &[NEED], b"");
    let after = desk.get("member", "/v1/explain?document=policy&version=latest").done(200);
    assert_eq!(after["outcome"], "may_read");
    assert_eq!(after["needs"][0]["holds"], true);
}

#[test]
fn what_may_not_be_explained_answers_like_what_does_not_exist() {
    let desk = Desk::open();
    for document in ["secret", "open"] {
        desk.registered(document);
    }
    desk.lodged("secret", "1.0", b"RED", "RED");
    desk.lodged("open", "1.0", b"WHITE", "WHITE");
    desk.lodged("open", "2.0", b"RED", "RED");
    for (hidden, absent) in [
        ("/v1/explain?document=secret", "/v1/explain?document=absent"),
        ("/v1/explain?document=secret&version=1.0", "/v1/explain?document=absent&version=1.0"),
        ("/v1/explain?document=open&version=2.0", "/v1/explain?document=open&version=9.0"),
        ("/v1/explain?document=open&version=1.0&person=chair", "/v1/explain?document=absent&version=1.0&person=chair"),
        ("/v1/explain?document=open&person=chair", "/v1/explain?document=open&person=nobody"),
        ("/v1/documents/secret/versions/1.0/readers", "/v1/documents/absent/versions/1.0/readers"),
        ("/v1/documents/open/versions/2.0/readers", "/v1/documents/open/versions/9.0/readers"),
    ] {
        for method in ["GET", "HEAD"] {
            let hidden_reply = desk.send("supplier", method, hidden, &[], b"");
            let absent_reply = desk.send("supplier", method, absent, &[], b"");
            assert_eq!(essence(&hidden_reply), essence(&absent_reply), "{method} {hidden}");
            assert_eq!(hidden_reply.status, 404, "{method} {hidden}");
            assert!(hidden_reply.entry().is_some());
        }
    }
}

#[test]
fn who_may_not_ask_is_refused_and_bad_words_are_malformed() {
    let desk = Desk::open();
    desk.registered("policy");
    desk.lodged("policy", "1.0", b"WHITE", "WHITE");
    for asker in ["member", "clerk", "supplier", "operator"] {
        desk.get(asker, "/v1/explain?person=chair&document=policy").refused(404, "not_found");
        desk.get(asker, "/v1/documents/policy/versions/1.0/readers").refused(403, "not_permitted");
    }
    desk.get("suspended", "/v1/explain?document=policy").refused(403, "suspended");
    for path in [
        "/v1/explain",
        "/v1/explain?document=Policy",
        "/v1/explain?document=policy&version=..",
        "/v1/explain?document=policy&person=A",
        "/v1/explain?document=policy&who=me",
        "/v1/documents/policy/versions/1.0/readers?limit=0",
        "/v1/documents/policy/versions/1.0/readers?after=soon",
    ] {
        desk.get("chair", path).refused(400, "malformed");
    }
}

#[test]
fn the_access_report_says_who_has_read_and_who_has_not() {
    let desk = Desk::open();
    desk.registered("minutes");
    desk.lodged("minutes", "1.0", b"RED", "RED");
    let read = desk.send("member", "GET", "/v1/documents/minutes/versions/1.0/content", &[NEED], b"");
    let entry = read.entry().unwrap();
    for asker in ["chair", "auditor"] {
        let report = desk.client(asker).readers("minutes", "in-force", &PageQuery::default()).unwrap();
        assert!(report.entry.is_some());
        assert_eq!((report.value.version.as_str(), report.value.next.as_ref()), ("1.0", None));
        let line = |person: &str| report.value.items.iter().find(|one| one.person.handle == person);
        assert_eq!(line("member").unwrap().first_read.as_ref().unwrap().entry, entry);
        assert_eq!((line("chair").unwrap().access.as_str(), &line("chair").unwrap().first_read), ("may_read", &None));
        assert_eq!(line("unsigned").unwrap().refusal.as_ref().unwrap().code, "agreement_required");
        assert!(line("supplier").is_none() && line("clerk").is_none());
    }
    let first = desk.get("chair", "/v1/documents/minutes/versions/1.0/readers?limit=1").done(200);
    let next = first["next"].as_str().unwrap();
    let second =
        desk.get("chair", &format!("/v1/documents/minutes/versions/1.0/readers?limit=1&after={next}")).done(200);
    assert_ne!(first["items"][0]["person"], second["items"][0]["person"]);
}

#[test]
fn answers_have_the_members_that_the_document_says() {
    let desk = Desk::open();
    desk.registered("policy");
    desk.lodged("policy", "1.0", b"RED", "RED");
    let document: Value = serde_json::from_str(&openapi::DOCUMENT).unwrap();
    let described = |schema: &str| names(&document["components"]["schemas"][schema]["properties"]);
    let told = desk.get("chair", "/v1/explain?person=unsigned&document=policy").done(200);
    assert_eq!(names(&told), described("Explanation"));
    assert_eq!(names(&told["ways"][0]), described("WayIn"));
    assert_eq!(names(&told["about"][0]), described("Ground"));
    assert_eq!(names(&told["obstacles"][0]), described("Obstacle"));
    assert_eq!(names(&told["refusal"]), described("RefusedRead"));
    let report = desk.get("chair", "/v1/documents/policy/versions/1.0/readers").done(200);
    assert_eq!(names(&report), described("Readers"));
    assert_eq!(names(&report["items"][0]), described("Reader"));
}

fn names(object: &Value) -> BTreeSet<String> {
    object.as_object().unwrap_or_else(|| panic!("{}", json!(object))).keys().cloned().collect()
}
