//! The log's tree on disk: full tiles and full bundles of entries as files, written once, and the right edge in memory.
//!
//! Invariants:
//! - The files are derived from the journal and may be lost: opening makes missing ones anew from its entries, and a
//!   bundle that is found damaged later can be restored from them ([`reader::TileReader::restore_bundle`]).
//! - A file is durable before any reader can be sent to it; a bundle before the tile of its hashes, children before
//!   their parent.
//! - Partial tiles and bundles are derived, from the right edge or from what has become full since.
//! - No hash from a file is used or served before its tile agrees with the hash of it one level above, up to the right
//!   edge in memory, which the caller compared with the journal's tree by its root; and no entry before its bundle
//!   agrees with the tile of its hashes.
//!
//! Not here: records and their openings (the journal has them), checkpoints, and who may ask for what.

pub mod comparison;
pub mod error;
pub mod files;
pub mod reader;
pub mod store;

mod full;
mod right_edge;

#[cfg(test)]
mod tests;
