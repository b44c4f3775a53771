//! Checking: reads everything that a data directory holds again, for `strongroom check`, and changes nothing in it.
//!
//! ```text
//! checkpoint ─► signatures, cosignatures ─┐
//! journal ────► frames, chain, tree ──────┼─► one pass over the entries ─► roots, tiles, bundles: byte for byte
//! view ───────► a copy is opened ─────────┘            │ └─► lodgers' signatures
//!                                                      └─► a new view ─► the facts of both are compared
//! new view ───► its versions ─► blobs and their key objects: they open, and have the digests that were lodged
//! ```
//!
//! Invariants:
//! - It makes no entry, signs nothing, publishes nothing and repairs nothing. What a start would repair is a finding.
//! - It holds the lock of the directory, so that no server runs meanwhile.
//! - It gives out no record and no content: what it finds is named by numbers, files and the ids of blobs.
//! - The journal is read once, and what is kept in memory does not grow with it.
//!
//! What it cannot tell, and who can: whether the whole directory is an older one or was made anew under the same keys
//! (whoever kept a checkpoint); a flip in what nobody reads, such as the unused space of the view's engine (it has no
//! effect); and whether a damaged last frame that no checkpoint covers was torn by a crash (nobody: it asks).

mod contents;
mod copy;
mod entries;
mod report;
mod stored;

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::sync::Arc;

pub use report::{Progress, Report};

use super::startup::{Seeds, Settings, StartError, VIEW_FOLDER, journal_keys};
use crate::storage::disk::{Disk, RealDisk};
use crate::storage::journal;
use crate::storage::seal::keys::{KeyEpoch, RootKey};
use crate::storage::view::{View, ViewOptions};
use copy::{CopiedView, Scratch};

/// Why a check could not be carried through. What is wrong with the directory is in the report instead.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The directory is in use, or a key cannot be had.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The folder for the views that are compared cannot be made.
    #[error(
        "the check needs room for two copies of the view in {0}: {1}; make room, or set TMPDIR to a folder that has it"
    )]
    Scratch(PathBuf, std::io::Error),
}

/// Checks everything. Blocks for as long as reading everything takes; `progress` is told meanwhile.
///
/// It works in a folder of its own below `scratch`, which is removed in the end; it holds facts sealed as those of the
/// view are, and takes twice the view's space.
pub async fn check(
    settings: &Settings,
    scratch: PathBuf,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Report, CheckError> {
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::open(&settings.data).map_err(StartError::from)?);
    let root = RootKey::new(settings.root_key.load().map_err(StartError::from)?);
    let seeds = Seeds::load(&settings.log_key)?;
    let view_key = root.view_key(settings.origin.as_str().as_bytes());
    let epoch = KeyEpoch::FIRST;
    let scratch = Scratch::in_folder(scratch)?;
    let mut report = Report::default();

    stored::note_others(&*disk, &mut report);
    let stored = stored::checkpoint(&*disk, &seeds, &mut report);
    if let Some(stored) = &stored {
        stored::check_cosignatures(stored, &settings.witnessing.policy, &mut report);
    }
    let record = stored::recorded(settings, &seeds, &mut report);
    progress(Progress::View);
    let held = CopiedView::open(&settings.data.join(VIEW_FOLDER), &scratch, &view_key, &mut report)?;
    let replayed = View::open(&scratch.path().join("replayed"), &view_key, UNVERIFIED)
        .map_err(|error| scratch.failed(std::io::Error::other(error)))?;

    match journal::examine(disk.clone(), journal_keys(&root, epoch), settings.origin.clone()) {
        Ok(examined) => {
            let checkpoint = stored.as_ref().map(|stored| stored.checkpoint.clone());
            let expected = entries::Expected { checkpoint, record, held: held.as_ref() };
            entries::check(&examined, disk.clone(), &expected, &replayed, &mut report, progress);
            if let Err(error) = stored::check_keys(stored.as_ref(), &settings.origin, &seeds, &replayed, &mut report) {
                report.find(error.to_string());
            }
        }
        Err(error) => {
            report.find(error.to_string());
            report.note(
                "No entry was read, so that the log's files, the view and the documents were compared with nothing.",
            );
        }
    }
    contents::check(disk, root, epoch, &replayed, &mut report, progress).await;
    drop((held, replayed));
    Ok(report)
}

/// The view that is made anew is made of what was verified already.
const UNVERIFIED: ViewOptions = ViewOptions {
    cache_bytes: 64 * 1024 * 1024,
    cached_facts: 8192,
    flush_every: std::time::Duration::from_secs(5),
    verify_on_open: false,
};
