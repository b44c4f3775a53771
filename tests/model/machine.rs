//! The repository under test: the registrar over a simulated disk, and its view in a folder.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use strongroom::pure::domain::command::{Actor, Command, Request, System};
use strongroom::pure::domain::event::Event;
use strongroom::pure::domain::time::Instant;
use strongroom::pure::record::Record;
use strongroom::pure::tlog::leaf::Origin;
use strongroom::service::clock::{Clock, ClockWatch, Reading};
use strongroom::service::registrar::{Answered, NotDone, Parts, Registrar};
use strongroom::service::startup::replay;
use strongroom::storage::disk::{Disk, SimulatedDisk};
use strongroom::storage::journal::{ChainHash, Covered, Journal, JournalKeys, Options, Reader, TornTail, ViewState};
use strongroom::storage::seal::secret::SecretKey;
use strongroom::storage::view::{View, ViewOptions};

/// A running repository.
pub struct Machine {
    disk: SimulatedDisk,
    folder: tempfile::TempDir,
    /// The number of the folder in which the view lies.
    views: u32,
    clock: Arc<AtomicI64>,
    running: Option<Running>,
}

struct Running {
    registrar: Registrar,
    thread: JoinHandle<()>,
    view: View,
    reader: Reader,
}

/// How a repository comes to an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It is stopped.
    Stop,
    /// The process is killed: what lies in the disk's cache lives on.
    Kill,
    /// The power fails: what was not synced is gone, or half there.
    PowerOff,
}

impl Machine {
    /// A repository whose register was just established by `first`.
    pub fn establish(seed: u64, now: Instant, first: &[Event]) -> Self {
        let mut machine = Self {
            disk: SimulatedDisk::new(seed),
            folder: tempfile::tempdir().unwrap(),
            views: 0,
            clock: Arc::new(AtomicI64::new(now.unix_micros())),
            running: None,
        };
        machine.start();
        for event in first {
            let command = Command::Establish { event: Box::new(event.clone()) };
            machine.submit(&[(Actor::System(System::Bootstrap), command, "bootstrap".into())]).pop().unwrap().unwrap();
        }
        machine
    }

    /// Lets time pass.
    pub fn wait(&self, hours: u16) -> Instant {
        let passed = i64::from(hours) * 3_600_000_000;
        let now = self.clock.fetch_add(passed, Ordering::SeqCst) + passed;
        Instant::from_unix_micros(now).unwrap()
    }

    /// Has requests decided that are queued at once.
    pub fn submit(&self, requests: &[(Actor, Command, String)]) -> Vec<Result<Answered, NotDone>> {
        let submitted = requests.iter().map(|(actor, command, request)| {
            let request = Request { actor: *actor, command: command.clone(), request: request.clone() };
            self.running().registrar.submit(request)
        });
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(futures_util::future::join_all(submitted))
    }

    /// Lets the power fail at the call of the disk that comes after so many more.
    pub fn power_off_in(&self, calls: u64) {
        self.disk.power_off_at(self.disk.calls() + calls);
    }

    /// Ends the repository and starts it again, on the view that was there or, with `rebuild`, on a new one. Gives how many
    /// entries the start made.
    pub fn restart(&mut self, end: End, rebuild: bool) -> u64 {
        let Running { registrar, thread, view, reader } = self.running.take().unwrap();
        self.disk = match end {
            End::Stop => {
                registrar.stop();
                thread.join().unwrap();
                if self.disk.is_off() { self.disk.after_power_failure() } else { self.disk.clone() }
            }
            End::Kill | End::PowerOff => {
                let disk = if end == End::Kill { self.disk.after_kill() } else { self.disk.after_power_failure() };
                registrar.stop();
                thread.join().unwrap();
                disk
            }
        };
        drop((view, reader));
        if rebuild {
            self.views += 1;
        }
        self.start()
    }

    fn start(&mut self) -> u64 {
        let view = View::open(&self.view_folder(self.views), &view_key(), view_options()).unwrap();
        let position = view.position();
        let at = (position.next_index > 0).then_some((position.next_index, ChainHash(position.chain)));
        let covered = Covered { view: at, ..Covered::default() };
        let disk: Arc<dyn Disk> = Arc::new(self.disk.clone());
        let options = Options { segment_len: SEGMENT };
        let (journal, opened) = Journal::open(disk, keys(), origin(), covered, TornTail::Accept, options).unwrap();
        assert_ne!(opened.view, ViewState::Unknown, "the view is one that the journal never had");
        let reader = journal.reader();
        let last_time = replay(&view, &reader).unwrap();
        let micros = self.clock.clone();
        let clock = Clock::steered(move || {
            let now = micros.load(Ordering::SeqCst);
            Reading {
                wall: Instant::from_unix_micros(now).unwrap(),
                elapsed: Duration::from_micros(now.unsigned_abs()),
            }
        });
        // Nobody publishes: who hears of the commits is no part of this.
        let (committed, _) = mpsc::channel();
        let parts = Parts {
            origin: origin(),
            journal,
            view: view.clone(),
            clock: Arc::new(clock),
            watch: ClockWatch::new(false),
            on_jump: Box::new(|| {}),
            last_time,
            refusals_per_minute: std::num::NonZeroU32::MAX,
            committed,
        };
        let (registrar, thread) = Registrar::start(parts, 64).unwrap();
        self.running = Some(Running { registrar, thread, view, reader });
        let cuts = opened.cut.len() as u64;
        for cut in opened.cut {
            let command = Command::EnterRecovery { cut_bytes: cut.length, moved_to: cut.file };
            self.submit(&[(Actor::System(System::Recovery), command, "recovery".into())]).pop().unwrap().unwrap();
        }
        cuts
    }

    /// The view that decisions are made on.
    pub fn view(&self) -> &View {
        &self.running().view
    }

    /// The index of the next entry.
    pub fn next_index(&self) -> u64 {
        self.running().reader.next_index()
    }

    /// The record of an entry.
    pub fn record(&self, index: u64) -> Record {
        Record::from_bytes(&self.running().reader.read(index).unwrap().record).unwrap()
    }

    /// A view made from the journal alone holds byte for byte what the live one holds.
    pub fn check_rebuilt_view(&self) {
        let folder = self.folder.path().join("rebuilt");
        let rebuilt = View::open(&folder, &view_key(), view_options()).unwrap();
        replay(&rebuilt, &self.running().reader).unwrap();
        assert_eq!(rebuilt.position(), self.view().position(), "a rebuilt view stands elsewhere");
        assert_eq!(rebuilt.fingerprint().unwrap(), self.view().fingerprint().unwrap(), "a rebuilt view is another one");
        drop(rebuilt);
        std::fs::remove_dir_all(folder).unwrap();
    }

    fn running(&self) -> &Running {
        self.running.as_ref().unwrap()
    }

    fn view_folder(&self, number: u32) -> PathBuf {
        self.folder.path().join(format!("view-{number}"))
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        if let Some(Running { registrar, thread, .. }) = self.running.take() {
            registrar.stop();
            // A registrar that panicked has failed the test already.
            let _ = thread.join();
        }
    }
}

/// Small, so that a history spans several.
const SEGMENT: u64 = 256 * 1024;

fn view_options() -> ViewOptions {
    ViewOptions { cache_bytes: 1 << 20, cached_facts: 64, ..ViewOptions::default() }
}

fn origin() -> Origin {
    Origin::parse("model.example/log").unwrap()
}

fn keys() -> JournalKeys {
    JournalKeys::new(1, SecretKey::from_bytes([1; 32]))
}

fn view_key() -> SecretKey {
    SecretKey::from_bytes([2; 32])
}
