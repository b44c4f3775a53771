//! WHITE-1 and GREEN-1.

use super::world::*;
use crate::pure::domain::classification::Classification::{Amber, Green, Red, White};
use crate::pure::domain::command::NeedClaim;
use crate::pure::domain::event::Event;
use crate::pure::domain::refusal::RefusalCode::{Conflict, NotPermitted};
use crate::pure::domain::rule::Rule;

#[test]
fn white_1_anyone_with_an_active_credential_reads_with_a_coded_purpose() {
    let world = smki_with(White);
    let coded = NeedClaim::Inline(need("operate", "building a meter for the market", None));
    for person in ["manufacturer", "party-small-supplier", "large-supplier-3", "gas-networks", "chair", "dcc-operator"]
    {
        world.when(person, read_for("1.0", Some(coded.clone()))).then_reads(Rule::White1);
    }
}

#[test]
fn white_1_a_member_publishes_and_nobody_else() {
    let world = smki_with(White);
    for person in ["small-supplier", "chair", "gas-networks"] {
        world.when(person, publish("1.0")).events();
    }
    for person in ["secas", "dcc-rep", "large-supplier-3", "manufacturer", "panel-member", "operator", "auditor"] {
        world.when(person, publish("1.0")).then_refused(NotPermitted, Rule::White1);
    }
}

#[test]
fn white_1_only_white_is_published_and_once() {
    for level in [Green, Amber, Red] {
        smki_with(level).when("chair", publish("1.0")).then_refused(NotPermitted, Rule::White1);
    }
    let world = smki_with(White).done("chair", publish("1.0"));
    world.when("chair", publish("1.0")).then_refused(Conflict, Rule::White1);
}

#[test]
fn white_1_what_is_determined_again_or_withdrawn_is_no_longer_published() {
    let published = || smki_with(White).done("chair", publish("1.0"));
    assert!(is_published(published()));
    assert!(!is_published(published().given_by("chair", determined("1.0", Green))));
    let again = published().given_by("chair", determined("1.0", Green)).given_by("chair", determined("1.0", White));
    assert!(!is_published(again), "a fresh mark is needed");
    assert!(!is_published(published().given_by("chair", withdrawn("1.0"))));
}

#[test]
fn white_1_a_version_that_a_member_cannot_see_cannot_be_published() {
    let world = smki().given_by("large-supplier-1", lodged("1.0"));
    world.when("small-supplier", publish("1.0")).then_hidden();
    world.when("small-supplier", publish("9.9")).then_hidden();
}

#[test]
fn green_1_members_of_any_body_and_people_of_parties_and_stakeholders_read() {
    let world = smki_with(Green);
    let audience =
        ["manufacturer", "party-small-supplier", "large-supplier-3", "gas-networks", "dcc-operator", "secas"];
    for person in audience.into_iter().chain(["ofgem-rep", "beis-rep", "panel-member"]) {
        world.when(person, read("1.0")).then_reads(Rule::Green1);
    }
    for person in ["auditor", "operator"] {
        world.when(person, view("1.0")).then_hidden();
    }
}

#[test]
fn green_1_a_seat_admits_whose_organisation_does_not_and_only_while_it_lasts() {
    let world = person_of(smki_with(Green), "adviser", "assurers");
    world.when("adviser", read("1.0")).then_hidden();
    let world = seated(world, "adviser", "working-group", "group-observer", "2026-12-01T00:00:00Z");
    world.when("adviser", read("1.0")).then_reads(Rule::Green1);
    world.at("2026-12-01T00:00:00Z").when("adviser", read("1.0")).then_hidden();
}

#[test]
fn green_1_an_unconfirmed_appointment_admits_nobody() {
    let appointed = Event::AppointmentMade {
        person: super::harness::handle("adviser"),
        body: super::harness::handle("working-group"),
        seat: super::harness::handle("group-observer"),
        from: super::harness::instant("2026-01-01T00:00:00Z"),
        until: super::harness::instant("2027-01-01T00:00:00Z"),
        appointment: None,
    };
    let world = person_of(smki_with(Green), "adviser", "assurers").given(appointed);
    world.when("adviser", read("1.0")).then_hidden();
}

fn is_published(world: super::harness::World) -> bool {
    let version = world.when("chair", view("1.0")).then_answers();
    let crate::pure::domain::decide::Answer::Version(_, version) = version else { panic!("no version") };
    version.is_published()
}
