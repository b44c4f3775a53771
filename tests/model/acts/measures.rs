//! Decisions of bodies, and measures.

use strongroom::pure::domain::appeal::Measure;
use strongroom::pure::domain::command::{AskedSubject, Command};
use strongroom::pure::domain::conflict::ConflictSubject;
use strongroom::pure::domain::decision::{DecisionKind, Meeting, Vote};
use strongroom::pure::domain::event::Suspended;
use strongroom::pure::domain::id::{BreachId, ConflictId, DecisionId, Handle, SuspensionId};
use strongroom::pure::domain::suspension::SuspensionScope;

use super::{Attempt, Choice, handle, pick, reason};

/// What is tried; what is there twice is tried twice as often.
pub(super) const TRIED: &[Attempt] = &[
    open_matter,
    open_on_version,
    open_on_suspension,
    vote,
    vote,
    vote,
    vote,
    close,
    close,
    declare_conflict,
    record_breach,
    impose_suspension,
    appeal,
    settle_appeal,
    lift,
];

fn open_matter(choice: &Choice<'_>) -> Option<Command> {
    let subject = AskedSubject::Matter { matter: "whether to write to the Panel".into() };
    Some(open(choice, choice.body(), DecisionKind::Other, subject))
}

fn open_on_version(choice: &Choice<'_>) -> Option<Command> {
    let (document, version) = choice.version()?;
    let body = choice.reference.documents[&document].body.clone();
    let (kind, to) = match choice.deed.b % 3 {
        0 => (DecisionKind::DiscloseRed, Some(handle("panel"))),
        1 => (DecisionKind::ApproveCps, None),
        _ => (DecisionKind::Other, None),
    };
    Some(open(choice, body, kind, AskedSubject::Version { document, version, to }))
}

fn open_on_suspension(choice: &Choice<'_>) -> Option<Command> {
    let suspension = SuspensionId(pick(choice.reference.suspensions.keys().copied(), choice.deed.a)?);
    let subject = AskedSubject::Suspension { suspension };
    Some(open(choice, choice.reference.authority.clone(), DecisionKind::LiftSuspension, subject))
}

fn open(choice: &Choice<'_>, body: Handle, decision_kind: DecisionKind, subject: AskedSubject) -> Command {
    let meeting = (choice.deed.c.is_multiple_of(2)).then(|| Meeting {
        reference: "meeting 42".into(),
        exceptional: choice.deed.c.is_multiple_of(4),
        present: Vec::new(),
    });
    Command::OpenDecision { body, decision_kind, subject, question: "Shall it be so?".into(), meeting }
}

fn vote(choice: &Choice<'_>) -> Option<Command> {
    let open =
        choice.reference.decisions.iter().filter(|(_, one)| one.outcome.is_none() || choice.deed.c.is_multiple_of(8));
    let decision = DecisionId(pick(open.map(|(id, _)| *id), choice.deed.a)?);
    let vote = pick([Vote::For, Vote::For, Vote::For, Vote::Against, Vote::Abstain].into_iter(), choice.deed.b)?;
    let seat = choice.reference.seat_of_vote(choice.person, decision.0, None);
    Some(Command::CastVote { decision, vote, seat })
}

fn close(choice: &Choice<'_>) -> Option<Command> {
    let decision = DecisionId(pick(choice.reference.decisions.keys().copied(), choice.deed.a)?);
    Some(Command::CloseDecision { decision })
}

fn declare_conflict(choice: &Choice<'_>) -> Option<Command> {
    let about = if choice.deed.b.is_multiple_of(2) {
        ConflictSubject::Document(choice.document()?)
    } else {
        ConflictSubject::Decision(DecisionId(pick(choice.reference.decisions.keys().copied(), choice.deed.a)?))
    };
    Some(Command::DeclareConflict { about, statement: "we build what it is about".into() })
}

fn record_breach(choice: &Choice<'_>) -> Option<Command> {
    Some(Command::RecordBreach { person: choice.someone(choice.deed.a), statement: "shared a paper".into() })
}

fn impose_suspension(choice: &Choice<'_>) -> Option<Command> {
    let whom = match choice.deed.b % 16 {
        0..11 => Suspended::Person(choice.someone(choice.deed.a)),
        11..15 => Suspended::Organisation(choice.organisation(choice.deed.a)),
        _ => Suspended::Service,
    };
    let scopes = [
        SuspensionScope::Lodge,
        SuspensionScope::ReadAmberRed,
        SuspensionScope::ReadAmberRed,
        SuspensionScope::ReadAll,
        SuspensionScope::All,
    ];
    let scope = pick(scopes.into_iter(), choice.deed.c)?;
    Some(Command::ImposeSuspension { whom, scope, grounds: "an incident".into() })
}

fn measure(choice: &Choice<'_>) -> Option<Measure> {
    let reference = choice.reference;
    match choice.deed.b % 4 {
        0 => pick(reference.conflicts.keys(), choice.deed.a).map(|id| Measure::Conflict(ConflictId(*id))),
        1 => pick(reference.breaches.keys(), choice.deed.a).map(|id| Measure::Breach(BreachId(*id))),
        2 => pick(reference.suspensions.keys(), choice.deed.a).map(|id| Measure::Suspension(SuspensionId(*id))),
        _ => pick(reference.decisions.keys(), choice.deed.a).map(|id| Measure::Decision(DecisionId(*id))),
    }
}

fn appeal(choice: &Choice<'_>) -> Option<Command> {
    Some(Command::Appeal { against: measure(choice)?, statement: "it was another one".into() })
}

fn settle_appeal(choice: &Choice<'_>) -> Option<Command> {
    Some(Command::SettleAppeal { against: measure(choice)?, upheld: choice.deed.c.is_multiple_of(2), reason: reason() })
}

fn lift(choice: &Choice<'_>) -> Option<Command> {
    Some(Command::Lift { against: measure(choice)?, reason: reason(), decision: None })
}
