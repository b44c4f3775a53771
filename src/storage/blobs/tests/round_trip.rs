//! What was written is read back.

use std::os::unix::fs::PermissionsExt;

use object_store::memory::InMemory;

use super::*;
use crate::pure::tlog::hash::sha256;

#[test]
fn every_size_round_trips_in_every_range_near_an_edge() {
    run(async {
        let given = given();
        for size in [0, 1, FIRST - 1, FIRST, FIRST + 1, FIRST + NEXT, FIRST + NEXT + 1] {
            let content = pattern(size);
            let stored = store(&given.store, KeyLevel::Amber, &content, 10_000).await.unwrap();
            assert_eq!((stored.size, stored.digest), (size as u64, sha256(&content)));

            let blob = given.store.open(stored.id, KeyLevel::Amber).await.unwrap();
            assert_eq!(blob.size(), size as u64);
            let edges = [0, 1, FIRST - 1, FIRST, FIRST + 1, FIRST + NEXT - 1, FIRST + NEXT, FIRST + NEXT + 1];
            for from in edges.into_iter().filter(|from| *from <= size) {
                for to in edges.into_iter().filter(|to| (from..=size).contains(to)) {
                    let bytes = read(&blob, from as u64..to as u64).await.unwrap();
                    assert!(bytes == content[from..to], "{from}..{to} of {size}");
                }
            }
            given.store.verify(stored.id, KeyLevel::Amber, &stored.digest).await.unwrap();
        }
    });
}

#[test]
fn a_document_of_many_parts_round_trips() {
    run(async {
        let given = given();
        let content = pattern(5 * 1024 * 1024 + 3);
        for chunk in [1024 * 1024, 64 * 1024 + 1, content.len()] {
            let stored = store(&given.store, KeyLevel::Red, &content, chunk).await.unwrap();
            let blob = given.store.open(stored.id, KeyLevel::Red).await.unwrap();
            assert!(read(&blob, 0..blob.size()).await.unwrap() == content);
            // A range that begins and ends within a fetch, and one that spans several.
            for range in [700_000..700_010, 65_000..4_000_000] {
                assert!(read(&blob, range.start as u64..range.end as u64).await.unwrap() == content[range.clone()]);
            }
        }
    });
}

#[test]
fn pieces_are_no_larger_than_a_segment() {
    run(async {
        let given = given();
        let stored = store(&given.store, KeyLevel::Red, &pattern(20 * SEGMENT_LEN), SEGMENT_LEN).await.unwrap();
        let blob = given.store.open(stored.id, KeyLevel::Red).await.unwrap();
        let pieces: Vec<_> = blob.read(0..blob.size()).try_collect().await.unwrap();
        assert!(pieces.iter().all(|piece| (1..=SEGMENT_LEN).contains(&piece.len())));
    });
}

#[test]
fn another_object_store_keeps_the_same_objects() {
    run(async {
        let objects: Objects = Arc::new(InMemory::new());
        let remote = BlobStore::new(objects, root(), KeyEpoch::FIRST);
        let content = pattern(11 * 1024 * 1024);
        let stored = store(&remote, KeyLevel::White, &content, 1024 * 1024).await.unwrap();
        let blob = remote.open(stored.id, KeyLevel::White).await.unwrap();
        assert!(read(&blob, 0..blob.size()).await.unwrap() == content);
        let report = remote.sweep(|_| false, jiff::Timestamp::MAX).await.unwrap();
        assert_eq!((report.blobs, report.keys), (1, 1));
    });
}

#[test]
fn nothing_of_the_content_lies_in_the_store() {
    run(async {
        let given = given();
        let content = b"The Chair shall determine the classification.".repeat(3);
        let stored = store(&given.store, KeyLevel::Red, &content, 1000).await.unwrap();
        let sealed = fs::read(given.blob_file(stored.id)).unwrap();
        assert!(!sealed.windows(5).any(|window| window == b"Chair"));
    });
}

#[test]
fn a_range_beyond_the_end_is_refused() {
    run(async {
        let given = given();
        let stored = store(&given.store, KeyLevel::Green, b"text", 4).await.unwrap();
        let blob = given.store.open(stored.id, KeyLevel::Green).await.unwrap();
        #[expect(clippy::reversed_empty_ranges, reason = "that is what is refused")]
        for range in [0..5, 5..5, 3..2] {
            assert!(matches!(read(&blob, range).await, Err(BlobError::OutOfRange { size: 4 })));
        }
    });
}

#[test]
fn the_directory_is_private_even_if_it_was_not() {
    let folder = tempfile::tempdir().unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    for name in ["made", "found"] {
        let directory = folder.path().join(name);
        if name == "found" {
            fs::create_dir(&directory).unwrap();
            fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).unwrap();
        }
        local(&directory, root(), KeyEpoch::FIRST).unwrap();
        assert_eq!((mode(&directory), mode(&directory.join("a0"))), (0o700, 0o700));
    }
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(matches!(local(&file, root(), KeyEpoch::FIRST), Err(BlobError::Directory { .. })));
}

#[test]
fn a_blob_opens_at_its_level_and_after_an_added_one_at_both() {
    run(async {
        let given = given();
        let stored = store(&given.store, KeyLevel::Undetermined, b"text", 4).await.unwrap();
        let before = fs::read(given.blob_file(stored.id)).unwrap();
        let open = async |level| given.store.open(stored.id, level).await;
        assert!(matches!(open(KeyLevel::Red).await, Err(BlobError::KeyMissing { level: KeyLevel::Red, .. })));

        for _ in 0..2 {
            given.store.add_level(stored.id, KeyLevel::Undetermined, KeyLevel::Red).await.unwrap();
            for level in [KeyLevel::Undetermined, KeyLevel::Red] {
                assert_eq!(read(&open(level).await.unwrap(), 0..4).await.unwrap(), b"text");
            }
        }
        assert_eq!(fs::read(given.blob_file(stored.id)).unwrap(), before);
        assert!(matches!(open(KeyLevel::Amber).await, Err(BlobError::KeyMissing { .. })));
    });
}

#[test]
fn a_new_epoch_opens_what_older_ones_sealed() {
    run(async {
        let given = given();
        let stored = store(&given.store, KeyLevel::Red, b"text", 4).await.unwrap();
        let rotated = local(&given.directory(), root(), KeyEpoch(3)).unwrap();
        rotated.open(stored.id, KeyLevel::Red).await.unwrap();

        rotated.add_level(stored.id, KeyLevel::Red, KeyLevel::Red).await.unwrap();
        fs::remove_file(given.key_file(stored.id, "red")).unwrap();
        rotated.open(stored.id, KeyLevel::Red).await.unwrap();
        // The older configuration does not know of the newer key.
        assert!(matches!(given.store.open(stored.id, KeyLevel::Red).await, Err(BlobError::KeyMissing { .. })));
    });
}

#[test]
fn uploads_at_the_same_time_do_not_disturb_each_other() {
    run(async {
        let given = given();
        let uploads = (0..16).map(|i| {
            let content = pattern(100_000 + 200_000 * i);
            let blobs = given.store.clone();
            async move { (store(&blobs, KeyLevel::Red, &content, 50_000).await.unwrap(), content) }
        });
        for (stored, content) in futures_util::future::join_all(uploads).await {
            let blob = given.store.open(stored.id, KeyLevel::Red).await.unwrap();
            assert!(read(&blob, 0..blob.size()).await.unwrap() == content);
        }
    });
}
