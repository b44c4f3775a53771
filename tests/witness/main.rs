//! A witness from outside: the built binary, its directory, HTTP, signals; and cosignatures that code of another hand
//! verifies.

#![allow(clippy::unwrap_used, clippy::panic, dead_code, reason = "a test fails by panicking, and not all help is used")]

mod bodies;
mod independent;
mod life;
mod log;
mod racing;
mod running;
#[path = "../support/wire.rs"]
mod wire;

use std::time::Duration;

/// Far longer than anything takes that happens at all, on a busy machine too.
pub const PATIENCE: Duration = Duration::from_secs(60);
