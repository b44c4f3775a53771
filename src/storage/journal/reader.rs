//! Reading what was committed, from any thread: one entry, or every batch in order.

use std::ops::Range;
use std::sync::Arc;

use crate::pure::tlog::leaf::{Entry, Origin};
use crate::storage::disk::DiskFile;
use crate::storage::seal::frame::FrameOpener;

use super::batch::{FRAME_HEADER_LEN, FrameHeader, FrameKind, Stored, open_frame};
use super::catalogue::{Catalogue, Marks};
use super::chain::ChainHash;
use super::error::{Damage, JournalError, Site};
use super::segment::{Context, SegmentHeader, SegmentName};
use super::walk::{Step, Walk};

/// Reads what was committed. Cloning is cheap; it opens files for the moment of a call alone.
#[derive(Clone)]
pub struct Reader {
    context: Arc<Context>,
    catalogue: Arc<Catalogue>,
}

impl Reader {
    pub(super) fn new(context: Arc<Context>, catalogue: Arc<Catalogue>) -> Self {
        Self { context, catalogue }
    }

    /// The number of entries committed so far: [`Reader::read`] answers for every index below it.
    pub fn next_index(&self) -> u64 {
        self.catalogue.read().next_index
    }

    /// The entry with this index, its opening and its record, authenticated. It decrypts the entry's whole batch.
    pub fn read(&self, index: u64) -> Result<Stored, JournalError> {
        let (lookup, near) = self.lookup(index)?;
        lookup.read(index, near)
    }

    /// The entries with these indexes, authenticated. It decrypts their batches, and not more than 64 KiB before them.
    pub fn entries(&self, range: Range<u64>) -> Result<Vec<Entry>, JournalError> {
        let mut entries = Vec::new();
        let mut next = range.start;
        while next < range.end {
            let (lookup, near) = self.lookup(next)?;
            entries.extend(lookup.entries(next..range.end, near)?);
            next = range.start + entries.len() as u64;
        }
        Ok(entries)
    }

    /// What finds the entry with this index in its segment, and a frame at or before it.
    fn lookup(&self, index: u64) -> Result<(Lookup, u64), JournalError> {
        let contents = self.catalogue.read();
        let beyond = || JournalError::Beyond { index, next_index: contents.next_index };
        if index >= contents.next_index {
            return Err(beyond());
        }
        let listed = contents.segment_of(index).ok_or_else(beyond)?;
        let (name, end) = (listed.name, listed.end);
        let near = listed.marks.as_ref().map(|marks| marks.before(index));
        drop(contents);

        let lookup = Lookup::in_segment(&self.context, name, end)?;
        let near = match near {
            Some(near) => near,
            None => {
                let marks = lookup.scan()?;
                let near = marks.before(index);
                self.catalogue.set_marks(name, marks);
                near
            }
        };
        let near = near.ok_or_else(|| lookup.damaged(0, index, Damage::Misplaced))?;
        Ok((lookup, near))
    }

    /// Every batch from the one that holds the entry `from_index` on, up to what was committed when this is called.
    /// The first one is without the entries before `from_index`. Each batch's place, tag, chain hash and tree are
    /// verified, from the beginning of the segment on. After an error there are no more batches.
    pub fn replay(&self, from_index: u64) -> Replay {
        let contents = self.catalogue.read();
        let first = match contents.segment_of(from_index) {
            Some(listed) if from_index < contents.next_index => listed.name.ordinal as usize,
            _ => contents.segments.len(),
        };
        let segments = contents
            .segments
            .iter()
            .skip(first)
            .map(|listed| (listed.name, listed.end))
            .collect::<Vec<_>>()
            .into_iter();
        Replay { context: self.context.clone(), segments, current: None, from_index }
    }
}

/// Looking for one entry in a segment.
struct Lookup {
    name: SegmentName,
    origin: Origin,
    /// Where the committed frames end.
    end: u64,
    file: Box<dyn DiskFile>,
    opener: FrameOpener,
    first_frame: u64,
}

impl Lookup {
    fn in_segment(context: &Context, name: SegmentName, end: u64) -> Result<Self, JournalError> {
        let path = name.path();
        let file = context.disk.open(&path).map_err(JournalError::io("open", &path))?;
        let (header, opener, first_frame) = SegmentHeader::read(context, &name, file.as_ref())?;
        Ok(Self { origin: header.origin, name, end, file, opener, first_frame })
    }

    /// Some frames of the whole segment, found by its frames' headers.
    fn scan(&self) -> Result<Marks, JournalError> {
        let mut marks = Marks::default();
        let mut offset = self.first_frame;
        while offset < self.end {
            let header = self.header(offset)?;
            if header.kind == FrameKind::Batch {
                marks.note(header.first_index, offset);
            }
            offset += header.length();
        }
        Ok(marks)
    }

    /// The entry with this index, in the frame at `offset` or after it.
    fn read(&self, index: u64, offset: u64) -> Result<Stored, JournalError> {
        let (header, offset) = self.find(index, offset)?;
        let mut stored = self.open(&header, offset, index)?;
        let place = (index - header.first_index) as usize;
        if place >= stored.len() {
            return Err(self.damaged(offset, index, Damage::Layout));
        }
        let found = stored.swap_remove(place);
        if commits(&self.origin, &found) { Ok(found) } else { Err(self.damaged(offset, index, Damage::Commitment)) }
    }

    /// The entries of the range, as far as this segment has them and one at least, from the frame at `offset` on.
    fn entries(&self, range: Range<u64>, offset: u64) -> Result<Vec<Entry>, JournalError> {
        let mut entries = Vec::new();
        let mut next = range.start;
        let (mut header, mut offset) = self.find(next, offset)?;
        loop {
            let stored = self.open(&header, offset, next)?;
            if header.first_index > next || stored.len() as u64 != header.tree_size - header.first_index {
                return Err(self.damaged(offset, next, Damage::Layout));
            }
            let wanted =
                (next - header.first_index) as usize..(range.end.min(header.tree_size) - header.first_index) as usize;
            entries.extend(stored.get(wanted).unwrap_or_default().iter().map(|stored| stored.entry));
            next = header.tree_size.max(next);
            offset += header.length();
            if next >= range.end || offset >= self.end {
                return Ok(entries);
            }
            header = self.header(offset)?;
        }
    }

    /// The frame that holds the entry with this index, at `offset` or after it, and where it begins.
    fn find(&self, index: u64, mut offset: u64) -> Result<(FrameHeader, u64), JournalError> {
        let mut header = self.header(offset)?;
        while !(header.first_index..header.tree_size).contains(&index) {
            offset += header.length();
            header = self.header(offset)?;
        }
        Ok((header, offset))
    }

    /// What the frame with this header holds.
    fn open(&self, header: &FrameHeader, offset: u64, index: u64) -> Result<Vec<Stored>, JournalError> {
        if header.length() > self.end - offset {
            return Err(self.damaged(offset, index, Damage::Incomplete));
        }
        let mut frame = vec![0; header.length() as usize];
        self.fill(&mut frame, offset)?;
        open_frame(&self.opener, header, &mut frame).map_err(|damage| self.damaged(offset, index, damage))
    }

    /// The header of the frame at `offset`, which must lie before the end.
    fn header(&self, offset: u64) -> Result<FrameHeader, JournalError> {
        let first_index = self.name.first_index;
        if self.end.saturating_sub(offset) < FRAME_HEADER_LEN as u64 {
            return Err(self.damaged(offset, first_index, Damage::Misplaced));
        }
        let mut bytes = [0; FRAME_HEADER_LEN];
        self.fill(&mut bytes, offset)?;
        FrameHeader::decode(&bytes).ok_or_else(|| self.damaged(offset, first_index, Damage::Header))
    }

    fn fill(&self, buffer: &mut [u8], offset: u64) -> Result<(), JournalError> {
        self.file.read_exact_at(buffer, offset).map_err(JournalError::io("read", &self.name.path()))
    }

    fn damaged(&self, offset: u64, index: u64, damage: Damage) -> JournalError {
        JournalError::Damaged { site: Site { segment: self.name.to_string(), offset, index }, damage }
    }
}

/// Whether an entry of the log of that name commits to its record.
fn commits(origin: &Origin, stored: &Stored) -> bool {
    Entry::commit(origin, &stored.opening, &stored.record) == stored.entry
}

/// A committed batch, read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayedBatch {
    /// The index of the first entry of `stored`.
    pub first_index: u64,
    /// The entries.
    pub stored: Vec<Stored>,
    /// The index after the last entry.
    pub next_index: u64,
    /// The chain hash after the batch.
    pub chain_after: ChainHash,
    /// The log's name at that time.
    pub origin: Origin,
    /// Where the batch lies.
    pub site: Site,
}

impl ReplayedBatch {
    /// Whether every entry commits to its record.
    pub fn is_committed(&self) -> bool {
        self.stored.iter().all(|stored| commits(&self.origin, stored))
    }
}

/// The batches that [`Reader::replay`] gives.
pub struct Replay {
    context: Arc<Context>,
    /// The segments not yet entered, and where their committed frames end.
    segments: std::vec::IntoIter<(SegmentName, u64)>,
    current: Option<(Walk, u64)>,
    from_index: u64,
}

impl Replay {
    fn step(&mut self) -> Result<Option<ReplayedBatch>, JournalError> {
        loop {
            let Some((walk, end)) = &mut self.current else {
                let Some((name, end)) = self.segments.next() else {
                    return Ok(None);
                };
                self.current = Some((Walk::open(&self.context, name)?.0, end));
                continue;
            };
            let site = walk.site();
            match walk.step(*end)? {
                Step::Close => {}
                Step::End => self.enter_next_segment()?,
                Step::Batch(batch) => {
                    let before = self.from_index.saturating_sub(batch.first_index);
                    let (next_index, chain_after) = (walk.tree.size(), walk.chain);
                    if next_index <= self.from_index {
                        continue;
                    }
                    let stored = batch.stored.into_iter().skip(before as usize).collect();
                    let first_index = batch.first_index + before;
                    let origin = walk.origin.clone();
                    return Ok(Some(ReplayedBatch { first_index, stored, next_index, chain_after, origin, site }));
                }
            }
        }
    }

    /// Leaves a segment that was walked to its end for the one after it, which must continue it.
    fn enter_next_segment(&mut self) -> Result<(), JournalError> {
        let left = self.current.take();
        if let (Some((left, _)), Some((name, end))) = (left, self.segments.next()) {
            let (next, _) = Walk::open(&self.context, name)?;
            if left.tree != next.tree || left.chain != next.chain {
                return Err(JournalError::Discontinuous { segment: name.to_string() });
            }
            self.current = Some((next, end));
        }
        Ok(())
    }
}

impl Iterator for Replay {
    type Item = Result<ReplayedBatch, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        let step = self.step();
        if step.is_err() {
            self.current = None;
            self.segments = Vec::new().into_iter();
        }
        step.transpose()
    }
}
