//! The server as a process of a machine, seen from outside: whose it is, what it leaves behind in files and in memory, and
//! what it may touch.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    unused_imports,
    reason = "a test fails by panicking, and not all help is used"
)]

#[path = "../support/mod.rs"]
mod support;

mod memory;
mod ordinary;
mod root;
mod sandbox;

use rustix::process::Pid;
use support::Server;

/// A file of the process in /proc.
fn proc(server: &Server, name: &str) -> String {
    std::fs::read_to_string(format!("/proc/{}/{name}", server.pid().as_raw_nonzero())).unwrap()
}

/// Whether the test itself is root's.
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
