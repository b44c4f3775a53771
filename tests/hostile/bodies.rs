//! Bodies that are too large, cut off, not what was announced, or do not come.

use crate::support::deeds::{bytes, version};
use crate::support::wire::assert_problem;
use crate::support::{Connection, Options, Server, eventually};

const DOCUMENT: &str = "policy";

/// A server with the document and these limits, and a connection of the Secretariat.
fn lodging(limits: &[(&'static str, u64)]) -> (Server, Connection) {
    let server = Server::start(&Options { limits: limits.to_vec(), ..Options::default() });
    let mut secretariat = server.connect("secas");
    secretariat.register(DOCUMENT, "A policy").must_be(201);
    (server, secretariat)
}

fn put(connection: &Connection, label: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    let headers: Vec<_> = [("Content-Type", "text/plain")].iter().chain(headers).copied().collect();
    connection.head("PUT", &version(DOCUMENT, label), &headers).into_bytes()
}

/// Waits until nothing of the given up upload is left.
fn nothing_remains(server: &Server) {
    eventually("the removal of what was stored", || server.directory.blobs().is_empty().then_some(()));
}

#[test]
fn a_body_over_the_limit_is_refused_whether_or_not_it_says_its_length() {
    let limit = 300_000;
    let (server, mut secretariat) = lodging(&[("max_document_bytes", limit)]);
    let huge = bytes(400_000, 1);

    // Announced: not a byte of it is waited for.
    secretariat.send(&put(&secretariat, "1.0", &[("Content-Length", "99999999999")])).unwrap();
    assert_problem(&secretariat.answer().unwrap(), 413, "too_large");

    let mut whole = server.connect("secas");
    assert_problem(&whole.lodge(DOCUMENT, "1.0", &huge), 413, "too_large");

    let mut chunked = server.connect("secas");
    chunked.send(&put(&chunked, "1.0", &[("Transfer-Encoding", "chunked")])).unwrap();
    for portion in huge.chunks(50_000) {
        // The server may have closed the connection already.
        let _ = chunked.send(format!("{:x}\r\n", portion.len()).as_bytes());
        let _ = chunked.send(portion);
        let _ = chunked.send(b"\r\n");
    }
    let _ = chunked.send(b"0\r\n\r\n");
    assert_problem(&chunked.answer().unwrap(), 413, "too_large");

    server.assert_nothing_lodged(DOCUMENT, "1.0");
    nothing_remains(&server);
    let fits = bytes(usize::try_from(limit).unwrap(), 2);
    server.connect("secas").lodge(DOCUMENT, "1.0", &fits).must_be(201);
    server.assert_lodged(DOCUMENT, "1.0", &fits);
}

#[test]
fn a_body_that_is_cut_off_lodges_nothing() {
    let (server, secretariat) = lodging(&[]);
    drop(secretariat);
    let body = bytes(5 << 20, 3);
    for headers in [[("Content-Length", "5242880")], [("Transfer-Encoding", "chunked")]] {
        let mut cut = server.connect("secas");
        cut.send(&put(&cut, "1.0", &headers)).unwrap();
        if headers[0].1 == "chunked" {
            cut.send(format!("{:x}\r\n", body.len()).as_bytes()).unwrap();
        }
        let before = server.metric("strongroom_upload_bytes_total");
        cut.send(&body[..3 << 20]).unwrap();
        eventually("the first bytes", || (server.metric("strongroom_upload_bytes_total") > before).then_some(()));
        cut.cut();
        eventually("the end of the upload", || {
            (server.metric("strongroom_http_requests_under_way") == 0).then_some(())
        });
        nothing_remains(&server);
        server.assert_nothing_lodged(DOCUMENT, "1.0");
    }
    server.connect("secas").lodge(DOCUMENT, "1.0", &body).must_be(201);
    server.assert_lodged(DOCUMENT, "1.0", &body);
}

#[test]
fn a_body_with_another_digest_than_announced_is_not_lodged() {
    let (server, mut secretariat) = lodging(&[]);
    let wrong = format!("sha-256=:{}:", "A".repeat(43) + "=");
    let headers = [("Content-Type", "text/plain"), ("Content-Digest", wrong.as_str())];
    let answer = secretariat.exchange("PUT", &version(DOCUMENT, "1.0"), &headers, Some(b"other bytes")).unwrap();
    assert_problem(&answer, 422, "digest_mismatch");
    for malformed in ["sha-256=:AAAA:", "sha-256", "nonsense", "md5=:AAAA:", ""] {
        let headers = [("Content-Type", "text/plain"), ("Content-Digest", malformed)];
        let answer = secretariat.exchange("PUT", &version(DOCUMENT, "1.0"), &headers, Some(b"bytes")).unwrap();
        assert!(matches!(answer.status, 400 | 422), "{malformed}: {answer:?}");
        answer.problem();
    }
    server.assert_nothing_lodged(DOCUMENT, "1.0");
}

#[test]
fn the_same_bytes_again_are_the_same_lodgement_and_others_a_conflict() {
    let (server, mut secretariat) = lodging(&[]);
    let first = secretariat.lodge(DOCUMENT, "1.0", b"the bytes").must_be(201);
    let again = secretariat.lodge(DOCUMENT, "1.0", b"the bytes").must_be(200);
    assert_eq!(again.entry(), None, "the same lodgement makes no entry");
    assert_eq!(again.json()["entry"].as_u64(), first.entry());
    // Decided before the first byte where the digest is announced, at the end where it is not.
    assert_problem(&secretariat.lodge(DOCUMENT, "1.0", b"other bytes"), 409, "conflict");
    let mut secretariat = server.connect("secas");
    let headers = [("Content-Type", "text/plain")];
    let answer = secretariat.exchange("PUT", &version(DOCUMENT, "1.0"), &headers, Some(b"other bytes")).unwrap();
    assert_problem(&answer, 409, "conflict");
    server.assert_lodged(DOCUMENT, "1.0", b"the bytes");
}

#[test]
fn an_empty_body_is_no_version_and_a_single_byte_is() {
    let (server, mut secretariat) = lodging(&[]);
    assert_problem(&secretariat.lodge(DOCUMENT, "1.0", b""), 422, "invalid");
    let mut none = server.connect("secas");
    let answer = none.request("PUT", &version(DOCUMENT, "1.0"), &[("Content-Type", "text/plain")]);
    assert_problem(&answer, 422, "invalid");
    server.assert_nothing_lodged(DOCUMENT, "1.0");
    server.connect("secas").lodge(DOCUMENT, "1.0", b"x").must_be(201);
    server.assert_lodged(DOCUMENT, "1.0", b"x");
}

#[test]
fn a_body_in_chunks_is_lodged_whole() {
    let (server, mut secretariat) = lodging(&[]);
    let body = bytes(200_000, 4);
    secretariat.send(&put(&secretariat, "1.0", &[("Transfer-Encoding", "chunked")])).unwrap();
    for portion in body.chunks(7_777) {
        secretariat.send(format!("{:x}\r\n", portion.len()).as_bytes()).unwrap();
        secretariat.send(portion).unwrap();
        secretariat.send(b"\r\n").unwrap();
    }
    secretariat.send(b"0\r\n\r\n").unwrap();
    secretariat.answer().unwrap().must_be(201);
    server.assert_lodged(DOCUMENT, "1.0", &body);
}

#[test]
fn a_body_whose_length_is_in_doubt_is_not_lodged() {
    let (server, secretariat) = lodging(&[]);
    drop(secretariat);
    for headers in [
        &[("Content-Length", "4"), ("Transfer-Encoding", "chunked")][..],
        &[("Content-Length", "4"), ("Content-Length", "5")],
        &[("Content-Length", "-4")],
        &[("Content-Length", "+4")],
        &[("Transfer-Encoding", "chunked, gzip")],
    ] {
        let mut doubtful = server.connect("secas");
        doubtful.send(&put(&doubtful, "1.0", headers)).unwrap();
        let _ = doubtful.send(b"4\r\nabcd\r\n0\r\n\r\n");
        match doubtful.answer() {
            Ok(answer) => assert!(matches!(answer.status, 400 | 413 | 501), "{headers:?}: {answer:?}"),
            Err(_) => { /* Closed without a word is as good: nobody can tell where the next request begins. */ }
        }
    }
    server.assert_nothing_lodged(DOCUMENT, "1.0");
}

#[test]
fn an_upload_that_stalls_is_ended_and_lodges_nothing() {
    let (server, mut stalled) = lodging(&[("upload_idle_seconds", 1)]);
    stalled.send(&put(&stalled, "1.0", &[("Content-Length", "10")])).unwrap();
    stalled.send(b"some").unwrap();
    assert_problem(&stalled.answer().unwrap(), 408, "request_timeout");
    assert_eq!(stalled.rest(), b"", "the connection is closed");
    server.assert_nothing_lodged(DOCUMENT, "1.0");
    nothing_remains(&server);
}

#[test]
fn an_upload_that_drips_is_ended_although_it_is_never_silent() {
    let (server, mut dripping) = lodging(&[("upload_idle_seconds", 1), ("upload_minimum_rate", 1 << 20)]);
    dripping.send(&put(&dripping, "1.0", &[("Content-Length", "1000000")])).unwrap();
    eventually("the end of the drips", || {
        let ended = dripping.send(b"x").is_err();
        ended.then_some(()).or_else(|| told_timeout(&server))
    });
    server.assert_nothing_lodged(DOCUMENT, "1.0");
    nothing_remains(&server);
}

fn told_timeout(server: &Server) -> Option<()> {
    let metrics = server.operations().get("/metrics").text();
    metrics.contains("strongroom_http_problems_total{code=\"request_timeout\"} 1").then_some(())
}

#[test]
fn a_json_body_over_its_limit_is_refused() {
    let (_server, mut secretariat) = lodging(&[("max_body_bytes", 2000)]);
    let title = "x".repeat(3000);
    assert_problem(&secretariat.register("other", &title), 413, "too_large");
}

#[test]
fn a_refusal_is_heard_however_much_was_still_to_come() {
    let (server, secretariat) = lodging(&[]);
    drop(secretariat);
    let large = bytes(6 << 20, 9);
    for (person, path, status) in [
        ("secas", version("absent", "1.0"), 404),
        ("secas", version(DOCUMENT, "in-force"), 400),
        ("secas", version(DOCUMENT, "1.0") + "?colour=red", 400),
        ("party-small-supplier", version(DOCUMENT, "1.0"), 404),
        ("outsider", version(DOCUMENT, "1.0"), 403),
        ("secas", "/v1/nothing".to_owned(), 404),
        ("secas", "/v1/me".to_owned(), 405),
    ] {
        let mut connection = server.connect(person);
        let headers = [("Content-Type", "text/plain")];
        let answer = connection.exchange("PUT", &path, &headers, Some(&large));
        assert_eq!(answer.map(|answer| answer.status).ok(), Some(status), "{person} {path}");
    }
}

#[test]
fn of_two_lodgers_of_one_label_the_second_hears_of_the_first() {
    let (server, mut first) = lodging(&[]);
    let mut kept = 0;
    for (label, sent, answer) in [("1.0", b"the bytes", 200), ("2.0", b"no bytes!", 409)] {
        // Both are welcome when they begin; which came first is decided when all bytes are there.
        let mut second = server.connect("chair");
        second.send(&put(&second, label, &[("Content-Length", "9")])).unwrap();
        second.send(&sent[..4]).unwrap();
        eventually("the upload", || (server.metric("strongroom_http_requests_under_way") == 1).then_some(()));
        first.lodge(DOCUMENT, label, b"the bytes").must_be(201);
        kept += 2;
        second.send(&sent[4..]).unwrap();
        second.answer().unwrap().must_be(answer);
        server.assert_lodged(DOCUMENT, label, b"the bytes");
        eventually("the removal of the second's", || (server.directory.blobs().len() == kept).then_some(()));
    }
}
