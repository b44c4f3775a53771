//! Suspensions in an emergency (EMERGENCY-1; ToR section 5) and recorded breaches (BREACH-1; ToR section 10).

use serde::{Deserialize, Serialize};

use super::appeal::Appeal;
use super::id::{BreachId, Handle, SuspensionId};
use super::time::Instant;

/// A suspension of a person, an organisation or the whole service.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Suspension {
    /// The suspension's id.
    pub id: SuspensionId,
    /// What it stops.
    pub scope: SuspensionScope,
    /// Why, in words.
    pub grounds: String,
    /// When it was imposed.
    pub imposed_at: Instant,
    /// Who imposed it; `None` for one of the register's first entries.
    pub imposed_by: Option<Handle>,
    /// Whether it has been lifted.
    pub lifted: bool,
    /// Appeals against it.
    pub appeals: Vec<Appeal>,
}

untold!(Suspension);

/// What a suspension stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuspensionScope {
    /// Lodging.
    Lodge,
    /// Reading AMBER and RED.
    ReadAmberRed,
    /// Reading content of any level.
    ReadAll,
    /// Everything but what EMERGENCY-1 exempts.
    All,
}

impl SuspensionScope {
    /// The scope's name, as requests and records carry it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lodge => "lodge",
            Self::ReadAmberRed => "read_amber_red",
            Self::ReadAll => "read_all",
            Self::All => "all",
        }
    }

    /// Whether this scope stops every request that EMERGENCY-1 does not exempt.
    pub fn stops_everything(self) -> bool {
        self == Self::All
    }

    /// Whether this scope stops lodging.
    pub fn stops_lodging(self) -> bool {
        matches!(self, Self::Lodge | Self::All)
    }

    /// Whether this scope stops reading at every level.
    pub fn stops_reading(self) -> bool {
        matches!(self, Self::ReadAll | Self::All)
    }

    /// Whether this scope stops reading AMBER and RED.
    pub fn stops_reading_amber_and_red(self) -> bool {
        matches!(self, Self::ReadAmberRed | Self::ReadAll | Self::All)
    }
}

/// A breach of an information-sharing rule that was recorded against a person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Breach {
    /// The breach's id.
    pub id: BreachId,
    /// What happened, in words.
    pub statement: String,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// Whether the person's access was restored.
    pub lifted: bool,
    /// Appeals against it.
    pub appeals: Vec<Appeal>,
}

untold!(Breach);

/// The service as a whole: what concerns everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Suspensions of the whole service, lifted ones included.
    pub suspensions: Vec<Suspension>,
    /// Whether the register's first entries are complete: from then on no entry is made without a person, but for
    /// heartbeats and recoveries.
    pub established: bool,
}
