//! Real faults on the real server: killed processes, full and failing disks, wrong clocks, crowds.
//!
//! ```text
//! strace, libfiu, libfaketime, full and broken file systems ──► strongroom serve ──► data directory
//!        ▲                                                           │                     │
//!        └── test: what clients were told and shown, what /readyz says, what a restart finds ──┘
//! ```
//!
//! These tests need root, strace, libfiu and libfaketime (`.ci/faults/install`), so that they are no part of a plain
//! `cargo test`. What needs none of it is in `tests/hostile`; crashes of the power and of every single file operation are
//! the simulated disk's. docs/faults.md says of every fault what the server does and what its operator does.
//!
//! Not here: mocks. A fault is the operating system's, or one that it is made to report.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of a test may fail, as the test may")]

#[allow(dead_code, unused_imports, reason = "these tests need a part of what tests of the whole program share")]
#[path = "../support/mod.rs"]
mod support;

mod calls;
mod clock;
mod crowd;
mod instruments;
mod killing;
mod load;
mod read_only;
mod slow;
mod space;
mod syncing;
