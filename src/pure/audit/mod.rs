//! What a log's records and checkpoints prove: one judge for operator, auditor and tests.
//!
//! It works offline and trusts nothing but verifier keys: an auditor need not trust the server or its code.
//! [`evidence`] judges one entry by its proof, [`reading`] entries by a checkpoint and the tree; [`siem`] says a record
//! in the words of others.
//!
//! Not here: fetching anything, and reading files.

pub mod evidence;
pub mod reading;
pub mod report;
pub mod rotation;
pub mod siem;
pub mod signature;
pub mod trust;

mod content;
