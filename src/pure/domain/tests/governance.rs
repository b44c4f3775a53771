//! GOV-1, GOV-5, CONFLICT-1, BREACH-1 and SELF-1: what seats, signatures, conflicts and breaches do to access.

use super::harness::{World, handle, instant};
use super::world::*;
use crate::pure::domain::classification::Classification::{self, Amber, Green, Red, White};
use crate::pure::domain::command::{Actor, Command, System};
use crate::pure::domain::conflict::ConflictSubject;
use crate::pure::domain::event::Event;
use crate::pure::domain::id::{BreachId, ConflictId, DecisionId, Digest};
use crate::pure::domain::refusal::RefusalCode::{
    AgreementRequired, Conflict, ConflictOfInterest, Invalid, NotPermitted, Suspended,
};
use crate::pure::domain::rule::Rule;

#[test]
fn gov_1_an_appointment_without_confirmation_admits_nobody() {
    for level in [Amber, Red] {
        let world = appointed(smki_with(level));
        world.when("deputy", view("1.0")).then_hidden();
        let (person, body, seat) = (handle("deputy"), handle("pma"), handle("small-supplier"));
        let world =
            world.given(Event::MemberConfirmed { person, body, seat, appointment: None, signature: None, text: None });
        world.when("deputy", view("1.0")).then_shows("1.0");
        world.when("deputy", read("1.0")).events();
    }
}

#[test]
fn gov_1_an_agreement_over_another_text_or_body_is_none() {
    let world = smki_with(Red);
    for event in [signed("gas-networks", "pma", Digest([9; 32])), signed("gas-networks", "panel", PMA_TEXT)] {
        let outcome = smki_with(Red).given(event).when("gas-networks", read("1.0"));
        outcome.then_refused(AgreementRequired, Rule::Red1);
    }
    world.given(signed("gas-networks", "pma", PMA_TEXT)).when("gas-networks", read("1.0")).then_reads(Rule::Red1);
}

#[test]
fn gov_1_an_amendment_of_the_terms_of_reference_asks_everyone_again() {
    let text = Digest([99; 32]);
    let world = smki_with(Amber).given(Event::AgreementTextAdopted { body: handle("pma"), text, words: None });
    world.when("small-supplier", view("1.0")).then_shows("1.0");
    world.when("small-supplier", read("1.0")).then_refused(AgreementRequired, Rule::Amber1);
    let world = world.given(signed("small-supplier", "pma", text));
    world.when("small-supplier", read("1.0")).then_reads(Rule::Amber1);
}

#[test]
fn gov_1_a_chair_who_has_not_signed_reads_nothing_undetermined() {
    let world = smki().given_by("large-supplier-1", lodged("1.0"));
    let world = world.given(Event::AgreementTextAdopted { body: handle("pma"), text: Digest([99; 32]), words: None });
    world.when("chair", view("1.0")).then_shows("1.0");
    world.when("chair", read("1.0")).then_refused(AgreementRequired, Rule::Gov1);
}

#[test]
fn gov_5_a_resignation_ends_access_at_that_instant() {
    for level in [Amber, Red] {
        let world = smki_with(level);
        world.when("small-supplier", read("1.0")).events();
        let (person, body, seat) = (handle("small-supplier"), handle("pma"), handle("small-supplier"));
        let ended = Event::AppointmentEnded { person, body, seat, reason: "resigned".into(), appointment: None };
        world.given(ended).when("small-supplier", read("1.0")).then_hidden();
    }
}

#[test]
fn gov_5_a_seat_admits_from_the_first_instant_of_its_term() {
    let (person, body, seat) = (handle("deputy"), handle("pma"), handle("small-supplier"));
    let (from, until) = (instant("2026-12-01T00:00:00Z"), instant("2027-12-01T00:00:00Z"));
    let made = Event::AppointmentMade {
        person: person.clone(),
        body: body.clone(),
        seat: seat.clone(),
        from,
        until,
        appointment: None,
    };
    let world = smki_with(Amber).given(made).given(Event::MemberConfirmed {
        person,
        body,
        seat,
        appointment: None,
        signature: None,
        text: None,
    });
    let world = world.at("2026-11-30T23:59:59.999999Z");
    world.when("deputy", read("1.0")).then_hidden();
    world.at("2026-12-01T00:00:00Z").when("deputy", read("1.0")).then_reads(Rule::Amber1);
}

#[test]
fn gov_5_an_ended_member_keeps_only_what_everyone_of_the_organisation_has() {
    let world = with_version(smki_with(Red), "2.0", Green);
    world.when("large-supplier-3", view("1.0")).then_hidden();
    world.when("large-supplier-3", read("2.0")).then_reads(Rule::Green1);
    world.when("large-supplier-3", lodge("3.0", 3, None)).then_refused(NotPermitted, Rule::Lodge1);
}

#[test]
fn conflict_1_a_declared_conflict_closes_the_content_and_not_the_metadata() {
    for level in [Amber, Red] {
        let world = conflicted(smki_with(level));
        world.when("small-supplier", view("1.0")).then_shows("1.0");
        world.when("small-supplier", read("1.0")).then_refused(ConflictOfInterest, Rule::Conflict1);
        world.when("large-supplier-1", read("1.0")).events();
    }
    for level in [Green, White] {
        conflicted(smki_with(level)).when("small-supplier", read("1.0")).events();
    }
}

#[test]
fn conflict_1_an_undetermined_paper_is_closed_as_if_it_were_red() {
    let world = conflicted(smki().given_by("small-supplier", lodged("1.0")));
    world.when("small-supplier", read("1.0")).then_refused(ConflictOfInterest, Rule::Conflict1);
}

#[test]
fn conflict_1_a_lifted_conflict_and_one_about_something_else_close_nothing() {
    let lifted =
        Event::ConflictLifted { conflict: ConflictId(80), person: handle("small-supplier"), reason: "x".into() };
    let world = conflicted(smki_with(Red)).given_by("chair", lifted);
    world.when("small-supplier", read("1.0")).then_reads(Rule::Red1);
    for about in [ConflictSubject::Document(handle("another-policy")), ConflictSubject::Decision(DecisionId(3))] {
        let world = smki_with(Red).given_by("small-supplier", declared(about));
        world.when("small-supplier", read("1.0")).then_reads(Rule::Red1);
    }
}

#[test]
fn breach_1_a_recorded_breach_closes_red_and_amber_at_once() {
    let breach = |level: Classification| {
        let (breach, person) = (BreachId(81), handle("small-supplier"));
        smki_with(level).given_by("chair", Event::BreachRecorded { breach, person, statement: "shared it".into() })
    };
    for level in [Amber, Red] {
        breach(level).when("small-supplier", view("1.0")).then_shows("1.0");
        breach(level).when("small-supplier", read("1.0")).then_refused(Suspended, Rule::Breach1);
    }
    for level in [Green, White] {
        breach(level).when("small-supplier", read("1.0")).events();
    }
    let (id, person) = (BreachId(81), handle("small-supplier"));
    let restored = breach(Red).given_by("chair", Event::BreachLifted { breach: id, person, reason: "settled".into() });
    restored.when("small-supplier", read("1.0")).then_reads(Rule::Red1);
}

#[test]
fn breach_1_a_breach_tells_nobody_outside_the_audience_of_the_version() {
    let (breach, person) = (BreachId(81), handle("manufacturer"));
    let recorded = Event::BreachRecorded { breach, person, statement: "shared it".into() };
    smki_with(Red).given_by("chair", recorded).when("manufacturer", read("1.0")).then_hidden();
}

#[test]
fn self_1_the_register_is_established_once_and_then_by_people_only() {
    let event = Box::new(Event::AuditorAppointed { person: handle("secas") });
    let establish = || Command::Establish { event: event.clone() };
    let bootstrap = Actor::System(System::Bootstrap);
    let before = World::empty(NOW).check(bootstrap, establish(), "first");
    before.then_enters([(*event).clone()]);
    smki().check(bootstrap, establish(), "late").then_refused(Conflict, Rule::Self1);
    for person in ["chair", "secas", "operator"] {
        smki().when(person, establish()).then_refused(NotPermitted, Rule::Self1);
    }
}

#[test]
fn self_1_a_part_of_the_repository_enters_only_what_is_its_own() {
    let world = smki_with(White);
    let heartbeat = Actor::System(System::Heartbeat);
    world.check(heartbeat, Command::Beat, "beat").then_enters([Event::Heartbeat]);
    for system in [System::Bootstrap, System::Heartbeat, System::Recovery] {
        world.check(Actor::System(system), read("1.0"), "read").then_refused(NotPermitted, Rule::Self1);
        world.check(Actor::System(system), determine("1.0", White), "act").then_refused(NotPermitted, Rule::Self1);
    }
    for command in [Command::Beat, Command::AcceptClock { clock: instant(NOW) }] {
        world.when("operator", command).then_refused(NotPermitted, Rule::Self1);
    }
}

fn appointed(world: World) -> World {
    let (person, body, seat) = (handle("deputy"), handle("pma"), handle("small-supplier"));
    let (from, until) = (instant("2026-01-01T00:00:00Z"), instant("2027-12-01T00:00:00Z"));
    world.given(Event::AppointmentMade { person, body, seat, from, until, appointment: None })
}

fn conflicted(world: World) -> World {
    world.given_by("small-supplier", declared(ConflictSubject::Document(handle(POLICY))))
}

fn declared(about: ConflictSubject) -> Event {
    let (conflict, person) = (ConflictId(80), handle("small-supplier"));
    Event::ConflictDeclared { conflict, person, about, statement: "we build it".into() }
}

fn rotation(epoch: u32, keys: &[&str]) -> Command {
    let note = format!("strongroom/log-key-rotation v1\nlog.example\n{epoch}\n{}\n\nsigned\n", keys.join("\n"));
    Command::RotateLogKey { epoch, keys: keys.iter().map(|key| (*key).to_owned()).collect(), note }
}

#[test]
fn self_1_an_epoch_of_the_logs_keys_follows_the_one_before_and_names_its_keys() {
    let recovery = Actor::System(System::Recovery);
    let Command::RotateLogKey { epoch, keys, note } = rotation(2, &["a", "b"]) else { panic!("another command") };
    let begun = Event::LogKeyRotated { epoch, keys: keys.clone(), note: note.clone() };
    smki().check(recovery, rotation(2, &["a", "b"]), "second").then_enters([begun.clone()]);
    for epoch in [0, 1, 3] {
        smki().check(recovery, rotation(epoch, &["a"]), "gap").then_refused(Conflict, Rule::Self1);
    }
    let world = smki().given(begun);
    world.check(recovery, rotation(2, &["c"]), "again").then_refused(Conflict, Rule::Self1);
    let of_others =
        Command::RotateLogKey { epoch: 3, keys, note: note.replace("\n2\n", "\n3\n").replace("\nb\n", "\nc\n") };
    world.check(recovery, of_others, "others").then_refused(Invalid, Rule::Self1);
    smki().when("operator", rotation(2, &["a"])).then_refused(NotPermitted, Rule::Self1);
}

#[test]
fn self_1_a_log_is_succeeded_by_one_of_another_name_that_keeps_its_last_checkpoint() {
    let recovery = Actor::System(System::Recovery);
    let succeed = |new: &str, checkpoints: &[&str]| Command::SucceedLog {
        old_origin: "log.example".into(),
        new_origin: new.into(),
        size: 7,
        checkpoints: checkpoints.iter().map(|note| (*note).to_owned()).collect(),
    };
    let event = Event::LogSucceeded {
        old_origin: "log.example".into(),
        new_origin: "log.example/2".into(),
        size: 7,
        checkpoints: vec!["note".into()],
    };
    smki().check(recovery, succeed("log.example/2", &["note"]), "new").then_enters([event]);
    smki().check(recovery, succeed("log.example", &["note"]), "same").then_refused(Invalid, Rule::Self1);
    smki().check(recovery, succeed("log.example/2", &[]), "nothing").then_refused(Invalid, Rule::Self1);
}
