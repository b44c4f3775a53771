//! A batch as bytes: the frame that one commit makes durable. The layout is in the room's head.

use crate::pure::tlog::hash::{HASH_LEN, TreeHash, sha256};
use crate::pure::tlog::leaf::{ENTRY_LEN, Entry, OPENING_LEN, Opening};
use crate::pure::tlog::tree::Tree;
use crate::storage::seal::frame::{FrameOpener, FrameSealer, SealError, TAG_LEN};

use super::bytes::Bytes;
use super::chain::ChainHash;
use super::error::Damage;

/// The longest record in bytes.
pub const MAX_RECORD_LEN: usize = 60_000;

/// The most entries in one batch.
pub const MAX_BATCH_ENTRIES: usize = 1024;

/// The longest frame in bytes; [`frame_len`] says how long a batch's will be.
pub const MAX_FRAME_LEN: usize = 16 << 20;

/// Length of what precedes a frame's entries.
pub(super) const FRAME_HEADER_LEN: usize = 128;

/// Every frame's length is a multiple of this, and so is its place in a segment.
pub(super) const FRAME_ALIGNMENT: usize = 16;

/// The shortest frame, and the length of every close mark.
pub(super) const MIN_FRAME_LEN: usize = FRAME_HEADER_LEN + TAG_LEN;

pub(super) const BATCH_ID_LEN: usize = 16;
const CHECK_LEN: usize = 8;
const CHECKED_LEN: usize = FRAME_HEADER_LEN - CHECK_LEN;
const BATCH_KIND: &[u8; 4] = b"SRb1";
const CLOSE_KIND: &[u8; 4] = b"SRc1";

/// One entry to be committed, with what it commits to.
#[derive(Clone, Debug)]
pub struct SealedInput {
    /// The entry; it must commit to `record` under `opening`.
    pub entry: Entry,
    /// The random bytes that open the entry.
    pub opening: Opening,
    /// The record's exact bytes, at most [`MAX_RECORD_LEN`].
    pub record: Vec<u8>,
}

/// One entry as the journal holds it.
#[derive(Clone, PartialEq, Eq)]
pub struct Stored {
    /// The entry.
    pub entry: Entry,
    /// What opens it.
    pub opening: Opening,
    /// The record's exact bytes.
    pub record: Vec<u8>,
}

impl std::fmt::Debug for Stored {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stored").field("entry", &self.entry).finish_non_exhaustive()
    }
}

/// The length of the frame for a batch whose records have these lengths; at most [`MAX_FRAME_LEN`] is accepted.
pub fn frame_len(record_lens: impl IntoIterator<Item = usize>) -> usize {
    let (mut entries, mut plaintext) = (0, 0);
    for length in record_lens {
        entries += ENTRY_LEN;
        plaintext += OPENING_LEN + 2 + length;
    }
    FRAME_HEADER_LEN + entries + plaintext.next_multiple_of(FRAME_ALIGNMENT) + TAG_LEN
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FrameKind {
    Batch,
    Close,
}

/// The first 128 bytes of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FrameHeader {
    pub(super) kind: FrameKind,
    pub(super) counter: u64,
    pub(super) first_index: u64,
    pub(super) count: u32,
    pub(super) sealed_len: u32,
    pub(super) previous_chain: ChainHash,
    pub(super) batch_id: [u8; BATCH_ID_LEN],
    pub(super) tree_size: u64,
    pub(super) root: TreeHash,
}

impl FrameHeader {
    /// Reads a header; `None` if its check fails or it is none that [`seal_batch`] or [`seal_close`] makes.
    pub(super) fn decode(bytes: &[u8; FRAME_HEADER_LEN]) -> Option<Self> {
        let (checked, check) = bytes.split_at(CHECKED_LEN);
        // The kind first: whoever looks for a frame in other bytes is spared the hash.
        let kind = match checked.get(4..8) {
            Some(kind) if kind == BATCH_KIND => FrameKind::Batch,
            Some(kind) if kind == CLOSE_KIND => FrameKind::Close,
            _ => return None,
        };
        if sha256(checked).first_chunk::<CHECK_LEN>()?.as_slice() != check {
            return None;
        }
        let mut bytes = Bytes(checked);
        let length = bytes.u32()?;
        bytes.take(BATCH_KIND.len())?;
        let header = Self {
            kind,
            counter: bytes.u64()?,
            first_index: bytes.u64()?,
            count: bytes.u32()?,
            sealed_len: bytes.u32()?,
            previous_chain: ChainHash(bytes.array()?),
            batch_id: bytes.array()?,
            tree_size: bytes.u64()?,
            root: TreeHash(bytes.array()?),
        };
        let plausible = header.length() == u64::from(length)
            && header.length() <= MAX_FRAME_LEN as u64
            && header.count as usize <= MAX_BATCH_ENTRIES
            && header.sealed_len as usize >= TAG_LEN
            && (header.sealed_len as usize).is_multiple_of(FRAME_ALIGNMENT)
            && (kind == FrameKind::Close) == (header.count == 0)
            && header.first_index.checked_add(header.count.into()) == Some(header.tree_size);
        plausible.then_some(header)
    }

    /// The whole frame's length.
    pub(super) fn length(&self) -> u64 {
        self.sealed_start() as u64 + u64::from(self.sealed_len)
    }

    fn sealed_start(&self) -> usize {
        FRAME_HEADER_LEN + ENTRY_LEN * self.count as usize
    }

    fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.length() as usize);
        // `frame_len` is bounded by MAX_FRAME_LEN before a frame is made.
        bytes.extend((self.length() as u32).to_be_bytes());
        bytes.extend(match self.kind {
            FrameKind::Batch => BATCH_KIND,
            FrameKind::Close => CLOSE_KIND,
        });
        bytes.extend(self.counter.to_be_bytes());
        bytes.extend(self.first_index.to_be_bytes());
        bytes.extend(self.count.to_be_bytes());
        bytes.extend(self.sealed_len.to_be_bytes());
        bytes.extend(self.previous_chain.0);
        bytes.extend(self.batch_id);
        bytes.extend(self.tree_size.to_be_bytes());
        bytes.extend(self.root.0);
        let check = sha256(&bytes);
        bytes.extend(check.iter().take(CHECK_LEN));
        bytes
    }
}

/// The frame of a batch whose limits were checked. `tree` is the one after it.
pub(super) fn seal_batch(
    sealer: &mut FrameSealer,
    batch_id: [u8; BATCH_ID_LEN],
    previous_chain: ChainHash,
    batch: &[SealedInput],
    tree: &Tree,
) -> Result<Vec<u8>, SealError> {
    let length = frame_len(batch.iter().map(|input| input.record.len()));
    let clear = FRAME_HEADER_LEN + batch.len() * ENTRY_LEN;
    let header = FrameHeader {
        kind: FrameKind::Batch,
        counter: sealer.next_counter(),
        first_index: tree.size() - batch.len() as u64,
        count: batch.len() as u32,
        sealed_len: (length - clear) as u32,
        previous_chain,
        batch_id,
        tree_size: tree.size(),
        root: tree.root(),
    };
    let mut frame = header.encode();
    for input in batch {
        frame.extend(input.entry.0);
    }
    for input in batch {
        frame.extend(input.opening.0);
        frame.extend((input.record.len() as u16).to_be_bytes());
        frame.extend(&input.record);
    }
    frame.resize(length - TAG_LEN, 0);
    seal(sealer, frame, clear)
}

/// A close mark.
pub(super) fn seal_close(
    sealer: &mut FrameSealer,
    previous_chain: ChainHash,
    tree: &Tree,
) -> Result<Vec<u8>, SealError> {
    let header = FrameHeader {
        kind: FrameKind::Close,
        counter: sealer.next_counter(),
        first_index: tree.size(),
        count: 0,
        sealed_len: TAG_LEN as u32,
        previous_chain,
        batch_id: [0; BATCH_ID_LEN],
        tree_size: tree.size(),
        root: tree.root(),
    };
    seal(sealer, header.encode(), FRAME_HEADER_LEN)
}

fn seal(sealer: &mut FrameSealer, mut frame: Vec<u8>, clear: usize) -> Result<Vec<u8>, SealError> {
    let (associated, plaintext) = frame.split_at_mut_checked(clear).ok_or(SealError)?;
    let tag = sealer.seal(associated, plaintext)?;
    frame.extend(tag);
    Ok(frame)
}

/// Opens a whole frame, whose header was decoded from it: what it holds.
pub(super) fn open_frame(opener: &FrameOpener, header: &FrameHeader, frame: &mut [u8]) -> Result<Vec<Stored>, Damage> {
    let (associated, sealed) = frame.split_at_mut_checked(header.sealed_start()).ok_or(Damage::Incomplete)?;
    let plaintext = opener.open(header.counter, associated, sealed).map_err(|_| Damage::NotAuthentic)?;
    unpack(header.count, associated, plaintext).ok_or(Damage::Layout)
}

fn unpack(count: u32, clear: &[u8], plaintext: &[u8]) -> Option<Vec<Stored>> {
    let mut entries = Bytes(clear.get(FRAME_HEADER_LEN..)?);
    let mut sealed = Bytes(plaintext);
    let mut stored = Vec::with_capacity(count as usize);
    for _ in 0..count {
        let entry = Entry(entries.array()?);
        let opening = Opening(sealed.array()?);
        let length = sealed.u16()?;
        stored.push(Stored { entry, opening, record: sealed.take(length.into())?.to_owned() });
    }
    let padding = sealed.0;
    (padding.len() < FRAME_ALIGNMENT && padding.iter().all(|byte| *byte == 0)).then_some(stored)
}

const _: () = assert!(MAX_RECORD_LEN <= u16::MAX as usize && CHECKED_LEN == 56 + HASH_LEN + HASH_LEN);
