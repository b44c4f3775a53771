//! Startup: opens a data directory, verifies what it must, and repairs only what may be repaired.
//!
//! The order: the lock, the keys, the last signed checkpoint, the view, the journal (which must cover both), the view's
//! replay, the tree, and then the threads. A crash anywhere leaves what the next start finds and does again.

mod error;
mod jump;
mod scrub;
mod settings;
mod tree;
mod view;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

pub use error::StartError;
pub use jump::accept_clock;
pub use settings::Settings;
pub use view::set_view_aside;
pub(in crate::service) use view::{VIEW_FOLDER, ViewReplay};

use super::clock::{Clock, ClockWatch};
use super::evidence::Evidence;
use super::publishing::signers::{LogSigner, LogSigners};
use super::registrar::{self, Registrar};
use super::{Repository, publishing, request};
use crate::pure::domain::command::{Actor, Command, System};
use crate::pure::tlog::verifier_key::VerifierKey;
use crate::storage::blobs::BlobStore;
use crate::storage::disk::{Disk, RealDisk};
use crate::storage::journal::{self, Covered, Journal, JournalKeys, ViewState};
use crate::storage::seal::keys::{KeyEpoch, RootKey};
use crate::storage::seal::secret::SecretKey;
use crate::storage::view::View;
pub(in crate::service) use jump::JUMP_FILE;
use jump::remember_jump;
use scrub::start_scrub;
pub(in crate::service) use tree::TILE_FOLDER;
use tree::{latest_checkpoint, open_tiles};
use view::{covered_position, fresh_view, open_view, replay};

/// An open repository and its threads.
pub struct Running {
    /// The repository.
    pub repository: Arc<Repository>,
    /// The log's verifier keys: of the current epoch, Ed25519 first, and then those that still sign.
    pub verifier_keys: Vec<VerifierKey>,
    /// The key that seals the cursors of lists.
    pub cursor_key: SecretKey,
    registrar: JoinHandle<()>,
    publisher: JoinHandle<()>,
    scrub: JoinHandle<()>,
    stopping: Arc<AtomicBool>,
    /// Holds the lock of the data directory until everything has stopped.
    _disk: Arc<RealDisk>,
}

impl Running {
    /// Opens and verifies the data directory, and starts the threads.
    pub fn start(settings: &Settings, clock: Arc<Clock>) -> Result<Self, StartError> {
        Self::start_with(settings, clock, |disk| disk.read(JUMP_FILE).is_ok())
    }

    /// The same; `jumped` tells whether a jump of the clock is still to be accepted.
    fn start_with(
        settings: &Settings,
        clock: Arc<Clock>,
        jumped: impl FnOnce(&RealDisk) -> bool,
    ) -> Result<Self, StartError> {
        let disk = Arc::new(RealDisk::open(&settings.data)?);
        let root = RootKey::new(settings.root_key.load()?);
        let signers = signers(settings)?;
        let verifier_keys = signers.verifier_keys();
        let latest = latest_checkpoint(&disk, &verifier_keys)?;

        let view_key = root.view_key(settings.origin.as_str().as_bytes());
        let folder = settings.data.join(VIEW_FOLDER);
        let view = open_view(&folder, &view_key, &clock)?;
        let covered = Covered {
            checkpoint: latest.as_ref().map(|(checkpoint, _)| (checkpoint.size, checkpoint.root)),
            view: view.as_ref().map(View::position).filter(|position| position.next_index > 0).map(covered_position),
        };
        let epoch = KeyEpoch::FIRST;
        let keys = journal_keys(&root, epoch);
        let options = journal::Options::default();
        let shared: Arc<dyn Disk> = disk.clone();
        let (journal, opened) =
            Journal::open(shared.clone(), keys, settings.origin.clone(), covered, settings.torn_tail, options)?;
        let reader = journal.reader();

        let view = match view.filter(|_| opened.view != ViewState::Unknown) {
            Some(view) => view,
            None => fresh_view(&folder, &view_key, &clock)?,
        };
        let last_time = replay(&view, &reader)?;
        let tiles = open_tiles(&shared, &reader, opened.tree.size(), opened.tree.root())?;

        let (committed, commits) = std::sync::mpsc::channel();
        let tile_reader = tiles.reader();
        let (publications, publisher) = publishing::start(publishing::Parts {
            origin: settings.origin.clone(),
            signers,
            clock: clock.clone(),
            tiles,
            disk: shared.clone(),
            latest: latest.map(|(_, published)| published),
            committed: commits,
            tick: settings.tick,
        })
        .map_err(StartError::Thread)?;
        let blobs = BlobStore::local(&settings.data.join(BLOB_FOLDER), root.clone(), epoch)?;
        let jumped = jumped(&disk);
        let (registrar, registrar_thread) = Registrar::start(
            registrar::Parts {
                origin: settings.origin.clone(),
                journal,
                view: view.clone(),
                clock: clock.clone(),
                watch: ClockWatch::new(jumped),
                on_jump: remember_jump(shared, clock.clone()),
                last_time,
                refusals_per_minute: settings.refusals_per_minute,
                committed,
            },
            settings.queue_length.get(),
        )
        .map_err(StartError::Thread)?;
        for cut in opened.cut {
            let command = Command::EnterRecovery { cut_bytes: cut.length, moved_to: cut.file };
            registrar.submit_blocking(request(Actor::System(System::Recovery), command, None)?)?;
        }
        let stopping = Arc::new(AtomicBool::new(false));
        let scrub = start_scrub(reader.clone(), stopping.clone()).map_err(StartError::Thread)?;
        let patience = settings.tick * 2 + PUBLISHING_GRACE;
        let repository = Repository {
            origin: settings.origin.clone(),
            registrar,
            view,
            blobs,
            clock,
            evidence: Evidence { records: reader, tiles: tile_reader, publications, patience },
        };
        Ok(Self {
            repository: Arc::new(repository),
            verifier_keys,
            cursor_key: root.cursor_key(),
            registrar: registrar_thread,
            publisher,
            scrub,
            stopping,
            _disk: disk,
        })
    }

    /// Finishes what waits, closes the journal and publishes a last checkpoint. No request is entered afterwards.
    pub fn stop(self) {
        self.stopping.store(true, Ordering::Relaxed);
        self.repository.registrar.stop();
        for thread in [self.registrar, self.publisher, self.scrub] {
            if thread.join().is_err() {
                tracing::error!("a thread of the repository panicked; the next start verifies what it left");
            }
        }
        if let Err(error) = self.repository.view.flush() {
            tracing::warn!(%error, "the view was not flushed; the next start replays what it lacks");
        }
    }
}

/// The folder of the sealed documents in the data directory.
pub(in crate::service) const BLOB_FOLDER: &str = "blobs";

/// What publishing may take beyond its tick before evidence is said to be late.
const PUBLISHING_GRACE: Duration = Duration::from_millis(500);

/// The keys of the journal's segments.
pub(in crate::service) fn journal_keys(root: &RootKey, epoch: KeyEpoch) -> JournalKeys {
    JournalKeys::new(epoch.0, root.journal_key(epoch))
}

/// What signs checkpoints.
pub(in crate::service) fn signers(settings: &Settings) -> Result<LogSigners, StartError> {
    let seed = settings.log_key.load()?;
    Ok(LogSigners::new(LogSigner::from_seed(&settings.origin, &seed)?, Vec::new()))
}
