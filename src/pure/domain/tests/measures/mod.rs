//! CONFLICT-1, BREACH-1, EMERGENCY-1 and SELF-1: who takes which measure, who appeals, and who takes it back.

mod appeals;
mod conflicts_and_breaches;
mod suspensions;

use super::harness::{World, handle};
use super::world::*;
use crate::pure::domain::appeal::Measure;
use crate::pure::domain::command::Command;
use crate::pure::domain::conflict::ConflictSubject;
use crate::pure::domain::decision::{Count, DecisionKind, DecisionOutcome, DecisionSubject};
use crate::pure::domain::event::{Event, Suspended};
use crate::pure::domain::id::{BreachId, ConflictId, DecisionId, SuspensionId};
use crate::pure::domain::suspension::SuspensionScope;

const MEMBER: &str = "small-supplier";

fn declare(about: ConflictSubject) -> Command {
    Command::DeclareConflict { about, statement: "we build it".into() }
}

fn document() -> ConflictSubject {
    ConflictSubject::Document(handle(POLICY))
}

fn record_breach(person: &str) -> Command {
    Command::RecordBreach { person: handle(person), statement: "shared it".into() }
}

fn impose(whom: Suspended, scope: SuspensionScope) -> Command {
    Command::ImposeSuspension { whom, scope, grounds: "an incident".into() }
}

fn appeal(against: Measure) -> Command {
    Command::Appeal { against, statement: "it was not me".into() }
}

fn settle(against: Measure, upheld: bool) -> Command {
    Command::SettleAppeal { against, upheld, reason: "it was looked into".into() }
}

fn lift(against: Measure) -> Command {
    Command::Lift { against, reason: "it is settled".into(), decision: None }
}

fn lift_by(suspension: SuspensionId, decision: u64) -> Command {
    let (against, decision) = (Measure::Suspension(suspension), Some(DecisionId(decision)));
    Command::Lift { against, reason: "it is decided".into(), decision }
}

/// The id that the next entry gives.
fn next(world: &World) -> u64 {
    world.next_index()
}

/// A world in which `MEMBER` declared a conflict about the document.
fn conflicted(person: &str) -> (World, ConflictId) {
    let world = smki();
    let id = ConflictId(next(&world));
    (world.done(person, declare(document())), id)
}

/// A world in which `by` recorded a breach of `person`.
fn breached(by: &str, person: &str) -> (World, BreachId) {
    let world = smki();
    let id = BreachId(next(&world));
    (world.done(by, record_breach(person)), id)
}

/// A world in which the Chair suspended.
fn suspended(world: World, whom: Suspended, scope: SuspensionScope) -> (World, SuspensionId) {
    let id = SuspensionId(next(&world));
    (world.done("chair", impose(whom, scope)), id)
}

/// A decision of the PMA, opened by its Chair.
fn opened(world: World, id: u64, decision_kind: DecisionKind, subject: DecisionSubject) -> World {
    world.given_by(
        "chair",
        Event::DecisionOpened {
            decision: DecisionId(id),
            body: handle("pma"),
            decision_kind,
            subject,
            question: "shall it be?".into(),
            meeting: None,
            as_chair: true,
        },
    )
}

fn closed(world: World, id: u64, outcome: DecisionOutcome) -> World {
    let count = Box::new(Count::default());
    world.given_by("chair", Event::DecisionClosed { decision: DecisionId(id), outcome, count })
}

/// An instruction to the DCC against `organisation`, decided on with that outcome.
fn instructed(organisation: Option<&str>, outcome: DecisionOutcome) -> World {
    let organisation = organisation.map(handle);
    let subject = DecisionSubject::Participant { organisation, services: "all of them".into() };
    closed(opened(smki(), 700, DecisionKind::InstructDccSuspension, subject), 700, outcome)
}

fn person(of: &str) -> Suspended {
    Suspended::Person(handle(of))
}
