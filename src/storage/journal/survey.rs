//! Looking over all segments by their names and headers: none is missing, swapped, shortened or foreign.

use std::io;

use crate::pure::tlog::leaf::Origin;
use crate::pure::tlog::tree::Tree;

use super::chain::ChainHash;
use super::error::JournalError;
use super::segment::{Context, DIRECTORY, SegmentHeader, SegmentName, UNFINISHED};

/// A segment whose header is authentic and in its place.
pub(super) struct Surveyed {
    pub(super) name: SegmentName,
    pub(super) header: SegmentHeader,
    /// The file's length.
    pub(super) length: u64,
}

/// All segments in order. The last one's log is the context's, or the one that it `succeeds`.
pub(super) fn survey(context: &Context, succeeds: Option<&Origin>) -> Result<Vec<Surveyed>, JournalError> {
    let mut segments: Vec<Surveyed> = Vec::new();
    for name in names(context)? {
        let path = name.path();
        let file = context.disk.open(&path).map_err(JournalError::io("open", &path))?;
        let length = file.length().map_err(JournalError::io("read", &path))?;
        let (header, _, _) = SegmentHeader::read(context, &name, file.as_ref())?;
        let segment = Surveyed { name, header, length };
        segment.check_follows(segments.last())?;
        segments.push(segment);
    }
    let had_name = |segment: &Surveyed| segment.header.origin == context.origin;
    if succeeds.is_some() && segments.last().is_some_and(|last| !had_name(last)) && segments.iter().any(had_name) {
        return Err(JournalError::NameUsedBefore { origin: context.origin.to_string() });
    }
    if let Some(Surveyed { name, header, .. }) = segments.last()
        && header.origin != context.origin
        && Some(&header.origin) != succeeds
    {
        let (found, expected) = (header.origin.to_string(), context.origin.to_string());
        return Err(JournalError::OtherLog { segment: name.to_string(), found, expected });
    }
    Ok(segments)
}

/// The names that the log had before `origin`, oldest first.
pub(super) fn predecessors(segments: &[Surveyed], origin: &Origin) -> Vec<Origin> {
    let mut names: Vec<Origin> = segments.iter().map(|segment| segment.header.origin.clone()).collect();
    names.dedup();
    names.retain(|name| name != origin);
    names
}

/// The index of the first entry under `origin`, where `next_index` entries were made in all.
pub(super) fn origin_since(segments: &[Surveyed], origin: &Origin, next_index: u64) -> u64 {
    match segments.iter().find(|segment| segment.header.origin == *origin) {
        Some(segment) => segment.name.first_index,
        None if segments.is_empty() => 0,
        None => next_index,
    }
}

impl Surveyed {
    fn check_follows(&self, previous: Option<&Self>) -> Result<(), JournalError> {
        let header = &self.header;
        let continues = match previous {
            None => {
                header.tree == Tree::empty()
                    && header.previous_chain == ChainHash::first(&header.origin)
                    && header.previous_end == 0
            }
            Some(previous) if header.previous_end > previous.length => {
                return Err(JournalError::Truncated {
                    segment: previous.name.to_string(),
                    length: previous.length,
                    expected: header.previous_end,
                });
            }
            // Equal trees mean that no batch lies between, so the chain is the same too, and the other way round.
            Some(previous) => {
                (header.tree == previous.header.tree) == (header.previous_chain == previous.header.previous_chain)
            }
        };
        if continues { Ok(()) } else { Err(JournalError::Discontinuous { segment: self.name.to_string() }) }
    }
}

fn names(context: &Context) -> Result<Vec<SegmentName>, JournalError> {
    let listed = match context.disk.list(DIRECTORY) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        listed => listed.map_err(JournalError::io("list", DIRECTORY))?,
    };
    let mut names = Vec::new();
    for name in listed.into_iter().filter(|name| name != UNFINISHED) {
        names.push(SegmentName::parse(&name).ok_or(JournalError::StrayFile { name })?);
    }
    names.sort_by_key(|name| name.ordinal);
    for (ordinal, name) in (0..).zip(&names) {
        if name.ordinal != ordinal {
            return Err(JournalError::MissingSegment { ordinal });
        }
    }
    if let Some((_, later)) =
        names.iter().zip(names.iter().skip(1)).find(|(one, next)| one.first_index > next.first_index)
    {
        return Err(JournalError::Discontinuous { segment: later.to_string() });
    }
    Ok(names)
}
