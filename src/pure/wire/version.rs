//! Versions: immutable bytes with a label, dates, a classification and a lodger.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::classification::{Classification, Standing};
use super::decision::VersionResolution;
use super::digest::Digest;
use super::organisation::Organisation;
use super::person::Person;

/// The label that stands for the version in force today; no version may be called so.
pub const IN_FORCE: &str = "in-force";

/// The label that stands for the version lodged last; no version may be called so.
pub const LATEST: &str = "latest";

/// What is known of a version, its content apart.
///
/// The answer of `GET /documents/{doc}/versions/{label}`, and of the acts on a version (`classification`, `publish`,
/// `withdraw`), whose own entry is in the `Audit-Entry` header.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Version {
    /// The slug of the document.
    pub document: String,
    /// The label, for example `3.0`.
    pub label: String,
    /// What the Chair determined, or `undetermined`.
    pub classification: Standing,
    /// What the lodger proposed; `null` if nothing.
    pub proposed_classification: Option<Classification>,
    /// The marking of the Traffic Light Protocol under which it may leave for others: `TLP:CLEAR` for WHITE, `null` for any
    /// other, since nothing else maps outward (CLASS-4).
    #[serde(default)]
    pub tlp: Option<String>,
    /// Whether it is under `TLP:AMBER+STRICT`, so that it is not shared within a party category (AMBER-3, CLASS-4).
    #[serde(default)]
    pub strict: bool,
    /// What was proposed and determined, oldest first (CLASS-1).
    #[serde(default)]
    pub classification_history: Vec<ClassificationAct>,
    /// The day on which the Code changed; `null` if not given.
    pub incorporated: Option<Date>,
    /// The day from which it has effect; `null` until one is known.
    pub effective: Option<Date>,
    /// When it was lodged.
    pub lodged_at: Timestamp,
    /// The working days from its incorporation to its lodgement (LODGE-5); `null` without a day of incorporation, and for
    /// documents of other types than the certificate and compliance policies.
    #[serde(default)]
    pub promptness_working_days: Option<u32>,
    /// The day from which a newer version is in force in its place; `null` while none is (derived, LODGE-4).
    pub superseded_at: Option<Date>,
    /// When and why it was withdrawn; `null` if it was not.
    pub withdrawn: Option<Withdrawn>,
    /// When a WHITE version was published; `null` if it was not.
    pub published_at: Option<Timestamp>,
    /// SHA-256 of the bytes.
    pub digest: Digest,
    /// The bytes' length.
    pub size: u64,
    /// The media type that the lodger gave.
    pub content_type: String,
    /// Who lodged it, and for which organisation.
    pub lodger: Lodger,
    /// The lodger's note; `null` if none.
    pub note: Option<String>,
    /// The direction that this lodgement discharges, for example `direction-12`; `null` if none.
    pub direction: Option<String>,
    /// The lodger's own signature of this lodgement (LODGE-6): a detached CMS signature, DER in base64; `null` if the
    /// lodger did not sign. The text that it is over is in the evidence of the lodgement.
    #[serde(default)]
    pub lodger_signature: Option<String>,
    /// What decisions said about these bytes, oldest first (GOV-4).
    #[serde(default)]
    pub resolutions: Vec<VersionResolution>,
    /// The index of the entry of the lodgement.
    pub entry: u64,
}

untold!(Version);

/// A proposal or a determination of a version's classification.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct ClassificationAct {
    /// Which of the two.
    pub act: ClassificationActKind,
    /// What was proposed or determined.
    pub classification: Classification,
    /// The marking of the Traffic Light Protocol that it was taken from; `null` if from none.
    pub tlp: Option<String>,
    /// Why. It may name RED matter, so that it is shown to the originating body's voting members who signed, to its
    /// Secretariat, and to whoever gave it; `null` for anybody else, and for a lodger's proposal, which has none.
    pub reason: Option<String>,
    /// Who; `null` for one of the register's first entries.
    pub by: Option<Person>,
    /// When.
    pub at: Timestamp,
    /// The index of the entry.
    pub entry: u64,
}

untold!(ClassificationAct);

/// What somebody did about a classification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClassificationActKind {
    /// A lodger or a participant proposed it.
    Proposed,
    /// The Chair determined it.
    Determined,
}

/// Who lodged a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lodger {
    /// The person.
    pub person: Person,
    /// The organisation that the person lodged for.
    pub organisation: Organisation,
}

/// A withdrawal: content hidden, metadata and digest kept (LODGE-7).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Withdrawn {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

untold!(Withdrawn);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_written_with_the_contract_s_names_and_nulls() {
        let json = serde_json::json!({
            "document": "device-certificate-policy",
            "label": "3.0",
            "classification": "undetermined",
            "proposed_classification": "AMBER",
            "tlp": null,
            "strict": false,
            "classification_history": [{
                "act": "proposed", "classification": "AMBER", "tlp": "TLP:AMBER", "reason": null,
                "by": {"handle": "secas", "name": "The Secretariat"}, "at": "2026-11-24T03:14:17Z", "entry": 17,
            }],
            "promptness_working_days": 3,
            "incorporated": "2019-06-03",
            "effective": null,
            "lodged_at": "2026-11-24T03:14:17Z",
            "superseded_at": null,
            "withdrawn": {"at": "2026-11-25T03:14:17Z", "reason": "wrong file"},
            "published_at": null,
            "digest": "44aff4ab2d7c3250525675a08f0cfa9591168cffe51791c5f5bbc417c15a6c38",
            "size": 18,
            "content_type": "application/pdf",
            "lodger": {
                "person": {"handle": "secas", "name": "The Secretariat"},
                "organisation": {"handle": "secas", "name": "SECAS", "kind": "code_administrator", "category": null},
            },
            "note": null,
            "direction": null,
            "lodger_signature": "MIIB",
            "resolutions": [],
            "entry": 17,
        });
        let version: Version = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(version.classification, Standing::Undetermined);
        assert_eq!(serde_json::to_value(&version).unwrap(), json);
    }

    #[test]
    fn a_client_ignores_members_that_it_does_not_know() {
        let withdrawn: Withdrawn =
            serde_json::from_str(r#"{"at":"2026-11-25T03:14:17Z","reason":"r","by":"chair"}"#).unwrap();
        assert_eq!(withdrawn.reason, "r");
    }
}
