//! The power goes, or the disk fails, at any call: what was answered is known afterwards.

use super::*;
use crate::service::witness::state::file_name;
use crate::storage::disk::Fault;

const SIZES: [u64; 4] = [0, 5, 5, 9];

/// Submits the sizes one after another; the size that was answered last.
fn grow(witness: &Witness) -> Option<u64> {
    let mut answered = None;
    for size in SIZES {
        let old = answered.unwrap_or(0);
        match cosigned(witness, &HONEST.request(old, size)) {
            Ok(answer) => answered = Some(answer.size),
            Err(NotCosigned::Storage(_)) => return answered,
            Err(other) => panic!("{other}"),
        }
    }
    answered
}

/// That a witness on this disk knows at least `answered`, and goes on from what it knows alone.
fn assert_goes_on(disk: &SimulatedDisk, answered: Option<u64>) {
    let witness = open(disk).expect("a crash damages nothing");
    let latest = witness.latest(&file_name(ORIGIN)).map(|latest| latest.checkpoint.clone());
    assert!(latest.as_ref().map(|latest| latest.size) >= answered, "{latest:?} after {answered:?} was answered");
    if let Some(latest) = &latest {
        assert_eq!(*latest, HONEST.checkpoint(latest.size));
    }
    let size = latest.map_or(0, |latest| latest.size);
    if size > 0 {
        let other = History { fork: size - 1, number: 1 };
        assert!(matches!(cosigned(&witness, &other.request(size, size + 3)), Err(NotCosigned::Refused(_))));
    }
    cosigned(&witness, &HONEST.request(size, size + 3)).unwrap();
}

#[test]
fn what_was_answered_is_known_after_a_power_failure_at_any_call() {
    let calls = {
        let disk = SimulatedDisk::new(0);
        assert_eq!(grow(&open(&disk).unwrap()), Some(9));
        disk.calls()
    };
    for number in 1..=calls {
        let disk = SimulatedDisk::new(number);
        let witness = open(&disk).unwrap();
        disk.power_off_at(number);
        let answered = grow(&witness);
        drop(witness);
        assert_goes_on(&disk.after_power_failure(), answered);
    }
}

#[test]
fn a_failing_disk_is_not_answered_over_and_the_same_submission_may_be_tried_again() {
    for number in 1..12 {
        for fault in [Fault::Io, Fault::NoSpace, Fault::ShortWrite] {
            let disk = SimulatedDisk::new(number);
            let witness = open(&disk).unwrap();
            disk.fail_call(number, fault);
            let answered = grow(&witness);
            if answered != Some(9) {
                assert!(witness.is_failing());
                let old = answered.unwrap_or(0);
                cosigned(&witness, &HONEST.request(old, 12)).expect("the disk works again");
                assert!(!witness.is_failing());
            }
            let answered = witness.latest(&file_name(ORIGIN)).map(|latest| latest.checkpoint.size);
            drop(witness);
            assert_goes_on(&disk.after_power_failure(), answered);
        }
    }
}
