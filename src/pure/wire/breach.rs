//! Recorded breaches of an information-sharing rule (BREACH-1).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::appeal::Appeal;
use super::measure::MeasureState;
use super::person::Person;

/// The body of `POST /breaches`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(deny_unknown_fields)]
pub struct NewBreach {
    /// The handle of the person whose breach it is.
    pub person: String,
    /// What happened, in words that the audit log keeps.
    pub statement: String,
}

untold!(NewBreach);

/// A recorded breach.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Breach {
    /// The id, for example `breach-81`: it names the entry that recorded it.
    pub id: String,
    /// Whose it is.
    pub person: Person,
    /// What happened.
    pub statement: String,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Whether it holds or was lifted.
    pub state: MeasureState,
    /// Appeals, for whoever appealed and whoever may settle them.
    pub appeals: Vec<Appeal>,
    /// The index of the entry that recorded it.
    pub entry: u64,
}

untold!(Breach);
