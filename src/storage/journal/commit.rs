//! The journal that is open for writing, and what it does: commit, begin another segment, close.

use std::io;
use std::sync::Arc;

use ring::rand::{SecureRandom, SystemRandom};

use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::leaf::Entry;
use crate::pure::tlog::tree::Tree;
use crate::storage::disk::{DiskFile, is_out_of_space};
use crate::storage::seal::frame::{FrameSealer, SALT_LEN};

use super::batch::{
    BATCH_ID_LEN, MAX_BATCH_ENTRIES, MAX_FRAME_LEN, MAX_RECORD_LEN, MIN_FRAME_LEN, SealedInput, frame_len, seal_batch,
    seal_close,
};
use super::catalogue::Catalogue;
use super::chain::ChainHash;
use super::error::CommitError;
use super::reader::Reader;
use super::segment::{Context, CutMark, DIRECTORY, SegmentHeader, SegmentName, UNFINISHED, header_len};

/// The least length of a segment in bytes.
const MIN_SEGMENT_LEN: u64 = 8 << 10;

/// How a journal is kept.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The length of a new segment in bytes, at least 8 KiB; a batch that does not fit a whole segment is refused.
    pub segment_len: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { segment_len: 64 << 20 }
    }
}

/// A journal that is open for writing. It belongs to one thread; see [`Journal::reader`] for the others. Dropping it
/// without [`Journal::close`] is safe and makes the next start read the last segment as after a crash.
pub struct Journal {
    pub(super) context: Arc<Context>,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) options: Options,
    pub(super) segment: OpenSegment,
    pub(super) chain: ChainHash,
    pub(super) tree: Tree,
    /// Set when it cannot be known what was stored.
    pub(super) stopped: bool,
}

/// The segment that is written to.
pub(super) struct OpenSegment {
    pub(super) name: SegmentName,
    pub(super) file: Box<dyn DiskFile>,
    pub(super) sealer: FrameSealer,
    /// Where the next frame goes.
    pub(super) offset: u64,
    pub(super) allocated: u64,
}

/// What a commit made durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    /// The index of the batch's first entry.
    pub first_index: u64,
    /// The index that the next entry will have; the size of the tree.
    pub next_index: u64,
    /// The chain hash after the batch.
    pub chain: ChainHash,
    /// The root of the tree of `next_index` entries.
    pub root: TreeHash,
}

impl Journal {
    /// Makes a batch durable. When it returns, every entry of the batch survives a power failure; after an error none
    /// was acknowledged, and [`CommitError`] says whether the journal goes on.
    pub fn commit(&mut self, batch: &[SealedInput]) -> Result<Committed, CommitError> {
        if self.stopped {
            return Err(CommitError::Stopped);
        }
        let length = self.check(batch)?;
        let mut tree = self.tree.clone();
        for input in batch {
            tree.push(input.entry.leaf_hash());
        }
        if length + MIN_FRAME_LEN as u64 > self.segment.allocated - self.segment.offset {
            self.begin_segment()?;
        }
        let id = random::<BATCH_ID_LEN>()?;
        let frame =
            seal_batch(&mut self.segment.sealer, id, self.chain, batch, &tree).map_err(|_| CommitError::NotSealed)?;
        self.append(&frame)?;

        let offset = self.segment.offset;
        let first_index = self.tree.size();
        self.segment.offset += frame.len() as u64;
        self.chain = self.chain.after(&frame);
        self.tree = tree;
        self.catalogue.add_batch(first_index, offset, self.segment.offset, self.tree.size());
        Ok(Committed { first_index, next_index: self.tree.size(), chain: self.chain, root: self.tree.root() })
    }

    /// The index that the next entry will have.
    pub fn next_index(&self) -> u64 {
        self.tree.size()
    }

    /// The chain hash after the last batch.
    pub fn chain(&self) -> ChainHash {
        self.chain
    }

    /// The tree of all committed entries.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// A reader of what was committed, for any thread. Cheap.
    pub fn reader(&self) -> Reader {
        Reader::new(self.context.clone(), self.catalogue.clone())
    }

    /// Marks the end, so that the next start knows that nothing is missing, and gives back unused space. After an error
    /// the journal is as after a crash.
    pub fn close(mut self) -> Result<(), CommitError> {
        if self.stopped {
            return Err(CommitError::Stopped);
        }
        let mark = seal_close(&mut self.segment.sealer, self.chain, &self.tree).map_err(|_| CommitError::NotSealed)?;
        self.append(&mark)?;
        // The mark is durable first: a crash here leaves a marked segment of full length, which is as good.
        let file = &self.segment.file;
        let end = self.segment.offset + mark.len() as u64;
        file.truncate(end).and_then(|()| file.sync_data()).map_err(CommitError::Fatal)
    }

    /// Checks the caller's part and gives the length of the batch's frame.
    fn check(&self, batch: &[SealedInput]) -> Result<u64, CommitError> {
        if batch.is_empty() {
            return Err(CommitError::Empty);
        }
        for (position, input) in batch.iter().enumerate() {
            if input.record.len() > MAX_RECORD_LEN {
                return Err(CommitError::RecordTooLong { length: input.record.len(), limit: MAX_RECORD_LEN });
            }
            if Entry::commit(&self.context.origin, &input.opening, &input.record) != input.entry {
                return Err(CommitError::WrongEntry { position });
            }
        }
        let length = frame_len(batch.iter().map(|input| input.record.len()));
        let room = segment_len(self.options) - (header_len(&self.context.origin, &self.tree) + MIN_FRAME_LEN) as u64;
        if batch.len() > MAX_BATCH_ENTRIES || length > MAX_FRAME_LEN || length as u64 > room {
            return Err(CommitError::BatchTooLarge { length, entries: batch.len() });
        }
        Ok(length as u64)
    }

    /// Writes a frame after the last and syncs it.
    fn append(&mut self, frame: &[u8]) -> Result<(), CommitError> {
        let file = &self.segment.file;
        // Whatever fails here may have stored the frame or a part of it: only a start can find out.
        file.write_at(frame, self.segment.offset).and_then(|()| file.sync_data()).map_err(|source| {
            self.stopped = true;
            CommitError::Fatal(source)
        })
    }

    fn begin_segment(&mut self) -> Result<(), CommitError> {
        let full = Predecessor { ordinal: self.segment.name.ordinal, end: self.segment.offset, cut: None };
        let made = make_segment(&self.context, self.options, Some(full), self.chain, &self.tree);
        let next = made.inspect_err(|error| self.stopped |= matches!(error, CommitError::Fatal(_)))?;
        self.catalogue.add_segment(next.name, next.offset);
        let full = std::mem::replace(&mut self.segment, next);
        // The new segment names the end of the full one, so what lies behind it means nothing any more. Only space is
        // lost if this fails.
        let _ = full.file.truncate(full.offset);
        Ok(())
    }
}

/// The segment before a new one.
#[derive(Clone, Copy)]
pub(super) struct Predecessor {
    pub(super) ordinal: u64,
    /// Where its frames end.
    pub(super) end: u64,
    /// What was cut off there.
    pub(super) cut: Option<CutMark>,
}

/// Makes the next segment, durable under its name. `NoSpace` and `NotSealed` leave the journal as it was.
pub(super) fn make_segment(
    context: &Context,
    options: Options,
    predecessor: Option<Predecessor>,
    chain: ChainHash,
    tree: &Tree,
) -> Result<OpenSegment, CommitError> {
    let salt = random::<SALT_LEN>()?;
    let mut sealer = FrameSealer::new(context.keys.current(), &salt).map_err(|_| CommitError::NotSealed)?;
    let header = SegmentHeader {
        origin: context.origin.clone(),
        epoch: context.keys.current_epoch(),
        salt,
        ordinal: predecessor.map_or(0, |predecessor| predecessor.ordinal + 1),
        previous_chain: chain,
        allocated: segment_len(options),
        previous_end: predecessor.map_or(0, |predecessor| predecessor.end),
        cut: predecessor.and_then(|predecessor| predecessor.cut),
        tree: tree.clone(),
    };
    let bytes = header.encode(&mut sealer).map_err(|_| CommitError::NotSealed)?;
    let unfinished = format!("{DIRECTORY}/{UNFINISHED}");
    let file = prepare(context, &unfinished, &bytes, header.allocated).map_err(|source| {
        // Nothing under this name is part of the journal; the next attempt removes it if this one cannot.
        let _ = context.disk.remove(&unfinished);
        if is_out_of_space(&source) { CommitError::NoSpace } else { CommitError::Fatal(source) }
    })?;
    // The content is durable before the name: a crash leaves either no such segment or a whole one.
    let name = header.name();
    context
        .disk
        .rename(&unfinished, &name.path())
        .and_then(|()| context.disk.sync_directory(DIRECTORY))
        .map_err(CommitError::Fatal)?;
    Ok(OpenSegment { name, file, sealer, offset: bytes.len() as u64, allocated: header.allocated })
}

fn prepare(context: &Context, path: &str, header: &[u8], length: u64) -> io::Result<Box<dyn DiskFile>> {
    match context.disk.remove(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let file = context.disk.create(path)?;
    file.preallocate(length)?;
    file.write_at(header, 0)?;
    file.sync_data()?;
    Ok(file)
}

fn segment_len(options: Options) -> u64 {
    options.segment_len.max(MIN_SEGMENT_LEN)
}

fn random<const N: usize>() -> Result<[u8; N], CommitError> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| CommitError::NotSealed)?;
    Ok(bytes)
}
