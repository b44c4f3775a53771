//! The profile: what one PKI's policy authority decides as data. It is adopted as an entry of the journal, so that the
//! rules of any index can be replayed.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::classification::{Classification, Level};
use super::id::Handle;
use super::organisation::PartyCategory;

/// What a policy authority decides as data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The profile's name, for example `smki`.
    pub name: Handle,
    /// The IANA time zone of its days, for example `Europe/London` (LODGE-4).
    pub time_zone: String,
    /// The body that governs the PKI: its Chair and its Secretariat keep the register (ToR section 11). Absent in records
    /// of the first release, whose authority was the SMKI PMA.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<Handle>,
    /// The organisation that directions are addressed to (LODGE-2).
    pub direction_addressee: Handle,
    /// The categories of parties.
    pub party_categories: Vec<PartyCategory>,
    /// The types of documents.
    pub document_types: Vec<String>,
    /// The document sets.
    pub document_sets: Vec<DocumentSet>,
    /// The purposes of needs.
    pub purposes: Vec<Purpose>,
    /// What a need must hold, by level.
    pub needs: NeedLimits,
    /// Working days are Monday to Friday less these.
    pub bank_holidays: Vec<Date>,
}

/// A set of documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentSet {
    /// Its handle.
    pub set: Handle,
    /// Its name as people write it.
    pub name: String,
    /// How long its versions are kept at least (LODGE-7), in words.
    pub retention: String,
}

/// A purpose that a need may have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    /// Its code.
    pub code: String,
    /// What it covers, for people.
    pub covers: String,
    /// Whether only the Secretariat may state it (RED-1).
    #[serde(default)]
    pub secretariat_only: bool,
}

/// What a need must hold, by the level of the version read (READ-3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeedLimits {
    /// For WHITE.
    #[serde(rename = "WHITE")]
    pub white: NeedLimit,
    /// For GREEN.
    #[serde(rename = "GREEN")]
    pub green: NeedLimit,
    /// For AMBER.
    #[serde(rename = "AMBER")]
    pub amber: NeedLimit,
    /// For RED, and for a version whose level is undetermined.
    #[serde(rename = "RED")]
    pub red: NeedLimit,
}

/// What a need must hold at one level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeedLimit {
    /// The longest validity in hours, counted from recording.
    pub hours: u32,
    /// Whether a reference is required.
    #[serde(default)]
    pub reference: bool,
    /// If not empty: the reference begins with one of these words (a meeting, decision or direction).
    #[serde(default)]
    pub reference_begins_with: Vec<String>,
}

impl NeedLimit {
    /// The longest validity.
    pub fn validity(&self) -> SignedDuration {
        SignedDuration::from_hours(i64::from(self.hours))
    }
}

impl Profile {
    /// The body that governs the PKI.
    pub fn authority(&self) -> Option<Handle> {
        self.authority.clone().or_else(|| Handle::parse(FIRST_AUTHORITY).ok())
    }

    /// What a need must hold for a version of `level`.
    pub fn need_limit(&self, level: Level) -> &NeedLimit {
        match level {
            Level::Determined(Classification::White) => &self.needs.white,
            Level::Determined(Classification::Green) => &self.needs.green,
            Level::Determined(Classification::Amber) => &self.needs.amber,
            Level::Determined(Classification::Red) | Level::Undetermined => &self.needs.red,
        }
    }

    /// The longest validity that any level allows.
    pub fn longest_need(&self) -> SignedDuration {
        let NeedLimits { white, green, amber, red } = &self.needs;
        let longest = white.hours.max(green.hours).max(amber.hours).max(red.hours);
        SignedDuration::from_hours(i64::from(longest))
    }

    /// The purpose of that code.
    pub fn purpose(&self, code: &str) -> Option<&Purpose> {
        self.purposes.iter().find(|purpose| purpose.code == code)
    }

    /// The time zone of its days; UTC should the name be unknown, which `check` refuses beforehand.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }

    /// Checks what the shape alone cannot: each finding is one sentence that names the key and the remedy.
    pub fn check(&self) -> Result<(), Vec<String>> {
        let mut findings = Vec::new();
        if TimeZone::get(&self.time_zone).is_err() {
            findings.push(format!(
                "time_zone: '{}' is not an IANA time zone; write one, for example Europe/London",
                self.time_zone
            ));
        }
        let names = [
            ("party_categories", self.party_categories.iter().map(|category| category.0.as_str()).collect()),
            ("document_types", self.document_types.iter().map(String::as_str).collect()),
            ("document_sets", self.document_sets.iter().map(|set| set.set.as_str()).collect()),
            ("purposes", self.purposes.iter().map(|purpose| purpose.code.as_str()).collect::<Vec<_>>()),
        ];
        for (key, values) in names {
            if values.is_empty() {
                findings.push(format!("{key}: is empty; name at least one"));
            }
            let mut seen = BTreeMap::new();
            for value in values {
                if seen.insert(value, ()).is_some() {
                    findings.push(format!("{key}: '{value}' stands twice; remove one"));
                }
            }
        }
        for (level, limit) in [
            ("WHITE", &self.needs.white),
            ("GREEN", &self.needs.green),
            ("AMBER", &self.needs.amber),
            ("RED", &self.needs.red),
        ] {
            if limit.hours == 0 {
                findings.push(format!("needs.{level}.hours: is 0, so no need could ever hold; give at least 1"));
            }
            if !limit.reference_begins_with.is_empty() && !limit.reference {
                findings.push(format!(
                    "needs.{level}: reference_begins_with is given but reference is false; set reference = true"
                ));
            }
        }
        if findings.is_empty() { Ok(()) } else { Err(findings) }
    }
}

/// The authority of the first release's profile, which did not say so.
const FIRST_AUTHORITY: &str = "pma";
