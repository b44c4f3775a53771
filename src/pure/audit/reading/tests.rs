//! Small logs, read honestly and with one lie each.

use std::convert::Infallible;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::pure::tlog::policy::Policy;
use crate::pure::tlog::signer::Ed25519Signer;
use crate::pure::tlog::verifier_key::KeyName;

const ORIGIN: &str = "log.example/strongroom";
const OLD_ORIGIN: &str = "log.example/strongroom-before";

/// What a server hands out, and the log that it should come from.
struct Log {
    records: Vec<Value>,
    openings: Vec<String>,
    levels: Vec<Vec<TreeHash>>,
}

impl HashSource for Log {
    type Error = Infallible;

    fn hash(&self, level: u8, index: u64) -> Result<TreeHash, Infallible> {
        Ok(self.levels[usize::from(level)][index as usize])
    }
}

impl Log {
    fn of(size: u64) -> Self {
        Self::with(size, |_| ())
    }

    /// A log whose records are changed before they are committed to.
    fn with(size: u64, change: impl Fn(&mut Value)) -> Self {
        let mut records: Vec<_> =
            (0..size).map(|index| json!({"v": 1, "index": index, "origin": ORIGIN, "outcome": "done"})).collect();
        records.iter_mut().for_each(change);
        let openings: Vec<_> = (0..size).map(|index| hex::encode([index as u8; 32])).collect();
        let mut log = Self { records, openings, levels: Vec::new() };
        let leaves = (0..size).map(|index| log.entry(index).leaf(&log.committed_under(index)).unwrap()).collect();
        log.levels.push(leaves);
        while let Some(below) = log.levels.last().filter(|below| below.len() > 1) {
            let above = below.as_chunks().0.iter().map(|[left, right]| TreeHash::of_node(left, right)).collect();
            log.levels.push(above);
        }
        log
    }

    fn entry(&self, index: u64) -> OpenedEntry<'_> {
        let at = index as usize;
        OpenedEntry { index, record: &self.records[at], opening: &self.openings[at] }
    }

    /// The log's name as the record has it, where that is one that this log ever had.
    fn committed_under(&self, index: u64) -> Origin {
        let is_old = self.records[index as usize]["origin"] == OLD_ORIGIN;
        if is_old { Origin::parse(OLD_ORIGIN).unwrap() } else { origin() }
    }

    fn checkpoint(&self, size: u64) -> Checkpoint {
        let mut tree = Tree::empty();
        self.levels[0][..size as usize].iter().for_each(|leaf| tree.push(*leaf));
        Checkpoint { origin: origin(), size, root: tree.root() }
    }

    /// What reading `from..end` under the checkpoint of the whole log finds.
    fn read(&self, from: u64, end: u64) -> Result<(), Discrepancy> {
        self.read_by(&trust(&[]), from, end)
    }

    /// The same, for someone who has keys.
    fn read_by(&self, trust: &Trust, from: u64, end: u64) -> Result<(), Discrepancy> {
        let checkpoint = self.checkpoint(self.levels[0].len() as u64);
        let mut run = Run::begin(from, self).unwrap();
        let read = (from..end).try_for_each(|index| run.take(&self.entry(index), &checkpoint, trust, self));
        read.and_then(|()| run.finish(end, &checkpoint, self)).map_err(wrong)
    }
}

fn origin() -> Origin {
    Origin::parse(ORIGIN).unwrap()
}

/// Trust in a key of each of these logs.
fn trust(names: &[&str]) -> Trust {
    let key = |name: &&str| Ed25519Signer::from_seed(KeyName::parse(name).unwrap(), &[1; 32]).unwrap();
    Trust::new(names.iter().map(|name| key(name).verifier_key().clone()).collect(), Policy::default())
}

fn wrong(error: Unverified<Infallible>) -> Discrepancy {
    match error {
        Unverified::Wrong(discrepancy) => discrepancy,
        Unverified::Source(never) => match never {},
    }
}

#[test]
fn every_run_of_an_honest_log_is_verified() {
    for size in 1..20 {
        let log = Log::of(size);
        for from in 0..=size {
            (from..=size).for_each(|end| assert_eq!(log.read(from, end), Ok(()), "{from} to {end} of {size}"));
        }
    }
}

#[test]
fn an_altered_record_or_opening_is_named() {
    let mut log = Log::of(11);
    log.records[7]["outcome"] = json!("refused");
    assert_eq!(log.read(0, 11), Err(Discrepancy::OtherEntry { index: 7 }));
    assert_eq!(log.read(3, 9), Err(Discrepancy::OtherEntry { index: 7 }));
    assert_eq!(log.read(8, 11), Ok(()), "what was read is as the log has it");
    let mut log = Log::of(11);
    log.records[2]["added"] = json!(null);
    assert_eq!(log.read(0, 11), Err(Discrepancy::OtherEntry { index: 2 }));
    let mut log = Log::of(11);
    log.openings[10] = hex::encode([0; 32]);
    assert_eq!(log.read(0, 11), Err(Discrepancy::OtherEntry { index: 10 }));
    for malformed in ["", "00", &"0".repeat(62), &"0".repeat(66), &"g".repeat(64)] {
        log.openings[4] = malformed.to_owned();
        assert_eq!(log.read(0, 11), Err(Discrepancy::Opening { index: 4 }));
    }
}

#[test]
fn what_is_left_out_doubled_or_swapped_is_named() {
    let log = Log::of(6);
    let checkpoint = log.checkpoint(6);
    for (order, expected) in [
        (&[0, 1, 3][..], Discrepancy::Missing { index: 2, instead: Some(3) }),
        (&[0, 1, 1], Discrepancy::Missing { index: 2, instead: Some(1) }),
        (&[1], Discrepancy::Missing { index: 0, instead: Some(1) }),
        (&[0, 1, 2, 3, 4], Discrepancy::Missing { index: 5, instead: None }),
    ] {
        let mut run = Run::begin(0, &log).unwrap();
        let read = order.iter().try_for_each(|index| run.take(&log.entry(*index), &checkpoint, &trust(&[]), &log));
        let found = read.and_then(|()| run.finish(6, &checkpoint, &log)).map_err(wrong);
        assert_eq!(found, Err(expected), "{order:?}");
    }
    let swapped = OpenedEntry { index: 0, ..log.entry(1) };
    let found = Run::begin(0, &log).unwrap().take(&swapped, &checkpoint, &trust(&[]), &log).map_err(wrong);
    assert_eq!(found, Err(Discrepancy::OtherEntry { index: 0 }));
}

#[test]
fn a_log_that_contradicts_itself_is_found_out() {
    let elsewhere = Log::with(3, |record| record["origin"] = json!("elsewhere.example"));
    assert_eq!(elsewhere.read(0, 3), Err(Discrepancy::RecordOfAnotherLog { index: 0 }));
    let shifted = Log::with(3, |record| record["index"] = json!(2));
    assert_eq!(shifted.read(0, 3), Err(Discrepancy::RecordOfAnotherIndex { index: 0 }));
}

#[test]
fn entries_of_before_the_log_took_another_name_are_read_with_a_key_of_the_old_one() {
    let mut log = Log::with(7, |record| {
        if record["index"].as_u64() < Some(4) {
            record["origin"] = json!(OLD_ORIGIN);
        }
    });
    for (from, end) in [(0, 7), (2, 5), (4, 7), (7, 7)] {
        assert_eq!(log.read_by(&trust(&[ORIGIN, OLD_ORIGIN]), from, end), Ok(()));
    }
    assert_eq!(log.read_by(&trust(&[ORIGIN]), 4, 7), Ok(()));
    assert_eq!(log.read_by(&trust(&[ORIGIN]), 2, 7), Err(Discrepancy::RecordOfAnotherLog { index: 2 }));
    // A changed name is no way to pass for an entry of before, nor to pass for one of now.
    for (index, name) in [(5, OLD_ORIGIN), (1, ORIGIN)] {
        let before = std::mem::replace(&mut log.records[index]["origin"], json!(name));
        let found = log.read_by(&trust(&[ORIGIN, OLD_ORIGIN]), 0, 7);
        assert_eq!(found, Err(Discrepancy::OtherEntry { index: index as u64 }));
        log.records[index]["origin"] = before;
    }
}

#[test]
fn a_tree_that_hashes_vouch_for_wrongly_is_not_the_checkpoints() {
    // The source of the hashes agrees with the entries; the checkpoint is of another log.
    let (log, mut checkpoint) = (Log::of(5), Log::of(5).checkpoint(5));
    checkpoint.root = TreeHash::of_leaf(b"another");
    let mut run = Run::begin(0, &log).unwrap();
    (0..5).for_each(|index| run.take(&log.entry(index), &checkpoint, &trust(&[]), &log).unwrap());
    assert_eq!(run.finish(5, &checkpoint, &log).map_err(wrong), Err(Discrepancy::OtherTree));
}

#[test]
fn one_entry_is_verified_by_itself_up_to_the_checkpoints_size() {
    let log = Log::of(9);
    let checkpoint = log.checkpoint(8);
    verify_included(&log.entry(7), &checkpoint, &trust(&[]), &log).unwrap();
    let beyond = verify_included(&log.entry(8), &checkpoint, &trust(&[]), &log).map_err(wrong);
    assert_eq!(beyond, Err(Discrepancy::NotCovered { index: 8, size: 8 }));
}

#[test]
fn a_log_extends_its_own_checkpoints_and_no_others() {
    let log = Log::of(12);
    for earlier in 0..=12 {
        for later in earlier..=12 {
            verify_extends(&log.checkpoint(earlier), &log.checkpoint(later), &log).unwrap();
        }
    }
    let forked = Log::with(12, |record| record["forked"] = json!(true));
    for (earlier, later) in [(5, 12), (8, 12), (12, 12), (12, 11)] {
        let found = verify_extends(&forked.checkpoint(earlier), &log.checkpoint(later), &log).map_err(wrong);
        assert_eq!(found, Err(Discrepancy::Rewritten), "{earlier} to {later}");
    }
    let found = verify_extends(&log.checkpoint(12), &log.checkpoint(11), &log).map_err(wrong);
    assert_eq!(found, Err(Discrepancy::Rewritten), "a log that shrank");
}

proptest! {
    /// JSON that was canonical comes out of other JSON writers and readers as the same canonical bytes.
    #[test]
    fn a_records_bytes_survive_the_way_through_json(number: u64, text: String, key in "[a-z_\u{e9}\u{10ffff}\u{ff61}]{0,6}") {
        let stored = canonical(&json!({"number": number, key: text, "deep": [{"max": u64::MAX, "none": null}]})).unwrap();
        let sent = serde_json::to_string(&serde_json::from_slice::<Value>(&stored).unwrap()).unwrap();
        let received: Value = serde_json::from_value(serde_json::from_str::<Value>(&sent).unwrap()).unwrap();
        prop_assert_eq!(canonical(&received).unwrap(), stored);
    }
}
