//! Lodging: digests, labels that are taken, limits, and answers that a client which still sends can hear.

use super::Desk;
use crate::edge::http::limits::HttpLimits;
use crate::pure::tlog::hash::sha256;
use crate::pure::wire::digest::Digest;

const PATH: &str = "/v1/documents/device-cp/versions/1.0";

#[test]
fn a_version_is_the_bytes_that_were_sent_and_what_was_said_of_them() {
    let desk = Desk::open();
    desk.registered("device-cp");
    what_the_bytes_are_is_said_well_or_refused(&desk);
    a_refusal_is_heard_by_a_client_that_still_sends(&desk);
    the_bytes_are_those_that_were_announced_or_nothing_is_lodged(&desk);
}

fn the_bytes_are_those_that_were_announced_or_nothing_is_lodged(desk: &Desk) {
    let digest = |bytes: &[u8]| Digest(sha256(bytes)).to_field();
    let wrong = desk.put("clerk", PATH, &[("Content-Digest", &digest(b"other"))], b"bytes");
    wrong.refused(422, "digest_mismatch");
    desk.get("clerk", PATH).refused(404, "not_found");
    let lodged = desk.put("clerk", PATH, &[("Content-Digest", &digest(b"bytes"))], b"bytes");
    assert_eq!(lodged.header("location"), Some(PATH));
    assert_eq!(lodged.done(201)["version"]["content_type"], "application/octet-stream");
    desk.put("clerk", PATH, &[("Content-Digest", &digest(b"other"))], b"other").refused(409, "conflict");
    desk.put("clerk", PATH, &[], b"other").refused(409, "conflict");
    let again = desk.put("clerk", PATH, &[], b"bytes");
    assert_eq!((again.done(200)["entry"].as_u64(), again.entry()), (lodged.entry(), None));
    desk.put("clerk", "/v1/documents/device-cp/versions/2.0", &[], b"").refused(422, "invalid");
}

fn what_the_bytes_are_is_said_well_or_refused(desk: &Desk) {
    let long = format!("text/{}", "x".repeat(130));
    for (field, status, code) in [
        (("Content-Digest", "sha-512=:AAAA:"), 400, "malformed"),
        (("Content-Encoding", "gzip"), 415, "unsupported_media_type"),
        (("Content-Type", long.as_str()), 400, "malformed"),
        (("Lodger-Signature", "MII"), 400, "malformed"),
        (("Lodger-Signature", ":MIIB:"), 422, "invalid"),
    ] {
        desk.put("clerk", PATH, &[field], b"bytes").refused(status, code);
    }
    for query in ["classification=PINK", "effective=tomorrow", "direction=12", "colour=red"] {
        desk.put("clerk", &format!("{PATH}?{query}"), &[], b"bytes").refused(400, "malformed");
    }
}

#[test]
fn a_body_over_the_limit_is_refused_before_and_while_it_comes() {
    let desk = Desk::open_with(HttpLimits { max_document_bytes: 1000, ..HttpLimits::default() });
    desk.registered("device-cp");
    desk.put("clerk", PATH, &[], &[7; 1001]).refused(413, "too_large");
    let mut wire = desk.wire("clerk");
    wire.begin("PUT", PATH, &[("Content-Length", "5000000000"), ("Expect", "100-continue")]);
    wire.reply("PUT").refused(413, "too_large");
    let mut chunked = desk.wire("clerk");
    let body = format!("3e9\r\n{}\r\n0\r\n\r\n", "x".repeat(1001));
    chunked.begin("PUT", PATH, &[("Transfer-Encoding", "chunked")]);
    chunked.push(body.as_bytes());
    chunked.reply("PUT").refused(413, "too_large");
    desk.put("clerk", PATH, &[], &[7; 1000]).done(201);
}

fn a_refusal_is_heard_by_a_client_that_still_sends(desk: &Desk) {
    let big = vec![7; 8 << 20];
    let refused = desk.put("supplier", PATH, &[], &big);
    refused.refused(404, "not_found");
    assert_eq!(refused.header("connection"), Some("close"));
    let mut wire = desk.wire("supplier");
    let small = wire.send("PUT", PATH, &[], &big[..1000]);
    small.refused(404, "not_found");
    assert_eq!(small.header("connection"), None);
    wire.get("/v1/me").done(200);
}
