//! What cannot be understood: 400 and its neighbours, without an entry.

use serde_json::json;

use super::Desk;

#[test]
fn what_cannot_be_understood_is_told_so() {
    let desk = Desk::open();
    names_that_are_none_are_malformed(&desk);
    bodies_are_their_shape_and_nothing_else(&desk);
    needs_in_headers_are_understood_or_malformed(&desk);
    urls_and_methods_that_are_not_served_say_so(&desk);
}

fn names_that_are_none_are_malformed(desk: &Desk) {
    let long = "1".repeat(300);
    let mut wire = desk.wire("clerk");
    for path in [
        "/v1/documents/Policy".to_owned(),
        "/v1/documents/..".to_owned(),
        "/v1/documents/p%2Fq".to_owned(),
        "/v1/documents/policy/versions/a%2Fb".to_owned(),
        "/v1/documents/policy/versions/..%2F..".to_owned(),
        "/v1/documents/policy/versions/%2e%2e".to_owned(),
        "/v1/documents/policy/versions/1%00".to_owned(),
        "/v1/documents/policy/versions/1%0d%0a".to_owned(),
        format!("/v1/documents/policy/versions/{long}"),
        format!("/v1/documents/{long}/versions/1.0/content"),
        "/v1/needs/7".to_owned(),
        "/v1/directions/need-7".to_owned(),
    ] {
        let reply = wire.get(&path);
        let problem = reply.refused(400, "malformed");
        assert!(problem.get("entry").is_none() && reply.entry().is_none(), "{path}");
    }
    for label in ["in-force", "latest"] {
        let path = format!("/v1/documents/policy/versions/{label}");
        wire.send("PUT", &path, &[], b"bytes").refused(400, "malformed");
        wire.post(&format!("{path}/publish"), &json!({"reason": "r"})).refused(400, "malformed");
    }
}

fn bodies_are_their_shape_and_nothing_else(desk: &Desk) {
    let mut wire = desk.wire("clerk");
    let json_type = ("Content-Type", "application/json");
    for body in
        ["", "{", "[]", r#"{"document":"d"}"#, r#"{"document":"d","purpose":"p","statement":"s","colour":"red"}"#]
    {
        wire.send("POST", "/v1/needs", &[json_type], body.as_bytes()).refused(400, "malformed");
    }
    wire.send("POST", "/v1/needs", &[("Content-Type", "text/plain")], b"{}").refused(415, "unsupported_media_type");
    wire.send("POST", "/v1/needs", &[json_type, ("Content-Encoding", "gzip")], b"{}")
        .refused(415, "unsupported_media_type");
    let key = "k".repeat(129);
    wire.send("POST", "/v1/needs", &[json_type, ("Idempotency-Key", &key)], b"{}").refused(400, "malformed");
    desk.send("clerk", "POST", "/v1/needs", &[json_type], &vec![b' '; 300 << 10]).refused(413, "too_large");
}

fn needs_in_headers_are_understood_or_malformed(desk: &Desk) {
    let mut wire = desk.wire("clerk");
    let path = "/v1/documents/policy/versions/1.0/content";
    for need in ["please", r#"id="7""#, "purpose=operate", r#"id="need-1", purpose=operate"#] {
        wire.send("GET", path, &[("Reasonable-Need", need)], b"").refused(400, "malformed");
    }
    let both = format!("{path}?need=need-2");
    wire.send("GET", &both, &[("Reasonable-Need", r#"id="need-1""#)], b"").refused(400, "malformed");
    wire.get(&format!("{path}?need=2")).refused(400, "malformed");
}

fn urls_and_methods_that_are_not_served_say_so(desk: &Desk) {
    let mut wire = desk.wire("clerk");
    wire.get("/v1/nothing").refused(404, "not_found");
    let refused = wire.send("DELETE", "/v1/documents", &[], b"");
    refused.refused(405, "method_not_allowed");
    assert_eq!(refused.header("allow"), Some("GET, HEAD, POST"));
    let document = wire.get("/v1/openapi.json").done(200);
    assert_eq!(document["openapi"], "3.1.0");
}
