//! A crash: what is on the disk at any moment opens as one position with exactly its facts.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::samples::*;
use crate::pure::domain::facts::{FactList, Facts};
use crate::storage::view::{View, ViewError, ViewOptions};

const FACTS: u64 = 12;
const COPIES: usize = 12;

/// The files are copied while the writer writes, as a crash would leave them. Each batch replaces all facts, so that half a
/// batch shows as facts of two positions.
#[test]
fn files_copied_while_the_view_runs_hold_whole_batches() {
    let place = Place::new();
    let options = ViewOptions { flush_every: Duration::from_millis(1), ..options() };
    let view = View::open(&place.folder(), &key(), options).unwrap();
    let list = FactList::Versions(handle("document"));
    let mut positions = Vec::new();
    thread::scope(|scope| {
        let (view, list) = (&view, &list);
        let (written, is_written) = mpsc::channel();
        scope.spawn(move || {
            // Until nobody listens any more.
            for round in (1..).take_while(|_| written.send(()).is_ok()) {
                let changes = (0..FACTS).map(|index| (list.at(index), Some(fact_for(&list.at(index), round))));
                view.apply(changes, position(round)).unwrap();
                view.flush().unwrap();
            }
        });
        let copies = is_written.iter().take(COPIES).map(|()| {
            // The writer is at its next batches meanwhile.
            let copy = Place::new();
            copy_folder(&place.folder(), &copy.folder());
            copy
        });
        let copies: Vec<Place> = copies.collect();
        drop(is_written);
        for copy in copies {
            let copied = match copy.open() {
                Ok(copied) => copied,
                // A copy is no snapshot: the engine may find its files out of step with each other.
                Err(ViewError::Damaged { .. }) => continue,
                Err(ViewError::Unusable(error)) => panic!("not the ground's fault: {error}"),
            };
            let round = copied.position().next_index;
            let found = copied.list(list, None, 100).unwrap();
            let count = if round == 0 { 0 } else { FACTS };
            let expected: Vec<_> = (0..count).map(|index| (index, fact_for(&list.at(index), round))).collect();
            assert_eq!(found, expected);
            positions.push(round);
        }
    });
    positions.dedup();
    assert!(positions.len() > 1, "copies of several positions opened");
}
