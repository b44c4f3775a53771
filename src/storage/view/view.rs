//! The view: opening it, applying changes to it, looking facts up in it.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, OnceLock, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use super::cache::Cache;
use super::engine::{Engine, EngineOptions, Write};
use super::error::ViewError;
use super::key::{KeyEncoder, META_KEY, index_after, indexed};
use super::meta::{Position, State};
use super::sealing::{Salt, Sealer, fresh_salt};
use super::tally::{Marker, Tally, mismatch};
use crate::pure::domain::facts::{Change, Fact, FactKey, FactList, Facts, FactsDamaged};
use crate::storage::seal::secret::SecretKey;

/// The facts of the journal, in a folder. Clones share it and are cheap; the folder closes with the last one.
///
/// One writer applies; any number of threads read meanwhile. A reader waits at most while a batch is put into the engine's
/// memory, which no disk holds up but when a buffer is full.
#[derive(Clone)]
pub struct View(Arc<Inner>);

/// How a view is run.
#[derive(Clone, Copy, Debug)]
pub struct ViewOptions {
    /// Size of the engine's page cache in bytes.
    pub cache_bytes: u64,
    /// How many decoded facts are kept in memory at most; at least 2.
    pub cached_facts: usize,
    /// How often applied batches become durable in the background. What a crash loses is replayed.
    pub flush_every: Duration,
    /// Whether opening reads every record and compares the tally, in time proportional to the facts. Without it, a record
    /// that the engine lost or brought back old goes unnoticed.
    pub verify_on_open: bool,
}

impl Default for ViewOptions {
    /// 64 MiB, 8192 facts, every 500 ms, verified.
    fn default() -> Self {
        Self {
            cache_bytes: 64 * 1024 * 1024,
            cached_facts: 8192,
            flush_every: Duration::from_millis(500),
            verify_on_open: true,
        }
    }
}

impl View {
    /// Opens the view in `folder`, or makes a new one there (mode 0700) at [`Position::default`].
    ///
    /// `Damaged` if anything is not as it was applied under that key; `Unusable` if the folder cannot be made, read or
    /// written, or if another process has it open.
    pub fn open(folder: &Path, key: &SecretKey, options: ViewOptions) -> Result<Self, ViewError> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        if folder.join(DAMAGED_MARK).try_exists()? {
            return Err(ViewError::damaged("it was found damaged before"));
        }
        let engine = EngineOptions { cache_bytes: options.cache_bytes, flush_every: options.flush_every };
        let engine = Engine::open(folder, engine)?;
        let (state, salt, sealer) = match engine.get(&META_KEY)? {
            Some(record) => State::from_record(&record, key)?,
            None if engine.was_recovered()? => return Err(ViewError::damaged("its meta record is missing")),
            None => begin(&engine, key)?,
        };
        let inner = Inner {
            folder: folder.to_path_buf(),
            engine,
            keys: KeyEncoder::under(key),
            marker: Marker::under(key),
            salt,
            sealer,
            cache: Cache::of(options.cached_facts),
            state: RwLock::new(state),
            stopped: OnceLock::new(),
        };
        if options.verify_on_open {
            inner.verify(state.tally)?;
        }
        Ok(Self(Arc::new(inner)))
    }

    /// How much of the journal has been applied.
    pub fn position(&self) -> Position {
        self.0.read_state().position
    }

    /// Applies changes, the last of each key, and moves to `position`: all at once, also across a crash. Not durable
    /// before the next flush; a crash sets the view back to an earlier position.
    ///
    /// After an error the view answers nothing but `Damaged`: some changes may have been made. Open it again.
    pub fn apply(&self, changes: impl IntoIterator<Item = Change>, position: Position) -> Result<(), ViewError> {
        self.0.apply(changes.into_iter().collect(), position)
    }

    /// Makes everything applied so far durable.
    pub fn flush(&self) -> Result<(), ViewError> {
        let inner = &self.0;
        inner.watched(inner.sound().and_then(|()| inner.engine.flush()))
    }

    /// A digest of all facts, the same for every view under the same view key that holds the same facts, however it came
    /// by them: SHA-256 over the encoded keys in order and the JSON of their facts. It does not cover the position.
    ///
    /// It reads everything, and `apply` waits meanwhile, and readers behind it: for tests and for the check of a data directory.
    pub fn fingerprint(&self) -> Result<[u8; 32], ViewError> {
        self.0.watched(self.0.fingerprint())
    }

    /// Renames the folder to `name` beside it, or to `name-1`, `name-2` … where that is taken, and returns where it is now.
    /// Nothing is deleted. Drop every clone of a view in it first: an open one would go on in the renamed folder.
    pub fn quarantine(folder: &Path, name: &str) -> io::Result<PathBuf> {
        let mut components = Path::new(name).components();
        if !matches!((components.next(), components.next()), (Some(Component::Normal(_)), None)) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the name to set a view aside under is not one name",
            ));
        }
        for attempt in 0..MAX_QUARANTINED {
            let name = if attempt == 0 { name.to_owned() } else { format!("{name}-{attempt}") };
            let aside = folder.with_file_name(name);
            match aside.symlink_metadata() {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    fs::rename(folder, &aside)?;
                    return Ok(aside);
                }
                Err(error) => return Err(error),
                Ok(_) => {}
            }
        }
        Err(io::Error::new(io::ErrorKind::AlreadyExists, "too many views are set aside; remove old ones"))
    }
}

impl fmt::Debug for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("View").field("position", &self.position()).finish_non_exhaustive()
    }
}

impl Facts for View {
    fn fact(&self, key: &FactKey) -> Result<Option<Fact>, FactsDamaged> {
        Ok(self.0.watched(self.0.fact(key))?)
    }

    fn list(&self, list: &FactList, after: Option<u64>, limit: usize) -> Result<Vec<(u64, Fact)>, FactsDamaged> {
        Ok(self.0.watched(self.0.list(list, after, limit))?)
    }
}

struct Inner {
    folder: PathBuf,
    engine: Engine,
    keys: KeyEncoder,
    marker: Marker,
    salt: Salt,
    sealer: Sealer,
    /// Filled under the read half of `state`, changed under its write half.
    cache: Cache,
    /// What has been applied. `apply` holds the write half while it changes the engine and the cache; readers hold the read
    /// half from looking into the one to filling the other. So no reader sees half a batch or keeps an older fact.
    state: RwLock<State>,
    /// Why the view stopped, once it did.
    stopped: OnceLock<String>,
}

impl Inner {
    fn apply(&self, changes: BTreeMap<FactKey, Option<Fact>>, position: Position) -> Result<(), ViewError> {
        let mut writes: Vec<Write> = Vec::with_capacity(changes.len() + 1);
        for (key, fact) in &changes {
            let place = self.keys.encode(key);
            let sealed = fact.as_ref().map(|fact| self.sealer.seal(&place, &to_json(fact)?)).transpose()?;
            writes.push((place, sealed));
        }

        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        self.sound()?;
        let next = self.watched(self.tally_with(state.tally, &writes)).map(|tally| State { position, tally })?;
        writes.push((META_KEY.to_vec(), Some(next.to_record(&self.salt, &self.sealer)?)));
        if let Err(error) = self.watched(self.engine.write(writes)) {
            self.stopped.get_or_init(|| "a batch failed part way".into());
            return Err(error);
        }
        *state = next;
        for (key, fact) in changes {
            self.cache.replace(key, fact);
        }
        Ok(())
    }

    fn fact(&self, key: &FactKey) -> Result<Option<Fact>, ViewError> {
        let _order = self.read_state();
        self.sound()?;
        if let Some(fact) = self.cache.get(key) {
            return Ok(Some(fact));
        }
        let place = self.keys.encode(key);
        let Some(sealed) = self.engine.get(&place)? else { return Ok(None) };
        self.decoded(key, &place, &sealed).map(Some)
    }

    fn list(&self, list: &FactList, after: Option<u64>, limit: usize) -> Result<Vec<(u64, Fact)>, ViewError> {
        let first = match after {
            Some(after) => after.checked_add(1),
            None => Some(0),
        };
        let mut members = Vec::new();
        let Some(first) = first.filter(|_| limit > 0) else { return Ok(members) };
        let prefix = self.keys.prefix(list);
        let range = indexed(prefix.clone(), first)..=indexed(prefix.clone(), u64::MAX);

        let _order = self.read_state();
        self.sound()?;
        self.engine.scan(range, |place, sealed| {
            let index = index_after(&prefix, place).ok_or_else(|| ViewError::damaged("a key of no known shape"))?;
            let key = list.at(index);
            let fact = match self.cache.get(&key) {
                Some(fact) => fact,
                None => self.decoded(&key, place, sealed)?,
            };
            members.push((index, fact));
            Ok(if members.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        Ok(members)
    }

    fn fingerprint(&self) -> Result<[u8; 32], ViewError> {
        let mut context = ring::digest::Context::new(&ring::digest::SHA256);
        let _order = self.read_state();
        self.sound()?;
        self.each_record(|place, sealed| {
            let json = self.opened(place, sealed)?;
            for part in [place, &json] {
                context.update(&(part.len() as u64).to_be_bytes());
                context.update(part);
            }
            Ok(())
        })?;
        let mut fingerprint = [0; 32];
        fingerprint.copy_from_slice(context.finish().as_ref());
        Ok(fingerprint)
    }

    /// Compares the records with the tally of the meta record.
    fn verify(&self, tally: Tally) -> Result<(), ViewError> {
        let mut found = Tally::default();
        self.each_record(|place, sealed| {
            found.add(self.marker.mark(place, sealed));
            Ok(())
        })?;
        if found == tally { Ok(()) } else { Err(mismatch()) }
    }

    /// The tally after `writes`.
    fn tally_with(&self, mut tally: Tally, writes: &[Write]) -> Result<Tally, ViewError> {
        for (place, sealed) in writes {
            if let Some(replaced) = self.engine.get(place)? {
                tally.remove(self.marker.mark(place, &replaced));
            }
            if let Some(sealed) = sealed {
                tally.add(self.marker.mark(place, sealed));
            }
        }
        Ok(tally)
    }

    /// Visits every record of a fact in order of key.
    fn each_record(&self, mut visit: impl FnMut(&[u8], &[u8]) -> Result<(), ViewError>) -> Result<(), ViewError> {
        // No key is as long as the upper end, and none but the meta record's begins with its byte.
        let range = vec![META_KEY[0] + 1]..=vec![u8::MAX; 32];
        self.engine.scan(range, |place, sealed| visit(place, sealed).map(ControlFlow::Continue))
    }

    fn decoded(&self, key: &FactKey, place: &[u8], sealed: &[u8]) -> Result<Fact, ViewError> {
        let json = self.opened(place, sealed)?;
        let fact: Fact = serde_json::from_slice(&json).map_err(|_| ViewError::damaged("a value is no fact"))?;
        self.cache.keep(key.clone(), fact.clone());
        Ok(fact)
    }

    fn opened(&self, place: &[u8], sealed: &[u8]) -> Result<Vec<u8>, ViewError> {
        let damaged = || ViewError::damaged("a value does not open: it is altered or in another's place");
        self.sealer.open(place, sealed).ok_or_else(damaged)
    }

    fn read_state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn sound(&self) -> Result<(), ViewError> {
        match self.stopped.get() {
            Some(what) => Err(ViewError::damaged(what.as_str())),
            None => Ok(()),
        }
    }

    /// Stops the view for good where damage is found, and marks the folder, so that the next start rebuilds it even if
    /// the damage hides then.
    fn watched<T>(&self, result: Result<T, ViewError>) -> Result<T, ViewError> {
        if let Err(ViewError::Damaged { what }) = &result
            && self.stopped.set(what.clone()).is_ok()
            && let Err(error) = fs::write(self.folder.join(DAMAGED_MARK), what)
        {
            tracing::warn!(%error, "the damaged view could not be marked; its folder has to be set aside by hand");
        }
        result
    }
}

/// The file that marks a folder in which damage was found; its text says what.
const DAMAGED_MARK: &str = "damaged";

/// How many views of one name can be set aside.
const MAX_QUARANTINED: u32 = 1000;

/// Begins a new view: nothing applied, a salt of its own.
fn begin(engine: &Engine, key: &SecretKey) -> Result<(State, Salt, Sealer), ViewError> {
    let salt = fresh_salt()?;
    let sealer = Sealer::under(key, &salt)?;
    let state = State::default();
    engine.write(vec![(META_KEY.to_vec(), Some(state.to_record(&salt, &sealer)?))])?;
    engine.flush()?;
    Ok((state, salt, sealer))
}

fn to_json(fact: &Fact) -> Result<Vec<u8>, ViewError> {
    serde_json::to_vec(fact).map_err(|_| ViewError::Unusable(io::Error::other("a fact has no JSON form")))
}
