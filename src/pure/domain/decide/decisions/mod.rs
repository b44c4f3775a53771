//! Decisions on the decisions of bodies: a question is opened, voted on, closed and counted (GOV-1 to GOV-4, CONFLICT-1,
//! RED-2, RED-3, EMERGENCY-1).
//!
//! Invariants: a seat has one vote that counts; what a decision brings about is in the entry that closes it.
//!
//! Not here: the arithmetic (`count`), which votes count (`ballot`), who may know of a decision (`docket`).

mod close;
mod open;
mod vote;

use std::sync::Arc;

use super::super::appeal::is_pending;
use super::super::command::Command;
use super::super::decision::Decision as Question;
use super::super::docket::may_know_of_decision;
use super::super::event::Suspended;
use super::super::facts::{FactsDamaged, FactsExt};
use super::super::id::{DecisionId, SuspensionId};
use super::super::may::Denied;
use super::super::suspension::Suspension;
use super::{Context, Decision, misrouted};

/// Opening, voting, closing.
pub(super) fn decide(context: &Context<'_>, command: &Command) -> Result<Decision, Denied> {
    match command {
        Command::OpenDecision { body, decision_kind, subject, question, meeting } => {
            open::open(context, body, *decision_kind, subject, question, meeting.as_ref())
        }
        Command::CastVote { decision, vote, seat } => vote::cast(context, *decision, *vote, seat.as_ref()),
        Command::CloseDecision { decision } => close::close(context, *decision),
        _ => Err(misrouted()),
    }
}

/// The decision of that id, if the person may know of it.
fn known(context: &Context<'_>, id: DecisionId) -> Result<Arc<Question>, Denied> {
    let decision = context.facts.decision(id)?.ok_or(Denied::Hidden)?;
    if may_know_of_decision(context.facts, context.standing, &decision)? { Ok(decision) } else { Err(Denied::Hidden) }
}

/// A suspension, and whom it concerns.
fn suspension(context: &Context<'_>, id: SuspensionId) -> Result<Option<(Suspended, Suspension)>, FactsDamaged> {
    let Some(whom) = context.facts.suspended(id)? else { return Ok(None) };
    let held = match &whom {
        Suspended::Person(person) => context.facts.person(person)?.map(|person| person.suspensions.clone()),
        Suspended::Organisation(one) => context.facts.organisation(one)?.map(|one| one.suspensions.clone()),
        Suspended::Service => context.facts.service()?.map(|service| service.suspensions.clone()),
    };
    let found = held.into_iter().flatten().find(|held| held.id == id);
    Ok(found.map(|found| (whom, found)))
}

/// Whether an appeal against the suspension waits for an outcome.
fn is_appealed(suspension: &Suspension) -> bool {
    is_pending(&suspension.appeals)
}
