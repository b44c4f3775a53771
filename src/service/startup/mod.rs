//! Startup: opens a data directory, verifies what it must, and repairs only what may be repaired.
//!
//! The order: the lock, the keys, what was signed last (in the data directory, and in the own record outside it), the
//! view, the journal (which must cover all of them), the view's replay, the epoch of the log's keys, the tree, what the
//! witnesses remember, and then the threads. A journal that does not cover what was signed was rolled back:
//! [`StartError::RolledBack`]; where only a witness knows of it, the repository opens and denies everything. A crash
//! anywhere leaves what the next start finds and does again.

mod error;
mod jump;
mod log_keys;
mod publication;
mod rotating;
mod scrub;
mod settings;
mod signed;
mod stores;
mod succession;
mod tree;
mod view;

#[cfg(test)]
mod bits;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

pub use error::StartError;
pub use jump::accept_clock;
pub use rotating::{Rotated, last_rotation, rotate_keys};
pub use settings::Settings;
pub use succession::{AcceptedLoss, accept_loss};
pub(in crate::service) use view::{VIEW_FOLDER, ViewReplay};
pub use view::{replay, set_view_aside};

use super::clock::{Clock, ClockWatch};
use super::evidence::Evidence;
use super::publishing::own_record::OwnRecord;
use super::publishing::signers::LogSigners;
use super::reading::ReleaseRule;
use super::registrar::{self, Registrar};
use super::{Repository, request};
use crate::pure::domain::command::{Actor, Command, System};
use crate::pure::tlog::verifier_key::VerifierKey;
use crate::storage::blobs::BlobStore;
use crate::storage::disk::{Disk, RealDisk};
use crate::storage::journal::{Cut, JournalKeys};
use crate::storage::seal::keys::{KeyEpoch, RootKey};
use crate::storage::seal::secret::SecretKey;
pub(in crate::service) use jump::JUMP_FILE;
use jump::remember_jump;
pub(in crate::service) use log_keys::Seeds;
use publication::{Publication, start_publication};
use scrub::start_scrub;
use signed::SignedBefore;
pub(in crate::service) use signed::recorded_checkpoint;
use stores::Stores;
use succession::Succession;
pub(in crate::service) use tree::TILE_FOLDER;
use tree::open_tiles;

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

    /// The same; `jumped` tells whether a jump of the clock is still to be accepted. With a `succession` the log goes
    /// on under another name.
    fn start_with(
        settings: &Settings,
        clock: Arc<Clock>,
        succession: Option<Succession>,
        jumped: impl FnOnce(&RealDisk) -> bool,
    ) -> Result<Self, StartError> {
        let disk = Arc::new(RealDisk::open(&settings.data)?);
        let shared: Arc<dyn Disk> = disk.clone();
        let root = RootKey::new(settings.root_key.load()?);
        let seeds = Seeds::load(&settings.log_key)?;
        let signed = SignedBefore::read(&disk, OwnRecord::of(&settings.log_key, &settings.data), &seeds)?;
        let stores = Stores::open(settings, &clock, &disk, &root, &signed, succession.as_ref())?;

        let signers = signers(settings, &seeds, &stores)?;
        let verifier_keys = signers.verifier_keys();
        let succession = stores.succession_to_enter(&settings.origin, succession)?;
        let Stores { journal, opened, view, last_time } = stores;
        let reader = journal.reader();
        let tiles = open_tiles(&shared, &reader, opened.tree.size(), opened.tree.root())?;
        let tile_reader = tiles.reader();
        let blobs = BlobStore::local(&settings.data.join(BLOB_FOLDER), root.clone(), KeyEpoch::FIRST)?;

        let (committed, commits) = std::sync::mpsc::channel();
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
        enter_start(&registrar, succession, opened.cut)?;
        // After the entries of the start: under another name nothing is signed before the entry that says so.
        let publication = start_publication(settings, clock.clone(), shared, tiles, signers, signed, commits)?;
        let Publication { publications, board, denial, publisher } = publication;
        let stopping = Arc::new(AtomicBool::new(false));
        let scrub = start_scrub(reader.clone(), stopping.clone()).map_err(StartError::Thread)?;
        let (reads, patience) = (settings.witnessing.reads, Patience::of(settings));
        let repository = Repository {
            origin: settings.origin.clone(),
            registrar,
            view,
            blobs,
            clock,
            evidence: Evidence { records: reader, tiles: tile_reader, publications, patience: patience.evidence },
            release: ReleaseRule { reads, patience: patience.reads, board, denial: denial.clone() },
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

/// What signs from now on; an error if the witness policy is another log's.
fn signers(settings: &Settings, seeds: &Seeds, stores: &Stores) -> Result<LogSigners, StartError> {
    let signers = seeds.signers_by(&stores.view, &settings.origin)?;
    let is_for_another = settings.witnessing.is_for_another_log(&signers.verifier_keys());
    if is_for_another { Err(StartError::PolicyForAnother) } else { Ok(signers) }
}

/// How long a checkpoint that covers an entry is waited for.
struct Patience {
    evidence: Duration,
    reads: Duration,
}

impl Patience {
    fn of(settings: &Settings) -> Self {
        let alone = settings.tick * 2 + PUBLISHING_GRACE;
        let witnessed = alone + settings.witnessing.times.deadline;
        let asks = settings.witnessing.policy.asks_for_witnesses();
        Self { evidence: if asks { witnessed } else { alone }, reads: witnessed }
    }
}

/// Enters what the start did: that the log goes on under another name, and what was cut from the journal.
fn enter_start(registrar: &Registrar, succession: Option<Succession>, cuts: Vec<Cut>) -> Result<(), StartError> {
    let succeeded = succession.map(|succession| succession.command);
    let recovered = cuts.into_iter().map(|cut| Command::EnterRecovery { cut_bytes: cut.length, moved_to: cut.file });
    for command in succeeded.into_iter().chain(recovered) {
        registrar.submit_blocking(request(Actor::System(System::Recovery), command, None)?)?;
    }
    Ok(())
}

/// The folder of the sealed documents in the data directory.
pub(in crate::service) const BLOB_FOLDER: &str = "blobs";

/// What publishing may take beyond its tick before evidence is said to be late.
const PUBLISHING_GRACE: Duration = Duration::from_millis(500);

/// The keys of the journal's segments.
pub(in crate::service) fn journal_keys(root: &RootKey, epoch: KeyEpoch) -> JournalKeys {
    JournalKeys::new(epoch.0, root.journal_key(epoch))
}
