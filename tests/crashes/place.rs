//! Where a history takes place: the simulated disk, the folder of the view, the clock, and the repository on them.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use strongroom::pure::domain::command::{Actor, Command, Request, System};
use strongroom::pure::domain::id::{CredentialId, Handle};
use strongroom::pure::domain::time::Instant;
use strongroom::pure::tlog::hash::sha256;
use strongroom::pure::tlog::leaf::Origin;
use strongroom::service::bootstrap;
use strongroom::service::clock::{Clock, Reading};
use strongroom::service::publishing::own_record::OwnRecord;
use strongroom::service::publishing::witnessing::Witnessing;
use strongroom::service::startup::{ByHand, Ground, Settings, StartError};
use strongroom::storage::blobs::{BlobId, BlobStore};
use strongroom::storage::disk::{Disk, SimulatedDisk};
use strongroom::storage::journal::{self, TornTail};
use strongroom::storage::seal::keys::provider::{KeyProvider, create_key_file};
use strongroom::storage::seal::keys::{KeyEpoch, RootKey};
use strongroom::storage::view::ViewOptions;

use crate::random::Random;

/// The file of the own record: as if beside the log's key, on a disk that fails together with the data directory's.
pub const RECORD: &str = "outside/log.key.signed";

/// A repository whose register was just established, from which every history begins.
pub struct Base {
    folder: tempfile::TempDir,
    disk: SimulatedDisk,
}

impl Base {
    pub fn new() -> Self {
        // Memory, where there is some: the view's engine syncs a real file, which no history is about.
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
        for key in ["root.key", "log.key"] {
            create_key_file(&folder.path().join(key)).unwrap();
        }
        let disk = SimulatedDisk::new(0);
        disk.create_directory("outside").unwrap();
        let mut place = Place::on(folder.path(), folder.path().join("base"), disk, 0);
        let mut running = place.start(TornTail::Ask).unwrap();
        let profile = toml::from_str(include_str!("../fixtures/profile.toml")).unwrap();
        let register = toml::from_str(include_str!("../fixtures/register.toml")).unwrap();
        for event in bootstrap::first_events(&profile, &register, |one| Ok(credential(one.person.as_str()))).unwrap() {
            let command = Command::Establish { event: Box::new(event) };
            let actor = Actor::System(System::Bootstrap);
            running.enter(Request { actor, command, request: "bootstrap".into() }).unwrap();
        }
        let command = Command::RegisterDocument {
            document: Handle::parse("device-policy").unwrap(),
            title: "A policy".into(),
            document_kind: "policy".into(),
            set: Handle::parse("policies").unwrap(),
            body: Handle::parse("pma").unwrap(),
        };
        running
            .enter(Request { actor: Actor::Credential(credential("chair")), command, request: "first".into() })
            .unwrap();
        running.stop();
        let disk = place.disk.clone();
        Self { folder, disk }
    }

    /// A place of its own, in which everything follows from the seed.
    pub fn place(&self, seed: u64) -> Place {
        let folder = self.folder.path().join(format!("{seed}-{:?}", std::thread::current().id()));
        let place = Place::on(self.folder.path(), folder, self.disk.copy_for(seed), seed);
        copy(&self.folder.path().join("base/view-0"), &place.view());
        place
    }
}

pub struct Place {
    pub disk: SimulatedDisk,
    keys: PathBuf,
    folder: PathBuf,
    views: u32,
    clock: Arc<AtomicI64>,
    ids: Arc<Mutex<Random>>,
}

/// Which view a start finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewFound {
    AsItWas,
    Earlier,
    Wiped,
}

impl Place {
    fn on(keys: &Path, folder: PathBuf, disk: SimulatedDisk, seed: u64) -> Self {
        let now = Instant::parse(BEGINNING).unwrap();
        let clock = Arc::new(AtomicI64::new(now.unix_micros()));
        let ids = Arc::new(Mutex::new(Random::new(seed)));
        let place = Self { disk, keys: keys.to_owned(), folder, views: 0, clock, ids };
        place.wait(Duration::ZERO);
        place
    }

    /// Lets time pass, for the clock and the disk's clock.
    pub fn wait(&self, time: Duration) {
        let passed = time.as_micros() as i64;
        let now = self.clock.fetch_add(passed, Ordering::SeqCst) + passed;
        self.disk.set_time(Duration::from_micros(now.unsigned_abs()));
    }

    /// Opens the repository on what is there.
    pub fn start(&mut self, torn_tail: TornTail) -> Result<ByHand, StartError> {
        let micros = self.clock.clone();
        let clock = Clock::steered(move || {
            let now = micros.load(Ordering::SeqCst);
            let wall = Instant::from_unix_micros(now).unwrap();
            Reading { wall, elapsed: Duration::from_micros(now.unsigned_abs()) }
        });
        ByHand::start(&self.settings(torn_tail), Arc::new(clock), self.ground())
    }

    /// Keeps the view as it is now, for a crash that takes away what comes after.
    pub fn keep_view(&self) {
        let kept = self.folder.join("kept");
        if kept.exists() {
            std::fs::remove_dir_all(&kept).unwrap();
        }
        copy(&self.view(), &kept);
    }

    /// What a crash makes of the view, once the repository is closed. What was kept is there once.
    pub fn lose_view(&mut self, found: ViewFound) {
        let kept = self.folder.join("kept");
        match found {
            ViewFound::AsItWas => {}
            ViewFound::Earlier if !kept.exists() => {}
            ViewFound::Earlier => {
                self.next_view();
                std::fs::rename(kept, self.view()).unwrap();
            }
            ViewFound::Wiped => self.next_view(),
        }
    }

    fn next_view(&mut self) {
        match std::fs::remove_dir_all(self.view()) {
            // The start failed before it made one.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            removed => removed.unwrap(),
        }
        self.views += 1;
    }

    /// A folder for a view to compare.
    pub fn scratch(&self) -> PathBuf {
        self.folder.join("scratch")
    }

    pub fn root(&self) -> RootKey {
        RootKey::new(KeyProvider::File(self.keys.join("root.key")).load().unwrap())
    }

    /// The stored blobs, seen past the repository.
    pub fn blobs(&self) -> BlobStore {
        BlobStore::existing(Arc::new(self.disk.clone()), "blobs", self.root(), KeyEpoch::FIRST).unwrap()
    }

    fn view(&self) -> PathBuf {
        self.folder.join(format!("view-{}", self.views))
    }

    fn ground(&self) -> Ground {
        let disk: Arc<dyn Disk> = Arc::new(self.disk.clone());
        let ids = self.ids.clone();
        Ground {
            record: OwnRecord::on(disk.clone(), RECORD),
            disk,
            view: self.view(),
            view_options: view_options(),
            journal: journal::Options { segment_len: SEGMENT },
            blob_ids: Arc::new(move || {
                let mut ids = ids.lock().unwrap();
                let halves = [ids.next(), ids.next()].map(u64::to_be_bytes);
                Ok(BlobId::from_bytes(halves.concat().try_into().unwrap()))
            }),
        }
    }

    fn settings(&self, torn_tail: TornTail) -> Settings {
        Settings {
            origin: origin(),
            data: self.folder.clone(),
            root_key: KeyProvider::File(self.keys.join("root.key")),
            log_key: KeyProvider::File(self.keys.join("log.key")),
            tick: Duration::from_secs(1),
            reserve_bytes: 0,
            queue_length: NonZeroUsize::new(64).unwrap(),
            refusals_per_minute: NonZeroU32::MAX,
            torn_tail,
            witnessing: Witnessing::default(),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // The base's own view is what the others begin with.
        if !self.folder.ends_with("base") {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

pub fn origin() -> Origin {
    Origin::parse("crashes.example/log").unwrap()
}

pub fn credential(person: &str) -> CredentialId {
    CredentialId(sha256(person.as_bytes()))
}

pub fn view_options() -> ViewOptions {
    ViewOptions { cache_bytes: 1 << 20, cached_facts: 64, flush_every: Duration::from_secs(60), verify_on_open: true }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() { copy(&from, &to) } else { std::fs::copy(from, to).map(drop).unwrap() }
    }
}

/// Small, so that a history spans several.
const SEGMENT: u64 = 64 << 10;

/// When a history begins.
const BEGINNING: &str = "2026-11-24T09:30:00Z";
