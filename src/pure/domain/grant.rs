//! Grants: recorded permissions that widen a version's audience (AMBER-2 to AMBER-4, RED-1, RED-2).

use serde::{Deserialize, Serialize};

use super::id::{GrantId, Handle};
use super::organisation::OrganisationKind;
use super::time::Instant;

/// A recorded permission for one version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The grant's id.
    pub id: GrantId,
    /// Which rule it is given under.
    pub kind: GrantKind,
    /// Whom it admits.
    pub to: Grantee,
    /// The first instant at which it no longer holds; `None` for one without an end.
    pub until: Option<Instant>,
    /// Whether it was revoked.
    pub revoked: bool,
}

impl Grant {
    /// Whether it holds at `now`.
    pub fn holds(&self, now: Instant) -> bool {
        !self.revoked && self.until.is_none_or(|until| now < until)
    }
}

/// Which rule a grant is given under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantKind {
    /// AMBER-2: a person who needs to know in order to take action.
    NeedToKnow,
    /// AMBER-3: an organisation of the granting member's own party category.
    CategoryShare,
    /// AMBER-4: a wider circulation that the Chair directed.
    WiderCirculation,
    /// RED-1: a non-voting representative whom the Chair includes.
    RedInclusion,
    /// RED-2: another body, after a recorded approval.
    RedDisclosure,
}

/// Whom a grant admits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grantee {
    /// One person.
    Person(Handle),
    /// The people of an organisation.
    Organisation(Handle),
    /// The people of every organisation of a kind.
    OrganisationKind(OrganisationKind),
    /// The members of a body.
    Body(Handle),
}
