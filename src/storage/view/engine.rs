//! The engine: sled 0.34.7, and nothing of sled outside this file. Its panics and errors become ours here.

use std::io::{self, ErrorKind};
use std::ops::{ControlFlow, RangeInclusive};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::error::ViewError;

/// An ordered map of small byte strings in one folder.
pub(super) struct Engine {
    /// `None` only while it is being closed.
    db: Option<sled::Db>,
}

/// How the engine is run.
#[derive(Clone, Copy, Debug)]
pub(super) struct EngineOptions {
    /// Size of its page cache in bytes; sled's own default is 1 GiB.
    pub(super) cache_bytes: u64,
    /// How often written batches are made durable in the background.
    pub(super) flush_every: Duration,
}

/// One write: a key, and its new value or `None` to remove it.
pub(super) type Write = (Vec<u8>, Option<Vec<u8>>);

impl Engine {
    /// Opens the folder, which exists. One process at a time: another one that has it open makes it `Unusable`.
    pub(super) fn open(folder: &Path, options: EngineOptions) -> Result<Self, ViewError> {
        let flush_ms = u64::try_from(options.flush_every.as_millis()).unwrap_or(u64::MAX).max(1);
        let open = || {
            let config = sled::Config::new().path(folder).cache_capacity(options.cache_bytes);
            guarded(|| config.flush_every_ms(Some(flush_ms)).open())
        };
        let mut opened = open();
        for _ in 0..LOCK_ATTEMPTS {
            if !is_locked(&opened) {
                break;
            }
            // A view that was just closed holds its lock until sled's last worker thread lets go.
            thread::sleep(LOCK_PAUSE);
            opened = open();
        }
        Ok(Self { db: Some(opened?) })
    }

    /// Whether the folder held a database before it was opened, as far as sled could see.
    pub(super) fn was_recovered(&self) -> Result<bool, ViewError> {
        let db = self.db()?;
        guarded(|| Ok(db.was_recovered()))
    }

    /// The value of that key.
    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, ViewError> {
        let db = self.db()?;
        guarded(|| Ok(db.get(key)?.map(|value| value.to_vec())))
    }

    /// Visits the records of a range in order of key, until the visitor breaks off.
    pub(super) fn scan(
        &self,
        range: RangeInclusive<Vec<u8>>,
        mut visit: impl FnMut(&[u8], &[u8]) -> Result<ControlFlow<()>, ViewError>,
    ) -> Result<(), ViewError> {
        let db = self.db()?;
        let mut records = guarded(|| Ok(db.range(range)))?;
        while let Some((key, value)) = guarded(|| records.next().transpose())? {
            if visit(&key, &value)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Writes a batch: after a crash all of it is there or none of it. It is durable after the next flush.
    ///
    /// After an error, some of it may show until the engine is opened again, and even then.
    pub(super) fn write(&self, writes: Vec<Write>) -> Result<(), ViewError> {
        let db = self.db()?;
        let mut batch = sled::Batch::default();
        for (key, value) in writes {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        guarded(|| db.apply_batch(batch))
    }

    /// Makes every batch written so far durable.
    pub(super) fn flush(&self) -> Result<(), ViewError> {
        let db = self.db()?;
        guarded(|| db.flush()).map(|_| ())
    }

    fn db(&self) -> Result<&sled::Db, ViewError> {
        self.db.as_ref().ok_or_else(|| ViewError::damaged("it is being closed"))
    }
}

impl Drop for Engine {
    /// Closing flushes. It may panic, and waits for ever if sled's flusher thread panicked before: neither may reach the
    /// server's own end.
    fn drop(&mut self) {
        let Some(db) = self.db.take() else { return };
        let (closed, is_closed) = mpsc::channel::<()>();
        let close = move || {
            let _ = catch_unwind(AssertUnwindSafe(|| drop(db)));
            drop(closed);
        };
        if thread::Builder::new().name("view-close".into()).spawn(close).is_ok()
            && is_closed.recv_timeout(CLOSE_LIMIT) == Err(mpsc::RecvTimeoutError::Timeout)
        {
            tracing::warn!("the view did not close in time; the next start rebuilds it if anything is missing");
        }
    }
}

/// How often a locked folder is tried again, and after which pause: 2 s in all.
const LOCK_ATTEMPTS: u32 = 100;
const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// How long closing may take.
const CLOSE_LIMIT: Duration = Duration::from_secs(10);

fn guarded<T>(call: impl FnOnce() -> sled::Result<T>) -> Result<T, ViewError> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(done) => done.map_err(sorted),
        Err(_) => Err(ViewError::damaged("the engine panicked")),
    }
}

/// Whose fault an error is: the content's or the ground's.
fn sorted(error: sled::Error) -> ViewError {
    match error {
        sled::Error::Io(error) if is_damage(error.kind()) => {
            ViewError::damaged(format!("the engine could not read its files: {}", error.kind()))
        }
        sled::Error::Io(error) => ViewError::Unusable(error),
        sled::Error::Corruption { .. } => ViewError::damaged("the engine found corruption"),
        sled::Error::Unsupported(_) => ViewError::damaged("the engine's configuration is altered"),
        sled::Error::CollectionNotFound(_) | sled::Error::ReportableBug(_) => {
            ViewError::damaged("the engine failed within itself")
        }
    }
}

/// Whether sled says so of files that end early, lead nowhere or are gone, once the folder itself is there.
fn is_damage(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::UnexpectedEof | ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::NotFound)
}

fn is_locked(opened: &Result<sled::Db, ViewError>) -> bool {
    // sled gives a lock no kind of its own.
    let of_lock = |error: &io::Error| error.to_string().contains("could not acquire lock");
    matches!(opened, Err(ViewError::Unusable(error)) if of_lock(error))
}
