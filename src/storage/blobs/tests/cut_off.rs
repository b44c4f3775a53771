//! Uploads that end early, disks that are full: nothing half-stored, and the sweep finds the rest.

use futures_util::FutureExt;
use jiff::{SignedDuration, Timestamp};
use object_store::local::LocalFileSystem;

use super::failing::{Disk, FailingStore};
use super::*;

const NO_SPACE: i32 = 28;
const MIB: usize = 1024 * 1024;

fn full_disk(room: i64, stores_all_the_same: bool) -> (TempDir, Disk, BlobStore) {
    let folder = tempfile::tempdir().unwrap();
    let inner = LocalFileSystem::new_with_prefix(folder.path()).unwrap().with_fsync(true);
    let disk = Disk::new(room, NO_SPACE);
    let objects: Objects = Arc::new(FailingStore { inner, disk: disk.clone(), stores_all_the_same });
    (folder, disk, BlobStore::new(objects, root(), KeyEpoch::FIRST))
}

/// A time after everything that these tests write.
fn later() -> Timestamp {
    Timestamp::MAX
}

#[test]
fn a_full_disk_leaves_nothing_and_does_no_harm_once_there_is_room() {
    run(async {
        let content = pattern(13 * MIB);
        let sealed = content.len() + HEADER_LEN + TAG_LEN * (1 + (content.len() - FIRST).div_ceil(NEXT));
        // No room for the first part, for a later one, for the last, and for the key object.
        for room in [0, 6 * MIB, sealed - 1, sealed + 59] {
            let (folder, disk, blobs) = full_disk(room as i64, false);
            let error = store(&blobs, KeyLevel::Red, &content, MIB).await.unwrap_err();
            assert!(matches!(error, BlobError::NoSpace { .. }), "{room}: {error}");
            assert_eq!(files(folder.path()), Vec::<String>::new(), "{room}");

            disk.set_room(i64::MAX);
            let stored = store(&blobs, KeyLevel::Red, &content, MIB).await.unwrap();
            blobs.verify(stored.id, KeyLevel::Red, &stored.digest).await.unwrap();
        }
    });
}

#[test]
fn a_full_disk_leaves_nothing_of_a_small_document() {
    run(async {
        // No room for the blob; room for the blob but not for its key.
        for room in [0, 100] {
            for stores_all_the_same in [false, true] {
                let (folder, _, blobs) = full_disk(room, stores_all_the_same);
                let error = store(&blobs, KeyLevel::Red, b"text", 4).await.unwrap_err();
                assert!(matches!(error, BlobError::NoSpace { .. }), "{error}");
                assert_eq!(files(folder.path()), Vec::<String>::new());
            }
        }
    });
}

#[test]
fn after_an_error_every_further_call_is_refused() {
    run(async {
        let (folder, disk, blobs) = full_disk(0, false);
        let mut writer = blobs.begin(KeyLevel::Red, LIMIT).unwrap();
        let part = Bytes::from(pattern(6 * MIB));
        let mut failures = 0;
        while failures == 0 {
            failures += usize::from(writer.write(part.clone()).await.is_err());
        }
        disk.set_room(i64::MAX);
        assert!(matches!(writer.write(part).await, Err(BlobError::Interrupted)));
        assert!(matches!(writer.finish().await, Err(BlobError::Interrupted)));
        assert_eq!(files(folder.path()), Vec::<String>::new());
    });
}

#[test]
fn a_write_that_was_dropped_half_way_is_not_passed_over() {
    run(async {
        let given = given();
        let mut writer = given.store.begin(KeyLevel::Red, LIMIT).unwrap();
        // Two parts may be on their way, so that the third has to wait.
        let waits = writer.write(Bytes::from(pattern(7 * MIB))).now_or_never().is_none();
        assert!(waits);
        assert!(matches!(writer.write(Bytes::new()).await, Err(BlobError::Interrupted)));
        assert!(matches!(writer.finish().await, Err(BlobError::Interrupted)));
        assert_eq!(given.files(), Vec::<String>::new());
    });
}

#[test]
fn a_document_over_the_limit_is_refused_and_leaves_nothing() {
    run(async {
        let given = given();
        for (limit, sizes) in [(4, vec![4, 1]), (0, vec![1]), (5 * MIB, vec![5 * MIB, 1])] {
            let mut writer = given.store.begin(KeyLevel::Red, limit as u64).unwrap();
            let mut result = Ok(());
            for size in sizes {
                assert!(result.is_ok());
                result = writer.write(Bytes::from(pattern(size))).await;
            }
            assert!(matches!(result, Err(BlobError::TooLarge { limit: named }) if named == limit as u64));
            assert!(matches!(writer.finish().await, Err(BlobError::Interrupted)));
            assert_eq!(given.files(), Vec::<String>::new());
        }
        let mut writer = given.store.begin(KeyLevel::Red, 4).unwrap();
        writer.write(Bytes::from_static(b"text")).await.unwrap();
        assert_eq!(writer.finish().await.unwrap().size, 4);
    });
}

#[test]
fn an_upload_that_is_given_up_or_dropped_leaves_nothing() {
    let given = given();
    for abort in [true, false] {
        // The runtime waits for the blocking work that it started when it is dropped.
        run(async {
            let mut writer = given.store.begin(KeyLevel::Red, LIMIT).unwrap();
            writer.write(Bytes::from(pattern(5 * MIB))).await.unwrap();
            assert_eq!(given.files().len(), 1);
            if abort { writer.abort().await } else { drop(writer) }
        });
        assert_eq!(given.files(), Vec::<String>::new());
    }
}

#[test]
fn a_last_step_that_fails_leaves_nothing() {
    run(async {
        let given = given();
        let mut writer = given.store.begin(KeyLevel::Red, LIMIT).unwrap();
        writer.write(Bytes::from(pattern(5 * MIB))).await.unwrap();
        // The complete file cannot take its name, as little as on a disk that fails at the last sync.
        let obstacle = given.blob_file(writer.id()).join("x");
        fs::create_dir_all(&obstacle).unwrap();
        assert!(matches!(writer.finish().await, Err(BlobError::Io { .. })));
        fs::remove_dir_all(obstacle.parent().unwrap()).unwrap();
        assert_eq!(given.files(), Vec::<String>::new());
    });
}

#[test]
fn what_a_crash_leaves_the_sweep_removes_and_nothing_else() {
    run(async {
        let given = given();
        let kept = store(&given.store, KeyLevel::Red, &pattern(3 * MIB), MIB).await.unwrap();
        given.store.add_level(kept.id, KeyLevel::Red, KeyLevel::Green).await.unwrap();
        let kept_files = given.files();

        // A crash during an upload: whoever wrote has no chance to clean up.
        let mut writer = given.store.begin(KeyLevel::Red, LIMIT).unwrap();
        writer.write(Bytes::from(pattern(5 * MIB))).await.unwrap();
        std::mem::forget(writer);
        // A crash between the blob and the event that would have named it.
        store(&given.store, KeyLevel::Amber, b"text", 4).await.unwrap();
        // A crash between the blob and its key object.
        let keyless = store(&given.store, KeyLevel::Amber, b"text", 4).await.unwrap();
        fs::remove_file(given.key_file(keyless.id, "amber")).unwrap();
        // Something that is not ours.
        let foreign = given.blob_file(kept.id).with_file_name("notes.txt");
        fs::write(&foreign, "").unwrap();
        assert_eq!(given.files().len(), kept_files.len() + 5);

        let before = Timestamp::from_second(1_000_000_000).unwrap();
        let young = given.store.sweep(|id| *id == kept.id, before).await.unwrap();
        let nothing = SweepReport { examined: 7, young: 3, foreign: 1, ..SweepReport::default() };
        assert_eq!(young, nothing);

        let old = given.store.sweep(|id| *id == kept.id, later()).await.unwrap();
        let expected = SweepReport { examined: 7, blobs: 2, keys: 1, unfinished: 1, young: 0, foreign: 1 };
        assert_eq!(old, expected);
        fs::remove_file(foreign).unwrap();
        assert_eq!(given.files(), kept_files);
        given.store.verify(kept.id, KeyLevel::Green, &kept.digest).await.unwrap();
    });
}

#[test]
fn the_sweep_spares_an_upload_that_is_still_written() {
    run(async {
        let given = given();
        let mut writer = given.store.begin(KeyLevel::Red, LIMIT).unwrap();
        writer.write(Bytes::from(pattern(5 * MIB))).await.unwrap();
        let file = given.directory().join(&writer.id().to_string()[..2]).join(&given.files()[0]);
        let written = Timestamp::try_from(fs::metadata(file).unwrap().modified().unwrap()).unwrap();
        given.store.sweep(|_| false, written - SignedDuration::from_secs(1)).await.unwrap();
        let stored = writer.finish().await.unwrap();
        given.store.verify(stored.id, KeyLevel::Red, &stored.digest).await.unwrap();
    });
}
