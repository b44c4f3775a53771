//! LODGE-4: which version is in force, on which day, as far as was known when, and for whom.

use super::harness::{Outcome, World, handle, instant};
use super::world::*;
use crate::pure::domain::classification::Classification::{self, Amber, Green, Red, White};
use crate::pure::domain::command::{Command, Selector};
use crate::pure::domain::decide::{Answer, Decision};
use crate::pure::domain::refusal::RefusalCode::Invalid;
use crate::pure::domain::rule::Rule;

#[test]
fn lodge_4_the_newest_effective_version_is_in_force_whatever_was_lodged_last() {
    let world = version(smki(), "2.0", "2026-03-01", White);
    let world = version(world, "1.0", "2026-01-01", White);
    let world = version(world, "3.0", "2026-12-01", White);
    in_force(&world, "manufacturer", None, None).then_shows("2.0");
    in_force(&world, "manufacturer", Some("2026-02-28"), None).then_shows("1.0");
    in_force(&world, "manufacturer", Some("2026-12-01"), None).then_shows("3.0");
    world.when("manufacturer", look(Selector::Latest)).then_shows("3.0");
}

#[test]
fn lodge_4_of_two_versions_with_the_same_effective_date_the_later_lodged_is_in_force() {
    let world = version(smki(), "1.1", "2026-01-01", White);
    let world = version(world, "1.0", "2026-01-01", White);
    in_force(&world, "manufacturer", None, None).then_shows("1.0");
}

#[test]
fn lodge_4_a_withdrawn_version_is_not_in_force_but_was_as_known_before_the_withdrawal() {
    let world = version(smki(), "1.0", "2026-01-01", White);
    let world = version(world, "2.0", "2026-03-01", White).at("2026-11-25T12:00:00Z").done("chair", withdraw("2.0"));
    in_force(&world, "manufacturer", None, None).then_shows("1.0");
    in_force(&world, "manufacturer", None, Some("2026-11-25T11:59:59.999999Z")).then_shows("2.0");
    in_force(&world, "manufacturer", None, Some("2026-11-25T12:00:00Z")).then_shows("1.0");
    world.when("manufacturer", look(Selector::Latest)).then_shows("1.0");
}

#[test]
fn lodge_4_a_version_counts_only_from_when_the_repository_knew_it() {
    let world = version(smki(), "1.0", "2026-01-01", White).at("2026-11-25T12:00:00Z");
    let world = version(world, "2.0", "2026-01-15", White);
    in_force(&world, "manufacturer", Some("2026-02-01"), None).then_shows("2.0");
    in_force(&world, "manufacturer", Some("2026-02-01"), Some("2026-11-25T11:59:59Z")).then_shows("1.0");
    let before = in_force(&world, "manufacturer", Some("2026-02-01"), Some("2026-11-24T09:29:59Z"));
    before.then_refused(Invalid, Rule::Lodge4);
}

#[test]
fn lodge_4_a_day_before_the_first_version_is_an_explicit_error() {
    let world = version(smki(), "1.0", "2026-01-01", White);
    in_force(&world, "manufacturer", Some("2025-12-31"), None).then_refused(Invalid, Rule::Lodge4);
}

#[test]
fn lodge_4_where_every_version_is_withdrawn_none_is_in_force() {
    let world = version(smki(), "1.0", "2026-01-01", White).done("chair", withdraw("1.0"));
    in_force(&world, "manufacturer", None, None).then_refused(Invalid, Rule::Lodge4);
    world.when("manufacturer", look(Selector::Latest)).then_hidden();
}

#[test]
fn lodge_4_in_force_is_resolved_among_the_versions_that_the_reader_may_know_of() {
    let world = version(smki(), "1.0", "2026-01-01", Green);
    let world = version(world, "2.0", "2026-03-01", Red);
    in_force(&world, "manufacturer", None, None).then_shows("1.0");
    in_force(&world, "small-supplier", None, None).then_shows("2.0");
    in_force(&world, "operator", None, None).then_hidden();
    world.when("manufacturer", look(Selector::Latest)).then_shows("1.0");
}

#[test]
fn lodge_4_the_error_names_no_day_of_a_version_that_the_reader_may_not_know_of() {
    let world = version(smki(), "1.0", "2026-01-01", Amber);
    let world = version(world, "2.0", "2026-06-01", Green);
    let outcome = in_force(&world, "manufacturer", Some("2026-03-01"), None);
    let Ok(Decision::Refuse(refusal)) = &outcome.result else { panic!("{:?}", outcome.result) };
    assert!(refusal.satisfy.contains("2026-06-01") && !refusal.satisfy.contains("2026-01-01"), "{}", refusal.satisfy);
}

#[test]
fn lodge_4_without_a_visible_version_nothing_is_in_force_as_for_an_absent_document() {
    let world = version(smki(), "1.0", "2026-01-01", Red);
    in_force(&world, "manufacturer", Some("2025-01-01"), None).then_hidden();
    in_force(&world, "ofgem-rep", None, None).then_hidden();
}

#[test]
fn lodge_4_days_are_days_in_london() {
    // In July London is an hour ahead of UTC.
    let world = version(smki().at("2026-07-01T22:59:59Z"), "1.0", "2026-01-01", White);
    let world = version(world, "2.0", "2026-07-02", White);
    in_force(&world, "manufacturer", None, None).then_shows("1.0");
    let world = world.at("2026-07-01T23:00:00Z");
    in_force(&world, "manufacturer", None, None).then_shows("2.0");
    let [event] = world.when("chair", lodge("3.0", 1, None)).events().try_into().unwrap();
    assert_eq!(event, lodged_as("3.0", "2026-07-02", None), "lodged on the second of July, as London counts");
}

#[test]
fn lodge_4_without_an_effective_date_a_version_has_effect_from_its_incorporation() {
    let mut command = lodge("1.0", 1, None);
    let Command::LodgeVersion { incorporated, .. } = &mut command else { panic!("another command") };
    *incorporated = Some(day("2026-10-01"));
    let world = smki().done("chair", command);
    let Answer::Version(_, version) = world.when("chair", view("1.0")).then_answers() else { panic!("no version") };
    assert_eq!((version.effective, version.incorporated), (day("2026-10-01"), Some(day("2026-10-01"))));
}

fn version(world: World, label: &str, effective: &str, level: Classification) -> World {
    let world = world.given_by("large-supplier-1", lodged_as(label, effective, None));
    world.given_by("chair", determined(label, level))
}

fn in_force(world: &World, person: &str, as_of: Option<&str>, known_at: Option<&str>) -> Outcome {
    let selector = Selector::InForce { as_of: as_of.map(day), known_at: known_at.map(instant) };
    world.when(person, look(selector))
}

fn look(version: Selector) -> Command {
    Command::ViewVersion { document: handle(POLICY), version }
}
