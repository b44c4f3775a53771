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
