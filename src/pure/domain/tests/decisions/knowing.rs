//! READ-6: who may know of a decision.

use super::super::harness::{World, handle};
use super::super::world::*;
use super::*;
use crate::pure::domain::classification::Classification::{Green, Red};
use crate::pure::domain::decision::DecisionKind as Kind;
use crate::pure::domain::docket::{DecisionFilter, decisions, may_know_of_subject};

#[test]
fn read_6_a_body_and_its_secretariat_know_of_its_decisions_and_nobody_else() {
    let (world, id) = matter_opened(deputised(smki(), "small-supplier"));
    for person in ["chair", "small-supplier", "deputy", "gas-networks", "dcc-rep", "secas"] {
        assert_eq!(listed(&world, person), [id], "{person}");
    }
    for person in ["panel-member", "large-supplier-3", "dcc-operator", "manufacturer", "auditor", "operator"] {
        assert!(listed(&world, person).is_empty(), "{person}");
    }
}

#[test]
fn read_6_a_decision_on_a_red_version_is_hidden_from_representatives_who_are_not_included() {
    let (world, id) = opened(documents(Red), "chair", open(Kind::ApproveCps, version(STATEMENT, None)));
    for person in ["dcc-rep", "secas"] {
        assert!(listed(&world, person).is_empty(), "{person}");
        world.when(person, vote(id, Vote::For)).then_hidden();
        world.when(person, close(id)).then_hidden();
    }
    let named = world.given_by("chair", Event::SecretariatNamed { person: handle("secas"), body: handle("pma") });
    assert_eq!(listed(&named, "secas"), [id]);
}

#[test]
fn read_2_a_member_knows_that_an_undetermined_version_is_put_to_them_and_not_which() {
    let (world, id) = opened(
        documents(Green).given_by("chair", of(STATEMENT, lodged_as("2.0", "2026-01-01", None))),
        "chair",
        open(Kind::ApproveCps, AskedSubject::Version { document: handle(STATEMENT), version: label("2.0"), to: None }),
    );
    let knows = |person: &str| {
        let decision = decision(&world, id);
        world.ask(person, |facts, standing| may_know_of_subject(facts, standing, &decision).unwrap())
    };
    assert_eq!(listed(&world, "small-supplier"), [id]);
    assert!(knows("chair") && !knows("small-supplier"));
    assert!(listed(&world, "dcc-rep").is_empty());
}

#[test]
fn read_6_a_list_is_filtered_by_body_state_and_kind() {
    let (world, first) = matter_opened(smki());
    let (world, second) = opened(world.done("chair", close(first)), "secas", open(Kind::AdvisePanel, matter()));
    let list = |filter: DecisionFilter| {
        world.ask("chair", |facts, standing| {
            let page = decisions(facts, standing, &filter, None, 10).unwrap();
            page.items.iter().map(|decision| decision.id.0).collect::<Vec<_>>()
        })
    };
    let none = DecisionFilter::default();
    assert_eq!(list(none.clone()), [first, second]);
    assert_eq!(list(DecisionFilter { open: Some(true), ..none.clone() }), [second]);
    assert_eq!(list(DecisionFilter { open: Some(false), ..none.clone() }), [first]);
    assert_eq!(list(DecisionFilter { kind: Some(Kind::AdvisePanel), ..none.clone() }), [second]);
    assert!(list(DecisionFilter { body: Some(handle("panel")), ..none }).is_empty());
}

fn listed(world: &World, person: &str) -> Vec<u64> {
    world.ask(person, |facts, standing| {
        let page = decisions(facts, standing, &DecisionFilter::default(), None, 10).unwrap();
        page.items.iter().map(|decision| decision.id.0).collect()
    })
}
