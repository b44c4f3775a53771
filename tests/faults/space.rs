//! Disks that are full: by documents, by others, and where the journal needs its next segment.

use serde_json::json;

use crate::instruments::{Disk, check};
use crate::support::deeds::{NEED, bytes, version};
use crate::support::server::{configure, refuses_to_serve};
use crate::support::wire::assert_problem;
use crate::support::{Directory, Options, Server, eventually};

/// A segment of the journal, which every start begins, in MiB.
const SEGMENT: u64 = 64;

/// A server whose data lies on a disk of its own.
fn on_a_disk(mebibytes: u32, reserve: u64, limits: Vec<(&'static str, u64)>) -> (Directory, Disk) {
    let directory = Directory::new();
    configure(&directory, &Options { limits, ..Options::default() });
    let disk = Disk::of_memory(&directory, mebibytes, reserve);
    (directory, disk)
}

#[test]
fn documents_leave_the_log_its_space_and_are_taken_again_when_there_is_more() {
    let (directory, disk) = on_a_disk(200, 32 << 20, Vec::new());
    let server = Server::serve(directory);
    server.hold("policy", "A policy", "GREEN", b"what it says");
    disk.leave(45);
    let seven = bytes(7 << 20, 1);
    let mut lodged = 0;
    let full = loop {
        let label = format!("2.{lodged}");
        let answer = server.connect("secas").lodge("policy", &label, &seven);
        if answer.status != 201 {
            server.assert_nothing_lodged("policy", &label);
            break answer;
        }
        lodged += 1;
    };
    assert_problem(&full, 503, "storage_full");
    assert!(full.header("retry-after").is_some());
    assert!(lodged > 0);
    let held = server.directory.blobs().len();
    assert_problem(&server.connect("secas").lodge("policy", "small", b"a small one"), 503, "storage_full");
    assert_eq!(server.directory.blobs().len(), held, "nothing half lodged lies about");
    // Reading, and everything else that is entered, goes on.
    let mut chair = server.connect("chair");
    for _ in 0..50 {
        chair.read_content("policy", "1.0", NEED).must_be(200);
    }
    assert_eq!(server.operations().get("/readyz").status, 200);

    disk.clear();
    server.connect("secas").lodge("policy", "3.0", &seven).must_be(201);
    server.assert_lodged("policy", "3.0", &seven);
    check(&server.stop());
}

#[test]
fn a_disk_that_others_filled_discloses_nothing_unrecorded_and_is_well_after_a_restart() {
    let (directory, disk) = on_a_disk(200, 0, Vec::new());
    let server = Server::serve(directory);
    server.hold("policy", "A policy", "GREEN", b"what it says");
    let mut secretariat = server.connect("secas");
    secretariat.get("/v1/me").must_be(200);
    disk.leave(0);
    assert_problem(&server.connect("secas").lodge("policy", "2.0", b"a second"), 503, "storage_full");
    // The journal has its space beforehand; the view, which is written with it, has not.
    let mut chair = server.connect("chair");
    let mut disclosed = Vec::new();
    let refused = eventually("the end of the space", || {
        let read = chair.read_content("policy", "1.0", NEED);
        if read.status == 200 {
            disclosed.push(read.entry().unwrap());
            return None;
        }
        Some(read)
    });
    assert_problem(&refused, 503, "log_unavailable");
    let readiness = server.operations().get("/readyz").text();
    assert!(readiness.contains("until a restart") && readiness.contains("space"), "{readiness}");
    eventually("a tick that failed", || server.told().contains("no checkpoint was published").then_some(()));
    let directory = server.stop();

    // A start needs space, and says so.
    let (code, said) = refuses_to_serve(&directory);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("space"), "{said}");
    disk.clear();
    let server = Server::serve(directory);
    server.assert_lodged("policy", "1.0", b"what it says");
    server.assert_nothing_lodged("policy", "2.0");
    for entry in disclosed {
        server.connect("chair").get(&format!("/v1/audit/entries/{entry}/evidence")).must_be(200);
    }
    server.connect("chair").read_content("policy", "1.0", NEED).must_be(200);
    // A start made anew what could not be written of the view.
    check(&server.stop());
}

#[test]
fn a_journal_without_space_for_its_next_segment_goes_on_when_there_is_some() {
    let many = 1_000_000;
    let limits = vec![("refusals_per_minute", many), ("requests_per_minute", many)];
    let (directory, disk) = on_a_disk(260, 0, limits);
    let server = Server::serve(directory);
    server.hold("policy", "A policy", "GREEN", b"what it says");
    let segments = server.directory.segments().len();
    disk.leave(SEGMENT / 2);
    // Refused determinations with long reasons fill the segment, and leave nothing in the view.
    let long = "\u{1F512}".repeat(3_900);
    let determination = json!({ "classification": "RED", "reason": long }).to_string();
    let path = format!("{}/classification", version("policy", "1.0"));
    let full = std::thread::scope(|scope| {
        let fill = || {
            let mut member = server.connect("small-supplier");
            loop {
                let json = [("Content-Type", "application/json")];
                let answer = member.exchange("POST", &path, &json, Some(determination.as_bytes())).unwrap();
                if answer.status != 403 {
                    break answer;
                }
            }
        };
        let filling: Vec<_> = (0..4).map(|_| scope.spawn(fill)).collect();
        filling.into_iter().map(|filling| filling.join().unwrap()).collect::<Vec<_>>()
    });
    for answer in full {
        assert_problem(&answer, 503, "log_unavailable");
        assert!(answer.header("retry-after").is_some() && answer.json()["detail"].to_string().contains("no space"));
    }
    // A shorter record may still fit; soon none does.
    let mut chair = server.connect("chair");
    let refused = eventually("the end of the segment", || {
        Some(chair.read_content("policy", "1.0", NEED)).filter(|read| read.status != 200)
    });
    assert_problem(&refused, 503, "log_unavailable");
    let readiness = server.operations().get("/readyz");
    assert!(readiness.status == 503 && readiness.text().contains("no restart is needed"), "{}", readiness.text());

    disk.clear();
    chair.read_content("policy", "1.0", NEED).must_be(200);
    assert_eq!(server.operations().get("/readyz").status, 200);
    server.connect("secas").lodge("policy", "2.0", b"a second").must_be(201);
    assert_eq!(server.directory.segments().len(), segments + 1);
    check(&server.stop());
}
