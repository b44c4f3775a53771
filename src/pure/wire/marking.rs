//! Markings: a classification, or a marking of the Traffic Light Protocol 2.0 that maps to one (CLASS-4).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::classification::Classification;

/// What is proposed or determined. On the wire it is one string: `AMBER`, or `TLP:AMBER+STRICT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Marking {
    /// The classification; for a marking of the protocol, the one that it maps to.
    pub classification: Classification,
    /// The marking of the protocol, if one was named.
    pub tlp: Option<Tlp>,
}

/// A marking of the Traffic Light Protocol 2.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tlp {
    /// WHITE here.
    Clear,
    /// GREEN here.
    Green,
    /// AMBER here.
    Amber,
    /// AMBER here, and not shared within a party category.
    AmberStrict,
    /// RED here.
    Red,
}

impl Tlp {
    /// All five, the most open first.
    pub const ALL: [Self; 5] = [Self::Clear, Self::Green, Self::Amber, Self::AmberStrict, Self::Red];

    /// The marking as FIRST writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clear => "TLP:CLEAR",
            Self::Green => "TLP:GREEN",
            Self::Amber => "TLP:AMBER",
            Self::AmberStrict => "TLP:AMBER+STRICT",
            Self::Red => "TLP:RED",
        }
    }

    const fn classification(self) -> Classification {
        match self {
            Self::Clear => Classification::White,
            Self::Green => Classification::Green,
            Self::Amber | Self::AmberStrict => Classification::Amber,
            Self::Red => Classification::Red,
        }
    }
}

/// The text is no marking.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a classification: use RED, AMBER, GREEN or WHITE, or one of the Traffic Light Protocol: TLP:RED, \
     TLP:AMBER+STRICT (in a URL, %2B for its plus), TLP:AMBER, TLP:GREEN or TLP:CLEAR"
)]
pub struct NotAMarking;

impl From<Classification> for Marking {
    fn from(classification: Classification) -> Self {
        Self { classification, tlp: None }
    }
}

impl FromStr for Marking {
    type Err = NotAMarking;

    /// Takes any case, and a space for the plus, which is what a query makes of a plus that was not encoded.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(classification) = text.parse::<Classification>() {
            return Ok(classification.into());
        }
        let written = text.replace(' ', "+");
        let named = Tlp::ALL.into_iter().find(|tlp| tlp.as_str().eq_ignore_ascii_case(&written));
        let tlp = named.ok_or(NotAMarking)?;
        Ok(Self { classification: tlp.classification(), tlp: Some(tlp) })
    }
}

impl fmt::Display for Tlp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Marking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.tlp {
            Some(tlp) => tlp.fmt(f),
            None => self.classification.fmt(f),
        }
    }
}

impl Serialize for Marking {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Marking {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn class_4_a_marking_of_the_protocol_is_read_in_any_case_and_maps_to_a_classification() {
        let strict: Marking = "tlp:amber+strict".parse().unwrap();
        assert_eq!((strict.classification, strict.tlp), (Classification::Amber, Some(Tlp::AmberStrict)));
        assert_eq!("TLP:AMBER STRICT".parse(), Ok(strict));
        assert_eq!("TLP:CLEAR".parse::<Marking>().unwrap().classification, Classification::White);
        for tlp in Tlp::ALL {
            let marking: Marking = tlp.as_str().parse().unwrap();
            assert_eq!(serde_json::to_string(&marking).unwrap(), format!("\"{tlp}\""));
        }
        for wrong in ["TLP:WHITE", "TLP:", "AMBER+STRICT", "CLEAR", "", "undetermined", "TLP:AMBER  STRICT"] {
            assert_eq!(wrong.parse::<Marking>(), Err(NotAMarking), "{wrong}");
        }
    }

    #[test]
    fn a_classification_is_a_marking_that_names_no_protocol() {
        for level in Classification::ALL {
            let marking: Marking = level.as_str().to_lowercase().parse().unwrap();
            assert_eq!(marking, level.into());
            assert_eq!(marking.to_string(), level.as_str());
        }
    }
}
