//! What a suspension of everything does not stop: one's own record and trail, an appeal, and the acts that lift, so that
//! no suspension locks itself in (EMERGENCY-1).
//!
//! `/me` gives no command; lists give none either, and which of them stay open says `catalogue`.

use super::super::appeal::Measure;
use super::super::command::Command;
use super::super::decision::DecisionKind;
use super::super::docket::may_know_of_decision;
use super::super::facts::{FactsDamaged, FactsExt};
use super::super::id::DecisionId;
use super::{Context, audit};

/// Whether the command is one that no suspension stops.
pub(super) fn covers(context: &Context<'_>, command: &Command) -> Result<bool, FactsDamaged> {
    match command {
        Command::Appeal { .. } => Ok(true),
        Command::OpenDecision { decision_kind, .. } => Ok(*decision_kind == DecisionKind::LiftSuspension),
        Command::CastVote { decision, .. } | Command::CloseDecision { decision } => lifts(context, *decision),
        Command::SettleAppeal { against: Measure::Suspension(_), .. }
        | Command::Lift { against: Measure::Suspension(_), .. } => Ok(true),
        _ => audit::is_own_trail(context, command),
    }
}

fn lifts(context: &Context<'_>, decision: DecisionId) -> Result<bool, FactsDamaged> {
    match context.facts.decision(decision)? {
        // Of the vote on lifting their own suspension a person does not know, so that it is stopped like any other act.
        Some(decision) if decision.lifts_a_suspension() => {
            may_know_of_decision(context.facts, context.standing, &decision)
        }
        _ => Ok(false),
    }
}
