//! What a log's records and checkpoints prove: one judge for operator, auditor and tests.
//!
//! It works offline and trusts nothing but verifier keys: an auditor need not trust the server or its code.
//!
//! Not here: fetching anything, and reading files.

pub mod evidence;
pub mod report;
pub mod signature;
pub mod trust;

mod content;
