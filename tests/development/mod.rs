//! A development directory, made once for a test program and copied for each test; and the binary, run as people run it.

#![allow(clippy::unwrap_used, clippy::panic, dead_code, reason = "a test fails by panicking, and no test uses all")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::LazyLock;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// The binary with nothing of this machine's environment; it serves if the test is root's too.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_strongroom"));
    command.args(arguments).env_clear().env("STRONGROOM_ALLOW_ROOT", "1");
    command
}

/// Runs the binary to its end.
pub fn strongroom(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

/// What was printed, as text.
pub fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// The directory that `init` made for this test program.
pub static MADE: LazyLock<TempDir> = LazyLock::new(|| {
    let parent = tempfile::tempdir().unwrap();
    let made = strongroom(&["init", "--dir", parent.path().join("made").to_str().unwrap()]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    parent
});

/// A copy of it whose server listens on free ports; the configuration's path comes with it.
pub fn copy() -> (TempDir, PathBuf) {
    let parent = tempfile::tempdir().unwrap();
    let copy = parent.path().join("copy");
    copy_folder(&MADE.path().join("made"), &copy);
    let config = copy.join("strongroom.toml");
    let text = fs::read_to_string(&config).unwrap();
    let text = ["8443", "8444", "9090"].iter().fold(text, |text, port| text.replace(&format!(":{port}"), ":0"));
    fs::write(&config, text).unwrap();
    (parent, config)
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    fs::set_permissions(to, fs::metadata(from).unwrap().permissions()).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

/// A server that runs, with the lines that it has printed so far. Killed when dropped.
pub struct Serving {
    child: Child,
    /// What it said first, up to the line that says what to do next.
    pub said: String,
    output: BufReader<std::process::ChildStdout>,
    /// The lines of its log that nobody has asked for yet.
    told: Receiver<String>,
}

impl Serving {
    /// Starts the server and waits until it has said where it listens.
    pub fn start(config: &Path) -> Self {
        let mut child = command(&["serve", "--config", config.to_str().unwrap()])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let log = BufReader::new(child.stderr.take().unwrap());
        let (telling, told) = channel();
        // All of it is read, whether or not a test asks for it, since a full pipe would stop the server.
        thread::spawn(move || log.lines().map_while(Result::ok).for_each(|line| drop(telling.send(line))));
        let mut said = String::new();
        while !said.contains("SIGHUP") {
            assert!(output.read_line(&mut said).unwrap() > 0, "the server ended: {said}");
        }
        Self { child, said, output, told }
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits until the log has a line with `part` in it; gives that line.
    pub fn told(&self, part: &str) -> String {
        let mut before = Vec::new();
        loop {
            match self.told.recv_timeout(Duration::from_secs(30)) {
                Ok(line) if line.contains(part) => return line,
                Ok(line) => before.push(line),
                Err(_) => panic!("the log does not say {part:?}, but:\n{}", before.join("\n")),
            }
        }
    }

    /// Waits for its end; gives how it ended and what it said last.
    pub fn wait(&mut self) -> (ExitStatus, String) {
        let mut last = String::new();
        while self.output.read_line(&mut last).unwrap() > 0 {}
        (self.child.wait().unwrap(), last)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
