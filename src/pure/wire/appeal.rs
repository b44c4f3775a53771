//! Appeals against measures, and what became of them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The body of `POST .../appeal`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(deny_unknown_fields)]
pub struct NewAppeal {
    /// Why the measure is wrong, in words that the audit log keeps.
    pub statement: String,
}

untold!(NewAppeal);

/// The body of `POST .../appeal/outcome`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(deny_unknown_fields)]
pub struct NewAppealOutcome {
    /// What becomes of the open appeals.
    pub outcome: Verdict,
    /// Why, in words that the audit log keeps.
    pub reason: String,
}

untold!(NewAppealOutcome);

/// What becomes of an appeal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The one who appealed was right.
    Upheld,
    /// They were not.
    Dismissed,
}

/// One appeal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Appeal {
    /// The handle of whoever appealed.
    pub by: String,
    /// Why the measure is wrong, in their words.
    pub statement: String,
    /// When.
    pub at: Timestamp,
    /// What became of it; `null` while it is open.
    pub outcome: Option<AppealOutcome>,
    /// The index of the entry.
    pub entry: u64,
}

untold!(Appeal);

/// What became of an appeal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct AppealOutcome {
    /// Upheld or dismissed.
    pub outcome: Verdict,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// The index of the entry.
    pub entry: u64,
}

untold!(AppealOutcome);

/// Appeals to the regulator against an instruction to the operator of the PKI, as far as the one who asks may read them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstructionAppeals {
    /// The decision, for example `decision-77`.
    pub decision: String,
    /// The appeals, oldest first.
    pub appeals: Vec<Appeal>,
}
