//! Acts: done once for each idempotency key, and read back.

use serde_json::{Value, json};

use super::Desk;
use super::wire::{Reply, Wire};

fn post_as(wire: &mut Wire, key: &str, path: &str, body: &Value) -> Reply {
    let headers = [("Content-Type", "application/json"), ("Idempotency-Key", key)];
    wire.send("POST", path, &headers, body.to_string().as_bytes())
}

#[test]
fn the_same_request_under_the_same_key_is_done_once_and_answered_alike() {
    let desk = Desk::open();
    let mut clerk = desk.wire("clerk");
    let new = json!({"document": "device-cp", "title": "A policy", "type": "policy", "set": "policies", "body": "pma"});
    let first = post_as(&mut clerk, "key-1", "/v1/documents", &new);
    let again = post_as(&mut clerk, "key-1", "/v1/documents", &new);
    assert_eq!((first.status, first.entry(), &first.body), (201, again.entry(), &again.body));
    assert_eq!((first.status, first.header("location")), (again.status, Some("/v1/documents/device-cp")));
    assert_eq!(clerk.get(first.header("location").unwrap()).done(200), first.json());
    clerk.post("/v1/documents", &new).refused(422, "invalid");

    desk.lodged("device-cp", "1.0", b"WHITE", "WHITE");
    let mut chair = desk.wire("chair");
    for (key, path, body) in [
        (
            "key-2",
            "/v1/documents/device-cp/versions/1.0/classification",
            json!({"classification": "GREEN", "reason": "r"}),
        ),
        (
            "key-3",
            "/v1/needs",
            json!({"document": "device-cp", "purpose": "operate", "statement": "to run the meters"}),
        ),
        (
            "key-4",
            "/v1/directions",
            json!({"document": "device-cp", "title": "t", "requirement": "r", "due": "2090-01-01"}),
        ),
        ("key-5", "/v1/documents/device-cp/versions/1.0/withdraw", json!({"reason": "wrong file"})),
    ] {
        let first = post_as(&mut chair, key, path, &body);
        assert!(matches!(first.status, 200 | 201), "{path}: {first:?}");
        let again = post_as(&mut chair, key, path, &body);
        assert_eq!((first.status, first.entry(), first.json()), (again.status, again.entry(), again.json()), "{path}");
        let other =
            post_as(&mut chair, key, "/v1/documents/device-cp/versions/1.0/publish", &json!({"reason": "other"}));
        other.refused(422, "invalid");
    }
}

#[test]
fn a_white_version_is_published_and_withdrawn_with_a_reason() {
    let desk = Desk::open();
    desk.registered("device-cp");
    desk.lodged("device-cp", "1.0", b"WHITE", "WHITE");
    let path = "/v1/documents/device-cp/versions/1.0";
    desk.post("supplier", &format!("{path}/publish"), &json!({"reason": "mine"})).refused(403, "not_permitted");
    let published = desk.post("member", &format!("{path}/publish"), &json!({"reason": "for everyone"})).done(200);
    assert!(!published["published_at"].is_null());
    let withdrawn = desk.post("clerk", &format!("{path}/withdraw"), &json!({"reason": "wrong file"})).done(200);
    assert_eq!(withdrawn["withdrawn"]["reason"], "wrong file");
    let need = ("Reasonable-Need", r#"purpose=operate, statement="to run the meters by it""#);
    let refused = desk.send("supplier", "GET", &format!("{path}/content"), &[need], b"");
    assert_eq!(refused.refused(403, "not_permitted")["rule"], "LODGE-7");
}
