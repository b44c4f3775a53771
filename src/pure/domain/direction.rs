//! Directions to lodge: what the PMA requires the DCC to lodge, and by when (SEC L5.9; LODGE-2).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::id::{DecisionId, DirectionId, Handle, Label};
use super::time::Instant;

/// A requirement that an organisation lodge a version of a document by a date.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Direction {
    /// The direction's id.
    pub id: DirectionId,
    /// The document.
    pub document: Handle,
    /// The direction's title.
    pub title: String,
    /// What the version must contain.
    pub requirement: String,
    /// The last day on which it can be discharged in time.
    pub due: Date,
    /// The decision that it rests on; `None` for one on the Chair's own word.
    pub decision: Option<DecisionId>,
    /// Who issued it.
    pub issuer: Handle,
    /// When it was issued.
    pub issued_at: Instant,
    /// The organisation that must lodge.
    pub addressee: Handle,
    /// Where it stands.
    pub state: DirectionState,
}

untold!(Direction);

/// Where a direction stands.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum DirectionState {
    /// Nothing is lodged against it yet.
    Open,
    /// A version is lodged and waits for acceptance.
    Lodged {
        /// The version's label.
        label: Label,
    },
    /// The issuer's side accepted the version.
    Accepted {
        /// The version's label.
        label: Label,
        /// Why.
        reason: String,
        /// When.
        at: Instant,
        /// Who.
        by: Handle,
    },
    /// The issuer's side returned the version: another has to be lodged.
    Returned {
        /// The label of the version returned.
        label: Label,
        /// Why.
        reason: String,
        /// When.
        at: Instant,
        /// Who.
        by: Handle,
    },
}

untold!(DirectionState);

impl DirectionState {
    /// Whether a version may be lodged against the direction.
    pub fn awaits_lodgement(&self) -> bool {
        matches!(self, Self::Open | Self::Returned { .. })
    }

    /// Whether the direction is done with.
    pub fn is_settled(&self) -> bool {
        matches!(self, Self::Accepted { .. })
    }

    /// The state's name.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Lodged { .. } => "lodged",
            Self::Accepted { .. } => "accepted",
            Self::Returned { .. } => "returned",
        }
    }

    /// The version that was last lodged against it, and what became of it.
    pub fn lodged(&self) -> Option<(&Label, Option<&str>)> {
        match self {
            Self::Open => None,
            Self::Lodged { label } => Some((label, None)),
            Self::Accepted { label, reason, .. } | Self::Returned { label, reason, .. } => Some((label, Some(reason))),
        }
    }
}
