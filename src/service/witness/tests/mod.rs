//! A log of the tests' own, which can lie, and a witness that is asked about it.

mod crashes;
mod decisions;
mod files;
mod properties;

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use super::keys::WitnessKeys;
use super::logs::KnownLogs;
use super::state::DamagedState;
use super::{Answer, NotCosigned, Witness};
use crate::pure::domain::time::Instant;
use crate::pure::tlog::add_checkpoint::AddCheckpoint;
use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::leaf::Origin;
use crate::pure::tlog::note::Note;
use crate::pure::tlog::proof::{HashSource, prove_consistency, root};
use crate::pure::tlog::signer::{Ed25519Signer, MlDsa44Signer};
use crate::pure::tlog::verifier_key::{KeyName, VerifierKey};
use crate::service::clock::{Clock, Reading};
use crate::storage::disk::{Disk, SimulatedDisk};
use crate::storage::seal::secret::SecretKey;

const ORIGIN: &str = "log.example/behind-the-sofa";

/// A history of a log: the leaves' contents up to `fork` are those of every history, after it those of this one.
#[derive(Clone, Copy, Debug)]
struct History {
    fork: u64,
    number: u8,
}

const HONEST: History = History { fork: u64::MAX, number: 0 };

impl HashSource for History {
    type Error = Infallible;

    fn hash(&self, level: u8, index: u64) -> Result<TreeHash, Infallible> {
        if level == 0 {
            let number = if index < self.fork { 0 } else { self.number };
            return Ok(TreeHash::of_leaf(&[&index.to_be_bytes()[..], &[number]].concat()));
        }
        Ok(TreeHash::of_node(&self.hash(level - 1, 2 * index)?, &self.hash(level - 1, 2 * index + 1)?))
    }
}

impl History {
    fn checkpoint(&self, size: u64) -> Checkpoint {
        Checkpoint { origin: Origin::parse(ORIGIN).unwrap(), size, root: root(self, size).unwrap() }
    }

    fn proof(&self, old: u64, new: u64) -> Vec<TreeHash> {
        prove_consistency(self, old, new).unwrap()
    }

    /// The request of a log that tells this history.
    fn request(&self, old: u64, new: u64) -> String {
        let proof = if old <= new { self.proof(old, new) } else { Vec::new() };
        request(old, proof, signed(&self.checkpoint(new)))
    }
}

fn request(old_size: u64, proof: Vec<TreeHash>, checkpoint: Note) -> String {
    AddCheckpoint { old_size, proof, checkpoint }.to_string()
}

fn log_key(seed: u8) -> Ed25519Signer {
    Ed25519Signer::from_seed(KeyName::parse(ORIGIN).unwrap(), &[seed; 32]).unwrap()
}

fn post_quantum_log_key(seed: u8) -> MlDsa44Signer {
    MlDsa44Signer::from_seed(KeyName::parse(ORIGIN).unwrap(), &[seed; 32]).unwrap()
}

fn signed(checkpoint: &Checkpoint) -> Note {
    let mut note = checkpoint.to_note().unwrap();
    note.add(log_key(1).sign(&checkpoint.to_string()));
    note
}

fn witness_name() -> KeyName {
    KeyName::parse("witness.example/w1").unwrap()
}

fn witness_keys(seed: u8) -> WitnessKeys {
    WitnessKeys::from_seed(&witness_name(), &SecretKey::from_bytes([seed; 32])).unwrap()
}

fn known(keys: &[&VerifierKey]) -> KnownLogs {
    let list: String = keys.iter().map(|key| format!("{key}\n")).collect();
    KnownLogs::parse(list.as_bytes(), &witness_name()).unwrap()
}

/// The log's Ed25519 key with seed 1.
fn known_log() -> KnownLogs {
    known(&[log_key(1).verifier_key()])
}

/// A clock that is set by the test, in seconds of POSIX time.
#[derive(Clone)]
struct Set(Arc<AtomicI64>);

impl Set {
    fn at(seconds: i64) -> Self {
        Self(Arc::new(AtomicI64::new(seconds)))
    }

    fn to(&self, seconds: i64) {
        self.0.store(seconds, Ordering::SeqCst);
    }

    fn clock(&self) -> Arc<Clock> {
        let shared = self.0.clone();
        Arc::new(Clock::steered(move || Reading {
            wall: Instant::from_unix_micros(shared.load(Ordering::SeqCst) * 1_000_000).unwrap(),
            elapsed: Duration::ZERO,
        }))
    }
}

/// What the tests take for now.
const NOW: i64 = 1_795_500_000;

fn open(disk: &SimulatedDisk) -> Result<Witness, DamagedState> {
    Witness::open(Arc::new(disk.clone()) as Arc<dyn Disk>, witness_keys(9), known_log(), Set::at(NOW).clock())
}

fn witness() -> Witness {
    open(&SimulatedDisk::new(1)).unwrap()
}

/// What was cosigned, which must hold under the witness's keys.
fn cosigned(witness: &Witness, body: &str) -> Result<Answer, NotCosigned> {
    let answer = witness.add_checkpoint(body.as_bytes())?;
    let mut note = Note::unsigned(AddCheckpoint::parse(body.as_bytes()).unwrap().checkpoint.text().to_owned()).unwrap();
    answer.cosignatures.iter().for_each(|cosignature| note.add(cosignature.clone()));
    let keys = witness.verifier_keys();
    assert_eq!(note.verify(&keys).unwrap(), keys.iter().collect::<Vec<_>>());
    Ok(answer)
}
