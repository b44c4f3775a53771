//! CLASS-2: a whole carries the strictest audience of its parts, or leaves those parts out for that reader.

use proptest::prelude::*;

use super::world::*;
use crate::pure::domain::audience::{Admission, admission};
use crate::pure::domain::classification::{Classification, Level};
use crate::pure::domain::facts::FactsExt;
use crate::pure::domain::selection::visible_versions;
use crate::pure::domain::whole::{Whole, strictest};

const LEVELS: [Level; 5] = [
    Level::Determined(Classification::White),
    Level::Determined(Classification::Green),
    Level::Determined(Classification::Amber),
    Level::Undetermined,
    Level::Determined(Classification::Red),
];

fn whole(parts: &[(Level, bool)]) -> Whole<(Level, bool)> {
    Whole::of(parts.iter().copied(), |part| part.0, |part| Ok::<_, ()>(part.1)).unwrap()
}

fn parts() -> impl Strategy<Value = Vec<(Level, bool)>> {
    prop::collection::vec((prop::sample::select(&LEVELS[..]), any::<bool>()), 0..12)
}

proptest! {
    #[test]
    fn class_2_a_whole_carries_what_is_for_the_reader_and_nothing_else(parts in parts()) {
        let whole = whole(&parts);
        prop_assert!(whole.carried.iter().all(|part| part.1));
        prop_assert!(whole.left_out.iter().all(|part| !part.1));
        prop_assert_eq!(whole.carried.len() + whole.left_out.len(), parts.len());
        prop_assert_eq!(whole.is_complete(), parts.iter().all(|part| part.1));
    }

    #[test]
    fn class_2_no_part_is_stricter_than_the_whole_that_carries_it(parts in parts()) {
        let whole = whole(&parts);
        prop_assert_eq!(whole.level.is_none(), whole.carried.is_empty());
        let place = |level| LEVELS.iter().position(|one| *one == level);
        for part in &whole.carried {
            prop_assert!(whole.level.and_then(place) >= place(part.0));
        }
        prop_assert!(whole.level.is_none_or(|level| whole.carried.iter().any(|part| part.0 == level)));
    }

    #[test]
    fn class_2_the_order_of_parts_and_what_is_left_out_change_no_marking(parts in parts()) {
        let carried: Vec<_> = parts.iter().rev().filter(|part| part.1).map(|part| part.0).collect();
        prop_assert_eq!(strictest(carried), whole(&parts).level);
    }

    #[test]
    fn class_2_a_further_part_never_eases_the_whole(parts in parts(), level in prop::sample::select(&LEVELS[..])) {
        let place = |level| LEVELS.iter().position(|one| *one == level);
        let before = whole(&parts).level.and_then(place);
        let mut more = parts;
        more.push((level, true));
        prop_assert!(whole(&more).level.and_then(place) >= before);
    }
}

#[test]
fn class_2_a_red_part_makes_the_whole_red_and_an_undetermined_one_is_stricter_than_amber() {
    let [white, green, amber, undetermined, red] = LEVELS;
    assert_eq!(strictest([white, red, undetermined, amber]), Some(red));
    assert_eq!(strictest([amber, undetermined, green]), Some(undetermined));
    assert_eq!(strictest([]), None);
}

#[test]
fn class_2_each_reader_gets_the_parts_of_the_audiences_that_they_are_in() {
    use Classification::{Amber, Green, Red, White};
    let mut world = smki();
    for (label, level) in [("1.0", White), ("2.0", Green), ("3.0", Amber), ("4.0", Red)] {
        world = with_version(world, label, level);
    }
    world = world.given_by("large-supplier-1", lodged("5.0"));
    for (person, carried, level) in [
        ("chair", &["1.0", "2.0", "3.0", "4.0", "5.0"][..], LEVELS[4]),
        ("small-supplier", &["1.0", "2.0", "3.0", "4.0"], LEVELS[4]),
        ("secas", &["1.0", "2.0", "3.0", "5.0"], LEVELS[3]),
        ("panel-member", &["1.0", "2.0", "3.0"], LEVELS[2]),
        // The agreement unsigned: known of, and not read.
        ("gas-networks", &["1.0", "2.0"], LEVELS[1]),
        ("manufacturer", &["1.0", "2.0"], LEVELS[1]),
        ("auditor", &["1.0"], LEVELS[0]),
    ] {
        let all = world.ask("chair", |facts, standing| {
            let document = facts.document(&super::harness::handle(POLICY)).unwrap().unwrap();
            visible_versions(facts, standing, &document).unwrap()
        });
        let whole = world.ask(person, |facts, standing| {
            let document = facts.document(&super::harness::handle(POLICY)).unwrap().unwrap();
            let versions = all.into_iter().map(|selected| selected.version);
            Whole::of(
                versions,
                |version| version.level(),
                |version| {
                    let admission = admission(facts, standing, &document, version)?;
                    Ok::<_, crate::pure::domain::facts::FactsDamaged>(matches!(
                        admission,
                        Admission::Inside { obstacle: None, .. }
                    ))
                },
            )
            .unwrap()
        });
        let labels: Vec<_> = whole.carried.iter().map(|version| version.label.as_str()).collect();
        assert_eq!((&labels[..], whole.level), (carried, Some(level)), "{person}");
        assert_eq!(whole.left_out.len(), 5 - carried.len(), "{person}");
    }
}
