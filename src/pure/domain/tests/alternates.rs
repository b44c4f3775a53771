//! SELF-1 and GOV-5: who acts for a member (ToR section 7.6).

use super::harness::{World, handle};
use super::world::*;
use crate::pure::domain::classification::Classification::Red;
use crate::pure::domain::command::Command;
use crate::pure::domain::id::AlternateId;
use crate::pure::domain::refusal::RefusalCode::{Conflict, Invalid, NotPermitted};
use crate::pure::domain::rule::Rule;

#[test]
fn gov_5_an_alternate_counts_once_the_body_approved_it_and_until_it_is_ended() {
    let (world, id) = proposed(smki_with(Red), "small-supplier", "deputy");
    world.when("deputy", view("1.0")).then_hidden();
    let world = world.done("chair", approve(id));
    world.when("deputy", read("1.0")).then_reads(Rule::Red1);
    world.when("chair", approve(id)).then_refused(Conflict, Rule::Gov5);
    for by in ["small-supplier", "deputy", "chair"] {
        let (world, id) = proposed(smki_with(Red), "small-supplier", "deputy");
        let world = world.done("chair", approve(id)).done(by, end(id));
        world.when("deputy", view("1.0")).then_hidden();
        world.when("small-supplier", end(id)).then_refused(Conflict, Rule::Gov5);
        world.when("chair", approve(id)).then_refused(Conflict, Rule::Gov5);
    }
    let (world, id) = proposed(smki(), "small-supplier", "deputy");
    for other in ["secas", "large-supplier-1", "panel-member"] {
        world.when(other, end(id)).then_refused(NotPermitted, Rule::Gov5);
    }
}

#[test]
fn self_1_neither_the_alternate_nor_the_member_approves_it() {
    let (world, id) = proposed(smki(), "small-supplier", "deputy");
    for own in ["small-supplier", "deputy"] {
        world.when(own, approve(id)).then_refused(NotPermitted, Rule::Self1);
    }
    for other in ["secas", "large-supplier-1", "panel-member"] {
        world.when(other, approve(id)).then_refused(NotPermitted, Rule::Gov5);
    }
}

#[test]
fn self_1_the_chair_s_alternate_is_approved_by_the_panel_alone() {
    let (world, id) = proposed(smki(), "chair", "deputy");
    for other in ["chair", "deputy", "secas", "large-supplier-1"] {
        world.when(other, approve(id)).then_refused(NotPermitted, Rule::Self1);
    }
    world.when("panel-member", approve(id)).events();
    // Whoever is the Chair's alternate already does not make another.
    let (world, id) = proposed(deputised(smki(), "chair"), "chair", "manufacturer");
    world.when("deputy", approve(id)).then_refused(NotPermitted, Rule::Self1);
}

#[test]
fn gov_5_an_alternate_is_proposed_by_a_member_in_force_for_themself() {
    for other in ["secas", "large-supplier-3", "panel-member", "manufacturer"] {
        smki().when(other, propose_alternate("deputy")).then_refused(NotPermitted, Rule::Gov5);
    }
    // An alternate has no alternate.
    let world = deputised(smki(), "small-supplier");
    world.when("deputy", propose_alternate("manufacturer")).then_refused(NotPermitted, Rule::Gov5);
    world.when("small-supplier", propose_alternate("deputy")).then_refused(Conflict, Rule::Gov5);
    smki().when("ofgem-rep", propose_alternate("deputy")).events();
    smki().when("small-supplier", propose_alternate("small-supplier")).then_refused(Invalid, Rule::Self1);
    smki().when("small-supplier", propose_alternate("nobody")).then_refused(Invalid, Rule::Self1);
    for stranger in ["auditor", "operator"] {
        smki().when(stranger, propose_alternate("deputy")).then_hidden();
    }
}

#[test]
fn gov_5_a_system_is_nobody_s_alternate() {
    let system = Command::RegisterPerson {
        person: handle("gateway"),
        name: "Gateway".into(),
        organisation: handle("dcc"),
        system: true,
    };
    let world = smki().done("secas", system);
    world.when("small-supplier", propose_alternate("gateway")).then_refused(Invalid, Rule::Gov5);
}

#[test]
fn gov_5_an_alternate_of_a_member_whose_seat_has_ended_is_not_approved() {
    let (world, id) = proposed(smki(), "small-supplier", "deputy");
    let held = world.ask("small-supplier", |_, standing| standing.person.appointments[0].id);
    let world = world.done("small-supplier", Command::EndAppointment { appointment: held, reason: "away".into() });
    world.when("chair", approve(id)).then_refused(Conflict, Rule::Gov5);
}

#[test]
fn read_6_a_proposed_alternate_is_hidden_from_those_whom_it_does_not_concern() {
    let (world, id) = proposed(smki(), "small-supplier", "deputy");
    for stranger in ["manufacturer", "working-group-member", "auditor", "operator"] {
        for command in [approve as fn(AlternateId) -> Command, end] {
            world.when(stranger, command(id)).then_hidden();
            world.when(stranger, command(AlternateId(9_999))).then_hidden();
        }
    }
}

fn proposed(world: World, member: &str, alternate: &str) -> (World, AlternateId) {
    let id = AlternateId(world.next_index());
    (world.done(member, propose_alternate(alternate)), id)
}

fn propose_alternate(person: &str) -> Command {
    Command::ProposeAlternate { body: handle("pma"), person: handle(person) }
}

fn approve(alternate: AlternateId) -> Command {
    Command::ApproveAlternate { alternate }
}

fn end(alternate: AlternateId) -> Command {
    Command::EndAlternate { alternate }
}
