//! Appeals, and what became of them (EMERGENCY-1, BREACH-1, CONFLICT-1; ToR section 5).

use serde::{Deserialize, Serialize};

use super::id::{BreachId, ConflictId, DecisionId, Handle, SuspensionId};
use super::time::Instant;

/// What an appeal is against, and what an act that lifts takes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// A declared conflict of interest.
    Conflict(ConflictId),
    /// A recorded breach.
    Breach(BreachId),
    /// A suspension by the repository.
    Suspension(SuspensionId),
    /// An instruction to the operator of the PKI: the appeal is to the regulator, and kept here as a record.
    Decision(DecisionId),
}

/// One appeal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Appeal {
    /// Who appealed.
    pub by: Handle,
    /// What they stated.
    pub statement: String,
    /// When.
    pub at: Instant,
    /// The index of the entry.
    pub entry: u64,
    /// What became of it; `None` while it is open.
    pub outcome: Option<AppealOutcome>,
}

untold!(Appeal);

/// What became of an appeal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct AppealOutcome {
    /// Whether the one who appealed was right.
    pub upheld: bool,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Instant,
    /// The index of the entry.
    pub entry: u64,
}

untold!(AppealOutcome);

/// Whether an appeal among `appeals` is open.
pub fn is_pending(appeals: &[Appeal]) -> bool {
    appeals.iter().any(|appeal| appeal.outcome.is_none())
}
