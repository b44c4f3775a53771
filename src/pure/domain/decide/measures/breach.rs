//! Recording a breach of an information-sharing rule, and lifting it (BREACH-1; ToR section 10).

use super::super::super::appeal::{Measure, is_pending};
use super::super::super::event::Event;
use super::super::super::facts::FactsExt;
use super::super::super::id::{BreachId, DecisionId, Handle};
use super::super::super::may::Denied;
use super::super::super::measures::HeldBreach;
use super::super::super::refusals::{conflict, not_permitted};
use super::super::super::register::speaks_above;
use super::super::super::rule::Rule;
use super::super::super::standing::is_chaired_by;
use super::super::{Context, Decision, MAX_REASON, check_text, enter, grounds};
use super::{check_judge, check_no_decision, check_speaks_above, known_breach, sees_the_register, unregistered};

/// The authority's Chair records a breach against a person, the body above one of the Chair.
pub(super) fn record(context: &Context<'_>, person: &Handle, statement: &str) -> Result<Decision, Denied> {
    if person != context.standing.handle() && !sees_the_register(context)? {
        return Err(Denied::Hidden);
    }
    let (facts, authority) = (context.facts, context.authority()?);
    if !context.standing.chairs(facts, &authority)? && !speaks_above(facts, context.standing, &authority)? {
        return Err(not_permitted(
            Rule::Breach1,
            "A breach is recorded by the Chair of the authority, one of the Chair's own by the body that the authority \
             answers to.",
            "Tell the Chair what happened.",
        )
        .into());
    }
    if person == context.standing.handle() {
        return Err(not_permitted(
            Rule::Self1,
            "Nobody judges themself.",
            "Tell a member of the body that the authority answers to.",
        )
        .into());
    }
    let holder =
        facts.person(person)?.ok_or_else(|| unregistered(Rule::Breach1, "person", "GET /v1/register/people"))?;
    if is_chaired_by(facts, &authority, &holder, context.at.now)? {
        check_speaks_above(context, Rule::Breach1, &authority)?;
    } else if !context.standing.chairs(facts, &authority)? {
        return Err(not_permitted(
            Rule::Breach1,
            "The body that the authority answers to records a breach of the authority's Chair only.",
            "Tell the Chair what happened.",
        )
        .into());
    }
    check_text(Rule::Breach1, "statement", statement, MAX_REASON)?;
    let breach = BreachId(context.at.index);
    let event = Event::BreachRecorded { breach, person: person.clone(), statement: statement.into() };
    Ok(enter(vec![event], [Rule::Read1, Rule::Breach1], grounds([("body", authority.handle.to_string())])))
}

/// The authority's Chair restores a person's access, the body above the Chair's.
pub(super) fn lift(
    context: &Context<'_>,
    id: BreachId,
    reason: &str,
    decision: Option<DecisionId>,
) -> Result<Decision, Denied> {
    let held = known_breach(context, id)?;
    let authority = context.authority()?;
    check_judge(context, Rule::Breach1, &authority, &held.person)?;
    check_no_decision(Rule::Breach1, decision)?;
    check_text(Rule::Breach1, "reason", reason, MAX_REASON)?;
    check_holds(&held)?;
    let mut events = vec![lifted(&held, reason)];
    if is_pending(&held.breach.appeals) {
        let against = Measure::Breach(id);
        events.push(Event::AppealSettled { against, upheld: true, reason: reason.into() });
    }
    Ok(enter(events, [Rule::Read1, Rule::Breach1], grounds([("body", authority.handle.to_string())])))
}

pub(super) fn lifted(held: &HeldBreach, reason: &str) -> Event {
    Event::BreachLifted { breach: held.breach.id, person: held.person.clone(), reason: reason.into() }
}

pub(super) fn check_holds(held: &HeldBreach) -> Result<(), Denied> {
    if held.breach.lifted {
        let refusal = conflict(Rule::Breach1, "The breach was lifted before.", "Nothing is needed: it closes nothing.");
        return Err(refusal.into());
    }
    Ok(())
}
