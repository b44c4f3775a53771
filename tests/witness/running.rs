//! A witness as a process of its own.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::PATIENCE;
use super::log::Log;
use super::wire::{Answer, Connection};

pub const NAME: &str = "witness.example/w1";

/// Runs the binary to its end.
pub fn strongroom(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_strongroom"))
        .args(arguments)
        .env_clear()
        .env("STRONGROOM_ALLOW_ROOT", "1")
        .output()
        .unwrap()
}

/// A directory that `witness init` made, which knows the log.
pub struct Directory(TempDir);

impl Directory {
    pub fn new(log: Log) -> Self {
        let directory = Self(tempfile::tempdir().unwrap());
        let made = strongroom(&["witness", "init", "--dir", directory.dir(), "--name", NAME]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        directory.know(&log.verifier_key());
        directory
    }

    pub fn path(&self) -> PathBuf {
        self.0.path().join("w")
    }

    pub fn dir(&self) -> &str {
        // Leaked for the life of the test: arguments are borrowed texts.
        Box::leak(self.path().to_str().unwrap().to_owned().into_boxed_str())
    }

    /// Puts a line into the list of logs, under its comment.
    pub fn know(&self, line: &str) {
        let list = self.path().join("logs");
        let comment: String =
            fs::read_to_string(&list).unwrap().split_inclusive('\n').filter(|line| line.starts_with('#')).collect();
        fs::write(list, format!("{comment}{line}\n")).unwrap();
    }

    pub fn verifier_keys(&self) -> Vec<String> {
        fs::read_to_string(self.path().join("witness.vkey")).unwrap().lines().map(str::to_owned).collect()
    }

    /// The one state file.
    pub fn state(&self) -> PathBuf {
        let files = fs::read_dir(self.path().join("state")).unwrap().map(|entry| entry.unwrap().path());
        files.into_iter().find(|path| path.file_name().unwrap().len() == 64).unwrap()
    }
}

/// A witness that runs. Killed when dropped.
pub struct Running {
    child: Child,
    /// Its first lines.
    pub said: String,
    output: BufReader<std::process::ChildStdout>,
    told: Receiver<String>,
    pub address: SocketAddr,
}

impl Running {
    pub fn start(directory: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_strongroom"))
            .args(["witness", "serve", "--listen", "127.0.0.1:0", "--dir"])
            .arg(directory)
            .args(arguments)
            .env_clear()
            .env("STRONGROOM_ALLOW_ROOT", "1")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let log = BufReader::new(child.stderr.take().unwrap());
        let (telling, told) = channel();
        std::thread::spawn(move || log.lines().map_while(Result::ok).for_each(|line| drop(telling.send(line))));
        let mut said = String::new();
        while !said.contains("SIGHUP") {
            let ended = output.read_line(&mut said).unwrap() == 0;
            assert!(!ended, "the witness ended: {said}\n{}", told.iter().collect::<Vec<_>>().join("\n"));
        }
        let url = said.split_whitespace().nth(1).unwrap();
        let authority = url.split("://").nth(1).unwrap().split('/').next().unwrap();
        let address = authority.parse().unwrap();
        Self { child, said, output, told, address }
    }

    pub fn connect(&self) -> Connection {
        Connection::plain(self.address).unwrap()
    }

    pub fn submit(&self, body: &str) -> Answer {
        self.connect().exchange("POST", "/add-checkpoint", &[], Some(body.as_bytes())).unwrap()
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits until its log has a line with `part` in it.
    pub fn told(&self, part: &str) -> String {
        loop {
            let line = self.told.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("it does not tell {part:?}"));
            if line.contains(part) {
                return line;
            }
        }
    }

    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end; gives how it ended and what it said last.
    pub fn ended(mut self) -> (ExitStatus, String) {
        let mut last = String::new();
        self.output.read_to_string(&mut last).unwrap();
        (self.child.wait().unwrap(), last)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
