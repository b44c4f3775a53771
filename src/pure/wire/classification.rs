//! Classifications: named audiences, not ordered numbers, so nothing here compares them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::marking::Marking;

/// A classification that the Chair determines or a lodger proposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Classification {
    /// The originating body alone.
    Red,
    /// The originating body, the Panel, and whom a grant names.
    Amber,
    /// The community of the Code.
    Green,
    /// Anyone with a credential; everyone once published.
    White,
}

impl Classification {
    /// Every classification, in the order of the Terms of Reference.
    pub const ALL: [Self; 4] = [Self::Red, Self::Amber, Self::Green, Self::White];

    /// The name as it is written: upper case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Red => "RED",
            Self::Amber => "AMBER",
            Self::Green => "GREEN",
            Self::White => "WHITE",
        }
    }
}

/// What a version's classification is at present. On the wire it is one string: the name, or `undetermined`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// The Chair has not determined it yet: a state of its own, with an audience of its own (READ-2).
    Undetermined,
    /// As the Chair last determined it.
    Determined(Classification),
}

/// The body of `POST /documents/{doc}/versions/{label}/classification`, and of `.../classification/proposals`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(deny_unknown_fields)]
pub struct NewClassification {
    /// What the Chair determines, or a participant proposes; a marking of the Traffic Light Protocol is taken for the
    /// classification that it maps to (CLASS-4).
    pub classification: Marking,
    /// Why, in words that the audit log keeps (CLASS-1).
    pub reason: String,
}

untold!(NewClassification);

/// The text names no classification.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a classification: use RED, AMBER, GREEN or WHITE")]
pub struct NotAClassification;

const UNDETERMINED: &str = "undetermined";

impl FromStr for Classification {
    type Err = NotAClassification;

    /// Takes any case, since people type `amber` in a query.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|level| level.as_str().eq_ignore_ascii_case(text)).ok_or(NotAClassification)
    }
}

impl FromStr for Standing {
    type Err = NotAClassification;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.eq_ignore_ascii_case(UNDETERMINED) {
            Ok(Self::Undetermined)
        } else {
            text.parse().map(Self::Determined)
        }
    }
}

impl From<Option<Classification>> for Standing {
    fn from(classification: Option<Classification>) -> Self {
        classification.map_or(Self::Undetermined, Self::Determined)
    }
}

impl fmt::Display for Classification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Standing {
    /// As the `Classification` header and the JSON member say it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undetermined => f.pad(UNDETERMINED),
            Self::Determined(classification) => classification.fmt(f),
        }
    }
}

impl Serialize for Classification {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Standing {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Classification {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Standing {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_classification_is_written_in_upper_case_and_read_in_any() {
        for level in Classification::ALL {
            let written = serde_json::to_string(&level).unwrap();
            assert_eq!(written, format!("\"{}\"", level.as_str()));
            assert_eq!(serde_json::from_str::<Classification>(&written).unwrap(), level);
            assert_eq!(level.as_str().to_lowercase().parse::<Classification>().unwrap(), level);
        }
        assert!("CLEAR".parse::<Classification>().is_err());
    }

    #[test]
    fn undetermined_is_a_state_of_its_own() {
        assert_eq!(serde_json::to_string(&Standing::Undetermined).unwrap(), r#""undetermined""#);
        assert_eq!(serde_json::from_str::<Standing>(r#""undetermined""#).unwrap(), Standing::Undetermined);
        assert_eq!("red".parse::<Standing>().unwrap(), Standing::Determined(Classification::Red));
        assert!("undetermined".parse::<Classification>().is_err());
    }

    #[test]
    fn a_misspelt_member_is_refused() {
        let body = r#"{"classification":"RED","reason":"keys","resaon":""}"#;
        assert!(serde_json::from_str::<NewClassification>(body).is_err());
    }
}
