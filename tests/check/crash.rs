//! What a crash leaves is told apart from what somebody did: the next start sees to it.

use crate::support::Server;
use crate::support::deeds::NEED;
use crate::used::Copy;

#[test]
fn what_a_killed_server_leaves_is_no_fault() {
    let copy = Copy::new();
    let mut server = Server::serve(copy.0.clone());
    let mut chair = server.connect("chair");
    for _ in 0..90 {
        chair.read_content("amber", "1.0", NEED).must_be(200);
    }
    server.kill();
    let report = copy.check();
    assert!(report.is_clean(), "{report:?}");
    // What is noted, if anything, is what the next start makes up for.
    assert!(report.notes.iter().all(|note| note.contains("the next start")), "{report:?}");
    Server::serve(copy.0.clone()).stop();
    let report = copy.check();
    assert!(report.is_clean() && report.notes.is_empty(), "{report:?}");
    assert_eq!(report.files, 4, "two tiles and two bundles");
}
