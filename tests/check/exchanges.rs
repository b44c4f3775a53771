//! Things removed, exchanged, cut short, or put in place of others.

use std::fs;
use std::path::Path;

use strongroom::pure::domain::facts::{Fact, FactKey};
use strongroom::storage::seal::keys::RootKey;
use strongroom::storage::view::{View, ViewOptions};

use crate::support::directory::{copy as copy_folder, files};
use crate::used::Copy;

#[test]
fn exchanged_records_are_found() {
    let copy = Copy::new();
    let segment = &copy.0.segments()[2];
    let whole = fs::read(segment).unwrap();
    let frames = frames(&whole);
    // Two frames of one length change places: each is authentic, neither is where it belongs.
    let (one, other) = frames
        .iter()
        .enumerate()
        .find_map(|(at, one)| frames[at + 1..].iter().find(|other| other.len() == one.len()).map(|other| (one, other)))
        .unwrap();
    let mut exchanged = whole.clone();
    exchanged[one.clone()].copy_from_slice(&whole[other.clone()]);
    exchanged[other.clone()].copy_from_slice(&whole[one.clone()]);
    fs::write(segment, exchanged).unwrap();
    copy.is_found(&["journal is damaged", "at byte", "from entry", "backup"]);
}

#[test]
fn a_removed_record_is_found() {
    let copy = Copy::new();
    let segment = &copy.0.segments()[2];
    let whole = fs::read(segment).unwrap();
    let frame = frames(&whole)[20].clone();
    let without = [&whole[..frame.start], &whole[frame.end..]].concat();
    fs::write(segment, &without).unwrap();
    assert!(!copy.check().is_clean());
    // With as many zeros at the end, so that no length tells.
    fs::write(segment, [&without[..], &vec![0; frame.len()]].concat()).unwrap();
    copy.is_found(&["journal is damaged", "does not follow the frame before it"]);
}

#[test]
fn exchanged_missing_and_repeated_segments_are_found() {
    let copy = Copy::new();
    let segments = copy.0.segments();
    let whole: Vec<_> = segments.iter().map(|segment| fs::read(segment).unwrap()).collect();
    fs::write(&segments[0], &whole[1]).unwrap();
    fs::write(&segments[1], &whole[0]).unwrap();
    copy.is_found(&["holds the segment", "their own names"]);
    fs::write(&segments[0], &whole[0]).unwrap();
    copy.is_found(&["holds the segment"]);
    fs::write(&segments[1], &whole[1]).unwrap();
    fs::remove_file(&segments[1]).unwrap();
    copy.is_found(&["segment number 1", "missing", "backup"]);
    fs::write(&segments[1], &whole[1]).unwrap();
    assert!(copy.check().is_clean(), "as it was");
}

#[test]
fn a_truncated_journal_is_named_in_the_report_wherever_it_was_cut() {
    let copy = Copy::new();
    let segments = copy.0.segments();
    for (nth, segment) in segments.iter().enumerate() {
        let whole = fs::read(segment).unwrap();
        let name = segment.file_name().unwrap().to_str().unwrap();
        for length in [0, 100, 512, whole.len() / 2, whole.len() - 144, whole.len() - 1] {
            fs::write(segment, &whole[..length]).unwrap();
            let report = copy.check();
            // A close mark that is gone whole from an earlier segment concerns nothing: none counts on it, and a
            // crash leaves none either.
            let is_mark = nth + 1 < segments.len() && length == whole.len() - 144;
            let is_named = report.findings.iter().any(|finding| finding.contains(name));
            assert!(is_named || is_mark, "{length} bytes of {name}: {report:?}");
        }
        fs::write(segment, &whole).unwrap();
    }
    // Without the last segment, in which nothing was entered yet, nothing is lost; without those before it, entries
    // are.
    fs::remove_file(&segments[3]).unwrap();
    assert!(copy.check().is_clean());
    fs::remove_file(&segments[2]).unwrap();
    copy.is_found(&["-0000000001.segment", "restore it from a backup"]);
    fs::remove_file(&segments[1]).unwrap();
    copy.is_found(&["a checkpoint of", "was signed: entries were lost", "backup"]);
    copy.is_found(&["the view has applied", "entries were lost"]);
}

#[test]
fn a_replaced_or_missing_document_is_found() {
    let copy = Copy::new();
    let blobs: Vec<_> = copy.0.blobs().into_iter().filter(|file| file.extension().is_none()).collect();
    let keys = |blob: &Path| -> Vec<_> {
        let stem = format!("{}.key.", blob.display());
        copy.0.blobs().into_iter().filter(|file| file.to_str().unwrap().starts_with(&stem)).collect()
    };
    let (one, other) = (&blobs[0], &blobs[1]);
    let id = one.file_name().unwrap().to_str().unwrap();
    let whole = fs::read(one).unwrap();
    fs::copy(other, one).unwrap();
    copy.is_found(&[id, "restore"]);
    // With all of the other's keys under its name.
    let own: Vec<_> = keys(one).into_iter().map(|key| (fs::read(&key).unwrap(), key)).collect();
    for (_, key) in &own {
        fs::copy(&keys(other)[0], key).unwrap();
    }
    copy.is_found(&[id, "key object", "does not open", "backup"]);
    for (bytes, key) in &own {
        fs::write(key, bytes).unwrap();
    }
    fs::remove_file(one).unwrap();
    copy.is_found(&[id, "is missing", "backup"]);
    fs::write(one, whole).unwrap();
    for (_, key) in &own {
        fs::remove_file(key).unwrap();
    }
    copy.is_found(&[id, "has no key object"]);
    fs::remove_dir_all(copy.file("blobs")).unwrap();
    copy.is_found(&["blobs", "backup"]);
}

#[test]
fn a_forged_an_emptied_and_a_missing_view_are_found() {
    let copy = Copy::new();
    let settings = copy.settings();
    let root = RootKey::new(settings.root_key.load().unwrap());
    let key = root.view_key(settings.origin.as_str().as_bytes());
    // With the right keys, at the right position, and a tally that is right for it: a fact more.
    let view = View::open(&copy.file("view"), &key, ViewOptions::default()).unwrap();
    let forged = (FactKey::DocumentOrder(7), Some(Fact::Index(7)));
    view.apply([forged], view.position()).unwrap();
    view.flush().unwrap();
    drop(view);
    copy.is_found(&["the view holds other facts", "rebuild"]);
    fs::remove_dir_all(copy.file("view")).unwrap();
    copy.is_found(&["the view is missing", "the next start makes it anew"]);
    fs::create_dir(copy.file("view")).unwrap();
    copy.is_found(&["the view is empty"]);
}

#[test]
fn missing_and_exchanged_files_of_the_log_are_found() {
    let copy = Copy::new();
    let (tile, bundle) = (copy.file("tiles/0/000"), copy.file("tiles/entries/000"));
    fs::copy(&bundle, &tile).unwrap();
    copy.is_found(&["tiles/0/000 is not what", "remove the file"]);
    fs::remove_file(&tile).unwrap();
    copy.is_found(&["tiles/0/000 is missing", "next start makes it anew"]);
    fs::remove_file(&bundle).unwrap();
    copy.is_found(&["tiles/entries/000 is missing"]);
}

#[test]
fn another_and_a_missing_checkpoint_are_found() {
    let copy = Copy::new();
    let checkpoint = copy.file("checkpoint");
    let text = fs::read_to_string(&checkpoint).unwrap();
    let size = text.lines().nth(1).unwrap();
    fs::write(&checkpoint, text.replace(&format!("\n{size}\n"), "\n7\n")).unwrap();
    copy.is_found(&["checkpoint", "restore it"]);
    fs::remove_file(&checkpoint).unwrap();
    copy.is_found(&["no signed checkpoint", "restore it"]);
}

#[test]
fn an_older_copy_of_the_journal_beside_the_present_rest_is_found() {
    let (older, copy) = (Copy::new(), Copy::new());
    let server = crate::support::Server::serve(copy.0.clone());
    server.connect("chair").read_content("amber", "1.0", crate::support::deeds::NEED).must_be(200);
    server.stop();
    assert!(copy.check().is_clean());
    fs::remove_dir_all(copy.file("journal")).unwrap();
    fs::create_dir(copy.file("journal")).unwrap();
    copy_folder(&older.file("journal"), &copy.file("journal"));
    assert_eq!(files(&copy.file("journal")).len(), 4);
    copy.is_found(&["entries were lost"]);
}

/// Where the frames of a segment lie: each begins with its length, after a header that says its own.
fn frames(segment: &[u8]) -> Vec<std::ops::Range<usize>> {
    let number = |at: usize| u32::from_be_bytes(segment[at..at + 4].try_into().unwrap()) as usize;
    let mut frames = Vec::new();
    let mut at = number(16);
    while at < segment.len() {
        frames.push(at..at + number(at));
        at += number(at);
    }
    frames
}
