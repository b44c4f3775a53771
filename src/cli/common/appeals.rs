//! Appealing against a measure, settling the appeal, and lifting: the same for every kind of measure.

use clap::{Args, ValueEnum};

use super::output::record;
use crate::pure::wire::appeal::{Appeal, InstructionAppeals, NewAppeal, NewAppealOutcome, Verdict};
use crate::pure::wire::measure::NewLift;

/// An appeal of whom the measure concerns.
#[derive(Debug, Args)]
pub struct AppealArgs {
    /// The measure's id, for example `suspension-90`; `strongroom me` names those that hold against you
    pub id: String,
    /// Why the measure is wrong; the audit log keeps it
    #[arg(long)]
    statement: String,
}

/// What becomes of the open appeals.
#[derive(Debug, Args)]
pub struct SettleArgs {
    /// The measure's id, for example `breach-81`
    pub id: String,
    /// Whether the one who appealed was right
    #[arg(long, value_enum)]
    outcome: Outcome,
    /// Why; the audit log keeps it
    #[arg(long)]
    reason: String,
}

/// Taking a measure back.
#[derive(Debug, Args)]
pub struct LiftArgs {
    /// The measure's id, for example `breach-81`
    pub id: String,
    /// Why; the audit log keeps it
    #[arg(long)]
    reason: String,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Outcome {
    Upheld,
    Dismissed,
}

impl AppealArgs {
    /// What is sent.
    pub fn appeal(&self) -> NewAppeal {
        NewAppeal { statement: self.statement.clone() }
    }
}

impl SettleArgs {
    /// What is sent.
    pub fn outcome(&self) -> NewAppealOutcome {
        let outcome = match self.outcome {
            Outcome::Upheld => Verdict::Upheld,
            Outcome::Dismissed => Verdict::Dismissed,
        };
        NewAppealOutcome { outcome, reason: self.reason.clone() }
    }
}

impl LiftArgs {
    /// What is sent.
    pub fn lift(&self, decision: Option<String>) -> NewLift {
        NewLift { reason: self.reason.clone(), decision }
    }
}

/// The appeals against a measure, a line each; nothing where there are none.
pub fn appeals_text(appeals: &[Appeal]) -> String {
    let line = |appeal: &Appeal| {
        let outcome = match &appeal.outcome {
            None => "open".to_owned(),
            Some(outcome) => {
                let word = if outcome.outcome == Verdict::Upheld { "upheld" } else { "dismissed" };
                format!("{word} on {}: {}", outcome.at, outcome.reason)
            }
        };
        record([("appeal", format!("{} by {}: {}", appeal.at, appeal.by, appeal.statement)), ("outcome", outcome)])
    };
    appeals.iter().map(|appeal| format!("\n\n{}", line(appeal))).collect()
}

/// The appeals against an instruction.
pub fn instruction_text(instruction: &InstructionAppeals) -> String {
    format!("{}{}", record([("decision", instruction.decision.clone())]), appeals_text(&instruction.appeals))
}
