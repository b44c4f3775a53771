//! Recorded reasonable needs (ToR section 6d; READ-3).

use serde::{Deserialize, Serialize};

use super::id::{Handle, Label, NeedId};
use super::time::Instant;

/// A person's recorded reasonable need for a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// The need's id.
    pub id: NeedId,
    /// Whose need it is.
    pub person: Handle,
    /// The document.
    pub document: Handle,
    /// The one version that it is for, or every version of the document.
    pub version: Option<Label>,
    /// What it is for.
    pub reason: NeedReason,
    /// When it was recorded: validity counts from here.
    pub recorded_at: Instant,
    /// The first instant at which it no longer holds at any level.
    pub valid_until: Instant,
    /// Whether its owner withdrew it.
    pub withdrawn_at: Option<Instant>,
}

/// The words of a need.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct NeedReason {
    /// A purpose code that the profile knows.
    pub purpose: String,
    /// What the person states.
    pub statement: String,
    /// The action, modification, assessment, meeting, decision or direction that it serves.
    pub reference: Option<String>,
}

untold!(NeedReason);
