//! What a log sends to a witness (C2SP tlog-witness, `add-checkpoint`): the size that the witness knows, the proof that
//! the checkpoint's tree extends that tree, and the checkpoint.

use std::fmt;

use super::hash::TreeHash;
use super::note::{MAX_NOTE_LEN, MalformedNote, Note, NoteSignature};
use super::text::{decimal, hash_from_base64, hash_to_base64};

/// The most hashes of a consistency proof in a request.
pub const MAX_CONSISTENCY_HASHES: usize = 63;

/// The longest request that is parsed, in bytes.
pub const MAX_REQUEST_LEN: usize = MAX_NOTE_LEN + 4096;

/// The media type of the body of a 409: the size that the witness knows, in decimal, and a newline.
pub const SIZE_MEDIA_TYPE: &str = "text/x.tlog.size";

/// The body of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size that the witness last cosigned; 0 if none.
    pub old_size: u64,
    /// The consistency proof from `old_size` to the checkpoint's size (RFC 9162, section 2.1.4).
    pub proof: Vec<TreeHash>,
    /// The checkpoint. Nothing in it is verified yet.
    pub checkpoint: Note,
}

impl AddCheckpoint {
    /// Parses a body. What is accepted prints as the same bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, MalformedRequest> {
        if bytes.len() > MAX_REQUEST_LEN {
            return Err(MalformedRequest::TooLong);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| MalformedRequest::OldSize)?;
        let (head, note) = text.split_once("\n\n").ok_or(MalformedRequest::NoCheckpoint)?;
        let mut lines = head.split('\n');
        let old_size = lines.next().and_then(|line| line.strip_prefix(OLD)).and_then(decimal);
        let mut proof = Vec::new();
        for line in lines {
            if proof.len() == MAX_CONSISTENCY_HASHES {
                return Err(MalformedRequest::Hash);
            }
            proof.push(hash_from_base64(line).ok_or(MalformedRequest::Hash)?);
        }
        Ok(Self {
            old_size: old_size.ok_or(MalformedRequest::OldSize)?,
            proof,
            checkpoint: Note::parse(note.as_bytes())?,
        })
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{OLD}{}", self.old_size)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{}", hash_to_base64(hash)))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

/// Parses the body of a 200: one or more signature lines.
pub fn parse_cosignatures(body: &str) -> Option<Vec<NoteSignature>> {
    body.strip_suffix('\n')?.split('\n').map(NoteSignature::parse).collect()
}

/// Parses the body of a 409: a size in decimal and a newline.
pub fn parse_size(body: &str) -> Option<u64> {
    decimal(body.strip_suffix('\n')?)
}

/// Which part makes bytes no request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MalformedRequest {
    /// The first line, or the body is not UTF-8.
    #[error("the first line must be \"old <size>\", the size in decimal without leading zeros")]
    OldSize,
    /// A hash line, or more of them than a proof can have.
    #[error("the consistency proof is at most 63 lines of 32 bytes in base64")]
    Hash,
    /// No empty line before a checkpoint.
    #[error("there is no checkpoint after an empty line")]
    NoCheckpoint,
    /// The checkpoint is not a signed note.
    #[error("the checkpoint is malformed: {0}")]
    Checkpoint(#[from] MalformedNote),
    /// Longer than [`MAX_REQUEST_LEN`].
    #[error("the request is longer than 1,004,096 bytes")]
    TooLong,
}

const OLD: &str = "old ";
