//! Health, readiness and metrics.

use super::*;

#[test]
fn the_operator_is_told_how_the_server_is() {
    let site = Site::start();
    site.client("outsider").get("/test/peer");
    let mut operator = site.operator();
    assert_eq!(operator.get("/healthz").status, 200);
    let ready = operator.get("/readyz");
    assert_eq!((ready.status, ready.text().as_str()), (200, r#"{"ready":true,"reasons":[]}"#));
    let metrics = operator.get("/metrics").text();
    for line in [
        r#"strongroom_http_requests_total{listener="mutual_tls",method="GET",route="/test/peer",status="403"} 1"#,
        r#"strongroom_http_problems_total{code="credential_unknown"} 1"#,
        "strongroom_ready 1",
    ] {
        assert!(metrics.contains(line), "{line} in\n{metrics}");
    }
    assert_eq!(operator.get("/v1/me").code(), "not_found");
}

#[test]
fn readiness_says_why_not() {
    let site = Site::start();
    let mut operator = site.operator();
    let mut chair = site.client("chair");
    let authority = chair.authority();
    chair.send(upload_head(&authority, 2).as_bytes()).unwrap();
    chair.send(b"x").unwrap();
    while !operator.get("/metrics").text().contains("under_way 1") {}
    site.handle.stop();
    let answer = operator.get("/readyz");
    assert_eq!(answer.status, 503);
    assert!(answer.text().contains("shutting down"), "{}", answer.text());
    chair.send(b"x").unwrap();
    assert_eq!(chair.response().unwrap().text(), "2");
    site.ended().unwrap();
}

pub(super) fn upload_head(authority: &str, length: usize) -> String {
    format!("PUT /test/upload HTTP/1.1\r\nHost: {authority}\r\nContent-Length: {length}\r\n\r\n")
}
