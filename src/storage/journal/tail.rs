//! Judging what lies after the last whole frame of an unclosed segment: nothing, a torn frame, or damage.
//!
//! One frame at most is being written when the power fails, and a disk writes 512-byte sectors whole or not at all. So
//! a torn frame has parts that are still zeros, and no frame after it. A flipped bit makes no zeros: every 16 bytes of
//! a batch's frame at a multiple of 16 hold a magic, a hash, an entry or ciphertext. Hence, if no frame header follows,
//! a tail is *torn* if something in it was never written:
//! - the frame's header passes its own check, so its extent is known, and the part of it that lies in some sector (at
//!   least 16 bytes, since frames are aligned to 16) or its last 16 bytes (a write cut short) are zeros; or
//! - the header does not pass, and 16 bytes of it are zeros, or all there is is too short for a frame.
//!
//! A tail that is neither empty nor torn may be a frame that was whole: that is ambiguous. (A close mark has 16 zeros
//! in its header. One that is damaged before its file was shortened counts as torn: it holds no entry to lose.)

use std::io;

use crate::storage::disk::DiskFile;

use super::batch::{FRAME_ALIGNMENT, FRAME_HEADER_LEN, FrameHeader, MIN_FRAME_LEN};

const SECTOR: usize = 512;
const CHUNK: usize = 1 << 20;
static ZEROS: [u8; CHUNK] = [0; CHUNK];

/// What a tail is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Tail {
    /// Zeros: nothing was begun.
    Empty,
    /// The bytes of a frame that was never whole.
    Torn(Vec<u8>),
    /// The bytes of what may have been a whole frame.
    Ambiguous(Vec<u8>),
    /// A frame begins after the damaged one.
    Followed,
}

/// Judges the bytes of `file` from `offset`, where no frame could be read, to `end`.
pub(super) fn judge(file: &dyn DiskFile, offset: u64, end: u64) -> io::Result<Tail> {
    let written = read_written(file, offset, end)?;
    if written.is_empty() {
        return Ok(Tail::Empty);
    }
    Ok(judge_written(written, offset, end))
}

/// `written` begins at `offset` and ends with the last 16-byte block that is not all zeros.
fn judge_written(mut written: Vec<u8>, offset: u64, end: u64) -> Tail {
    let later = written.get(FRAME_ALIGNMENT..).unwrap_or_default();
    if (0..later.len()).step_by(FRAME_ALIGNMENT).any(|start| header_at(later, start).is_some()) {
        return Tail::Followed;
    }
    let is_torn = match header_at(&written, 0).and_then(|header| usize::try_from(header.length()).ok()) {
        // No frame reaches beyond its segment, so this one is none that was begun here.
        Some(length) if length as u64 > end - offset => false,
        Some(length) => {
            written.resize(written.len().max(length), 0);
            written.get(..length).is_some_and(|frame| has_unwritten_part(frame, offset))
        }
        None => {
            written.len() < MIN_FRAME_LEN
                || written.chunks(FRAME_ALIGNMENT).take(FRAME_HEADER_LEN / FRAME_ALIGNMENT).any(is_zero)
        }
    };
    if is_torn { Tail::Torn(written) } else { Tail::Ambiguous(written) }
}

/// Whether a whole sector's part of a frame at `offset`, or its last block, is zeros.
fn has_unwritten_part(frame: &[u8], offset: u64) -> bool {
    let to_sector_end = SECTOR - (offset % SECTOR as u64) as usize;
    let (first_part, other_parts) = frame.split_at(to_sector_end.min(frame.len()));
    is_zero(first_part)
        || other_parts.chunks(SECTOR).any(is_zero)
        || frame.last_chunk::<FRAME_ALIGNMENT>().is_some_and(|block| is_zero(block))
}

fn is_zero(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte == 0)
}

fn header_at(bytes: &[u8], start: usize) -> Option<FrameHeader> {
    bytes.get(start..)?.first_chunk::<FRAME_HEADER_LEN>().and_then(FrameHeader::decode)
}

/// Whether there are only zeros from `offset` to `end`.
pub(super) fn is_zero_from(file: &dyn DiskFile, offset: u64, end: u64) -> io::Result<bool> {
    let mut at = offset;
    let mut chunk = vec![0; usize::try_from(end.saturating_sub(offset)).map_or(CHUNK, |left| left.min(CHUNK))];
    while at < end {
        let left = usize::try_from(end - at).unwrap_or(CHUNK);
        chunk.truncate(left);
        file.read_exact_at(&mut chunk, at)?;
        if ZEROS.get(..chunk.len()) != Some(chunk.as_slice()) {
            return Ok(false);
        }
        at += chunk.len() as u64;
    }
    Ok(true)
}

/// The bytes from `offset` to the last that is not zero, rounded up to a block.
fn read_written(file: &dyn DiskFile, offset: u64, end: u64) -> io::Result<Vec<u8>> {
    let (mut written, mut pending_zeros) = (Vec::new(), 0);
    let mut at = offset;
    while at < end {
        let mut chunk = vec![0; usize::try_from(end - at).map_or(CHUNK, |left| left.min(CHUNK))];
        file.read_exact_at(&mut chunk, at)?;
        at += chunk.len() as u64;
        if ZEROS.get(..chunk.len()) == Some(chunk.as_slice()) {
            pending_zeros += chunk.len();
        } else {
            written.resize(written.len() + pending_zeros, 0);
            pending_zeros = 0;
            written.extend(chunk);
        }
    }
    let used = written.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    written.resize(used.next_multiple_of(FRAME_ALIGNMENT), 0);
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pure::tlog::leaf::{Entry, Opening, Origin};
    use crate::pure::tlog::tree::Tree;
    use crate::storage::disk::{Disk, SimulatedDisk};
    use crate::storage::journal::batch::{SealedInput, seal_batch};
    use crate::storage::journal::chain::ChainHash;
    use crate::storage::seal::frame::FrameSealer;
    use crate::storage::seal::secret::SecretKey;

    const END: u64 = 6 << 10;

    /// A batch's frame whose length is at least `length`.
    fn frame(length: usize) -> Vec<u8> {
        let origin = Origin::parse("log.example").unwrap();
        let (opening, record) = (Opening([1; 32]), vec![b'r'; length.saturating_sub(226)]);
        let entry = Entry::commit(&origin, &opening, &record);
        let mut tree = Tree::empty();
        tree.push(entry.leaf_hash());
        let mut sealer = FrameSealer::new(&SecretKey::from_bytes([2; 32]), &[3; 32]).unwrap();
        let batch = [SealedInput { entry, opening, record }];
        seal_batch(&mut sealer, [4; 16], ChainHash::first(&origin), &batch, &tree).unwrap()
    }

    fn judged(offset: u64, bytes: &[u8]) -> Tail {
        let file = SimulatedDisk::new(0).create("file").unwrap();
        file.preallocate(END).unwrap();
        file.write_at(bytes, offset).unwrap();
        judge(file.as_ref(), offset, END).unwrap()
    }

    #[test]
    fn zeros_are_an_empty_tail() {
        assert_eq!(judged(512, &[]), Tail::Empty);
    }

    #[test]
    fn a_frame_of_which_some_sectors_are_missing_is_torn() {
        for offset in [512, 528, 752, 1008] {
            let whole = frame(2000);
            let first = 512 - (offset as usize % 512);
            let starts: Vec<_> = std::iter::once(0).chain((first..whole.len()).step_by(512)).collect();
            for missing in 1_u32..(1 << starts.len()) - 1 {
                let mut torn = whole.clone();
                for (sector, start) in starts.iter().enumerate().filter(|(sector, _)| missing & (1 << sector) != 0) {
                    let end = starts.get(sector + 1).copied().unwrap_or(whole.len());
                    torn[*start..end].fill(0);
                }
                assert!(matches!(judged(offset, &torn), Tail::Torn(_)), "at {offset}, without {missing:b}");
            }
        }
    }

    #[test]
    fn a_write_cut_short_is_torn_unless_less_than_a_block_is_missing() {
        let whole = frame(700);
        for length in 1..whole.len() {
            let missing = whole.len() - length;
            match judged(528, &whole[..length]) {
                Tail::Torn(_) => {}
                // The first bytes of the length are zeros themselves.
                Tail::Empty => assert!(length < 4),
                Tail::Ambiguous(_) => assert!(missing < FRAME_ALIGNMENT, "{missing} bytes are missing"),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn a_whole_frame_with_a_flipped_bit_is_never_taken_for_a_torn_one() {
        let whole = frame(300);
        for bit in 0..whole.len() * 8 {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(judged(1008, &flipped), Tail::Ambiguous(flipped), "bit {bit}");
        }
    }

    #[test]
    fn a_damaged_frame_before_another_is_neither() {
        let mut bytes = frame(300);
        bytes[..200].fill(0);
        bytes.extend(frame(300));
        assert_eq!(judged(512, &bytes), Tail::Followed);
    }
}
