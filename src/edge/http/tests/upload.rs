//! Uploads that come too slowly, or not at all.

use std::time::Duration;

use super::operations::upload_head;
use super::*;
use crate::edge::http::limits::HttpLimits;

#[test]
fn an_upload_that_falls_silent_is_ended() {
    let limits = HttpLimits { upload_idle: Duration::from_millis(200), ..HttpLimits::default() };
    let site = Site::start_with(limits);
    let mut chair = site.client("chair");
    let authority = chair.authority();
    chair.send(upload_head(&authority, 10).as_bytes()).unwrap();
    chair.send(b"some").unwrap();
    let answer = chair.response().unwrap();
    assert_eq!((answer.status, answer.code().as_str()), (408, "request_timeout"));
    assert_eq!(answer.header("connection"), Some("close"));
    assert_eq!(chair.rest().unwrap_or_default(), b"");
}

#[test]
fn an_upload_that_drips_is_ended_although_it_is_never_silent() {
    let limits = HttpLimits { upload_idle: Duration::from_millis(400), ..HttpLimits::default() };
    let site = Site::start_with(limits);
    let mut chair = site.client("chair");
    let authority = chair.authority();
    chair.send(upload_head(&authority, 1 << 20).as_bytes()).unwrap();
    // It drips until the server has closed the connection.
    while chair.send(b"x").is_ok() {
        std::thread::sleep(Duration::from_millis(50));
    }
    let metrics = site.operator().get("/metrics").text();
    assert!(metrics.contains(r#"strongroom_http_problems_total{code="request_timeout"} 1"#), "{metrics}");
}

#[test]
fn a_large_upload_comes_through_and_is_counted() {
    let site = Site::start();
    let mut chair = site.client("chair");
    let authority = chair.authority();
    let body = vec![7; 3 << 20];
    chair.send(upload_head(&authority, body.len()).as_bytes()).unwrap();
    chair.send(&body).unwrap();
    assert_eq!(chair.response().unwrap().text(), body.len().to_string());
    let counted = format!("strongroom_upload_bytes_total {}", body.len());
    assert!(site.operator().get("/metrics").text().contains(&counted));
}

#[test]
fn a_body_in_chunks_that_is_cut_off_lodges_nothing_and_hangs_nobody() {
    let site = Site::start();
    let mut chair = site.client("chair");
    let authority = chair.authority();
    let head = format!("PUT /test/upload HTTP/1.1\r\nHost: {authority}\r\nTransfer-Encoding: chunked\r\n\r\n");
    chair.send(format!("{head}4\r\nabcd\r\nnonsense\r\n").as_bytes()).unwrap();
    assert_eq!(chair.response().unwrap().status, 400);
}

#[test]
fn a_refusal_before_the_end_of_an_upload_reaches_its_sender() {
    let site = Site::start();
    let mut outsider = site.client("outsider");
    let head = "PUT /test/upload HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 8388608\r\n\r\n";
    outsider.send(head.as_bytes()).unwrap();
    outsider.send(&vec![7; 8 << 20]).unwrap();
    assert_eq!(outsider.response().unwrap().code(), "misdirected_request");
}

#[test]
fn a_revocation_during_an_upload_is_noticed_at_its_end() {
    let site = Site::start();
    let mut chair = site.client("chair");
    let authority = chair.authority();
    chair.send(upload_head(&authority, 4).as_bytes()).unwrap();
    chair.send(b"ab").unwrap();
    let mut operator = site.operator();
    while !operator.get("/metrics").text().contains("under_way 1") {}
    site.revoke("chair");
    chair.send(b"cd").unwrap();
    assert_eq!(chair.response().unwrap().code(), "credential_revoked");
}
