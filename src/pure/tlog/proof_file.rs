//! Proof files, `.tlog-proof`: one entry's inclusion proof with the checkpoint that it leads to (C2SP tlog-proof).

use std::fmt;

use super::hash::TreeHash;
use super::note::{MAX_NOTE_LEN, MalformedNote, Note};
use super::text::{decimal, from_base64, hash_from_base64, hash_to_base64, to_base64};

/// The longest proof file that is parsed, in bytes: a note, and a record of 60,000 bytes in base64 with room to spare.
pub const MAX_PROOF_FILE_LEN: usize = MAX_NOTE_LEN + 200_000;

/// The most hashes of an inclusion proof: one for each bit of a size.
pub const MAX_INCLUSION_HASHES: usize = 64;

/// A proof file. Nothing in it is verified yet, and `extra` is covered by no signature of itself.
#[derive(Clone, PartialEq, Eq)]
pub struct ProofFile {
    /// What the application adds; empty if the file has no `extra` line.
    pub extra: Vec<u8>,
    /// The entry's index in the log.
    pub index: u64,
    /// The inclusion proof, from the leaf's sibling up to the root's child.
    pub hashes: Vec<TreeHash>,
    /// The signed checkpoint.
    pub checkpoint: Note,
}

impl ProofFile {
    /// Parses a proof file. What is accepted prints as the same bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, MalformedProofFile> {
        if bytes.len() > MAX_PROOF_FILE_LEN {
            return Err(MalformedProofFile::TooLong);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| MalformedProofFile::Header)?;
        let (head, note) = text.split_once("\n\n").ok_or(MalformedProofFile::NoCheckpoint)?;
        let mut lines = head.split('\n');
        if lines.next() != Some(HEADER) {
            return Err(MalformedProofFile::Header);
        }
        let mut line = lines.next();
        let extra = match line.and_then(|line| line.strip_prefix(EXTRA)) {
            Some(encoded) => {
                line = lines.next();
                // "If no extra data is present, this line is omitted."
                from_base64(encoded).filter(|extra| !extra.is_empty()).ok_or(MalformedProofFile::Extra)?
            }
            None => Vec::new(),
        };
        let index =
            line.and_then(|line| line.strip_prefix(INDEX)).and_then(decimal).ok_or(MalformedProofFile::Index)?;
        let mut hashes = Vec::new();
        for line in lines {
            if hashes.len() == MAX_INCLUSION_HASHES {
                return Err(MalformedProofFile::Hash);
            }
            hashes.push(hash_from_base64(line).ok_or(MalformedProofFile::Hash)?);
        }
        Ok(Self { extra, index, hashes, checkpoint: Note::parse(note.as_bytes())? })
    }
}

impl fmt::Display for ProofFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if !self.extra.is_empty() {
            writeln!(f, "{EXTRA}{}", to_base64(&self.extra))?;
        }
        writeln!(f, "{INDEX}{}", self.index)?;
        self.hashes.iter().try_for_each(|hash| writeln!(f, "{}", hash_to_base64(hash)))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

impl fmt::Debug for ProofFile {
    /// `extra` holds an opening and a record, which do not belong in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProofFile").field("index", &self.index).finish_non_exhaustive()
    }
}

/// Which part makes bytes no proof file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MalformedProofFile {
    /// The first line, or the text is not UTF-8.
    #[error("not a proof file: the first line must be \"c2sp.org/tlog-proof@v1\"")]
    Header,
    /// The `extra` line.
    #[error("the proof file's \"extra\" line is not base64; it was cut or altered")]
    Extra,
    /// The `index` line.
    #[error("the proof file has no \"index\" line with a decimal number")]
    Index,
    /// A hash line, or more of them than a proof can have.
    #[error("the proof file's hashes are not at most 64 lines of 32 bytes in base64")]
    Hash,
    /// No empty line before a checkpoint.
    #[error("the proof file has no checkpoint after an empty line; it was cut")]
    NoCheckpoint,
    /// The checkpoint is not a signed note.
    #[error("the proof file's checkpoint is malformed: {0}")]
    Checkpoint(#[from] MalformedNote),
    /// Longer than [`MAX_PROOF_FILE_LEN`].
    #[error("the proof file is longer than 1,200,000 bytes")]
    TooLong,
}

const HEADER: &str = "c2sp.org/tlog-proof@v1";
const EXTRA: &str = "extra ";
const INDEX: &str = "index ";
