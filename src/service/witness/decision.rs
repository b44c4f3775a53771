//! What a witness answers, from what it knows and what it is sent alone (C2SP tlog-witness, `add-checkpoint`).

use super::logs::KnownLogs;
use crate::pure::tlog::add_checkpoint::{AddCheckpoint, MalformedRequest};
use crate::pure::tlog::checkpoint::{Checkpoint, MalformedCheckpoint, UnverifiedCheckpoint};
use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::note::{MalformedNote, Note};
use crate::pure::tlog::proof::{InvalidProof, verify_consistency};

/// A checkpoint that its log signed, with what is to show that it extends an older one.
#[derive(Clone, Debug)]
pub struct Submission {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// Its note, with the signatures by the log's known keys alone.
    pub note: Note,
    old_size: u64,
    proof: Vec<TreeHash>,
}

impl Submission {
    /// Judges the body of a request by itself: a known log signed its checkpoint, and no signature by a known key is
    /// bad.
    pub fn judge(logs: &KnownLogs, body: &[u8]) -> Result<Self, Refusal> {
        let request = AddCheckpoint::parse(body)?;
        let text = request.checkpoint.text();
        // "If the checkpoint origin is unknown, the witness MUST respond with a "404 Not Found"": also of a log whose
        // checkpoints are of another form than ours.
        let origin = text.split('\n').next().unwrap_or_default();
        if origin.is_empty() {
            return Err(Refusal::Checkpoint(MalformedCheckpoint::Origin));
        }
        let keys = logs.keys_of(origin).ok_or(Refusal::UnknownLog)?;
        // Nothing that a cosignature could be believed to vouch for stands in an extension line.
        Checkpoint::parse(text)?;
        let (checkpoint, _) = Checkpoint::open(&request.checkpoint, keys)?;
        let mut note = checkpoint.to_note()?;
        for signature in request.checkpoint.signatures() {
            if keys.iter().any(|key| signature.claims(key)) {
                note.add(signature.clone());
            }
        }
        // "The old size MUST be equal to or lower than the checkpoint size."
        if request.old_size > checkpoint.size {
            return Err(Refusal::OldBeyond { old: request.old_size, size: checkpoint.size });
        }
        Ok(Self { checkpoint, note, old_size: request.old_size, proof: request.proof })
    }

    /// Judges whether it extends `latest`, the checkpoint of its log that was last cosigned.
    pub fn extends(&self, latest: Option<&Checkpoint>) -> Result<(), Refusal> {
        let Checkpoint { size, root, .. } = &self.checkpoint;
        // "or zero if it never cosigned a checkpoint for that origin"
        let (latest_size, latest_root) =
            latest.map_or((0, TreeHash::of_empty_tree()), |latest| (latest.size, latest.root));
        if self.old_size != latest_size {
            return Err(Refusal::NotLatest { latest: latest_size });
        }
        // "A checkpoint of size zero MUST have the root hash of the empty tree"
        if *size == 0 && *root != TreeHash::of_empty_tree() {
            return Err(Refusal::EmptyTree);
        }
        // "If the old size matches the checkpoint size, the witness MUST check that the root hashes are also
        // identical."
        if *size == latest_size && *root != latest_root {
            return Err(Refusal::OtherRoot { size: *size });
        }
        Ok(verify_consistency(latest_size, &latest_root, *size, root, &self.proof)?)
    }
}

/// Why a submission is not cosigned. The texts name nothing that the submission alone says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The body is no request.
    #[error("the request is malformed: {0}")]
    Malformed(#[from] MalformedRequest),
    /// The note that it carries is no checkpoint; extension lines are refused too.
    #[error("the checkpoint is malformed: {0}; extension lines are not cosigned here")]
    Checkpoint(#[from] MalformedCheckpoint),
    /// The log is not known.
    #[error("this witness does not know the log of that origin; ask its operator to add the log's verifier key")]
    UnknownLog,
    /// No known key of the log signed it, or a signature that claims one is bad.
    #[error("the checkpoint is not signed by the log as this witness knows it: {0}")]
    Untrusted(UnverifiedCheckpoint),
    /// The old size is larger than the checkpoint's.
    #[error("the old size {old} is larger than the checkpoint's size {size}")]
    OldBeyond {
        /// The old size of the request.
        old: u64,
        /// The checkpoint's size.
        size: u64,
    },
    /// The old size is not that of the latest cosigned checkpoint: another submission came first, or the log does not
    /// know it.
    #[error("the latest checkpoint that was cosigned has size {latest}; prove that yours extends it")]
    NotLatest {
        /// The size of the latest cosigned checkpoint; 0 if there is none.
        latest: u64,
    },
    /// A checkpoint of size 0 with another root than SHA-256 of nothing.
    #[error("a checkpoint of size 0 has the root of the empty tree, SHA-256 of nothing; this one has another")]
    EmptyTree,
    /// The log signed two trees of one size.
    #[error("another tree of size {size} was cosigned before: the log has signed two histories")]
    OtherRoot {
        /// The size.
        size: u64,
    },
    /// The tree is not shown to extend the latest cosigned one.
    #[error("the consistency proof does not hold: {0}")]
    Proof(#[from] InvalidProof),
}

impl From<MalformedNote> for Refusal {
    fn from(malformed: MalformedNote) -> Self {
        Self::Malformed(malformed.into())
    }
}

impl From<UnverifiedCheckpoint> for Refusal {
    fn from(unverified: UnverifiedCheckpoint) -> Self {
        match unverified {
            UnverifiedCheckpoint::Malformed(malformed) => Self::Checkpoint(malformed),
            other => Self::Untrusted(other),
        }
    }
}
