//! Declared conflicts of interest (CONFLICT-1; ToR section 7.10).

use serde::{Deserialize, Serialize};

use super::appeal::Appeal;
use super::id::{ConflictId, DecisionId, Handle};
use super::time::Instant;

/// A member's declaration that a decision presents a conflict of interest.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Conflict {
    /// The declaration's id.
    pub id: ConflictId,
    /// What it is about.
    pub about: ConflictSubject,
    /// Why, in words.
    pub statement: String,
    /// When it was declared.
    pub declared_at: Instant,
    /// Whether the Chair lifted it with a reason. One about a decision ends besides when that is recorded.
    pub lifted: bool,
    /// Appeals of the person concerned.
    pub appeals: Vec<Appeal>,
}

untold!(Conflict);

/// What a conflict of interest is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictSubject {
    /// A decision, and so the papers of its subject.
    Decision(DecisionId),
    /// A document.
    Document(Handle),
}
