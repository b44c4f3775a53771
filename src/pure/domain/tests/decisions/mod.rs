//! GOV-1 to GOV-4, CONFLICT-1, RED-2, RED-3, LODGE-2, EMERGENCY-1, SELF-1: the decisions of bodies.

mod close;
mod effects;
mod knowing;
mod open;
mod properties;
mod vote;

use super::harness::{World, handle};
use super::world::*;
use crate::pure::domain::classification::Classification;
use crate::pure::domain::command::{AskedSubject, Command};
use crate::pure::domain::conflict::ConflictSubject;
use crate::pure::domain::decision::{Count, Decision, DecisionKind, DecisionOutcome, Meeting, Vote};
use crate::pure::domain::event::Event;
use crate::pure::domain::facts::FactsExt;
use crate::pure::domain::id::{ConflictId, DecisionId};

/// A Certification Practice Statement of the PMA, and one of the DCCKI.
const STATEMENT: &str = "device-cps";
const DCCKI_STATEMENT: &str = "dccki-cps";
const GUIDANCE: &str = "recovery-key-guidance";

/// The world with version `1.0` of that level of every document above and of the one policy.
fn documents(level: Classification) -> World {
    let documents = [
        (STATEMENT, "certification_practice_statement", "smki"),
        (DCCKI_STATEMENT, "certification_practice_statement", "dccki"),
        (GUIDANCE, "guidance", "smki"),
    ];
    documents.into_iter().fold(smki_with(level), |world, (document, kind, set)| {
        let registered = Event::DocumentRegistered {
            document: handle(document),
            title: "A statement".into(),
            document_kind: kind.into(),
            set: handle(set),
            body: handle("pma"),
        };
        world
            .given_by("secas", registered)
            .given_by("large-supplier-1", of(document, lodged("1.0")))
            .given_by("chair", of(document, determined("1.0", level)))
    })
}

/// The same event of another document.
fn of(slug: &str, mut event: Event) -> Event {
    if let Event::VersionLodged { document, .. } | Event::ClassificationDetermined { document, .. } = &mut event {
        *document = handle(slug);
    }
    event
}

fn open(kind: DecisionKind, subject: AskedSubject) -> Command {
    open_at(kind, subject, None)
}

fn open_at(decision_kind: DecisionKind, subject: AskedSubject, meeting: Option<Meeting>) -> Command {
    Command::OpenDecision {
        body: handle("pma"),
        decision_kind,
        subject,
        question: "Is it so resolved?".into(),
        meeting,
    }
}

fn version(document: &str, to: Option<&str>) -> AskedSubject {
    AskedSubject::Version { document: handle(document), version: label("1.0"), to: to.map(handle) }
}

fn document(document: &str) -> AskedSubject {
    AskedSubject::Document { document: handle(document) }
}

fn matter() -> AskedSubject {
    AskedSubject::Matter { matter: "whether to meet in May".into() }
}

fn meeting(exceptional: bool, present: &[&str]) -> Option<Meeting> {
    let present = present.iter().map(|person| handle(person)).collect();
    Some(Meeting { reference: "meeting 42".into(), exceptional, present })
}

/// `person` opens it, and its id.
fn opened(world: World, person: &str, command: Command) -> (World, u64) {
    let id = world.next_index();
    (world.done(person, command), id)
}

/// A matter that the Chair put to the PMA.
fn matter_opened(world: World) -> (World, u64) {
    opened(world, "chair", open(DecisionKind::Other, matter()))
}

fn vote(decision: u64, vote: Vote) -> Command {
    Command::CastVote { decision: DecisionId(decision), vote, seat: None }
}

fn vote_in(decision: u64, vote: Vote, seat: &str) -> Command {
    Command::CastVote { decision: DecisionId(decision), vote, seat: Some(handle(seat)) }
}

fn close(decision: u64) -> Command {
    Command::CloseDecision { decision: DecisionId(decision) }
}

/// These people vote so.
fn voted(world: World, decision: u64, votes: &[(&str, Vote)]) -> World {
    votes.iter().fold(world, |world, (person, one)| world.done(person, vote(decision, *one)))
}

/// Four members vote for it, which with the Chair is a quorum, and the Chair closes it.
fn carried(world: World, decision: u64) -> World {
    let members = ["smki-specialist", "large-supplier-1", "large-supplier-2", "small-supplier"];
    voted(world, decision, &members.map(|member| (member, Vote::For))).done("chair", close(decision))
}

/// The same, but they vote against it.
fn rejected(world: World, decision: u64) -> World {
    let members = ["smki-specialist", "large-supplier-1", "large-supplier-2", "small-supplier"];
    voted(world, decision, &members.map(|member| (member, Vote::Against))).done("chair", close(decision))
}

fn decision(world: &World, id: u64) -> Decision {
    world.ask("chair", |facts, _| (*facts.decision(DecisionId(id)).unwrap().unwrap()).clone())
}

fn result(world: &World, id: u64) -> (DecisionOutcome, Count) {
    let closing = decision(world, id).closed.unwrap();
    (closing.outcome, closing.count)
}

fn declared(person: &str, about: ConflictSubject) -> Event {
    let (conflict, person) = (ConflictId(80), handle(person));
    Event::ConflictDeclared { conflict, person, about, statement: "we build it".into() }
}

fn about(decision: u64) -> ConflictSubject {
    ConflictSubject::Decision(DecisionId(decision))
}
