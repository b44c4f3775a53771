//! Startup: opens a data directory, verifies what it must, and repairs only what may be repaired.
//!
//! The order: the lock, the keys, what was signed last (in the data directory, and in the own record outside it), the
//! view, the journal (which must cover all of them), the view's replay, the epoch of the log's keys, the tree, what the
//! witnesses remember, and then the threads. A journal that does not cover what was signed was rolled back:
//! [`StartError::RolledBack`]; where only a witness knows of it, the repository opens and denies everything. A crash
//! anywhere leaves what the next start finds and does again.

mod by_hand;
mod error;
mod ground;
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
mod bits_tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

pub use by_hand::ByHand;
pub use error::StartError;
pub use ground::Ground;
pub use jump::accept_clock;
pub use rotating::{Rotated, last_rotation, rotate_keys};
pub use settings::Settings;
pub use succession::{AcceptedLoss, accept_loss};
pub(in crate::service) use view::{VIEW_FOLDER, ViewReplay};
pub use view::{replay, set_view_aside};

use super::Repository;
use super::clock::Clock;
use super::publishing::signers::LogSigners;
use crate::pure::tlog::verifier_key::VerifierKey;
use crate::storage::disk::Disk;
use crate::storage::journal::JournalKeys;
use crate::storage::seal::keys::{KeyEpoch, RootKey};
use crate::storage::seal::secret::SecretKey;
use by_hand::flush;
pub(in crate::service) use jump::JUMP_FILE;
pub(in crate::service) use log_keys::Seeds;
use scrub::start_scrub;
pub(in crate::service) use signed::recorded_checkpoint;
use stores::Stores;
use succession::Succession;
pub(in crate::service) use tree::TILE_FOLDER;

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
    _disk: Arc<dyn Disk>,
}

impl Running {
    /// Opens and verifies the data directory, and starts the threads.
    pub fn start(settings: &Settings, clock: Arc<Clock>) -> Result<Self, StartError> {
        Self::start_with(settings, clock, None, jump::is_remembered)
    }

    /// The same; `jumped` tells whether a jump of the clock is still to be accepted. With a `succession` the log goes
    /// on under another name.
    fn start_with(
        settings: &Settings,
        clock: Arc<Clock>,
        succession: Option<Succession>,
        jumped: impl FnOnce(&dyn Disk) -> Result<bool, StartError>,
    ) -> Result<Self, StartError> {
        let opened = ByHand::start_with(settings, clock, Ground::of(settings)?, succession, jumped)?;
        let ByHand { repository, verifier_keys, cursor_key, origin_since, writer, publisher, reader, disk } = opened;
        let stopping = Arc::new(AtomicBool::new(false));
        Ok(Self {
            repository,
            verifier_keys,
            cursor_key,
            origin_since,
            registrar: writer.spawn().map_err(StartError::Thread)?,
            publisher: publisher.spawn().map_err(StartError::Thread)?,
            scrub: start_scrub(reader, stopping.clone()).map_err(StartError::Thread)?,
            stopping,
            _disk: disk,
        })
    }

    /// The same as [`Running::stop`], given up after `patience`: false if the disk did not finish in time what was asked
    /// of it. Nothing is lost by that, but the next start has to verify the journal's tail.
    pub fn stop_within(self, patience: Duration) -> bool {
        let (stopped, has_stopped) = mpsc::channel::<()>();
        let stop = move || {
            self.stop();
            drop(stopped);
        };
        match std::thread::Builder::new().name("stop".into()).spawn(stop) {
            Ok(_) => has_stopped.recv_timeout(patience) != Err(mpsc::RecvTimeoutError::Timeout),
            Err(_) => false,
        }
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
        flush(&self.repository);
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

/// The folder of the sealed documents in the data directory.
pub(in crate::service) const BLOB_FOLDER: &str = "blobs";

/// What publishing may take beyond its tick before evidence is said to be late.
const PUBLISHING_GRACE: Duration = Duration::from_millis(500);

/// The keys of the journal's segments.
pub(in crate::service) fn journal_keys(root: &RootKey, epoch: KeyEpoch) -> JournalKeys {
    JournalKeys::new(epoch.0, root.journal_key(epoch))
}
