//! The journal and the view at a start: opened, held against what was signed, and brought to the same entry.

use super::signed::SignedBefore;
use super::succession::{Succession, has_begun};
use super::view::{covered_position, fresh_view, open_view, replay};
use super::{Ground, Settings, StartError, journal_keys};
use crate::pure::domain::time::Instant;
use crate::pure::tlog::leaf::Origin;
use crate::service::clock::Clock;
use crate::storage::journal::{Covered, Journal, Opened, ViewState};
use crate::storage::seal::keys::{KeyEpoch, RootKey};
use crate::storage::view::View;

/// What remembers entries, verified, before any thread runs.
pub(super) struct Stores {
    pub(super) journal: Journal,
    pub(super) opened: Opened,
    /// At the journal's end.
    pub(super) view: View,
    /// The time of the last entry.
    pub(super) last_time: Option<Instant>,
}

impl Stores {
    /// Opens both on that ground. With a `succession` the journal goes on under another name, and the view is made anew:
    /// the one of the old name is sealed under it.
    pub(super) fn open(
        settings: &Settings,
        clock: &Clock,
        ground: &Ground,
        root: &RootKey,
        signed: &SignedBefore,
        succession: Option<&Succession>,
    ) -> Result<Self, StartError> {
        let view_key = root.view_key(settings.origin.as_str().as_bytes());
        let (folder, view_options) = (&ground.view, ground.view_options);
        let keys = journal_keys(root, KeyEpoch::FIRST);
        let (origin, options, disk) = (settings.origin.clone(), ground.journal, ground.disk.clone());
        let (view, journal, opened) = match succession {
            None => {
                let view = open_view(folder, &view_key, view_options, clock)?;
                let position = view.as_ref().map(View::position).filter(|position| position.next_index > 0);
                let [checkpoint, record] = signed.of(&settings.origin);
                let covered = Covered { checkpoint, record, view: position.map(covered_position) };
                let opening = Journal::open(disk, keys, origin, covered, settings.torn_tail, options);
                let (journal, opened) = opening.map_err(|error| signed.judge(error))?;
                (view, journal, opened)
            }
            Some(Succession { old, .. }) => {
                let (journal, opened) = Journal::succeed(disk, keys, origin, old, settings.torn_tail, options)?;
                (None, journal, opened)
            }
        };
        signed.settle(&*ground.disk, &settings.origin, &opened.predecessors)?;
        let view = match view.filter(|_| opened.view != ViewState::Unknown) {
            Some(view) => view,
            None => fresh_view(folder, &view_key, view_options, clock)?,
        };
        let last_time = replay(&view, &journal.reader())?;
        Ok(Self { journal, opened, view, last_time })
    }

    /// The succession whose entry is still to be made, if one is. An error where a start broke off before that entry, and
    /// nobody goes on with it.
    pub(super) fn succession_to_enter(
        &self,
        origin: &Origin,
        succession: Option<Succession>,
    ) -> Result<Option<Succession>, StartError> {
        let Opened { predecessors, origin_since, .. } = &self.opened;
        if predecessors.is_empty() || has_begun(&self.journal.reader(), origin, *origin_since)? {
            return Ok(None);
        }
        match succession {
            Some(succession) => Ok(Some(succession)),
            None => Err(StartError::SuccessionUnfinished(origin.to_string())),
        }
    }
}
