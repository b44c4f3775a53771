//! The way to one witness: what a log may ask of it, and how asking can fail.

use crate::pure::tlog::add_checkpoint::AddCheckpoint;
use crate::pure::tlog::leaf::Origin;
use crate::pure::tlog::note::{Note, NoteSignature};

/// One way to a witness (C2SP tlog-witness).
///
/// Each call may block, but ends within a time that the implementation bounds, and reads no more of an answer than it
/// bounds. Nothing that it returns is verified.
pub trait Witness: Send + Sync {
    /// Asks for a cosignature of a checkpoint.
    fn add_checkpoint(&self, request: &AddCheckpoint) -> Result<Answer, AskError>;

    /// The last checkpoint of the log that the witness cosigned; `None` if it shows none.
    fn latest(&self, origin: &Origin) -> Result<Option<Note>, AskError>;
}

/// What a witness answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It cosigned: the lines of its signatures.
    Cosigned(Vec<NoteSignature>),
    /// 409: the size that was named as the old one is not the one that it last cosigned, which is this.
    Knows(u64),
    /// 422: it says that the checkpoint does not extend what it last cosigned.
    Inconsistent,
}

/// Why a witness gave no answer of use. Always the witness's failure or the network's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// It cannot be reached, or the connection broke.
    #[error("it cannot be reached: {0}")]
    Unreachable(String),
    /// It did not answer in time.
    #[error("it did not answer in time")]
    TooSlow,
    /// It answered with a status that is neither a cosignature nor a size.
    #[error("it answered with the status {status}{}", hint(*.status))]
    Refused {
        /// The status.
        status: u16,
    },
    /// It answered with something else than the protocol says.
    #[error("its answer is not what the protocol says: {0}")]
    Unintelligible(String),
}

fn hint(status: u16) -> &'static str {
    match status {
        300..=399 => " (redirects are not followed; correct its URL in the policy)",
        403 => " (it does not trust this log's key; give its operator the key that the server prints)",
        404 => " (it does not know this log, or its URL in the policy is another's)",
        _ => "",
    }
}
