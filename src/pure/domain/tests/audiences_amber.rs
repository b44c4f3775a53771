//! AMBER-1 to AMBER-4.

use super::harness::{World, handle};
use super::world::*;
use crate::pure::domain::classification::Classification::{Amber, Green, Red};
use crate::pure::domain::event::Event;
use crate::pure::domain::grant::{GrantKind, Grantee};
use crate::pure::domain::id::GrantId;
use crate::pure::domain::organisation::OrganisationKind;
use crate::pure::domain::refusal::RefusalCode::AgreementRequired;
use crate::pure::domain::rule::Rule;

#[test]
fn amber_1_members_and_non_voting_representatives_of_the_originating_body_read() {
    let world = smki_with(Amber);
    for person in ["chair", "smki-specialist", "small-supplier", "ssc-rep", "dcc-rep", "ofgem-rep", "beis-rep"] {
        world.when(person, read("1.0")).then_reads(Rule::Amber1);
    }
}

#[test]
fn amber_1_the_secretariat_reads() {
    smki_with(Amber).when("secas", read("1.0")).then_reads(Rule::Amber1);
}

#[test]
fn amber_1_nobody_outside_knows_of_it() {
    let world = smki_with(Amber);
    let outside =
        ["dcc-operator", "manufacturer", "party-large-supplier", "working-group-member", "auditor", "operator"];
    for person in outside.into_iter().chain(["deputy", "large-supplier-3"]) {
        world.when(person, view("1.0")).then_hidden();
        world.when(person, read("1.0")).then_hidden();
    }
}

#[test]
fn amber_1_an_unsigned_member_sees_the_metadata_and_is_asked_to_sign() {
    let world = smki_with(Amber);
    world.when("gas-networks", view("1.0")).then_shows("1.0");
    world.when("gas-networks", read("1.0")).then_refused(AgreementRequired, Rule::Amber1);
    world.given(signed("gas-networks", "pma", PMA_TEXT)).when("gas-networks", read("1.0")).then_reads(Rule::Amber1);
}

#[test]
fn amber_1_an_approved_alternate_reads_while_the_member_s_seat_is_in_force() {
    let world = deputised(smki_with(Amber), "small-supplier");
    world.when("deputy", read("1.0")).then_reads(Rule::Amber1);
    world.at("2027-06-01T00:00:00Z").when("deputy", read("1.0")).then_hidden();
}

#[test]
fn amber_1_members_of_the_panel_with_a_signed_agreement_read() {
    let world = smki_with(Amber);
    world.when("panel-member", read("1.0")).then_reads(Rule::Amber1);
    let text = crate::pure::domain::id::Digest([99; 32]);
    let world = world.given(Event::AgreementTextAdopted { body: handle("panel"), text, words: None });
    world.when("panel-member", read("1.0")).then_refused(AgreementRequired, Rule::Amber1);
}

#[test]
fn amber_1_an_observer_of_another_body_is_not_its_member() {
    let world = seated(smki_with(Amber), "manufacturer", "panel", "panel-observer", "2027-06-01T00:00:00Z");
    let world = world.given(signed("manufacturer", "panel", OTHER_TEXT));
    world.when("manufacturer", read("1.0")).then_hidden();
}

#[test]
fn amber_1_members_of_a_body_to_which_it_was_tabled_read_that_version_only() {
    let world = with_version(smki_with(Amber), "2.0", Amber);
    let tabled = Event::VersionTabled { document: handle(POLICY), label: label("1.0"), body: handle("working-group") };
    let world = world.given_by("chair", tabled);
    world.when("working-group-member", read("1.0")).then_reads(Rule::Amber1);
    world.when("working-group-member", read("2.0")).then_hidden();
}

#[test]
fn amber_2_a_person_named_in_a_grant_reads_until_it_expires() {
    let world = smki_with(Amber).given_by("chair", need_to_know("manufacturer"));
    world.when("manufacturer", read("1.0")).then_reads(Rule::Amber2);
    let last = world.at("2026-11-30T23:59:59.999999Z");
    last.when("manufacturer", read("1.0")).then_reads(Rule::Amber2);
    last.at("2026-12-01T00:00:00Z").when("manufacturer", view("1.0")).then_hidden();
}

#[test]
fn amber_2_a_grant_is_for_the_person_and_the_version_it_names() {
    let world = with_version(smki_with(Amber), "2.0", Amber).given_by("chair", need_to_know("manufacturer"));
    world.when("manufacturer", read("2.0")).then_hidden();
    world.when("working-group-member", read("1.0")).then_hidden();
}

#[test]
fn amber_2_a_revoked_grant_ends_at_once() {
    let world = smki_with(Amber).given_by("chair", need_to_know("manufacturer"));
    world.when("manufacturer", read("1.0")).then_reads(Rule::Amber2);
    revoked(world).when("manufacturer", read("1.0")).then_hidden();
}

#[test]
fn amber_2_a_grant_for_amber_does_not_open_red() {
    let world = smki_with(Amber).given_by("chair", need_to_know("manufacturer"));
    let world = world.given_by("chair", determined("1.0", Red));
    world.when("manufacturer", read("1.0")).then_hidden();
}

#[test]
fn amber_2_what_was_granted_for_red_does_not_open_amber() {
    for kind in [GrantKind::RedInclusion, GrantKind::RedDisclosure] {
        let grant = granted(70, kind, Grantee::Person(handle("manufacturer")), None);
        smki_with(Amber).given_by("chair", grant).when("manufacturer", read("1.0")).then_hidden();
    }
}

#[test]
fn amber_3_a_share_admits_the_organisation_of_the_same_category_and_no_other() {
    let to = Grantee::Organisation(handle("city-power"));
    let shared = granted(70, GrantKind::CategoryShare, to, Some("2026-12-01T00:00:00Z"));
    let world = smki_with(Amber).given_by("large-supplier-1", shared);
    world.when("party-large-supplier", read("1.0")).then_reads(Rule::Amber3);
    for person in ["party-small-supplier", "deputy", "manufacturer"] {
        world.when(person, read("1.0")).then_hidden();
    }
    revoked(world).when("party-large-supplier", read("1.0")).then_hidden();
}

#[test]
fn amber_4_a_wider_circulation_admits_the_kind_that_the_chair_named() {
    let to = Grantee::OrganisationKind(OrganisationKind::Stakeholder);
    let circulated = granted(70, GrantKind::WiderCirculation, to, Some("2026-12-01T00:00:00Z"));
    let world = smki_with(Amber).given_by("chair", circulated);
    for person in ["manufacturer", "working-group-member"] {
        world.when(person, read("1.0")).then_reads(Rule::Amber4);
    }
    world.when("party-large-supplier", read("1.0")).then_hidden();
    world.at("2026-12-01T00:00:00Z").when("manufacturer", read("1.0")).then_hidden();
}

#[test]
fn amber_4_a_circulation_does_not_open_other_versions_of_the_document() {
    let world = with_version(smki_with(Green), "2.0", Amber);
    world.when("manufacturer", view("1.0")).then_shows("1.0");
    world.when("manufacturer", view("2.0")).then_hidden();
}

fn need_to_know(person: &str) -> Event {
    granted(70, GrantKind::NeedToKnow, Grantee::Person(handle(person)), Some("2026-12-01T00:00:00Z"))
}

fn revoked(world: World) -> World {
    let (grant, document, label) = (GrantId(70), handle(POLICY), label("1.0"));
    world.given_by("chair", Event::GrantRevoked { grant, document, label, reason: None })
}
