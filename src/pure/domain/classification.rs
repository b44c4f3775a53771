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

/// A marking of the Traffic Light Protocol 2.0 (FIRST), under which others share with the authority (CLASS-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Tlp {
    /// No limit to disclosure.
    #[serde(rename = "TLP:CLEAR")]
    Clear,
    /// The recipients' community.
    #[serde(rename = "TLP:GREEN")]
    Green,
    /// Those who need to know in the recipients' organisations and among their clients.
    #[serde(rename = "TLP:AMBER")]
    Amber,
    /// Those who need to know in the recipients' organisation alone: sharing within a party category is off (AMBER-3).
    #[serde(rename = "TLP:AMBER+STRICT")]
    AmberStrict,
    /// The recipients themselves.
    #[serde(rename = "TLP:RED")]
    Red,
}

impl Tlp {
    /// All five, the most open first.
    pub const ALL: [Self; 5] = [Self::Clear, Self::Green, Self::Amber, Self::AmberStrict, Self::Red];

    /// The marking as FIRST writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clear => "TLP:CLEAR",
            Self::Green => "TLP:GREEN",
            Self::Amber => "TLP:AMBER",
            Self::AmberStrict => "TLP:AMBER+STRICT",
            Self::Red => "TLP:RED",
        }
    }

    /// Parses a marking in either case, with its `TLP:`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|marking| marking.as_str().eq_ignore_ascii_case(text))
    }

    /// The classification that an import under this marking has (CLASS-4).
    pub fn classification(self) -> Classification {
        match self {
            Self::Clear => Classification::White,
            Self::Green => Classification::Green,
            Self::Amber | Self::AmberStrict => Classification::Amber,
            Self::Red => Classification::Red,
        }
    }

    /// Whether the marking turns sharing within a party category off.
    pub fn is_strict(self) -> bool {
        self == Self::AmberStrict
    }

    /// The marking under which something of `level` may leave for others: WHITE alone maps outward.
    pub fn of(level: Level) -> Option<Self> {
        (level == Level::Determined(Classification::White)).then_some(Self::Clear)
    }
}

impl fmt::Display for Tlp {
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
