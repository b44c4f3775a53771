//! Why a data directory cannot be opened.

use std::path::PathBuf;

use super::jump::JUMP_FILE;
use crate::pure::audit::rotation::InvalidRotation;
use crate::pure::domain::facts::FactsDamaged;
use crate::pure::record::RecordError;
use crate::pure::tlog::checkpoint::UnverifiedCheckpoint;
use crate::pure::tlog::note::MalformedNote;
use crate::pure::tlog::signer::UnusableSeed;
use crate::service::publishing::CHECKPOINT_FILE;
use crate::service::publishing::rollback::Rollback;
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
    /// The file with the last signed checkpoint cannot be read.
    #[error(
        "the last signed checkpoint, {CHECKPOINT_FILE} in the data directory, cannot be read or written: {0}; see to \
         the disk and the file's mode, and start again"
    )]
    CheckpointUnreadable(std::io::Error),
    /// That file is no note.
    #[error("the last signed checkpoint, {CHECKPOINT_FILE} in the data directory, is damaged ({0}); restore it")]
    CheckpointDamaged(#[from] MalformedNote),
    /// That file is not this log's.
    #[error(
        "the last signed checkpoint, {CHECKPOINT_FILE} in the data directory, is not this log's ({0}); restore it, \
             or the origin and every file of the log's keys: keys.log and those beside it with a number"
    )]
    CheckpointForeign(#[from] UnverifiedCheckpoint),
    /// The witness policy names logs, but not this one.
    #[error(
        "the witness policy names logs, but with none of this log's keys: its log lines are another log's, or of keys \
         that this log does not sign with (any more); put `log KEY` there, KEY being the first line of log.vkey, or \
         remove the log lines"
    )]
    PolicyForAnother,
    /// The own record cannot be read or written.
    #[error(
        "the record of the last signed tree, {}, cannot be read or written: {source}; give this user the directory of \
         the log's key, with room in it, and start again",
        file.display()
    )]
    RecordUnreadable {
        /// The record.
        file: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The own record is no checkpoint that the log signed.
    #[error(
        "the record of the last signed tree, {}, is damaged or another log's ({why}); restore it from the copy of the \
         key's directory. Only if you are sure that the data directory is no older copy, move the record away",
        file.display()
    )]
    RecordDamaged {
        /// The record.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// What was signed is another log's, by its name.
    #[error(
        "the log signed under the name {found}, but the configuration names it {configured}: put origin = {found:?} back"
    )]
    OtherOrigin {
        /// The name in what was signed.
        found: String,
        /// The configured name.
        configured: String,
    },
    /// The journal does not hold what the log signed.
    #[error("{0}")]
    RolledBack(Box<Rollback>),
    /// A loss is to be accepted where nothing was lost.
    #[error("nothing was lost: the journal holds everything that is known to have been signed. Start the server")]
    NothingLost,
    /// The loss was accepted before.
    #[error("the log goes by the name {0} already: write origin = {0:?} into the configuration, and start the server")]
    AcceptedBefore(String),
    /// A log cannot succeed itself.
    #[error(
        "the log goes by the name {0} already. Name the new one with --origin, and leave the old one in the configuration \
         until this is done; if it was done before, start the server"
    )]
    SameOrigin(String),
    /// The log goes by a new name, but the entry that says so is missing.
    #[error(
        "the log was to go on under the name {0}, but the entry that says so is missing: put the old origin back into the \
         configuration and run `strongroom restore accept-loss` with the same --origin again"
    )]
    SuccessionUnfinished(String),
    /// The seed of the epoch that holds is not there.
    #[error(
        "the log's key of epoch {epoch}, {}, is missing{}; restore it from your copy",
        file.display(),
        begun(*entry)
    )]
    EpochKeyMissing {
        /// The file.
        file: PathBuf,
        /// The epoch.
        epoch: u32,
        /// The entry that began it; none for the first epoch.
        entry: Option<u64>,
    },
    /// The seed of an epoch is another one.
    #[error(
        "the file {} does not hold the log's key of epoch {epoch} that entry {entry} names; restore it from your copy",
        file.display()
    )]
    EpochKeyWrong {
        /// The file.
        file: PathBuf,
        /// The epoch.
        epoch: u32,
        /// The entry that names its keys.
        entry: u64,
    },
    /// An entry that began an epoch is not signed as it must be.
    #[error(
        "entry {entry}, which began epoch {epoch} of the log's keys, is not signed by the keys before and its own: no \
         release enters that. Keep the directory as it is, find out what wrote it, and restore a backup of before"
    )]
    RotationUnsigned {
        /// The epoch.
        epoch: u32,
        /// The entry.
        entry: u64,
    },
    /// The note of a rotation that is being made is not as it must be.
    #[error("the note of the rotation cannot be used: {0}")]
    RotationNote(Box<InvalidRotation>),
    /// Keys that lie in no file have no epochs.
    #[error(
        "the log's key comes from no file, so that another epoch's cannot lie beside it; keep it in a file to rotate it"
    )]
    KeyInNoFile,
    /// A file of a new seed cannot be put in place.
    #[error(
        "the new log key {} cannot be put in place: {source}; give this user its directory, and run this again",
        file.display()
    )]
    SeedFile {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
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
    /// The mark of a clock that jumped cannot be read or removed.
    #[error(
        "the mark {JUMP_FILE} in the data directory, which says that the clock jumped, cannot be read or removed: {0}; see \
         to the disk, and start again"
    )]
    Jump(std::io::Error),
}

/// Which entry began an epoch, for people.
fn begun(entry: Option<u64>) -> String {
    entry.map_or_else(String::new, |entry| format!(", which began with entry {entry}"))
}
