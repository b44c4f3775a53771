//! A clock that is set while the server runs. What measures the time that passes is left alone, as the system leaves it.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::instruments::run;
use crate::load::records;
use crate::support::deeds::NEED;
use crate::support::directory::copy;
use crate::support::server::configure;
use crate::support::wire::assert_problem;
use crate::support::{Directory, Options, Server};

const LIBRARY: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

/// Where the offset of the clock is read from, at every look at it.
fn wrong_by(file: &Path) -> [(&'static str, String); 5] {
    assert!(Path::new(LIBRARY).exists(), "these tests use libfaketime");
    [
        ("LD_PRELOAD", LIBRARY.to_owned()),
        ("FAKETIME_TIMESTAMP_FILE", file.to_str().unwrap().to_owned()),
        ("FAKETIME_NO_CACHE", "1".to_owned()),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ("DONT_FAKE_MONOTONIC", "1".to_owned()),
    ]
}

/// A directory whose certificates are valid since two hours ago.
fn made_two_hours_ago() -> Directory {
    let (directory, made) = (Directory::empty(), tempfile::tempdir().unwrap());
    let (offset, room) = (made.path().join("offset"), made.path().join("room"));
    fs::write(&offset, "-7200").unwrap();
    let mut init = Command::new(env!("CARGO_BIN_EXE_strongroom"));
    run(init.envs(wrong_by(&offset)).args(["init", "--dir"]).arg(&room));
    copy(&room, directory.path());
    configure(&directory, &Options::default());
    directory
}

#[test]
fn a_clock_that_is_set_is_noticed_and_believed_only_when_it_can_be_right() {
    let directory = made_two_hours_ago();
    let offset = directory.data().join("offset");
    let set = |seconds: &str| {
        // In one step: a file that is read while it is written would be another fault.
        let fresh = offset.with_extension("new");
        fs::write(&fresh, seconds).unwrap();
        fs::rename(&fresh, &offset).unwrap();
    };
    set("+0");
    let server = Server::serve_in(directory, &wrong_by(&offset));
    server.hold("policy", "A policy", "GREEN", b"what it says");
    let mut chair = server.connect("chair");
    let first = chair.read_content("policy", "1.0", NEED).must_be(200).entry().unwrap();
    let readiness = || server.operations().get("/readyz");

    // Back by an hour.
    set("-3600");
    for _ in 0..3 {
        let read = chair.read_content("policy", "1.0", NEED);
        assert_problem(&read, 503, "clock_behind");
        assert!(read.header("retry-after").is_some());
    }
    assert_problem(&server.connect("secas").lodge("policy", "2.0", b"a second"), 503, "clock_behind");
    assert!(readiness().status == 503 && readiness().text().contains("clock"), "{}", readiness().text());
    chair.get("/v1/documents").must_be(200);
    // When it is right again, so is everything.
    set("+0");
    assert_eq!(readiness().status, 200);
    let second = chair.read_content("policy", "1.0", NEED).must_be(200).entry().unwrap();
    assert_eq!(second, first + 1, "nothing was entered meanwhile");

    // Ahead by an hour: it may be right, and the server cannot know.
    set("+3600");
    assert_problem(&chair.read_content("policy", "1.0", NEED), 503, "clock_behind");
    assert!(readiness().text().contains("strongroom clock accept"), "{}", readiness().text());
    set("+0");
    assert_problem(&chair.read_content("policy", "1.0", NEED), 503, "clock_behind");
    let directory = server.stop();
    let server = Server::listening_in(directory, &wrong_by(&offset));
    assert_problem(&server.connect("chair").read_content("policy", "1.0", NEED), 503, "clock_behind");
    assert!(
        server.operations().get("/readyz").text().contains("strongroom clock accept"),
        "a restart does not accept it"
    );
    let directory = server.stop();

    // Accepted, it is: by an entry.
    let mut accept = Command::new(env!("CARGO_BIN_EXE_strongroom"));
    run(accept.envs(wrong_by(&offset)).args(["clock", "accept", "--config"]).arg(directory.config()));
    let server = Server::serve_in(directory, &wrong_by(&offset));
    let third = server.connect("chair").read_content("policy", "1.0", NEED).must_be(200).entry().unwrap();
    let records = records(&server, second);
    let accepted = records.values().find(|record| record["command"]["kind"] == "accept_clock").unwrap();
    assert!((second + 1..third).contains(&accepted["index"].as_u64().unwrap()), "{accepted}");
    let times: Vec<_> = (second..=third).map(|index| records[&index]["time"].as_str().unwrap().to_owned()).collect();
    assert!(times.is_sorted(), "time went back: {times:?}");
    server.stop();
}
