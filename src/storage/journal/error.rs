//! What can be wrong with a journal, and what to do about it.

use std::fmt;
use std::io;

use crate::storage::disk::is_out_of_space;
use crate::storage::seal::frame::SealError;

/// Where in the journal something is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The segment's file name in `journal/`.
    pub segment: String,
    /// The byte in the segment at which the frame begins.
    pub offset: u64,
    /// The index of the first entry that the frame should hold.
    pub index: u64,
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "journal/{} at byte {}, from entry {}", self.segment, self.offset, self.index)
    }
}

/// What is wrong with a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// The frame's first 128 bytes do not pass their own check.
    #[error("its header is damaged")]
    Header,
    /// The frame ends after its segment does.
    #[error("it ends beyond its segment")]
    Incomplete,
    /// The tag does not fit.
    #[error("its bytes are not authentic")]
    NotAuthentic,
    /// The frame is authentic, but not the one that comes next.
    #[error("it does not follow the frame before it")]
    Misplaced,
    /// The entries do not make the tree that the frame states.
    #[error("its entries do not make the tree it states")]
    Tree,
    /// The sealed part does not hold one opening and record for each entry.
    #[error("its sealed part is not laid out as it should be")]
    Layout,
    /// An entry does not commit to its record.
    #[error("an entry does not commit to its record")]
    Commitment,
    /// A frame begins after this one, so this one was whole once.
    #[error("it is damaged and another frame follows it")]
    Followed,
}

/// A journal cannot be opened or read. Nothing was changed, unless the variant says so.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The operating system refused an operation.
    #[error("cannot {doing} {path}: {source}; check the disk and start again")]
    Io {
        /// The operation, as a verb.
        doing: &'static str,
        /// The path in the data directory.
        path: String,
        /// The operating system's error.
        source: io::Error,
    },
    /// There is no room on the disk for a new segment, or for what a recovery writes.
    #[error("no space on the disk for the journal: make room and start again")]
    NoSpace,
    /// Random bytes, or the cipher, failed.
    #[error(
        "a journal segment cannot be sealed or opened: the operating system's random source or the cipher failed; start again"
    )]
    NotSealed,
    /// A file in `journal/` is not a segment.
    #[error("journal/{name} is not a segment: move it out of the journal's directory")]
    StrayFile {
        /// The file's name.
        name: String,
    },
    /// A segment is not there.
    #[error("segment number {ordinal} of the journal is missing: restore it from a backup")]
    MissingSegment {
        /// The ordinal in the missing segment's name.
        ordinal: u64,
    },
    /// A segment's name and its header disagree: files were swapped or renamed.
    #[error(
        "journal/{segment} holds the segment {holds}: give the files their own names or restore them from a backup"
    )]
    SwappedSegment {
        /// The file's name.
        segment: String,
        /// The name that its header gives.
        holds: String,
    },
    /// A segment does not begin where the one before it ends.
    #[error("journal/{segment} does not continue the segment before it: restore both from one backup")]
    Discontinuous {
        /// The later segment.
        segment: String,
    },
    /// A segment's header is damaged, or another key sealed it.
    #[error(
        "the header of journal/{segment} is damaged or was sealed by another key: check that the root key is the one it was sealed under, then restore the segment from a backup"
    )]
    DamagedHeader {
        /// The segment's file name.
        segment: String,
    },
    /// A later release wrote the segment.
    #[error("journal/{segment} has a format this release does not know: run the release that wrote it")]
    UnknownVersion {
        /// The segment's file name.
        segment: String,
    },
    /// There is no key for a segment.
    #[error("journal/{segment} was sealed in key epoch {epoch}, whose key is not configured: add that key")]
    UnknownEpoch {
        /// The segment's file name.
        segment: String,
        /// The epoch.
        epoch: u32,
    },
    /// A segment belongs to another log.
    #[error(
        "journal/{segment} is of the log {found}, not of {expected}: check the configured origin, or restore the segment from a backup"
    )]
    OtherLog {
        /// The segment's file name.
        segment: String,
        /// The origin in its header.
        found: String,
        /// The origin configured.
        expected: String,
    },
    /// A log cannot take a name again that it had before.
    #[error("the log went by the name {origin} before, and evidence of that time names it: choose another name")]
    NameUsedBefore {
        /// The name.
        origin: String,
    },
    /// A segment lost its end.
    #[error("journal/{segment} has {length} bytes but had {expected}: restore it from a backup")]
    Truncated {
        /// The segment's file name.
        segment: String,
        /// Its length now.
        length: u64,
        /// The length it must have.
        expected: u64,
    },
    /// A segment is longer than it was made.
    #[error("journal/{segment} has {length} bytes but was made with {expected}: restore it from a backup")]
    Overlong {
        /// The segment's file name.
        segment: String,
        /// Its length now.
        length: u64,
        /// The length it was made with.
        expected: u64,
    },
    /// A frame is damaged, and it is none that a crash tore.
    #[error(
        "the journal is damaged: {site}: {damage}. Keep the directory as it is, restore the segment from a backup or another copy, and start again"
    )]
    Damaged {
        /// Where.
        site: Site,
        /// What is wrong.
        damage: Damage,
    },
    /// The last frame is damaged, but may be one that a crash tore: nothing that was signed covers it.
    #[error(
        "the last frame is damaged, by a crash or by a fault of the disk: {site}. Restore the segment from a backup if there is one; to go on without these entries, start with --accept-torn-tail"
    )]
    Ambiguous {
        /// Where.
        site: Site,
    },
    /// A torn or damaged tail holds entries that were signed or applied, so it cannot be cut.
    #[error(
        "the journal's end is torn: {site}; but {by} covers more than what is left. Restore the segment from a backup"
    )]
    TailNeeded {
        /// Where.
        site: Site,
        /// What covers the tail.
        by: &'static str,
    },
    /// The journal ends before the last signed checkpoint.
    #[error(
        "the journal has {next_index} entries but a checkpoint of {size} was signed: entries were lost; restore the journal from a backup"
    )]
    CheckpointAhead {
        /// The checkpoint's size.
        size: u64,
        /// The number of entries there are.
        next_index: u64,
    },
    /// The tree is not the one that was signed.
    #[error(
        "the journal's tree of {size} entries is not the one that was signed: it is another journal, or the checkpoint is another log's; restore both from one backup"
    )]
    CheckpointDiffers {
        /// The checkpoint's size.
        size: u64,
    },
    /// An intact view has applied entries that the journal does not have.
    #[error(
        "the view has applied {view} entries but the journal has {next_index}: entries were lost; restore the journal from a backup"
    )]
    ViewAhead {
        /// The view's position.
        view: u64,
        /// The number of entries there are.
        next_index: u64,
    },
    /// Bytes lie behind the end of a segment, where nothing was written.
    #[error(
        "journal/{segment} holds something behind its end, at byte {offset}, that Strongroom did not write: no entry is concerned, but a disk or a person changed the file; restore it from a backup, or find out who did"
    )]
    Remainder {
        /// The segment's file name.
        segment: String,
        /// Where it begins.
        offset: u64,
    },
    /// The copy of a tail that was cut is not what was cut.
    #[error("{file}, the copy of what was cut off the journal, is missing or changed: restore it from a backup")]
    CutCopy {
        /// The copy, as a path in the data directory.
        file: String,
    },
    /// There is no such entry yet.
    #[error("there is no entry {index}: the journal has {next_index}")]
    Beyond {
        /// The index asked for.
        index: u64,
        /// The number of entries there are.
        next_index: u64,
    },
}

impl JournalError {
    /// An operation on `path` failed.
    pub(super) fn io(doing: &'static str, path: &str) -> impl FnOnce(io::Error) -> Self {
        move |source| {
            if is_out_of_space(&source) { Self::NoSpace } else { Self::Io { doing, path: path.to_owned(), source } }
        }
    }
}

impl From<SealError> for JournalError {
    fn from(_: SealError) -> Self {
        Self::NotSealed
    }
}

/// A batch was not committed.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// The caller's fault: the batch has no entries.
    #[error("a batch has at least one entry")]
    Empty,
    /// The caller's fault: a record is over [`MAX_RECORD_LEN`](super::MAX_RECORD_LEN).
    #[error("a record of {length} bytes is over the limit of {limit}")]
    RecordTooLong {
        /// Its length.
        length: usize,
        /// The limit.
        limit: usize,
    },
    /// The caller's fault: too many entries or bytes for one frame or one segment.
    #[error("the batch makes a frame of {length} bytes with {entries} entries, over the limit: split it")]
    BatchTooLarge {
        /// The frame's length.
        length: usize,
        /// The number of entries.
        entries: usize,
    },
    /// The caller's fault: an entry does not commit to its record under its opening.
    #[error("entry {position} of the batch does not commit to its record")]
    WrongEntry {
        /// The entry's place in the batch, from 0.
        position: usize,
    },
    /// There is no room for a new segment. Nothing was stored; a later commit may succeed.
    #[error("no space for a new journal segment: nothing was stored; make room on the disk")]
    NoSpace,
    /// Random bytes or sealing failed. Nothing was stored.
    #[error("the batch could not be sealed: nothing was stored")]
    NotSealed,
    /// It cannot be known whether the batch was stored. The journal refuses everything until it is opened again.
    #[error("the journal failed and may or may not hold the last batch: {0}; start again to find out")]
    Fatal(#[source] io::Error),
    /// An earlier call was [`CommitError::Fatal`].
    #[error("the journal failed earlier: start again")]
    Stopped,
}
