//! Suspensions in an emergency (EMERGENCY-1).

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::appeal::Appeal;
use super::measure::MeasureState;
use super::person::Person;

/// The body of `POST /suspensions`: one of person, organisation and service.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(deny_unknown_fields)]
pub struct NewSuspension {
    /// The handle of the person who is suspended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The handle of the organisation whose people are suspended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// `true` for the whole service: everybody is suspended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<bool>,
    /// What is stopped.
    pub scope: Scope,
    /// Why, in words that the audit log keeps.
    pub grounds: String,
}

untold!(NewSuspension);

/// What a suspension stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Lodging.
    Lodge,
    /// Reading AMBER and RED.
    ReadAmberRed,
    /// Reading content of any level.
    ReadAll,
    /// Everything but one's own record and trail, an appeal, and the acts that lift.
    All,
}

/// A suspension.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Suspension {
    /// The id, for example `suspension-90`: it names the entry that imposed it.
    pub id: String,
    /// The handle of the person who is suspended; `null` for an organisation or the service.
    pub person: Option<String>,
    /// The handle of the organisation whose people are suspended; `null` for a person or the service.
    pub organisation: Option<String>,
    /// Whether everybody is suspended.
    pub service: bool,
    /// What is stopped.
    pub scope: Scope,
    /// Why.
    pub grounds: String,
    /// When it was imposed.
    pub imposed_at: Timestamp,
    /// Who imposed it, for those to whom the register is open; `null` for one of the register's first entries.
    pub imposed_by: Option<Person>,
    /// Whether it holds or was lifted.
    pub state: MeasureState,
    /// Appeals, for whoever appealed and whoever oversees measures.
    pub appeals: Vec<Appeal>,
    /// The index of the entry that imposed it.
    pub entry: u64,
}

untold!(Suspension);

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Lodge => "lodge",
            Self::ReadAmberRed => "read_amber_red",
            Self::ReadAll => "read_all",
            Self::All => "all",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_shown_as_it_is_written() {
        for scope in [Scope::Lodge, Scope::ReadAmberRed, Scope::ReadAll, Scope::All] {
            assert_eq!(serde_json::to_string(&scope).unwrap(), format!("\"{scope}\""));
        }
    }
}
