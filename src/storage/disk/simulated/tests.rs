//! The simulated disk keeps the contract of the trait, and no more than the contract.

use super::*;

#[test]
fn what_was_synced_survives_and_what_was_not_may_be_torn() {
    let mut outcomes = [false; 3];
    for seed in 0..200 {
        let disk = SimulatedDisk::new(seed);
        let file = disk.create("file").unwrap();
        file.preallocate(4096).unwrap();
        file.write_at(&[1; 1024], 0).unwrap();
        file.sync_data().unwrap();
        disk.sync_directory("").unwrap();
        file.write_at(&[2; 1024], 1024).unwrap();

        let survivors = disk.after_power_failure();
        let bytes = survivors.read("file").unwrap();
        assert_eq!((bytes.len(), &bytes[..1024]), (4096, &[1; 1024][..]));
        let sectors: Vec<_> = bytes[1024..2048].chunks(512).map(|sector| sector == [2; 512]).collect();
        assert!(bytes[1024..2048].chunks(512).all(|sector| sector == [2; 512] || sector == [0; 512]));
        outcomes[sectors.iter().filter(|survived| **survived).count()] = true;
        assert!(file.length().is_err(), "a handle from before the failure is dead");
    }
    assert_eq!(outcomes, [true; 3], "dropped, torn and whole all occur");
}

#[test]
fn names_that_were_not_synced_may_be_lost_and_a_kill_loses_nothing() {
    let (mut kept, mut lost) = (0, 0);
    for seed in 0..100 {
        let disk = SimulatedDisk::new(seed);
        drop(disk.create("file").unwrap());
        assert_eq!(disk.copy().after_kill().list("").unwrap(), ["file"]);
        match disk.after_power_failure().list("").unwrap().len() {
            0 => lost += 1,
            _ => kept += 1,
        }
    }
    assert!(kept > 0 && lost > 0);
}

#[test]
fn a_swap_is_atomic_whichever_call_the_power_fails_at() {
    for seed in 0..300 {
        let disk = SimulatedDisk::new(seed);
        disk.swap("file", &[1; 2000]).unwrap();
        disk.power_off_at(disk.calls() + seed % 9);
        let swapped = disk.swap("file", &[2; 2000]).is_ok();
        let after = disk.after_power_failure();
        let content = after.read("file").unwrap();
        assert!(content == [2; 2000] || (content == [1; 2000] && !swapped), "seed {seed}");
        after.swap("file", &[3; 10]).unwrap();
        assert_eq!(after.read("file").unwrap(), [3; 10]);
    }
}

#[test]
fn a_planned_fault_hits_its_call_and_a_failed_sync_is_not_made_good_by_the_next() {
    let mut losses = 0;
    for seed in 0..50 {
        let disk = SimulatedDisk::new(seed);
        let file = disk.create("file").unwrap();
        file.preallocate(512).unwrap();
        file.sync_data().unwrap();
        disk.sync_directory("").unwrap();
        file.write_at(&[7; 512], 0).unwrap();
        disk.fail_call(disk.calls(), Fault::Io);
        file.sync_data().unwrap_err();
        file.sync_data().unwrap();
        assert_eq!(disk.read("file").unwrap(), [7; 512], "the cache still shows it");
        losses += usize::from(disk.after_power_failure().read("file").unwrap() == [0; 512]);
    }
    assert!(losses > 0);
}

#[test]
fn a_sync_after_a_failed_one_of_the_same_file_is_counted() {
    let disk = SimulatedDisk::new(1);
    let [file, other] = ["file", "other"].map(|name| disk.create(name).unwrap());
    disk.fail_call(disk.calls(), Fault::NoSpace);
    file.sync_data().unwrap_err();
    other.sync_data().unwrap();
    assert_eq!((disk.syncs_after_a_failed_one(), disk.faults_by_kind().syncs, disk.faults()), (0, 1, 1));
    file.sync_data().unwrap();
    assert_eq!(disk.syncs_after_a_failed_one(), 1);
    assert_eq!(disk.after_kill().syncs_after_a_failed_one(), 0, "another life knows nothing of it");
}

#[test]
fn a_disk_that_is_left_in_peace_neither_fails_nor_counts() {
    let disk = SimulatedDisk::new(1);
    disk.write_down_calls();
    disk.power_off_at(0);
    disk.leave_in_peace(true);
    disk.create("file").unwrap();
    assert_eq!((disk.calls(), disk.written_down().len()), (0, 0));
    disk.leave_in_peace(false);
    disk.list("").unwrap_err();
    assert!(disk.is_off());
    assert_eq!(disk.after_power_failure().written_down(), ["list : PowerFails"]);
}

#[test]
fn metadata_and_lists_tell_what_is_there() {
    let disk = SimulatedDisk::new(1);
    disk.create_directories("a", &["b".into(), "c".into()]).unwrap();
    disk.set_time(std::time::Duration::from_secs(7));
    disk.create("a/b/file").unwrap().write_at(b"text", 0).unwrap();
    disk.create("a/bc").unwrap();
    disk.set_time(std::time::Duration::from_secs(9));
    let metadata = disk.metadata("a/b/file").unwrap();
    let modified = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(7);
    assert_eq!(metadata, Metadata { length: 4, modified, is_directory: false });
    assert!(disk.metadata("a/b").unwrap().is_directory);
    assert_eq!(disk.metadata("a/d").unwrap_err().kind(), io::ErrorKind::NotFound);
    assert_eq!(
        (disk.list("").unwrap(), disk.list("a").unwrap()),
        (vec!["a".into()], vec!["b".into(), "bc".into(), "c".into()])
    );
    assert_eq!(disk.list("a/b").unwrap(), ["file"]);
    assert_eq!(disk.open("a/b/file").unwrap().read_range(1, 9).unwrap(), b"ext");
}

#[test]
fn a_full_disk_says_so() {
    let disk = SimulatedDisk::new(1);
    let file = disk.create("file").unwrap();
    disk.fail_call(disk.calls(), Fault::NoSpace);
    assert!(crate::storage::disk::is_out_of_space(&file.preallocate(100).unwrap_err()));
}

#[test]
fn equal_seeds_have_equal_outcomes() {
    let run = |seed| {
        let disk = SimulatedDisk::new(seed);
        disk.fail_randomly(Some(3));
        let outcomes: Vec<_> = (0..50).map(|n| disk.create(&format!("{n}")).is_ok()).collect();
        (outcomes, disk.after_power_failure().list("").unwrap())
    };
    assert_eq!(run(5), run(5));
    assert_ne!(run(5), run(6));
}
