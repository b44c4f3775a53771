//! The log's own record of the last tree that it signed, kept outside the data directory.
//!
//! A data directory that was restored from an older copy knows nothing of what was signed since. This file does: it
//! lies beside the log's key, and is durable before a signature leaves.

use std::io;
use std::path::{Path, PathBuf};

use crate::pure::tlog::note::MAX_NOTE_LEN;
use crate::storage::disk::outside;
use crate::storage::seal::keys::provider::KeyProvider;

/// The file: one signed checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnRecord(PathBuf);

impl OwnRecord {
    /// The record beside the file of the log's key. A key that lies in no file has no place of its own: then the record
    /// is in the data directory, where it still comes before a signature leaves.
    pub fn of(log_key: &KeyProvider, data: &Path) -> Self {
        match log_key {
            KeyProvider::File(path) => Self(outside::with_suffix(path, "signed")),
            KeyProvider::Command { .. } | KeyProvider::Held(_) => Self(data.join("signed")),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Keeps the signed note of a checkpoint in place of the one before; durable when it returns.
    pub fn keep(&self, note: &str) -> io::Result<()> {
        outside::swap(&self.0, note.as_bytes())
    }

    /// What it holds, if it is there.
    pub fn read(&self) -> io::Result<Option<Vec<u8>>> {
        outside::read(&self.0, MAX_NOTE_LEN as u64)
    }
}
