//! Startup: opens a data directory, verifies what it must, and repairs only what may be repaired.
//!
//! The order: the lock, the keys, the last signed checkpoint, the view, the journal (which must cover both), the view's
//! replay, the tree, and then the threads. A crash anywhere leaves what the next start finds and does again.

use std::num::{NonZeroU32, NonZeroUsize};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use super::clock::{Clock, ClockWatch};
use super::evidence::Evidence;
use super::publishing::{self, CHECKPOINT_FILE, Published};
use super::registrar::{self, NotDone, Registrar};
use super::{Repository, request};
use crate::pure::domain::apply::apply;
use crate::pure::domain::command::{Actor, Command, System};
use crate::pure::domain::facts::{FactsDamaged, Overlay};
use crate::pure::domain::time::Instant;
use crate::pure::record::{Record, RecordError};
use crate::pure::tlog::checkpoint::{Checkpoint, UnverifiedCheckpoint};
use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::leaf::Origin;
use crate::pure::tlog::note::{Ed25519Signer, MalformedNote, Note, UnusableSeed};
use crate::pure::tlog::verifier_key::VerifierKey;
use crate::storage::blobs::{BlobError, BlobStore};
use crate::storage::disk::{self, Disk, RealDisk};
use crate::storage::journal::{self, ChainHash, Covered, Journal, JournalError, JournalKeys, TornTail, ViewState};
use crate::storage::seal::keys::provider::{KeyError, KeyProvider};
use crate::storage::seal::keys::{KeyEpoch, RootKey};
use crate::storage::seal::secret::SecretKey;
use crate::storage::tiles;
use crate::storage::tiles::files::TileFolder;
use crate::storage::tiles::store::TileStore;
use crate::storage::view::{Position, View, ViewError, ViewOptions};

/// What a repository is opened with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The log's name.
    pub origin: Origin,
    /// The data directory.
    pub data: PathBuf,
    /// Where the root key comes from.
    pub root_key: KeyProvider,
    /// Where the log's signing seed comes from.
    pub log_key: KeyProvider,
    /// The time between two checkpoints.
    pub tick: Duration,
    /// How many requests may wait for the registrar.
    pub queue_length: NonZeroUsize,
    /// How many refusals a person and minute become entries.
    pub refusals_per_minute: NonZeroU32,
    /// Whether the operator accepts that a damaged last batch, which may be torn, is cut.
    pub torn_tail: TornTail,
}

/// An open repository and its threads.
pub struct Running {
    /// The repository.
    pub repository: Arc<Repository>,
    /// The log's verifier key.
    pub verifier_key: VerifierKey,
    /// The key that seals the cursors of lists.
    pub cursor_key: SecretKey,
    /// The data directory, and the key of its view: for a check, which makes another view.
    pub(super) data: PathBuf,
    pub(super) view_key: SecretKey,
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
        let signer = signer(settings)?;
        let latest = latest_checkpoint(&disk, signer.verifier_key())?;

        let view_key = root.view_key(settings.origin.as_str().as_bytes());
        let folder = settings.data.join(VIEW_FOLDER);
        let view = open_view(&folder, &view_key, &clock)?;
        let covered = Covered {
            checkpoint: latest.as_ref().map(|(checkpoint, _)| (checkpoint.size, checkpoint.root)),
            view: view.as_ref().map(View::position).filter(|position| position.next_index > 0).map(covered_position),
        };
        let epoch = KeyEpoch::FIRST;
        let keys = JournalKeys::new(epoch.0, root.journal_key(epoch));
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
        let verifier_key = signer.verifier_key().clone();
        let (publications, publisher) = publishing::start(publishing::Parts {
            origin: settings.origin.clone(),
            signer,
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
            verifier_key,
            cursor_key: root.cursor_key(),
            data: settings.data.clone(),
            view_key,
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

/// Accepts the clock's time after a jump, for `strongroom clock accept`: enters it, and gives the index of the entry.
/// `None` if the clock had not jumped. A crash in between leaves the jump to be accepted again.
pub fn accept_clock(settings: &Settings, clock: Arc<Clock>) -> Result<Option<u64>, StartError> {
    if RealDisk::open(&settings.data)?.read(JUMP_FILE).is_err() {
        return Ok(None);
    }
    let command = Command::AcceptClock { clock: clock.now() };
    let running = Running::start_with(settings, clock, |_| false)?;
    let entered = request(Actor::System(System::Recovery), command, None)
        .and_then(|request| running.repository.registrar.submit_blocking(request));
    running.stop();
    let entry = entered?.entry();
    let disk = RealDisk::open(&settings.data)?;
    disk.remove(JUMP_FILE).and_then(|()| disk.sync_directory("")).map_err(StartError::Jump)?;
    Ok(entry)
}

/// Moves the view of a data directory aside, for `strongroom rebuild`: the next start replays the journal into a new
/// one. Gives where the old one is, `None` if there was none.
pub fn set_view_aside(data: &Path, clock: &Clock) -> Result<Option<PathBuf>, StartError> {
    let _locked = RealDisk::open(data)?;
    let folder = data.join(VIEW_FOLDER);
    if folder.exists() { set_aside(&folder, clock).map(Some) } else { Ok(None) }
}

/// Why a data directory cannot be opened. Each message says what, where and what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The directory is locked or cannot be used.
    #[error(transparent)]
    Directory(#[from] disk::OpenError),
    /// A key cannot be had.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The log's seed is no Ed25519 seed.
    #[error("the log's signing key cannot be used; restore it from your copy")]
    Seed(#[from] UnusableSeed),
    /// The file with the last signed checkpoint cannot be read.
    #[error("the last signed checkpoint, {CHECKPOINT_FILE} in the data directory, cannot be read: {0}")]
    CheckpointUnreadable(std::io::Error),
    /// That file is no note.
    #[error("the last signed checkpoint, {CHECKPOINT_FILE} in the data directory, is damaged ({0}); restore it")]
    CheckpointDamaged(#[from] MalformedNote),
    /// That file is not this log's.
    #[error(
        "the last signed checkpoint, {CHECKPOINT_FILE} in the data directory, is not this log's ({0}); restore it, \
             or the log's key and origin"
    )]
    CheckpointForeign(#[from] UnverifiedCheckpoint),
    /// The journal is damaged, or misses what it must hold.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The view cannot be used.
    #[error(transparent)]
    View(#[from] ViewError),
    /// A damaged view cannot be moved aside.
    #[error("the damaged view cannot be moved aside: {0}")]
    Quarantine(std::io::Error),
    /// A record cannot be read.
    #[error("entry {index} of the journal: {error}")]
    Record {
        /// The entry.
        index: u64,
        /// Why.
        error: RecordError,
    },
    /// An entry cannot be applied.
    #[error(transparent)]
    Facts(#[from] FactsDamaged),
    /// The tiles cannot be read or written.
    #[error("the log's tiles: {0}")]
    Tiles(String),
    /// The tiles make another tree than the journal, even rebuilt.
    #[error("the log's tiles make another tree than the journal; check the journal with 'strongroom check'")]
    OtherTree,
    /// The documents' folder cannot be used.
    #[error(transparent)]
    Blobs(#[from] BlobError),
    /// A thread cannot be started.
    #[error("a thread could not be started: {0}")]
    Thread(std::io::Error),
    /// An entry of the start could not be made.
    #[error(transparent)]
    Entry(#[from] NotDone),
    /// The mark of a clock that jumped cannot be removed.
    #[error("the mark {JUMP_FILE} in the data directory cannot be removed: {0}")]
    Jump(std::io::Error),
}

/// The folder of the view in the data directory.
const VIEW_FOLDER: &str = "view";

/// The folder of the sealed documents in the data directory.
const BLOB_FOLDER: &str = "blobs";

/// The folder of the log's tiles in the data directory.
const TILE_FOLDER: &str = "tiles";

/// The file whose presence says that the clock jumped ahead and was not accepted.
const JUMP_FILE: &str = "clock-jumped";

/// What publishing may take beyond its tick before evidence is said to be late.
const PUBLISHING_GRACE: Duration = Duration::from_millis(500);

fn signer(settings: &Settings) -> Result<Ed25519Signer, StartError> {
    let seed = settings.log_key.load()?;
    Ok(Ed25519Signer::from_seed((&settings.origin).into(), seed.expose())?)
}

fn latest_checkpoint(disk: &RealDisk, key: &VerifierKey) -> Result<Option<(Checkpoint, Published)>, StartError> {
    let bytes = match disk.read(CHECKPOINT_FILE) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StartError::CheckpointUnreadable(error)),
    };
    let note = Note::parse(&bytes)?;
    let checkpoint = Checkpoint::open(&note, key)?;
    // A process that was killed may have left it in the cache alone; from here on it is relied on.
    disk.swap(CHECKPOINT_FILE, &bytes).map_err(StartError::CheckpointUnreadable)?;
    let published = Published { size: checkpoint.size, note: note.to_string() };
    Ok(Some((checkpoint, published)))
}

/// The view, or `None` for one that was damaged, which is moved aside.
fn open_view(folder: &Path, key: &SecretKey, clock: &Clock) -> Result<Option<View>, StartError> {
    match View::open(folder, key, ViewOptions::default()) {
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
fn fresh_view(folder: &Path, key: &SecretKey, clock: &Clock) -> Result<View, StartError> {
    if folder.exists() {
        set_aside(folder, clock)?;
    }
    Ok(View::open(folder, key, ViewOptions::default())?)
}

/// Moves a view aside under a name of its own; nothing is deleted.
fn set_aside(folder: &Path, clock: &Clock) -> Result<PathBuf, StartError> {
    let name = format!("{VIEW_FOLDER}-set-aside-{}", clock.now().unix_micros());
    View::quarantine(folder, &name).map_err(StartError::Quarantine)
}

fn covered_position(position: Position) -> (u64, ChainHash) {
    (position.next_index, ChainHash(position.chain))
}

/// Brings a view up to the journal.
pub(super) fn replay_view(view: &View, reader: &journal::Reader) -> Result<(), StartError> {
    replay(view, reader).map(drop)
}

/// Brings the view up to the journal, and gives the time of the last entry.
fn replay(view: &View, reader: &journal::Reader) -> Result<Option<Instant>, StartError> {
    let mut behind = Overlay::over(view);
    let mut position = view.position();
    let mut applied = position.next_index;
    for batch in reader.replay(applied) {
        let batch = batch?;
        for (index, stored) in (batch.first_index..).zip(&batch.stored) {
            let record = read_record(index, &stored.record)?;
            let names = record.occurrence_names();
            let changes = apply(&behind, &record.occurrence(&names))?;
            behind.lay(changes);
        }
        position = Position { next_index: batch.next_index, chain: batch.chain_after.0 };
        if position.next_index - applied >= REPLAYED_AT_ONCE {
            view.apply(std::mem::replace(&mut behind, Overlay::over(view)).into_changes(), position)?;
            applied = position.next_index;
        }
    }
    if position.next_index > applied {
        view.apply(behind.into_changes(), position)?;
    }
    match reader.next_index().checked_sub(1) {
        None => Ok(None),
        Some(last) => Ok(Some(read_record(last, &reader.read(last)?.record)?.time)),
    }
}

/// How many entries are replayed before the view is written: few writes, in bounded memory.
const REPLAYED_AT_ONCE: u64 = 4096;

fn read_record(index: u64, bytes: &[u8]) -> Result<Record, StartError> {
    Record::from_bytes(bytes).map_err(|error| StartError::Record { index, error })
}

fn open_tiles(
    disk: &Arc<dyn Disk>,
    reader: &journal::Reader,
    size: u64,
    root: TreeHash,
) -> Result<TileStore<TileFolder>, StartError> {
    let unusable = |error: &dyn std::fmt::Display| StartError::Tiles(error.to_string());
    let folder = || TileFolder::open(disk.clone(), TILE_FOLDER).map_err(|error| unusable(&error));
    let leaves = |range: std::ops::Range<u64>| leaf_hashes(reader, range);
    let tiles = TileStore::open(folder()?, size, leaves).map_err(|error| unusable(&error))?;
    if tiles.root() == root {
        return Ok(tiles);
    }
    tracing::warn!("the log's tiles are damaged: they are rebuilt from the journal");
    let rebuilt =
        TileStore::rebuild(folder()?, size, leaves).map_err(|error: tiles::error::OpenError<_>| unusable(&error))?;
    if rebuilt.root() == root { Ok(rebuilt) } else { Err(StartError::OtherTree) }
}

fn leaf_hashes(reader: &journal::Reader, range: std::ops::Range<u64>) -> Result<Vec<TreeHash>, JournalError> {
    let mut hashes = Vec::new();
    for batch in reader.replay(range.start) {
        let batch = batch?;
        for (index, stored) in (batch.first_index..).zip(&batch.stored) {
            if index >= range.end {
                return Ok(hashes);
            }
            hashes.push(stored.entry.leaf_hash());
        }
    }
    Ok(hashes)
}

fn remember_jump(disk: Arc<dyn Disk>, clock: Arc<Clock>) -> Box<dyn Fn() + Send> {
    let remembered = AtomicBool::new(false);
    Box::new(move || {
        if remembered.swap(true, Ordering::Relaxed) {
            return;
        }
        tracing::error!(clock = %clock.now(), "the clock jumped ahead: everything is refused until it is accepted");
        if let Err(error) = disk.swap(JUMP_FILE, b"") {
            tracing::error!(%error, "the jump of the clock could not be remembered for the next start");
        }
    })
}

/// Verifies the whole journal in the background, so that damage in old segments is found while copies still exist.
fn start_scrub(reader: journal::Reader, stopping: Arc<AtomicBool>) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name("scrub".into()).spawn(move || {
        let verified = journal::scrub(&reader, |_| {
            if stopping.load(Ordering::Relaxed) {
                return ControlFlow::Break(());
            }
            // A moment between batches leaves the disk to those who wait for it.
            std::thread::sleep(SCRUB_PAUSE);
            ControlFlow::Continue(())
        });
        match verified {
            Ok(_) => tracing::info!("the background scrub of the journal has ended without a finding"),
            Err(error) => tracing::error!(%error, "audit log: the background scrub found damage"),
        }
    })
}

/// How long the scrub rests after each batch.
const SCRUB_PAUSE: Duration = Duration::from_micros(50);
