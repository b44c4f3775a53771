//! A segment file: its name and its header. The header's layout is in the room's head.

use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::pure::tlog::hash::{HASH_LEN, TreeHash};
use crate::pure::tlog::leaf::Origin;
use crate::pure::tlog::tree::Tree;
use crate::storage::disk::{Disk, DiskFile};
use crate::storage::seal::frame::{FrameOpener, FrameSealer, SALT_LEN, SealError, TAG_LEN};

use super::bytes::Bytes;
use super::chain::ChainHash;
use super::error::JournalError;
use super::keys::JournalKeys;

/// The directory of the segments.
pub const DIRECTORY: &str = "journal";
/// The name a segment has while it is made. A leftover was never part of the journal.
pub(super) const UNFINISHED: &str = "new";

const MAGIC: &[u8; 16] = b"strongroom/seg1\n";
/// What every version's magic begins with.
const MAGIC_STEM: &[u8] = b"strongroom/seg";
/// A header fills whole sectors, so no write to a frame touches it.
const HEADER_ALIGNMENT: usize = 512;
const FIXED_LEN: usize = 163;
/// The longest header: the longest origin and 64 subtrees.
pub(super) const MAX_HEADER_LEN: usize =
    (FIXED_LEN + Origin::MAX_LEN + 64 * HASH_LEN + TAG_LEN).next_multiple_of(HEADER_ALIGNMENT);
const HEADER_COUNTER: u64 = 0;

/// What every part of the room needs: where the segments are, what opens them and whose they are.
pub(super) struct Context {
    pub(super) disk: Arc<dyn Disk>,
    pub(super) keys: JournalKeys,
    /// The log's name: that of every segment that is made.
    pub(super) origin: Origin,
    /// The names that it had before, once all segments were surveyed.
    pub(super) predecessors: OnceLock<Vec<Origin>>,
}

impl Context {
    pub(super) fn new(disk: Arc<dyn Disk>, keys: JournalKeys, origin: Origin) -> Self {
        Self { disk, keys, origin, predecessors: OnceLock::new() }
    }

    /// Whether a segment of that name may be this log's.
    fn is_own(&self, origin: &Origin) -> bool {
        *origin == self.origin || self.predecessors.get().is_none_or(|names| names.contains(origin))
    }
}

/// A segment's name. Names sort by first index and then by ordinal, which is the order they were made in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SegmentName {
    pub(super) first_index: u64,
    pub(super) ordinal: u64,
}

impl SegmentName {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (first_index, ordinal) = text.strip_suffix(".segment")?.split_once('-')?;
        let name = Self { first_index: first_index.parse().ok()?, ordinal: ordinal.parse().ok()? };
        (name.to_string() == text).then_some(name)
    }

    pub(super) fn path(&self) -> String {
        format!("{DIRECTORY}/{self}")
    }
}

impl fmt::Display for SegmentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:020}-{:010}.segment", self.first_index, self.ordinal)
    }
}

/// Why a tail was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CutCause {
    /// A part of the frame was never written: a crash tore it.
    Torn,
    /// The operator accepted that a damaged last frame is one that a crash tore.
    Accepted,
}

/// A tail that was cut off: never acknowledged, unless the operator accepted more. Its bytes lie in `file`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The segment's file name in `journal/`.
    pub segment: String,
    /// The byte in the segment at which the cut begins.
    pub offset: u64,
    /// The number of bytes cut.
    pub length: u64,
    /// SHA-256 of the bytes cut.
    pub sha256: [u8; HASH_LEN],
    /// Why.
    pub cause: CutCause,
    /// The copy of the bytes, as a path in the data directory.
    pub file: String,
}

/// What a header says of the cut at the end of the segment before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CutMark {
    pub(super) length: u64,
    pub(super) sha256: [u8; HASH_LEN],
    pub(super) cause: CutCause,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SegmentHeader {
    /// The log's name when the segment was made.
    pub(super) origin: Origin,
    pub(super) epoch: u32,
    pub(super) salt: [u8; SALT_LEN],
    pub(super) ordinal: u64,
    pub(super) previous_chain: ChainHash,
    /// The length the file was made with.
    pub(super) allocated: u64,
    /// Where the frames of the segment before end.
    pub(super) previous_end: u64,
    pub(super) cut: Option<CutMark>,
    /// The tree before the first entry; its size is the first index.
    pub(super) tree: Tree,
}

impl SegmentHeader {
    pub(super) fn name(&self) -> SegmentName {
        SegmentName { first_index: self.tree.size(), ordinal: self.ordinal }
    }

    /// The header's bytes; `sealer` must be fresh.
    pub(super) fn encode(&self, sealer: &mut FrameSealer) -> Result<Vec<u8>, SealError> {
        let origin = &self.origin;
        let length = header_len(origin, &self.tree);
        let mut bytes = Vec::with_capacity(length);
        bytes.extend(MAGIC);
        bytes.extend((length as u32).to_be_bytes());
        bytes.extend(self.epoch.to_be_bytes());
        bytes.extend(self.salt);
        bytes.extend(self.ordinal.to_be_bytes());
        bytes.extend(self.tree.size().to_be_bytes());
        bytes.extend(self.previous_chain.0);
        bytes.extend(self.allocated.to_be_bytes());
        bytes.extend(self.previous_end.to_be_bytes());
        bytes.extend(self.cut.map_or(0, |cut| cut.length).to_be_bytes());
        bytes.extend(self.cut.map_or([0; HASH_LEN], |cut| cut.sha256));
        bytes.push(match self.cut.map(|cut| cut.cause) {
            None => 0,
            Some(CutCause::Torn) => 1,
            Some(CutCause::Accepted) => 2,
        });
        // At most 64 subtrees, and `Origin::parse` bounds the origin by 255 bytes.
        bytes.push(self.tree.subtrees().len() as u8);
        bytes.push(origin.as_str().len() as u8);
        bytes.extend(origin.as_str().as_bytes());
        for subtree in self.tree.subtrees() {
            bytes.extend(subtree.0);
        }
        bytes.resize(length - TAG_LEN, 0);
        let tag = sealer.seal(&bytes, &mut [])?;
        bytes.extend(tag);
        Ok(bytes)
    }

    /// Reads and authenticates the header of a segment file, and gives what opens its frames and where they begin.
    pub(super) fn read(
        context: &Context,
        name: &SegmentName,
        file: &dyn DiskFile,
    ) -> Result<(Self, FrameOpener, u64), JournalError> {
        let path = name.path();
        let length = file.length().map_err(JournalError::io("read", &path))?;
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(MAX_HEADER_LEN).min(MAX_HEADER_LEN)];
        file.read_exact_at(&mut bytes, 0).map_err(JournalError::io("read", &path))?;
        let segment = name.to_string();
        if bytes.starts_with(MAGIC_STEM) && !bytes.starts_with(MAGIC) && bytes.get(15) == Some(&b'\n') {
            // One changed bit of the digit looks the same; both stop the start.
            return Err(JournalError::UnknownVersion { segment });
        }
        let damaged = || JournalError::DamagedHeader { segment: segment.clone() };
        let (header, sealed) = Self::decode(&bytes).ok_or_else(damaged)?;
        let Some(key) = context.keys.of_epoch(header.epoch) else {
            return Err(JournalError::UnknownEpoch { segment, epoch: header.epoch });
        };
        let opener = FrameOpener::new(key, &header.salt)?;
        let (associated, tag) = bytes.split_at_mut_checked(sealed).ok_or_else(damaged)?;
        let authentic = tag.get_mut(..TAG_LEN).is_some_and(|tag| opener.open(HEADER_COUNTER, associated, tag).is_ok());
        if !context.is_own(&header.origin) || (!authentic && header.origin != context.origin) {
            let (found, expected) = (header.origin.to_string(), context.origin.to_string());
            return Err(JournalError::OtherLog { segment, found, expected });
        }
        if !authentic {
            return Err(damaged());
        }
        if header.name() != *name {
            return Err(JournalError::SwappedSegment { segment, holds: header.name().to_string() });
        }
        Ok((header, opener, (sealed + TAG_LEN) as u64))
    }

    /// The header and the length of what its tag covers. Nothing is authenticated yet.
    fn decode(bytes: &[u8]) -> Option<(Self, usize)> {
        let mut bytes = Bytes(bytes);
        if bytes.array()? != *MAGIC {
            return None;
        }
        let length = bytes.u32()? as usize;
        let (epoch, salt, ordinal, size) = (bytes.u32()?, bytes.array()?, bytes.u64()?, bytes.u64()?);
        let (previous_chain, allocated, previous_end) = (ChainHash(bytes.array()?), bytes.u64()?, bytes.u64()?);
        let (cut_length, sha256) = (bytes.u64()?, bytes.array()?);
        let cut = |cause| CutMark { length: cut_length, sha256, cause };
        let cut = match bytes.u8()? {
            0 => None,
            1 => Some(cut(CutCause::Torn)),
            2 => Some(cut(CutCause::Accepted)),
            _ => return None,
        };
        let (subtree_count, origin_len) = (bytes.u8()?, bytes.u8()?);
        let origin = Origin::parse(std::str::from_utf8(bytes.take(origin_len.into())?).ok()?).ok()?;
        let mut subtrees = Vec::with_capacity(subtree_count.into());
        for _ in 0..subtree_count {
            subtrees.push(TreeHash(bytes.array()?));
        }
        let tree = Tree::from_parts(size, subtrees)?;
        let expected = encoded_len(origin.as_str().len(), tree.subtrees().len());
        let header = Self { origin, epoch, salt, ordinal, previous_chain, allocated, previous_end, cut, tree };
        (length == expected).then(|| (header, length - TAG_LEN))
    }
}

/// The length of the header of a segment that begins with this tree.
pub(super) fn header_len(origin: &Origin, tree: &Tree) -> usize {
    encoded_len(origin.as_str().len(), tree.subtrees().len())
}

fn encoded_len(origin_len: usize, subtrees: usize) -> usize {
    (FIXED_LEN + origin_len + subtrees * HASH_LEN + TAG_LEN).next_multiple_of(HEADER_ALIGNMENT)
}
