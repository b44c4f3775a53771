//! The auditor's tools from outside: the built binary against a real server, and against one that lies.
//!
//! ```text
//! strongroom audit ── TLS ──► middle (alters answers, or passes them on) ── TLS ──► strongroom serve
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    unused_imports,
    reason = "the helpers of a test may fail, and no test uses all"
)]

#[path = "../support/mod.rs"]
mod support;

mod export;
mod follow;
mod forked;
mod lying;
mod middle;

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use support::{Directory, Server, eventually};

/// The command under that person's certificate, with the log's key in the file that `init` wrote.
fn audit(directory: &Directory, url: &str, person: &str, arguments: &[&str]) -> Command {
    let certs = directory.path().join("certs");
    let mut command = Command::new(env!("CARGO_BIN_EXE_strongroom"));
    command.env_clear().current_dir(directory.path()).arg("audit").args(arguments);
    command.args(["--server", url, "--ca"]).arg(certs.join("ca.pem"));
    command.arg("--cert").arg(certs.join("clients").join(person).with_extension("pem"));
    command
}

/// As the auditor, under the log's key.
fn verified(server: &Server, arguments: &[&str]) -> Output {
    let arguments = [arguments, &["--log-key", "log.vkey"]].concat();
    audit(&server.directory, &url(server), "auditor", &arguments).output().unwrap()
}

fn url(server: &Server) -> String {
    format!("https://localhost:{}", server.address().port())
}

/// Waits until a checkpoint covers this entry; gives its size.
fn covered(server: &Server, entry: u64) -> u64 {
    let key = server.directory.verifier_key();
    let mut connection = server.connect("auditor");
    eventually("a checkpoint", || {
        let size = support::log::checkpoint(&mut connection, &key)?.size;
        (size > entry).then_some(size)
    })
}

/// A server with some history; the size of a checkpoint that covers it.
fn with_history() -> (Server, u64) {
    let server = Server::start(&support::Options::default());
    server.hold("device-policy", "Device Policy", "GREEN", b"the policy");
    let mut supplier = server.connect("party-small-supplier");
    supplier.get("/v1/documents/no-such-document");
    let last = supplier.read_content("device-policy", "1.0", support::deeds::NEED).must_be(200).entry().unwrap();
    let size = covered(&server, last);
    (server, size)
}

fn lines(bytes: &[u8]) -> Vec<Value> {
    std::str::from_utf8(bytes).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn indexes(bytes: &[u8]) -> Vec<u64> {
    lines(bytes).iter().map(|line| line["index"].as_u64().unwrap()).collect()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[track_caller]
fn assert_done(output: &Output) {
    assert_eq!(output.status.code(), Some(0), "{}", said(output));
}

/// Files in the directory whose names begin so.
fn files(folder: &Path, prefix: &str) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with(prefix)).collect()
}
