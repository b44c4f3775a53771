//! Classification: named audiences, not ordered numbers (ToR section 10).

use std::fmt;

use serde::{Deserialize, Serialize};

/// The audience that the Chair determined for a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Classification {
    /// Members of the originating body only.
    #[serde(rename = "RED")]
    Red,
    /// Limited disclosure: members, the Panel, those who need to know.
    #[serde(rename = "AMBER")]
    Amber,
    /// Parties and stakeholders at large, not the public.
    #[serde(rename = "GREEN")]
    Green,
    /// Public information.
    #[serde(rename = "WHITE")]
    White,
}

impl Classification {
    /// All four, as the ToR lists them.
    pub const ALL: [Self; 4] = [Self::Red, Self::Amber, Self::Green, Self::White];

    /// The name in upper case, as headers and records carry it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Red => "RED",
            Self::Amber => "AMBER",
            Self::Green => "GREEN",
            Self::White => "WHITE",
        }
    }

    /// Parses a name in either case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str().eq_ignore_ascii_case(text))
    }
}

impl fmt::Display for Classification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A version's level: determined by the Chair, or not yet (READ-2), which is a state of its own (CLASS-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The Chair has not determined a classification.
    Undetermined,
    /// The Chair has.
    Determined(Classification),
}

impl Level {
    /// The name that headers, lists and records carry.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Undetermined => "undetermined",
            Self::Determined(classification) => classification.as_str(),
        }
    }

    /// Whether the level is AMBER or RED.
    pub fn is_amber_or_red(self) -> bool {
        matches!(self, Self::Determined(Classification::Amber | Classification::Red))
    }

    /// Whether the level keeps its content within governance groups (BREACH-1, CONFLICT-1, EMERGENCY-1): RED and AMBER, and
    /// undetermined, which may become either.
    pub fn may_be_amber_or_red(self) -> bool {
        match self {
            Self::Undetermined | Self::Determined(Classification::Amber | Classification::Red) => true,
            Self::Determined(Classification::Green | Classification::White) => false,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
