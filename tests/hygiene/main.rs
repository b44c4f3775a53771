//! Nothing that is told holds anything that is not to be told: no title, statement, decision, reason, note, content,
//! certificate or key, in whatever spelling, at the level that tells most.
//!
//! ```text
//! the demonstration ──► strongroom (a process, level trace) ──► standard error ──┐
//! hostile words in every place of every request ──► strongroom serve ────────────┼──► read for every secret, in every
//!                                        answers to others, /metrics ────────────┘    form in which it could stand there
//! ```
//!
//! [`search`] shows first that it finds what is there.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of a test may fail, as the test may")]

#[path = "../support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "other tests share it, and use the rest")]
mod support;

mod demo;
mod keys;
mod search;
mod server;
mod source;
mod untold;
