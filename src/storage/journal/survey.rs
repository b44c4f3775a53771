//! Looking over all segments by their names and headers: none is missing, swapped, shortened or foreign.

use std::io;

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

/// All segments in order.
pub(super) fn survey(context: &Context) -> Result<Vec<Surveyed>, JournalError> {
    let mut segments: Vec<Surveyed> = Vec::new();
    for name in names(context)? {
        let path = name.path();
        let file = context.disk.open(&path).map_err(JournalError::io("open", &path))?;
        let length = file.length().map_err(JournalError::io("read", &path))?;
        let (header, _, _) = SegmentHeader::read(context, &name, file.as_ref())?;
        let segment = Surveyed { name, header, length };
        segment.check_follows(segments.last(), context)?;
        segments.push(segment);
    }
    Ok(segments)
}

impl Surveyed {
    fn check_follows(&self, previous: Option<&Self>, context: &Context) -> Result<(), JournalError> {
        let header = &self.header;
        let continues = match previous {
            None => {
                header.tree == Tree::empty()
                    && header.previous_chain == ChainHash::first(&context.origin)
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
