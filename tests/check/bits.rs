//! One bit, in every file.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use strongroom::storage::disk::{Disk, RealDisk};
use strongroom::storage::journal::{self, JournalKeys, Scrubbed};
use strongroom::storage::seal::keys::{KeyEpoch, RootKey};

use crate::used::{Copy, each_flip, name};

#[test]
fn a_used_directory_is_clean_and_stays_as_it_is() {
    let copy = Copy::new();
    let before: Vec<_> = copy.files().iter().map(|file| (file.clone(), fs::read(file).unwrap())).collect();
    let report = copy.check();
    assert!(report.is_clean() && report.notes.is_empty(), "{report:?}");
    assert!(report.entries > 430 && report.segments == 4, "{report:?}");
    assert_eq!((report.files, report.checkpoints, report.versions, report.keys), (2, 1, 6, 12), "{report:?}");
    let after: Vec<_> = copy.files().iter().map(|file| (file.clone(), fs::read(file).unwrap())).collect();
    assert!(before == after, "a check changes no file");
}

/// The exception is `lock`, which is empty; the files of the view have a test of their own.
#[test]
fn a_flipped_bit_in_any_file_of_the_journal_the_log_or_the_documents_is_found() {
    let used = Copy::new();
    let mut flips = Vec::new();
    for file in used.files() {
        let (name, length) = (name(&used.data(), &file), fs::metadata(&file).unwrap().len());
        if name.starts_with("view/") || length == 0 {
            continue;
        }
        let samples = match name.as_str() {
            "checkpoint" => 14,
            // Segments have a test of their own, which goes over far more of them.
            segment if segment.starts_with("journal/") => 3,
            // Every blob and its keys go through the same code: the two ends, and the middle of the longest.
            _ if length < 100_000 => 2,
            _ => 3,
        };
        // Among them the first and the last byte.
        flips.extend((0..samples).map(|nth| (name.clone(), (length - 1) * nth / (samples - 1))));
    }
    assert!(flips.len() > 55 && flips.iter().any(|(name, _)| name.starts_with("tiles/entries/")));
    each_flip(&flips, |copy, name, offset| {
        let report = copy.check();
        assert!(!report.is_clean(), "byte {offset} of {name}: {report:?}");
        // Each finding says what to do.
        let remedies = ["restore", "remove the file", "start", "backup", "rebuild"];
        for finding in &report.findings {
            assert!(remedies.iter().any(|remedy| finding.contains(remedy)), "{finding}");
        }
    });
}

/// The engine leaves room in its files, and old pages: a flip there has no effect, which is that every fact is what the
/// journal makes. What a flip must never do is to go unnoticed and change a fact.
#[test]
fn a_flipped_bit_in_the_view_is_found_or_changes_no_fact() {
    let used = Copy::new();
    let mut flips = Vec::new();
    for file in used.files() {
        let (name, length) = (name(&used.data(), &file), fs::metadata(&file).unwrap().len());
        if name.starts_with("view/") {
            flips.extend((0..5).map(|nth| (name.clone(), (length - 1) * nth / 4)));
        }
    }
    let found = std::sync::atomic::AtomicUsize::new(0);
    each_flip(&flips, |copy, name, offset| {
        let report = copy.check();
        // The comparison of all facts was made: nothing is noted but, at most, that the next start replays an end.
        let is_whole = report.notes.iter().all(|note| note.contains("The view lacks the last"));
        assert!(!report.is_clean() || is_whole, "byte {offset} of {name}: {report:?}");
        assert!(report.findings.iter().all(|finding| finding.contains("view")), "{report:?}");
        if !report.is_clean() {
            found.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
    });
    assert!(found.into_inner() > 0);
}

/// Bytes all over the headers and ends of segments, and every third of a whole one: by what the check calls for the
/// journal, which is fast enough for that.
#[test]
fn no_byte_of_a_segment_is_without_a_guard() {
    let used = Copy::new();
    let settings = used.settings();
    let root = RootKey::new(settings.root_key.load().unwrap());
    let is_found = |data: &Path| {
        let disk: Arc<dyn Disk> = Arc::new(RealDisk::open(data).unwrap());
        let keys = JournalKeys::new(KeyEpoch::FIRST.0, root.journal_key(KeyEpoch::FIRST));
        match journal::examine(disk, keys, settings.origin.clone()) {
            Err(_) => true,
            Ok(examined) => {
                let scrubbed = journal::scrub(&examined.reader, |_| std::ops::ControlFlow::Continue(()));
                examined.end.is_some() || !examined.beside.is_empty() || !matches!(scrubbed, Ok(Scrubbed::Whole(_)))
            }
        }
    };
    assert!(!is_found(&used.data()));
    let segments = used.0.segments();
    let mut flips = Vec::new();
    for (nth, segment) in segments.iter().enumerate() {
        let (name, length) = (name(&used.data(), segment), fs::metadata(segment).unwrap().len());
        // The last one is short.
        let every_third = if nth + 1 == segments.len() { 0..length } else { 0..0 };
        let places = every_third.step_by(3).chain((0..512).step_by(14)).chain((length - 160..length).step_by(2));
        flips.extend(places.map(|at| (name.clone(), at)));
    }
    each_flip(&flips, |copy, name, offset| assert!(is_found(&copy.data()), "byte {offset} of {name}"));
}
