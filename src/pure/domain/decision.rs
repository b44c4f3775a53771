//! Decisions: resolutions of a body by recorded votes under quorum (ToR sections 7.2, 7.4, 7.5; GOV-2 to GOV-4).

use serde::{Deserialize, Serialize};

use super::appeal::Appeal;
use super::id::{CredentialId, DecisionId, Digest, Handle, Label, SuspensionId};
use super::time::Instant;

/// A question that was put to a body, its votes and its outcome.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Decision {
    /// The decision's id.
    pub id: DecisionId,
    /// The body that decides.
    pub body: Handle,
    /// What kind of decision it is.
    pub kind: DecisionKind,
    /// What it is about.
    pub subject: DecisionSubject,
    /// The question.
    pub question: String,
    /// The meeting at which it is put, if it is put at one.
    pub meeting: Option<Meeting>,
    /// Who opened it.
    pub opened_by: Handle,
    /// Whether that was as Chair, who is present thereby.
    pub opened_by_chair: bool,
    /// When it was opened.
    pub opened_at: Instant,
    /// The votes, in the order in which they were cast: the last one of a seat counts.
    pub votes: Vec<CastVote>,
    /// The outcome; `None` while it is open.
    pub closed: Option<Closing>,
    /// Appeals to the regulator against an instruction (EMERGENCY-1).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub appeals: Vec<Appeal>,
}

untold!(Decision);

impl Decision {
    /// Whether votes can be cast.
    pub fn is_open(&self) -> bool {
        self.closed.is_none()
    }

    /// Whether it is about lifting a suspension, which no suspension stops (EMERGENCY-1).
    pub fn lifts_a_suspension(&self) -> bool {
        self.kind == DecisionKind::LiftSuspension
    }

    /// Whether it was closed and carried.
    pub fn is_carried(&self) -> bool {
        self.closed.as_ref().is_some_and(|closing| closing.outcome == DecisionOutcome::Carried)
    }
}

/// What kind of decision it is (GOV-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// Approves a Certification Practice Statement by digest (SEC L1.17a).
    ApproveCps,
    /// Reviews the DCCKI Certification Practice Statement (SEC L1.17g).
    ReviewCps,
    /// Discloses a RED version to another body (RED-2).
    DiscloseRed,
    /// Directs the operator of the PKI to lodge (SEC L5.9; LODGE-2).
    DirectDcc,
    /// Instructs the operator of the PKI to suspend services or a participant (ToR section 5).
    InstructDccSuspension,
    /// Lifts a suspension by the repository (EMERGENCY-1).
    LiftSuspension,
    /// Submits or proposes a modification (SEC L1.19).
    Modification,
    /// Publishes the Recovery Key Guidance (SEC L10.13).
    PublishGuidance,
    /// Uses a Recovery or Contingency key (SEC L1.17i).
    UseRecoveryKey,
    /// Advises the Panel.
    AdvisePanel,
    /// Anything else.
    Other,
}

impl DecisionKind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::ApproveCps,
        Self::ReviewCps,
        Self::DiscloseRed,
        Self::DirectDcc,
        Self::InstructDccSuspension,
        Self::LiftSuspension,
        Self::Modification,
        Self::PublishGuidance,
        Self::UseRecoveryKey,
        Self::AdvisePanel,
        Self::Other,
    ];

    /// The kind's name, as requests and records carry it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ApproveCps => "approve_cps",
            Self::ReviewCps => "review_cps",
            Self::DiscloseRed => "disclose_red",
            Self::DirectDcc => "direct_dcc",
            Self::InstructDccSuspension => "instruct_dcc_suspension",
            Self::LiftSuspension => "lift_suspension",
            Self::Modification => "modification",
            Self::PublishGuidance => "publish_guidance",
            Self::UseRecoveryKey => "use_recovery_key",
            Self::AdvisePanel => "advise_panel",
            Self::Other => "other",
        }
    }
}

/// What a decision is about. A version is bound by its digest: the decision says nothing about other bytes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(rename_all = "snake_case")]
pub enum DecisionSubject {
    /// One version.
    Version {
        /// The document.
        document: Handle,
        /// The version's label.
        label: Label,
        /// The digest of its bytes.
        digest: Digest,
        /// The body to which it is disclosed, of a decision to disclose RED.
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
    /// A participant whose services the operator of the PKI is to suspend, or all of them.
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

untold!(DecisionSubject);

impl DecisionSubject {
    /// The document that it is about, if it is about one.
    pub fn document(&self) -> Option<&Handle> {
        match self {
            Self::Version { document, .. } | Self::Document { document } => Some(document),
            Self::Suspension { .. } | Self::Participant { .. } | Self::Matter { .. } => None,
        }
    }
}

/// A meeting, as far as a decision names one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Meeting {
    /// Its name or number.
    pub reference: String,
    /// Whether it is an exceptional one (ToR section 7.1), which is quorate whoever attends.
    #[serde(default)]
    pub exceptional: bool,
    /// Who takes part beside those who vote, by handle: a RED item waits until they all have signed (RED-3).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub present: Vec<Handle>,
}

untold!(Meeting);

/// One vote of a seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CastVote {
    /// The seat.
    pub seat: Handle,
    /// Who voted in it.
    pub by: Handle,
    /// Whether that was the member's alternate.
    pub as_alternate: bool,
    /// With which credential: a vote under one that is withdrawn before the close does not count.
    pub credential: CredentialId,
    /// The vote.
    pub vote: Vote,
    /// When.
    pub at: Instant,
    /// The index of the entry.
    pub entry: u64,
}

/// A vote. To abstain is to be present.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vote {
    /// For the question.
    For,
    /// Against it.
    Against,
    /// Neither.
    Abstain,
}

/// How a decision ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// What came out.
    pub outcome: DecisionOutcome,
    /// The arithmetic of it.
    pub count: Count,
    /// Who closed it.
    pub by: Handle,
    /// When.
    pub at: Instant,
    /// The index of the entry.
    pub entry: u64,
}

/// What came out of a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionOutcome {
    /// The majority was for it.
    Carried,
    /// It was not.
    Rejected,
    /// No quorum was present, so that nothing is decided (ToR section 7.2).
    Inquorate,
}

/// The arithmetic of a vote (GOV-2, GOV-3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Votes for, the Chair's casting vote left out.
    pub votes_for: u32,
    /// Votes against, likewise.
    pub votes_against: u32,
    /// Abstentions.
    pub abstentions: u32,
    /// The Chair's casting vote, where it broke a tie.
    pub casting: Option<Vote>,
    /// Voting members appointed, the Chair included.
    pub appointed: u32,
    /// Those of them present and not in conflict.
    pub present: u32,
    /// How many must be.
    pub required: u32,
    /// Whether the Chair, or the Chair's alternate, is among them.
    pub chair_present: bool,
    /// Whether the body's rules ask for that.
    pub chair_required: bool,
    /// Whether the meeting is an exceptional one.
    pub exceptional: bool,
    /// Whether that makes a quorum.
    pub quorate: bool,
    /// Seats whose votes do not count, each with the reason: a conflict of interest, a withdrawn credential, the end of a
    /// term.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
}

/// A seat whose vote does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The seat.
    pub seat: Handle,
    /// Why.
    pub reason: LeftOutReason,
}

/// Why a vote that was cast does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOutReason {
    /// Whoever cast it, or the member of the seat, declared a conflict of interest (CONFLICT-1).
    Conflict,
    /// The credential under which it was cast was withdrawn before the close (READ-8).
    CredentialWithdrawn,
    /// Whoever cast it does not act in the seat any more (GOV-1, GOV-5).
    NoLongerActing,
    /// It is the Chair's, and the other votes are not tied (GOV-3).
    NoTie,
}

/// What a decision said about a version (GOV-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// A Certification Practice Statement is approved.
    Approved,
    /// It is not.
    Rejected,
    /// The DCCKI Certification Practice Statement is reviewed.
    Reviewed,
    /// The guidance is to be published.
    ToBePublished,
}

/// What a decision said about one version, bound to its digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolved {
    /// The decision.
    pub decision: DecisionId,
    /// What it said.
    pub resolution: Resolution,
    /// When it was closed.
    pub at: Instant,
    /// The index of the entry that closed it.
    pub entry: u64,
}
