//! A file system that the kernel makes read-only under the server, as it does when its device fails.

use crate::instruments::{Disk, check};
use crate::support::deeds::{NEED, bytes};
use crate::support::server::configure;
use crate::support::wire::assert_problem;
use crate::support::{Directory, Options, Server, eventually};

#[test]
fn a_disk_that_turns_read_only_ends_all_entering_and_keeps_what_was_acknowledged() {
    let directory = Directory::new();
    configure(&directory, &Options::default());
    let disk = Disk::of_file(&directory, 300);
    let server = Server::serve(directory);
    let large = bytes(5 << 20, 2);
    server.hold("policy", "A policy", "GREEN", &large);
    let mut chair = server.connect("chair");
    let entry = chair.read_content("policy", "1.0", NEED).must_be(200).entry().unwrap();

    disk.break_down();
    assert_problem(&chair.read_content("policy", "1.0", NEED), 503, "log_unavailable");
    assert_problem(&server.connect("secas").register("later", "Never entered"), 503, "log_unavailable");
    let lodged = server.connect("secas").lodge("policy", "2.0", &large);
    assert_eq!(lodged.problem().0, 503);
    let readiness = server.operations().get("/readyz");
    assert!(readiness.status == 503 && readiness.text().contains("until a restart"), "{}", readiness.text());
    // What needs no entry is still shown.
    chair.get("/v1/documents").must_be(200);
    chair.get("/log/checkpoint").must_be(200);
    eventually("a tick that failed", || server.told().contains("no checkpoint").then_some(()));
    assert!(!server.told().contains("panicked"), "{}", server.told());

    // Unmounted, checked and mounted again, it holds what was synced and nothing else.
    let directory = server.stop();
    disk.repair();
    check(&directory);
    let server = Server::serve(directory);
    server.assert_lodged("policy", "1.0", &large);
    server.assert_nothing_lodged("policy", "2.0");
    let mut chair = server.connect("chair");
    chair.get(&format!("/v1/audit/entries/{entry}/evidence")).must_be(200);
    chair.read_content("policy", "1.0", NEED).must_be(200);
    server.connect("secas").register("later", "Entered").must_be(201);
    check(&server.stop());
}
