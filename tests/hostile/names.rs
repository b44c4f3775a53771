//! Names that walk paths, hide characters, never end or mean something else: never a document's or a version's.

use serde_json::json;

use crate::support::deeds::version;
use crate::support::wire::assert_problem;
use crate::support::{Options, Server};

const DOCUMENT: &str = "policy";

/// Segments that are no label, as they stand in a URL.
fn no_labels() -> Vec<String> {
    let long = "1".repeat(300);
    let mut names: Vec<String> = [
        "a%2Fb",
        "%2F",
        "%2Fetc%2Fpasswd",
        "..%2F..%2Fjournal",
        "%2e%2e",
        "..",
        ".",
        "%2E",
        "1..0",
        "%00",
        "1%00",
        "%01",
        "1%0A0",
        "1%0D%0AX: y",
        "1%7F",
        "%E2%80%AE1",
        "%FF",
        "1%20",
        "%20",
        "%C3%A9",
        "in-force",
        "latest",
        "in%2Dforce",
        "%6Catest",
        "%69%6e-%66orce",
        "%25",
        "a%5Cb",
        "%3F",
        "%23",
        "1%3B",
        "1%25%32%46",
        "-1",
        ".hidden",
        "%2B1",
        "%",
        "%2",
        "%zz",
    ]
    .map(|name| name.replace(' ', "%20"))
    .to_vec();
    names.push(long.clone());
    names.push(long.replace('1', "%31"));
    names
}

#[test]
fn what_is_no_label_is_never_lodged() {
    let server = Server::start(&Options::default());
    server.hold(DOCUMENT, "A policy", "GREEN", b"the first version");
    let before = server.connect("secas").get("/v1/documents/policy").must_be(200).json();
    for name in no_labels() {
        let mut secretariat = server.connect("secas");
        let path = version(DOCUMENT, &name);
        let headers = [("Content-Type", "text/plain")];
        let answer = secretariat.exchange("PUT", &path, &headers, Some(b"bytes")).unwrap();
        // 405: the segment is gone from the path, which then ends elsewhere.
        assert!(matches!(answer.status, 400 | 404 | 405), "PUT {path}: {answer:?}");
        if !answer.body.is_empty() {
            answer.problem();
        }
        if !["in-force", "latest"].contains(&decoded(&name).as_str()) {
            let answer = server.connect("secas").get(&path);
            assert!(matches!(answer.status, 400 | 404), "GET {path}: {answer:?}");
        }
    }
    let after = server.connect("secas").get("/v1/documents/policy").must_be(200).json();
    assert_eq!(after, before);
    let mut secretariat = server.connect("secas");
    secretariat.lodge(DOCUMENT, "2.0-rc_1+x", b"an unusual label that is one").must_be(201);
}

#[test]
fn a_path_that_walks_names_nothing_outside_its_place() {
    let server = Server::start(&Options::default());
    server.hold(DOCUMENT, "A policy", "WHITE", b"the first version");
    for path in [
        "/v1/documents/policy/versions/../../policy",
        "/v1/documents/../documents/policy",
        "/v1/documents/%2e%2e/documents/policy",
        "/v1//documents/policy",
        "/../etc/passwd",
        "/log/tile/../../data/checkpoint",
        "/log/tile/..%2F..%2Fdata%2Fcheckpoint",
        "/log/tile/8/0/000.p/0",
        "/log/tile/0/000.p/256",
        "/log/tile/0/x999999999999999999999/000",
    ] {
        let answer = server.connect("secas").get(path);
        assert!(matches!(answer.status, 400 | 404), "{path}: {answer:?}");
        answer.problem();
    }
}

#[test]
fn what_is_no_slug_is_never_registered() {
    let server = Server::start(&Options::default());
    let long = "a".repeat(300);
    let mut secretariat = server.connect("secas");
    for slug in [
        "", "..", ".", "a/b", "../a", "A", "policy_1", "a--b", "-a", "a-", "a b", "a\u{0}b", "a\nb", "é", "a%2Fb",
        &long,
    ] {
        let document = json!({
            "document": slug, "title": "A policy", "type": "certificate_policy", "set": "smki", "body": "pma",
        });
        let answer = secretariat.post("/v1/documents", &document);
        assert!(matches!(answer.status, 400 | 422), "{slug:?}: {answer:?}");
        answer.problem();
    }
    for title in ["", "two\nlines", "\u{7}", &"t".repeat(5_000)] {
        let answer = secretariat.register("policy", title);
        assert!(matches!(answer.status, 400 | 422), "{title:?}: {answer:?}");
        answer.problem();
    }
    let listed = secretariat.get("/v1/documents").must_be(200).json();
    assert_eq!(listed["items"], json!([]));
}

#[test]
fn a_request_for_another_host_or_from_another_site_is_refused() {
    let server = Server::start(&Options::default());
    let mut open = server.connect("chair");
    open.send(b"GET /v1/me HTTP/1.1\r\nHost: evil.example\r\n\r\n").unwrap();
    assert_problem(&open.answer().unwrap(), 421, "misdirected_request");
    for headers in [[("Origin", "https://evil.example")], [("Sec-Fetch-Site", "cross-site")]] {
        let mut open = server.connect("secas");
        assert_problem(&open.request("GET", "/v1/me", &headers), 403, "cross_origin");
    }
}

/// The text that a segment stands for, where it is plain ASCII.
fn decoded(segment: &str) -> String {
    let mut text = String::new();
    let mut rest = segment;
    while let Some((before, after)) = rest.split_once('%') {
        text.push_str(before);
        match after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                text.push(char::from(byte));
                rest = &after[2..];
            }
            None => {
                text.push('%');
                rest = after;
            }
        }
    }
    text + rest
}
