//! Why records were not exported, or are not to be relied on.

use std::io;
use std::path::PathBuf;

use crate::cli::common::save::SaveError;
use crate::cli::common::trust::TrustError;
use crate::edge::client::ClientError;
use crate::pure::audit::reading::{Discrepancy, Unverified};
use crate::pure::tlog::served_tree::ServedTreeError;

/// Why an export or a following ended. Each text is a paragraph: what happened, then what to do.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The server refused, or cannot be reached.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// A file cannot be kept.
    #[error(transparent)]
    Save(#[from] SaveError),
    /// The keys or the policy cannot be used.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The log has published no checkpoint.
    #[error("The log has published no checkpoint yet, so that nothing can be verified. Try again in a second.")]
    NoCheckpoint,
    /// The checkpoint is not one, or not signed by the log's key.
    #[error(
        "Not verified: the checkpoint {of} cannot be relied on: {trouble} Check that --log-key is the key of this \
         log, as its operator published it; if it is, do not rely on this log, and tell the operator."
    )]
    Checkpoint {
        /// Which one, as the rest of a phrase.
        of: String,
        /// What is wrong with it, in a sentence.
        trouble: String,
    },
    /// What the server hands out is not what the log holds.
    #[error(
        "Not verified: {0}. Do not rely on what the server handed out: keep it, tell the log's operator, and export \
         again. (Anyone but the auditor gets only their own records, and names oneself with --person.)"
    )]
    Wrong(Discrepancy),
    /// The tiles are not those of the signed tree.
    #[error("Not verified: {0}. The server contradicts its own signature: do not rely on it, and tell its operator.")]
    Tiles(String),
    /// The log is not the one that it was.
    #[error(
        "THE LOG IS NOT THE ONE THAT IT WAS: {how}.\n\
         Both checkpoints are signed by the log's key, and no log that only grows can have signed both: entries were \
         taken away or rewritten, or you are shown another log than before.\n\
         They are kept as {} and {}: they prove it to anyone. Do not rely on this log; show them to the policy \
         authority and to the log's operator, and compare them with the checkpoints that others hold.",
        earlier.display(),
        later.display()
    )]
    Rewritten {
        /// In which way, as a clause.
        how: String,
        /// The file with the checkpoint that was verified before.
        earlier: PathBuf,
        /// The file with the checkpoint of now.
        later: PathBuf,
    },
    /// The state is of another log.
    #[error(
        "The checkpoint that was verified before is of the log {before}, and the server's log is {now}. Give each log a \
         --state file of its own."
    )]
    OtherLog {
        /// The log of before.
        before: String,
        /// The server's log.
        now: String,
    },
    /// The state cannot be read.
    #[error("The state {} cannot be read: {source}. Give the right file, or another name to begin anew.", path.display())]
    State {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The state is not what was kept.
    #[error(
        "The state {} is no checkpoint that the log's key signed: {trouble} The file was altered or cut, or --log-key is \
         of another log, or of another epoch of its keys. Nothing was asked of the server. Put your copy of the file back; \
         without one, name another --state: the whole log is verified from its beginning, but not that it still holds \
         what this file stood for.",
        path.display()
    )]
    StateAltered {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, in a sentence.
        trouble: String,
    },
    /// Entries were asked for that the checkpoint does not reach.
    #[error(
        "Entry {index} is not covered by the log's last checkpoint, which has {size} entries (0 to {size} less one). \
         Ask for earlier ones, or again when there are more."
    )]
    Beyond {
        /// The entry.
        index: u64,
        /// The checkpoint's size.
        size: u64,
    },
    /// Lines cannot be written.
    #[error("The records cannot be written out: {0}. Make room where they go, and export again.")]
    Sink(io::Error),
    /// The interrupts cannot be waited for.
    #[error("Signals cannot be waited for: {0}.")]
    Signals(io::Error),
}

impl From<Unverified<ServedTreeError<ClientError>>> for AuditError {
    fn from(error: Unverified<ServedTreeError<ClientError>>) -> Self {
        match error {
            Unverified::Wrong(discrepancy) => Self::Wrong(discrepancy),
            Unverified::Source(error) => error.into(),
        }
    }
}

impl From<ServedTreeError<ClientError>> for AuditError {
    fn from(error: ServedTreeError<ClientError>) -> Self {
        match error {
            ServedTreeError::Server(error) => Self::Client(error),
            wrong => Self::Tiles(wrong.to_string()),
        }
    }
}
