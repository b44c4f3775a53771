//! The difference of two versions from outside.

use serde_json::json;

use super::Desk;
use super::wire::Reply;

const NEED: (&str, &str) =
    ("Reasonable-Need", r#"purpose=operate, statement="to run the meters by it", reference="meeting 1""#);

fn diff(desk: &Desk, person: &str, query: &str) -> Reply {
    desk.send(person, "GET", &format!("/v1/documents/device-cp/diff?{query}"), &[NEED], b"")
}

/// The indices of the entries that an answer names.
fn entries(reply: &Reply) -> Vec<u64> {
    let named = reply.headers.iter().filter(|(name, _)| name == "audit-entry");
    named.map(|(_, index)| index.parse().unwrap()).collect()
}

#[test]
fn class_2_a_difference_is_a_read_of_both_and_carries_the_strictest_classification() {
    let desk = Desk::open();
    desk.registered("device-cp");
    desk.lodged("device-cp", "1.0", b"one\ntwo\nthree\n", "WHITE");
    desk.lodged("device-cp", "2.0", b"one\n2\nthree\n", "AMBER");
    let shown = diff(&desk, "member", "from=1.0&to=2.0");
    assert_eq!(shown.status, 200, "{shown:?}");
    assert_eq!(
        String::from_utf8(shown.body.clone()).unwrap(),
        "--- device-cp/1.0\n+++ device-cp/2.0\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n"
    );
    assert_eq!(shown.header("classification"), Some("AMBER"));
    assert_eq!(shown.header("content-type"), Some("text/x-diff; charset=utf-8"));
    assert_eq!(shown.header("cache-control"), Some("no-store"));
    let [first, second] = entries(&shown)[..] else { panic!("two entries: {shown:?}") };
    for (index, label) in [(first, "1.0"), (second, "2.0")] {
        let record = desk.get("member", &format!("/v1/audit/entries?after={}&limit=1", index - 1)).done(200);
        let released = &record["items"][0]["record"]["events"][1];
        assert_eq!((&released["kind"], &released["label"]), (&json!("content_released"), &json!(label)));
    }
    assert_eq!(diff(&desk, "member", "from=2.0&to=1.0").header("classification"), Some("AMBER"));
}

#[test]
fn nothing_is_disclosed_or_entered_as_read_unless_both_are_permitted() {
    let desk = Desk::open();
    desk.registered("device-cp");
    desk.lodged("device-cp", "1.0", b"one\n", "WHITE");
    desk.lodged("device-cp", "2.0", b"two\n", "AMBER");
    for query in ["from=1.0&to=2.0", "from=2.0&to=1.0", "from=1.0&to=9.0"] {
        let hidden = diff(&desk, "supplier", query);
        let problem = hidden.refused(404, "not_found");
        assert_eq!(entries(&hidden), [problem["entry"].as_u64().unwrap()], "{query}");
    }
    let unsigned = diff(&desk, "unsigned", "from=1.0&to=2.0");
    unsigned.refused(403, "agreement_required");
    desk.get("member", "/v1/documents/device-cp/diff?from=1.0&to=2.0").refused(403, "need_required");
    for person in ["supplier", "unsigned", "member"] {
        let trail = desk.get(person, "/v1/audit/entries?limit=500").done(200).to_string();
        assert!(!trail.contains("content_released"), "{person}: {trail}");
    }
}

#[test]
fn what_cannot_be_compared_is_said_before_it_is_read() {
    let desk = Desk::open();
    desk.registered("device-cp");
    desk.lodged("device-cp", "1.0", b"one\n", "WHITE");
    desk.lodged("device-cp", "2.0", b"\xff\xfe", "WHITE");
    desk.put("clerk", "/v1/documents/device-cp/versions/3.0", &[("Content-Type", "application/pdf")], b"%PDF")
        .done(201);
    let long = vec![b'a'; (4 << 20) + 1];
    desk.put("clerk", "/v1/documents/device-cp/versions/4.0", &[("Content-Type", "text/plain")], &long).done(201);
    diff(&desk, "clerk", "from=1.0&to=3.0").refused(415, "unsupported_media_type");
    diff(&desk, "clerk", "from=4.0&to=1.0").refused(413, "too_large");
    let not_text = diff(&desk, "clerk", "from=1.0&to=2.0").refused(415, "unsupported_media_type");
    assert!(not_text["entry"].is_u64(), "both were read: {not_text}");
    for wrong in ["from=1.0", "from=1.0&to=1.0", "from=1.0&to=..", "from=1.0&to=2.0&by=line", ""] {
        diff(&desk, "clerk", wrong).refused(400, "malformed");
    }
}
