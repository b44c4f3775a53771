//! `strongroom check`: whatever is changed in a data directory is found, or is provably without effect.
//!
//! ```text
//! strongroom serve (a process) ──► a used directory ──► copies, each changed in one way ──► check ──► findings
//! ```
//!
//! The check is called in this process for most, which is the same code without the start of a program, and run as the
//! built binary for one of each kind.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of a test may fail, as the test may")]

#[allow(dead_code, unused_imports, reason = "these tests need a part of what tests of the whole program share")]
#[path = "../support/mod.rs"]
mod support;

mod bits;
mod crash;
mod exchanges;
mod program;
mod used;
