//! Decisions on conflicts, breaches and suspensions, and on appeals (CONFLICT-1, BREACH-1, EMERGENCY-1): what closes papers
//! to a person, and what opens them again.
//!
//! Invariants: what the person may not know of is hidden before anything is refused (READ-6), and nobody takes a measure
//! against themself back, nor says what became of their own appeal (SELF-1).
//!
//! Not here: the decision that lifts a suspension, which does so at its close (`decisions`), and what a measure closes
//! (`audience`, `may`).

mod appeal;
mod breach;
mod conflict;
mod suspension;

use std::sync::Arc;

use super::super::appeal::Measure;
use super::super::body::{Body, SeatRole};
use super::super::command::Command;
use super::super::decision::DecisionKind;
use super::super::facts::FactsExt;
use super::super::id::{BreachId, ConflictId, DecisionId, Handle, SuspensionId};
use super::super::may::Denied;
use super::super::measures::{self, HeldBreach, HeldConflict, HeldSuspension, Overseeing, may_know_of_instruction};
use super::super::refusals::{invalid, not_permitted};
use super::super::register::{Knowing, speaks_above};
use super::super::rule::Rule;
use super::super::standing::is_chaired_by;
use super::{Context, Decision, misrouted};

/// What closes papers to a person, and what opens them again.
pub(super) fn decide(context: &Context<'_>, command: &Command) -> Result<Decision, Denied> {
    match command {
        Command::DeclareConflict { about, statement } => conflict::declare(context, about, statement),
        Command::RecordBreach { person, statement } => breach::record(context, person, statement),
        Command::ImposeSuspension { whom, scope, grounds } => suspension::impose(context, whom, *scope, grounds),
        Command::Appeal { against, statement } => appeal::appeal(context, *against, statement),
        Command::SettleAppeal { against, upheld, reason } => appeal::settle(context, *against, *upheld, reason),
        Command::Lift { against, reason, decision } => match against {
            Measure::Conflict(id) => conflict::lift(context, *id, reason, *decision),
            Measure::Breach(id) => breach::lift(context, *id, reason, *decision),
            Measure::Suspension(id) => suspension::lift(context, *id, reason, *decision),
            Measure::Decision(id) => {
                instruction(context, *id)?;
                Err(invalid(
                    Rule::Emergency1,
                    "A decision is not lifted.",
                    "Appeal to the regulator, or put another question to the body.",
                )
                .into())
            }
        },
        _ => Err(misrouted()),
    }
}

fn known_conflict(context: &Context<'_>, id: ConflictId) -> Result<HeldConflict, Denied> {
    let held = measures::conflict(context.facts, id)?.ok_or(Denied::Hidden)?;
    let known = Overseeing::of(context.facts, context.standing)?.knows_conflict(&held)?;
    if known { Ok(held) } else { Err(Denied::Hidden) }
}

fn known_breach(context: &Context<'_>, id: BreachId) -> Result<HeldBreach, Denied> {
    let overseeing = Overseeing::of(context.facts, context.standing)?;
    measures::breach(context.facts, id)?.filter(|held| overseeing.knows_breach(held)).ok_or(Denied::Hidden)
}

fn known_suspension(context: &Context<'_>, id: SuspensionId) -> Result<HeldSuspension, Denied> {
    let overseeing = Overseeing::of(context.facts, context.standing)?;
    measures::suspension(context.facts, id)?.filter(|held| overseeing.knows_suspension(held)).ok_or(Denied::Hidden)
}

/// The instruction to the operator of the PKI of that id. No appeal lies against another kind of decision.
fn instruction(context: &Context<'_>, id: DecisionId) -> Result<Arc<super::super::decision::Decision>, Denied> {
    let decision = context.facts.decision(id)?.ok_or(Denied::Hidden)?;
    if !may_know_of_instruction(context.facts, context.standing, &decision)? {
        return Err(Denied::Hidden);
    }
    if decision.kind != DecisionKind::InstructDccSuspension {
        return Err(invalid(
            Rule::Emergency1,
            "An appeal to the regulator lies only against an instruction to the operator of the PKI.",
            "Name a decision of the kind instruct_dcc_suspension.",
        )
        .into());
    }
    Ok(decision)
}

/// Whoever takes back a measure against `person`, or says what became of the appeal against it, speaks for `body`: its
/// Chair, or, where the person chairs it or it has no Chair, the body above. Nobody does so for themself (SELF-1).
fn check_judge(context: &Context<'_>, rule: Rule, body: &Body, person: &Handle) -> Result<(), Denied> {
    if person == context.standing.handle() {
        return Err(not_permitted(
            Rule::Self1,
            "Nobody takes back a measure against themself, nor settles their own appeal.",
            "Appeal, and wait until another settles it.",
        )
        .into());
    }
    let holder = context.facts.person(person)?.ok_or(Denied::Hidden)?;
    let has_chair = body.seats.iter().any(|seat| seat.role == SeatRole::Chair);
    if !has_chair || is_chaired_by(context.facts, body, &holder, context.at.now)? {
        return check_speaks_above(context, rule, body);
    }
    if context.standing.chairs(context.facts, body)? {
        return Ok(());
    }
    Err(not_permitted(rule, "That is for the Chair of the body, or the Chair's alternate.", "Ask the Chair.").into())
}

fn check_speaks_above(context: &Context<'_>, rule: Rule, body: &Body) -> Result<(), Denied> {
    if speaks_above(context.facts, context.standing, body)? {
        return Ok(());
    }
    Err(not_permitted(
        rule,
        "It concerns the Chair, or a body without one: that is for the body that it answers to, through one of its \
         members; where it answers to none, for a member of its own.",
        "Ask a member of that body.",
    )
    .into())
}

/// Whether the register is open to the person (GREEN-1, READ-6).
fn sees_the_register(context: &Context<'_>) -> Result<bool, Denied> {
    Ok(Knowing::of(context.facts, context.standing)?.is_admitted())
}

fn unregistered(rule: Rule, what: &str, list: &str) -> Denied {
    let detail = format!("The register has no {what} of that name.");
    invalid(rule, detail, format!("Name one that it has ({list}).")).into()
}

/// A decision is named where one lifts: a suspension's, and nothing else's.
fn check_no_decision(rule: Rule, decision: Option<DecisionId>) -> Result<(), Denied> {
    match decision {
        None => Ok(()),
        Some(_) => Err(invalid(rule, "This is lifted with a reason, not by a decision.", "Leave decision out.").into()),
    }
}
