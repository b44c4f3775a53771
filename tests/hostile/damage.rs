//! A data directory that is in use, or damaged: the start says what, where and what to do, or repairs what may be.

use std::fs;

use crate::support::deeds::NEED;
use crate::support::directory::{flip, strongroom};
use crate::support::server::refuses_to_serve;
use crate::support::{Directory, Options, Server};

fn used() -> Directory {
    let server = Server::start(&Options::default());
    server.hold("policy", "A policy", "GREEN", b"what it says");
    server.stop()
}

#[test]
fn a_directory_in_use_is_refused_to_a_second_process_and_goes_on() {
    let server = Server::start(&Options::default());
    let (code, said) = refuses_to_serve(&server.directory);
    assert_eq!(code, Some(1));
    for word in ["data", "in use", "another"] {
        assert!(said.contains(word), "{word:?} is not in: {said}");
    }
    let config = server.directory.config();
    let rebuild = strongroom(&["rebuild", "--config", config.to_str().unwrap()]);
    assert_eq!(rebuild.status.code(), Some(1), "{rebuild:?}");
    server.hold("policy", "A policy", "GREEN", b"what it says");
    let directory = server.stop();
    // The lock goes with its process, however that ends.
    let mut server = Server::serve(directory);
    let directory = server.kill();
    Server::serve(directory).assert_lodged("policy", "1.0", b"what it says");
}

#[test]
fn a_damaged_view_is_rebuilt_and_everything_is_there() {
    let directory = used();
    let database = directory.data().join("view/db");
    let length = fs::metadata(&database).unwrap().len();
    for offset in (0..length).step_by(usize::try_from(length / 400).unwrap().max(1)) {
        flip(&database, offset);
    }
    let server = Server::serve(directory);
    server.assert_lodged("policy", "1.0", b"what it says");
    let told = server.told();
    assert!(told.contains("view is damaged") && told.contains("rebuilt"), "{told}");
    let mut party = server.connect("party-small-supplier");
    assert_eq!(party.read_content("policy", "1.0", NEED).must_be(200).body, b"what it says");
    drop(party);
    let directory = server.stop();

    // Gone, cut short, or nonsense: all the same.
    let view = directory.data().join("view");
    fs::remove_dir_all(&view).unwrap();
    let server = Server::serve(directory);
    server.assert_lodged("policy", "1.0", b"what it says");
    let directory = server.stop();
    fs::write(directory.data().join("view/db"), b"nonsense").unwrap();
    let server = Server::serve(directory);
    server.assert_lodged("policy", "1.0", b"what it says");
    let directory = server.stop();
    fs::write(directory.data().join("view/conf"), b"nonsense").unwrap();
    Server::serve(directory).assert_lodged("policy", "1.0", b"what it says");
}

#[test]
fn a_damaged_journal_stops_the_start_and_the_damage_is_named() {
    let directory = used();
    // Every start begins a segment: the first holds the register, the last what was done since.
    let segments = directory.segments();
    let last = segments.last().unwrap();
    let whole = fs::read(last).unwrap();
    let name = last.file_name().unwrap().to_str().unwrap();
    for (part, what) in [(1, "the header of journal/"), (6, "the journal is damaged"), (9, "the journal is damaged")] {
        let offset = whole.len() as u64 * part / 10;
        flip(last, offset);
        let (code, said) = refuses_to_serve(&directory);
        assert_eq!(code, Some(1));
        for word in [what, name, "restore the segment from a backup"] {
            assert!(said.contains(word), "{word:?} is not in: {said}");
        }
        assert!(part == 1 || (said.contains("at byte") && said.contains("from entry")), "{said}");
        assert_eq!(fs::read(last).unwrap().len(), whole.len(), "nothing is repaired silently");
        fs::write(last, &whole).unwrap();
    }

    fs::write(last, &whole[..whole.len() / 2]).unwrap();
    let (code, said) = refuses_to_serve(&directory);
    assert_eq!(code, Some(1));
    assert!(said.contains(name) && said.contains("backup"), "{said}");
    // Whole segments without the last: an older journal, which is denied instead.
    fs::remove_file(last).unwrap();
    let denied = Server::serve_denied(directory);
    assert!(denied.told().contains("rolled back"), "{}", denied.told());
    let directory = denied.stop();

    fs::write(last, &whole).unwrap();
    Server::serve(directory).assert_lodged("policy", "1.0", b"what it says");
}

#[test]
fn damage_in_an_old_segment_is_found_with_its_place() {
    let server = Server::serve(used());
    let mut chair = server.connect("chair");
    for _ in 0..150 {
        chair.read_content("policy", "1.0", NEED).must_be(200);
    }
    drop(chair);
    let directory = server.stop();
    let first = directory.segments().remove(0);
    let whole = fs::read(&first).unwrap();
    flip(&first, whole.len() as u64 / 2);
    // A start verifies the tail, and what the tree's last part is made of; the whole is verified in the background, or
    // by a replay of the view.
    let server = Server::serve(directory);
    crate::support::eventually("the finding", || {
        let told = server.told();
        (told.contains("scrub found damage") && told.contains("at byte") && told.contains("backup")).then_some(())
    });
    let directory = server.stop();
    fs::remove_dir_all(directory.data().join("view")).unwrap();
    let (code, said) = refuses_to_serve(&directory);
    assert_eq!(code, Some(1));
    assert!(said.contains("journal is damaged") && said.contains("at byte"), "{said}");
    fs::write(&first, &whole).unwrap();
    Server::serve(directory).assert_lodged("policy", "1.0", b"what it says");
}

#[test]
fn a_damaged_document_is_not_disclosed_and_the_others_are() {
    let server = Server::start(&Options::default());
    server.hold("policy", "A policy", "GREEN", b"what it says");
    let damaged = server.directory.blobs();
    server.hold("other", "Another policy", "GREEN", b"what the other says");
    for file in damaged {
        let middle = fs::metadata(&file).unwrap().len() / 2;
        flip(&file, middle);
    }
    let mut chair = server.connect("chair");
    let read = chair.read_content("policy", "1.0", NEED);
    assert_eq!(read.status, 503, "{read:?}");
    read.problem();
    let mut chair = server.connect("chair");
    assert_eq!(chair.read_content("other", "1.0", NEED).must_be(200).body, b"what the other says");
    assert!(server.told().contains("documents: the storage failed"), "{}", server.told());
}
