//! SIGTERM: what is under way is finished, nothing new is taken, the exit is clean.

use strongroom::pure::tlog::hash::sha256;

use crate::support::deeds::{NEED, bytes, content, version};
use crate::support::wire::assert_problem;
use crate::support::{Options, Server, eventually};

#[test]
fn sigterm_finishes_an_upload_and_a_download_and_refuses_what_is_new() {
    let server = Server::start(&Options::default());
    let large = bytes(24 << 20, 6);
    server.hold("policy", "A policy", "GREEN", &large);

    let body = bytes(300_000, 7);
    let mut upload = server.connect("secas");
    let head = [("Content-Type", "text/plain"), ("Content-Length", "300000")];
    upload.send(upload.head("PUT", &version("policy", "2.0"), &head).as_bytes()).unwrap();
    upload.send(&body[..100_000]).unwrap();
    let mut download = server.connect("chair");
    let request = download.head("GET", &content("policy", "1.0"), &[("Reasonable-Need", NEED)]);
    download.send(request.as_bytes()).unwrap();
    let answer = download.answer_head().unwrap().must_be(200);
    assert_eq!(answer.header("content-length"), Some(large.len().to_string().as_str()));
    let begun = download.read(100_000);
    let mut idle = server.connect("chair");
    idle.get("/v1/me").must_be(200);
    eventually("the transfers", || (server.metric("strongroom_http_requests_under_way") == 2).then_some(()));

    server.terminate();
    eventually("the drain", || (server.operations().get("/readyz").status == 503).then_some(()));
    let refused = idle.get("/v1/me");
    assert_problem(&refused, 503, "shutting_down");
    assert_eq!(refused.header("connection"), Some("close"));
    assert_problem(&server.connect("chair").get("/v1/documents"), 503, "shutting_down");

    upload.send(&body[100_000..]).unwrap();
    upload.answer().unwrap().must_be(201);
    let rest = download.read(large.len() - begun.len());
    assert_eq!(sha256(&[begun, rest].concat()), sha256(&large), "the download is whole");
    let (status, directory) = server.ended();
    assert_eq!(status.code(), Some(0));

    let server = Server::serve(directory);
    server.assert_lodged("policy", "2.0", &body);
    server.stop();
}

#[test]
fn an_upload_that_never_ends_does_not_keep_a_server_from_stopping() {
    let server = Server::start(&Options { limits: vec![("shutdown_seconds", 1)], ..Options::default() });
    server.connect("secas").register("policy", "A policy").must_be(201);
    let mut upload = server.connect("secas");
    let head = [("Content-Type", "text/plain"), ("Content-Length", "300000")];
    upload.send(upload.head("PUT", &version("policy", "1.0"), &head).as_bytes()).unwrap();
    upload.send(b"a beginning").unwrap();
    eventually("the upload", || (server.metric("strongroom_http_requests_under_way") == 1).then_some(()));
    server.terminate();
    let (status, directory) = server.ended();
    assert_eq!(status.code(), Some(0));
    let server = Server::serve(directory);
    server.assert_nothing_lodged("policy", "1.0");
}
