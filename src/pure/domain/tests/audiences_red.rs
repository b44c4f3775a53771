//! RED-1 and RED-2.

use super::harness::{World, handle};
use super::world::*;
use crate::pure::domain::classification::Classification::Red;
use crate::pure::domain::command::NeedClaim;
use crate::pure::domain::event::Event;
use crate::pure::domain::grant::{GrantKind, Grantee};
use crate::pure::domain::id::GrantId;
use crate::pure::domain::refusal::RefusalCode::{AgreementRequired, NeedInsufficient};
use crate::pure::domain::rule::Rule;

#[test]
fn red_1_voting_members_in_force_and_signed_read() {
    let world = smki_with(Red);
    for person in ["chair", "smki-specialist", "large-supplier-1", "electricity-networks", "ssc-rep", "tabasc-rep"] {
        world.when(person, read("1.0")).then_reads(Rule::Red1);
    }
    world.when("gas-networks", view("1.0")).then_shows("1.0");
    world.when("gas-networks", read("1.0")).then_refused(AgreementRequired, Rule::Red1);
    world.when("large-supplier-3", read("1.0")).then_hidden();
}

#[test]
fn red_1_parties_the_panel_and_everyone_else_never_know_of_it() {
    let world = smki_with(Red);
    let outside = ["party-large-supplier", "party-small-supplier", "manufacturer", "panel-member", "dcc-operator"];
    for person in outside.into_iter().chain(["working-group-member", "auditor", "operator", "deputy"]) {
        world.when(person, view("1.0")).then_hidden();
        world.when(person, read("1.0")).then_hidden();
    }
}

#[test]
fn red_1_an_alternate_reads_only_once_approved() {
    let (member, alternate, body) = (handle("small-supplier"), handle("deputy"), handle("pma"));
    let proposed =
        Event::AlternateProposed { member: member.clone(), alternate: alternate.clone(), body: body.clone() };
    let world = smki_with(Red).given_by("small-supplier", proposed);
    world.when("deputy", read("1.0")).then_hidden();
    let world = world.given(Event::AlternateApproved { member, alternate, body, proposal: None });
    world.when("deputy", read("1.0")).then_reads(Rule::Red1);
}

#[test]
fn red_1_an_alternate_signs_for_oneself() {
    let world = deputised(smki_with(Red), "gas-networks");
    world.when("deputy", read("1.0")).then_reads(Rule::Red1);
    let text = crate::pure::domain::id::Digest([99; 32]);
    let amended = world.given(Event::AgreementTextAdopted { body: handle("pma"), text, words: None });
    amended.when("deputy", read("1.0")).then_refused(AgreementRequired, Rule::Red1);
}

#[test]
fn red_1_an_alternate_ends_with_the_arrangement_and_with_the_member_s_seat() {
    let (member, alternate, body) = (handle("small-supplier"), handle("deputy"), handle("pma"));
    let ended = Event::AlternateEnded { member: member.clone(), alternate, body: body.clone(), proposal: None };
    deputised(smki_with(Red), "small-supplier").given(ended).when("deputy", read("1.0")).then_hidden();

    let resigned = Event::AppointmentEnded {
        person: member.clone(),
        body,
        seat: member.clone(),
        reason: "resigned".into(),
        appointment: None,
    };
    deputised(smki_with(Red), "small-supplier").given(resigned).when("deputy", read("1.0")).then_hidden();

    let removed = Event::PersonRemoved { person: member, reason: "left".into() };
    deputised(smki_with(Red), "small-supplier").given(removed).when("deputy", read("1.0")).then_hidden();

    deputised(smki_with(Red), "large-supplier-3").when("deputy", read("1.0")).then_hidden();
}

#[test]
fn red_1_an_alternate_of_a_non_voting_representative_is_not_a_member() {
    deputised(smki_with(Red), "ofgem-rep").when("deputy", read("1.0")).then_hidden();
}

#[test]
fn red_1_a_non_voting_representative_reads_only_the_version_that_the_chair_included_them_for() {
    let world = with_version(smki_with(Red), "2.0", Red);
    for person in ["dcc-rep", "ofgem-rep", "beis-rep"] {
        world.when(person, view("1.0")).then_hidden();
        world.when(person, read("1.0")).then_hidden();
    }
    let included = granted(70, GrantKind::RedInclusion, Grantee::Person(handle("ofgem-rep")), None);
    let world = world.given_by("chair", included);
    world.when("ofgem-rep", read("1.0")).then_reads(Rule::Red1);
    world.when("ofgem-rep", read("2.0")).then_hidden();
    world.when("beis-rep", read("1.0")).then_hidden();
    let revoked =
        Event::GrantRevoked { grant: GrantId(70), document: handle(POLICY), label: label("1.0"), reason: None };
    world.given_by("chair", revoked).when("ofgem-rep", read("1.0")).then_hidden();
}

#[test]
fn red_1_an_inclusion_admits_nobody_without_a_seat() {
    let included = granted(70, GrantKind::RedInclusion, Grantee::Person(handle("manufacturer")), None);
    smki_with(Red).given_by("chair", included).when("manufacturer", read("1.0")).then_hidden();
}

#[test]
fn red_1_staff_of_the_secretariat_read_only_if_named_and_signed() {
    let world = smki_with(Red);
    world.when("secas", view("1.0")).then_hidden();
    world.when("secas", read_to_process()).then_hidden();
    let world = world.given(Event::SecretariatNamed { person: handle("secas"), body: handle("pma") });
    world.when("secas", view("1.0")).then_shows("1.0");
    world.when("secas", read_to_process()).then_refused(AgreementRequired, Rule::Red1);
    world.given(signed("secas", "pma", PMA_TEXT)).when("secas", read_to_process()).then_reads(Rule::Red1);
}

#[test]
fn red_1_the_secretariat_reads_in_order_to_process_and_for_nothing_else() {
    named_secretariat(smki_with(Red)).when("secas", read("1.0")).then_refused(NeedInsufficient, Rule::Red1);
}

#[test]
fn red_1_a_seat_that_does_not_admit_leaves_the_secretariat_its_one_purpose() {
    let world = seated(named_secretariat(smki_with(Red)), "secas", "pma", "dcc-rep", "2027-06-01T00:00:00Z");
    world.when("secas", read("1.0")).then_refused(NeedInsufficient, Rule::Red1);
    world.when("secas", read_to_process()).then_reads(Rule::Red1);
}

#[test]
fn red_2_named_staff_of_the_secretariat_who_sit_on_the_panel_read_as_its_members() {
    let disclosed = granted(70, GrantKind::RedDisclosure, Grantee::Body(handle("panel")), None);
    let world = named_secretariat(smki_with(Red)).given_by("chair", disclosed);
    world.when("secas", read("1.0")).then_refused(NeedInsufficient, Rule::Red1);
    let world = seated(world, "secas", "panel", "panel-member", "2027-06-01T00:00:00Z");
    let world = world.given(signed("secas", "panel", OTHER_TEXT));
    world.when("secas", read("1.0")).then_reads(Rule::Red2);
}

#[test]
fn red_1_being_named_means_nothing_outside_the_secretariat() {
    let named = Event::SecretariatNamed { person: handle("deputy"), body: handle("pma") };
    smki_with(Red).given(named).when("deputy", read("1.0")).then_hidden();
}

#[test]
fn red_2_another_body_reads_what_an_approval_names_and_only_that() {
    let disclosed = granted(70, GrantKind::RedDisclosure, Grantee::Body(handle("panel")), None);
    let world = with_version(smki_with(Red), "2.0", Red).given_by("chair", disclosed);
    world.when("panel-member", read("1.0")).then_reads(Rule::Red2);
    world.when("panel-member", read("2.0")).then_hidden();
    world.when("working-group-member", read("1.0")).then_hidden();
    let revoked =
        Event::GrantRevoked { grant: GrantId(70), document: handle(POLICY), label: label("1.0"), reason: None };
    world.given_by("chair", revoked).when("panel-member", read("1.0")).then_hidden();
}

#[test]
fn red_2_a_disclosure_to_a_person_or_an_organisation_is_none() {
    for to in [Grantee::Person(handle("manufacturer")), Grantee::Organisation(handle("meter-works"))] {
        let world = smki_with(Red).given_by("chair", granted(70, GrantKind::RedDisclosure, to, None));
        world.when("manufacturer", read("1.0")).then_hidden();
    }
}

fn named_secretariat(world: World) -> World {
    let named = Event::SecretariatNamed { person: handle("secas"), body: handle("pma") };
    world.given(named).given(signed("secas", "pma", PMA_TEXT))
}

fn read_to_process() -> crate::pure::domain::command::Command {
    let reason = need("secretariat_processing", "preparing the minutes of it", Some("meeting 42"));
    read_for("1.0", Some(NeedClaim::Inline(reason)))
}
