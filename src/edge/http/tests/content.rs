//! Stored documents: whole, in part, conditionally, and in public.

use super::site::block_on;
use super::*;
use crate::pure::domain::classification::Classification;
use crate::pure::domain::command::Command;
use crate::pure::tlog::hash::sha256;
use crate::pure::wire::digest::Digest;

#[test]
fn content_comes_with_what_is_known_of_it() {
    let site = Site::start();
    site.lodge("1.0", "text/plain", b"ten bytes.".to_vec(), Classification::Amber);
    let mut chair = site.client("chair");
    let whole = chair.get("/test/content/1.0");
    assert_eq!((whole.status, whole.text().as_str()), (200, "ten bytes."));
    let digest = Digest(sha256(b"ten bytes.")).to_field();
    for (name, value) in [
        ("classification", "AMBER"),
        ("etag", format!("\"{}\"", hex::encode(sha256(b"ten bytes."))).as_str()),
        ("repr-digest", digest.as_str()),
        ("content-digest", digest.as_str()),
        ("content-disposition", "attachment; filename=\"policy-1.0.txt\""),
        ("cache-control", "no-store"),
        ("accept-ranges", "bytes"),
        ("content-type", "text/plain"),
        ("content-length", "10"),
        (
            "content-security-policy",
            "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    ] {
        assert_eq!(whole.header(name), Some(value), "{name}");
    }
    assert!(whole.header("last-modified").unwrap().ends_with(" GMT"));
    let entry: u64 = whole.header("audit-entry").unwrap().parse().unwrap();

    let head = chair.request("HEAD", "/test/content/1.0", &[]);
    assert_eq!((head.status, head.header("content-length")), (200, Some("10")));
    assert_eq!(head.header("content-digest"), None);
    assert_eq!(head.header("audit-entry"), Some((entry + 1).to_string().as_str()));

    let part = chair.request("GET", "/test/content/1.0", &[("Range", "bytes=4-8")]);
    assert_eq!((part.status, part.text().as_str()), (206, "bytes"));
    assert_eq!(part.header("content-range"), Some("bytes 4-8/10"));
    assert_eq!((part.header("repr-digest"), part.header("content-digest")), (Some(digest.as_str()), None));

    let beyond = chair.request("GET", "/test/content/1.0", &[("Range", "bytes=10-")]);
    assert_eq!((beyond.status, beyond.code().as_str()), (416, "range_not_satisfiable"));
    assert_eq!(beyond.header("content-range"), Some("bytes */10"));
    assert!(beyond.header("audit-entry").is_some());

    let tag = whole.header("etag").unwrap();
    let known = chair.request("GET", "/test/content/1.0", &[("If-None-Match", tag)]);
    assert_eq!((known.status, known.body.len()), (304, 0));
    assert_eq!((known.header("etag"), known.header("audit-entry").is_some()), (Some(tag), true));
    let other = chair.request("GET", "/test/content/1.0", &[("If-Match", "\"x\"")]);
    assert_eq!((other.status, other.code().as_str()), (412, "precondition_failed"));
    assert_eq!(chair.get("/test/content/1.0").status, 200, "the connection is still in order");
}

#[test]
fn class_3_every_answer_with_content_carries_its_classification() {
    let site = Site::start();
    let mut chair = site.client("chair");
    for (label, level) in ["1.0", "2.0", "3.0", "4.0"].into_iter().zip(Classification::ALL) {
        site.lodge(label, "text/plain", b"ten bytes.".to_vec(), level);
        let target = format!("/test/content/{label}");
        let tag = chair.get(&target).header("etag").unwrap().to_owned();
        let condition = [("If-None-Match", tag.as_str())];
        for (method, headers, status) in [
            ("GET", &[][..], 200),
            ("HEAD", &[][..], 200),
            ("GET", &[("Range", "bytes=4-8")][..], 206),
            ("GET", &condition[..], 304),
        ] {
            let answer = chair.request(method, &target, headers);
            assert_eq!((answer.status, answer.header("classification")), (status, Some(level.as_str())), "{method}");
        }
    }
}

#[test]
fn what_a_person_may_not_know_of_is_absent() {
    let site = Site::start();
    site.lodge("1.0", "text/plain", b"ten bytes.".to_vec(), Classification::Red);
    let mut supplier = site.client("supplier");
    let (hidden, absent) = (supplier.get("/test/content/1.0"), supplier.get("/test/content/9.9"));
    assert_eq!((hidden.status, absent.status), (404, 404));
    let strip = |response: &client::Response| {
        let entry = response.header("audit-entry").unwrap();
        response.text().replace(entry, "N")
    };
    assert_eq!(strip(&hidden), strip(&absent));
}

#[test]
fn a_large_document_is_streamed_and_a_part_of_it_is_the_part() {
    let site = Site::start();
    let bytes: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 251) as u8).collect();
    site.lodge("1.0", "application/pdf", bytes.clone(), Classification::Green);
    let mut supplier = site.client("supplier");
    let whole = supplier.get("/test/content/1.0");
    assert!(whole.body == bytes);
    assert_eq!(whole.header("content-disposition"), Some("inline; filename=\"policy-1.0.pdf\""));
    let part = supplier.request("GET", "/test/content/1.0", &[("Range", "bytes=1000000-1999999")]);
    assert!(part.body == bytes[1_000_000..2_000_000]);
    let head = supplier.request("HEAD", "/test/content/1.0", &[]);
    assert_eq!((head.status, head.header("content-length")), (200, Some("3000000")));
    assert_eq!(supplier.get("/test/peer").status, 200, "the connection is still in order");
}

#[test]
fn a_download_ends_when_its_reader_is_revoked() {
    let site = Site::start();
    site.lodge("1.0", "text/plain", vec![7; 24 << 20], Classification::Green);
    let mut supplier = site.client("supplier");
    let authority = supplier.authority();
    let request = format!("GET /test/content/1.0 HTTP/1.1\r\nHost: {authority}\r\n\r\n");
    supplier.send(request.as_bytes()).unwrap();
    let mut operator = site.operator();
    while !operator.get("/metrics").text().contains("under_way 1") {}
    site.revoke("supplier");
    // Its reader takes nothing until the server has given the download up.
    while operator.get("/metrics").text().contains("under_way 1") {
        std::thread::yield_now();
    }
    // The revocation may also have come before the read was decided.
    if let Ok(answer) = supplier.response() {
        assert_eq!(answer.status, 403, "the whole content came all the same");
    }
}

#[test]
fn read_8_a_download_ends_when_the_register_revokes_its_reader_s_credential() {
    let site = Site::start();
    site.lodge("1.0", "text/plain", vec![7; 24 << 20], Classification::Green);
    let mut supplier = site.client("supplier");
    let request = format!("GET /test/content/1.0 HTTP/1.1\r\nHost: {}\r\n\r\n", supplier.authority());
    supplier.send(request.as_bytes()).unwrap();
    let mut operator = site.operator();
    while !operator.get("/metrics").text().contains("under_way 1") {}
    let revocation =
        Command::RevokeCredential { credential: site.credential("supplier"), reason: "the card was lost".into() };
    block_on(site.repository.submit(site.credential("chair"), revocation, None)).unwrap();
    // Its reader takes nothing until the server has given the download up.
    while operator.get("/metrics").text().contains("under_way 1") {
        std::thread::yield_now();
    }
    // The revocation may also have come before the read was decided.
    if let Ok(answer) = supplier.response() {
        assert_eq!(answer.status, 403, "the whole content came all the same");
    }
}

#[test]
fn a_reader_that_stalls_is_cut_off() {
    let limits = crate::edge::http::limits::HttpLimits {
        download_idle: std::time::Duration::from_millis(500),
        ..Default::default()
    };
    let site = Site::start_with(limits);
    site.lodge("1.0", "text/plain", vec![7; 24 << 20], Classification::Green);
    let mut supplier = site.client("supplier");
    let authority = supplier.authority();
    let request = format!("GET /test/content/1.0 HTTP/1.1\r\nHost: {authority}\r\n\r\n");
    supplier.send(request.as_bytes()).unwrap();
    let mut operator = site.operator();
    while !operator.get("/metrics").text().contains("under_way 1") {}
    while operator.get("/metrics").text().contains("under_way 1") {
        std::thread::yield_now();
    }
    assert!(supplier.response().is_err());
}

#[test]
fn only_what_is_published_is_public() {
    let site = Site::start();
    site.lodge("1.0", "text/plain", b"for all".to_vec(), Classification::White);
    site.lodge("2.0", "text/plain", b"not yet".to_vec(), Classification::White);
    site.publish("1.0");
    let mut visitor = site.visitor();
    let entries = site.repository.evidence().records.next_index();
    let open = visitor.get("/published/policy/1.0");
    assert_eq!((open.status, open.text().as_str()), (200, "for all"));
    assert_eq!(open.header("classification"), Some("WHITE"));
    assert!(open.header("cache-control").unwrap().starts_with("public"));
    assert!(open.header("audit-entry").is_none());
    for path in ["/published/policy/2.0", "/published/other/1.0", "/published/policy/..", "/v1/me", "/test/peer", "/"] {
        assert_eq!(visitor.get(path).code(), "not_found", "{path}");
    }
    let list: serde_json::Value = serde_json::from_slice(&visitor.get("/published/").body).unwrap();
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");
    assert_eq!((list["items"][0]["url"].as_str(), &list["next"]), (Some("/published/policy/1.0"), &().into()));
    assert_eq!(visitor.get("/published/?after=nonsense").code(), "malformed");
    assert_eq!(visitor.get("/published/?limit=0").code(), "malformed");
    assert_eq!(visitor.get("/published/?lim=1").code(), "malformed");
    assert_eq!(site.repository.evidence().records.next_index(), entries, "it made no entry");
}
