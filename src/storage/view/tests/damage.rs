//! Damage: whatever happens to the files, the view gives right facts or says that it is damaged.

use std::fs;
use std::os::unix::fs::FileExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use super::samples::*;
use crate::pure::domain::facts::{Fact, FactKey, FactList, Facts, FactsDamaged};
use crate::storage::seal::secret::SecretKey;
use crate::storage::view::engine::{Engine, EngineOptions};
use crate::storage::view::key::{KeyEncoder, META_KEY};
use crate::storage::view::{Position, View, ViewError, ViewOptions};

fn is_damaged<T>(result: Result<T, ViewError>) -> bool {
    matches!(result, Err(ViewError::Damaged { .. }))
}

/// A view with two positions behind it, closed: facts of variant 7, of which two were written before in variant 6.
fn written(place: &Place) {
    let view = place.open().unwrap();
    let old = [FactKey::Service, FactKey::Person(handle("cpso-member"))];
    view.apply(old.map(|key| (key.clone(), Some(fact_for(&key, 6)))), position(1)).unwrap();
    view.apply(one_of_each(), position(2)).unwrap();
    view.flush().unwrap();
}

/// Works on the records beneath the view, as a fault of the engine would.
fn beneath(place: &Place, work: impl FnOnce(&Engine, &dyn Fn(&FactKey) -> Vec<u8>)) {
    let options = EngineOptions { cache_bytes: 1024 * 1024, flush_every: Duration::from_millis(500) };
    let engine = Engine::open(&place.folder(), options).unwrap();
    let keys = KeyEncoder::under(&key());
    work(&engine, &|key| keys.encode(key));
    engine.flush().unwrap();
}

fn unverified(place: &Place) -> Result<View, ViewError> {
    View::open(&place.folder(), &key(), ViewOptions { verify_on_open: false, ..options() })
}

#[test]
fn another_key_opens_nothing() {
    let place = Place::new();
    written(&place);
    for verify_on_open in [true, false] {
        let options = ViewOptions { verify_on_open, ..options() };
        assert!(is_damaged(View::open(&place.folder(), &SecretKey::from_bytes([43; 32]), options)));
    }
    assert_eq!(place.open().unwrap().position(), position(2), "and does no harm");
}

#[test]
fn a_value_in_another_s_place_is_damage_and_stops_the_view() {
    let place = Place::new();
    written(&place);
    let [one, other] = ["cpso-member", "stranger"].map(|name| FactKey::Person(handle(name)));
    beneath(&place, |engine, key| {
        let value = engine.get(&key(&one)).unwrap();
        engine.write(vec![(key(&other), value)]).unwrap();
    });
    let view = unverified(&place).unwrap();
    assert!(view.fact(&one).unwrap().is_some());
    let FactsDamaged(what) = view.fact(&other).unwrap_err();
    assert!(!what.contains("stranger"), "{what}");
    assert!(view.fact(&one).is_err(), "a view that was found damaged answers nothing more");
    assert!(is_damaged(view.apply([], position(3))));
    assert!(is_damaged(view.flush()));
    drop(view);

    // Also where the damage would hide from the next start.
    assert!(is_damaged(unverified(&place)));
    View::quarantine(&place.folder(), "aside").unwrap();
    assert_eq!(place.open().unwrap().position(), Position::default());
}

#[test]
fn an_altered_value_is_damage() {
    let place = Place::new();
    written(&place);
    beneath(&place, |engine, key| {
        let mut value = engine.get(&key(&FactKey::Service)).unwrap().unwrap();
        *value.last_mut().unwrap() ^= 1;
        engine.write(vec![(key(&FactKey::Service), Some(value))]).unwrap();
    });
    assert!(is_damaged(place.open()));
    assert!(unverified(&place).unwrap().fact(&FactKey::Service).is_err());
}

#[test]
fn a_lost_an_added_and_an_older_record_show_on_opening() {
    let service = FactKey::Service;
    for lost in [true, false] {
        let place = Place::new();
        let view = place.open().unwrap();
        view.apply([(service.clone(), Some(fact_for(&service, 1)))], position(1)).unwrap();
        drop(view);
        let mut old = None;
        beneath(&place, |engine, key| old = engine.get(&key(&service)).unwrap());
        let view = place.open().unwrap();
        view.apply([(service.clone(), Some(fact_for(&service, 2)))], position(2)).unwrap();
        drop(view);
        beneath(&place, |engine, key| engine.write(vec![(key(&service), old.filter(|_| !lost))]).unwrap());
        assert!(is_damaged(place.open()), "{}", if lost { "lost" } else { "older" });
    }

    let place = Place::new();
    written(&place);
    beneath(&place, |engine, _| engine.write(vec![(vec![200], Some(vec![1]))]).unwrap());
    assert!(is_damaged(place.open()), "added");
}

#[test]
fn a_missing_or_unknown_meta_record_is_damage() {
    for fault in ["missing", "empty", "format", "salt"] {
        let place = Place::new();
        written(&place);
        beneath(&place, |engine, _| {
            let mut meta = engine.get(&META_KEY).unwrap().unwrap();
            match fault {
                "format" => meta[0] += 1,
                "salt" => meta[1] ^= 1,
                _ => meta.clear(),
            }
            engine.write(vec![(META_KEY.to_vec(), Some(meta).filter(|_| fault != "missing"))]).unwrap();
        });
        assert!(is_damaged(place.open()));
        assert!(is_damaged(unverified(&place)));
    }
}

/// Flips bytes of every file in turn. Allowed afterwards: damaged; an earlier position with exactly its facts, which replay
/// brings forward; the last one with exactly its facts. A wrong fact or an escaping panic is not.
#[test]
fn flipped_bytes_never_give_wrong_facts() {
    let original = Place::new();
    written(&original);
    // Opened once more, so that there is a snapshot of the engine's to damage too.
    drop(original.open().unwrap());
    let mut found = [0_u32; 2];
    for file in files_in(&original.folder()) {
        let bytes = fs::read(&file).unwrap();
        // The engine's segments are mostly padding: only what is written matters, and its first bytes of padding.
        let used = bytes.len() - bytes.iter().rev().take_while(|byte| **byte == bytes[bytes.len() - 1]).count() + 64;
        let step = if bytes.len() < 2000 { 13 } else { 97 };
        for at in (0..used.min(bytes.len())).step_by(step) {
            let copy = Place::new();
            copy_folder(&original.folder(), &copy.folder());
            let mut flipped = bytes.clone();
            flipped[at] ^= 0x55;
            fs::write(copy.folder().join(file.strip_prefix(original.folder()).unwrap()), flipped).unwrap();
            let outcome = catch_unwind(AssertUnwindSafe(|| right_or_damaged(&copy)));
            found[usize::from(outcome.unwrap_or_else(|_| panic!("{} at {at}", file.display())))] += 1;
        }
    }
    let [right, damaged] = found;
    assert!(damaged > 0 && right + damaged > 60, "{right} right, {damaged} damaged");
}

/// Damage under an open view, whose engine reads pages again as its own cache is too small for them; then a restart.
#[test]
fn bytes_that_change_under_an_open_view_never_give_wrong_facts() {
    let list = FactList::Versions(handle("document"));
    let fact = |index| (list.at(index), Some(fact_for(&list.at(index), index)));
    let mut damaged = 0;
    for round in 0..2 {
        let place = Place::new();
        let options = ViewOptions { cache_bytes: 256 * 1024, cached_facts: 2, ..options() };
        let view = View::open(&place.folder(), &key(), options).unwrap();
        for batch in 0..30 {
            view.apply((batch * 100..(batch + 1) * 100).map(fact), position(batch + 1)).unwrap();
        }
        view.flush().unwrap();

        let database = fs::OpenOptions::new().write(true).open(place.folder().join("db")).unwrap();
        for at in (round * 131..database.metadata().unwrap().len()).step_by(4000) {
            database.write_all_at(&[0x5a; 3], at).unwrap();
        }
        let mut check = |view: &View| {
            let applied = view.position().next_index * 100;
            for index in (0..3000).rev() {
                match view.fact(&list.at(index)) {
                    Ok(found) => assert_eq!(found, fact(index).1.filter(|_| index < applied)),
                    Err(FactsDamaged(_)) => damaged += 1,
                }
            }
        };
        check(&view);
        drop(view);
        match place.open() {
            Ok(view) => check(&view),
            Err(ViewError::Damaged { .. }) => damaged += 1,
            Err(ViewError::Unusable(error)) => panic!("not the ground's fault: {error}"),
        }
    }
    assert!(damaged > 0, "the damage was met");
}

#[test]
fn a_shortened_file_never_gives_wrong_facts() {
    let original = Place::new();
    written(&original);
    let database = original.folder().join("db");
    let bytes = fs::read(&database).unwrap();
    for keep in [0, 1, 20, 100, 1000, 3000, 5000, bytes.len() / 2, bytes.len() - 1] {
        let copy = Place::new();
        copy_folder(&original.folder(), &copy.folder());
        fs::write(copy.folder().join("db"), &bytes[..keep.min(bytes.len())]).unwrap();
        right_or_damaged(&copy);
    }
}

/// Whether the view is damaged; fails if it gives anything but the facts of its position.
fn right_or_damaged(place: &Place) -> bool {
    let view = match place.open() {
        Ok(view) => view,
        Err(ViewError::Damaged { .. }) => {
            View::quarantine(&place.folder(), "aside").unwrap();
            assert_eq!(place.open().unwrap().position(), Position::default());
            return true;
        }
        Err(ViewError::Unusable(error)) => panic!("not the ground's fault: {error}"),
    };
    let old = [FactKey::Service, FactKey::Person(handle("cpso-member"))];
    for (key, last) in one_of_each() {
        let expected: Option<Fact> = match view.position() {
            at if at == position(2) => last,
            at if at == position(1) => old.contains(&key).then(|| fact_for(&key, 6)),
            at => {
                assert_eq!(at, Position::default());
                None
            }
        };
        match view.fact(&key) {
            Ok(fact) => assert_eq!(fact, expected, "{key:?} at {:?}", view.position()),
            Err(FactsDamaged(_)) => return true,
        }
    }
    false
}
