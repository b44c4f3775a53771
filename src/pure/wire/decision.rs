//! Decisions: resolutions of a body by recorded votes (GOV-2 to GOV-4).

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::person::Person;

/// The body of `POST /decisions`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(deny_unknown_fields)]
pub struct NewDecision {
    /// The handle of the body that decides.
    pub body: String,
    /// The kind, for example `approve_cps`.
    pub kind: String,
    /// What it is about, as the kind needs.
    pub subject: NewSubject,
    /// The question.
    pub question: String,
    /// The meeting at which it is put.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meeting: Option<NewMeeting>,
}

untold!(NewDecision);

/// What a decision is to be about: a version, a document, a suspension, a participant or a matter in words.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(deny_unknown_fields)]
pub struct NewSubject {
    /// The slug of a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// The label of one of its versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The body to which a RED version is disclosed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// A suspension, for example `suspension-7`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspension: Option<String>,
    /// The organisation whose services are to be suspended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// Whether it is the service as a whole that is to be suspended.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub service: bool,
    /// Which services.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub services: Option<String>,
    /// A matter in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<String>,
}

untold!(NewSubject);

/// A meeting: its name, or more of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum NewMeeting {
    /// Its name or number.
    Named(String),
    /// The same, and who is there.
    Held(Meeting),
}

/// A meeting, as far as a decision names one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(deny_unknown_fields)]
pub struct Meeting {
    /// Its name or number.
    pub reference: String,
    /// Whether it is an exceptional one, which is quorate whoever attends.
    #[serde(default)]
    pub exceptional: bool,
    /// The handles of those who take part beside those who vote.
    #[serde(default)]
    pub present: Vec<String>,
}

untold!(Meeting);

/// The body of `POST /decisions/{id}/votes`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewVote {
    /// The vote.
    pub vote: Vote,
    /// The seat, for whoever acts in several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<String>,
}

/// The body of `POST /decisions/{id}/close`, which may be left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloseDecision {}

/// A decision, open or closed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Decision {
    /// The id, for example `decision-77`: it names the entry that opened it.
    pub id: String,
    /// The handle of the body that decides.
    pub body: String,
    /// The kind.
    pub kind: String,
    /// What it is about.
    pub subject: Subject,
    /// The question.
    pub question: String,
    /// The meeting at which it is put; `null` if none.
    pub meeting: Option<Meeting>,
    /// Open or closed.
    pub state: DecisionState,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Who opened it.
    pub opened_by: Person,
    /// Whether that was as Chair, who is present thereby.
    pub opened_as_chair: bool,
    /// The votes, in the order in which they were cast.
    pub votes: Vec<CastVote>,
    /// The arithmetic: as it stands while open, as it was at the close.
    pub count: Count,
    /// What came out; `null` while open.
    pub outcome: Option<Outcome>,
    /// When and by whom it was closed; `null` while open.
    pub closed: Option<Closed>,
    /// What it brought about beside its outcome; `null` if nothing.
    pub effect: Option<Effect>,
    /// The directions that cite it.
    pub directions: Vec<String>,
    /// The index of the entry that opened it.
    pub entry: u64,
}

untold!(Decision);

/// What a decision is about, as far as the reader may know of it: the members that apply, the others left out.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Subject {
    /// The slug of a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// The label of a version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The SHA-256 of its bytes: the decision is about these alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// The body to which it is disclosed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// A suspension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspension: Option<String>,
    /// An organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// Whether it is the service as a whole.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub service: bool,
    /// Which services.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub services: Option<String>,
    /// A matter in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<String>,
}

untold!(Subject);

/// Open or closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionState {
    /// Votes can be cast.
    Open,
    /// It was counted.
    Closed,
}

/// A vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vote {
    /// For the question.
    For,
    /// Against it.
    Against,
    /// Neither: present.
    Abstain,
}

/// One vote, and whether it counts.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct CastVote {
    /// The seat.
    pub seat: String,
    /// Who voted in it.
    pub by: Person,
    /// Whether that was the member's alternate.
    pub alternate: bool,
    /// The vote.
    pub vote: Vote,
    /// Whether it counts: as it stands, or at the close.
    pub counted: bool,
    /// Why not: `conflict`, `credential_withdrawn`, `no_longer_acting`, `no_tie` or `replaced`; `null` if it counts.
    pub reason: Option<String>,
    /// When.
    pub at: Timestamp,
    /// The index of the entry.
    pub entry: u64,
}

untold!(CastVote);

/// The arithmetic of a vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Votes for, the Chair's casting vote left out.
    pub votes_for: u32,
    /// Votes against, likewise.
    pub votes_against: u32,
    /// Abstentions.
    pub abstentions: u32,
    /// The Chair's casting vote; `null` if none broke a tie.
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
}

/// What came out of a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The majority was for it.
    Carried,
    /// It was not.
    Rejected,
    /// No quorum was present: nothing is decided.
    Inquorate,
}

/// The close of a vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Person,
    /// The index of the entry.
    pub entry: u64,
}

/// What a decision brought about, in the entry that closed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Effect {
    /// Its version is resolved on.
    VersionResolved {
        /// `approved`, `rejected`, `reviewed` or `to_be_published`.
        resolution: String,
    },
    /// Its RED version is disclosed.
    RedDisclosed {
        /// The grant, for example `grant-81`.
        grant: String,
        /// To that body.
        to: String,
    },
    /// Its suspension is lifted.
    SuspensionLifted {
        /// The suspension.
        suspension: String,
    },
}

/// What a decision said about one version, as the version shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionResolution {
    /// The decision, for example `decision-77`.
    pub decision: String,
    /// `approved`, `rejected`, `reviewed` or `to_be_published`.
    pub resolution: String,
    /// When it was closed.
    pub at: Timestamp,
    /// The index of the entry that closed it.
    pub entry: u64,
    /// Votes for.
    pub votes_for: u32,
    /// Votes against.
    pub votes_against: u32,
    /// The Chair's casting vote; `null` if none broke a tie.
    pub casting: Option<Vote>,
}

/// The query of `GET /decisions`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionsQuery {
    /// Only those of this body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Only those in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<DecisionState>,
    /// Only those of this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The most items wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// The cursor of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl fmt::Display for Vote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::For => "for",
            Self::Against => "against",
            Self::Abstain => "abstain",
        })
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Carried => "carried",
            Self::Rejected => "rejected",
            Self::Inquorate => "inquorate",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meeting_is_a_name_or_more_of_it() {
        let named: NewMeeting = serde_json::from_str(r#""PMA 42""#).unwrap();
        assert_eq!(named, NewMeeting::Named("PMA 42".into()));
        let held: NewMeeting = serde_json::from_str(r#"{"reference":"PMA 42","present":["chair"]}"#).unwrap();
        let present = vec!["chair".to_owned()];
        assert_eq!(held, NewMeeting::Held(Meeting { reference: "PMA 42".into(), exceptional: false, present }));
        assert!(serde_json::from_str::<NewMeeting>(r#"{"reference":"PMA 42","quorate":true}"#).is_err());
    }

    #[test]
    fn a_subject_is_sent_with_the_members_that_apply() {
        let subject = NewSubject { document: Some("device-cps".into()), ..NewSubject::default() };
        assert_eq!(serde_json::to_string(&subject).unwrap(), r#"{"document":"device-cps"}"#);
        assert!(serde_json::from_str::<NewSubject>(r#"{"dokument":"device-cps"}"#).is_err());
    }
}
