//! Appeals, and what became of them (CONFLICT-1, BREACH-1, EMERGENCY-1; ToR section 5).

use super::super::super::appeal::{Appeal, Measure, is_pending};
use super::super::super::docket::may_know_of_decision;
use super::super::super::event::Event;
use super::super::super::may::Denied;
use super::super::super::measures::{body_of_conflict, concerns, is_named_in};
use super::super::super::organisation::OrganisationKind;
use super::super::super::refusals::{conflict, not_permitted};
use super::super::super::rule::Rule;
use super::super::{Context, Decision, MAX_REASON, check_text, enter, grounds};
use super::suspension;
use super::{breach, check_judge, conflict as conflicts, instruction, known_breach, known_conflict, known_suspension};

/// Whoever a measure concerns appeals against it.
pub(super) fn appeal(context: &Context<'_>, against: Measure, statement: &str) -> Result<Decision, Denied> {
    let standing = context.standing;
    let (rule, concerned, holds, appeals): (_, _, Result<(), Denied>, Vec<Appeal>) = match against {
        Measure::Conflict(id) => {
            let held = known_conflict(context, id)?;
            let holds = conflicts::check_holds(context, &held);
            (Rule::Conflict1, held.person == *standing.handle(), holds, held.conflict.appeals)
        }
        Measure::Breach(id) => {
            let held = known_breach(context, id)?;
            (Rule::Breach1, held.person == *standing.handle(), breach::check_holds(&held), held.breach.appeals)
        }
        Measure::Suspension(id) => {
            let held = known_suspension(context, id)?;
            let holds = if held.suspension.lifted { Err(over("The suspension was lifted before.")) } else { Ok(()) };
            (Rule::Emergency1, concerns(standing, &held.whom), holds, held.suspension.appeals)
        }
        Measure::Decision(id) => {
            let decision = instruction(context, id)?;
            let concerned =
                is_named_in(standing, &decision) || may_know_of_decision(context.facts, standing, &decision)?;
            let holds = if decision.is_carried() { Ok(()) } else { Err(over("No such instruction was decided on.")) };
            (Rule::Emergency1, concerned, holds, decision.appeals.clone())
        }
    };
    if !concerned {
        return Err(not_permitted(
            rule,
            "Only whoever a measure concerns appeals against it.",
            "Ask the person whom it concerns, or for a measure against an organisation one of its people.",
        )
        .into());
    }
    check_text(rule, "statement", statement, MAX_REASON)?;
    holds?;
    if appeals.iter().any(|appeal| appeal.outcome.is_none() && appeal.by == *standing.handle()) {
        return Err(conflict(rule, "Your appeal is open.", "Wait until it is settled.").into());
    }
    let event = Event::Appealed { against, statement: statement.into() };
    Ok(enter(vec![event], [Rule::Read1, rule], grounds([])))
}

/// What became of the open appeals: a conflict's and a breach's by whoever may lift it, which an upheld one does; an
/// instruction's by the regulator. A suspension's is settled by the decision on lifting it.
pub(super) fn settle(context: &Context<'_>, against: Measure, upheld: bool, reason: &str) -> Result<Decision, Denied> {
    let (rule, appeals, lifted) = match against {
        Measure::Conflict(id) => {
            let held = known_conflict(context, id)?;
            let body = body_of_conflict(context.facts, &held.conflict.about)?;
            check_judge(context, Rule::Conflict1, &body, &held.person)?;
            let lifted = (!held.conflict.lifted).then(|| conflicts::lifted(&held, reason));
            (Rule::Conflict1, held.conflict.appeals, lifted)
        }
        Measure::Breach(id) => {
            let held = known_breach(context, id)?;
            check_judge(context, Rule::Breach1, &*context.authority()?, &held.person)?;
            let lifted = (!held.breach.lifted).then(|| breach::lifted(&held, reason));
            (Rule::Breach1, held.breach.appeals, lifted)
        }
        Measure::Suspension(id) => {
            known_suspension(context, id)?;
            return Err(suspension::undecided().into());
        }
        Measure::Decision(id) => {
            let decision = instruction(context, id)?;
            check_regulator(context, &decision.appeals)?;
            (Rule::Emergency1, decision.appeals.clone(), None)
        }
    };
    check_text(rule, "reason", reason, MAX_REASON)?;
    if !is_pending(&appeals) {
        return Err(conflict(rule, "No appeal against it is open.", "Nothing is needed.").into());
    }
    let mut events = vec![Event::AppealSettled { against, upheld, reason: reason.into() }];
    events.extend(lifted.filter(|_| upheld));
    Ok(enter(events, [Rule::Read1, rule], grounds([])))
}

/// The regulator settles appeals against an instruction, through anybody but the one who appealed (SELF-1).
fn check_regulator(context: &Context<'_>, appeals: &[Appeal]) -> Result<(), Denied> {
    let standing = context.standing;
    if standing.organisation.kind != OrganisationKind::Authority || standing.person.system {
        return Err(not_permitted(
            Rule::Emergency1,
            "An appeal against an instruction to the operator of the PKI is settled by the regulator.",
            "Ask the regulator to record the outcome.",
        )
        .into());
    }
    if appeals.iter().any(|appeal| appeal.outcome.is_none() && appeal.by == *standing.handle()) {
        return Err(not_permitted(
            Rule::Self1,
            "Nobody settles their own appeal.",
            "Ask another person of the regulator.",
        )
        .into());
    }
    Ok(())
}

fn over(detail: &str) -> Denied {
    conflict(Rule::Emergency1, detail, "Nothing is needed: there is nothing to appeal against.").into()
}
