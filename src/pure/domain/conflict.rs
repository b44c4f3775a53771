//! Declared conflicts of interest (CONFLICT-1; ToR section 7.10).

use serde::{Deserialize, Serialize};

use super::id::{ConflictId, DecisionId, Handle};

/// A member's declaration that a decision presents a conflict of interest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// The declaration's id.
    pub id: ConflictId,
    /// What it is about.
    pub about: ConflictSubject,
    /// Whether it no longer holds: the decision was recorded, or the Chair lifted it with a reason.
    pub lifted: bool,
}

/// What a conflict of interest is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictSubject {
    /// A decision, and so the papers of its subject.
    Decision(DecisionId),
    /// A document.
    Document(Handle),
}
