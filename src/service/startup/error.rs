//! Why a data directory cannot be opened.

use super::jump::JUMP_FILE;
use crate::pure::domain::facts::FactsDamaged;
use crate::pure::record::RecordError;
use crate::pure::tlog::checkpoint::UnverifiedCheckpoint;
use crate::pure::tlog::note::MalformedNote;
use crate::pure::tlog::signer::UnusableSeed;
use crate::service::registrar::NotDone;
use crate::storage::blobs::BlobError;
use crate::storage::disk;
use crate::storage::journal::JournalError;
use crate::storage::seal::keys::provider::KeyError;
use crate::storage::view::ViewError;

/// Why a data directory cannot be opened. Each message says what, where and what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The directory is locked or cannot be used.
    #[error(transparent)]
    Directory(#[from] disk::OpenError),
    /// A key cannot be had.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The log's seed makes no key.
    #[error("the log's signing key cannot be used; restore it from your copy")]
    Seed(#[from] UnusableSeed),
    /// A file with a checkpoint cannot be read.
    #[error("the last checkpoint, {file} in the data directory, cannot be read: {source}")]
    CheckpointUnreadable {
        /// Its name in the data directory.
        file: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// That file is no note.
    #[error("the last checkpoint, {file} in the data directory, is damaged ({source}); restore it")]
    CheckpointDamaged {
        /// Its name in the data directory.
        file: &'static str,
        /// Why.
        source: MalformedNote,
    },
    /// That file is not this log's.
    #[error(
        "the last checkpoint, {file} in the data directory, is not this log's ({source}); restore it, or the log's key \
         and origin"
    )]
    CheckpointForeign {
        /// Its name in the data directory.
        file: &'static str,
        /// Why.
        source: UnverifiedCheckpoint,
    },
    /// The witness policy names logs, but not this one.
    #[error(
        "the witness policy names logs, but with none of this log's keys: its log lines are another log's, or of keys \
         that this log does not sign with; put this log's verifier key there, or remove the log lines"
    )]
    PolicyForAnother,
    /// The journal is damaged, or misses what it must hold.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The view cannot be used.
    #[error(transparent)]
    View(#[from] ViewError),
    /// A damaged view cannot be moved aside.
    #[error("the damaged view cannot be moved aside: {0}")]
    Quarantine(std::io::Error),
    /// A record cannot be read.
    #[error("entry {index} of the journal: {error}")]
    Record {
        /// The entry.
        index: u64,
        /// Why.
        error: RecordError,
    },
    /// An entry cannot be applied.
    #[error(transparent)]
    Facts(#[from] FactsDamaged),
    /// The tiles cannot be read or written.
    #[error("the log's tiles: {0}")]
    Tiles(String),
    /// The tiles make another tree than the journal, even rebuilt.
    #[error("the log's tiles make another tree than the journal; check the journal with 'strongroom check'")]
    OtherTree,
    /// The documents' folder cannot be used.
    #[error(transparent)]
    Blobs(#[from] BlobError),
    /// A thread cannot be started.
    #[error("a thread could not be started: {0}")]
    Thread(std::io::Error),
    /// An entry of the start could not be made.
    #[error(transparent)]
    Entry(#[from] NotDone),
    /// The mark of a clock that jumped cannot be removed.
    #[error("the mark {JUMP_FILE} in the data directory cannot be removed: {0}")]
    Jump(std::io::Error),
}
