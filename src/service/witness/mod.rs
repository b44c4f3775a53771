//! A witness of other people's logs (C2SP tlog-witness): it keeps the latest checkpoint of each log that it knows, and
//! cosigns a new one only if its tree extends that of the one before.
//!
//! In reading order: [`logs`] (whom it knows), [`decision`] (what it answers, from what it knows and what it is sent),
//! [`state`] (what it has cosigned, durably), [`keys`] (what it cosigns with).
//!
//! Invariants:
//! - No cosignature leaves before the checkpoint and the cosignature are durable, and the comparison with the latest
//!   one and its replacement are one step: two submissions from the same old size have one winner.
//! - A damaged file stops the start. That an older copy of the directory was put back cannot be seen: nothing outside
//!   tells. Such a copy must never be served again.
//! - The time of a log's cosignatures never goes back.
//!
//! Not here: HTTP and its statuses (`edge::witness`), how our own log asks witnesses.

pub mod decision;
pub mod keys;
pub mod logs;
pub mod state;

#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::clock::Clock;
use crate::pure::tlog::note::NoteSignature;
use crate::pure::tlog::verifier_key::VerifierKey;
use crate::storage::disk::Disk;
use decision::{Refusal, Submission};
use keys::WitnessKeys;
use logs::KnownLogs;
use state::{Cosigned, DamagedState, States, file_name};

/// A witness. It may be asked by several threads at once.
pub struct Witness {
    keys: WitnessKeys,
    clock: Arc<Clock>,
    disk: Arc<dyn Disk>,
    logs: RwLock<Arc<KnownLogs>>,
    /// Held from the comparison with the latest checkpoint until the new one is durable and known.
    turn: Mutex<()>,
    /// Written only by the holder of `turn`, so that reading it never waits for the disk.
    states: RwLock<States>,
    failing: AtomicBool,
}

/// What was cosigned, and the cosignatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The log.
    pub origin: String,
    /// The size of its tree.
    pub size: u64,
    /// The time of the cosignatures, in seconds of POSIX time.
    pub time: u64,
    /// The cosignatures: Ed25519, ML-DSA-44.
    pub cosignatures: [NoteSignature; 2],
}

/// Why a submission was not cosigned.
#[derive(Debug, thiserror::Error)]
pub enum NotCosigned {
    /// It must not be.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The clock cannot be right. Nothing was changed.
    #[error("the witness's clock cannot be right, so that it cosigns nothing; its operator must set it")]
    Clock,
    /// The checkpoint could not be made durable. The same submission may be tried again.
    #[error("the witness cannot keep the checkpoint at present; try again later")]
    Storage(#[source] std::io::Error),
}

impl Witness {
    /// Opens the state on `disk`, all of which must be sound and cosigned by `keys`.
    pub fn open(
        disk: Arc<dyn Disk>,
        keys: WitnessKeys,
        logs: KnownLogs,
        clock: Arc<Clock>,
    ) -> Result<Self, DamagedState> {
        let states = States::load(disk.as_ref(), &keys.verifier_keys())?;
        Ok(Self {
            keys,
            clock,
            disk,
            logs: RwLock::new(Arc::new(logs)),
            turn: Mutex::new(()),
            states: RwLock::new(states),
            failing: AtomicBool::new(false),
        })
    }

    /// Cosigns what the body of an `add-checkpoint` request submits, if it extends what was cosigned of its log before.
    /// What is answered is durable. Blocks for the disk.
    pub fn add_checkpoint(&self, body: &[u8]) -> Result<Answer, NotCosigned> {
        let submission = Submission::judge(&self.logs(), body)?;
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let file = file_name(submission.checkpoint.origin.as_str());
        let latest = self.state(&file);
        submission.extends(latest.as_deref().map(|latest| &latest.checkpoint))?;
        let time = self.time()?.max(latest.map_or(0, |latest| latest.time));
        let cosignatures = self.keys.cosign(&submission.checkpoint, time);
        let cosigned = Cosigned::new(submission, time, &cosignatures);
        // An error can leave either checkpoint in the file. The new one was answered to nobody, so that going on from
        // the old one is sound, and so is a restart that finds the new one.
        let kept = self.disk.swap(&file, &cosigned.to_file());
        self.failing.store(kept.is_err(), Ordering::Relaxed);
        kept.map_err(NotCosigned::Storage)?;
        let answer = Answer {
            origin: cosigned.checkpoint.origin.to_string(),
            size: cosigned.checkpoint.size,
            time,
            cosignatures,
        };
        self.states.write().unwrap_or_else(PoisonError::into_inner).insert(file, cosigned);
        Ok(answer)
    }

    /// The latest cosigned checkpoint of the log whose origin has the SHA-256 `hash`, in lower-case hexadecimal.
    pub fn latest(&self, hash: &str) -> Option<Arc<Cosigned>> {
        self.state(hash)
    }

    /// The keys that verify its cosignatures: Ed25519, ML-DSA-44.
    pub fn verifier_keys(&self) -> [VerifierKey; 2] {
        self.keys.verifier_keys()
    }

    /// The logs that it knows.
    pub fn logs(&self) -> Arc<KnownLogs> {
        self.logs.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Knows these logs from now on. What was cosigned of others is kept, should they come back.
    pub fn replace_logs(&self, logs: KnownLogs) {
        *self.logs.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(logs);
    }

    /// How many logs it has cosigned a checkpoint of.
    pub fn cosigned(&self) -> usize {
        self.states.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether the last checkpoint that was to be kept could not be.
    pub fn is_failing(&self) -> bool {
        self.failing.load(Ordering::Relaxed)
    }

    fn state(&self, file: &str) -> Option<Arc<Cosigned>> {
        self.states.read().unwrap_or_else(PoisonError::into_inner).get(file)
    }

    fn time(&self) -> Result<u64, NotCosigned> {
        let seconds = u64::try_from(self.clock.now().unix_seconds()).unwrap_or(0);
        if seconds < EARLIEST_TIME { Err(NotCosigned::Clock) } else { Ok(seconds) }
    }
}

impl std::fmt::Debug for Witness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Witness").field("keys", &self.keys).finish_non_exhaustive()
    }
}

/// A clock before 2026 belongs to a machine that has lost its time.
const EARLIEST_TIME: u64 = 1_767_225_600;
