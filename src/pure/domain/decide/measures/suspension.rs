//! Imposing a suspension, and lifting it by the decision that does (EMERGENCY-1; ToR section 5).

use super::super::super::appeal::{Measure, is_pending};
use super::super::super::decision::{self, DecisionKind, DecisionSubject};
use super::super::super::docket::may_know_of_decision;
use super::super::super::event::{Event, Suspended};
use super::super::super::facts::FactsExt;
use super::super::super::id::{DecisionId, SuspensionId};
use super::super::super::may::Denied;
use super::super::super::measures::HeldSuspension;
use super::super::super::refusals::{conflict, invalid, not_permitted};
use super::super::super::rule::Rule;
use super::super::super::suspension::{Suspension, SuspensionScope};
use super::super::{Answer, Context, Decision, MAX_REASON, check_text, enter, grounds};
use super::{known_suspension, sees_the_register, unregistered};

/// The authority's Chair suspends a person, an organisation or the whole service, at once.
pub(super) fn impose(
    context: &Context<'_>,
    whom: &Suspended,
    scope: SuspensionScope,
    reason: &str,
) -> Result<Decision, Denied> {
    let standing = context.standing;
    let own = match whom {
        Suspended::Person(person) => person == standing.handle(),
        Suspended::Organisation(organisation) => *organisation == standing.person.organisation,
        Suspended::Service => true,
    };
    if !own && !sees_the_register(context)? {
        return Err(Denied::Hidden);
    }
    let authority = context.authority()?;
    if !standing.chairs(context.facts, &authority)? {
        return Err(not_permitted(
            Rule::Emergency1,
            "The Chair of the authority, or the Chair's alternate, suspends.",
            "Tell the Chair what happened.",
        )
        .into());
    }
    if matches!(whom, Suspended::Person(_)) && own {
        return Err(not_permitted(
            Rule::Self1,
            "Nobody suspends themself.",
            "Resign, revoke your credential, or tell a member of the body that the authority answers to.",
        )
        .into());
    }
    check_text(Rule::Emergency1, "grounds", reason, MAX_REASON)?;
    let holds = |held: &[Suspension]| held.iter().any(|held| !held.lifted && held.scope == scope);
    let facts = context.facts;
    let again = match whom {
        Suspended::Person(person) => {
            let unknown = || unregistered(Rule::Emergency1, "person", "GET /v1/register/people");
            holds(&facts.person(person)?.ok_or_else(unknown)?.suspensions)
        }
        Suspended::Organisation(organisation) => {
            let unknown = || unregistered(Rule::Emergency1, "organisation", "GET /v1/register/organisations");
            holds(&facts.organisation(organisation)?.ok_or_else(unknown)?.suspensions)
        }
        Suspended::Service => holds(&facts.service()?.unwrap_or_default().suspensions),
    };
    if again {
        return Err(conflict(
            Rule::Emergency1,
            "A suspension with that scope is in force there.",
            "Nothing more is needed (GET /v1/suspensions).",
        )
        .into());
    }
    let event = Event::SuspensionImposed {
        suspension: SuspensionId(context.at.index),
        whom: whom.clone(),
        scope,
        grounds: reason.into(),
    };
    Ok(enter(vec![event], [Rule::Read1, Rule::Emergency1], grounds([("scope", scope.as_str().into())])))
}

/// Lifting is a decision of the body, which does it at its close: naming it gives that entry.
pub(super) fn lift(
    context: &Context<'_>,
    id: SuspensionId,
    reason: &str,
    decision: Option<DecisionId>,
) -> Result<Decision, Denied> {
    let held = known_suspension(context, id)?;
    let Some(decision) = decision else { return Err(undecided().into()) };
    let decision = context.facts.decision(decision)?.ok_or(Denied::Hidden)?;
    if !may_know_of_decision(context.facts, context.standing, &decision)? {
        return Err(Denied::Hidden);
    }
    check_text(Rule::Emergency1, "reason", reason, MAX_REASON)?;
    let authority = context.authority()?;
    let about_it = decision.subject == DecisionSubject::Suspension { suspension: id };
    if decision.kind != DecisionKind::LiftSuspension || !about_it || decision.body != authority.handle {
        return Err(invalid(
            Rule::Emergency1,
            "The decision named is not one of the authority on lifting this suspension.",
            "Name a carried decision of the kind lift_suspension whose subject is this suspension.",
        )
        .into());
    }
    let closing = match &decision.closed {
        Some(closing) if decision.is_carried() => closing,
        Some(_) => {
            return Err(conflict(
                Rule::Emergency1,
                "The decision named was not carried.",
                "Put the question to the body again.",
            )
            .into());
        }
        None => {
            return Err(conflict(
                Rule::Emergency1,
                "The decision named is not closed yet.",
                "Have it closed: a carried one lifts the suspension at its close.",
            )
            .into());
        }
    };
    if held.suspension.lifted {
        return Ok(Decision::Answer(Answer::EnteredBefore { entry: closing.entry }));
    }
    lifted_late(context, &held, &decision, reason)
}

/// A suspension that its decision did not lift at the close: whoever closes decisions does so now.
fn lifted_late(
    context: &Context<'_>,
    held: &HeldSuspension,
    decision: &decision::Decision,
    reason: &str,
) -> Result<Decision, Denied> {
    let authority = context.authority()?;
    if !context.standing.is_secretariat_of(&authority) && !context.standing.chairs(context.facts, &authority)? {
        return Err(not_permitted(
            Rule::Emergency1,
            "What the body has decided is carried out by its Chair or its Secretariat.",
            "Ask the Chair or the Secretariat.",
        )
        .into());
    }
    let suspension = held.suspension.id;
    let mut events = vec![Event::SuspensionLifted {
        suspension,
        whom: held.whom.clone(),
        reason: reason.into(),
        decision: Some(decision.id),
    }];
    if is_pending(&held.suspension.appeals) {
        let against = Measure::Suspension(suspension);
        events.push(Event::AppealSettled { against, upheld: true, reason: reason.into() });
    }
    let rules = [Rule::Read1, Rule::Emergency1];
    Ok(enter(events, rules, grounds([("decision", decision.id.to_string())])))
}

/// Without a decision nobody lifts, whoever asks.
pub(super) fn undecided() -> super::super::super::refusal::Refusal {
    not_permitted(
        Rule::Emergency1,
        "A suspension is lifted by a decision of the body, and so is an appeal against it settled.",
        "Open a decision of the kind lift_suspension on it (POST /v1/decisions), have it voted on and closed: carried, it \
         lifts the suspension in the same entry.",
    )
}
