//! Bad input, bad luck and bad intent, from outside: the built binary, real TLS, real files, real processes.
//!
//! ```text
//! test ── TLS, signals, flipped bytes, full disks ──► strongroom serve (a process) ──► data directory
//!   ▲                                                                                      │
//!   └──────────────── what people, the auditor and the public log can see of it ◄──────────┘
//! ```
//!
//! One file a theme. What each proves is what its tests are called.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of a test may fail, as the test may")]

#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../support/mod.rs"]
mod support;

mod bodies;
mod browser;
mod certificates;
mod clock;
mod connections;
mod cutting;
mod damage;
mod forging;
mod framing;
mod full_disk;
mod hiding;
mod killing;
mod limits;
mod names;
mod needs;
mod public;
mod reloading;
mod resuming;
mod rollback;
mod rotation;
mod slow;
mod stopping;
mod tiles;
mod unfit;
