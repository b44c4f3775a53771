//! Versions: immutable bytes with the dates and levels that were given to them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::classification::{Classification, Level, Tlp};
use super::decision::Resolved;
use super::grant::Grant;
use super::id::{Digest, DirectionId, Handle, Label};
use super::signature::DetachedSignature;
use super::time::Instant;

/// A version of a document. Its bytes never change (LODGE-3); what is said about it grows.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Version {
    /// The document.
    pub document: Handle,
    /// The label, unique in its document.
    pub label: Label,
    /// The bytes.
    pub content: Content,
    /// The level that the lodger proposed.
    pub proposed: Option<Classification>,
    /// The marking of the Traffic Light Protocol under which it came, if it did (CLASS-4).
    pub tlp: Option<Tlp>,
    /// Proposals for its classification since, oldest first (CLASS-1).
    pub proposals: Vec<Proposal>,
    /// The day on which it was incorporated into the Code.
    pub incorporated: Option<Date>,
    /// The day from which it has effect (LODGE-4).
    pub effective: Date,
    /// The lodger's note.
    pub note: Option<String>,
    /// The direction that it discharges, if one.
    pub direction: Option<DirectionId>,
    /// The lodger's own signature, if it signed (LODGE-6): verified on lodging.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<DetachedSignature>,
    /// Who lodged it.
    pub lodger: Handle,
    /// The organisation of the lodger at that time.
    pub lodger_organisation: Handle,
    /// When it was lodged.
    pub lodged_at: Instant,
    /// The index of the entry that lodged it.
    pub lodged: u64,
    /// Every determination of its classification, oldest first: the last one holds (CLASS-1).
    pub determinations: Vec<Determination>,
    /// When it was marked as published (WHITE-1); a determination afterwards withdraws the mark. Whether it is
    /// published now is `is_published`.
    pub published_at: Option<Instant>,
    /// Its withdrawal, if it was withdrawn (LODGE-7).
    pub withdrawn: Option<Withdrawal>,
    /// Bodies it was tabled to (AMBER-1).
    pub tabled_to: Vec<Handle>,
    /// Grants that widen its audience, revoked ones included.
    pub grants: Vec<Grant>,
    /// What decisions said about it, oldest first (GOV-4).
    pub resolved: Vec<Resolved>,
}

untold!(Version);

impl Version {
    /// The level that holds now.
    pub fn level(&self) -> Level {
        self.determinations.last().map_or(Level::Undetermined, |last| Level::Determined(last.classification))
    }

    /// Whether sharing within a party category is off (AMBER-3, CLASS-4): by the marking that the last determination named,
    /// or, where it named none, by that under which the version came.
    pub fn is_strict(&self) -> bool {
        let determined = self.determinations.last().and_then(|last| last.tlp);
        determined.or(self.tlp).is_some_and(Tlp::is_strict)
    }

    /// Whether it is published now (WHITE-1): determined WHITE, marked by a member, and not withdrawn.
    pub fn is_published(&self) -> bool {
        let white = self.level() == Level::Determined(Classification::White);
        white && self.published_at.is_some() && self.withdrawn.is_none()
    }

    /// Whether it was withdrawn at or before `instant`.
    pub fn withdrawn_by(&self, instant: Instant) -> bool {
        self.withdrawn.as_ref().is_some_and(|withdrawal| withdrawal.at <= instant)
    }
}

/// The bytes of a version: where they are and what they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The blob that holds them: 32 lower-case hexadecimal digits.
    pub blob: String,
    /// Their SHA-256.
    pub digest: Digest,
    /// Their number.
    pub size: u64,
    /// The media type that the lodger stated.
    pub content_type: String,
}

/// A determination of a version's classification by the Chair.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Determination {
    /// The level determined.
    pub classification: Classification,
    /// The marking of the Traffic Light Protocol that it was determined from, if one was named.
    pub tlp: Option<Tlp>,
    /// Why.
    pub reason: String,
    /// Who determined it; `None` for one of the register's first entries.
    pub by: Option<Handle>,
    /// When.
    pub at: Instant,
    /// The index of the entry.
    pub entry: u64,
}

untold!(Determination);

/// A participant's proposal for a version's classification (CLASS-1).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Proposal {
    /// The level proposed.
    pub classification: Classification,
    /// The marking that it was proposed from, if one was named.
    pub tlp: Option<Tlp>,
    /// Why.
    pub reason: String,
    /// Who proposed it.
    pub by: Handle,
    /// When.
    pub at: Instant,
    /// The index of the entry.
    pub entry: u64,
}

untold!(Proposal);

/// The withdrawal of a version: its content is hidden, its metadata and digest stay.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Withdrawal {
    /// When.
    pub at: Instant,
    /// Why.
    pub reason: String,
}

untold!(Withdrawal);
