//! Going through the log, page by page: entries one after the other, or those of a selection.

use super::error::AuditError;
use super::server::Server;
use super::signed::Vouched;
use crate::pure::audit::reading::{Discrepancy, OpenedEntry, Run, verify_included};
use crate::pure::wire::audit::{AuditEntry, AuditQuery};
use crate::pure::wire::page::MAX_LIMIT;

/// Which entries: those about this person and this document, or all.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// The subject.
    pub person: Option<String>,
    /// The document.
    pub document: Option<String>,
}

impl Selection {
    /// Whether nothing is left out.
    pub fn is_everything(&self) -> bool {
        self.person.is_none() && self.document.is_none()
    }
}

/// A way through the log.
#[derive(Debug)]
pub struct Walk {
    selection: Selection,
    /// The entries so far, grown into a tree, where all of them are read and verified.
    run: Option<Run>,
    /// The index from which to go on.
    position: u64,
}

/// What a walk does with each thing that it meets.
pub struct Visitor<'v> {
    /// Takes an entry, which is verified by then.
    pub entry: &'v mut dyn FnMut(&AuditEntry) -> Result<(), AuditError>,
    /// Is told the index of the entry that a look has made.
    pub look: &'v mut dyn FnMut(u64),
}

impl Walk {
    /// A walk from entry `from` on; verified if there is a tree to hold it against.
    pub fn begin(selection: Selection, from: u64, vouched: Option<&Vouched<'_>>) -> Result<Self, AuditError> {
        let run = match vouched.filter(|_| selection.is_everything()) {
            Some(vouched) => Some(Run::begin(from, &vouched.tree)?),
            None => None,
        };
        Ok(Self { selection, run, position: from })
    }

    /// The index from which to go on.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Reads on up to `end` (exclusive); without one, up to what the first look finds there.
    pub fn read(
        &mut self,
        server: &Server<'_>,
        end: Option<u64>,
        vouched: Option<&Vouched<'_>>,
        visitor: &mut Visitor<'_>,
    ) -> Result<(), AuditError> {
        let mut end = end;
        while end.is_none_or(|end| self.position < end) {
            let page = server.entries(&self.query(end))?;
            if let Some(entry) = page.entry {
                (visitor.look)(entry);
                end = end.or(Some(entry));
            }
            for entry in &page.value.items {
                if end.is_some_and(|end| entry.index >= end) {
                    break;
                }
                self.take(entry, vouched)?;
                (visitor.entry)(entry)?;
            }
            if page.value.next.is_none() || page.value.items.is_empty() {
                break;
            }
        }
        let end = end.unwrap_or(self.position);
        if let (Some(run), Some(vouched)) = (&self.run, vouched) {
            run.finish(end, vouched.checkpoint(), &vouched.tree)?;
        }
        self.position = self.position.max(end);
        Ok(())
    }

    fn take(&mut self, entry: &AuditEntry, vouched: Option<&Vouched<'_>>) -> Result<(), AuditError> {
        if let Some(vouched) = vouched {
            let opened = OpenedEntry { index: entry.index, record: &entry.record, opening: &entry.opening };
            match &mut self.run {
                Some(run) => run.take(&opened, vouched.checkpoint(), vouched.trust(), &vouched.tree)?,
                None => verify_included(&opened, vouched.checkpoint(), vouched.trust(), &vouched.tree)?,
            }
        }
        if entry.index < self.position {
            let after = self.position.saturating_sub(1);
            return Err(AuditError::Wrong(Discrepancy::Disordered { index: entry.index, after }));
        }
        self.position = entry.index.saturating_add(1);
        Ok(())
    }

    fn query(&self, end: Option<u64>) -> AuditQuery {
        let left = end.filter(|_| self.selection.is_everything()).map(|end| end.saturating_sub(self.position));
        let limit = left.and_then(|left| u32::try_from(left).ok()).map_or(MAX_LIMIT, |left| left.min(MAX_LIMIT));
        AuditQuery {
            after: self.position.checked_sub(1).map(|after| after.to_string()),
            limit: Some(limit),
            person: self.selection.person.clone(),
            document: self.selection.document.clone(),
        }
    }
}
