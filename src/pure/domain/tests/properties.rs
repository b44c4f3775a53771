//! What holds for whatever people ask, in whatever order.

use proptest::prelude::*;

use super::harness::{World, handle};
use super::world::*;
use crate::pure::domain::audience::admission;
use crate::pure::domain::classification::Classification::{self, Red};
use crate::pure::domain::command::{Command, Settlement};
use crate::pure::domain::decide::Decision;
use crate::pure::domain::event::Event;
use crate::pure::domain::facts::{FactList, FactsExt};
use crate::pure::domain::id::{DirectionId, NeedId};
use crate::pure::domain::selection::any_visible;

pub(super) const PEOPLE: [&str; 16] = [
    "chair",
    "large-supplier-1",
    "large-supplier-3",
    "small-supplier",
    "gas-networks",
    "dcc-rep",
    "ofgem-rep",
    "secas",
    "panel-member",
    "dcc-operator",
    "party-large-supplier",
    "manufacturer",
    "auditor",
    "operator",
    "deputy",
    "working-group-member",
];

/// Those of `PEOPLE` to whom no event below gives a seat that opens RED, or a grant.
const NEVER_RED: [&str; 11] = [
    "large-supplier-3",
    "dcc-rep",
    "ofgem-rep",
    "panel-member",
    "party-large-supplier",
    "manufacturer",
    "auditor",
    "operator",
    "deputy",
    "working-group-member",
    "dcc-operator",
];

fn command() -> impl Strategy<Value = Command> {
    let label = prop_oneof![Just("1.0"), Just("2.0"), Just("3.0")];
    let level = prop::sample::select(&Classification::ALL[..]);
    (0..14_u8, label, level, 0..3_u8, 80..120_u64).prop_map(|(which, label, level, bytes, index)| match which {
        0 => view_document(POLICY),
        1 => view(label),
        2 => read(label),
        3 => read_by_need(label, index),
        4 => lodge(label, bytes, None),
        5 => lodge(label, bytes, Some(index)),
        6 => determine(label, level),
        7 => publish(label),
        8 => withdraw(label),
        9 => record_need(Some(label), good_need(), None),
        10 => record_need(None, good_need(), None),
        11 => issue_direction(),
        12 => Command::SettleDirection {
            direction: DirectionId(index),
            outcome: if bytes == 0 { Settlement::Returned } else { Settlement::Accepted },
            reason: "as required".into(),
        },
        _ => Command::WithdrawNeed { need: NeedId(index) },
    })
}

pub(super) fn history() -> impl Strategy<Value = Vec<(&'static str, Command)>> {
    prop::collection::vec((prop::sample::select(&PEOPLE[..]), command()), 1..40)
}

pub(super) fn lived(history: &[(&'static str, Command)]) -> World {
    let mut world = smki();
    for (person, command) in history {
        world.attempt(person, command);
    }
    world
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn replaying_the_same_events_gives_equal_facts(history in history()) {
        let world = lived(&history);
        prop_assert_eq!(world.replayed().facts(), world.facts());
    }

    #[test]
    fn read_6_a_version_is_known_of_by_its_class_as_by_itself(history in history(), person in prop::sample::select(&PEOPLE[..])) {
        let world = lived(&history);
        let (quick, each) = world.ask(person, |facts, standing| {
            let document = facts.document(&handle(POLICY)).unwrap().unwrap();
            let known = |lodged| {
                let version = facts.version(&document.slug, lodged).unwrap().unwrap();
                admission(facts, standing, &document, &version).unwrap().is_inside()
            };
            let lodged = facts.list(&FactList::Versions(document.slug.clone()), None, 100).unwrap();
            let each = lodged.into_iter().any(|(lodged, _)| known(lodged));
            (any_visible(facts, standing, &document).unwrap(), each)
        });
        prop_assert_eq!(quick, each);
    }

    #[test]
    fn deciding_the_same_again_gives_the_same(history in history(), person in prop::sample::select(&PEOPLE[..]), command in command()) {
        let world = lived(&history);
        world.when(person, command.clone()).then_like(world.when(person, command));
    }

    #[test]
    fn a_refusal_a_hiding_and_an_answer_change_nothing(history in history(), person in prop::sample::select(&PEOPLE[..]), command in command()) {
        let mut world = lived(&history);
        let before = world.next_index();
        let entered = world.attempt(person, &command);
        prop_assert_eq!(world.next_index(), before + u64::from(entered));
        if let Ok(Decision::Enter(grant)) = world.when(person, command).result {
            prop_assert!(!grant.events.is_empty());
        }
    }

    #[test]
    fn red_1_a_read_by_a_person_without_seat_or_grant_never_enters(history in history(), person in prop::sample::select(&NEVER_RED[..])) {
        let world = lived(&history).given_by("large-supplier-1", lodged("9.0")).given_by("chair", determined("9.0", Red));
        world.when(person, read("9.0")).then_hidden();
        world.when(person, view("9.0")).then_hidden();
        world.when(person, record_need(Some("9.0"), good_need(), None)).then_hidden();
    }

    #[test]
    fn read_3_every_release_names_a_need_of_the_reader(history in history()) {
        let mut world = smki();
        let mut recorded = std::collections::BTreeSet::new();
        for (person, command) in &history {
            if let Ok(Decision::Enter(grant)) = world.when(person, command.clone()).result {
                for event in &grant.events {
                    match event {
                        Event::NeedRecorded { need, .. } => { recorded.insert((*person, *need)); }
                        Event::ContentReleased { need, .. } => prop_assert!(recorded.contains(&(*person, *need))),
                        _ => {}
                    }
                }
            }
            world.attempt(person, command);
        }
    }

    #[test]
    fn lodge_3_the_bytes_of_a_label_never_change(history in history()) {
        let mut world = smki();
        let mut lodged = std::collections::BTreeMap::new();
        for (person, command) in &history {
            if let Ok(Decision::Enter(grant)) = world.when(person, command.clone()).result {
                for event in grant.events {
                    if let Event::VersionLodged { label, content, .. } = event {
                        prop_assert!(lodged.insert(label, content.digest).is_none());
                    }
                }
            }
            world.attempt(person, command);
        }
    }

    #[test]
    fn read_5_the_host_is_never_given_content(history in history(), command in command()) {
        if let Ok(Decision::Enter(grant)) = lived(&history).when("operator", command).result {
            let released = grant.events.iter().any(|event| matches!(event, Event::ContentReleased { .. }));
            prop_assert!(!released);
        }
    }
}

#[test]
fn the_people_of_these_properties_are_in_the_register() {
    let facts = smki().facts();
    for person in PEOPLE {
        assert!(facts.contains_key(&crate::pure::domain::facts::FactKey::Person(handle(person))), "{person}");
    }
}
