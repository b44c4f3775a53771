//! LODGE-2: directions to lodge.

use super::harness::{World, handle};
use super::world::*;
use crate::pure::domain::audience::{may_know_of_direction, may_know_of_what_was_lodged};
use crate::pure::domain::classification::Classification::{Red, White};
use crate::pure::domain::command::{Command, Settlement};
use crate::pure::domain::decide::Answer;
use crate::pure::domain::event::Event;
use crate::pure::domain::facts::FactsExt;
use crate::pure::domain::id::DirectionId;
use crate::pure::domain::refusal::RefusalCode::{Conflict, Invalid, NotPermitted};
use crate::pure::domain::rule::Rule;

#[test]
fn lodge_2_the_chair_or_the_secretariat_directs_the_operator_of_the_pki() {
    let world = smki_with(White);
    for person in ["chair", "secas"] {
        world.when(person, issue_direction()).then_enters([Event::DirectionIssued {
            direction: DirectionId(world.next_index()),
            document: handle(POLICY),
            title: "Lodge the policy".into(),
            requirement: "the text as approved".into(),
            due: day("2026-12-31"),
            addressee: handle("dcc"),
            decision: None,
        }]);
    }
    for person in ["small-supplier", "ofgem-rep", "dcc-rep", "dcc-operator", "manufacturer", "operator"] {
        world.when(person, issue_direction()).then_refused(NotPermitted, Rule::Lodge2);
    }
    smki().when("manufacturer", issue_direction()).then_hidden();
}

#[test]
fn lodge_2_a_direction_is_due_today_or_later_has_words_and_cites_only_what_was_decided() {
    for bad in ["due", "title", "lines", "requirement", "decision"] {
        let mut command = issue_direction();
        let Command::IssueDirection { title, requirement, due, decision, .. } = &mut command else {
            panic!("another command")
        };
        match bad {
            "due" => *due = day("2026-11-23"),
            "title" => title.clear(),
            "lines" => title.push_str("\tand a tab"),
            "requirement" => requirement.clear(),
            _ => *decision = Some("decision-1".into()),
        }
        smki().when("chair", command).then_refused(Invalid, Rule::Lodge2);
    }
}

#[test]
fn lodge_2_a_direction_may_be_due_today_as_london_counts() {
    let due = |now: &str, today: &str| {
        let mut command = issue_direction();
        let Command::IssueDirection { due, .. } = &mut command else { panic!("another command") };
        *due = day(today);
        smki().at(now).when("chair", command)
    };
    due("2026-07-01T22:59:59Z", "2026-07-01").events();
    due("2026-07-01T23:00:00Z", "2026-07-01").then_refused(Invalid, Rule::Lodge2);
}

#[test]
fn lodge_2_issue_upload_and_acceptance_are_one_chain() {
    let (world, direction) = issued(smki());
    assert_eq!(world.when("dcc-operator", offer("1.0", 1, Some(direction))).then_answers(), Answer::Welcome);
    let lodgement = world.when("dcc-operator", lodge("1.0", 1, Some(direction)));
    lodgement.then_enters([lodged_as("1.0", "2026-11-24", Some(DirectionId(direction)))]);
    let world = world.done("dcc-operator", lodge("1.0", 1, Some(direction)));
    world.when("secas", settle(direction, Settlement::Accepted)).then_enters([Event::DirectionAccepted {
        direction: DirectionId(direction),
        label: label("1.0"),
        reason: "as required".into(),
    }]);
    let world = world.done("chair", settle(direction, Settlement::Accepted));
    world.when("chair", settle(direction, Settlement::Returned)).then_refused(Conflict, Rule::Lodge2);
}

#[test]
fn lodge_2_the_dcc_lodges_only_against_an_open_direction_addressed_to_it_for_that_document() {
    let world = smki_with(White).given_by("secas", registered("another-policy"));
    for direction in [None, Some(9_999)] {
        world.when("dcc-operator", offer("2.0", 2, direction)).then_refused(NotPermitted, Rule::Lodge2);
        world.when("dcc-operator", lodge("2.0", 2, direction)).then_refused(NotPermitted, Rule::Lodge2);
    }
    let other = world.next_index();
    let mut for_another = issue_direction();
    let Command::IssueDirection { document, .. } = &mut for_another else { panic!("another command") };
    *document = handle("another-policy");
    let world = world.done("chair", for_another);
    world.when("dcc-operator", lodge("2.0", 2, Some(other))).then_refused(NotPermitted, Rule::Lodge2);
}

#[test]
fn lodge_2_a_direction_addressed_to_another_organisation_is_not_the_dccs() {
    let to_another = Event::DirectionIssued {
        direction: DirectionId(500),
        document: handle(POLICY),
        title: "Lodge it".into(),
        requirement: "the text".into(),
        due: day("2026-12-31"),
        addressee: handle("meter-works"),
        decision: None,
    };
    let world = smki_with(White).given_by("chair", to_another);
    world.when("dcc-operator", lodge("2.0", 2, Some(500))).then_refused(NotPermitted, Rule::Lodge2);
}

#[test]
fn lodge_2_a_settled_direction_shows_the_document_to_its_addressee_no_longer() {
    let (world, direction) = issued(person_of(smki(), "dcc-second", "dcc"));
    world.when("dcc-second", view_document(POLICY)).then_answers();
    let world = world.done("dcc-operator", lodge("1.0", 1, Some(direction)));
    world.when("dcc-second", view_document(POLICY)).then_answers();
    let world = world.done("chair", settle(direction, Settlement::Accepted));
    world.when("dcc-second", view_document(POLICY)).then_hidden();
}

#[test]
fn lodge_2_a_discharged_direction_takes_no_other_version_until_it_is_returned() {
    let (world, direction) = issued(smki());
    let world = world.done("dcc-operator", lodge("1.0", 1, Some(direction)));
    world.when("dcc-operator", lodge("1.1", 2, Some(direction))).then_refused(NotPermitted, Rule::Lodge2);
    let world = world.done("chair", settle(direction, Settlement::Returned));
    world.when("dcc-operator", lodge("1.0", 2, Some(direction))).then_refused(Conflict, Rule::Lodge3);
    let world = world.done("dcc-operator", lodge("1.1", 2, Some(direction)));
    let world = world.done("chair", settle(direction, Settlement::Accepted));
    world.when("dcc-operator", lodge("1.2", 3, Some(direction))).then_refused(NotPermitted, Rule::Lodge2);
}

#[test]
fn lodge_2_the_same_upload_again_is_the_same_lodgement_though_the_direction_is_discharged() {
    let (world, direction) = issued(smki());
    let world = world.done("dcc-operator", lodge("1.0", 1, Some(direction)));
    let again = world.when("dcc-operator", lodge("1.0", 1, Some(direction))).then_answers();
    assert!(matches!(again, Answer::LodgedBefore(..)));
    assert_eq!(world.when("dcc-operator", offer("1.0", 1, Some(direction))).then_answers(), Answer::Welcome);
    world.when("dcc-operator", lodge("1.0", 2, Some(direction))).then_refused(Conflict, Rule::Lodge3);
}

#[test]
fn lodge_2_a_colleague_who_did_not_lodge_learns_nothing_of_what_was_lodged() {
    let (world, direction) = issued(smki());
    let world = person_of(world, "dcc-second", "dcc");
    let world = world.done("dcc-operator", lodge("1.0", 1, Some(direction))).given_by("chair", determined("1.0", Red));
    let same = world.when("dcc-second", lodge("1.0", 1, Some(direction)));
    same.then_like(world.when("dcc-second", lodge("7.7", 1, Some(direction))));
}

#[test]
fn lodge_2_a_direction_is_discharged_by_nobody_else() {
    let (world, direction) = issued(smki_with(White));
    world.when("small-supplier", lodge("2.0", 2, Some(direction))).then_refused(Invalid, Rule::Lodge2);
    world.when("manufacturer", lodge("2.0", 2, Some(direction))).then_refused(NotPermitted, Rule::Lodge1);
}

#[test]
fn lodge_2_only_the_issuers_side_settles_and_only_those_concerned_know_of_the_direction() {
    let (world, direction) = issued(smki_with(White));
    world.when("chair", settle(direction, Settlement::Accepted)).then_refused(Conflict, Rule::Lodge2);
    for person in ["dcc-operator", "dcc-rep", "small-supplier", "ofgem-rep"] {
        world.when(person, settle(direction, Settlement::Accepted)).then_refused(NotPermitted, Rule::Lodge2);
    }
    for person in ["manufacturer", "panel-member", "large-supplier-3", "auditor", "operator"] {
        world.when(person, settle(direction, Settlement::Accepted)).then_hidden();
    }
    world.when("chair", settle(9_999, Settlement::Accepted)).then_hidden();
}

#[test]
fn lodge_2_the_operator_of_the_pki_keeps_the_document_it_lodged_and_not_the_version() {
    let (world, direction) = issued(smki());
    let world = world.done("dcc-operator", lodge("1.0", 1, Some(direction)));
    let world = world.done("chair", settle(direction, Settlement::Accepted)).given_by("chair", determined("1.0", Red));
    world.when("dcc-operator", view_document(POLICY)).then_answers();
    world.when("dcc-operator", view("1.0")).then_hidden();
}

#[test]
fn lodge_2_who_knows_of_a_direction_learns_the_label_only_of_a_version_that_they_may_know_of() {
    let (world, id) = issued(smki());
    let world = world.done("dcc-operator", lodge("1.0", 1, Some(id)));
    let knows = |person: &str| {
        world.ask(person, |facts, standing| {
            let direction = facts.direction(DirectionId(id)).unwrap().unwrap();
            let of_the_direction = may_know_of_direction(facts, standing, &direction).unwrap();
            (of_the_direction, may_know_of_what_was_lodged(facts, standing, &direction).unwrap())
        })
    };
    for person in ["chair", "secas", "dcc-operator"] {
        assert_eq!(knows(person), (true, true), "{person}");
    }
    for person in ["dcc-rep", "ofgem-rep", "small-supplier"] {
        assert_eq!(knows(person), (true, false), "{person}");
    }
    for person in ["manufacturer", "panel-member", "large-supplier-3", "auditor", "operator"] {
        assert_eq!(knows(person), (false, false), "{person}");
    }
}

fn issued(world: World) -> (World, u64) {
    let direction = world.next_index();
    (world.done("chair", issue_direction()), direction)
}

fn settle(direction: u64, outcome: Settlement) -> Command {
    Command::SettleDirection { direction: DirectionId(direction), outcome, reason: "as required".into() }
}
