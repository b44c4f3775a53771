//! A log that is not the one that it was: the alarm, and the two signed checkpoints that prove it.

use super::*;
use support::log;

/// A log under the same key in another directory, with a history of its own.
fn another(acts: u64) -> Server {
    let server = Server::start(&support::Options::default());
    let mut chair = server.connect("chair");
    let mut last = 0;
    for _ in 0..acts {
        last = chair.get("/v1/audit/entries").entry().unwrap();
    }
    covered(&server, last);
    server
}

#[test]
fn a_log_that_shrank_or_forked_is_an_alarm_with_both_checkpoints() {
    let (server, _) = with_history();
    assert_done(&verified(&server, &["export", "--state", "kept"]));
    let kept = std::fs::read(server.directory.path().join("kept")).unwrap();
    for (other, reason) in [(another(1), "entries and has"), (another(40), "do not begin with")] {
        let folder = other.directory.path();
        std::fs::write(folder.join("kept"), &kept).unwrap();
        let output = verified(&other, &["export", "--state", "kept", "--output", "out.jsonl"]);
        assert_eq!(output.status.code(), Some(1));
        let told = said(&output);
        assert!(told.contains("THE LOG IS NOT THE ONE THAT IT WAS") && told.contains(reason), "{told}");
        let both = files(folder, "checkpoint-");
        assert_eq!(both.len(), 2, "{both:?}");
        assert!(both.iter().all(|name| told.contains(name)), "{told}");
        assert_eq!(std::fs::read(folder.join("kept")).unwrap(), kept, "the state stays");
        assert!(files(folder, "out.jsonl").is_empty());
        let following = verified(&other, &["follow", "--state", "kept", "--interval", "1"]);
        assert_eq!(following.status.code(), Some(1), "{}", said(&following));
        let size = log::checkpoint(&mut other.connect("chair"), &other.directory.verifier_key()).unwrap().size;
        assert!(size > 0);
    }
}

#[test]
fn a_state_that_is_no_checkpoint_of_the_log_is_refused() {
    let (server, _) = with_history();
    std::fs::write(server.directory.path().join("kept"), "something else").unwrap();
    let output = verified(&server, &["export", "--state", "kept"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("The state kept is no checkpoint that the log's key signed"), "{}", said(&output));
}
