//! Checkpoints: a log's size and root at one time, as the text of a signed note (C2SP tlog-checkpoint).

use std::fmt;

use super::hash::TreeHash;
use super::leaf::Origin;
use super::note::{MalformedNote, Note, UnverifiedNote};
use super::text::{decimal, hash_from_base64, hash_to_base64};
use super::verifier_key::{KeyName, VerifierKey};

/// The head of a log's tree. Its text is `<origin>\n<size>\n<base64(root)>\n`, without extension lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name.
    pub origin: Origin,
    /// The number of entries.
    pub size: u64,
    /// The root of the tree of the first `size` entries.
    pub root: TreeHash,
}

impl Checkpoint {
    /// Parses a checkpoint's text. Extension lines are refused: nothing audits them.
    pub fn parse(text: &str) -> Result<Self, MalformedCheckpoint> {
        let mut lines = text.strip_suffix('\n').ok_or(MalformedCheckpoint::Lines)?.split('\n');
        let (Some(origin), Some(size), Some(root), None) = (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(MalformedCheckpoint::Lines);
        };
        Ok(Self {
            origin: Origin::parse(origin).map_err(|_| MalformedCheckpoint::Origin)?,
            size: decimal(size).ok_or(MalformedCheckpoint::Size)?,
            root: hash_from_base64(root).ok_or(MalformedCheckpoint::Root)?,
        })
    }

    /// The note to be signed.
    pub fn to_note(&self) -> Result<Note, MalformedNote> {
        Note::unsigned(self.to_string())
    }

    /// The checkpoint that `note` carries and the keys that signed it, once the signatures by the log's keys `log`,
    /// which are all of one name, are verified: at least one, and no bad one. The origin must be the keys' name.
    /// Signatures by other keys are not looked at.
    pub fn open<'k>(note: &Note, log: &'k [VerifierKey]) -> Result<(Self, Vec<&'k VerifierKey>), UnverifiedCheckpoint> {
        let signed_by = note.verify(log)?;
        let checkpoint = Self::parse(note.text())?;
        match signed_by.iter().find(|key| key.name().as_str() != checkpoint.origin.as_str()) {
            None => Ok((checkpoint, signed_by)),
            Some(key) => Err(UnverifiedCheckpoint::OtherOrigin { origin: checkpoint.origin, key: key.name().clone() }),
        }
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, hash_to_base64(&self.root))
    }
}

/// Which line of a text makes it no checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MalformedCheckpoint {
    /// Not exactly three lines.
    #[error("a checkpoint is exactly three lines: origin, size and root")]
    Lines,
    /// The first line.
    #[error("the checkpoint's first line is not an origin")]
    Origin,
    /// The second line.
    #[error("the checkpoint's second line is not a size in decimal without leading zeros")]
    Size,
    /// The third line.
    #[error("the checkpoint's third line is not a 32-byte root in base64")]
    Root,
}

/// Why a note is not a checkpoint of the log whose key was given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnverifiedCheckpoint {
    /// The log's signature is missing or bad.
    #[error(transparent)]
    Signature(#[from] UnverifiedNote),
    /// The log's key signed something that is not a checkpoint.
    #[error(transparent)]
    Malformed(#[from] MalformedCheckpoint),
    /// The log's key signed another log's checkpoint.
    #[error("the checkpoint is of the log {origin}, not of the log whose key was given")]
    OtherOrigin {
        /// The origin that the checkpoint names.
        origin: Origin,
        /// The key's name.
        key: KeyName,
    },
}
