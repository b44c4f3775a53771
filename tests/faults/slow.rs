//! A disk that is slow, and one that does not answer at all.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::instruments::{Strace, check, journal};
use crate::load::records;
use crate::support::deeds::NEED;
use crate::support::wire::assert_problem;
use crate::support::{Options, Server, eventually};

const CLIENTS: usize = 40;

#[test]
fn a_slow_disk_is_shared_by_all_who_wait_for_it_and_who_would_wait_too_long_is_told() {
    let server = Server::start(&Options { limits: vec![("queue_length", 8)], ..Options::default() });
    server.hold("policy", "A policy", "GREEN", b"what it says");
    let faults = Strace::attach(
        &server,
        &["-P", &journal(&server), "-e", "trace=fdatasync", "-e", "inject=fdatasync:delay_enter=300000"],
    );
    let (answered, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for number in 0..CLIENTS {
            let (server, answered, refused) = (&server, &answered, &refused);
            scope.spawn(move || {
                let mut secretariat = server.connect("secas");
                for part in 0..3 {
                    let slug = format!("slow-{number}-{part}");
                    loop {
                        let answer = secretariat.register(&slug, "Entered in the end");
                        if answer.status == 201 {
                            answered.fetch_add(1, Ordering::Relaxed);
                            break;
                        }
                        assert_problem(&answer, 503, "log_unavailable");
                        assert!(answer.header("retry-after").is_some());
                        refused.fetch_add(1, Ordering::Relaxed);
                        std::thread::sleep(std::time::Duration::from_millis(100));
                    }
                }
            });
        }
    });
    let (answered, refused) = (answered.into_inner(), refused.into_inner());
    // Slow is not silent.
    assert_eq!(server.operations().get("/readyz").status, 200);
    let syncs = faults.seen().lines().filter(|line| line.contains("fdatasync(")).count();
    assert_eq!(answered, CLIENTS * 3);
    assert!(refused > 0, "more waited than the queue takes");
    assert!(syncs < answered, "{syncs} syncs for {answered} entries");
    // It still stops well, and in order: nothing was lost and time never went back.
    let directory = server.stop();
    drop(faults);
    check(&directory);
    let server = Server::serve(directory);
    let records = records(&server, 0);
    let mut indexes: Vec<_> = records.keys().copied().collect();
    indexes.sort_unstable();
    let times: Vec<_> = indexes.iter().map(|index| records[index]["time"].as_str().unwrap()).collect();
    assert!(times.is_sorted());
    server.stop();
    println!("slow disk (300 ms a sync): {answered} entries in {syncs} syncs, {refused} requests told to come again");
}

#[test]
fn a_disk_that_does_not_answer_is_told_of_and_does_not_keep_the_server_from_ending() {
    let server = Server::start(&Options { limits: vec![("shutdown_seconds", 1)], ..Options::default() });
    server.hold("policy", "A policy", "GREEN", b"what it says");
    let faults = Strace::attach(
        &server,
        &["-P", &journal(&server), "-e", "trace=fdatasync", "-e", "inject=fdatasync:delay_enter=600s"],
    );
    std::thread::scope(|scope| {
        let (waiting, mut chair) = (server.connect("secas"), server.connect("chair"));
        let waits = scope.spawn(move || {
            let mut waiting = waiting;
            let json = [("Content-Type", "application/json")];
            let document = serde_json::json!({
                "document": "uncertain", "title": "T", "type": "certificate_policy", "set": "smki", "body": "pma",
            });
            waiting.exchange("POST", "/v1/documents", &json, Some(document.to_string().as_bytes()))
        });
        eventually("readiness tells", || {
            let readiness = server.operations().get("/readyz");
            (readiness.status == 503 && readiness.text().contains("has not confirmed a write")).then_some(())
        });
        // What needs no entry is shown.
        chair.get("/v1/documents").must_be(200);
        server.terminate();
        eventually("the server gives the disk up", || server.told().contains("did not finish").then_some(()));
        // strace holds the thread that waits even after the end of its process, as the kernel would a stuck one.
        drop(faults);
        // It was never told that it was entered.
        if let Ok(answer) = waits.join().unwrap() {
            assert_problem(&answer, 503, "shutting_down");
        }
    });
    let (status, directory) = server.ended();
    assert_eq!(status.code(), Some(1), "it says that it did not end well");
    check(&directory);
    let server = Server::serve(directory);
    server.connect("chair").read_content("policy", "1.0", NEED).must_be(200);
    server.stop();
}
