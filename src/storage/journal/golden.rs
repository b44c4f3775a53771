//! The bytes that are for ever: this release writes them, and reads them, as `tests/golden/journal` has them.

use std::sync::Arc;

use crate::pure::tlog::hash::sha256;
use crate::pure::tlog::leaf::{Entry, Opening, Origin};
use crate::pure::tlog::tree::Tree;
use crate::storage::disk::{Disk, SimulatedDisk};
use crate::storage::seal::frame::FrameSealer;
use crate::storage::seal::secret::SecretKey;

use super::batch::{MIN_FRAME_LEN, seal_batch, seal_close};
use super::segment::{CutMark, SegmentHeader};
use super::*;

const CLOSED_SEGMENT: &str = include_str!("../../../tests/golden/journal/closed-segment.hex");
const SECOND_HEADER: &str = include_str!("../../../tests/golden/journal/second-header.hex");
const RECORDS: [&str; 3] = [r#"{"v":1,"index":0}"#, "", r#"{"v":1,"text":"é"}"#];
const FIRST_NAME: &str = "journal/00000000000000000000-0000000000.segment";
const SECOND_NAME: &str = "journal/00000000000000000003-0000000001.segment";
const SEGMENT_LEN: u64 = 8192;

#[test]
fn this_release_writes_the_golden_bytes() {
    let (first, chain, tree) = closed_segment();
    assert_eq!(hex::encode(&first), joined(CLOSED_SEGMENT));
    assert_eq!(hex::encode(second_header((first.len() - MIN_FRAME_LEN) as u64, chain, tree)), joined(SECOND_HEADER));
}

#[test]
fn this_release_reads_the_golden_bytes() {
    let disk = SimulatedDisk::new(0);
    disk.create_directory(segment::DIRECTORY).unwrap();
    disk.create_directory("cut").unwrap();
    let mut second = hex::decode(joined(SECOND_HEADER)).unwrap();
    second.resize(SEGMENT_LEN as usize, 0);
    disk.swap(FIRST_NAME, &hex::decode(joined(CLOSED_SEGMENT)).unwrap()).unwrap();
    disk.swap(SECOND_NAME, &second).unwrap();

    let keys = JournalKeys::new(2, key(100)).with_other(1, key(0));
    let view = Some((0, ChainHash::first(&origin())));
    let (journal, opened) = Journal::open(
        Arc::new(disk),
        keys,
        origin(),
        Covered { checkpoint: None, view, record: None },
        TornTail::Ask,
        Options { segment_len: SEGMENT_LEN },
    )
    .unwrap();

    assert_eq!((opened.next_index, opened.view, opened.clean), (3, ViewState::Behind, false));
    let [cut] = opened.cut.as_slice() else { panic!("one cut") };
    assert_eq!((cut.length, cut.sha256, cut.cause), (48, sha256(&[0x99; 48]), CutCause::Torn));
    let reader = journal.reader();
    for (index, expected) in (0..).zip(inputs()) {
        let stored = reader.read(index).unwrap();
        assert_eq!((stored.entry, stored.opening, stored.record), (expected.entry, expected.opening, expected.record));
    }
}

fn closed_segment() -> (Vec<u8>, ChainHash, Tree) {
    let salt = std::array::from_fn(|place| 32 + place as u8);
    let mut sealer = FrameSealer::new(&key(0), &salt).unwrap();
    let (mut chain, mut tree, inputs) = (ChainHash::first(&origin()), Tree::empty(), inputs());
    let header = SegmentHeader {
        origin: origin(),
        epoch: 1,
        salt,
        ordinal: 0,
        previous_chain: chain,
        allocated: SEGMENT_LEN,
        previous_end: 0,
        cut: None,
        tree: tree.clone(),
    };
    let mut bytes = header.encode(&mut sealer).unwrap();
    for (id, batch) in [(0x40, &inputs[..2]), (0x41, &inputs[2..])] {
        batch.iter().for_each(|input| tree.push(input.entry.leaf_hash()));
        let frame = seal_batch(&mut sealer, [id; 16], chain, batch, &tree).unwrap();
        chain = chain.after(&frame);
        bytes.extend(frame);
    }
    bytes.extend(seal_close(&mut sealer, chain, &tree).unwrap());
    (bytes, chain, tree)
}

fn second_header(previous_end: u64, previous_chain: ChainHash, tree: Tree) -> Vec<u8> {
    let salt = std::array::from_fn(|place| 64 + place as u8);
    let cut = Some(CutMark { length: 48, sha256: sha256(&[0x99; 48]), cause: CutCause::Torn });
    let header = SegmentHeader {
        origin: origin(),
        epoch: 2,
        salt,
        ordinal: 1,
        previous_chain,
        allocated: SEGMENT_LEN,
        previous_end,
        cut,
        tree,
    };
    header.encode(&mut FrameSealer::new(&key(100), &salt).unwrap()).unwrap()
}

fn inputs() -> Vec<SealedInput> {
    let input = |(number, record): (u8, &str)| {
        let (opening, record) = (Opening([0x50 + number; 32]), record.as_bytes().to_owned());
        SealedInput { entry: Entry::commit(&origin(), &opening, &record), opening, record }
    };
    (0..).zip(RECORDS).map(input).collect()
}

fn key(first: u8) -> SecretKey {
    SecretKey::from_bytes(std::array::from_fn(|place| first + place as u8))
}

fn origin() -> Origin {
    Origin::parse("log.example/golden").unwrap()
}

fn joined(lines: &str) -> String {
    lines.split_whitespace().collect()
}
