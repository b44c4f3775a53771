//! Examining: a look at the whole journal that changes nothing, for whoever checks a data directory.
//!
//! It judges what only an opening judges, the last segment and its end, and what nobody else reads, the bytes behind
//! the ends of earlier segments and the copies of what was cut. The entries are for [`Reader::replay`].
//!
//! Not here: what must be covered (a checkpoint, a view): the caller compares these as it reads the entries.

use std::io;
use std::sync::Arc;

use crate::pure::tlog::hash::sha256;
use crate::pure::tlog::leaf::Origin;
use crate::storage::disk::{Disk, DiskFile};

use super::batch::{FRAME_HEADER_LEN, FrameHeader, FrameKind, MIN_FRAME_LEN, open_frame};
use super::catalogue::Catalogue;
use super::error::JournalError;
use super::keys::JournalKeys;
use super::open::{Covered, Verified, cut_path};
use super::reader::Reader;
use super::segment::{Context, CutMark, SegmentHeader};
use super::survey::{Surveyed, predecessors, survey};
use super::tail::{Tail, is_zero_from};

/// A journal as it lies on the disk.
pub struct Examined {
    /// Reads what is whole: every entry up to the one that the end of the journal begins to be faulty with.
    pub reader: Reader,
    /// How many segments there are.
    pub segments: u64,
    /// What is wrong with the journal's end: opening it would stop with this, or ask.
    pub end: Option<JournalError>,
    /// The torn frame that opening would cut, and how many bytes it has: no entry was acknowledged from it.
    pub torn: Option<(super::Site, u64)>,
    /// What is wrong where no entries lie: opening passes it over, since nothing depends on it.
    pub beside: Vec<JournalError>,
}

/// Examines the journal of `origin` on `disk`, which must be this process's alone. An error is one that no entry could
/// be read beside: a segment is missing, or its header is damaged.
pub fn examine(disk: Arc<dyn Disk>, keys: JournalKeys, origin: Origin) -> Result<Examined, JournalError> {
    let context = Arc::new(Context::new(disk, keys, origin));
    let segments = survey(&context, None)?;
    // It is set here alone.
    let _ = context.predecessors.set(predecessors(&segments, &context.origin));
    let first_name = segments.first().map_or(&context.origin, |segment| &segment.header.origin);
    let mut beside = Vec::new();
    for (segment, next) in segments.iter().zip(segments.iter().skip(1)) {
        beside.extend(behind_the_end(&context, segment, next)?);
        beside.extend(next.header.cut.and_then(|cut| copy_of_cut(&context, segment, next.header.previous_end, cut)));
    }
    let mut verified = Verified::start(first_name, Covered::default())?;
    let (mut end, mut torn) = (None, None);
    if let Some(last) = segments.last() {
        verified.segment(&context, last, None)?;
        match verified.judge_tail(Some(last)) {
            Ok(Tail::Empty | Tail::Followed) => beside.extend(verified.behind_the_mark(last)?),
            Ok(Tail::Torn(bytes)) => torn = verified.end_site().map(|site| (site, bytes.len() as u64)),
            Ok(Tail::Ambiguous(_)) => end = verified.end_site().map(|site| JournalError::Ambiguous { site }),
            Err(error) => end = Some(error),
        }
    }
    let catalogue = Arc::new(Catalogue::new(verified.listed(&segments), verified.size()));
    Ok(Examined { reader: Reader::new(context, catalogue), segments: segments.len() as u64, end, torn, beside })
}

/// What lies behind the end of a segment that another follows: nothing, zeros, a close mark and zeros, or the tail that
/// the next header says was cut.
fn behind_the_end(
    context: &Context,
    segment: &Surveyed,
    next: &Surveyed,
) -> Result<Option<JournalError>, JournalError> {
    let (path, end) = (segment.name.path(), next.header.previous_end);
    let file = context.disk.open(&path).map_err(JournalError::io("open", &path))?;
    let rest = match next.header.cut {
        Some(cut) => is_cut(file.as_ref(), end, segment.length, cut).map(|is_cut| is_cut.then(|| end + cut.length)),
        None => {
            let (_, opener, _) = SegmentHeader::read(context, &segment.name, file.as_ref())?;
            frame_header(file.as_ref(), end, segment.length).map(|header| {
                let (header, mut frame) = header?;
                let is_mark = header.kind == FrameKind::Close
                    && header.tree_size == next.name.first_index
                    && header.root == next.header.tree.root()
                    && header.previous_chain == next.header.previous_chain
                    && open_frame(&opener, &header, &mut frame).is_ok();
                is_mark.then(|| end + MIN_FRAME_LEN as u64)
            })
        }
    };
    let rest = rest.map_err(JournalError::io("read", &path))?.unwrap_or(end);
    let is_unused = is_zero_from(file.as_ref(), rest, segment.length).map_err(JournalError::io("read", &path))?;
    Ok((!is_unused).then(|| JournalError::Remainder { segment: segment.name.to_string(), offset: rest }))
}

/// The frame of a close mark's length at `offset`, if its header passes its own check.
fn frame_header(file: &dyn DiskFile, offset: u64, length: u64) -> io::Result<Option<(FrameHeader, Vec<u8>)>> {
    if length.saturating_sub(offset) < MIN_FRAME_LEN as u64 {
        return Ok(None);
    }
    let mut frame = vec![0; MIN_FRAME_LEN];
    file.read_exact_at(&mut frame, offset)?;
    let header = frame.first_chunk::<FRAME_HEADER_LEN>().and_then(FrameHeader::decode);
    Ok(header.filter(|header| header.length() == MIN_FRAME_LEN as u64).map(|header| (header, frame)))
}

fn is_cut(file: &dyn DiskFile, offset: u64, length: u64, cut: CutMark) -> io::Result<bool> {
    if cut.length > length.saturating_sub(offset) {
        return Ok(false);
    }
    let mut bytes = vec![0; usize::try_from(cut.length).map_err(io::Error::other)?];
    file.read_exact_at(&mut bytes, offset)?;
    Ok(sha256(&bytes) == cut.sha256)
}

/// What is wrong with the copy of a tail that was cut.
fn copy_of_cut(context: &Context, segment: &Surveyed, end: u64, cut: CutMark) -> Option<JournalError> {
    let file = cut_path(&segment.name.to_string(), end);
    let copy = context.disk.read(&file).ok();
    let is_whole = copy.is_some_and(|copy| copy.len() as u64 == cut.length && sha256(&copy) == cut.sha256);
    (!is_whole).then_some(JournalError::CutCopy { file })
}
