//! Following: as it comes, over restarts, and to a good end.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::middle::Middle;
use super::*;
use support::PATIENCE;

struct Following {
    process: Child,
    lines: Receiver<Value>,
}

impl Following {
    fn start(directory: &Directory, url: &str, arguments: &[&str]) -> Self {
        let arguments = [&["follow", "--interval", "1"], arguments].concat();
        let mut command = audit(directory, url, "auditor", &arguments);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let output: BufReader<ChildStdout> = BufReader::new(process.stdout.take().unwrap());
        let (send, lines) = channel();
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let _ = send.send(serde_json::from_str(&line).unwrap());
            }
        });
        Self { process, lines }
    }

    /// Takes lines up to the one with this index; they must come in order.
    fn up_to(&self, first: u64, last: u64) {
        for index in first..=last {
            assert_eq!(self.lines.recv_timeout(PATIENCE).unwrap()["index"], index);
        }
    }

    fn end(mut self, signal: Signal) {
        kill_process(Pid::from_child(&self.process), signal).unwrap();
        let status = eventually("the end", || self.process.try_wait().unwrap());
        assert_eq!(status.code(), Some(0));
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn act(server: &Server) -> u64 {
    server.connect("chair").get("/v1/documents/no-such-document").entry().unwrap()
}

#[test]
fn entries_come_in_order_over_a_restart_until_it_is_told_to_stop() {
    let (server, _) = with_history();
    let middle = Middle::before(&server, "auditor");
    let directory = server.directory.clone();
    let arguments = ["--log-key", "log.vkey", "--state", "kept"];
    let following = Following::start(&directory, &middle.url, &arguments);
    let first = act(&server);
    following.up_to(0, first);
    middle.stand_before(None);
    let server = Server::serve(server.stop());
    let second = act(&server);
    middle.stand_before(Some(&server));
    following.up_to(first + 1, second);
    following.end(Signal::TERM);
    // What was shown is not shown again, and nothing is passed over.
    let kept = std::fs::read_to_string(directory.path().join("kept")).unwrap();
    let size: u64 = kept.lines().nth(1).unwrap().parse().unwrap();
    let third = act(&server);
    let following = Following::start(&directory, &middle.url, &arguments);
    following.up_to(size, third);
    following.end(Signal::INT);
}

#[test]
fn following_does_not_feed_on_itself() {
    let (server, _) = with_history();
    let middle = Middle::before(&server, "auditor");
    let following = Following::start(&server.directory, &middle.url, &["--log-key", "log.vkey"]);
    following.up_to(0, act(&server));
    let count = |prefix: &str| middle.asked().iter().filter(|path| path.starts_with(prefix)).count();
    let (looks, checkpoints) = (count("/v1/audit/entries"), count("/log/checkpoint"));
    eventually("more rounds", || (count("/log/checkpoint") > checkpoints + 4).then_some(()));
    // At most one more: a heartbeat may have come.
    assert!(count("/v1/audit/entries") <= looks + 1, "{:?}", middle.asked());
    following.end(Signal::TERM);
}

#[test]
fn from_now_on_shows_what_comes_and_a_closed_pipe_ends_it_well() {
    let (server, _) = with_history();
    let arguments = ["follow", "--interval", "1", "--from-now", "--format", "ecs"];
    let mut command = audit(&server.directory, &url(&server), "auditor", &arguments);
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut output = BufReader::new(process.stdout.take().unwrap());
    let (send, first) = channel();
    let reading = thread::spawn(move || {
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        send.send(line).unwrap();
    });
    let line = eventually("a line", || {
        act(&server);
        first.recv_timeout(std::time::Duration::from_millis(300)).ok()
    });
    let event: Value = serde_json::from_str(&line).unwrap();
    assert!(event["event"]["sequence"].as_u64().unwrap() > 5, "{event}");
    reading.join().unwrap();
    let status = eventually("the end", || {
        act(&server);
        thread::sleep(std::time::Duration::from_millis(100));
        process.try_wait().unwrap()
    });
    assert_eq!(status.code(), Some(0));
}
