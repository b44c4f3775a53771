//! What somebody asks for, in the imperative. The registrar decides each command once, in sequence.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::appeal::Measure;
use super::body::{BodyRules, ReviewSubject, Seat};
use super::classification::{Classification, Tlp};
use super::conflict::ConflictSubject;
use super::decision::{DecisionKind, Meeting, Vote};
use super::event::{Event, Suspended};
use super::grant::{GrantKind, Grantee};
use super::id::{AlternateId, AppointmentId, CredentialId, DecisionId, Digest, DirectionId, GrantId};
use super::id::{Handle, Label, NeedId, SuspensionId};
use super::need::NeedReason;
use super::organisation::{OrganisationKind, PartyCategory};
use super::signature::ExaminedSignature;
use super::suspension::SuspensionScope;
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
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Command {
    /// Look at a list or at oneself, by a method at the pattern of a URL. Nothing is entered of it, unless it was asked
    /// under a credential that was withdrawn.
    Browse { method: String, pattern: String },
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
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tlp: Option<Tlp>,
        incorporated: Option<Date>,
        effective: Option<Date>,
        note: Option<String>,
        direction: Option<DirectionId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signature: Option<ExaminedSignature>,
    },
    /// Determine a version's classification.
    DetermineClassification {
        document: Handle,
        label: Label,
        classification: Classification,
        reason: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tlp: Option<Tlp>,
    },
    /// Propose a version's classification.
    ProposeClassification {
        document: Handle,
        label: Label,
        classification: Classification,
        reason: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tlp: Option<Tlp>,
    },
    /// Table a version to another body.
    TableVersion { document: Handle, label: Label, body: Handle },
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
    /// Give a grant that widens a version's audience.
    GiveGrant {
        document: Handle,
        label: Label,
        grant_kind: GrantKind,
        to: Grantee,
        action: String,
        valid_until: Option<Instant>,
    },
    /// Direct a grant that the Secretariat asked for.
    DirectGrant { grant: GrantId },
    /// Revoke a grant.
    RevokeGrant { grant: GrantId, reason: Option<String> },

    /// Register an organisation.
    RegisterOrganisation {
        organisation: Handle,
        name: String,
        organisation_kind: OrganisationKind,
        category: Option<PartyCategory>,
    },
    /// Register a person, or a named system of an organisation.
    RegisterPerson { person: Handle, name: String, organisation: Handle, system: bool },
    /// Remove a person from the register.
    RemovePerson { person: Handle, reason: String },
    /// Establish a body with its seats.
    EstablishBody {
        body: Handle,
        name: String,
        answers_to: Option<Handle>,
        agreement: String,
        confirmation: Option<String>,
        rules: Option<BodyRules>,
        seats: Vec<Seat>,
    },
    /// Add a seat to a body.
    EstablishSeat { body: Handle, seat: Seat },
    /// Abolish a seat that nobody holds.
    AbolishSeat { body: Handle, seat: Handle, reason: String },
    /// Record that a body's membership, or its Chair's appointment, was reviewed.
    RecordBodyReview { body: Handle, of: ReviewSubject, outcome: String },
    /// Propose a person for a seat.
    ProposeAppointment { person: Handle, body: Handle, seat: Handle, from: Option<Instant>, until: Instant },
    /// Approve a person for a seat.
    ApproveAppointment { appointment: AppointmentId },
    /// Resign from a seat, remove a member, or withdraw a proposal.
    EndAppointment { appointment: AppointmentId, reason: String },
    /// Propose an alternate for oneself.
    ProposeAlternate { body: Handle, person: Handle },
    /// Approve a member's alternate.
    ApproveAlternate { alternate: AlternateId },
    /// End an alternate.
    EndAlternate { alternate: AlternateId },
    /// Name staff of the Secretariat for a body's RED papers.
    NameSecretariat { person: Handle, body: Handle },
    /// Name them no more.
    UnnameSecretariat { person: Handle, body: Handle, reason: String },
    /// Appoint an auditor.
    AppointAuditor { person: Handle },
    /// Dismiss an auditor.
    DismissAuditor { person: Handle, reason: String },
    /// Adopt another text of a body's agreement.
    AdoptAgreementText { body: Handle, text: String },
    /// Bind a certificate's key to a person.
    BindCredential {
        person: Handle,
        credential: CredentialId,
        replaces: Option<CredentialId>,
        overlap_until: Option<Instant>,
    },
    /// Confirm a credential, which is in effect from then on.
    ConfirmCredential { credential: CredentialId },
    /// Revoke a credential.
    RevokeCredential { credential: CredentialId, reason: String },
    /// Sign a body's agreement over an exact text.
    SignAgreement { text: Digest, signature: Option<ExaminedSignature> },
    /// Confirm to serve in the seats to which one is appointed, over an exact text.
    ConfirmMembership { text: Digest, signature: Option<ExaminedSignature> },

    /// Put a question to a body.
    OpenDecision {
        body: Handle,
        decision_kind: DecisionKind,
        subject: AskedSubject,
        question: String,
        meeting: Option<Meeting>,
    },
    /// Vote; in the seat named, where one acts in several.
    CastVote { decision: DecisionId, vote: Vote, seat: Option<Handle> },
    /// Close a vote and count it.
    CloseDecision { decision: DecisionId },

    /// Declare a conflict of interest of one's own.
    DeclareConflict { about: ConflictSubject, statement: String },
    /// Record a breach of an information-sharing rule.
    RecordBreach { person: Handle, statement: String },
    /// Suspend a person, an organisation or the whole service.
    ImposeSuspension { whom: Suspended, scope: SuspensionScope, grounds: String },
    /// Appeal against a measure.
    Appeal { against: Measure, statement: String },
    /// Say what became of the open appeals against a measure.
    SettleAppeal { against: Measure, upheld: bool, reason: String },
    /// Take a measure back; a suspension by the decision that lifts it.
    Lift { against: Measure, reason: String, decision: Option<DecisionId> },

    /// Explain what a person may read, and why.
    ExplainAccess { person: Handle, document: Handle, version: Option<Selector> },
    /// Tell who may read a version and why, and who has.
    ListReaders {
        document: Handle,
        version: Selector,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<u64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<u64>,
    },

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

untold!(Command);

/// What a decision is to be about, as it is asked for: names that are looked up when it is opened.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(rename_all = "snake_case")]
pub enum AskedSubject {
    /// A version, and the body to which it is disclosed.
    Version {
        /// The document.
        document: Handle,
        /// The version's label.
        version: Label,
        /// The body, of a decision to disclose RED.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Handle>,
    },
    /// A document that is to be lodged.
    Document {
        /// The document.
        document: Handle,
    },
    /// A suspension by the repository.
    Suspension {
        /// The suspension.
        suspension: SuspensionId,
    },
    /// A participant whose services are to be suspended, or all of them.
    Participant {
        /// The organisation; `None` for the service as a whole.
        organisation: Option<Handle>,
        /// Which services, in words.
        services: String,
    },
    /// Anything else, in words.
    Matter {
        /// The words.
        matter: String,
    },
}

untold!(AskedSubject);

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
            | Self::ProposeClassification { document, .. }
            | Self::TableVersion { document, .. }
            | Self::GiveGrant { document, .. }
            | Self::ExplainAccess { document, .. }
            | Self::ListReaders { document, .. }
            | Self::RecordNeed { document, .. }
            | Self::IssueDirection { document, .. } => Some(document),
            _ => None,
        }
    }

    /// The version that the command names, as it was named.
    pub fn version_name(&self) -> Option<&str> {
        match self {
            Self::ViewVersion { version, .. }
            | Self::ReadContent { version, .. }
            | Self::ListReaders { version, .. } => Some(version.name()),
            Self::ExplainAccess { version, .. } => version.as_ref().map(Selector::name),
            Self::OfferVersion { label, .. }
            | Self::LodgeVersion { label, .. }
            | Self::DetermineClassification { label, .. }
            | Self::PublishVersion { label, .. }
            | Self::WithdrawVersion { label, .. }
            | Self::ProposeClassification { label, .. }
            | Self::TableVersion { label, .. }
            | Self::GiveGrant { label, .. } => Some(label.as_str()),
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
