//! A sync that fails: what was to be synced may be lost although a later sync succeeds, so that none is tried.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::instruments::{Disk, Fiu, Strace, check, journal};
use crate::load::{Seen, Verified, prepare, work};
use crate::support::deeds::NEED;
use crate::support::wire::assert_problem;
use crate::support::{Options, Server, eventually};

#[test]
fn a_journal_whose_sync_failed_is_not_touched_again_before_a_restart() {
    fails_for_good("fdatasync", "EIO");
}

#[test]
fn a_journal_whose_write_failed_is_not_touched_again_before_a_restart() {
    fails_for_good("pwrite64", "EIO");
}

fn fails_for_good(call: &str, error: &str) {
    let server = Server::start(&Options::default());
    server.hold("policy", "A policy", "GREEN", b"what it says");
    let (mut secretariat, mut chair) = (server.connect("secas"), server.connect("chair"));
    let inject = format!("inject={call}:error={error}");
    let calls = "trace=pwrite64,write,fdatasync,fsync,ftruncate,fallocate";
    let faults = Strace::attach(&server, &["-P", &journal(&server), "-e", calls, "-e", &inject]);

    // Who waited for it hears of it, and so does everyone after.
    assert_problem(&secretariat.register("uncertain", "Perhaps entered"), 503, "log_unavailable");
    for _ in 0..5 {
        let read = chair.read_content("policy", "1.0", NEED);
        assert_problem(&read, 503, "log_unavailable");
        assert!(!String::from_utf8_lossy(&read.body).contains("what it says"));
        assert_problem(&secretariat.register("later", "Never entered"), 503, "log_unavailable");
        assert_problem(&secretariat.lodge("policy", "2.0", b"a second"), 503, "log_unavailable");
    }
    let readiness = server.operations().get("/readyz");
    assert_eq!(readiness.status, 503);
    assert!(readiness.text().contains("until a restart"), "{}", readiness.text());
    let seen = faults.detach();
    let mut after = seen.lines().skip_while(|line| !line.contains("INJECTED"));
    assert!(after.next().is_some(), "no call failed: {seen}");
    assert_eq!(after.find(|line| line.contains("journal/")), None, "the journal was touched again: {seen}");

    // The disk is well again, which does not mean that what was written to it is there.
    assert_problem(&chair.read_content("policy", "1.0", NEED), 503, "log_unavailable");
    let directory = server.stop();
    check(&directory);
    let server = Server::serve(directory);
    server.assert_lodged("policy", "1.0", b"what it says");
    server.assert_nothing_lodged("policy", "2.0");
    let mut secretariat = server.connect("secas");
    assert_eq!(secretariat.get("/v1/documents/later").status, 404, "it was refused before anything was written");
    // Whole or absent.
    match secretariat.get("/v1/documents/uncertain").status {
        200 => assert_eq!(secretariat.get("/v1/documents/uncertain").json()["title"], "Perhaps entered"),
        status => assert_eq!(status, 404),
    }
    secretariat.register("later", "Entered").must_be(201);
    check(&server.stop());
}

#[test]
fn syncs_that_fail_under_load_lose_nothing_that_was_acknowledged() {
    let server = Server::start(&Options::default());
    prepare(&server);
    let (server, fiu) = Fiu::serve(server.stop());
    let (seen, never) = (Seen::default(), AtomicBool::new(false));
    work(&server, 0, &seen, &never, || {
        eventually("much work", || (seen.answers.load(Ordering::Relaxed) > 150).then_some(()));
        for call in ["fdatasync", "fsync"] {
            fiu.fail(&format!("posix/io/sync/{call}"), 5);
        }
    });
    // Everyone's work has ended with an answer.
    let refusals = std::mem::take(&mut *seen.refusals.lock().unwrap());
    let promised = ["log_unavailable", "storage_unavailable"];
    assert!(!refusals.is_empty());
    for (status, code) in &refusals {
        assert!(*status == 503 && promised.contains(&code.as_str()), "{status} {code}");
    }
    for call in ["fdatasync", "fsync"] {
        fiu.mend(&format!("posix/io/sync/{call}"));
    }
    let acknowledged = seen.counts();
    work(&server, 1, &seen, &never, || {});
    let after = seen.counts();
    assert_eq!((after.lodged, after.read, after.acts), (acknowledged.lodged, acknowledged.read, acknowledged.acts));
    assert!(server.operations().get("/readyz").text().contains("until a restart"));

    let directory = server.stop();
    check(&directory);
    let server = Server::serve(directory);
    seen.assert_kept(&server, &mut Verified::nothing());
    server.stop();
    println!(
        "failed syncs: lodgements acknowledged {}, reads disclosed {}, needs recorded {}, lost 0, refused {}",
        after.lodged,
        after.read,
        after.acts,
        refusals.len()
    );
}

#[test]
fn a_checkpoint_that_cannot_be_made_durable_is_not_shown_and_the_next_tick_tries_again() {
    let server = Server::start(&Options::default());
    server.hold("policy", "A policy", "GREEN", b"what it says");
    let published = || server.metric("strongroom_log_published_size");
    let entries = || server.metric("strongroom_log_entries");
    eventually("a checkpoint of everything", || (published() == entries()).then_some(()));
    let before = published();
    let record = server.directory.path().join("keys/log.key.signed.new");
    let faults = Strace::attach(
        &server,
        &["-P", record.to_str().unwrap(), "-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO"],
    );
    // What is entered goes on: the journal's disk is well.
    let mut chair = server.connect("chair");
    chair.read_content("policy", "1.0", NEED).must_be(200);
    eventually("two ticks that failed", || {
        (faults.seen().lines().filter(|line| line.contains("INJECTED")).count() >= 2).then_some(())
    });
    assert_eq!(published(), before, "what could not be recorded was shown");
    assert!(server.told().contains("no checkpoint was published"), "{}", server.told());
    chair.read_content("policy", "1.0", NEED).must_be(200);
    faults.detach();
    eventually("a checkpoint of everything", || (published() == entries()).then_some(()));
    server.stop();
}

#[test]
fn keys_on_a_full_disk_hold_up_checkpoints_alone() {
    let server = Server::start(&Options::default());
    server.hold("policy", "A policy", "GREEN", b"what it says");
    let directory = server.stop();
    let disk = Disk::of_keys(&directory);
    let server = Server::serve(directory);
    let published = || server.metric("strongroom_log_published_size");
    let entries = || server.metric("strongroom_log_entries");
    let mut chair = server.connect("chair");
    chair.read_content("policy", "1.0", NEED).must_be(200);
    eventually("a checkpoint of everything", || (published() == entries()).then_some(()));
    disk.leave(0);
    let before = published();
    chair.read_content("policy", "1.0", NEED).must_be(200);
    eventually("a tick that failed", || server.told().contains("no checkpoint was published").then_some(()));
    assert_eq!(published(), before);
    chair.read_content("policy", "1.0", NEED).must_be(200);
    disk.clear();
    eventually("a checkpoint of everything", || (published() == entries()).then_some(()));
    server.stop();
}
