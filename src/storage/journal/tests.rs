//! The journal from outside: what it stores, what it refuses, and what it says at a start.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::pure::tlog::leaf::{Entry, Opening, Origin};
use crate::storage::disk::{Disk, Fault, RealDisk, SimulatedDisk};
use crate::storage::seal::secret::SecretKey;

use super::*;

const SEGMENT_LEN: u64 = 8 << 10;

#[test]
fn what_is_committed_is_read_back_from_real_files_across_segments_and_starts() {
    let folder = tempfile::tempdir().unwrap();
    let mut expected = Vec::new();
    for life in 0..3 {
        let disk = Arc::new(RealDisk::open(folder.path()).unwrap());
        let (mut journal, opened) =
            Journal::open(disk, keys(), origin(), Covered::default(), TornTail::Ask, options()).unwrap();
        assert_eq!((opened.next_index, opened.clean), (expected.len() as u64, life != 2));
        for _ in 0..20 {
            let batch = vec![input(expected.len(), 300), input(expected.len() + 1, 5)];
            journal.commit(&batch).unwrap();
            expected.extend(batch);
        }
        let reader = journal.reader();
        for (index, expected) in (0..).zip(&expected) {
            assert_eq!(reader.read(index).unwrap().record, expected.record);
        }
        let number = expected.len();
        for range in [0..number, 0..1, 1..2, 7..number - 7, number - 1..number, 3..3] {
            let entries: Vec<_> = expected[range.clone()].iter().map(|input| input.entry).collect();
            assert_eq!(reader.entries(range.start as u64..range.end as u64).unwrap(), entries, "{range:?}");
        }
        assert!(matches!(reader.entries(3..number as u64 + 1), Err(JournalError::Beyond { .. })));
        let whole = Progress { verified: expected.len() as u64, total: expected.len() as u64 };
        assert_eq!(scrub(&reader, |_| ControlFlow::Continue(())).unwrap(), Scrubbed::Whole(whole));
        if life == 0 {
            journal.close().unwrap();
        }
    }
    assert!(folder.path().join("journal").read_dir().unwrap().count() > 3, "segments were full on the way");
}

#[test]
fn a_replay_begins_inside_a_batch_and_ends_with_what_was_committed_when_it_began() {
    let disk = SimulatedDisk::new(1);
    let mut journal = start(&disk);
    let batches: Vec<Vec<_>> = vec![vec![input(0, 1)], vec![input(1, 1), input(2, 1), input(3, 1)], vec![input(4, 1)]];
    let committed: Vec<_> = batches.iter().map(|batch| journal.commit(batch).unwrap()).collect();
    let replay = journal.reader().replay(2);
    journal.commit(&[input(5, 1)]).unwrap();

    let replayed: Vec<_> = replay.map(Result::unwrap).collect();
    let places: Vec<_> =
        replayed.iter().map(|batch| (batch.first_index, batch.stored.len(), batch.chain_after)).collect();
    assert_eq!(places, [(2, 2, committed[1].chain), (4, 1, committed[2].chain)]);
    assert_eq!(journal.reader().replay(6).count(), 0);
    assert!(matches!(journal.reader().read(6), Err(JournalError::Beyond { index: 6, next_index: 6 })));
}

#[test]
fn a_reader_on_another_thread_sees_each_commit() {
    let disk = SimulatedDisk::new(1);
    let mut journal = start(&disk);
    let (reader, done) = (journal.reader(), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Acquire) {
                let next_index = reader.next_index();
                if next_index > 0 {
                    assert_eq!(reader.read(next_index - 1).unwrap().record, input(next_index as usize - 1, 50).record);
                }
            }
        });
        for number in 0..200 {
            journal.commit(&[input(number, 50)]).unwrap();
        }
        done.store(true, Ordering::Release);
    });
    assert_eq!(journal.reader().replay(0).count(), 200);
}

#[test]
fn an_examination_tells_a_torn_end_from_a_flipped_one_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let disk = || Arc::new(RealDisk::open(folder.path()).unwrap());
    let open = || Journal::open(disk(), keys(), origin(), Covered::default(), TornTail::Ask, options()).unwrap();
    let examined = || examine(disk(), keys(), origin()).unwrap();
    let (mut journal, _) = open();
    for number in 0..3 {
        journal.commit(&[input(number, 700)]).unwrap();
    }
    drop(journal);
    let segment = folder.path().join("journal/00000000000000000000-0000000000.segment");
    let whole = std::fs::read(&segment).unwrap();
    let end = whole.iter().rposition(|byte| *byte != 0).unwrap();
    assert!(examined().end.is_none() && examined().torn.is_none());
    assert_eq!(examined().reader.next_index(), 3);

    let mut flipped = whole.clone();
    flipped[end - 100] ^= 1;
    std::fs::write(&segment, &flipped).unwrap();
    assert!(matches!(examined().end, Some(JournalError::Ambiguous { .. })));
    assert_eq!(examined().reader.next_index(), 2);

    let mut torn = whole.clone();
    torn[end - 31..=end].fill(0);
    std::fs::write(&segment, &torn).unwrap();
    assert!(matches!(examined(), Examined { end: None, torn: Some((Site { index: 2, .. }, _)), .. }));
    assert_eq!(std::fs::read(&segment).unwrap(), torn, "nothing was changed");

    // The next start cuts it; what it keeps of that is examined from then on.
    open().0.close().unwrap();
    assert!(examined().beside.is_empty() && examined().torn.is_none());
    let copy = folder.path().join("cut").read_dir().unwrap().next().unwrap().unwrap().path();
    let mut cut = std::fs::read(&copy).unwrap();
    cut[5] ^= 1;
    std::fs::write(&copy, &cut).unwrap();
    assert!(matches!(&examined().beside[..], [JournalError::CutCopy { .. }]));
    cut[5] ^= 1;
    std::fs::write(&copy, &cut).unwrap();
    let kept = std::fs::read(&segment).unwrap();
    std::fs::write(&segment, [&kept[..], b"more"].concat()).unwrap();
    assert!(matches!(&examined().beside[..], [JournalError::Remainder { .. }]));
    // As a crash before the file was shortened leaves it: with the tail that was cut, and zeros.
    std::fs::write(&segment, [&kept[..], &cut[..], &[0; 64]].concat()).unwrap();
    assert!(examined().beside.is_empty());
}

#[test]
fn a_lookup_finds_every_entry_of_a_segment_that_was_not_walked_at_the_start() {
    let disk = SimulatedDisk::new(1);
    let large = Options { segment_len: 1 << 20 };
    let open =
        |covered| Journal::open(Arc::new(disk.clone()), keys(), origin(), covered, TornTail::Ask, large).unwrap().0;
    let mut journal = open(Covered::default());
    for number in 0..300 {
        journal.commit(&[input(number, 1000)]).unwrap();
    }
    journal.close().unwrap();
    open(Covered::default()).close().unwrap();
    let reader = open(Covered::default()).reader();
    for index in (0..300).rev().step_by(13).chain([0]) {
        assert_eq!(reader.read(index).unwrap().record, input(index as usize, 1000).record);
    }
}

#[test]
fn limits_are_refused_and_leave_the_journal_usable() {
    let disk = SimulatedDisk::new(1);
    let mut journal = start(&disk);
    let wrong = SealedInput { record: b"another".to_vec(), ..input(0, 3) };
    assert!(matches!(journal.commit(&[]), Err(CommitError::Empty)));
    assert!(matches!(journal.commit(&[input(0, MAX_RECORD_LEN + 1)]), Err(CommitError::RecordTooLong { .. })));
    assert!(matches!(journal.commit(&[input(0, 8000)]), Err(CommitError::BatchTooLarge { entries: 1, .. })));
    assert!(matches!(journal.commit(&[input(0, 1), wrong]), Err(CommitError::WrongEntry { position: 1 })));
    assert_eq!(journal.commit(&[input(0, 7000)]).unwrap().next_index, 1);

    let large = Options { segment_len: 32 << 20 };
    let disk = Arc::new(SimulatedDisk::new(1));
    let mut journal = Journal::open(disk, keys(), origin(), Covered::default(), TornTail::Ask, large).unwrap().0;
    let many: Vec<_> = (0..MAX_BATCH_ENTRIES + 1).map(|number| input(number, 1)).collect();
    assert!(matches!(journal.commit(&many), Err(CommitError::BatchTooLarge { .. })));
    journal.commit(&many[1..]).unwrap();
    let longest: Vec<_> = (0..250).map(|number| input(number, MAX_RECORD_LEN)).collect();
    assert!(frame_len(longest.iter().map(|input| input.record.len())) <= MAX_FRAME_LEN);
    journal.commit(&longest).unwrap();
    assert_eq!(journal.reader().read(1024 + 249).unwrap().record.len(), MAX_RECORD_LEN);
}

#[test]
fn a_full_disk_refuses_the_batch_and_the_next_commit_succeeds_when_space_returns() {
    let disk = SimulatedDisk::new(1);
    let mut journal = start(&disk);
    journal.commit(&[input(0, 6000)]).unwrap();
    // A commit that begins a segment removes the leftover, creates the file, and preallocates it.
    disk.fail_call(disk.calls() + 2, Fault::NoSpace);
    assert!(matches!(journal.commit(&[input(1, 6000)]), Err(CommitError::NoSpace)));
    assert_eq!(journal.next_index(), 1);
    assert_eq!(disk.list("journal").unwrap().len(), 1, "nothing half-made is left");
    assert_eq!(journal.commit(&[input(1, 6000)]).unwrap().first_index, 1);
    assert_eq!(journal.reader().read(1).unwrap().record, input(1, 6000).record);
}

#[test]
fn a_failed_sync_stops_the_journal_and_a_start_finds_out_what_was_stored() {
    let disk = SimulatedDisk::new(1);
    let mut journal = start(&disk);
    journal.commit(&[input(0, 10)]).unwrap();
    disk.fail_call(disk.calls() + 1, Fault::Io);
    assert!(matches!(journal.commit(&[input(1, 10)]), Err(CommitError::Fatal(_))));
    assert!(matches!(journal.commit(&[input(1, 10)]), Err(CommitError::Stopped)));
    assert_eq!(journal.reader().next_index(), 1);
    // The cache holds the whole frame, so it counts, and the start makes it durable before it says so.
    let disk = disk.after_kill();
    assert_eq!(start(&disk).next_index(), 2);
    assert_eq!(start(&disk.after_power_failure()).next_index(), 2);
}

#[test]
fn the_start_says_where_the_view_stands() {
    let disk = SimulatedDisk::new(1);
    let mut journal = start(&disk);
    let first = journal.commit(&[input(0, 1), input(1, 1)]).unwrap();
    let second = journal.commit(&[input(2, 1)]).unwrap();
    let open = |view| try_start(&disk.copy(), Covered { view: Some(view), checkpoint: None, record: None });
    let state = |view| open(view).unwrap().1.view;
    assert_eq!(state((3, second.chain)), ViewState::Current);
    assert_eq!(state((2, first.chain)), ViewState::Behind);
    assert_eq!(state((0, ChainHash::first(&origin()))), ViewState::Behind);
    assert_eq!(state((2, second.chain)), ViewState::Unknown);
    assert_eq!(state((1, first.chain)), ViewState::Unknown, "no batch ends there");
    assert!(matches!(open((4, second.chain)), Err(JournalError::ViewAhead { view: 4, next_index: 3 })));
}

#[test]
fn the_start_holds_the_journal_to_the_signed_checkpoint() {
    let disk = SimulatedDisk::new(1);
    let mut journal = start(&disk);
    let mut roots = vec![journal.tree().root()];
    for number in 0..5 {
        roots.push(journal.commit(&[input(number, 1)]).unwrap().root);
    }
    journal.commit(&[input(5, 1), input(6, 1)]).unwrap();
    let mut within = journal.tree().clone();
    let open =
        |size, root| try_start(&disk.copy(), Covered { checkpoint: Some((size, root)), view: None, record: None });
    for (size, root) in (0..).zip(&roots) {
        open(size, *root).unwrap();
    }
    assert!(matches!(open(3, roots[4]), Err(JournalError::CheckpointDiffers { size: 3 })));
    assert!(matches!(open(6, roots[5]), Err(JournalError::CheckpointDiffers { size: 6 })), "within a batch");
    within.push(input(7, 1).entry.leaf_hash());
    assert!(matches!(open(8, within.root()), Err(JournalError::CheckpointAhead { size: 8, next_index: 7 })));
}

#[test]
fn a_torn_tail_is_moved_aside_and_reported_until_an_entry_is_committed() {
    let disk = SimulatedDisk::new(1);
    let mut journal = start(&disk);
    let whole = journal.commit(&[input(0, 100)]).unwrap();
    journal.commit(&[input(1, 900)]).unwrap();
    let covering = Covered { checkpoint: Some((2, journal.tree().root())), view: None, record: None };
    let name = disk.list("journal").unwrap().remove(0);
    // The last frame's sector from byte 1024 on was never written.
    disk.tamper(&format!("journal/{name}"), |bytes| bytes[1024..1536].fill(0));
    assert!(matches!(try_start(&disk, covering), Err(JournalError::TailNeeded { .. })));

    let covered = Covered { checkpoint: Some((1, whole.root)), view: None, record: None };
    let (_, opened) = try_start(&disk, covered).unwrap();
    let [cut] = opened.cut.as_slice() else { panic!("one cut") };
    assert_eq!((opened.next_index, &cut.segment, cut.cause), (1, &name, CutCause::Torn));
    assert_eq!(disk.read(&cut.file).unwrap().len() as u64, cut.length);
    // The caller crashed before it recorded the cut: it is reported again, and no longer once it did.
    let (mut journal, again) = try_start(&disk, covered).unwrap();
    assert_eq!(again.cut, opened.cut);
    journal.commit(&[input(1, 5)]).unwrap();
    assert_eq!(try_start(&disk, covered).unwrap().1.cut, []);
}

#[test]
fn missing_swapped_foreign_and_stray_files_are_named() {
    let disk = SimulatedDisk::new(1);
    for life in 0..3 {
        start(&disk).commit(&[input(life, 10)]).unwrap();
    }
    let names: Vec<_> = disk.list("journal").unwrap().iter().map(|name| format!("journal/{name}")).collect();
    let broken = |break_it: &dyn Fn(&SimulatedDisk)| {
        let disk = disk.copy();
        break_it(&disk);
        try_start(&disk, Covered::default()).map(|_| ()).unwrap_err()
    };
    let missing = broken(&|disk| disk.remove(&names[1]).unwrap());
    assert!(matches!(missing, JournalError::MissingSegment { ordinal: 1 }), "{missing}");
    let missing = broken(&|disk| disk.remove(&names[0]).unwrap());
    assert!(matches!(missing, JournalError::MissingSegment { ordinal: 0 }), "{missing}");
    let swapped = broken(&|disk| {
        let content = (disk.read(&names[0]).unwrap(), disk.read(&names[1]).unwrap());
        disk.swap(&names[0], &content.1).unwrap();
        disk.swap(&names[1], &content.0).unwrap();
    });
    assert!(matches!(swapped, JournalError::SwappedSegment { .. }), "{swapped}");
    let stray = broken(&|disk| drop(disk.create("journal/copy of a segment").unwrap()));
    assert!(matches!(stray, JournalError::StrayFile { .. }), "{stray}");
    let shortened = broken(&|disk| {
        disk.tamper(&names[0], |bytes| bytes.truncate(600));
    });
    assert!(matches!(shortened, JournalError::Truncated { .. }), "{shortened}");
    let longer = broken(&|disk| {
        disk.tamper(&names[2], |bytes| bytes.push(0));
    });
    assert!(matches!(longer, JournalError::Overlong { .. }), "{longer}");

    let other = Origin::parse("log.example/other").unwrap();
    let open = |keys, origin| {
        let disk = Arc::new(disk.copy());
        Journal::open(disk, keys, origin, Covered::default(), TornTail::Ask, options()).map(|_| ()).unwrap_err()
    };
    assert!(matches!(open(keys(), other), JournalError::OtherLog { .. }));
    let wrong_key = JournalKeys::new(1, SecretKey::from_bytes([8; 32]));
    assert!(matches!(open(wrong_key, origin()), JournalError::DamagedHeader { .. }));
    let later_key = JournalKeys::new(2, SecretKey::from_bytes([8; 32]));
    assert!(matches!(open(later_key, origin()), JournalError::UnknownEpoch { epoch: 1, .. }));
}

#[test]
fn a_new_key_epoch_seals_new_segments_and_the_old_ones_stay_readable() {
    let disk = SimulatedDisk::new(1);
    start(&disk).commit(&[input(0, 10)]).unwrap();
    let rotated = JournalKeys::new(2, SecretKey::from_bytes([8; 32])).with_other(1, SecretKey::from_bytes([7; 32]));
    let open = || {
        let disk = Arc::new(disk.clone());
        Journal::open(disk, rotated.clone(), origin(), Covered::default(), TornTail::Ask, options()).unwrap().0
    };
    open().commit(&[input(1, 10)]).unwrap();
    let reader = open().reader();
    assert_eq!([0, 1].map(|index| reader.read(index).unwrap().record), [0, 1].map(|index| input(index, 10).record));
}

#[test]
fn a_log_goes_on_under_another_name_and_its_old_entries_stay_readable() {
    let disk = SimulatedDisk::new(1);
    start(&disk).commit(&[input(0, 10), input(1, 10)]).unwrap();
    let new = Origin::parse("log.example/renamed").unwrap();
    let succeed = |name: &Origin, old: &Origin| {
        Journal::succeed(Arc::new(disk.clone()), keys(), name.clone(), old, TornTail::Ask, options())
    };
    // Broken off before its first entry, it can be begun again.
    for _ in 0..2 {
        let opened = succeed(&new, &origin()).unwrap().1;
        assert_eq!((opened.origin_since, opened.predecessors.as_slice()), (2, [origin()].as_slice()));
    }
    assert!(matches!(try_start(&disk, Covered::default()), Err(JournalError::OtherLog { .. })), "the old name ends");
    let open =
        || Journal::open(Arc::new(disk.clone()), keys(), new.clone(), Covered::default(), TornTail::Ask, options());
    let mut journal = open().unwrap().0;
    let (opening, record) = (Opening([9; 32]), b"under the new name".to_vec());
    let entry = Entry::commit(&new, &opening, &record);
    journal.commit(&[SealedInput { entry, opening, record }]).unwrap();
    assert!(matches!(journal.commit(&[input(3, 1)]), Err(CommitError::WrongEntry { .. })), "the old name is over");
    let (journal, opened) = open().unwrap();
    assert_eq!(opened.origin_since, 2);
    assert_eq!(
        [0, 1].map(|index| journal.reader().read(index).unwrap().record),
        [0, 1].map(|index| input(index, 10).record)
    );
    let whole = Progress { verified: 3, total: 3 };
    assert_eq!(scrub(&journal.reader(), |_| ControlFlow::Continue(())).unwrap(), Scrubbed::Whole(whole));
    let names: Vec<_> = journal.reader().replay(0).map(|batch| batch.unwrap().origin).collect();
    assert_eq!(names, [origin(), new.clone()]);
    assert!(matches!(succeed(&origin(), &new), Err(JournalError::NameUsedBefore { .. })));
}

#[test]
fn what_is_recorded_elsewhere_must_be_held_as_well() {
    let disk = SimulatedDisk::new(1);
    let mut journal = start(&disk);
    let roots: Vec<_> = (0..4).map(|number| journal.commit(&[input(number, 1)]).unwrap().root).collect();
    let open = |checkpoint, record| {
        try_start(&disk.copy(), Covered { checkpoint: Some(checkpoint), record: Some(record), view: None }).map(drop)
    };
    open((4, roots[3]), (2, roots[1])).unwrap();
    open((1, roots[0]), (4, roots[3])).unwrap();
    assert!(matches!(open((4, roots[3]), (2, roots[0])), Err(JournalError::CheckpointDiffers { size: 2 })));
    assert!(matches!(
        open((1, roots[0]), (5, roots[3])),
        Err(JournalError::CheckpointAhead { size: 5, next_index: 4 })
    ));
}

#[test]
fn a_scrub_stops_when_told() {
    let disk = SimulatedDisk::new(1);
    let mut journal = start(&disk);
    for number in 0..3 {
        journal.commit(&[input(number, 1)]).unwrap();
    }
    let stopped = scrub(&journal.reader(), |_| ControlFlow::Break(())).unwrap();
    assert_eq!(stopped, Scrubbed::Stopped(Progress { verified: 1, total: 3 }));
}

#[test]
fn nothing_of_a_record_lies_on_the_disk_in_the_clear() {
    let disk = SimulatedDisk::new(1);
    let (opening, record) = (Opening([3; 32]), b"a statement that must not be seen".to_vec());
    let entry = Entry::commit(&origin(), &opening, &record);
    start(&disk).commit(&[SealedInput { entry, opening, record: record.clone() }]).unwrap();
    let bytes = disk.read(&format!("journal/{}", disk.list("journal").unwrap()[0])).unwrap();
    assert!(!bytes.windows(record.len()).any(|window| window == record));
    assert!(!bytes.windows(32).any(|window| window == opening.0));
}

fn start(disk: &SimulatedDisk) -> Journal {
    try_start(disk, Covered::default()).unwrap().0
}

fn try_start(disk: &SimulatedDisk, covered: Covered) -> Result<(Journal, Opened), JournalError> {
    Journal::open(Arc::new(disk.clone()), keys(), origin(), covered, TornTail::Ask, options())
}

fn keys() -> JournalKeys {
    JournalKeys::new(1, SecretKey::from_bytes([7; 32]))
}

fn options() -> Options {
    Options { segment_len: SEGMENT_LEN }
}

fn origin() -> Origin {
    Origin::parse("log.example/tests").unwrap()
}

fn input(number: usize, length: usize) -> SealedInput {
    let (opening, record) = (Opening([number as u8; 32]), vec![b'a' + (number % 26) as u8; length]);
    SealedInput { entry: Entry::commit(&origin(), &opening, &record), opening, record }
}
