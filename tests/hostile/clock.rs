//! A clock that was set back: nothing is entered until it is right, and what needs no entry is still shown.

use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use strongroom::pure::tlog::leaf::Origin;
use strongroom::service::clock::{Clock, Reading};
use strongroom::service::publishing::witnessing::Witnessing;
use strongroom::service::startup::{Running, Settings};
use strongroom::storage::journal::TornTail;
use strongroom::storage::seal::keys::provider::KeyProvider;

use crate::support::deeds::NEED;
use crate::support::wire::assert_problem;
use crate::support::{Directory, Options, Server};

/// Makes an entry one hour from now, as a server did whose clock was wrong.
fn enter_in_an_hour(directory: &Directory) {
    let settings = Settings {
        origin: Origin::parse("localhost/strongroom").unwrap(),
        data: directory.data(),
        root_key: KeyProvider::File(directory.path().join("keys/root.key")),
        log_key: KeyProvider::File(directory.path().join("keys/log.key")),
        tick: Duration::from_millis(100),
        reserve_bytes: 0,
        queue_length: NonZeroUsize::MIN,
        refusals_per_minute: NonZeroU32::MIN,
        torn_tail: TornTail::Ask,
        witnessing: Witnessing::default(),
    };
    let ahead = Clock::steered(|| {
        let Reading { wall, elapsed } = Clock::system().read();
        Reading { wall: wall.saturating_add(SignedDuration::from_hours(1)), elapsed }
    });
    let running = Running::start(&settings, Arc::new(ahead)).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(running.repository.beat()).unwrap();
    running.stop();
}

#[test]
fn with_its_clock_set_back_a_server_enters_and_discloses_nothing() {
    let server = Server::start(&Options::default());
    server.hold("policy", "A policy", "GREEN", b"what it says");
    let directory = server.stop();
    let held = directory.blobs().len();
    enter_in_an_hour(&directory);

    // It is not ready, and says so.
    let server = Server::listening_in(directory, &[]);
    assert!(server.operations().get("/readyz").text().contains("clock"));
    let mut chair = server.connect("chair");
    let read = chair.read_content("policy", "1.0", NEED);
    assert_problem(&read, 503, "clock_behind");
    assert!(read.header("retry-after").is_some());
    assert_problem(&chair.classify("policy", "1.0", "RED"), 503, "clock_behind");
    assert_problem(&chair.lodge("policy", "2.0", b"the second version"), 503, "clock_behind");
    assert_eq!(server.directory.blobs().len(), held, "nothing of the refused version is kept");
    // What is asked for by name may have to be refused, which is an entry, so that it is not shown either; what never
    // makes one is.
    assert_problem(&chair.get("/v1/documents/policy/versions/1.0"), 503, "clock_behind");
    for path in ["/v1/me", "/v1/documents", "/log/checkpoint"] {
        chair.get(path).must_be(200);
    }
    assert!(server.told().contains("clock"), "the operator is told: {}", server.told());
    server.stop();
}
