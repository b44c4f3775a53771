//! The view at a start: opened, set aside where it is damaged, and brought up to the journal.

use std::path::{Path, PathBuf};

use super::StartError;
use crate::pure::domain::apply::apply;
use crate::pure::domain::facts::Overlay;
use crate::pure::domain::time::Instant;
use crate::pure::record::Record;
use crate::service::clock::Clock;
use crate::storage::disk::RealDisk;
use crate::storage::journal::{self, ChainHash};
use crate::storage::seal::secret::SecretKey;
use crate::storage::view::{Position, View, ViewError, ViewOptions};

/// The folder of the view in the data directory.
pub(in crate::service) const VIEW_FOLDER: &str = "view";

/// Moves the view of a data directory aside, for `strongroom rebuild`: the next start replays the journal into a new
/// one. Gives where the old one is, `None` if there was none.
pub fn set_view_aside(data: &Path, clock: &Clock) -> Result<Option<PathBuf>, StartError> {
    let _locked = RealDisk::open(data)?;
    let folder = data.join(VIEW_FOLDER);
    if folder.exists() { set_aside(&folder, clock).map(Some) } else { Ok(None) }
}

/// The view, or `None` for one that was damaged, which is moved aside.
pub(super) fn open_view(
    folder: &Path,
    key: &SecretKey,
    options: ViewOptions,
    clock: &Clock,
) -> Result<Option<View>, StartError> {
    match View::open(folder, key, options) {
        Ok(view) => Ok(Some(view)),
        Err(ViewError::Damaged { what }) => {
            tracing::warn!(%what, "the view is damaged: it is moved aside and rebuilt from the journal");
            set_aside(folder, clock)?;
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// An empty view in place of one that cannot be continued.
pub(super) fn fresh_view(
    folder: &Path,
    key: &SecretKey,
    options: ViewOptions,
    clock: &Clock,
) -> Result<View, StartError> {
    if folder.exists() {
        set_aside(folder, clock)?;
    }
    Ok(View::open(folder, key, options)?)
}

/// Moves a view aside under a name of its own; nothing is deleted.
fn set_aside(folder: &Path, clock: &Clock) -> Result<PathBuf, StartError> {
    let name = format!("{VIEW_FOLDER}-set-aside-{}", clock.now().unix_micros());
    View::quarantine(folder, &name).map_err(StartError::Quarantine)
}

pub(super) fn covered_position(position: Position) -> (u64, ChainHash) {
    (position.next_index, ChainHash(position.chain))
}

/// Brings the view up to the journal, and gives the time of the last entry.
pub fn replay(view: &View, reader: &journal::Reader) -> Result<Option<Instant>, StartError> {
    let mut replay = ViewReplay::onto(view);
    for batch in reader.replay(view.position().next_index) {
        replay.take(&batch?)?;
    }
    replay.settle()?;
    match reader.next_index().checked_sub(1) {
        None => Ok(None),
        Some(last) => Ok(Some(read_record(last, &reader.read(last)?.record)?.time)),
    }
}

/// Applies the journal's batches to a view, some thousand entries at once: few writes, in bounded memory.
pub(in crate::service) struct ViewReplay<'v> {
    view: &'v View,
    behind: Overlay<'v>,
    position: Position,
}

impl<'v> ViewReplay<'v> {
    /// Goes on where the view stands.
    pub(in crate::service) fn onto(view: &'v View) -> Self {
        Self { view, behind: Overlay::over(view), position: view.position() }
    }

    /// Takes the next batch.
    pub(in crate::service) fn take(&mut self, batch: &journal::ReplayedBatch) -> Result<(), StartError> {
        for (index, stored) in (batch.first_index..).zip(&batch.stored) {
            let record = read_record(index, &stored.record)?;
            let names = record.occurrence_names();
            let changes = apply(&self.behind, &record.occurrence(&names))?;
            self.behind.lay(changes);
        }
        self.position = Position { next_index: batch.next_index, chain: batch.chain_after.0 };
        if self.position.next_index - self.view.position().next_index >= REPLAYED_AT_ONCE {
            self.settle()
        } else {
            Ok(())
        }
    }

    /// Writes what was taken to the view.
    pub(in crate::service) fn settle(&mut self) -> Result<(), StartError> {
        if self.position.next_index > self.view.position().next_index {
            let behind = std::mem::replace(&mut self.behind, Overlay::over(self.view));
            self.view.apply(behind.into_changes(), self.position)?;
        }
        Ok(())
    }
}

/// How many entries are replayed before the view is written.
const REPLAYED_AT_ONCE: u64 = 4096;

fn read_record(index: u64, bytes: &[u8]) -> Result<Record, StartError> {
    Record::from_bytes(bytes).map_err(|error| StartError::Record { index, error })
}
