//! Appointments: a person in a seat for a term (GOV-5).

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::body::SeatRole;
use super::person::Person;

/// The body of `POST /register/appointments`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAppointment {
    /// The person to appoint.
    pub person: String,
    /// The body.
    pub body: String,
    /// The seat on the body.
    pub seat: String,
    /// The first instant of the term; if left out, the term begins with its approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// The first instant after the term.
    pub until: Timestamp,
}

/// An appointment, or a proposal of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    /// The id, for example `appointment-12`: it names the entry that proposed it, or made it.
    pub id: String,
    /// Who is appointed.
    pub person: Person,
    /// The body.
    pub body: String,
    /// The seat on the body.
    pub seat: String,
    /// What the holder of the seat may do; `null` of a seat that was abolished since.
    pub role: Option<SeatRole>,
    /// How far it has come.
    pub state: AppointmentState,
    /// Who proposed it; `null` for one of the register's first entries.
    pub proposed_by: Option<Person>,
    /// When it was approved; `null` while it is a proposal.
    pub approved_at: Option<Timestamp>,
    /// The first instant of the term; `null` of a proposal that begins with its approval.
    pub from: Option<Timestamp>,
    /// The first instant after the term.
    pub until: Timestamp,
    /// Whether the person confirmed to serve (GOV-1).
    pub confirmed: bool,
    /// When the person resigned or was removed, or the proposal was withdrawn; `null` if neither.
    pub ended_at: Option<Timestamp>,
    /// Whether the term ends so soon that its holder and the Secretariat are warned.
    pub ends_soon: bool,
    /// The index of the entry that proposed it, or made it.
    pub entry: u64,
}

/// How far an appointment has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppointmentState {
    /// Proposed, and not approved.
    Proposed,
    /// Approved, but its term has not begun or the person has not confirmed.
    Approved,
    /// Approved, confirmed and within its term.
    InForce,
    /// Its term is over, or it was ended before.
    Ended,
}

/// The query of `GET /register/appointments`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppointmentsQuery {
    /// On this body alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Of this person alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Only those whose term ends soon, or only those whose does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<bool>,
    /// The most items wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// The cursor of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl fmt::Display for AppointmentState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::InForce => "in_force",
            Self::Ended => "ended",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_shown_as_it_is_written() {
        use AppointmentState::{Approved, Ended, InForce, Proposed};
        for state in [Proposed, Approved, InForce, Ended] {
            assert_eq!(serde_json::to_string(&state).unwrap(), format!("\"{state}\""));
        }
    }
}
