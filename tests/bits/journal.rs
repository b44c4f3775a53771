//! A small journal: opened, read, scrubbed, and looked over as a check does it.

use std::ops::ControlFlow;
use std::sync::Arc;

use strongroom::pure::tlog::hash::TreeHash;
use strongroom::pure::tlog::leaf::{Entry, Opening, Origin};
use strongroom::storage::disk::{Disk, SimulatedDisk};
use strongroom::storage::journal::{
    ChainHash, Covered, CutCause, Examined, Journal, JournalError, JournalKeys, Opened, Options, Scrubbed, SealedInput,
    Stored, TornTail, examine, scrub,
};
use strongroom::storage::seal::secret::SecretKey;

use crate::{Met, Tally};

#[test]
fn every_flipped_bit_of_a_closed_journal_stops_the_start() {
    let tally = Tally::of("closed journal");
    let journal = Small::make(true);
    let length = journal.length();
    journal.for_each(length, |offset, bit| {
        let met = tally.flip(journal.flipped(offset, bit, Covered::default()));
        assert_eq!(met, Met::Named, "byte {offset}, bit {bit}");
    });
    println!("{tally}");
}

#[test]
fn a_flipped_bit_of_an_unclosed_journal_is_named_or_asked_about_or_in_the_unused_part() {
    let (covered, uncovered) = (Tally::of("open journal that is signed"), Tally::of("open journal that is not signed"));
    let journal = Small::make(false);
    let (last_frame, end) = (journal.last_frame, journal.end);
    journal.for_each(end, |offset, bit| {
        // What is refused with nothing to cover is refused all the more with something.
        if offset >= last_frame {
            let met = covered.flip(journal.flipped(offset, bit, journal.covered));
            assert_eq!(met, Met::Named, "byte {offset}, bit {bit}");
        }
        let expected = if offset < last_frame { Met::Named } else { Met::Ambiguous };
        let met = uncovered.flip(journal.flipped(offset, bit, Covered::default()));
        assert_eq!(met, expected, "byte {offset}, bit {bit}");
    });
    for offset in (end..end + 700).chain((end..journal.length()).step_by(97)) {
        let bit = offset % 8;
        let met = covered.flip(journal.flipped(offset, bit, journal.covered));
        assert_eq!(met, Met::NoEffect, "byte {offset}, bit {bit}");
    }
    println!("{covered}\n{uncovered}");
}

/// What a check finds is at least what a start refuses, and it reads nothing else than what was committed.
#[test]
fn a_check_finds_every_byte_that_was_changed() {
    let tally = Tally::of("journal that is checked");
    for closed in [true, false] {
        let journal = Small::make(closed);
        let offsets: Vec<_> = (0..if closed { journal.length() } else { journal.end }).collect();
        crate::on_two_threads(
            &offsets,
            || (),
            |(), offset| {
                let disk = journal.disk.copy();
                disk.tamper(&journal.path, |bytes| bytes[*offset] ^= 1 << (offset % 8));
                assert!(tally.flip(journal.examined(&disk)) == Met::Named, "closed: {closed}, byte {offset}");
            },
        );
    }
    println!("{tally}");
}

#[test]
fn frames_and_segments_in_others_places_twice_or_zeroed_are_named() {
    let tally = Tally::of("journal of frames moved, doubled and zeroed");
    for closed in [true, false] {
        let journal = Small::make(closed);
        let bytes = journal.disk.read(&journal.path).unwrap();
        let frames: Vec<_> = journal.frames.iter().map(|range| bytes[range.clone()].to_vec()).collect();
        let mut changes: Vec<Vec<u8>> = Vec::new();
        let (start, end) = (journal.frames[0].start, bytes.len());
        let mut lay = |frames: &[&[u8]]| {
            let mut changed = bytes[..start].to_vec();
            frames.iter().for_each(|frame| changed.extend(*frame));
            if closed {
                changed.extend(&bytes[journal.end..]);
            }
            changed.resize(end, 0);
            changes.push(changed);
        };
        let [one, two, three] = [0, 1, 2].map(|nth| frames[nth].as_slice());
        lay(&[two, one, three]);
        lay(&[one, three, two]);
        lay(&[one, three]);
        lay(&[two, three]);
        lay(&[one, one, two, three]);
        lay(&[one, two, two, three]);
        lay(&[one, two, three, three]);
        lay(&[one, two, three, one]);
        lay(&[one, two]);
        lay(&[one, one, three]);
        // Another life of the same log: its frames have the right indexes and the wrong key.
        let other = Small::make(closed);
        let others = other.disk.read(&other.path).unwrap();
        for range in &journal.frames {
            let mut changed = bytes.clone();
            changed[range.clone()].copy_from_slice(&others[range.clone()]);
            changes.push(changed);
        }
        changes.push([&bytes[..start], &others[start..]].concat());
        changes.push([&others[..start], &bytes[start..]].concat());
        for sector in 0..journal.end.div_ceil(512) {
            let mut changed = bytes.clone();
            changed[512 * sector..512 * (sector + 1)].fill(0);
            changes.push(changed);
        }
        for (nth, changed) in changes.into_iter().enumerate() {
            let disk = journal.disk.copy();
            disk.tamper(&journal.path, |bytes| *bytes = changed);
            let met = tally.other(journal.met(&disk, journal.covered));
            assert_eq!(met, Met::Named, "closed: {closed}, change {nth}");
            // That the last frame is gone is for the caller to see, who knows what was signed.
            let is_shorter = !closed && nth == 8;
            assert!(is_shorter || journal.examined(&disk) == Met::Named, "closed: {closed}, change {nth}");
        }
        for more in [1, 16, 144, 512] {
            let disk = journal.disk.copy();
            disk.tamper(&journal.path, |bytes| bytes.resize(bytes.len() + more, 0));
            let met = tally.other(journal.met(&disk, journal.covered));
            assert_eq!(met, Met::Named, "closed: {closed}, {more} bytes more");
        }
    }
    println!("{tally}");
}

#[test]
fn an_operator_who_accepts_a_damaged_last_frame_loses_that_frame_alone() {
    let journal = Small::make(false);
    for offset in (journal.last_frame..journal.end).step_by(5) {
        let disk = journal.disk.copy();
        disk.tamper(&journal.path, |bytes| bytes[offset] ^= 1);
        let (opened, found) = open_and_read(&disk, Covered::default(), TornTail::Accept).unwrap();
        assert_eq!(found, journal.stored[..journal.before_last_frame]);
        let [cut] = opened.cut.as_slice() else { panic!("one cut") };
        assert_eq!((cut.offset, cut.cause), (journal.last_frame as u64, CutCause::Accepted));
        assert_eq!(
            disk.read(&cut.file).unwrap(),
            disk.read(&journal.path).map(|_| tampered(&journal, offset)).unwrap()
        );
    }
}

#[test]
fn a_file_cut_at_any_byte_stops_the_start() {
    let tally = Tally::of("journal that is cut");
    for closed in [true, false] {
        let journal = Small::make(closed);
        let lengths = (0..(journal.end + 700).min(journal.length())).chain((journal.end..journal.length()).step_by(41));
        for length in lengths {
            for covered in [Covered::default(), journal.covered] {
                let disk = journal.disk.copy();
                disk.tamper(&journal.path, |bytes| bytes.truncate(length));
                assert_eq!(tally.cut(journal.met(&disk, covered)), Met::Named, "closed: {closed}, cut to {length}");
            }
        }
    }
    println!("{tally}");
}

#[test]
fn a_flipped_bit_of_an_older_segment_is_found_by_the_start_or_the_scrub_and_never_misread() {
    let journal = Small::make(true);
    // A second life: the last segment now is another one.
    let (opened, _) = open(&journal.disk, journal.covered, TornTail::Ask).unwrap();
    assert_eq!(opened.stored(), journal.stored);
    let disk = journal.disk.copy();
    // No later segment counts on the close mark, so a flip in it has no effect any more.
    for offset in 0..journal.end {
        let disk = disk.copy();
        disk.tamper(&journal.path, |bytes| bytes[offset] ^= 1 << (offset % 8));
        let Ok((opened, _)) = open(&disk, Covered::default(), TornTail::Ask) else {
            continue;
        };
        let reader = opened.0.reader();
        for (index, expected) in (0..).zip(&journal.stored) {
            if let Ok(stored) = reader.read(index) {
                assert_eq!(stored, *expected, "byte {offset} is misread");
            }
        }
        let replayed = reader.replay(0).map_while(Result::ok).flat_map(|batch| batch.stored).collect::<Vec<_>>();
        assert!(journal.stored.starts_with(&replayed), "byte {offset} is misread");
        let found = scrub(&reader, |_| ControlFlow::Continue(()));
        assert!(matches!(found, Err(JournalError::Damaged { .. })), "byte {offset} is not found");
    }
}

#[test]
fn random_damage_of_many_bytes_is_never_misread() {
    let mut random = 1_u64;
    let mut below = |bound: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % bound
    };
    for closed in [true, false] {
        let journal = Small::make(closed);
        for _ in 0..500 {
            let disk = journal.disk.copy();
            disk.tamper(&journal.path, |bytes| {
                for _ in 0..=below(3) {
                    let (from, to, length) = (below(bytes.len()), below(bytes.len()), 1 + below(700));
                    let source = bytes[from..(from + length).min(bytes.len())].to_owned();
                    let (kind, value) = (below(4), below(256) as u8);
                    for (byte, other) in bytes[to..].iter_mut().zip(source) {
                        *byte = [0, other, *byte ^ value, value][kind];
                    }
                }
            });
            // What looks as a crash leaves it may be cut, but nothing that was signed.
            if let Ok((_, found)) = open_and_read(&disk, journal.covered, TornTail::Accept) {
                assert_eq!(found, journal.stored);
            }
            if let Ok((_, found)) = open_and_read(&disk, Covered::default(), TornTail::Ask) {
                assert!(journal.stored.starts_with(&found), "misread");
            }
        }
    }
}

/// A journal of three batches in one segment.
struct Small {
    disk: SimulatedDisk,
    path: String,
    stored: Vec<Stored>,
    covered: Covered,
    /// Where the frames of the batches lie.
    frames: Vec<std::ops::Range<usize>>,
    /// Where the last batch's frame begins, and the entries before it.
    last_frame: usize,
    before_last_frame: usize,
    /// Where the frames end.
    end: usize,
}

impl Small {
    fn make(close: bool) -> Self {
        let disk = SimulatedDisk::new(1);
        let (Opener(mut journal), _) = open(&disk, Covered::default(), TornTail::Ask).unwrap();
        let mut stored = Vec::new();
        let path = format!("journal/{}", disk.list("journal").unwrap()[0]);
        let (mut last_frame, mut before_last_frame, mut frames) = (0, 0, Vec::new());
        for batch in [vec![input(0, 5), input(1, 40)], vec![input(2, 0)], vec![input(3, 30), input(4, 7)]] {
            last_frame = used(&disk, &path);
            before_last_frame = stored.len();
            journal.commit(&batch).unwrap();
            frames.push(last_frame..used(&disk, &path));
            let items = batch.into_iter().map(|input| Stored {
                entry: input.entry,
                opening: input.opening,
                record: input.record,
            });
            stored.extend(items);
        }
        let end = used(&disk, &path);
        let checkpoint: (u64, TreeHash) = (journal.next_index(), journal.tree().root());
        let view: (u64, ChainHash) = (journal.next_index(), journal.chain());
        let covered = Covered { checkpoint: Some(checkpoint), view: Some(view), record: None };
        if close {
            journal.close().unwrap();
        }
        Self { disk: disk.after_power_failure(), path, stored, covered, frames, last_frame, before_last_frame, end }
    }

    fn length(&self) -> usize {
        self.disk.read(&self.path).unwrap().len()
    }

    /// Calls `check` with every bit before `end`, on two threads.
    fn for_each(&self, end: usize, check: impl Fn(usize, usize) + Sync) {
        let half = |from: usize| (from..end).step_by(2).for_each(|offset| (0..8).for_each(|bit| check(offset, bit)));
        std::thread::scope(|scope| {
            scope.spawn(|| half(0));
            half(1);
        });
    }

    fn flipped(&self, offset: usize, bit: usize, covered: Covered) -> Met {
        let disk = self.disk.copy();
        disk.tamper(&self.path, |bytes| bytes[offset] ^= 1 << bit);
        self.met(&disk, covered)
    }

    fn met(&self, disk: &SimulatedDisk, covered: Covered) -> Met {
        match open_and_read(disk, covered, TornTail::Ask) {
            Err(JournalError::Ambiguous { site }) => {
                assert_eq!(site.offset, self.last_frame as u64);
                Met::Ambiguous
            }
            Err(error) => {
                assert!(!matches!(error, JournalError::Io { .. } | JournalError::NotSealed), "{error}");
                // What was signed and is not there has no place.
                let is_gone = matches!(error, JournalError::CheckpointAhead { .. });
                assert!(is_gone || error.to_string().contains(&self.path), "no place in: {error}");
                Met::Named
            }
            Ok((_, found)) => {
                assert_eq!(found, self.stored, "misread");
                Met::NoEffect
            }
        }
    }

    /// What a check finds, which changes nothing.
    fn examined(&self, disk: &SimulatedDisk) -> Met {
        let before = disk.read(&self.path).unwrap();
        let examined = examine(Arc::new(disk.clone()), keys(), origin());
        assert!(disk.read(&self.path).unwrap() == before, "a check changes nothing");
        let Ok(Examined { reader, end, torn, beside, .. }) = examined else { return Met::Named };
        let replayed: Vec<_> = reader.replay(0).map_while(Result::ok).flat_map(|batch| batch.stored).collect();
        assert!(self.stored.starts_with(&replayed), "misread");
        let is_whole = matches!(scrub(&reader, |_| ControlFlow::Continue(())), Ok(Scrubbed::Whole(_)));
        let is_clean = is_whole && end.is_none() && torn.is_none() && beside.is_empty();
        if is_clean && replayed == self.stored { Met::NoEffect } else { Met::Named }
    }
}

struct Opener(Journal);

impl Opener {
    fn stored(&self) -> Vec<Stored> {
        self.0.reader().replay(0).flat_map(|batch| batch.unwrap().stored).collect()
    }
}

fn open(disk: &SimulatedDisk, covered: Covered, torn_tail: TornTail) -> Result<(Opener, Opened), JournalError> {
    let options = Options { segment_len: 8 << 10 };
    let opened = Journal::open(Arc::new(disk.clone()), keys(), origin(), covered, torn_tail, options)?;
    Ok((Opener(opened.0), opened.1))
}

fn open_and_read(
    disk: &SimulatedDisk,
    covered: Covered,
    torn_tail: TornTail,
) -> Result<(Opened, Vec<Stored>), JournalError> {
    open(disk, covered, torn_tail).map(|(journal, opened)| (opened, journal.stored()))
}

/// The damaged frame's bytes as they were cut off.
fn tampered(journal: &Small, offset: usize) -> Vec<u8> {
    let mut bytes = journal.disk.read(&journal.path).unwrap()[journal.last_frame..journal.end].to_owned();
    bytes[offset - journal.last_frame] ^= 1;
    bytes
}

fn used(disk: &SimulatedDisk, path: &str) -> usize {
    let bytes = disk.read(path).unwrap();
    bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| (last + 1).next_multiple_of(16))
}

fn input(number: u8, length: usize) -> SealedInput {
    let (opening, record) = (Opening([number; 32]), vec![b'a' + number; length]);
    SealedInput { entry: Entry::commit(&origin(), &opening, &record), opening, record }
}

fn keys() -> JournalKeys {
    JournalKeys::new(1, SecretKey::from_bytes([7; 32]))
}

fn origin() -> Origin {
    Origin::parse("log.example/bits").unwrap()
}
