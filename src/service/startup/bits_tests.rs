//! Every bit of what was signed and of the key that signed it, through what a start reads them with. The journal, the
//! documents, the root key and the tiles are in `tests/bits`.
//!
//! Each kind prints its line. What is long is sampled, and gone through whole with `STRONGROOM_BITS=all`.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use tempfile::TempDir;

use super::signed::SignedBefore;
use super::{Seeds, StartError};
use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::leaf::Origin;
use crate::service::publishing::CHECKPOINT_FILE;
use crate::service::publishing::own_record::OwnRecord;
use crate::service::publishing::signers::{LogSigner, LogSigners};
use crate::storage::disk::RealDisk;
use crate::storage::seal::keys::provider::{KeyProvider, create_key_file};

#[test]
fn every_bit_of_the_signed_checkpoint_is_named_or_signs_the_same_tree() {
    go_over("checkpoint", Given::checkpoint, CHECKPOINT_FILE);
}

#[test]
fn every_bit_of_the_record_of_the_last_signed_tree_is_named_or_signs_the_same_tree() {
    go_over("log.key.signed", Given::record, "log.key.signed");
}

#[test]
fn every_bit_of_the_logs_key_is_named_or_the_same_key() {
    let tally = Tally::of("log.key");
    let given = Given::new();
    let text = std::fs::read(given.key()).unwrap();
    for bit in 0..8 * text.len() {
        let mut changed = text.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let met = given.changed(&given.key(), &changed, "log");
        // Only the case of a hexadecimal digit says nothing.
        assert_eq!(tally.flip(met) == Met::NoEffect, changed.eq_ignore_ascii_case(&text), "bit {bit}");
    }
    for length in 0..text.len() {
        let met = given.changed(&given.key(), &text[..length], "log");
        assert_eq!(tally.cut(met) == Met::NoEffect, length == text.len() - 1, "cut to {length}");
    }
    tally.print();
}

#[test]
fn an_older_checkpoint_does_not_hide_what_was_signed_since() {
    let given = Given::new();
    let older = given.sign(5);
    given.write(&given.checkpoint(), older.as_bytes());
    // The own record still asks the journal for the last tree.
    assert_eq!(given.sizes().unwrap(), [Some(5), Some(SIZE)]);
    given.write(&given.checkpoint(), given.sign(SIZE).as_bytes());
    given.write(&given.record(), older.as_bytes());
    assert_eq!(given.sizes().unwrap(), [Some(SIZE), Some(5)]);
}

/// Flips the bits of a note's file and cuts it: a third of the bits of its text, names, key ids and short signature, fewer of the long one.
fn go_over(kind: &'static str, file: fn(&Given) -> PathBuf, name: &'static str) {
    let tally = Tally::of(kind);
    let note = std::fs::read(file(&Given::new())).unwrap();
    let step = if std::env::var("STRONGROOM_BITS").is_ok_and(|scale| scale == "all") { 1 } else { 29 };
    let is_taken = |nth: usize, offset: usize| nth.is_multiple_of(step) || (nth.is_multiple_of(3) && offset < 420);
    let bits: Vec<_> = (0..8 * note.len()).filter(|bit| is_taken(*bit, bit / 8)).collect();
    let cuts: Vec<_> = (0..note.len()).filter(|cut| is_taken(*cut, *cut)).collect();
    std::thread::scope(|scope| {
        for half in 0..2 {
            let (tally, bits, cuts) = (&tally, &bits, &cuts);
            scope.spawn(move || {
                // A directory of its own, and so keys of its own.
                let given = Given::new();
                let file = file(&given);
                let note = std::fs::read(&file).unwrap();
                for bit in bits.iter().skip(half).step_by(2) {
                    let mut changed = note.clone();
                    changed[bit / 8] ^= 1 << (bit % 8);
                    tally.flip(given.changed(&file, &changed, name));
                }
                for length in cuts.iter().skip(half).step_by(2) {
                    tally.cut(given.changed(&file, &note[..*length], name));
                }
                let text = note.windows(2).position(|pair| pair == b"\n\n").unwrap() + 1;
                let sector = |from: usize| {
                    let zeroed = |(at, byte): (usize, &u8)| if at / 512 == from { 0 } else { *byte };
                    note.iter().enumerate().map(zeroed).collect::<Vec<_>>()
                };
                let mut others: Vec<_> = (0..note.len().div_ceil(512)).map(sector).collect();
                others.extend([[note.as_slice(), b"\n"].concat(), [note.as_slice(), &note].concat(), vec![0; 512]]);
                others.push([&note[..text], &note].concat());
                for changed in others {
                    assert_eq!(tally.other(given.changed(&file, &changed, name)), Met::Named);
                }
            });
        }
    });
    tally.print();
}

/// A tree that was signed, on both records.
struct Given {
    directory: TempDir,
    signers: LogSigners,
}

const SIZE: u64 = 7;

impl Given {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let key = directory.path().join("log.key");
        create_key_file(&key).unwrap();
        std::fs::create_dir(directory.path().join("data")).unwrap();
        let seed = KeyProvider::File(key).load().unwrap();
        let signers = LogSigners::new(LogSigner::from_seed(&origin(), &seed).unwrap(), Vec::new());
        let given = Self { directory, signers };
        let note = given.sign(SIZE);
        given.write(&given.checkpoint(), note.as_bytes());
        given.write(&given.record(), note.as_bytes());
        given
    }

    fn key(&self) -> PathBuf {
        self.directory.path().join("log.key")
    }

    fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    fn checkpoint(&self) -> PathBuf {
        self.data().join(CHECKPOINT_FILE)
    }

    fn record(&self) -> PathBuf {
        self.directory.path().join("log.key.signed")
    }

    fn sign(&self, size: u64) -> String {
        let checkpoint = Checkpoint { origin: origin(), size, root: TreeHash([size as u8; 32]) };
        self.signers.sign(&checkpoint, 1_795_510_800).unwrap().to_string()
    }

    fn write(&self, file: &Path, bytes: &[u8]) {
        std::fs::write(file, bytes).unwrap();
    }

    /// What the start holds the journal to.
    fn sizes(&self) -> Result<[Option<u64>; 2], StartError> {
        let key = KeyProvider::File(self.key());
        let disk = RealDisk::open(self.data())?;
        let seeds = Seeds::load(&key)?;
        let signed = SignedBefore::read(&disk, OwnRecord::of(&key, &self.data()), &seeds)?;
        let [kept, recorded] = signed.of(&origin());
        for (size, root) in [kept, recorded].into_iter().flatten() {
            assert_eq!(root, TreeHash([size as u8; 32]), "misread");
        }
        Ok([kept, recorded].map(|signed| signed.map(|(size, _)| size)))
    }

    /// How a change of the file is met; it is as before afterwards.
    fn changed(&self, file: &Path, bytes: &[u8], name: &str) -> Met {
        let whole = std::fs::read(file).unwrap();
        self.write(file, bytes);
        let met = self.sizes();
        self.write(file, &whole);
        match met {
            Ok(sizes) => {
                assert_eq!(sizes, [Some(SIZE), Some(SIZE)], "misread");
                Met::NoEffect
            }
            Err(error) => {
                assert!(error.to_string().contains(name), "no place in: {error}");
                Met::Named
            }
        }
    }
}

fn origin() -> Origin {
    Origin::parse("log.example/bits").unwrap()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Met {
    /// It was refused, and the message says which file.
    Named,
    /// The start is held to the same tree as before.
    NoEffect,
}

struct Tally {
    kind: &'static str,
    /// Bits flipped, cuts, other changes; detected, without effect.
    counts: [AtomicU64; 5],
}

impl Tally {
    fn of(kind: &'static str) -> Self {
        Self { kind, counts: Default::default() }
    }

    fn flip(&self, met: Met) -> Met {
        self.count(0, met)
    }

    fn cut(&self, met: Met) -> Met {
        self.count(1, met)
    }

    fn other(&self, met: Met) -> Met {
        self.count(2, met)
    }

    fn count(&self, what: usize, met: Met) -> Met {
        let how = match met {
            Met::Named => 3,
            Met::NoEffect => 4,
        };
        for counter in [what, how] {
            self.counts[counter].fetch_add(1, Ordering::Relaxed);
        }
        met
    }

    fn print(&self) {
        let [flips, cuts, others, named, same] = self.counts.each_ref().map(|count| count.load(Ordering::Relaxed));
        println!(
            "{}: {flips} bits flipped, {cuts} cuts, {others} other changes: {named} detected, 0 ambiguous, {same} without effect",
            self.kind
        );
    }
}
