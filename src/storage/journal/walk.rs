//! Walking a segment frame by frame, verifying each: its place, its tag, the chain and the tree.

use crate::pure::tlog::leaf::Origin;
use crate::pure::tlog::tree::Tree;
use crate::storage::disk::DiskFile;
use crate::storage::seal::frame::FrameOpener;

use super::batch::{FRAME_HEADER_LEN, FrameHeader, FrameKind, Stored, open_frame};
use super::chain::ChainHash;
use super::error::{Damage, JournalError, Site};
use super::segment::{Context, SegmentHeader, SegmentName};

/// How much is read ahead in bytes.
const WINDOW_LEN: u64 = 256 << 10;

/// A place between two frames of one segment.
pub(super) struct Walk {
    pub(super) name: SegmentName,
    pub(super) file: Box<dyn DiskFile>,
    /// The log's name when the segment was made.
    pub(super) origin: Origin,
    opener: FrameOpener,
    window: Window,
    /// Where the next frame begins.
    pub(super) offset: u64,
    /// The next frame's counter.
    counter: u64,
    /// The chain hash so far.
    pub(super) chain: ChainHash,
    /// The tree so far.
    pub(super) tree: Tree,
}

/// What a step found.
pub(super) enum Step {
    /// A batch.
    Batch(WalkedBatch),
    /// A close mark.
    Close,
    /// The end that was given.
    End,
}

/// A batch that was read and verified.
pub(super) struct WalkedBatch {
    pub(super) offset: u64,
    pub(super) first_index: u64,
    pub(super) stored: Vec<Stored>,
}

impl Walk {
    /// Starts at the first frame of a segment.
    pub(super) fn open(context: &Context, name: SegmentName) -> Result<(Self, SegmentHeader), JournalError> {
        let file = context.disk.open(&name.path()).map_err(JournalError::io("open", &name.path()))?;
        let (header, opener, offset) = SegmentHeader::read(context, &name, file.as_ref())?;
        let walk = Self {
            name,
            file,
            origin: header.origin.clone(),
            opener,
            window: Window::default(),
            offset,
            counter: 1,
            chain: header.previous_chain,
            tree: header.tree.clone(),
        };
        Ok((walk, header))
    }

    /// Reads the next frame of the segment, whose frames or whose file end at `end`. After an error the walk stands
    /// where it stood.
    pub(super) fn step(&mut self, end: u64) -> Result<Step, JournalError> {
        if self.offset == end {
            return Ok(Step::End);
        }
        let header = self.read(self.offset, FRAME_HEADER_LEN as u64, end)?;
        let header = header.first_chunk().and_then(FrameHeader::decode).ok_or_else(|| self.damaged(Damage::Header))?;
        if header.counter != self.counter
            || header.first_index != self.tree.size()
            || header.previous_chain != self.chain
        {
            return Err(self.damaged(Damage::Misplaced));
        }
        let mut frame = self.read(self.offset, header.length(), end)?.to_owned();
        let chain = self.chain.after(&frame);
        let stored = open_frame(&self.opener, &header, &mut frame).map_err(|damage| self.damaged(damage))?;
        let mut tree = self.tree.clone();
        for item in &stored {
            tree.push(item.entry.leaf_hash());
        }
        if tree.size() != header.tree_size || tree.root() != header.root {
            return Err(self.damaged(Damage::Tree));
        }
        let offset = self.offset;
        self.offset += header.length();
        self.counter += 1;
        self.tree = tree;
        match header.kind {
            // A close mark is no link of the chain: a view that applied everything before it stays current.
            FrameKind::Close => Ok(Step::Close),
            FrameKind::Batch => {
                self.chain = chain;
                Ok(Step::Batch(WalkedBatch { offset, first_index: header.first_index, stored }))
            }
        }
    }

    /// The place of the next frame.
    pub(super) fn site(&self) -> Site {
        Site { segment: self.name.to_string(), offset: self.offset, index: self.tree.size() }
    }

    pub(super) fn damaged(&self, damage: Damage) -> JournalError {
        JournalError::Damaged { site: self.site(), damage }
    }

    fn read(&mut self, offset: u64, length: u64, end: u64) -> Result<&[u8], JournalError> {
        if length > end.saturating_sub(offset) {
            return Err(self.damaged(Damage::Incomplete));
        }
        if !self.window.holds(offset, length) {
            let path = self.name.path();
            self.window
                .fill(self.file.as_ref(), offset, length.max(WINDOW_LEN).min(end - offset))
                .map_err(JournalError::io("read", &path))?;
        }
        Ok(self.window.get(offset, length))
    }
}

/// A piece of a file, read ahead. A frame that is committed never changes, so it is never stale.
#[derive(Default)]
struct Window {
    start: u64,
    bytes: Vec<u8>,
}

impl Window {
    fn holds(&self, offset: u64, length: u64) -> bool {
        offset >= self.start && offset + length <= self.start + self.bytes.len() as u64
    }

    fn fill(&mut self, file: &dyn DiskFile, offset: u64, length: u64) -> std::io::Result<()> {
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.resize(length as usize, 0);
        file.read_exact_at(&mut bytes, offset)?;
        *self = Self { start: offset, bytes };
        Ok(())
    }

    fn get(&self, offset: u64, length: u64) -> &[u8] {
        let start = (offset - self.start) as usize;
        self.bytes.get(start..start + length as usize).unwrap_or_default()
    }
}
