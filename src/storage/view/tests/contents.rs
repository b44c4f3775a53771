//! What is put in comes out: facts, lists, positions, and nothing readable on the disk.

use std::os::unix::fs::PermissionsExt;

use super::samples::*;
use crate::pure::domain::facts::{Fact, FactKey, FactList, Facts};
use crate::pure::domain::id::NeedId;
use crate::storage::view::{Position, View};

#[test]
fn a_fact_of_every_kind_comes_back_also_after_reopening() {
    let place = Place::new();
    let view = place.open().unwrap();
    assert_eq!(view.position(), Position { next_index: 0, chain: [0; 32] });
    view.apply(one_of_each(), position(1)).unwrap();
    let fingerprint = view.fingerprint().unwrap();

    // Twice: from the engine, then from the cache.
    for _ in 0..2 {
        for (key, fact) in one_of_each() {
            assert_eq!(view.fact(&key).unwrap(), fact, "{key:?}");
        }
    }
    drop(view);
    let view = place.open().unwrap();
    assert_eq!(view.position(), position(1));
    assert_eq!(view.fingerprint().unwrap(), fingerprint);
    for (key, fact) in one_of_each() {
        assert_eq!(view.fact(&key).unwrap(), fact, "{key:?}");
    }
}

#[test]
fn lists_are_paged_in_order_of_index_and_show_removals() {
    let place = Place::new();
    let view = place.open().unwrap();
    let indexes = [0, 1, 7, 255, 256, 70_000, u64::MAX];
    for list in every_list() {
        let members = indexes.map(|index| (list.at(index), Some(fact_for(&list.at(index), index % 1000))));
        view.apply(members, position(1)).unwrap();
        // A neighbour that belongs to another person or document, where the list has one.
        view.apply([(FactKey::EntryOf(handle("other"), 3), Some(Fact::Index(3)))], position(2)).unwrap();

        let numbers = |after, limit| -> Vec<u64> {
            view.list(&list, after, limit).unwrap().into_iter().map(|(index, _)| index).collect()
        };
        assert_eq!(numbers(None, 100), indexes, "{list:?}");
        assert_eq!(numbers(None, 3), [0, 1, 7]);
        assert_eq!(numbers(Some(7), 2), [255, 256]);
        assert_eq!(numbers(Some(8), 2), [255, 256]);
        assert_eq!(numbers(Some(u64::MAX - 1), 2), [u64::MAX]);
        assert!(numbers(Some(u64::MAX), 2).is_empty());
        assert!(numbers(None, 0).is_empty());
        for (index, fact) in view.list(&list, None, 100).unwrap() {
            assert_eq!(fact, fact_for(&list.at(index), index % 1000));
        }
        view.apply([(list.at(7), None), (list.at(0), None)], position(3)).unwrap();
        assert_eq!(numbers(None, 3), [1, 255, 256]);
        assert_eq!(view.fact(&list.at(7)).unwrap(), None);
    }
}

#[test]
fn the_last_change_of_a_key_in_a_batch_holds() {
    let place = Place::new();
    let view = place.open().unwrap();
    let key = FactKey::Need(NeedId(1));
    let changes = [(key.clone(), None), (key.clone(), Some(fact_for(&key, 1))), (key.clone(), Some(fact_for(&key, 2)))];
    view.apply(changes, position(1)).unwrap();
    assert_eq!(view.fact(&key).unwrap(), Some(fact_for(&key, 2)));
    drop(view);
    assert_eq!(place.open().unwrap().fact(&key).unwrap(), Some(fact_for(&key, 2)), "and the tally agrees");
}

#[test]
fn a_rebuilt_view_has_the_fingerprint_of_the_first() {
    let [first, second] = [Place::new(), Place::new()];
    let [first, second] = [first.open().unwrap(), second.open().unwrap()];
    assert_eq!(first.fingerprint().unwrap(), second.fingerprint().unwrap(), "of nothing");
    for (index, change) in one_of_each().into_iter().enumerate() {
        first.apply([change], position(index as u64)).unwrap();
    }
    let one = FactKey::Need(NeedId(99));
    first.apply([(one.clone(), Some(fact_for(&one, 1)))], position(20)).unwrap();
    first.apply([(one, None)], position(21)).unwrap();
    second.apply(one_of_each().into_iter().rev(), position(1)).unwrap();
    assert_eq!(first.fingerprint().unwrap(), second.fingerprint().unwrap());

    second.apply([(FactKey::Service, None)], position(2)).unwrap();
    assert_ne!(first.fingerprint().unwrap(), second.fingerprint().unwrap());
}

#[test]
fn no_name_title_or_statement_lies_in_the_folder() {
    let place = Place::new();
    let view = place.open().unwrap();
    view.apply(one_of_each(), position(1)).unwrap();
    view.flush().unwrap();
    let look = || {
        let files = files_in(&place.folder());
        let bytes: Vec<u8> = files.iter().flat_map(|file| std::fs::read(file).unwrap()).collect();
        assert!(bytes.len() > 4000, "the facts are on the disk");
        for secret in [CONFIDENTIAL, "cpso-member", "cpso", "Europe/London", "application/pdf"] {
            assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret}");
        }
    };
    look();
    drop(view);
    drop(place.open().unwrap());
    look();
}

#[test]
fn a_new_folder_is_its_owner_s_alone() {
    let place = Place::new();
    let _view = place.open().unwrap();
    assert_eq!(place.folder().metadata().unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn a_small_cache_and_a_large_one_give_the_same_facts() {
    for cached_facts in [0, 2, 1000] {
        let place = Place::new();
        let view =
            View::open(&place.folder(), &key(), super::super::ViewOptions { cached_facts, ..options() }).unwrap();
        let list = FactList::Versions(handle("document"));
        for variant in 0..3 {
            let changes = (0..20).map(|index| (list.at(index), Some(fact_for(&list.at(index), variant))));
            view.apply(changes, position(variant)).unwrap();
            for (index, fact) in view.list(&list, None, 100).unwrap() {
                assert_eq!(fact, fact_for(&list.at(index), variant));
                assert_eq!(view.fact(&list.at(index)).unwrap(), Some(fact));
            }
        }
    }
}
