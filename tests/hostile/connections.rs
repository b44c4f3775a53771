//! Connections that say nothing that makes sense, too much, or nothing at all.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::support::deeds::{NEED, bytes, content};
use crate::support::{Options, PATIENCE, Server, eventually};

#[test]
fn bytes_that_are_no_tls_end_the_connection_and_nothing_else() {
    let server = Server::start(&Options::default());
    for bytes in [
        &b"GET /v1/me HTTP/1.1\r\nHost: localhost\r\n\r\n"[..],
        b"\x16\x03\x01\xff\xff nonsense",
        b"\x80\x2e\x01\x00\x02",
        &[0; 70_000],
    ] {
        let mut socket = TcpStream::connect(server.address()).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        // The server may have closed it before everything was sent.
        let _ = socket.write_all(bytes);
        let _ = socket.shutdown(std::net::Shutdown::Write);
        let mut rest = Vec::new();
        let _ = socket.read_to_end(&mut rest);
        assert!(!rest.starts_with(b"HTTP/1.1 2"), "{rest:?}");
    }
    server.connect("chair").get("/v1/me").must_be(200);
}

#[test]
fn requests_that_are_none_are_refused_and_the_server_goes_on() {
    let server = Server::start(&Options::default());
    let long = "x".repeat(40_000);
    for (bytes, statuses) in [
        ("nonsense\r\n\r\n".to_owned(), &[400][..]),
        ("GET /v1/me HTTP/1.1\r\n\r\n".to_owned(), &[400]),
        ("GET /v1/me HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n".to_owned(), &[400, 421]),
        ("GET /v1/me HTTP/9.9\r\nHost: localhost\r\n\r\n".to_owned(), &[400, 505]),
        ("GET /v1/me HTTP/1.1\r\nHost: localhost\r\nBad Name: x\r\n\r\n".to_owned(), &[400]),
        ("GET /v1/me HTTP/1.1\r\nHost: localhost\r\nX: \0\r\n\r\n".to_owned(), &[400]),
        (format!("GET /{long} HTTP/1.1\r\nHost: localhost\r\n\r\n"), &[414, 431]),
        (format!("GET /v1/me HTTP/1.1\r\nHost: localhost\r\nX-Long: {long}\r\n\r\n"), &[431]),
        ("CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n".to_owned(), &[400, 404, 405, 421]),
        ("GET https://evil.example/v1/me HTTP/1.1\r\nHost: HOST\r\n\r\n".to_owned(), &[421]),
        ("BREW /v1/me HTTP/1.1\r\nHost: HOST\r\n\r\n".to_owned(), &[405]),
    ] {
        let host = format!("localhost:{}", server.address().port());
        let mut open = server.connect("chair");
        let _ = open.send(bytes.replace("HOST", &host).as_bytes());
        let shown: String = bytes.chars().take(60).collect();
        match open.answer() {
            Ok(answer) => assert!(statuses.contains(&answer.status), "{shown}: {answer:?}"),
            Err(error) => panic!("{shown}: no answer: {error}"),
        }
    }
    server.connect("chair").get("/v1/me").must_be(200);
}

#[test]
fn a_header_that_never_ends_is_not_waited_for() {
    let server = Server::start(&Options { limits: vec![("header_seconds", 1)], ..Options::default() });
    let mut silent = server.connect("chair");
    let mut dripping = server.connect("chair");
    dripping.send(b"GET /v1/me HTTP/1.1\r\n").unwrap();
    eventually("the end of the drips", || dripping.send(b"X-Drip: x\r\n").is_err().then_some(()));
    let said = String::from_utf8(silent.rest()).unwrap();
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 408"), "{said}");
    server.connect("chair").get("/v1/me").must_be(200);
}

#[test]
fn a_reader_that_takes_nothing_is_cut_off() {
    let server = Server::start(&Options { limits: vec![("download_idle_seconds", 1)], ..Options::default() });
    let large = bytes(24 << 20, 10);
    server.hold("policy", "A policy", "GREEN", &large);
    let mut stalled = server.connect("chair");
    let request = stalled.head("GET", &content("policy", "1.0"), &[("Reasonable-Need", NEED)]);
    stalled.send(request.as_bytes()).unwrap();
    stalled.answer_head().unwrap().must_be(200);
    eventually("the end of the download", || server.told().contains("a download was cut off").then_some(()));
    assert!(stalled.rest().len() < large.len(), "less than the whole had been sent");
    eventually("the end of the request", || (server.metric("strongroom_http_requests_under_way") == 0).then_some(()));
    let mut brisk = server.connect("chair");
    assert!(brisk.read_content("policy", "1.0", NEED).must_be(200).body == large);
}

#[test]
fn a_reader_that_goes_away_leaves_nothing_under_way() {
    let server = Server::start(&Options::default());
    server.hold("policy", "A policy", "GREEN", &bytes(24 << 20, 11));
    let mut gone = server.connect("chair");
    let request = gone.head("GET", &content("policy", "1.0"), &[("Reasonable-Need", NEED)]);
    gone.send(request.as_bytes()).unwrap();
    let entry = gone.answer_head().unwrap().must_be(200).entry().unwrap();
    gone.read(100_000);
    gone.cut();
    eventually("the end of the request", || (server.metric("strongroom_http_requests_under_way") == 0).then_some(()));
    // What was disclosed is on record, however little of it arrived.
    let path = format!("/v1/audit/entries/{entry}/evidence");
    server.connect("chair").get(&path).must_be(200);
}
