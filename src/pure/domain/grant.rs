//! Grants: recorded permissions that widen a version's audience (AMBER-2 to AMBER-4, RED-1 to RED-3).

use serde::{Deserialize, Serialize};

use super::id::{DecisionId, GrantId, Handle};
use super::organisation::OrganisationKind;
use super::rule::Rule;
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
    /// The action that it serves.
    pub action: String,
    /// Who gave or asked for it; `None` for one of the register's first entries.
    pub by: Option<Handle>,
    /// When.
    pub at: Instant,
    /// The decision that it rests on (RED-2).
    pub decision: Option<DecisionId>,
    /// The first instant at which it no longer holds; `None` for one without an end.
    pub until: Option<Instant>,
    /// Where it stands.
    pub state: GrantState,
}

/// Where a grant stands. That it expired is derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantState {
    /// The Secretariat asked for it: it admits nobody before the Chair directs it (AMBER-2).
    Requested,
    /// Given.
    Given,
    /// Revoked; it never comes back.
    Revoked,
}

impl Grant {
    /// Whether it holds at `now`.
    pub fn holds(&self, now: Instant) -> bool {
        self.state == GrantState::Given && self.until.is_none_or(|until| now < until)
    }
}

/// Which rule a grant is given under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
    /// RED-3: a person whom the Chair invites for one item, to its papers (ToR section 7.8).
    Invitation,
}

impl GrantKind {
    /// The kind's name, as requests and records carry it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NeedToKnow => "need_to_know",
            Self::CategoryShare => "category_share",
            Self::WiderCirculation => "wider_circulation",
            Self::RedInclusion => "red_inclusion",
            Self::RedDisclosure => "red_disclosure",
            Self::Invitation => "invitation",
        }
    }

    /// All six, in the order of their rules.
    pub const ALL: [Self; 6] = [
        Self::NeedToKnow,
        Self::CategoryShare,
        Self::WiderCirculation,
        Self::RedInclusion,
        Self::RedDisclosure,
        Self::Invitation,
    ];

    /// Parses a kind's name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The rule that a grant of this kind is given under.
    pub fn rule(self) -> Rule {
        match self {
            Self::NeedToKnow => Rule::Amber2,
            Self::CategoryShare => Rule::Amber3,
            Self::WiderCirculation => Rule::Amber4,
            Self::RedInclusion => Rule::Red1,
            Self::RedDisclosure => Rule::Red2,
            Self::Invitation => Rule::Red3,
        }
    }
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
