//! The log's own record of the last tree that it signed, kept outside the data directory.
//!
//! A data directory that was restored from an older copy knows nothing of what was signed since. This file does: it
//! lies beside the log's key, and is durable before a signature leaves.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::pure::tlog::note::MAX_NOTE_LEN;
use crate::storage::disk::{Disk, outside};
use crate::storage::seal::keys::provider::KeyProvider;

/// The file: one signed checkpoint.
#[derive(Clone)]
pub struct OwnRecord {
    path: PathBuf,
    /// The disk to which the path belongs; none for a file of the system's.
    disk: Option<Arc<dyn Disk>>,
}

impl OwnRecord {
    /// The record beside the file of the log's key. A key that lies in no file has no place of its own: then the record
    /// is in the data directory, where it still comes before a signature leaves.
    pub fn of(log_key: &KeyProvider, data: &Path) -> Self {
        match log_key {
            KeyProvider::File(path) => Self { path: outside::with_suffix(path, "signed"), disk: None },
            KeyProvider::Command { .. } | KeyProvider::Held(_) => Self { path: data.join("signed"), disk: None },
        }
    }

    /// The record in the file of that name on a disk.
    pub fn on(disk: Arc<dyn Disk>, name: &str) -> Self {
        Self { path: name.into(), disk: Some(disk) }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Keeps the signed note of a checkpoint in place of the one before; durable when it returns.
    pub fn keep(&self, note: &str) -> io::Result<()> {
        match self.on_disk() {
            Some((disk, name)) => disk.swap(name, note.as_bytes()),
            None => outside::swap(&self.path, note.as_bytes()),
        }
    }

    /// What it holds, if it is there.
    pub fn read(&self) -> io::Result<Option<Vec<u8>>> {
        let Some((disk, name)) = self.on_disk() else { return outside::read(&self.path, MAX_NOTE_LEN as u64) };
        match disk.read(name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            read => read.map(Some),
        }
    }

    fn on_disk(&self) -> Option<(&dyn Disk, &str)> {
        Some((&**self.disk.as_ref()?, self.path.to_str()?))
    }
}

impl fmt::Debug for OwnRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OwnRecord").field(&self.path).finish()
    }
}
