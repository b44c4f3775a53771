//! What is committed and where: shared by the journal, which adds to it, and its readers.

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::segment::SegmentName;

/// The distance in bytes between remembered frames: how far a look-up scans at most.
const MARK_DISTANCE: u64 = 64 << 10;

/// The segments, and how far each is committed. The journal writes it after each commit; readers take it for moments
/// and never while they read a disk.
pub(super) struct Catalogue(RwLock<Contents>);

pub(super) struct Contents {
    pub(super) segments: Vec<Listed>,
    /// The number of entries committed.
    pub(super) next_index: u64,
}

pub(super) struct Listed {
    pub(super) name: SegmentName,
    /// Where the committed frames end.
    pub(super) end: u64,
    /// Some of its frames; `None` until somebody looked.
    pub(super) marks: Option<Marks>,
}

/// Frames at least [`MARK_DISTANCE`] apart, in order, the segment's first among them.
#[derive(Clone, Default)]
pub(super) struct Marks(Vec<(u64, u64)>);

impl Marks {
    /// Remembers the frame at `offset`, if it is far enough from the last remembered.
    pub(super) fn note(&mut self, first_index: u64, offset: u64) {
        if self.0.last().is_none_or(|(_, last)| offset >= last + MARK_DISTANCE) {
            self.0.push((first_index, offset));
        }
    }

    /// A frame's place at or before the frame that holds `index`.
    pub(super) fn before(&self, index: u64) -> Option<u64> {
        let after = self.0.partition_point(|(first_index, _)| *first_index <= index);
        self.0.get(after.checked_sub(1)?).map(|(_, offset)| *offset)
    }
}

impl Catalogue {
    pub(super) fn new(segments: Vec<Listed>, next_index: u64) -> Self {
        Self(RwLock::new(Contents { segments, next_index }))
    }

    pub(super) fn read(&self) -> RwLockReadGuard<'_, Contents> {
        // Every change below is complete before anything can panic.
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a segment, empty up to `end`.
    pub(super) fn add_segment(&self, name: SegmentName, end: u64) {
        self.write().segments.push(Listed { name, end, marks: Some(Marks::default()) });
    }

    /// Adds a batch to the last segment.
    pub(super) fn add_batch(&self, first_index: u64, offset: u64, end: u64, next_index: u64) {
        let mut contents = self.write();
        contents.next_index = next_index;
        if let Some(last) = contents.segments.last_mut() {
            last.marks.get_or_insert_default().note(first_index, offset);
            last.end = end;
        }
    }

    /// Remembers some frames of a segment that somebody walked through.
    pub(super) fn set_marks(&self, name: SegmentName, marks: Marks) {
        if let Some(listed) = self.write().segments.get_mut(name.ordinal as usize) {
            listed.marks.get_or_insert(marks);
        }
    }

    fn write(&self) -> RwLockWriteGuard<'_, Contents> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Contents {
    /// The segment that holds the entry with this index: the last that begins at or before it, since those before it
    /// with the same first index are empty.
    pub(super) fn segment_of(&self, index: u64) -> Option<&Listed> {
        let after = self.segments.partition_point(|listed| listed.name.first_index <= index);
        self.segments.get(after.checked_sub(1)?)
    }
}
