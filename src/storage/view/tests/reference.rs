//! The view against the reference: changes laid over no facts, in memory.

use proptest::prelude::*;

use super::samples::*;
use crate::pure::domain::facts::{Change, FactKey, FactList, Facts, NoFacts, Overlay};
use crate::pure::domain::id::{DirectionId, Label, NeedId};

fn keys() -> impl Strategy<Value = FactKey> {
    let name = prop::sample::select(vec!["a", "b", "a-b"]).prop_map(handle);
    let index = prop_oneof![0u64..6, Just(256), Just(u64::MAX)];
    prop_oneof![
        name.clone().prop_map(FactKey::Person),
        name.clone().prop_map(FactKey::Document),
        index.clone().prop_map(FactKey::DocumentOrder),
        (name.clone(), index.clone()).prop_map(|(document, lodged)| FactKey::Version(document, lodged)),
        (name.clone(), 0u8..3)
            .prop_map(|(document, n)| FactKey::Label(document, Label::parse(&n.to_string()).unwrap())),
        index.clone().prop_map(|index| FactKey::Need(NeedId(index))),
        (name.clone(), index.clone()).prop_map(|(person, need)| FactKey::NeedOf(person, NeedId(need))),
        index.clone().prop_map(|index| FactKey::Direction(DirectionId(index))),
        (name.clone(), 0u8..3).prop_map(|(person, n)| FactKey::Request(person, n.to_string())),
        (name.clone(), index.clone()).prop_map(|(person, entry)| FactKey::EntryOf(person, entry)),
        (name, index).prop_map(|(document, entry)| FactKey::EntryAbout(document, entry)),
    ]
}

fn change() -> impl Strategy<Value = Change> {
    (keys(), prop::option::weighted(0.7, 0u64..50)).prop_map(|(key, variant)| {
        let fact = variant.map(|variant| fact_for(&key, variant));
        (key, fact)
    })
}

fn lists() -> Vec<FactList> {
    let names = ["a", "b", "a-b", "unknown"].map(handle);
    let of_names = names.into_iter().flat_map(|name| {
        [
            FactList::Versions(name.clone()),
            FactList::NeedsOf(name.clone()),
            FactList::EntriesOf(name.clone()),
            FactList::EntriesAbout(name),
        ]
    });
    [FactList::Documents, FactList::Directions].into_iter().chain(of_names).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 64, ..ProptestConfig::default() })]

    #[test]
    fn the_view_answers_as_the_changes_laid_over_nothing(
        batches in prop::collection::vec((prop::collection::vec(change(), 0..12), any::<bool>()), 1..10),
        after in prop::option::of(0u64..7),
        limit in 0usize..5,
    ) {
        let place = Place::new();
        let mut view = place.open().unwrap();
        let mut reference = Overlay::over(&NoFacts);
        let mut seen = Vec::new();
        for (index, (batch, reopen)) in batches.into_iter().enumerate() {
            seen.extend(batch.iter().map(|(key, _)| key.clone()));
            reference.lay(batch.clone());
            view.apply(batch, position(index as u64)).unwrap();
            if reopen {
                drop(view);
                view = place.open().unwrap();
            }
            for key in &seen {
                prop_assert_eq!(view.fact(key).unwrap(), reference.fact(key).unwrap());
            }
            for list in lists() {
                let expected = reference.list(&list, after, limit).unwrap();
                prop_assert_eq!(view.list(&list, after, limit).unwrap(), expected, "{:?}", list);
            }
            prop_assert_eq!(view.position(), position(index as u64));
        }
    }
}
