//! Who may pass, and what every request must be.

use std::num::NonZeroU32;

use super::*;
use crate::edge::http::limits::HttpLimits;

#[test]
fn without_a_certificate_there_is_no_connection() {
    let site = Site::start();
    let tls = site.client_tls(None);
    let refused = Client::over_tls(site.addresses.mutual_tls, tls).and_then(|mut client| {
        let request = format!("GET /test/peer HTTP/1.1\r\nHost: {}\r\n\r\n", client.authority());
        client.send(request.as_bytes())?;
        client.response()
    });
    assert!(refused.unwrap_err().to_string().contains("CertificateRequired"));
}

#[test]
fn the_register_says_whose_a_certificate_is() {
    let site = Site::start();
    assert_eq!(site.client("chair").get("/test/peer").text(), "chair");
    let refused = site.client("outsider").get("/test/peer");
    assert_eq!((refused.status, refused.code().as_str()), (403, "credential_unknown"));
    assert!(refused.header("audit-entry").is_none());
}

#[test]
fn a_revocation_ends_a_connection_that_is_open() {
    let site = Site::start();
    let mut chair = site.client("chair");
    assert_eq!(chair.get("/test/peer").status, 200);
    site.revoke("chair");
    let refused = chair.get("/test/peer");
    assert_eq!((refused.status, refused.code().as_str()), (403, "credential_revoked"));
    assert_eq!(refused.header("connection"), Some("close"));
}

#[test]
fn one_credential_has_a_budget_of_requests() {
    let limits = HttpLimits { requests_per_minute: NonZeroU32::new(3).unwrap(), ..HttpLimits::default() };
    let site = Site::start_with(limits);
    let mut chair = site.client("chair");
    for _ in 0..3 {
        assert_eq!(chair.get("/test/peer").status, 200);
    }
    let refused = chair.get("/test/peer");
    assert_eq!((refused.status, refused.code().as_str()), (429, "too_many_requests"));
    assert!(refused.header("retry-after").unwrap().parse::<u64>().unwrap() > 0);
    assert_eq!(site.client("supplier").get("/test/peer").status, 200, "another credential has its own");
}

#[test]
fn a_request_for_another_host_is_refused() {
    let site = Site::start();
    let ask = |request: &str| {
        let mut chair = site.client("chair");
        chair.send(request.as_bytes()).unwrap();
        chair.response().unwrap()
    };
    let foreign = ask("GET /test/peer HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    assert_eq!((foreign.status, foreign.code().as_str()), (421, "misdirected_request"));
    let own = format!("localhost:{}", site.addresses.mutual_tls.port());
    let absolute = ask(&format!("GET https://evil.example/test/peer HTTP/1.1\r\nHost: {own}\r\n\r\n"));
    assert_eq!((absolute.status, absolute.code().as_str()), (421, "misdirected_request"));
    let named = format!("pma.example.org:{}", site.addresses.mutual_tls.port());
    assert_eq!(ask(&format!("GET /test/peer HTTP/1.1\r\nHost: {named}\r\n\r\n")).status, 200);
    let no_host = ask("GET /test/peer HTTP/1.0\r\n\r\n");
    assert_eq!(no_host.status, 400);
}

#[test]
fn another_site_can_neither_read_nor_act() {
    let site = Site::start();
    let mut chair = site.client("chair");
    for (method, header) in [
        ("GET", ("Sec-Fetch-Site", "cross-site")),
        ("PUT", ("Sec-Fetch-Site", "same-site")),
        ("PUT", ("Origin", "https://evil.example")),
    ] {
        let refused = chair.request(method, "/test/peer", &[header]);
        assert_eq!((refused.status, refused.code().as_str()), (403, "cross_origin"), "{method} {header:?}");
    }
    assert_eq!(chair.request("GET", "/test/peer", &[("Sec-Fetch-Site", "same-origin")]).status, 200);
}

#[test]
fn every_error_is_a_problem() {
    let site = Site::start();
    let mut chair = site.client("chair");
    let absent = chair.get("/nowhere");
    assert_eq!((absent.status, absent.code().as_str()), (404, "not_found"));
    let head = chair.request("HEAD", "/nowhere", &[]);
    assert_eq!((head.status, head.header("content-type")), (404, Some("application/problem+json")));
    let wrong = chair.request("DELETE", "/test/peer", &[]);
    assert_eq!((wrong.status, wrong.code().as_str()), (405, "method_not_allowed"));
    assert_eq!(wrong.header("allow"), Some("GET"));
    let long = chair.get(&format!("/{}", "x".repeat(9000)));
    assert_eq!((long.status, long.code().as_str()), (414, "uri_too_long"));
}

#[test]
fn a_body_that_is_not_json_is_malformed() {
    let site = Site::start();
    let ask = |kind: &str, body: &str| {
        let mut chair = site.client("chair");
        let (authority, length) = (chair.authority(), body.len());
        let head = format!("POST /test/json HTTP/1.1\r\nHost: {authority}\r\nContent-Type: {kind}\r\n");
        chair.send(format!("{head}Content-Length: {length}\r\n\r\n{body}").as_bytes()).unwrap();
        chair.response().unwrap()
    };
    assert_eq!(ask("application/json", "[1,2]").text(), "2");
    assert_eq!(ask("application/json", "[1,").code(), "malformed");
    assert_eq!(ask("application/json", "{}").code(), "malformed");
    assert_eq!(ask("text/plain", "[1]").code(), "unsupported_media_type");
    assert_eq!(ask("application/json", &format!("[{}1]", " ".repeat(300_000))).code(), "too_large");
}

#[test]
fn every_answer_has_the_headers_that_guard_it() {
    let site = Site::start();
    let answer = site.client("chair").get("/test/peer");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(answer.header("content-security-policy"), Some(crate::edge::http::headers::NOTHING));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(answer.header("strict-transport-security").is_some());
}

#[test]
fn crooked_and_huge_headers_end_in_an_answer() {
    let site = Site::start();
    let ask = |request: &str| {
        let mut chair = site.client("chair");
        let request = request.replace("OWN", &chair.authority());
        // The server may close before all has been sent.
        let _ = chair.send(request.as_bytes());
        chair.response().map(|response| response.status)
    };
    let huge = format!("GET /test/peer HTTP/1.1\r\nHost: OWN\r\nX: {}\r\n\r\n", "x".repeat(60 << 10));
    assert_eq!(ask(&huge).unwrap(), 431);
    let many = format!("GET /test/peer HTTP/1.1\r\nHost: OWN\r\n{}\r\n", "X: y\r\n".repeat(200));
    assert_eq!(ask(&many).unwrap(), 431);
    assert_eq!(ask("GET /test/peer HTTP/1.1\r\nHost: OWN\r\nHost: OWN\r\n\r\n").unwrap(), 400);
    assert_eq!(ask("nonsense\r\n\r\n").unwrap(), 400);
    // The parser would take lines that end without a carriage return; nothing of them reaches it.
    assert_eq!(ask("GET /test/peer HTTP/1.1\nHost: OWN\n\n").unwrap(), 400);
}
