//! EMERGENCY-1: what each scope stops, whom it stops, and what it never stops.

use super::harness::{World, handle};
use super::world::*;
use crate::pure::domain::classification::Classification::{Amber, Green, Red, White};
use crate::pure::domain::command::Command;
use crate::pure::domain::event::{Event, Suspended};
use crate::pure::domain::id::SuspensionId;
use crate::pure::domain::refusal::RefusalCode;
use crate::pure::domain::rule::Rule;
use crate::pure::domain::suspension::SuspensionScope::{self, All, Lodge, ReadAll, ReadAmberRed};

const MEMBER: &str = "small-supplier";

#[test]
fn emergency_1_a_suspension_of_lodging_stops_lodging_and_nothing_else() {
    let world = suspended(smki_with(Amber), Lodge);
    for command in [register(), lodge("2.0", 2, None), offer("2.0", 2, None)] {
        world.when(MEMBER, command).then_refused(RefusalCode::Suspended, Rule::Emergency1);
    }
    world.when(MEMBER, read("1.0")).then_reads(Rule::Amber1);
}

#[test]
fn emergency_1_a_suspension_of_reading_amber_and_red_leaves_green_and_white() {
    for level in [Amber, Red] {
        let world = suspended(smki_with(level), ReadAmberRed);
        world.when(MEMBER, view("1.0")).then_shows("1.0");
        world.when(MEMBER, read("1.0")).then_refused(RefusalCode::Suspended, Rule::Emergency1);
    }
    for level in [Green, White] {
        suspended(smki_with(level), ReadAmberRed).when(MEMBER, read("1.0")).events();
    }
    suspended(smki_with(Red), ReadAmberRed).when(MEMBER, lodge("2.0", 2, None)).events();
}

#[test]
fn emergency_1_a_suspension_of_all_reading_stops_every_level_and_leaves_lodging() {
    for level in [White, Green, Amber, Red] {
        let world = suspended(smki_with(level), ReadAll);
        world.when(MEMBER, read("1.0")).then_refused(RefusalCode::Suspended, Rule::Emergency1);
        world.when(MEMBER, lodge("2.0", 2, None)).events();
    }
}

#[test]
fn emergency_1_a_suspension_of_everything_stops_every_act_but_ones_own_trail() {
    let world = smki_with(White).done(MEMBER, record_need(None, good_need(), None));
    let own = world.next_index() - 1;
    let world = suspended(world, All);
    for command in [
        view_document(POLICY),
        view("1.0"),
        read("1.0"),
        register(),
        lodge("2.0", 2, None),
        publish("1.0"),
        withdraw("1.0"),
        record_need(None, good_need(), None),
    ] {
        world.when(MEMBER, command).then_refused(RefusalCode::Suspended, Rule::Emergency1);
    }
    world.when(MEMBER, records(None)).then_enters([Event::RecordsRead]);
    world.when(MEMBER, records(Some(MEMBER))).then_enters([Event::RecordsRead]);
    world.when(MEMBER, Command::ReadEvidence { index: own }).then_enters([Event::RecordsRead]);
}

#[test]
fn emergency_1_a_suspended_auditor_keeps_the_own_trail_and_no_other() {
    let world = imposed(smki_with(White), Suspended::Person(handle("auditor")), All);
    world.when("auditor", records(Some("auditor"))).then_enters([Event::RecordsRead]);
    for command in [records(None), records(Some("chair")), Command::ReadEvidence { index: 0 }] {
        world.when("auditor", command).then_refused(RefusalCode::Suspended, Rule::Emergency1);
    }
}

#[test]
fn emergency_1_a_suspension_answers_alike_whatever_is_asked_for() {
    let world = suspended(smki_with(White), All).given_by("large-supplier-1", lodged("2.0"));
    let asked = |label: &str| world.when(MEMBER, read(label));
    asked("1.0").then_like(asked("2.0"));
    asked("1.0").then_like(asked("9.9"));
    world.when(MEMBER, Command::ReadEvidence { index: 0 }).then_like(world.when(MEMBER, view_document("absent")));
    let world = suspended(smki_with(White), ReadAll);
    world.when(MEMBER, read("1.0")).then_like(world.when(MEMBER, read("9.9")));
    let world = suspended(smki_with(White), Lodge);
    let elsewhere =
        Command::OfferVersion { document: handle("absent"), label: label("1.0"), digest: None, direction: None };
    world.when(MEMBER, lodge("1.0", 1, None)).then_like(world.when(MEMBER, elsewhere));
}

#[test]
fn emergency_1_a_suspension_comes_before_the_answer_to_a_repeated_request() {
    let command = || record_need(None, good_need(), None);
    let world = suspended(smki_with(White).done_as(MEMBER, command(), "key"), All);
    world.when_as(MEMBER, command(), "key").then_refused(RefusalCode::Suspended, Rule::Emergency1);
}

#[test]
fn emergency_1_a_suspension_of_the_organisation_or_the_service_stops_its_people() {
    let of_the_organisation = imposed(smki_with(White), Suspended::Organisation(handle("dcc")), ReadAll);
    for person in ["dcc-rep", "dcc-operator"] {
        of_the_organisation.when(person, read("1.0")).then_refused(RefusalCode::Suspended, Rule::Emergency1);
    }
    of_the_organisation.when(MEMBER, read("1.0")).then_reads(Rule::White1);
    let of_the_service = imposed(smki_with(White), Suspended::Service, ReadAll);
    for person in ["chair", "manufacturer", MEMBER] {
        of_the_service.when(person, read("1.0")).then_refused(RefusalCode::Suspended, Rule::Emergency1);
    }
}

#[test]
fn emergency_1_lifting_restores_access() {
    for whom in
        [Suspended::Person(handle(MEMBER)), Suspended::Organisation(handle("village-power")), Suspended::Service]
    {
        let world = imposed(smki_with(Red), whom.clone(), All);
        world.when(MEMBER, read("1.0")).then_refused(RefusalCode::Suspended, Rule::Emergency1);
        let lifted =
            Event::SuspensionLifted { suspension: SuspensionId(90), whom, reason: "settled".into(), decision: None };
        world.given_by("chair", lifted).when(MEMBER, read("1.0")).then_reads(Rule::Red1);
    }
}

#[test]
fn emergency_1_a_suspension_does_not_tell_who_is_outside_that_a_version_exists() {
    let world = imposed(smki_with(Red), Suspended::Person(handle("manufacturer")), ReadAmberRed);
    world.when("manufacturer", read("1.0")).then_hidden();
}

fn suspended(world: World, scope: SuspensionScope) -> World {
    imposed(world, Suspended::Person(handle(MEMBER)), scope)
}

fn imposed(world: World, whom: Suspended, scope: SuspensionScope) -> World {
    let suspension = SuspensionId(90);
    world.given_by("chair", Event::SuspensionImposed { suspension, whom, scope, grounds: "an incident".into() })
}

fn records(person: Option<&str>) -> Command {
    Command::ReadRecords { after: None, limit: 100, person: person.map(handle), document: None }
}

fn register() -> Command {
    Command::RegisterDocument {
        document: handle("a-new-one"),
        title: "A new one".into(),
        document_kind: "policy".into(),
        set: handle("smki"),
        body: handle("pma"),
    }
}
