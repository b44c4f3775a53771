//! What happened. An event is a fact of the past: it is applied, never judged.
//!
//! The names of events and of their fields are stored for ever: `pure::record` pins them with golden vectors. A new
//! need gets a new event, or a new field that older records lack.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::appeal::Measure;
use super::body::{Body, ReviewSubject, Seat};
use super::classification::{Classification, Tlp};
use super::conflict::ConflictSubject;
use super::decision::{Count, DecisionKind, DecisionOutcome, DecisionSubject, Meeting, Resolution, Vote};
use super::grant::{GrantKind, Grantee};
use super::id::{AlternateId, AppointmentId, BreachId, ConflictId, CredentialId, DecisionId, Digest, DirectionId};
use super::id::{GrantId, Handle, Label, NeedId, SuspensionId};
use super::need::NeedReason;
use super::organisation::{OrganisationKind, PartyCategory};
use super::profile::Profile;
use super::signature::DetachedSignature;
use super::suspension::SuspensionScope;
use super::time::Instant;
use super::version::Content;

/// Something that happened, as one entry of the journal records it.
#[expect(missing_docs, reason = "a field is named after what it holds, and its type says how that is formed")]
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    // The register.
    /// The profile of the policy authority was adopted.
    ProfileAdopted { profile: Box<Profile> },
    /// An organisation was registered.
    OrganisationRegistered {
        organisation: Handle,
        name: String,
        organisation_kind: OrganisationKind,
        category: Option<PartyCategory>,
    },
    /// A body was established with its seats.
    BodyEstablished { body: Box<Body> },
    /// A person was registered.
    PersonRegistered {
        person: Handle,
        name: String,
        organisation: Handle,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        system: bool,
    },
    /// A person was removed from the register: access ends at that instant.
    PersonRemoved { person: Handle, reason: String },
    /// A certificate's key was proposed as a person's credential.
    CredentialBound {
        person: Handle,
        credential: CredentialId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaces: Option<CredentialId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        overlap_until: Option<Instant>,
    },
    /// A proposed credential was confirmed and is in effect.
    CredentialConfirmed { credential: CredentialId },
    /// A credential was revoked.
    CredentialRevoked { credential: CredentialId, reason: String },
    /// A seat was added to a body.
    SeatEstablished { body: Handle, seat: Seat },
    /// A seat of a body was abolished; nobody holds it any more.
    SeatAbolished { body: Handle, seat: Handle, reason: String },
    /// A body's membership, or its Chair's appointment, was reviewed.
    BodyReviewed { body: Handle, of: ReviewSubject, outcome: String },
    /// A person was proposed for a seat.
    AppointmentProposed {
        appointment: AppointmentId,
        person: Handle,
        body: Handle,
        seat: Handle,
        from: Option<Instant>,
        until: Instant,
    },
    /// A person was appointed to a seat for a term: one of the first entries, or the approval of a proposal.
    AppointmentMade {
        person: Handle,
        body: Handle,
        seat: Handle,
        from: Instant,
        until: Instant,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        appointment: Option<AppointmentId>,
    },
    /// A member gave the confirmation of ToR section 7.9, over an exact text.
    MemberConfirmed {
        person: Handle,
        body: Handle,
        seat: Handle,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        appointment: Option<AppointmentId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<Digest>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signature: Option<DetachedSignature>,
    },
    /// An appointment ended before its term, by resignation or removal; or a proposal was withdrawn.
    AppointmentEnded {
        person: Handle,
        body: Handle,
        seat: Handle,
        reason: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        appointment: Option<AppointmentId>,
    },
    /// A member proposed an alternate.
    AlternateProposed { member: Handle, alternate: Handle, body: Handle },
    /// An alternate was approved for the body.
    AlternateApproved {
        member: Handle,
        alternate: Handle,
        body: Handle,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proposal: Option<AlternateId>,
    },
    /// An alternate no longer acts.
    AlternateEnded {
        member: Handle,
        alternate: Handle,
        body: Handle,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proposal: Option<AlternateId>,
    },
    /// A person signed the Confidentiality and Disclosure Agreement of a body over an exact text.
    AgreementSigned {
        person: Handle,
        body: Handle,
        text: Digest,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signature: Option<DetachedSignature>,
    },
    /// A body's Terms of Reference changed: its members are asked to sign the new text.
    AgreementTextAdopted {
        body: Handle,
        text: Digest,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        words: Option<String>,
    },
    /// A person was named as staff of a body's Secretariat who handle RED papers.
    SecretariatNamed { person: Handle, body: Handle },
    /// A person handles a body's RED papers no more.
    SecretariatUnnamed { person: Handle, body: Handle, reason: String },
    /// The Chair appointed a person as auditor.
    AuditorAppointed { person: Handle },
    /// A person is auditor no more.
    AuditorDismissed { person: Handle, reason: String },
    /// The register's first entries are complete.
    RegisterEstablished,

    // Documents and versions.
    /// A document was registered.
    DocumentRegistered { document: Handle, title: String, document_kind: String, set: Handle, body: Handle },
    /// A version was lodged.
    VersionLodged {
        document: Handle,
        label: Label,
        #[serde(flatten)]
        content: Content,
        proposed: Option<Classification>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tlp: Option<Tlp>,
        incorporated: Option<Date>,
        effective: Date,
        note: Option<String>,
        direction: Option<DirectionId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signature: Option<DetachedSignature>,
    },
    /// The Chair determined a version's classification.
    ClassificationDetermined {
        document: Handle,
        label: Label,
        classification: Classification,
        reason: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tlp: Option<Tlp>,
    },
    /// A participant proposed a version's classification.
    ClassificationProposed {
        document: Handle,
        label: Label,
        classification: Classification,
        reason: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tlp: Option<Tlp>,
    },
    /// A member marked a WHITE version as published.
    VersionPublished { document: Handle, label: Label, reason: String },
    /// A version was withdrawn.
    VersionWithdrawn { document: Handle, label: Label, reason: String },
    /// A version was tabled to another body.
    VersionTabled { document: Handle, label: Label, body: Handle },

    // Reading.
    /// A reasonable need was recorded.
    NeedRecorded {
        need: NeedId,
        document: Handle,
        version: Option<Label>,
        #[serde(flatten)]
        reason: NeedReason,
        valid_until: Instant,
    },
    /// A need was withdrawn by its owner.
    NeedWithdrawn { need: NeedId },
    /// A version's content was released to the actor.
    ContentReleased {
        document: Handle,
        label: Label,
        digest: Digest,
        size: u64,
        level: String,
        need: NeedId,
        method: String,
        range: Option<String>,
    },

    // Directions.
    /// A direction to lodge was issued.
    DirectionIssued {
        direction: DirectionId,
        document: Handle,
        title: String,
        requirement: String,
        due: Date,
        addressee: Handle,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        decision: Option<DecisionId>,
    },
    /// The version lodged against a direction was accepted.
    DirectionAccepted { direction: DirectionId, label: Label, reason: String },
    /// The version lodged against a direction was returned.
    DirectionReturned { direction: DirectionId, label: Label, reason: String },

    // Grants, conflicts, breaches, suspensions.
    /// A version's audience was widened.
    GrantGiven {
        grant: GrantId,
        document: Handle,
        label: Label,
        grant_kind: GrantKind,
        to: Grantee,
        action: String,
        valid_until: Option<Instant>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        decision: Option<DecisionId>,
    },
    /// The Secretariat asked for a grant, which admits nobody before the Chair directs it.
    GrantRequested {
        grant: GrantId,
        document: Handle,
        label: Label,
        grant_kind: GrantKind,
        to: Grantee,
        action: String,
        valid_until: Option<Instant>,
    },
    /// The Chair directed what the Secretariat had asked for.
    GrantDirected { grant: GrantId, document: Handle, label: Label },
    /// A grant was revoked.
    GrantRevoked {
        grant: GrantId,
        document: Handle,
        label: Label,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// A member declared a conflict of interest.
    ConflictDeclared { conflict: ConflictId, person: Handle, about: ConflictSubject, statement: String },
    /// A conflict of interest no longer holds.
    ConflictLifted { conflict: ConflictId, person: Handle, reason: String },
    /// A breach of an information-sharing rule was recorded against a person.
    BreachRecorded { breach: BreachId, person: Handle, statement: String },
    /// A person's access was restored after a breach.
    BreachLifted { breach: BreachId, person: Handle, reason: String },
    /// A person, an organisation or the whole service was suspended.
    SuspensionImposed { suspension: SuspensionId, whom: Suspended, scope: SuspensionScope, grounds: String },
    /// A suspension was lifted.
    SuspensionLifted {
        suspension: SuspensionId,
        whom: Suspended,
        reason: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        decision: Option<DecisionId>,
    },
    /// Somebody appealed.
    Appealed { against: Measure, statement: String },
    /// The appeals against a measure that were open have an outcome.
    AppealSettled { against: Measure, upheld: bool, reason: String },

    // Decisions.
    /// A question was put to a body.
    DecisionOpened {
        decision: DecisionId,
        body: Handle,
        decision_kind: DecisionKind,
        subject: DecisionSubject,
        question: String,
        meeting: Option<Meeting>,
        as_chair: bool,
    },
    /// A vote was cast in a seat.
    VoteCast { decision: DecisionId, seat: Handle, as_alternate: bool, credential: CredentialId, vote: Vote },
    /// The vote was closed and counted.
    DecisionClosed { decision: DecisionId, outcome: DecisionOutcome, count: Box<Count> },
    /// A decision said something about one version, which is bound by its digest.
    VersionResolved { document: Handle, label: Label, digest: Digest, decision: DecisionId, resolution: Resolution },

    // Audit and operation.
    /// Records of the log were disclosed to the actor (AUDIT-1).
    RecordsRead,
    /// It was explained to the actor what a person may read, and why.
    AccessExplained { person: Handle, document: Handle, label: Option<Label> },
    /// The actor was told who may read a version, and who has.
    ReadersListed { document: Handle, label: Label },
    /// Nothing happened: the log shows that it is alive.
    Heartbeat,
    /// A torn tail of the journal was cut after a crash: what was moved aside.
    JournalRecovered { cut_bytes: u64, moved_to: String },
    /// The operator accepted a clock that had jumped ahead.
    ClockAccepted { clock: Instant },
    /// The log's signing keys became those of `epoch`: verifier keys, and the note that says so, signed by the old
    /// Ed25519 key and the new one.
    LogKeyRotated { epoch: u32, keys: Vec<String>, note: String },
    /// Entries were lost, and the operator accepted it: from this entry on the log goes by another name. `checkpoints`
    /// are the last ones that are known to have been signed under the old one, as signed notes, and `size` is that of
    /// the largest.
    LogSucceeded { old_origin: String, new_origin: String, size: u64, checkpoints: Vec<String> },
}

untold!(Event);

/// Whom a suspension concerns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Suspended {
    /// One person.
    Person(Handle),
    /// Everyone of an organisation.
    Organisation(Handle),
    /// Everyone.
    Service,
}

impl Event {
    /// The person of whom the event speaks, beside the one who acts: a subject of the entry too (AUDIT-1).
    pub fn concerns(&self) -> Option<&Handle> {
        match self {
            Self::PersonRegistered { person, .. }
            | Self::PersonRemoved { person, .. }
            | Self::CredentialBound { person, .. }
            | Self::AppointmentProposed { person, .. }
            | Self::AppointmentMade { person, .. }
            | Self::AppointmentEnded { person, .. }
            | Self::SecretariatNamed { person, .. }
            | Self::SecretariatUnnamed { person, .. }
            | Self::AuditorAppointed { person }
            | Self::AuditorDismissed { person, .. }
            | Self::ConflictLifted { person, .. }
            | Self::BreachRecorded { person, .. }
            | Self::BreachLifted { person, .. }
            | Self::SuspensionImposed { whom: Suspended::Person(person), .. }
            | Self::SuspensionLifted { whom: Suspended::Person(person), .. } => Some(person),
            Self::AlternateProposed { alternate, .. }
            | Self::AlternateApproved { alternate, .. }
            | Self::AlternateEnded { alternate, .. } => Some(alternate),
            _ => None,
        }
    }
}
