//! Needs without substance, and requests that make no sense.

use serde_json::{Value, json};

use crate::support::deeds::{NEED, content};
use crate::support::wire::assert_problem;
use crate::support::{Options, Server};

const DOCUMENT: &str = "policy";

fn holding(level: &str) -> Server {
    let server = Server::start(&Options::default());
    server.hold(DOCUMENT, "A policy", level, b"what it says");
    server
}

#[test]
fn a_need_without_substance_opens_nothing() {
    let server = holding("AMBER");
    let mut chair = server.connect("chair");
    let without = chair.get(&content(DOCUMENT, "1.0"));
    assert_problem(&without, 403, "need_required");
    assert_eq!(without.json()["rule"], "READ-3");
    assert!(without.json()["satisfy"].as_str().is_some_and(|remedy| !remedy.is_empty()));
    for need in [
        r#"purpose=assurance, statement="short", reference="SOC2-2026""#,
        r#"purpose=assurance, statement="1234567890 1234567890", reference="SOC2-2026""#,
        r#"purpose=assurance, statement="....................", reference="SOC2-2026""#,
        r#"purpose=assurance, statement="                    ", reference="SOC2-2026""#,
        r#"purpose=assurance, statement="annual assessment of the document""#,
        r#"purpose=assurance, statement="annual assessment of the document", reference="""#,
        r#"purpose=curiosity, statement="annual assessment of the document", reference="SOC2-2026""#,
        r#"purpose=secretariat_processing, statement="annual assessment of the document", reference="SOC2-2026""#,
    ] {
        let answer = chair.read_content(DOCUMENT, "1.0", need);
        assert_problem(&answer, 403, "need_insufficient");
        assert!(answer.entry().is_some(), "a refusal is an entry");
    }
    let unknown = chair.read_content(DOCUMENT, "1.0", r#"id="need-999999""#);
    assert!(matches!(unknown.problem(), (403, _)), "{unknown:?}");
    assert_eq!(chair.read_content(DOCUMENT, "1.0", NEED).must_be(200).body, b"what it says");
}

#[test]
fn a_need_of_somebody_else_is_none() {
    let server = holding("GREEN");
    let need = json!({
        "document": DOCUMENT, "purpose": "assurance", "statement": "annual assessment of the document",
    });
    let recorded = server.connect("large-supplier-1").post("/v1/needs", &need).must_be(201).json();
    let id = recorded["id"].as_str().unwrap();
    let field = format!("id=\"{id}\"");
    server.connect("large-supplier-1").read_content(DOCUMENT, "1.0", &field).must_be(200);
    let mut other = server.connect("large-supplier-2");
    let theirs = other.read_content(DOCUMENT, "1.0", &field);
    let absent = other.read_content(DOCUMENT, "1.0", r#"id="need-999999""#);
    assert_eq!(theirs.status, 403);
    assert_eq!(theirs.problem(), absent.problem());
    assert_eq!(theirs.json()["detail"], absent.json()["detail"]);
    assert_problem(&other.request("DELETE", &format!("/v1/needs/{id}"), &[]), 404, "not_found");
}

#[test]
fn a_need_that_cannot_be_understood_is_malformed() {
    let server = holding("WHITE");
    let mut chair = server.connect("chair");
    for need in [
        "need 1042, please",
        "id=1042",
        "purpose=assurance",
        r#"purpose=assurance, statement="annual assessment of the document", refrence="x""#,
        r#"id="need-1", purpose=assurance"#,
        r#"id="need-01""#,
        r#"id="decision-1""#,
        r#"purpose=assurance, statement="no end"#,
        "purpose=assurance, statement=\"bytes \u{e9} that no field has\"",
        "",
    ] {
        let answer = chair.read_content(DOCUMENT, "1.0", need);
        assert_problem(&answer, 400, "malformed");
        assert_eq!(answer.entry(), None, "{need}: what is malformed is no entry");
    }
    let twice = format!("{}?need=need-1&need=need-2", content(DOCUMENT, "1.0"));
    assert_problem(&chair.get(&twice), 400, "malformed");
}

#[test]
fn json_that_is_none_or_says_more_than_is_known_is_malformed() {
    let server = holding("GREEN");
    let mut chair = server.connect("chair");
    let json_type = [("Content-Type", "application/json")];
    for body in [
        "",
        "{",
        "[]",
        "null",
        "{}",
        "\"text\"",
        "{\"document\":1}",
        "{\"document\":\"policy\"",
        "\u{0}",
        "{\"a\":1}}",
        "{\"document\":\"policy\",\"purpose\":\"assurance\",\"statement\":\"annual assessment\",\"refrence\":\"x\"}",
        "{\"document\":\"policy\",\"document\":\"policy\",\"purpose\":\"assurance\",\"statement\":\"annual assessment\"}",
    ] {
        let answer = chair.exchange("POST", "/v1/needs", &json_type, Some(body.as_bytes())).unwrap();
        assert_problem(&answer, 400, "malformed");
    }
    let deep = "[".repeat(100_000);
    let answer = chair.exchange("POST", "/v1/needs", &json_type, Some(deep.as_bytes())).unwrap();
    assert_problem(&answer, 400, "malformed");
    let answer = chair.exchange("POST", "/v1/needs", &[("Content-Type", "text/plain")], Some(b"{}")).unwrap();
    assert_problem(&answer, 415, "unsupported_media_type");
    // Its body may have been left unread, and the connection closed for it.
    let mut chair = server.connect("chair");
    for query in
        ["colour=red", "limit=0", "limit=501", "limit=-1", "after=nonsense", "as_of=yesterday", "classification=PINK"]
    {
        let answer = chair.get(&format!("/v1/documents?{query}"));
        assert!(matches!(answer.status, 400 | 422), "{query}: {answer:?}");
        answer.problem();
    }
    let unknown = json!({ "classification": "PINK", "reason": "r" });
    let path = "/v1/documents/policy/versions/1.0/classification";
    assert_problem(&chair.post(path, &unknown), 400, "malformed");
    let level = |reason: Value| json!({ "classification": "RED", "reason": reason });
    for reason in [json!(""), json!("x".repeat(100_000)), json!(null)] {
        let answer = chair.post(path, &level(reason));
        assert!(matches!(answer.status, 400 | 422), "{answer:?}");
    }
    let shown = chair.get("/v1/documents/policy/versions/1.0").must_be(200).json();
    assert_eq!(shown["classification"], "GREEN");
}

#[test]
fn an_unknown_document_is_not_found_whatever_is_asked_of_it() {
    let server = holding("WHITE");
    let mut chair = server.connect("chair");
    for path in [
        "/v1/documents/absent",
        "/v1/documents/absent/versions/1.0",
        "/v1/documents/absent/versions/in-force",
        "/v1/documents/absent/versions/1.0/content",
        "/v1/documents/absent/versions/1.0/evidence",
        "/v1/documents/policy/versions/9.9",
        "/v1/documents/policy/versions/9.9/content",
        "/v1/directions/direction-999999",
        "/v1/needs/need-999999",
        "/v1/nothing",
        "/nothing",
    ] {
        assert_problem(&chair.get(path), 404, "not_found");
    }
    assert_problem(&chair.read_content("absent", "1.0", NEED), 404, "not_found");
    assert_problem(&chair.classify("absent", "1.0", "RED"), 404, "not_found");
    let mut other = server.connect("chair");
    assert_problem(&other.lodge("absent", "1.0", b"bytes"), 404, "not_found");
    assert_problem(&chair.request("DELETE", "/v1/documents/policy", &[]), 405, "method_not_allowed");
}
