//! READ-8: what is decided against a reader takes effect on connections that are open, and on downloads under way.

use super::site::{block_on, handle};
use super::*;
use crate::pure::domain::classification::Classification::{self, Green, Red, White};
use crate::pure::domain::command::Command;
use crate::pure::domain::event::Suspended;
use crate::pure::domain::id::Label;
use crate::pure::domain::suspension::SuspensionScope;

/// More than a connection's buffers hold.
const SIZE: usize = 24 << 20;

fn label() -> Label {
    Label::parse("1.0").unwrap()
}

fn suspend(whom: Suspended) -> Command {
    Command::ImposeSuspension { whom, scope: SuspensionScope::ReadAll, grounds: "an incident".into() }
}

fn reclassify(classification: Classification) -> Command {
    let (document, label, reason) = (handle("policy"), label(), "as it turned out".into());
    Command::DetermineClassification { document, label, classification, reason, tlp: None }
}

/// Has the Chair act while `reader` downloads, and waits until the server has given the download up.
fn cut_by(site: &Site, reader: &str, command: Command) {
    let mut slow = site.client(reader);
    let request = format!("GET /test/content/1.0 HTTP/1.1\r\nHost: {}\r\n\r\n", slow.authority());
    slow.send(request.as_bytes()).unwrap();
    let mut operator = site.operator();
    // Its reader takes nothing, so that the download stays under way.
    while !operator.get("/metrics").text().contains("under_way 1") {}
    let mut open = site.client(reader);
    let part = [("Range", "bytes=0-9")];
    assert_eq!(open.request("GET", "/test/content/1.0", &part).status, 206, "the reader may read");
    block_on(site.repository.submit(site.credential("chair"), command, None)).unwrap();
    let acted = std::time::Instant::now();
    let refused = open.get("/test/content/1.0");
    assert!(matches!(refused.status, 403 | 404), "the next request on an open connection: {}", refused.status);
    while operator.get("/metrics").text().contains("under_way 1") {
        std::thread::yield_now();
    }
    // The watch looks once a second; the rest is for a machine that is busy.
    assert!(acted.elapsed() < std::time::Duration::from_secs(10));
    assert!(slow.response().is_err(), "the whole content came all the same");
}

#[test]
fn read_8_a_suspension_cuts_a_download_that_is_under_way_and_the_next_request_is_refused() {
    for whom in [Suspended::Person(handle("supplier")), Suspended::Organisation(handle("supplies")), Suspended::Service]
    {
        let site = Site::start();
        site.lodge("1.0", "text/plain", vec![7; SIZE], Green);
        cut_by(&site, "supplier", suspend(whom));
    }
}

#[test]
fn read_8_a_withdrawal_and_a_reclassification_cut_a_download_that_is_under_way() {
    let withdrawal = Command::WithdrawVersion { document: handle("policy"), label: label(), reason: "in error".into() };
    for command in [withdrawal, reclassify(Red)] {
        let site = Site::start();
        site.lodge("1.0", "text/plain", vec![7; SIZE], Green);
        cut_by(&site, "supplier", command);
    }
}

#[test]
fn white_1_a_withdrawal_cuts_a_public_download_that_is_under_way() {
    let site = Site::start();
    site.lodge("1.0", "text/plain", vec![7; SIZE], White);
    site.publish("1.0");
    let mut slow = site.visitor();
    let request = format!("GET /published/policy/1.0 HTTP/1.1\r\nHost: {}\r\n\r\n", slow.authority());
    slow.send(request.as_bytes()).unwrap();
    let mut operator = site.operator();
    while !operator.get("/metrics").text().contains("under_way 1") {}
    let withdrawal = Command::WithdrawVersion { document: handle("policy"), label: label(), reason: "in error".into() };
    block_on(site.repository.submit(site.credential("chair"), withdrawal, None)).unwrap();
    while operator.get("/metrics").text().contains("under_way 1") {
        std::thread::yield_now();
    }
    assert!(slow.response().is_err());
}

#[test]
fn read_8_what_takes_nothing_from_the_reader_cuts_nothing() {
    let site = Site::start();
    site.lodge("1.0", "text/plain", vec![7; SIZE], Green);
    let mut slow = site.client("supplier");
    let request = format!("GET /test/content/1.0 HTTP/1.1\r\nHost: {}\r\n\r\n", slow.authority());
    slow.send(request.as_bytes()).unwrap();
    let mut operator = site.operator();
    while !operator.get("/metrics").text().contains("under_way 1") {}
    let lodging = Command::ImposeSuspension {
        whom: Suspended::Person(handle("supplier")),
        scope: SuspensionScope::Lodge,
        grounds: "an incident".into(),
    };
    block_on(site.repository.submit(site.credential("chair"), lodging, None)).unwrap();
    // The watch has looked at least once by then.
    let until = std::time::Instant::now() + std::time::Duration::from_millis(1500);
    while std::time::Instant::now() < until {
        assert!(operator.get("/metrics").text().contains("under_way 1"));
    }
    let whole = slow.response().unwrap();
    assert_eq!((whole.status, whole.body.len()), (200, SIZE));
}
