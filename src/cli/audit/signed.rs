//! Checkpoints with the log's signature, and the tree that one vouches for.

use super::error::AuditError;
use super::server::Server;
use crate::cli::verify::keys;
use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::note::{Note, UnverifiedNote};
use crate::pure::tlog::served_tree::ServedTree;
use crate::pure::tlog::verifier_key::VerifierKey;

/// The log's keys that this release can use.
#[derive(Debug)]
pub struct LogKeys(Vec<VerifierKey>);

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
}

impl LogKeys {
    /// What `--log-key` gives. Keys of kinds that this release does not know are passed over, if another can be used.
    pub fn read(given: &str) -> Result<Self, AuditError> {
        let mut unusable = None;
        let mut usable = Vec::new();
        for key in keys(given)? {
            match VerifierKey::parse(&key) {
                Ok(key) => usable.push(key),
                Err(error) => drop(unusable.get_or_insert(error)),
            }
        }
        match unusable {
            Some(error) if usable.is_empty() => Err(AuditError::UnusableKey(error)),
            _ => Ok(Self(usable)),
        }
    }

    /// Verifies a note as a checkpoint that the log named in it has signed. `of` says where it is from.
    pub fn open(&self, note: &[u8], of: &str) -> Result<Signed, AuditError> {
        let unusable = |trouble: String| AuditError::Checkpoint { of: of.to_owned(), trouble };
        let parsed = Note::parse(note).map_err(|error| unusable(error.to_string()))?;
        let signers = parsed.verify(&self.0).map_err(|error| {
            unusable(match error {
                UnverifiedNote::UnknownKeys => "it is not signed by the key that you gave".to_owned(),
                bad => bad.to_string(),
            })
        })?;
        let checkpoint = Checkpoint::parse(parsed.text()).map_err(|error| unusable(error.to_string()))?;
        // A log signs under its origin: another log's key proves nothing about this one.
        if !signers.iter().any(|key| key.name().as_str() == checkpoint.origin.as_str()) {
            return Err(unusable(format!("it is of the log {}, whose key you did not give", checkpoint.origin)));
        }
        Ok(Signed { checkpoint, note: parsed.to_string() })
    }
}

impl<'s> Vouched<'s> {
    /// Reads as much of the tree as the checkpoint's root is made of.
    pub fn open(server: &'s Server<'s>, signed: Signed) -> Result<Self, AuditError> {
        let tree = ServedTree::open(server, &signed.checkpoint)?;
        Ok(Self { signed, tree })
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
