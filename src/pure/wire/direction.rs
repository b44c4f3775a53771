//! Directions: what the PMA requires the DCC to lodge by a date (LODGE-2).

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::organisation::Organisation;
use super::person::Person;

/// The body of `POST /directions`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(deny_unknown_fields)]
pub struct NewDirection {
    /// The slug of the document to lodge.
    pub document: String,
    /// The title of the direction.
    pub title: String,
    /// What the document must contain.
    pub requirement: String,
    /// The day in Europe/London by whose end it is due.
    pub due: Date,
    /// The decision that it rests on, for example `decision-77`; without one it is on the Chair's own word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
}

untold!(NewDirection);

/// A direction and how far it has come.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Direction {
    /// The id, for example `direction-12`: it names the entry that issued it.
    pub id: String,
    /// The slug of the document to lodge.
    pub document: String,
    /// The title of the direction.
    pub title: String,
    /// What the document must contain.
    pub requirement: String,
    /// The day in Europe/London by whose end it is due.
    pub due: Date,
    /// The decision that it rests on; `null` when it is on the Chair's own word.
    pub decision: Option<String>,
    /// How far it has come.
    pub state: DirectionState,
    /// Whether it is past its due day without an accepted or pending lodgement.
    pub overdue: bool,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Who issued it.
    pub issuer: Person,
    /// Who must lodge.
    pub addressee: Organisation,
    /// The label of the version that was lodged against it last; `null` if none.
    pub version: Option<String>,
    /// When that was lodged.
    pub lodged_at: Option<Timestamp>,
    /// What the issuer's side said to that version; `null` until it has.
    pub acceptance: Option<Acceptance>,
    /// The index of the entry that issued it.
    pub entry: u64,
}

untold!(Direction);

/// How far a direction has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DirectionState {
    /// Issued; nothing lodged against it.
    Open,
    /// A version is lodged and waits for the issuer's side.
    Lodged,
    /// Accepted: closed.
    Accepted,
    /// Returned: the addressee must lodge again.
    Returned,
}

/// The outcome that the issuer's side gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The version discharges the direction.
    Accepted,
    /// It does not: the addressee must lodge again.
    Returned,
}

/// The body of `POST /directions/{id}/acceptance`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(deny_unknown_fields)]
pub struct NewAcceptance {
    /// Accepted or returned.
    pub outcome: Outcome,
    /// Why, in words that the audit log keeps.
    pub reason: String,
}

untold!(NewAcceptance);

/// What the issuer's side said to the version that was lodged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Acceptance {
    /// Accepted or returned.
    pub outcome: Outcome,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Person,
}

untold!(Acceptance);

/// The query of `GET /directions`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DirectionsQuery {
    /// Only those in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<DirectionState>,
    /// The most items wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// The cursor of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl fmt::Display for DirectionState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Open => "open",
            Self::Lodged => "lodged",
            Self::Accepted => "accepted",
            Self::Returned => "returned",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_shown_as_it_is_written() {
        for state in [DirectionState::Open, DirectionState::Lodged, DirectionState::Accepted, DirectionState::Returned]
        {
            assert_eq!(serde_json::to_string(&state).unwrap(), format!("\"{state}\""));
        }
    }

    #[test]
    fn an_acceptance_takes_two_outcomes_and_no_third() {
        let body = r#"{"outcome":"returned","reason":"section 4 is missing"}"#;
        assert_eq!(serde_json::from_str::<NewAcceptance>(body).unwrap().outcome, Outcome::Returned);
        assert!(serde_json::from_str::<NewAcceptance>(r#"{"outcome":"perhaps","reason":"r"}"#).is_err());
    }
}
