//! Requests that two programs could read differently: each is refused, and the connection closed.

use crate::support::deeds::{bytes, version};
use crate::support::{Options, Server};

/// A request with the reason under which it is counted; `HOST` stands for the server's own name.
type Hostile = (&'static str, &'static str);

/// In the head, where the answer is 400 and the connection is closed.
const HEADS: &[Hostile] = &[
    ("GET /v1/me HTTP/1.1\nHost: HOST\n\n", "bare_lf"),
    ("GET /v1/me HTTP/1.1\nHost: HOST\r\n\r\n", "bare_lf"),
    ("GET /v1/me HTTP/1.1\r\nHost: HOST\n\r\n", "bare_lf"),
    ("GET /v1/me HTTP/1.1\r\nHost: HOST\r\n\n", "bare_lf"),
    ("GET /v1/me HTTP/1.1\r\nHost: HOST\r\nX: a\nY: b\r\n\r\n", "bare_lf"),
    ("\nGET /v1/me HTTP/1.1\r\nHost: HOST\r\n\r\n", "bare_lf"),
    ("GET /v1/me HTTP/1.1\rHost: HOST\r\n\r\n", "bare_cr"),
    ("GET /v1/me HTTP/1.1\r\nHost: HOST\r\nX: a\rb\r\n\r\n", "bare_cr"),
    ("GET /v1/me HTTP/1.1\r\nHost: HOST\r\nX: a\r\r\n\r\n", "bare_cr"),
    ("GET /v1/me HTTP/1.1\r\nHost: HOST\r\nX: a\0b\r\n\r\n", "control"),
    ("GET /v1/me HTTP/1.1\r\nHost: HOST\r\nX: \x01\r\n\r\n", "control"),
    ("GET /v1/me HTTP/1.1\r\nHost: HOST\r\nX: \x7f\r\n\r\n", "control"),
    ("GET /v1/me HTTP/1.1\r\nHost: HOST\r\nX: a\r\n b\r\n\r\n", "folded_field"),
    ("GET /v1/me HTTP/1.1\r\nHost: HOST\r\nX: a\r\n\tb\r\n\r\n", "folded_field"),
    ("GET /v1/me HTTP/1.1\r\n Host: HOST\r\n\r\n", "folded_field"),
    ("GET  /v1/me HTTP/1.1\r\nHost: HOST\r\n\r\n", "request_line"),
    ("GET\t/v1/me HTTP/1.1\r\nHost: HOST\r\n\r\n", "request_line"),
    ("GET /v1/me  HTTP/1.1\r\nHost: HOST\r\n\r\n", "request_line"),
    ("GET /v1/me HTTP/1.1 \r\nHost: HOST\r\n\r\n", "request_line"),
    ("GET /v1/me x HTTP/1.1\r\nHost: HOST\r\n\r\n", "request_line"),
    ("GET /v1/me\r\nHost: HOST\r\n\r\n", "request_line"),
    ("GET /v1/m\u{e9} HTTP/1.1\r\nHost: HOST\r\n\r\n", "request_line"),
    ("GET /v1/me HTTP/1.2\r\nHost: HOST\r\n\r\n", "request_line"),
    ("GET /v1/me HTTP/1.11\r\nHost: HOST\r\n\r\n", "request_line"),
    ("GET /v1/me HTTP/0.9\r\n\r\n", "request_line"),
    ("GET /v1/me http/1.1\r\nHost: HOST\r\n\r\n", "request_line"),
    ("GET /v1/me ICAP/1.0\r\nHost: HOST\r\n\r\n", "request_line"),
    ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "request_line"),
    ("\r\n\r\nGET /v1/me HTTP/1.1\r\nHost: HOST\r\n\r\n", "request_line"),
    (" GET /v1/me HTTP/1.1\r\nHost: HOST\r\n\r\n", "request_line"),
    ("{\"not\": \"http\"}\r\n\r\n", "request_line"),
    ("GET /v1/me HTTP/1.1\r\nHost : HOST\r\n\r\n", "field_name"),
    ("GET /v1/me HTTP/1.1\r\nHost: HOST\r\nX y: z\r\n\r\n", "field_name"),
    ("GET /v1/me HTTP/1.1\r\nHost: HOST\r\n: z\r\n\r\n", "field_name"),
    ("GET /v1/me HTTP/1.1\r\nHost: HOST\r\nNo-Colon\r\n\r\n", "field_name"),
    ("GET /v1/me HTTP/1.1\r\nHost: HOST\r\nN\u{e4}me: z\r\n\r\n", "field_name"),
    ("POST /v1/needs HTTP/1.1\r\nHost: HOST\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}", "content_length"),
    ("POST /v1/needs HTTP/1.1\r\nHost: HOST\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x", "content_length"),
    ("POST /v1/needs HTTP/1.1\r\nHost: HOST\r\nContent-Length: 2, 2\r\n\r\n{}", "content_length"),
    ("POST /v1/needs HTTP/1.1\r\nHost: HOST\r\nContent-Length: +2\r\n\r\n{}", "content_length"),
    ("POST /v1/needs HTTP/1.1\r\nHost: HOST\r\nContent-Length: -2\r\n\r\n{}", "content_length"),
    ("POST /v1/needs HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0x2\r\n\r\n{}", "content_length"),
    ("POST /v1/needs HTTP/1.1\r\nHost: HOST\r\nContent-Length: 2 2\r\n\r\n{}", "content_length"),
    ("POST /v1/needs HTTP/1.1\r\nHost: HOST\r\nContent-Length: 2.0\r\n\r\n{}", "content_length"),
    ("POST /v1/needs HTTP/1.1\r\nHost: HOST\r\nContent-Length: \r\n\r\n{}", "content_length"),
    ("POST /v1/needs HTTP/1.1\r\nHost: HOST\r\nContent-Length: 18446744073709551616\r\n\r\n{}", "content_length"),
    (
        "POST /v1/needs HTTP/1.1\r\nHost: HOST\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "two_lengths",
    ),
    (
        "POST /v1/needs HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "two_lengths",
    ),
    (
        "POST /v1/needs HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        "transfer_encoding",
    ),
    ("POST /v1/needs HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: identity\r\n\r\n", "transfer_encoding"),
    ("POST /v1/needs HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "transfer_encoding"),
    ("POST /v1/needs HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked, identity\r\n\r\n", "transfer_encoding"),
    ("POST /v1/needs HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: xchunked\r\n\r\n", "transfer_encoding"),
    ("POST /v1/needs HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: \"chunked\"\r\n\r\n", "transfer_encoding"),
    ("POST /v1/needs HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding:\r\n\r\n", "transfer_encoding"),
    ("POST /v1/needs HTTP/1.0\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "transfer_encoding"),
];

/// In a body of chunks, where the upload is broken off and nothing is lodged.
const CHUNKS: &[Hostile] = &[
    ("3\nabc\r\n0\r\n\r\n", "bare_lf"),
    ("3;x=y\nabc\r\n0\r\n\r\n", "bare_lf"),
    ("3\rabc\r\n0\r\n\r\n", "bare_cr"),
    ("3\r\nabcd\r\n0\r\n\r\n", "chunk"),
    ("3\r\nab\r\n0\r\n\r\n", "chunk"),
    ("3\r\nabc0\r\n\r\n", "chunk"),
    ("3 \r\nabc\r\n0\r\n\r\n", "chunk"),
    ("0x3\r\nabc\r\n0\r\n\r\n", "chunk"),
    ("+3\r\nabc\r\n0\r\n\r\n", "chunk"),
    ("-1\r\nabc\r\n0\r\n\r\n", "chunk"),
    ("\r\nabc\r\n0\r\n\r\n", "chunk"),
    ("g\r\nabc\r\n0\r\n\r\n", "chunk"),
    ("ffffffffffffffff\r\nabc\r\n0\r\n\r\n", "chunk"),
    ("3;\x01\r\nabc\r\n0\r\n\r\n", "control"),
    ("3\r\nabc\r\n0\r\nX-Trailer: y\r\n\r\n", "trailer"),
    ("3\r\nabc\r\n0\r\nContent-Length: 9\r\n\r\n", "trailer"),
];

fn counted(server: &Server, reason: &str) -> u64 {
    let name = format!("strongroom_http_requests_malformed_total{{listener=\"mutual_tls\",reason=\"{reason}\"}}");
    server.labelled_metric(&name)
}

#[test]
fn what_two_programs_could_read_differently_is_refused_and_closed() {
    let server = Server::start(&Options::default());
    let host = format!("localhost:{}", server.address().port());
    let smuggled = format!("GET /v1/me HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let mut answered = 0;
    for (request, reason) in HEADS {
        let before = counted(&server, reason);
        let mut open = server.connect("chair");
        // What is behind it must not be taken for a request.
        let _ = open.send((request.replace("HOST", &host) + &smuggled).as_bytes());
        let all = String::from_utf8(open.rest()).unwrap();
        assert!(all.starts_with("HTTP/1.1 400"), "{request:?}: {all}");
        assert_eq!(all.matches("HTTP/1.1").count(), 1, "{request:?}: {all}");
        assert_eq!(counted(&server, reason), before + 1, "{request:?}");
        answered += 1;
    }
    println!("framing: {} hostile heads: {answered} answered with 400 and closed, 0 taken", HEADS.len());
    server.connect("chair").get("/v1/me").must_be(200);
}

#[test]
fn a_good_request_before_a_bad_one_is_answered_and_the_bad_one_refused() {
    let server = Server::start(&Options::default());
    let mut open = server.connect("chair");
    let good = open.head("GET", "/v1/me", &[]);
    open.send(format!("{good}{}", good.replace("\r\n", "\n")).as_bytes()).unwrap();
    open.answer().unwrap().must_be(200);
    assert_eq!(open.answer().unwrap().status, 400);
    assert!(open.rest().is_empty());
}

#[test]
fn chunks_that_two_programs_could_read_differently_lodge_nothing() {
    let server = Server::start(&Options::default());
    server.connect("secas").register("policy", "A policy").must_be(201);
    let headers = [("Content-Type", "text/plain"), ("Transfer-Encoding", "chunked")];
    let extensions = format!("3;{}\r\nabc\r\n0\r\n\r\n", "e".repeat(300));
    let mut refused = 0;
    for (body, reason) in CHUNKS.iter().copied().chain([(extensions.as_str(), "chunk_extension")]) {
        let before = counted(&server, reason);
        let mut open = server.connect("secas");
        let head = open.head("PUT", &version("policy", "1.0"), &headers);
        let _ = open.send((head + body).as_bytes());
        let all = String::from_utf8(open.rest()).unwrap();
        assert!(all.is_empty() || all.starts_with("HTTP/1.1 4"), "{body:?}: {all}");
        assert_eq!(counted(&server, reason), before + 1, "{body:?}");
        server.assert_nothing_lodged("policy", "1.0");
        refused += 1;
    }
    println!("framing: {refused} hostile bodies of chunks: {refused} refused and closed, 0 lodged");

    // To the letter, with an extension that means nothing, they are taken.
    let content = bytes(100_000, 3);
    let mut open = server.connect("secas");
    let head = open.head("PUT", &version("policy", "1.0"), &headers);
    open.send(head.as_bytes()).unwrap();
    for chunk in content.chunks(30_000) {
        open.send(format!("{:X};part=\"one of some\"\r\n", chunk.len()).as_bytes()).unwrap();
        open.send(chunk).unwrap();
        open.send(b"\r\n").unwrap();
    }
    open.send(b"0\r\n\r\n").unwrap();
    open.answer().unwrap().must_be(201);
    server.assert_lodged("policy", "1.0", &content);
}

#[test]
fn a_flood_of_fields_is_refused_and_heard() {
    let server = Server::start(&Options::default());
    let few_and_long = format!("X: {}\r\n", "x".repeat(1000)).repeat(50);
    for (fields, statuses) in [
        ("X: y\r\n".repeat(10_000), &[431][..]),
        ("X: y\r\n".repeat(200), &[431]),
        (few_and_long, &[431]),
        (format!("X: {}\r\n", "x".repeat(200_000)), &[431]),
    ] {
        let mut open = server.connect("chair");
        let head = open.head("GET", "/v1/me", &[]);
        // The server may close before everything was sent.
        let _ = open.send(head.replace("\r\n\r\n", &format!("\r\n{fields}\r\n")).as_bytes());
        let answer = open.answer().unwrap();
        assert!(statuses.contains(&answer.status), "{} bytes: {}", fields.len(), answer.status);
    }
    server.connect("chair").get("/v1/me").must_be(200);
}
