//! The log's tree on disk: full tiles as files, written once, and the right edge in memory.
//!
//! Invariants:
//! - Tiles are derived from the journal and may be lost: opening makes missing ones anew from its leaf hashes.
//! - A tile is durable before any reader can be sent to it; children are durable before their parent.
//! - No hash from a file is used or served before its tile agrees with the hash of it one level above, up to the right
//!   edge in memory, which the caller compared with the journal's tree by its root.
//!
//! Not here: entries (the journal has them), checkpoints, and who may ask for what.

pub mod error;
pub mod files;
pub mod reader;
pub mod store;

mod right_edge;

#[cfg(test)]
mod tests;
