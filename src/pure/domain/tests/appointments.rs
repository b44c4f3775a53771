//! GOV-5 and SELF-1: who is appointed, by whom, and for how long (ToR section 7.7).

use super::harness::{World, handle, instant};
use super::world::*;
use crate::pure::domain::classification::Classification::Amber;
use crate::pure::domain::command::Command;
use crate::pure::domain::event::Event;
use crate::pure::domain::id::AppointmentId;
use crate::pure::domain::refusal::RefusalCode::{Conflict, Invalid, NotPermitted};
use crate::pure::domain::rule::Rule;

/// The free seat of the PMA: its holder's term has ended.
const FREE: &str = "large-supplier-3";

const UNTIL: &str = "2028-11-24T00:00:00Z";

#[test]
fn gov_5_a_proposal_that_is_approved_and_confirmed_admits_for_its_term() {
    let (world, id) = proposed(smki_with(Amber), "deputy", FREE, None, UNTIL);
    world.when("deputy", view("1.0")).then_hidden();
    let world = world.at("2026-11-25T00:00:00Z");
    let made = world.when("chair", approve(id)).events();
    let expected = Event::AppointmentMade {
        person: handle("deputy"),
        body: handle("pma"),
        seat: handle(FREE),
        from: instant("2026-11-25T00:00:00Z"),
        until: instant(UNTIL),
        appointment: Some(id),
    };
    assert_eq!(made, [expected], "without a start the term begins with its approval");
    let world = world.done("chair", approve(id));
    world.when("deputy", view("1.0")).then_hidden();
    let world = world.given_by("deputy", confirmed("deputy", id));
    world.when("deputy", read("1.0")).then_reads(Rule::Amber1);
    world.at(UNTIL).when("deputy", read("1.0")).then_hidden();
}

#[test]
fn gov_5_a_term_that_starts_before_it_was_approved_is_refused() {
    let early = propose("deputy", "pma", FREE, Some("2026-11-24T09:29:59Z"), UNTIL);
    smki().when("secas", early).then_refused(Invalid, Rule::Gov5);
    let (world, id) = proposed(smki(), "deputy", FREE, Some("2026-12-01T00:00:00Z"), UNTIL);
    world.when("chair", approve(id)).events();
    let late = world.at("2026-12-01T00:00:00.000001Z");
    late.when("chair", approve(id)).then_refused(Conflict, Rule::Gov5);
    // Proposed again with none, it begins with its approval.
    let late = late.done("secas", end(id));
    let again = AppointmentId(late.next_index());
    let late = late.done("secas", propose("deputy", "pma", FREE, None, UNTIL));
    late.when("chair", approve(again)).events();
}

#[test]
fn gov_5_a_term_ends_after_it_begins_and_lasts_no_longer_than_the_rules_allow() {
    for (from, until) in [
        (None, "2026-11-24T09:30:00Z"),
        (Some("2027-01-01T00:00:00Z"), "2027-01-01T00:00:00Z"),
        (None, "2028-11-24T09:30:00.000001Z"),
        (Some("2027-01-01T00:00:00Z"), "2029-01-01T00:00:00.000001Z"),
        (None, "9999-12-30T00:00:00Z"),
    ] {
        smki().when("secas", propose("deputy", "pma", FREE, from, until)).then_refused(Invalid, Rule::Gov5);
    }
    for (from, until) in [(None, "2028-11-24T09:30:00Z"), (Some("2027-01-01T00:00:00Z"), "2029-01-01T00:00:00Z")] {
        smki().when("secas", propose("deputy", "pma", FREE, from, until)).events();
    }
}

#[test]
fn gov_5_a_seat_is_held_by_one_person_at_a_time() {
    let taken = |from| propose("deputy", "pma", "small-supplier", from, "2028-05-01T00:00:00Z");
    smki().when("secas", taken(None)).then_refused(Conflict, Rule::Gov5);
    smki().when("secas", taken(Some("2027-05-31T00:00:00Z"))).then_refused(Conflict, Rule::Gov5);
    smki().when("secas", taken(Some("2027-06-01T00:00:00Z"))).events();
    // Two are proposed, and the one approved first has the seat.
    let (world, first) = proposed(smki(), "deputy", FREE, None, UNTIL);
    let (world, second) = proposed(world, "manufacturer", FREE, None, UNTIL);
    let world = world.done("chair", approve(first));
    world.when("chair", approve(second)).then_refused(Conflict, Rule::Gov5);
    let world = world.done("deputy", end(first));
    world.when("chair", approve(second)).events();
}

#[test]
fn self_1_the_secretariat_proposes_and_approves_nothing() {
    let (world, id) = proposed(smki(), "deputy", FREE, None, UNTIL);
    world.when("secas", approve(id)).then_refused(NotPermitted, Rule::Self1);
    let world = person_of(world, "second-clerk", "secas");
    world.when("second-clerk", approve(id)).then_refused(NotPermitted, Rule::Self1);
    for other in ["chair", "large-supplier-1", "panel-member", "deputy"] {
        world.when(other, propose("deputy", "pma", FREE, None, UNTIL)).then_refused(NotPermitted, Rule::Gov5);
    }
}

#[test]
fn self_1_nobody_approves_their_own_appointment() {
    let (world, id) = proposed(smki(), "deputy", FREE, None, UNTIL);
    world.when("deputy", approve(id)).then_refused(NotPermitted, Rule::Self1);
    let (world, id) = proposed(smki(), "chair", "chair", Some("2027-06-01T00:00:00Z"), "2029-06-01T00:00:00Z");
    world.when("chair", approve(id)).then_refused(NotPermitted, Rule::Self1);
    deputised(world, "chair").when("deputy", approve(id)).then_refused(NotPermitted, Rule::Self1);
    // A member of the Panel for themself.
    let (world, id) = proposed(smki(), "panel-member", "chair", Some("2027-06-01T00:00:00Z"), "2029-06-01T00:00:00Z");
    world.when("panel-member", approve(id)).then_refused(NotPermitted, Rule::Self1);
}

#[test]
fn self_1_the_panel_approves_for_the_chair_s_seat_and_for_the_chair_in_any_seat() {
    let later = Some("2027-06-01T00:00:00Z");
    for (person, seat, from) in [("deputy", "chair", later), ("chair", "chair", later), ("chair", FREE, None)] {
        let (world, id) = proposed(smki(), person, seat, from, UNTIL);
        for other in ["large-supplier-1", "ofgem-rep"] {
            world.when(other, approve(id)).then_refused(NotPermitted, Rule::Self1);
        }
        if person != "chair" {
            world.when("chair", approve(id)).then_refused(NotPermitted, Rule::Self1);
        }
        world.when("panel-member", approve(id)).events();
    }
    let (world, id) = proposed(smki(), "deputy", FREE, None, UNTIL);
    for other in ["panel-member", "large-supplier-1"] {
        world.when(other, approve(id)).then_refused(NotPermitted, Rule::Gov5);
    }
    deputised(world, "chair").when("deputy", approve(id)).then_refused(NotPermitted, Rule::Self1);
}

#[test]
fn self_1_where_no_body_is_above_its_own_members_speak_but_not_for_themselves() {
    let propose = |world: World, person: &str| {
        let id = AppointmentId(world.next_index());
        (world.done("secas", super::world::propose(person, "panel", "panel-observer", None, UNTIL)), id)
    };
    let (world, id) = propose(smki(), "manufacturer");
    world.when("chair", approve(id)).then_hidden();
    world.when("panel-member", approve(id)).events();
    let (world, id) = propose(smki(), "panel-member");
    world.when("panel-member", approve(id)).then_refused(NotPermitted, Rule::Self1);
}

#[test]
fn gov_5_neither_a_system_nor_a_removed_person_nor_a_stranger_is_seated() {
    let system = Command::RegisterPerson {
        person: handle("gateway"),
        name: "Gateway".into(),
        organisation: handle("dcc"),
        system: true,
    };
    let removed = Command::RemovePerson { person: handle("deputy"), reason: "left".into() };
    let (world, id) = proposed(smki(), "deputy", FREE, None, UNTIL);
    let world = world.done("secas", system).done("secas", removed);
    for (person, rule) in [("gateway", Rule::Gov5), ("deputy", Rule::Gov5), ("nobody", Rule::Self1)] {
        world.when("secas", propose(person, "pma", FREE, None, UNTIL)).then_refused(Invalid, rule);
    }
    world.when("chair", approve(id)).then_refused(Conflict, Rule::Gov5);
    world.when("secas", propose("manufacturer", "pma", "throne", None, UNTIL)).then_refused(Invalid, Rule::Gov5);
    world.when("secas", propose("manufacturer", "nowhere", FREE, None, UNTIL)).then_refused(Invalid, Rule::Self1);
}

#[test]
fn gov_5_a_holder_resigns_and_a_chair_removes_and_access_ends_at_that_instant() {
    let id = held_by("small-supplier");
    for by in ["small-supplier", "chair"] {
        let world = smki_with(Amber).done(by, end(id));
        world.when("small-supplier", read("1.0")).then_hidden();
        world.when("chair", end(id)).then_refused(Conflict, Rule::Gov5);
    }
    for other in ["secas", "large-supplier-1", "panel-member"] {
        smki().when(other, end(id)).then_refused(NotPermitted, Rule::Gov5);
    }
    let silent = Command::EndAppointment { appointment: id, reason: String::new() };
    smki().when("small-supplier", silent).then_refused(Invalid, Rule::Gov5);
    smki().when("chair", end(held_by("large-supplier-3"))).then_refused(Conflict, Rule::Gov5);
}

#[test]
fn self_1_the_chair_s_appointment_is_ended_by_the_chair_or_the_panel() {
    let id = held_by("chair");
    for by in ["chair", "panel-member"] {
        smki().when(by, end(id)).events();
    }
    deputised(smki(), "chair").when("deputy", end(id)).then_refused(NotPermitted, Rule::Gov5);
    for other in ["secas", "large-supplier-1"] {
        smki().when(other, end(id)).then_refused(NotPermitted, Rule::Gov5);
    }
}

#[test]
fn gov_5_a_mere_proposal_is_withdrawn_by_the_secretariat_too() {
    for by in ["secas", "deputy", "chair"] {
        let (world, id) = proposed(smki(), "deputy", FREE, None, UNTIL);
        let world = world.done(by, end(id));
        world.when("chair", approve(id)).then_refused(Conflict, Rule::Gov5);
    }
    let (world, id) = proposed(smki(), "deputy", FREE, None, UNTIL);
    world.when("secas", propose("deputy", "pma", FREE, None, UNTIL)).then_refused(Conflict, Rule::Gov5);
    let world = world.done("chair", approve(id));
    world.when("chair", approve(id)).then_refused(Conflict, Rule::Gov5);
}

#[test]
fn read_6_a_proposal_is_hidden_from_those_whom_it_does_not_concern() {
    let (world, id) = proposed(smki(), "deputy", FREE, None, UNTIL);
    let absent = AppointmentId(9_999);
    for stranger in ["manufacturer", "working-group-member", "auditor", "operator", "large-supplier-3"] {
        for command in [approve as fn(AppointmentId) -> Command, end] {
            world.when(stranger, command(id)).then_like(world.when(stranger, command(absent)));
            world.when(stranger, command(id)).then_hidden();
        }
    }
}

fn proposed(world: World, person: &str, seat: &str, from: Option<&str>, until: &str) -> (World, AppointmentId) {
    let id = AppointmentId(world.next_index());
    (world.done("secas", propose(person, "pma", seat, from, until)), id)
}

fn approve(appointment: AppointmentId) -> Command {
    Command::ApproveAppointment { appointment }
}

fn end(appointment: AppointmentId) -> Command {
    Command::EndAppointment { appointment, reason: "it is time".into() }
}

fn confirmed(person: &str, id: AppointmentId) -> Event {
    Event::MemberConfirmed {
        person: handle(person),
        body: handle("pma"),
        seat: handle(FREE),
        appointment: Some(id),
        text: None,
        signature: None,
    }
}

/// The appointment that the person has from the beginning.
fn held_by(person: &str) -> AppointmentId {
    smki().ask(person, |_, standing| standing.person.appointments[0].id)
}
