//! Pure rooms.
pub mod audit;
pub mod domain;
pub mod record;
pub mod tlog;
pub mod wire;
