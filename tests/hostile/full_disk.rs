//! A disk that is full: nothing is half lodged, the server lives on, and recovers when there is space.
//!
//! A limit on the size of the process's files stands in for the disk: it fails the same writes, with an error of its
//! own, and can be set and lifted while the process runs.

use crate::support::deeds::{NEED, bytes};
use crate::support::wire::assert_problem;
use crate::support::{Options, Server};

#[test]
fn a_document_that_does_not_fit_is_refused_and_fits_when_there_is_space() {
    let server = Server::start(&Options::default());
    server.hold("policy", "A policy", "GREEN", b"what it says");
    let held = server.directory.blobs().len();
    let large = bytes(7 << 20, 5);

    server.limit_files(Some(3 << 20));
    let mut secretariat = server.connect("secas");
    let answer = secretariat.lodge("policy", "2.0", &large);
    assert_problem(&answer, 503, "storage_full");
    assert!(answer.header("retry-after").is_some());
    server.assert_nothing_lodged("policy", "2.0");
    assert_eq!(server.directory.blobs().len(), held, "nothing half lodged lies about");
    // It lives on: reads, and what fits.
    let mut chair = server.connect("chair");
    assert_eq!(chair.read_content("policy", "1.0", NEED).must_be(200).body, b"what it says");
    server.connect("secas").lodge("policy", "1.1", b"a small one").must_be(201);

    server.limit_files(None);
    server.connect("secas").lodge("policy", "2.0", &large).must_be(201);
    server.assert_lodged("policy", "2.0", &large);
    server.stop();
}

#[test]
fn read_4_a_journal_that_cannot_be_written_refuses_every_read_until_a_restart() {
    let server = Server::start(&Options::default());
    server.hold("policy", "A policy", "GREEN", b"what it says");

    server.limit_files(Some(0));
    let mut chair = server.connect("chair");
    let read = chair.read_content("policy", "1.0", NEED);
    assert_problem(&read, 503, "log_unavailable");
    assert_eq!(read.json()["rule"], "READ-4");
    assert!(!String::from_utf8_lossy(&read.body).contains("what it says"));
    server.limit_files(None);
    // It cannot be known what was stored: a start finds out. Until then nothing is disclosed, and readiness says why.
    assert_problem(&chair.read_content("policy", "1.0", NEED), 503, "log_unavailable");
    let readiness = server.operations().get("/readyz");
    assert_eq!(readiness.status, 503);
    assert!(readiness.text().contains("restart"), "{}", readiness.text());

    let server = Server::serve(server.stop());
    server.assert_lodged("policy", "1.0", b"what it says");
    let mut chair = server.connect("chair");
    chair.read_content("policy", "1.0", NEED).must_be(200);
}
