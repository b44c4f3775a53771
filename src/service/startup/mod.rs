//! Startup: opens a data directory, verifies what it must, and repairs only what may be repaired.
//!
//! The order: the lock, the keys, what was signed last (in the data directory, and in the own record outside it), the view,
//! the journal (which must cover all of them), the view's replay, the epoch of the log's keys, the tree, what the witnesses
//! remember, and then the threads. A journal that does not cover what was signed was rolled back:
//! [`StartError::RolledBack`]; where only a witness knows of it, the repository opens and denies everything. A crash
//! anywhere leaves what the next start finds and does again.

mod error;
mod jump;
mod log_keys;
mod rotating;
mod scrub;
mod settings;
mod signed;
mod succession;
mod tree;
mod view;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

pub use error::StartError;
pub use jump::accept_clock;
pub use rotating::{Rotated, last_rotation, rotate_keys};
pub use settings::Settings;
pub use succession::{AcceptedLoss, accept_loss};
pub use view::set_view_aside;
pub(in crate::service) use view::{VIEW_FOLDER, ViewReplay};

use super::clock::{Clock, ClockWatch};
use super::evidence::Evidence;
use super::publishing::own_record::OwnRecord;
use super::publishing::rollback::Denial;
use super::publishing::witnessing::{Board, proven_rollback};
use super::reading::ReleaseRule;
use super::registrar::{self, Registrar};
use super::{Repository, publishing, request};
use crate::pure::domain::command::{Actor, Command, System};
use crate::pure::domain::facts::FactsExt;
use crate::pure::tlog::verifier_key::VerifierKey;
use crate::storage::blobs::BlobStore;
use crate::storage::disk::{Disk, RealDisk};
use crate::storage::journal::{self, Covered, Journal, JournalKeys, ViewState};
use crate::storage::seal::keys::{KeyEpoch, RootKey};
use crate::storage::seal::secret::SecretKey;
use crate::storage::view::View;
pub(in crate::service) use jump::JUMP_FILE;
use jump::remember_jump;
pub(in crate::service) use log_keys::{Seeds, verify_rotations};
use scrub::start_scrub;
use signed::SignedBefore;
pub(in crate::service) use signed::recorded_checkpoint;
use succession::{Succession, has_begun};
pub(in crate::service) use tree::TILE_FOLDER;
use tree::open_tiles;
use view::{covered_position, fresh_view, open_view, replay};

/// An open repository and its threads.
pub struct Running {
    /// The repository.
    pub repository: Arc<Repository>,
    /// The log's verifier keys: of the current epoch, Ed25519 first, and then those that still sign.
    pub verifier_keys: Vec<VerifierKey>,
    /// The key that seals the cursors of lists.
    pub cursor_key: SecretKey,
    /// The index of the first entry under the log's present name: 0 unless it went by another one before.
    pub(super) origin_since: u64,
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
        Self::start_with(settings, clock, None, |disk| disk.read(JUMP_FILE).is_ok())
    }

    /// The same; `jumped` tells whether a jump of the clock is still to be accepted. With a `succession` the log goes on
    /// under another name.
    fn start_with(
        settings: &Settings,
        clock: Arc<Clock>,
        succession: Option<Succession>,
        jumped: impl FnOnce(&RealDisk) -> bool,
    ) -> Result<Self, StartError> {
        let disk = Arc::new(RealDisk::open(&settings.data)?);
        let root = RootKey::new(settings.root_key.load()?);
        let seeds = Seeds::load(&settings.log_key)?;
        let signed = SignedBefore::read(&disk, OwnRecord::of(&settings.log_key, &settings.data), &seeds)?;

        let view_key = root.view_key(settings.origin.as_str().as_bytes());
        let folder = settings.data.join(VIEW_FOLDER);
        let epoch = KeyEpoch::FIRST;
        let keys = journal_keys(&root, epoch);
        let options = journal::Options::default();
        let shared: Arc<dyn Disk> = disk.clone();
        let (view, journal, opened) = match &succession {
            None => {
                let view = open_view(&folder, &view_key, &clock)?;
                let position = view.as_ref().map(View::position).filter(|position| position.next_index > 0);
                let [checkpoint, record] = signed.of(&settings.origin);
                let covered = Covered { checkpoint, record, view: position.map(covered_position) };
                let origin = settings.origin.clone();
                let opening = Journal::open(shared.clone(), keys, origin, covered, settings.torn_tail, options);
                let (journal, opened) = opening.map_err(|error| signed.judge(error))?;
                (view, journal, opened)
            }
            Some(Succession { old, .. }) => {
                let origin = settings.origin.clone();
                let (journal, opened) =
                    Journal::succeed(shared.clone(), keys, origin, old, settings.torn_tail, options)?;
                (None, journal, opened)
            }
        };
        signed.settle(&disk, &settings.origin, &opened.predecessors)?;
        let reader = journal.reader();

        let view = match view.filter(|_| opened.view != ViewState::Unknown) {
            Some(view) => view,
            None => fresh_view(&folder, &view_key, &clock)?,
        };
        let last_time = replay(&view, &reader)?;
        let epochs = view.log_keys()?.map(|epochs| (*epochs).clone()).unwrap_or_default();
        verify_rotations(&epochs)?;
        let signers = seeds.signers(&settings.origin, &epochs)?;
        let verifier_keys = signers.verifier_keys();
        let witnessing = &settings.witnessing;
        if witnessing.is_for_another_log(&verifier_keys) {
            return Err(StartError::PolicyForAnother);
        }
        let unfinished = !opened.predecessors.is_empty() && !has_begun(&reader, &settings.origin, opened.origin_since)?;
        if unfinished && succession.is_none() {
            return Err(StartError::SuccessionUnfinished(settings.origin.to_string()));
        }
        let tiles = open_tiles(&shared, &reader, opened.tree.size(), opened.tree.root())?;

        let (committed, commits) = std::sync::mpsc::channel();
        let tile_reader = tiles.reader();
        let blobs = BlobStore::local(&settings.data.join(BLOB_FOLDER), root.clone(), epoch)?;
        let jumped = jumped(&disk);
        let (registrar, registrar_thread) = Registrar::start(
            registrar::Parts {
                origin: settings.origin.clone(),
                journal,
                view: view.clone(),
                clock: clock.clone(),
                watch: ClockWatch::new(jumped),
                on_jump: remember_jump(shared.clone(), clock.clone()),
                last_time,
                refusals_per_minute: settings.refusals_per_minute,
                committed,
            },
            settings.queue_length.get(),
        )
        .map_err(StartError::Thread)?;
        let succeeded = succession.filter(|_| unfinished).map(|succession| succession.command);
        let recovered =
            opened.cut.into_iter().map(|cut| Command::EnterRecovery { cut_bytes: cut.length, moved_to: cut.file });
        for command in succeeded.into_iter().chain(recovered) {
            registrar.submit_blocking(request(Actor::System(System::Recovery), command, None)?)?;
        }
        // After the entries of the start: under another name nothing is signed before the entry that says so.
        let denial = Arc::new(Denial::default());
        let origin = settings.origin.clone();
        let board = Board::new(witnessing, origin, verifier_keys.clone(), tile_reader.clone(), denial.clone());
        let board = Arc::new(board);
        if let Some(finding) = proven_rollback(witnessing, &settings.origin, &verifier_keys, &tile_reader) {
            denial.deny(finding);
        }
        board.start(&witnessing.ways).map_err(StartError::Thread)?;
        let (publications, publisher) = publishing::start(publishing::Parts {
            origin: settings.origin.clone(),
            signers,
            clock: clock.clone(),
            tiles,
            disk: shared,
            // What was published before there was a policy, or under another, is not shown until it is witnessed.
            latest: signed.published(&settings.origin).filter(|published| witnessing.is_met_by(&published.note)),
            record: signed.record,
            denial: denial.clone(),
            board: board.clone(),
            committed: commits,
            tick: settings.tick,
        })
        .map_err(StartError::Thread)?;
        let stopping = Arc::new(AtomicBool::new(false));
        let scrub = start_scrub(reader.clone(), stopping.clone()).map_err(StartError::Thread)?;
        let patience = settings.tick * 2 + PUBLISHING_GRACE;
        let with_witnesses = patience + witnessing.times.deadline;
        let patience = if witnessing.policy.asks_for_witnesses() { with_witnesses } else { patience };
        let release = ReleaseRule { reads: witnessing.reads, patience: with_witnesses, board, denial: denial.clone() };
        let repository = Repository {
            release,
            origin: settings.origin.clone(),
            registrar,
            view,
            blobs,
            clock,
            evidence: Evidence { records: reader, tiles: tile_reader, publications, patience },
            denial,
        };
        Ok(Self {
            repository: Arc::new(repository),
            verifier_keys,
            cursor_key: root.cursor_key(),
            origin_since: opened.origin_since,
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
