//! Readers beside the writer: never an older fact after `apply` returned, never half a batch.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use super::samples::*;
use crate::pure::domain::facts::{Fact, FactKey, FactList, Facts};

const ROUNDS: u64 = 400;

#[test]
fn a_reader_never_sees_an_older_fact_after_apply_returned() {
    let place = Place::new();
    let view = place.open().unwrap();
    let keys = [FactKey::DocumentOrder(1), FactKey::EntryOf(handle("someone"), 1), FactKey::DocumentOrder(2)];
    let write =
        |round: u64| view.apply(keys.clone().map(|key| (key, Some(Fact::Index(round)))), position(round)).unwrap();
    write(0);
    let applied = Arc::new(AtomicU64::new(0));
    let done = Arc::new(AtomicBool::new(false));

    let readers: Vec<_> = (0..3)
        .map(|_| {
            let (view, keys, applied, done) = (view.clone(), keys.clone(), applied.clone(), done.clone());
            thread::spawn(move || {
                let mut reads = 0_u64;
                while !done.load(Ordering::SeqCst) || reads == 0 {
                    let before = applied.load(Ordering::SeqCst);
                    for key in &keys {
                        let Some(Fact::Index(seen)) = view.fact(key).unwrap() else { panic!("the fact is gone") };
                        assert!(seen >= before, "round {seen} after round {before} was applied");
                    }
                    let listed = view.list(&FactList::Documents, None, 10).unwrap();
                    assert!(listed.iter().all(|(_, fact)| *fact == listed[0].1), "half a batch: {listed:?}");
                    assert!(listed.iter().all(|(_, fact)| matches!(fact, Fact::Index(seen) if *seen >= before)));
                    // More facts than the cache holds, so that the keys are dropped from it and read again.
                    for other in 100..110 {
                        assert_eq!(view.fact(&FactKey::DocumentOrder(other)).unwrap(), None);
                    }
                    reads += 1;
                }
            })
        })
        .collect();
    for round in 1..=ROUNDS {
        write(round);
        applied.store(round, Ordering::SeqCst);
        for key in &keys {
            assert_eq!(view.fact(key).unwrap(), Some(Fact::Index(round)), "the writer reads what it wrote");
        }
    }
    done.store(true, Ordering::SeqCst);
    for reader in readers {
        reader.join().unwrap();
    }
}
