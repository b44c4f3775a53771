//! A stop finishes what is under way and refuses what is new.

use super::operations::upload_head;
use super::*;

#[test]
fn a_stop_finishes_an_upload_and_refuses_new_requests() {
    let site = Site::start();
    let mut busy = site.client("chair");
    let authority = busy.authority();
    busy.send(upload_head(&authority, 4).as_bytes()).unwrap();
    busy.send(b"ab").unwrap();
    let mut operator = site.operator();
    while !operator.get("/metrics").text().contains("under_way 1") {}
    let mut open = site.client("supplier");
    assert_eq!(open.get("/test/peer").status, 200);

    site.handle.stop();

    for mut client in [open, site.client("supplier")] {
        let refused = client.get("/test/peer");
        assert_eq!((refused.status, refused.code().as_str()), (503, "shutting_down"));
        assert_eq!(refused.header("connection"), Some("close"));
        assert!(refused.header("retry-after").is_some());
    }
    busy.send(b"cd").unwrap();
    let answer = busy.response().unwrap();
    assert_eq!((answer.status, answer.text().as_str()), (200, "4"));
    site.ended().unwrap();
}

#[test]
fn a_stop_with_nothing_under_way_is_heard_and_ends() {
    let site = Site::start();
    let mut open = site.client("supplier");
    assert_eq!(open.get("/test/peer").status, 200);
    let _idle = site.client("chair");
    site.handle.stop();
    assert_eq!(open.get("/test/peer").code(), "shutting_down");
    site.ended().unwrap();
}

#[test]
fn a_second_stop_gives_up_what_is_under_way() {
    let site = Site::start();
    let mut busy = site.client("chair");
    let authority = busy.authority();
    busy.send(upload_head(&authority, 4).as_bytes()).unwrap();
    let mut operator = site.operator();
    while !operator.get("/metrics").text().contains("under_way 1") {}
    site.handle.stop();
    site.handle.stop();
    site.ended().unwrap();
    assert!(busy.response().is_err());
}
