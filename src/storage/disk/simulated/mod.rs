//! The simulated disk: in memory, seeded and deterministic, and as unkind as a real one may be.
//!
//! It keeps apart what was synced and what only lies in the cache. At a power failure each 512-byte sector of an
//! unsynced write, and each unsynced change of a name or a length, survives or not by itself, so writes are dropped,
//! reordered and torn. Any call can be made to fail, with or without part of its effect, and the power can go at
//! any call. A failed sync keeps a random part of the writes, and no later sync brings back the rest, as on Linux.
//!
//! Not modelled: sectors that change by themselves (use [`SimulatedDisk::tamper`]), a disk that lies about a sync.

mod cache;
mod random;

use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use self::cache::Cache;
use self::random::Random;
use super::{Disk, DiskFile, Metadata};

/// How a call is made to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// An input or output error; the effect is unknown.
    Io,
    /// No space left. For a call that needs none, the same as [`Fault::Io`].
    NoSpace,
    /// A write that stops half-way. For a call that does not write, the same as [`Fault::Io`].
    ShortWrite,
}

/// How many calls were made to fail, by what they did and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// With an input or output error.
    pub io: u64,
    /// For want of space.
    pub no_space: u64,
    /// Writes that stopped half-way.
    pub short_writes: u64,
    /// Syncs of a file, whatever the error.
    pub syncs: u64,
    /// By the power.
    pub power: u64,
}

impl Faults {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.io + self.no_space + self.short_writes + self.syncs + self.power
    }
}

/// A disk that exists in memory. Clones are the same disk. See the module's head for what it does.
#[derive(Clone)]
pub struct SimulatedDisk {
    shared: Arc<Mutex<State>>,
}

struct State {
    cache: Cache,
    random: Random,
    /// Calls made so far.
    calls: u64,
    /// Calls that were made to fail so far.
    faults: Faults,
    /// The files whose sync failed, and how many of them were synced again.
    failed_syncs: BTreeSet<u64>,
    syncs_again: u64,
    /// Calls neither fail nor count.
    in_peace: bool,
    planned: Vec<(u64, Fault)>,
    power_off_at: Option<u64>,
    /// One call in this many fails.
    fault_rate: Option<u64>,
    off: bool,
    /// Every call so far and what became of it, if that is written down.
    trace: Option<Vec<String>>,
}

/// What happens to the call that is being made.
#[derive(Debug)]
enum Fate {
    Succeeds,
    Fails(Fault),
    PowerFails,
}

impl SimulatedDisk {
    /// An empty disk; equal seeds and equal calls have equal outcomes.
    pub fn new(seed: u64) -> Self {
        Self::from_parts(Cache::default(), Random::new(seed))
    }

    /// The number of calls made so far, of all methods of [`Disk`] and [`DiskFile`].
    pub fn calls(&self) -> u64 {
        self.state().calls
    }

    /// The number of calls that were made to fail so far.
    pub fn faults(&self) -> u64 {
        self.state().faults.total()
    }

    /// The same by kind.
    pub fn faults_by_kind(&self) -> Faults {
        self.state().faults
    }

    /// How often a file was synced again after a sync of it had failed, as if the kernel still had what it could not write.
    /// Nobody may.
    pub fn syncs_after_a_failed_one(&self) -> u64 {
        self.state().syncs_again
    }

    /// Lets calls neither fail nor count, for whoever looks at the disk from outside; or ends that.
    pub fn leave_in_peace(&self, in_peace: bool) {
        self.state().in_peace = in_peace;
    }

    /// An independent copy of the disk, cache and all, as that of another life: what happens to it follows from `seed`.
    pub fn copy_for(&self, seed: u64) -> Self {
        Self::from_parts(self.state().cache.clone(), Random::new(seed))
    }

    /// Makes the call with this number fail; the first call of a disk has number 0.
    pub fn fail_call(&self, number: u64, fault: Fault) {
        self.state().planned.push((number, fault));
    }

    /// Makes one call in `rate` fail, at random and with a random fault; `None` stops that.
    pub fn fail_randomly(&self, rate: Option<u64>) {
        self.state().fault_rate = rate;
    }

    /// Lets the power fail during the call with this number.
    pub fn power_off_at(&self, number: u64) {
        self.state().power_off_at = Some(number);
    }

    /// Sets the disk's clock, which says when a file was written, to a time since 1970. It stands still otherwise.
    pub fn set_time(&self, time: Duration) {
        self.state().cache.time = time;
    }

    /// Writes down every call from now on, with what becomes of it: on this disk and on those made of it.
    pub fn write_down_calls(&self) {
        self.state().trace.get_or_insert_default();
    }

    /// The calls that were written down, oldest first, those of earlier disks included.
    pub fn written_down(&self) -> Vec<String> {
        self.state().trace.clone().unwrap_or_default()
    }

    /// Whether the power is off: then every call fails.
    pub fn is_off(&self) -> bool {
        self.state().off
    }

    /// Cuts the power, unless it is off already, and gives the disk with what survived, without planned faults. All
    /// handles of the old disk are dead.
    pub fn after_power_failure(&self) -> Self {
        let mut state = self.state();
        state.off = true;
        let state = &mut *state;
        let survivors = state.cache.after_power_failure(&mut state.random);
        state.pass_on(survivors)
    }

    /// Kills the process and gives the disk as the next process finds it: the cache with its unsynced changes lives on.
    /// If the power is off, the same as [`SimulatedDisk::after_power_failure`].
    pub fn after_kill(&self) -> Self {
        if self.is_off() {
            return self.after_power_failure();
        }
        let mut state = self.state();
        state.off = true;
        let cache = state.cache.clone();
        state.pass_on(cache)
    }

    /// An independent copy of the disk, cache and all, without planned faults.
    pub fn copy(&self) -> Self {
        let mut state = self.state();
        let cache = state.cache.clone();
        state.pass_on(cache)
    }

    /// Changes the content of a file behind everyone's back, durably. Answers whether there is such a file.
    pub fn tamper(&self, path: &str, change: impl FnOnce(&mut Vec<u8>)) -> bool {
        self.state().cache.tamper(path, change)
    }

    fn from_parts(cache: Cache, random: Random) -> Self {
        let state = State {
            cache,
            random,
            calls: 0,
            faults: Faults::default(),
            failed_syncs: BTreeSet::new(),
            syncs_again: 0,
            in_peace: false,
            planned: Vec::new(),
            power_off_at: None,
            fault_rate: None,
            off: false,
            trace: None,
        };
        Self { shared: Arc::new(Mutex::new(state)) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic of another thread in a test leaves a state as good as a power failure would.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a call that has its whole effect or, half of the times that it fails, none.
    fn call<T>(&self, what: fmt::Arguments<'_>, effect: impl FnOnce(&mut Cache) -> io::Result<T>) -> io::Result<T> {
        let mut state = self.state();
        let fate = state.next_fate(what)?;
        if matches!(fate, Fate::Succeeds) {
            return effect(&mut state.cache);
        }
        if state.random.one_in(2) {
            effect(&mut state.cache)?;
        }
        Err(state.fail(&fate))
    }

    fn write(&self, file: u64, bytes: &[u8], offset: u64) -> io::Result<()> {
        let mut state = self.state();
        let fate = state.next_fate(format_args!("write {file} {} at {offset}", bytes.len()))?;
        let done = match fate {
            Fate::Succeeds | Fate::PowerFails => bytes.len(),
            Fate::Fails(_) => state.random.below(bytes.len() as u64 + 1) as usize,
        };
        state.cache.write(file, bytes.get(..done).unwrap_or(bytes), offset)?;
        if matches!(fate, Fate::Succeeds) { Ok(()) } else { Err(state.fail(&fate)) }
    }

    fn sync(&self, file: u64) -> io::Result<()> {
        let mut state = self.state();
        let fate = state.next_fate(format_args!("sync {file}"))?;
        let state = &mut *state;
        match &fate {
            Fate::Succeeds => {
                state.syncs_again += u64::from(state.failed_syncs.contains(&file));
                state.cache.sync(file);
                return Ok(());
            }
            Fate::Fails(fault) => {
                state.cache.fail_sync(file, &mut state.random);
                state.failed_syncs.insert(file);
                state.faults.syncs += 1;
                return Err(State::error(*fault));
            }
            // What survives is drawn when the disk is opened again.
            Fate::PowerFails => {}
        }
        Err(state.fail(&fate))
    }
}

impl State {
    /// Another disk of this one's life.
    fn pass_on(&mut self, cache: Cache) -> SimulatedDisk {
        let disk = SimulatedDisk::from_parts(cache, self.random.split());
        disk.state().trace = self.trace.clone();
        disk
    }

    fn next_fate(&mut self, what: fmt::Arguments<'_>) -> io::Result<Fate> {
        if self.off {
            return Err(io::Error::other("the power is off"));
        }
        if self.in_peace {
            return Ok(Fate::Succeeds);
        }
        let fate = self.draw_fate();
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{what}: {fate:?}"));
        }
        Ok(fate)
    }

    fn draw_fate(&mut self) -> Fate {
        let number = self.calls;
        self.calls += 1;
        if self.power_off_at == Some(number) {
            return Fate::PowerFails;
        }
        if let Some((_, fault)) = self.planned.iter().find(|(planned, _)| *planned == number) {
            return Fate::Fails(*fault);
        }
        if self.fault_rate.is_some_and(|rate| self.random.one_in(rate)) {
            return Fate::Fails(match self.random.below(3) {
                0 => Fault::Io,
                1 => Fault::NoSpace,
                _ => Fault::ShortWrite,
            });
        }
        Fate::Succeeds
    }

    fn fail(&mut self, fate: &Fate) -> io::Error {
        let (count, fault) = match fate {
            Fate::Fails(fault @ Fault::NoSpace) => (&mut self.faults.no_space, *fault),
            Fate::Fails(fault @ Fault::ShortWrite) => (&mut self.faults.short_writes, *fault),
            Fate::Fails(Fault::Io) | Fate::Succeeds => (&mut self.faults.io, Fault::Io),
            Fate::PowerFails => {
                self.off = true;
                self.faults.power += 1;
                return io::Error::other("simulated: the power fails");
            }
        };
        *count += 1;
        Self::error(fault)
    }

    fn error(fault: Fault) -> io::Error {
        match fault {
            Fault::NoSpace => io::Error::new(io::ErrorKind::StorageFull, "simulated: no space left"),
            Fault::ShortWrite => io::Error::new(io::ErrorKind::WriteZero, "simulated: short write"),
            Fault::Io => io::Error::other("simulated: input or output error"),
        }
    }
}

impl Disk for SimulatedDisk {
    fn create(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        let number = self.call(format_args!("create {path}"), |cache| cache.create(path))?;
        Ok(Box::new(SimulatedFile { disk: self.clone(), number }))
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        let number = self.call(format_args!("open {path}"), |cache| cache.find(path))?;
        Ok(Box::new(SimulatedFile { disk: self.clone(), number }))
    }

    fn create_directory(&self, path: &str) -> io::Result<()> {
        self.call(format_args!("create directory {path}"), |cache| cache.create_directory(path))
    }

    fn create_directories(&self, directory: &str, names: &[String]) -> io::Result<()> {
        let what = format_args!("create directories {directory}");
        self.call(what, |cache| cache.create_directories(directory, names))
    }

    fn metadata(&self, path: &str) -> io::Result<Metadata> {
        self.call(format_args!("metadata {path}"), |cache| cache.metadata(path))
    }

    fn may_block(&self) -> bool {
        false
    }

    fn list(&self, directory: &str) -> io::Result<Vec<String>> {
        self.call(format_args!("list {directory}"), |cache| cache.list(directory))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.call(format_args!("rename {from} to {to}"), |cache| cache.rename(from, to))
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        self.call(format_args!("remove {path}"), |cache| cache.remove(path))
    }

    fn sync_directory(&self, directory: &str) -> io::Result<()> {
        self.call(format_args!("sync directory {directory}"), |cache| cache.sync_directory(directory))
    }
}

struct SimulatedFile {
    disk: SimulatedDisk,
    number: u64,
}

impl DiskFile for SimulatedFile {
    fn length(&self) -> io::Result<u64> {
        let file = self.number;
        self.disk.call(format_args!("length {file}"), |cache| cache.length(file))
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        let (file, length) = (self.number, buffer.len());
        self.disk.call(format_args!("read {file} {length} at {offset}"), |cache| cache.read(file, buffer, offset))
    }

    fn read_range(&self, offset: u64, length: u64) -> io::Result<Vec<u8>> {
        let file = self.number;
        let what = format_args!("read {file} {length} at {offset}");
        self.disk.call(what, |cache| cache.read_range(file, offset, length))
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.disk.write(self.number, bytes, offset)
    }

    fn preallocate(&self, length: u64) -> io::Result<()> {
        let file = self.number;
        self.disk.call(format_args!("preallocate {file} {length}"), |cache| cache.set_length(file, length))
    }

    fn truncate(&self, length: u64) -> io::Result<()> {
        let file = self.number;
        self.disk.call(format_args!("truncate {file} {length}"), |cache| cache.set_length(file, length))
    }

    fn sync_data(&self) -> io::Result<()> {
        self.disk.sync(self.number)
    }
}

#[cfg(test)]
mod tests;
