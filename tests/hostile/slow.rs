//! Clients that are slow on purpose: with their handshake, their header, their body, and with taking an answer.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::support::deeds::{NEED, bytes, content};
use crate::support::{Options, PATIENCE, Server, eventually};

fn limited(limits: &[(&'static str, u64)]) -> Server {
    Server::start(&Options { limits: limits.to_vec(), ..Options::default() })
}

fn counted(server: &Server, metric: &str, reason: &str) -> u64 {
    server.labelled_metric(&format!("strongroom_{metric}_total{{listener=\"mutual_tls\",reason=\"{reason}\"}}"))
}

#[test]
fn handshakes_that_do_not_end_are_not_waited_for_and_failures_are_counted_by_reason() {
    let server = limited(&[("header_seconds", 1)]);
    // The beginning of a record that announces a ClientHello.
    let begun = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
    let mut sockets: Vec<_> = (0..20).map(|_| TcpStream::connect(server.address()).unwrap()).collect();
    for (count, socket) in sockets.iter_mut().enumerate() {
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        // Some say nothing at all, others begin.
        socket.write_all(begun.get(..count % begun.len()).unwrap()).unwrap();
    }
    for socket in &mut sockets {
        let mut rest = Vec::new();
        let _ = socket.read_to_end(&mut rest);
        assert!(rest.is_empty(), "{rest:?}");
    }
    let failed = |reason, times| {
        // The end of a connection may be seen before it is counted.
        eventually(reason, || (counted(&server, "tls_handshakes_failed", reason) == times).then_some(()));
    };
    failed("timeout", 20);

    let mut not_tls = TcpStream::connect(server.address()).unwrap();
    not_tls.set_read_timeout(Some(PATIENCE)).unwrap();
    not_tls.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    let _ = not_tls.read_to_end(&mut Vec::new());
    failed("not_tls", 1);
    let _ = server.connect_with(None).and_then(|mut open| open.exchange("GET", "/", &[], None)).unwrap_err();
    failed("no_certificate", 1);
    drop(TcpStream::connect(server.address()).unwrap());
    failed("closed", 1);
    assert!(server.told().contains("a handshake failed"), "{}", server.told());
    server.connect("chair").get("/v1/me").must_be(200);
    println!("handshakes: 20 that do not end: 20 closed; not_tls, no_certificate, closed: 1 each, counted");
}

#[test]
fn a_later_header_that_never_ends_is_not_waited_for_either() {
    let server = limited(&[("header_seconds", 1)]);
    let mut open = server.connect("chair");
    open.get("/v1/me").must_be(200);
    open.send(b"GET /v1/me HTTP/1.1\r\nX-Drip: ").unwrap();
    eventually("the end of the drips", || open.send(b"x").is_err().then_some(()));
    let mut silent = server.connect("chair");
    silent.get("/v1/me").must_be(200);
    silent.send(b"GET /v1/me HTTP/1.1\r\nHost: ").unwrap();
    assert!(silent.rest().is_empty());
    assert_eq!(counted(&server, "http_requests_late", "header"), 2);
}

#[test]
fn a_body_whose_request_has_its_answer_cannot_go_on_for_ever() {
    let server = limited(&[]);
    let mut open = server.connect("chair");
    let head = open.head("POST", "/nowhere", &[("Transfer-Encoding", "chunked")]);
    open.send(head.as_bytes()).unwrap();
    assert_eq!(open.answer().unwrap().status, 404);
    eventually("the end of the drips", || open.send(b"1\r\nx\r\n").is_err().then_some(()));
    let mut silent = server.connect("chair");
    let head = silent.head("POST", "/nowhere", &[("Transfer-Encoding", "chunked")]);
    silent.send((head + "5\r\nab").as_bytes()).unwrap();
    assert_eq!(silent.answer().unwrap().status, 404);
    assert!(silent.rest().is_empty());
    assert_eq!(counted(&server, "http_requests_late", "body"), 2);
}

#[test]
fn a_reader_below_the_minimum_rate_is_cut_and_one_above_it_is_not() {
    // No reader of this test's takes sixty megabytes a second.
    let server = limited(&[("download_idle_seconds", 2), ("download_minimum_rate", 60 << 20)]);
    let large = bytes(32 << 20, 12);
    server.hold("policy", "A policy", "GREEN", &large);
    let mut slow = server.connect("chair");
    let request = slow.head("GET", &content("policy", "1.0"), &[("Reasonable-Need", NEED)]);
    slow.send(request.as_bytes()).unwrap();
    slow.answer_head().unwrap().must_be(200);
    let mut taken = 0;
    loop {
        let portion = slow.read(16 << 10).len();
        if portion == 0 {
            break;
        }
        taken += portion;
        // A drip, not a wait for anything.
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert!(taken < large.len(), "the whole came");
    assert_eq!(counted(&server, "http_connections_cut", "slow"), 1);
    eventually("the end of the request", || (server.metric("strongroom_http_requests_under_way") == 0).then_some(()));

    let server = limited(&[("download_idle_seconds", 2), ("download_minimum_rate", 1)]);
    server.hold("policy", "A policy", "GREEN", &large);
    let mut brisk = server.connect("chair");
    assert!(brisk.read_content("policy", "1.0", NEED).must_be(200).body == large);
    assert_eq!(counted(&server, "http_connections_cut", "slow"), 0);
}
