//! Checkpoints with the log's signature, and the tree that one vouches for.

use std::path::Path;

use super::error::AuditError;
use super::server::Server;
use crate::cli::common::trust::trust;
use crate::pure::audit::trust::{Believed, Trust};
use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::note::Note;
use crate::pure::tlog::served_tree::ServedTree;

/// The keys of the log, and the witnesses that must have seen it.
#[derive(Clone, Debug)]
pub struct LogKeys(Trust);

/// A checkpoint whose signature by the log's key is verified.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// The note as it was served.
    pub note: String,
}

/// A verified checkpoint and the tree that its root covers, as the server's tiles show it.
pub struct Vouched<'s> {
    /// The checkpoint.
    pub signed: Signed,
    /// Its tree.
    pub tree: ServedTree<'s, Server<'s>>,
    keys: LogKeys,
}

impl LogKeys {
    /// What `--log-key` and `--policy` give.
    pub fn read(key: &str, policy: Option<&Path>) -> Result<Self, AuditError> {
        Ok(Self(trust(key, policy)?))
    }

    /// Verifies a note as a checkpoint that the log named in it has signed. `of` says where it is from.
    pub fn open(&self, note: &[u8], of: &str) -> Result<Signed, AuditError> {
        let unusable = |trouble: String| AuditError::Checkpoint { of: of.to_owned(), trouble };
        let note = Note::parse(note).map_err(|error| unusable(format!("{error}.")))?;
        let Believed { checkpoint, .. } = self.0.open(&note).map_err(|error| unusable(error.to_string()))?;
        Ok(Signed { checkpoint, note: note.to_string() })
    }
}

impl<'s> Vouched<'s> {
    /// Reads as much of the tree as the checkpoint's root is made of.
    pub fn open(server: &'s Server<'s>, signed: Signed, keys: &LogKeys) -> Result<Self, AuditError> {
        let tree = ServedTree::open(server, &signed.checkpoint)?;
        Ok(Self { signed, tree, keys: keys.clone() })
    }

    /// What is relied on: besides the checkpoint's keys perhaps those of a name that the log had before.
    pub fn trust(&self) -> &Trust {
        &self.keys.0
    }

    /// The checkpoint.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.signed.checkpoint
    }
}

/// The size that a note claims which nobody has verified.
pub fn claimed_size(note: &[u8]) -> Option<u64> {
    let note = Note::parse(note).ok()?;
    Some(Checkpoint::parse(note.text()).ok()?.size)
}
