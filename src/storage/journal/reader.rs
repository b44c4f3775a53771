//! Reading what was committed, from any thread: one entry, or every batch in order.

use std::sync::Arc;

use crate::pure::tlog::leaf::Entry;

use super::batch::{FRAME_HEADER_LEN, FrameHeader, FrameKind, Stored, open_frame};
use super::catalogue::{Catalogue, Listed, Marks};
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
        let listed = {
            let contents = self.catalogue.read();
            let beyond = JournalError::Beyond { index, next_index: contents.next_index };
            if index >= contents.next_index {
                return Err(beyond);
            }
            contents.segment_of(index).cloned().ok_or(beyond)?
        };
        Lookup::in_segment(self, &listed)?.read(index)
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
        let segments = contents.segments.iter().skip(first).cloned().collect::<Vec<_>>().into_iter();
        Replay { context: self.context.clone(), segments, current: None, from_index }
    }

    pub(super) fn context(&self) -> &Context {
        &self.context
    }

    /// Some frames of a segment; the first caller scans its headers.
    fn marks(&self, listed: &Listed, lookup: &Lookup<'_>) -> Result<Marks, JournalError> {
        if let Some(marks) = &listed.marks {
            return Ok(marks.clone());
        }
        let mut marks = Marks::default();
        let mut offset = lookup.first_frame;
        while offset < listed.end {
            let header = lookup.header(offset)?;
            if header.kind == FrameKind::Batch {
                marks.note(header.first_index, offset);
            }
            offset += header.length();
        }
        self.catalogue.set_marks(listed.name, marks.clone());
        Ok(marks)
    }
}

/// Looking for one entry in a segment.
struct Lookup<'a> {
    reader: &'a Reader,
    listed: &'a Listed,
    file: Box<dyn crate::storage::disk::DiskFile>,
    opener: crate::storage::seal::frame::FrameOpener,
    first_frame: u64,
}

impl<'a> Lookup<'a> {
    fn in_segment(reader: &'a Reader, listed: &'a Listed) -> Result<Self, JournalError> {
        let path = listed.name.path();
        let file = reader.context.disk.open(&path).map_err(JournalError::io("open", &path))?;
        let (_, opener, first_frame) = SegmentHeader::read(&reader.context, &listed.name, file.as_ref())?;
        Ok(Self { reader, listed, file, opener, first_frame })
    }

    fn read(&self, index: u64) -> Result<Stored, JournalError> {
        let mut offset = self
            .reader
            .marks(self.listed, self)?
            .before(index)
            .ok_or_else(|| self.damaged(0, index, Damage::Misplaced))?;
        loop {
            let header = self.header(offset)?;
            if !(header.first_index..header.tree_size).contains(&index) {
                offset += header.length();
                continue;
            }
            if header.length() > self.listed.end - offset {
                return Err(self.damaged(offset, index, Damage::Incomplete));
            }
            let mut frame = vec![0; header.length() as usize];
            self.fill(&mut frame, offset)?;
            let mut stored =
                open_frame(&self.opener, &header, &mut frame).map_err(|damage| self.damaged(offset, index, damage))?;
            let place = (index - header.first_index) as usize;
            if place >= stored.len() {
                return Err(self.damaged(offset, index, Damage::Layout));
            }
            let found = stored.swap_remove(place);
            if !commits(self.reader, &found) {
                return Err(self.damaged(offset, index, Damage::Commitment));
            }
            return Ok(found);
        }
    }

    /// The header of the frame at `offset`, which must lie before the segment's end.
    fn header(&self, offset: u64) -> Result<FrameHeader, JournalError> {
        let first_index = self.listed.name.first_index;
        if self.listed.end.saturating_sub(offset) < FRAME_HEADER_LEN as u64 {
            return Err(self.damaged(offset, first_index, Damage::Misplaced));
        }
        let mut bytes = [0; FRAME_HEADER_LEN];
        self.fill(&mut bytes, offset)?;
        FrameHeader::decode(&bytes).ok_or_else(|| self.damaged(offset, first_index, Damage::Header))
    }

    fn fill(&self, buffer: &mut [u8], offset: u64) -> Result<(), JournalError> {
        self.file.read_exact_at(buffer, offset).map_err(JournalError::io("read", &self.listed.name.path()))
    }

    fn damaged(&self, offset: u64, index: u64, damage: Damage) -> JournalError {
        JournalError::Damaged { site: Site { segment: self.listed.name.to_string(), offset, index }, damage }
    }
}

/// Whether an entry commits to its record.
pub(super) fn commits(reader: &Reader, stored: &Stored) -> bool {
    Entry::commit(&reader.context().origin, &stored.opening, &stored.record) == stored.entry
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
    /// Where the batch lies.
    pub site: Site,
}

/// The batches that [`Reader::replay`] gives.
pub struct Replay {
    context: Arc<Context>,
    segments: std::vec::IntoIter<Listed>,
    current: Option<(Walk, u64)>,
    from_index: u64,
}

impl Replay {
    fn step(&mut self) -> Result<Option<ReplayedBatch>, JournalError> {
        loop {
            let Some((walk, end)) = &mut self.current else {
                let Some(listed) = self.segments.next() else {
                    return Ok(None);
                };
                self.current = Some((Walk::open(&self.context, listed.name)?.0, listed.end));
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
                    return Ok(Some(ReplayedBatch { first_index, stored, next_index, chain_after, site }));
                }
            }
        }
    }

    /// Leaves a segment that was walked to its end for the one after it, which must continue it.
    fn enter_next_segment(&mut self) -> Result<(), JournalError> {
        let left = self.current.take();
        if let (Some((left, _)), Some(listed)) = (left, self.segments.next()) {
            let (walk, _) = Walk::open(&self.context, listed.name)?;
            check_continues(&left, &walk)?;
            self.current = Some((walk, listed.end));
        }
        Ok(())
    }
}

fn check_continues(left: &Walk, next: &Walk) -> Result<(), JournalError> {
    let segment = |name: SegmentName| name.to_string();
    if left.tree == next.tree && left.chain == next.chain {
        Ok(())
    } else {
        Err(JournalError::Discontinuous { segment: segment(next.name) })
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
