//! Crashes: whatever fails, and whenever the power goes, the journal keeps what it acknowledged.
//!
//! Each seed is one history: some starts, and between them commits, signed checkpoints, faults, kills, power failures
//! and clean stops at random. After every crash the journal must open again and hold every acknowledged entry, the
//! last checkpoint and the view's position. `STRONGROOM_CRASHES` sets the number of histories, `STRONGROOM_SEED` runs
//! one again.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail it")]

use std::sync::Arc;

use strongroom::pure::tlog::hash::TreeHash;
use strongroom::pure::tlog::leaf::{Entry, Opening, Origin};
use strongroom::pure::tlog::tree::Tree;
use strongroom::storage::disk::{Disk, SimulatedDisk};
use strongroom::storage::journal::{
    ChainHash, CommitError, Covered, CutCause, Journal, JournalError, JournalKeys, Opened, Options, Scrubbed,
    SealedInput, Stored, TornTail, ViewState, scrub,
};
use strongroom::storage::seal::secret::SecretKey;

const DEFAULT_CRASHES: u64 = 2_000;

#[test]
fn no_crash_loses_what_was_acknowledged() {
    let number = |name| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let seeds = match number("STRONGROOM_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("STRONGROOM_CRASHES").unwrap_or(DEFAULT_CRASHES),
    };
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get().min(4));
    let mut seen = Seen::default();
    std::thread::scope(|scope| {
        let shares: Vec<_> = (0..threads)
            .map(|share| seeds.clone().skip(share).step_by(threads))
            .map(|seeds| scope.spawn(move || run(seeds)))
            .collect();
        shares.into_iter().for_each(|share| seen.add(&share.join().expect("no history fails")));
    });
    println!("{seen:?}");
    if seeds.end - seeds.start >= DEFAULT_CRASHES {
        assert!(seen.covers_the_ground(), "the histories no longer reach every kind of end: {seen:?}");
    }
}

fn run(seeds: impl Iterator<Item = u64>) -> Seen {
    let mut seen = Seen::default();
    for seed in seeds {
        match std::panic::catch_unwind(|| History::new(seed).run()) {
            Ok(more) => seen.add(&more),
            Err(panic) => {
                eprintln!("failed: run again with STRONGROOM_SEED={seed}");
                std::panic::resume_unwind(panic);
            }
        }
    }
    seen
}

/// How often each thing happened, over all histories.
#[derive(Debug, Default)]
struct Seen {
    crashes: u64,
    clean_starts: u64,
    torn: u64,
    ambiguous: u64,
    lost_unacknowledged: u64,
    kept_unacknowledged: u64,
    no_space: u64,
    failed_starts: u64,
    rolls: u64,
}

impl Seen {
    fn add(&mut self, more: &Self) {
        self.crashes += more.crashes;
        self.clean_starts += more.clean_starts;
        self.torn += more.torn;
        self.ambiguous += more.ambiguous;
        self.lost_unacknowledged += more.lost_unacknowledged;
        self.kept_unacknowledged += more.kept_unacknowledged;
        self.no_space += more.no_space;
        self.failed_starts += more.failed_starts;
        self.rolls += more.rolls;
    }

    fn covers_the_ground(&self) -> bool {
        let counts = [self.clean_starts, self.torn, self.lost_unacknowledged, self.kept_unacknowledged, self.no_space];
        counts.iter().chain(&[self.failed_starts, self.rolls]).all(|count| *count > 0)
    }
}

struct History {
    random: Random,
    disk: SimulatedDisk,
    /// What must be there: acknowledged, or found by a start that went on from it.
    kept: Vec<SealedInput>,
    /// What was being committed when the session ended; it may be there, whole, or not.
    in_flight: Vec<SealedInput>,
    view: Option<(u64, ChainHash)>,
    /// The last checkpoint whose swap succeeded, if any, and those since whose swap failed: the file is one of them.
    signed: Vec<Option<(u64, TreeHash)>>,
    may_be_ambiguous: bool,
    seen: Seen,
}

impl History {
    fn new(seed: u64) -> Self {
        Self {
            random: Random(seed),
            disk: SimulatedDisk::new(seed),
            kept: Vec::new(),
            in_flight: Vec::new(),
            view: None,
            signed: vec![None],
            may_be_ambiguous: false,
            seen: Seen::default(),
        }
    }

    fn run(mut self) -> Seen {
        for _ in 0..2 + self.random.below(4) {
            match self.random.below(4) {
                0 => self.disk.power_off_at(self.random.below(120)),
                1 => self.disk.fail_randomly(Some(4 + self.random.below(60))),
                2 => {
                    self.disk.power_off_at(self.random.below(200));
                    self.disk.fail_randomly(Some(20 + self.random.below(60)));
                }
                _ => {}
            }
            self.session();
            self.seen.crashes += 1;
            self.may_be_ambiguous |= self.disk.faults() > 0;
            self.disk =
                if self.random.below(3) == 0 { self.disk.after_kill() } else { self.disk.after_power_failure() };
        }
        // The last start has a disk without faults: it must succeed, and everything must be there.
        let journal = self.start().expect("a start on a sound disk");
        self.check_everything(&journal);
        journal.close().unwrap();
        self.disk = self.disk.after_power_failure();
        self.seen.clean_starts += 1;
        let journal = self.start().expect("a start after a clean stop");
        self.check_everything(&journal);
        self.seen
    }

    /// One life of the process: a start and some work.
    fn session(&mut self) {
        let Some(mut journal) = self.start() else {
            self.seen.failed_starts += 1;
            return;
        };
        for _ in 0..self.random.below(30) {
            match self.random.below(10) {
                0..=5 => {
                    let batch = self.batch();
                    let before = self.disk.calls();
                    match journal.commit(&batch) {
                        Ok(committed) => {
                            self.seen.rolls += u64::from(self.disk.calls() - before > 2);
                            self.kept.extend(batch);
                            assert_eq!(committed.next_index, self.kept.len() as u64);
                            if self.random.below(2) == 0 {
                                self.view = Some((committed.next_index, committed.chain));
                            }
                        }
                        Err(CommitError::NoSpace) => self.seen.no_space += 1,
                        Err(CommitError::Fatal(_)) => {
                            self.in_flight = batch;
                            assert!(matches!(journal.commit(&self.batch()), Err(CommitError::Stopped)));
                            assert!(matches!(journal.close(), Err(CommitError::Stopped)));
                            return;
                        }
                        Err(error) => panic!("{error}"),
                    }
                }
                6..=7 => {
                    let durable = self.sign(journal.tree());
                    if !durable {
                        return;
                    }
                }
                8 => {
                    let reader = journal.reader();
                    if !self.kept.is_empty() {
                        let index = self.random.below(self.kept.len() as u64);
                        match reader.read(index) {
                            Ok(stored) => assert_eq!(stored.record, self.kept[index as usize].record),
                            Err(JournalError::Io { .. } | JournalError::NoSpace) => {}
                            Err(error) => panic!("{error}"),
                        }
                    }
                }
                _ if self.random.below(4) == 0 => {
                    // Whether or not the mark becomes durable, nothing else changes.
                    let _ = journal.close();
                    return;
                }
                _ => {}
            }
        }
    }

    /// Opens the journal and checks what it says; `None` if the disk would not let it.
    fn start(&mut self) -> Option<Journal> {
        let checkpoint = match self.disk.read("checkpoint") {
            Ok(bytes) => {
                Some((u64::from_be_bytes(bytes[..8].try_into().unwrap()), TreeHash(bytes[8..].try_into().unwrap())))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !self.disk.is_off() => None,
            Err(_) => return None,
        };
        assert!(self.signed.contains(&checkpoint), "the checkpoint is lost or went back");
        let covered = Covered { checkpoint, view: self.view, record: None };
        let (journal, opened) = match self.open(covered, TornTail::Ask) {
            Err(JournalError::Ambiguous { .. }) => {
                assert!(self.may_be_ambiguous, "a power failure alone makes no ambiguous tail");
                self.seen.ambiguous += 1;
                self.open(covered, TornTail::Accept).ok()?
            }
            Err(JournalError::Io { .. } | JournalError::NoSpace) if self.disk.faults() > 0 => return None,
            Err(error) => panic!("{error}"),
            Ok(opened) => opened,
        };
        self.seen.torn += opened.cut.iter().filter(|cut| cut.cause == CutCause::Torn).count() as u64;
        for cut in &opened.cut {
            if let Ok(bytes) = self.disk.read(&cut.file) {
                assert_eq!(bytes.len() as u64, cut.length);
            }
        }
        let expected_view = match self.view {
            None => ViewState::Absent,
            Some((next_index, _)) if next_index == opened.next_index => ViewState::Current,
            Some(_) => ViewState::Behind,
        };
        assert_eq!(opened.view, expected_view);
        let found = opened.next_index;
        let with_flight = self.kept.len() + self.in_flight.len();
        if !self.in_flight.is_empty() && found == with_flight as u64 {
            self.seen.kept_unacknowledged += 1;
            let kept = std::mem::take(&mut self.in_flight);
            self.kept.extend(kept);
        } else {
            self.seen.lost_unacknowledged += u64::from(!self.in_flight.is_empty());
            self.in_flight.clear();
            assert_eq!(found, self.kept.len() as u64, "entries were lost or invented");
        }
        let mut tree = Tree::empty();
        self.kept.iter().for_each(|input| tree.push(input.entry.leaf_hash()));
        assert_eq!(opened.tree, tree);
        Some(journal)
    }

    fn open(&self, covered: Covered, torn_tail: TornTail) -> Result<(Journal, Opened), JournalError> {
        let keys = JournalKeys::new(1, SecretKey::from_bytes([7; 32]));
        let options = Options { segment_len: 8 << 10 };
        Journal::open(Arc::new(self.disk.clone()), keys, origin(), covered, torn_tail, options)
    }

    fn sign(&mut self, tree: &Tree) -> bool {
        let signed = (tree.size(), tree.root());
        self.signed.push(Some(signed));
        let done = self.disk.swap("checkpoint", &[&signed.0.to_be_bytes()[..], &signed.1.0].concat()).is_ok();
        if done {
            self.signed = vec![Some(signed)];
        }
        done
    }

    fn check_everything(&self, journal: &Journal) {
        let reader = journal.reader();
        let same = |stored: &Stored, kept: &SealedInput| {
            (stored.entry, stored.opening, &stored.record) == (kept.entry, kept.opening, &kept.record)
        };
        let mut next = 0;
        for batch in reader.replay(0) {
            let batch = batch.unwrap();
            assert_eq!(batch.first_index, next);
            let kept = &self.kept[next as usize..batch.next_index as usize];
            assert!(batch.stored.iter().zip(kept).all(|(stored, kept)| same(stored, kept)));
            next = batch.next_index;
        }
        assert_eq!(next, self.kept.len() as u64);
        for index in (0..self.kept.len()).step_by(7) {
            assert!(same(&reader.read(index as u64).unwrap(), &self.kept[index]));
        }
        let whole = scrub(&reader, |_| std::ops::ControlFlow::Continue(())).unwrap();
        assert!(matches!(whole, Scrubbed::Whole(progress) if progress.verified == next));
    }

    fn batch(&mut self) -> Vec<SealedInput> {
        (0..1 + self.random.below(4))
            .map(|_| {
                let mut opening = [0; 32];
                opening.iter_mut().for_each(|byte| *byte = self.random.below(256) as u8);
                let length = if self.random.below(8) == 0 { 1500 } else { 200 };
                let record: Vec<u8> = (0..self.random.below(length)).map(|n| (n % 251) as u8).collect();
                let opening = Opening(opening);
                SealedInput { entry: Entry::commit(&origin(), &opening, &record), opening, record }
            })
            .collect()
    }
}

fn origin() -> Origin {
    Origin::parse("log.example/crash").unwrap()
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (value ^ (value >> 31)) % bound.max(1)
    }
}
