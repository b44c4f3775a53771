//! Declaring a conflict of interest, and lifting it (CONFLICT-1; ToR section 7.10).

use std::sync::Arc;

use super::super::super::appeal::{Measure, is_pending};
use super::super::super::body::Body;
use super::super::super::conflict::ConflictSubject;
use super::super::super::docket::may_know_of_decision;
use super::super::super::event::Event;
use super::super::super::facts::FactsExt;
use super::super::super::id::{ConflictId, DecisionId};
use super::super::super::may::Denied;
use super::super::super::measures::{ConflictState, HeldConflict, body_of_conflict, conflict_state};
use super::super::super::refusals::{conflict, not_permitted};
use super::super::super::rule::Rule;
use super::super::{Context, Decision, MAX_REASON, check_text, enter, grounds};
use super::{check_judge, check_no_decision, known_conflict};

/// A member, alternate or representative declares that a decision or document presents a conflict of interest.
pub(super) fn declare(context: &Context<'_>, about: &ConflictSubject, statement: &str) -> Result<Decision, Denied> {
    let (body, is_open) = subject(context, about)?;
    if context.standing.membership(context.facts, &body)?.is_none() {
        return Err(not_permitted(
            Rule::Conflict1,
            "A conflict of interest is declared by whoever acts on the body, as a member, an alternate or a representative.",
            "Nothing is needed: you neither vote nor read as one of them.",
        )
        .into());
    }
    check_text(Rule::Conflict1, "statement", statement, MAX_REASON)?;
    if !is_open {
        return Err(conflict(
            Rule::Conflict1,
            "The decision is closed, so that a conflict changes nothing any more.",
            "Tell the Chair, who can put the question again.",
        )
        .into());
    }
    let mut held = context.standing.person.conflicts.iter();
    if held.any(|held| held.about == *about && !held.lifted) {
        return Err(conflict(
            Rule::Conflict1,
            "You have declared that conflict, and it holds.",
            "Nothing more is needed (GET /v1/conflicts).",
        )
        .into());
    }
    let event = Event::ConflictDeclared {
        conflict: ConflictId(context.at.index),
        person: context.standing.handle().clone(),
        about: about.clone(),
        statement: statement.into(),
    };
    Ok(enter(vec![event], [Rule::Read1, Rule::Conflict1], grounds([("body", body.handle.to_string())])))
}

/// The Chair lifts a conflict with a reason, the Chair's own the body above.
pub(super) fn lift(
    context: &Context<'_>,
    id: ConflictId,
    reason: &str,
    decision: Option<DecisionId>,
) -> Result<Decision, Denied> {
    let held = known_conflict(context, id)?;
    let body = body_of_conflict(context.facts, &held.conflict.about)?;
    check_judge(context, Rule::Conflict1, &body, &held.person)?;
    check_no_decision(Rule::Conflict1, decision)?;
    check_text(Rule::Conflict1, "reason", reason, MAX_REASON)?;
    check_holds(context, &held)?;
    let mut events = vec![lifted(&held, reason)];
    if is_pending(&held.conflict.appeals) {
        let against = Measure::Conflict(id);
        events.push(Event::AppealSettled { against, upheld: true, reason: reason.into() });
    }
    Ok(enter(events, [Rule::Read1, Rule::Conflict1], grounds([("body", body.handle.to_string())])))
}

pub(super) fn lifted(held: &HeldConflict, reason: &str) -> Event {
    let (conflict, person) = (held.conflict.id, held.person.clone());
    Event::ConflictLifted { conflict, person, reason: reason.into() }
}

pub(super) fn check_holds(context: &Context<'_>, held: &HeldConflict) -> Result<(), Denied> {
    let detail = match conflict_state(context.facts, &held.conflict)? {
        ConflictState::InForce => return Ok(()),
        ConflictState::Lifted => "The conflict was lifted before.",
        ConflictState::Ended => "The conflict ended when the decision that it was about was recorded.",
    };
    Err(conflict(Rule::Conflict1, detail, "Nothing is needed: it closes nothing any more.").into())
}

/// The body whose matter it is, and whether the matter is open, if the person may know of it.
fn subject(context: &Context<'_>, about: &ConflictSubject) -> Result<(Arc<Body>, bool), Denied> {
    match about {
        ConflictSubject::Document(slug) => {
            let document = context.known_document(slug)?;
            Ok((context.body_of(&document)?, true))
        }
        ConflictSubject::Decision(id) => {
            let decision = context.facts.decision(*id)?.ok_or(Denied::Hidden)?;
            if !may_know_of_decision(context.facts, context.standing, &decision)? {
                return Err(Denied::Hidden);
            }
            Ok((body_of_conflict(context.facts, about)?, decision.is_open()))
        }
    }
}
