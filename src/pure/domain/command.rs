//! What somebody asks for, in the imperative. The registrar decides each command once, in sequence.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::classification::Classification;
use super::event::Event;
use super::id::{CredentialId, Digest, DirectionId, Handle, Label, NeedId};
use super::need::NeedReason;
use super::signature::ExaminedSignature;
use super::time::Instant;
use super::version::Content;

/// A command and who gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Who asks.
    pub actor: Actor,
    /// What is asked for.
    pub command: Command,
    /// The client's idempotency key, or a random id.
    pub request: String,
}

/// Who gives a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Whoever holds the private key of a credential.
    Credential(CredentialId),
    /// Strongroom itself.
    System(System),
}

/// The parts of Strongroom that make entries of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum System {
    /// The first entries of a register.
    Bootstrap,
    /// The log's heartbeat.
    Heartbeat,
    /// What a start had to repair, and what the operator accepted.
    Recovery,
}

/// What is asked for.
#[expect(missing_docs, reason = "a field is named after what it holds, and its type says how that is formed")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Command {
    /// Look at a document's metadata.
    ViewDocument { document: Handle },
    /// Look at a version's metadata.
    ViewVersion { document: Handle, version: Selector },
    /// Read a version's content.
    ReadContent { document: Handle, version: Selector, need: Option<NeedClaim>, method: String, range: Option<String> },
    /// Register a document.
    RegisterDocument { document: Handle, title: String, document_kind: String, set: Handle, body: Handle },
    /// Ask whether a version may be lodged, before its first byte is taken.
    OfferVersion { document: Handle, label: Label, digest: Option<Digest>, direction: Option<DirectionId> },
    /// Lodge a version whose bytes are durable.
    LodgeVersion {
        document: Handle,
        label: Label,
        #[serde(flatten)]
        content: Content,
        classification: Option<Classification>,
        incorporated: Option<Date>,
        effective: Option<Date>,
        note: Option<String>,
        direction: Option<DirectionId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signature: Option<ExaminedSignature>,
    },
    /// Determine a version's classification.
    DetermineClassification { document: Handle, label: Label, classification: Classification, reason: String },
    /// Mark a WHITE version as published.
    PublishVersion { document: Handle, label: Label, reason: String },
    /// Withdraw a version.
    WithdrawVersion { document: Handle, label: Label, reason: String },
    /// Record a reasonable need.
    RecordNeed {
        document: Handle,
        version: Option<Label>,
        #[serde(flatten)]
        reason: NeedReason,
        valid_until: Option<Instant>,
    },
    /// Withdraw one's own need.
    WithdrawNeed { need: NeedId },
    /// Issue a direction to lodge.
    IssueDirection { document: Handle, title: String, requirement: String, due: Date, decision: Option<String> },
    /// Accept or return what was lodged against a direction.
    SettleDirection { direction: DirectionId, outcome: Settlement, reason: String },
    /// Read records of the log (AUDIT-1).
    ReadRecords { after: Option<u64>, limit: u64, person: Option<Handle>, document: Option<Handle> },
    /// Fetch the evidence of one entry.
    ReadEvidence { index: u64 },
    /// Make one of the register's first entries; what it makes is its event.
    Establish { event: Box<Event> },
    /// Make a heartbeat entry.
    Beat,
    /// Enter that a torn tail of the journal was cut.
    EnterRecovery { cut_bytes: u64, moved_to: String },
    /// Accept a clock that had jumped ahead.
    AcceptClock { clock: Instant },
    /// Go over to the signing keys of another epoch.
    RotateLogKey { epoch: u32, keys: Vec<String>, note: String },
    /// Go on under another name after entries were lost.
    SucceedLog { old_origin: String, new_origin: String, size: u64, checkpoints: Vec<String> },
}

/// Which version of a document is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selector {
    /// The version of that label.
    Label(Label),
    /// The version lodged last.
    Latest,
    /// The version in force on a day, as far as the repository knew at an instant (LODGE-4).
    InForce {
        /// The day; today if absent.
        as_of: Option<Date>,
        /// The instant; now if absent.
        known_at: Option<Instant>,
    },
}

impl Selector {
    /// The name under which the version was asked for.
    pub fn name(&self) -> &str {
        match self {
            Self::Label(label) => label.as_str(),
            Self::Latest => "latest",
            Self::InForce { .. } => "in-force",
        }
    }
}

/// The need on which a read rests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NeedClaim {
    /// A need recorded before.
    Recorded(NeedId),
    /// A need recorded with the read, in one entry.
    Inline(NeedReason),
}

/// What the issuer's side does with a version lodged against a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    /// It discharges the direction.
    Accepted,
    /// Another version has to be lodged.
    Returned,
}

impl Command {
    /// Whether a repeated request is the same one: `fingerprint_of` the command's JSON.
    pub fn fingerprint(&self) -> [u8; 32] {
        // Serialising into memory fails only for maps with keys that are not strings, which no command has.
        fingerprint_of(&serde_json::to_value(self).unwrap_or_default())
    }

    /// The document that the command names.
    pub fn document(&self) -> Option<&Handle> {
        match self {
            Self::ViewDocument { document }
            | Self::ViewVersion { document, .. }
            | Self::ReadContent { document, .. }
            | Self::RegisterDocument { document, .. }
            | Self::OfferVersion { document, .. }
            | Self::LodgeVersion { document, .. }
            | Self::DetermineClassification { document, .. }
            | Self::PublishVersion { document, .. }
            | Self::WithdrawVersion { document, .. }
            | Self::RecordNeed { document, .. }
            | Self::IssueDirection { document, .. } => Some(document),
            _ => None,
        }
    }

    /// The version that the command names, as it was named.
    pub fn version_name(&self) -> Option<&str> {
        match self {
            Self::ViewVersion { version, .. } | Self::ReadContent { version, .. } => Some(version.name()),
            Self::OfferVersion { label, .. }
            | Self::LodgeVersion { label, .. }
            | Self::DetermineClassification { label, .. }
            | Self::PublishVersion { label, .. }
            | Self::WithdrawVersion { label, .. } => Some(label.as_str()),
            Self::RecordNeed { version, .. } => version.as_ref().map(Label::as_str),
            _ => None,
        }
    }
}

/// The SHA-256 of a command's canonical JSON without the name of the blob, which differs each time the same bytes are
/// sent.
pub fn fingerprint_of(command: &serde_json::Value) -> [u8; 32] {
    let mut command = command.clone();
    if let Some(fields) = command.as_object_mut() {
        fields.remove("blob");
    }
    let canonical = serde_json_canonicalizer::to_vec(&command).unwrap_or_default();
    let mut fingerprint = [0; 32];
    fingerprint.copy_from_slice(ring::digest::digest(&ring::digest::SHA256, &canonical).as_ref());
    fingerprint
}
