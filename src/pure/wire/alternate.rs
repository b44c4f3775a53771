//! Alternates: who acts for a member (ToR section 7.6).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::person::Person;

/// The body of `POST /register/alternates`: a member proposes an alternate for themself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAlternate {
    /// The body on which the member sits.
    pub body: String,
    /// Who is to act for the member.
    pub person: String,
}

/// A member's alternate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternate {
    /// The id, for example `alternate-12`: it names the entry that proposed it.
    pub id: String,
    /// The body.
    pub body: String,
    /// For whom the alternate acts.
    pub member: Person,
    /// Who acts.
    pub person: Person,
    /// How far it has come.
    pub state: AlternateState,
    /// The index of the entry that proposed it.
    pub entry: u64,
}

/// How far an alternate has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlternateState {
    /// Proposed, and not approved.
    Proposed,
    /// Approved: acts while the member's seat is in force.
    Approved,
    /// Ended.
    Ended,
}

/// The query of `GET /register/alternates`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlternatesQuery {
    /// On this body alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// For or as this person alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The most items wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// The cursor of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl fmt::Display for AlternateState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Ended => "ended",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_shown_as_it_is_written() {
        for state in [AlternateState::Proposed, AlternateState::Approved, AlternateState::Ended] {
            assert_eq!(serde_json::to_string(&state).unwrap(), format!("\"{state}\""));
        }
    }
}
