//! What conflicts, breaches and suspensions have in common.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The body of `POST .../lift`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(deny_unknown_fields)]
pub struct NewLift {
    /// Why, in words that the audit log keeps.
    pub reason: String,
    /// The carried decision that lifts a suspension, for example `decision-77`; none for a conflict or a breach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
}

untold!(NewLift);

/// How far a measure has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureState {
    /// It holds.
    InForce,
    /// It was taken back.
    Lifted,
    /// Of a conflict of interest: the decision that it is about was recorded.
    Ended,
}

/// A measure that holds against whoever asks, as `GET /me` tells it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct HeldMeasure {
    /// The id, for example `suspension-90`: it names the entry that took it.
    pub id: String,
    /// The rule, for example `EMERGENCY-1`.
    pub rule: String,
    /// What it closes, in a sentence.
    pub detail: String,
    /// The grounds or statement, as it was given.
    pub statement: String,
    /// When it was taken.
    pub since: Timestamp,
    /// Where to appeal: `POST` to it.
    pub appeal: String,
    /// Whether an appeal of this person is open.
    pub appealed: bool,
}

untold!(HeldMeasure);

impl fmt::Display for MeasureState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::InForce => "in force",
            Self::Lifted => "lifted",
            Self::Ended => "ended",
        })
    }
}
