//! The files of the local store are those of `object_store`'s own local store, which earlier releases used.

use object_store::local::LocalFileSystem;

use super::*;
use crate::storage::disk::{Disk, SimulatedDisk};

const SIZES: [usize; 5] = [0, 1, FIRST, FIRST + 1, 5 << 20];

#[test]
fn a_directory_of_an_earlier_release_opens_and_one_of_ours_opens_there() {
    run(async {
        let given = given();
        let objects: Objects = Arc::new(LocalFileSystem::new_with_prefix(given.directory()).unwrap().with_fsync(true));
        let earlier = BlobStore::new(objects, root(), KeyEpoch::FIRST);
        for size in SIZES {
            let content = pattern(size);
            for (writing, reading) in [(&earlier, &given.store), (&given.store, &earlier)] {
                let stored = store(writing, KeyLevel::Red, &content, 1 << 20).await.unwrap();
                writing.add_level(stored.id, KeyLevel::Red, KeyLevel::Green).await.unwrap();
                reading.verify(stored.id, KeyLevel::Green, &stored.digest).await.unwrap();
                let blob = reading.open(stored.id, KeyLevel::Red).await.unwrap();
                assert!(read(&blob, 0..blob.size()).await.unwrap() == content);
            }
        }
        // An upload that the earlier release was killed in is swept like one of ours.
        let mut writer = earlier.begin(KeyLevel::Red, LIMIT).unwrap();
        writer.write(Bytes::from(pattern(6 << 20))).await.unwrap();
        std::mem::forget(writer);
        let inventories = [&earlier, &given.store].map(BlobStore::inventory);
        let [one, other] = futures_util::future::join_all(inventories).await.try_into().unwrap();
        assert_eq!(one.unwrap(), other.unwrap());
        let swept = given.store.sweep(|_| true, jiff::Timestamp::MAX).await.unwrap();
        assert_eq!((swept.unfinished, swept.blobs, swept.foreign), (1, 0, 0));
    });
}

#[test]
fn a_file_that_is_nothing_of_ours_is_counted_wherever_it_lies() {
    run(async {
        let given = given();
        fs::create_dir_all(given.directory().join("lost+found/deep")).unwrap();
        for name in ["notes", "a0/notes", "lost+found/deep/100% sure", "lost+found/#12"] {
            fs::write(given.directory().join(name), "").unwrap();
        }
        let inventory = given.store.inventory().await.unwrap();
        assert_eq!(inventory, Inventory { foreign: 3, ..Inventory::default() }, "a name like `#12` is one under way");
    });
}

#[test]
fn the_simulated_disk_holds_blobs_and_a_finished_one_survives_the_power_failure() {
    run(async {
        for seed in 0..30 {
            let disk = SimulatedDisk::new(seed);
            let blobs = |disk: &SimulatedDisk| {
                BlobStore::local(Arc::new(disk.clone()), "blobs", root(), KeyEpoch::FIRST).unwrap()
            };
            let content = pattern(if seed % 3 == 0 { 5 << 20 } else { 1000 });
            let stored = store(&blobs(&disk), KeyLevel::Red, &content, 1 << 20).await.unwrap();
            let mut unfinished = blobs(&disk).begin(KeyLevel::Red, LIMIT).unwrap();
            unfinished.write(Bytes::from(pattern(5 << 20))).await.unwrap();
            let after = disk.after_power_failure();
            drop(unfinished);
            blobs(&after).verify(stored.id, KeyLevel::Red, &stored.digest).await.unwrap();
            blobs(&after).sweep(|id| *id == stored.id, jiff::Timestamp::MAX).await.unwrap();
            let shard = format!("blobs/{}", &stored.id.to_string()[..2]);
            assert_eq!(after.list(&shard).unwrap().len(), 2, "the blob and its key");
        }
    });
}
