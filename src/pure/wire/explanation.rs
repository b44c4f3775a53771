//! Explanations: why a person may read something, or may not, and what would change it (READ-7).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::classification::Standing;
use super::organisation::Organisation;
use super::person::Person;

/// The query of `GET /explain`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExplainQuery {
    /// The handle of the person; the one who asks if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The slug of the document.
    pub document: String,
    /// The version: a label, `in-force` or `latest`; the one in force among those that the person may know of if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// Why a person may read a version, or may not, at an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The person.
    pub person: Person,
    /// The person's organisation.
    pub organisation: Organisation,
    /// The slug of the document.
    pub document: String,
    /// The label of the version; `null` where the document alone is explained.
    pub version: Option<String>,
    /// What the Chair determined, or `undetermined`; `null` without a version.
    pub classification: Option<Standing>,
    /// The instant at which this holds.
    pub at: Timestamp,
    /// `may_read`, `may_know_of` or `nothing`.
    pub outcome: String,
    /// The outcome in one sentence.
    pub summary: String,
    /// The rule by which the person may know of it; `null` where they may not.
    pub audience: Option<String>,
    /// What a read would be refused with; `null` where nothing refuses, or the thing is hidden from the person.
    pub refusal: Option<Refused>,
    /// What the version itself is.
    pub about: Vec<Ground>,
    /// The ways in that were tried, in the order in which they count.
    pub ways: Vec<Way>,
    /// What stands between the person and the content, a need apart.
    pub obstacles: Vec<Obstacle>,
    /// Recorded needs for it that were looked at.
    pub needs: Vec<NeedLookedAt>,
    /// What would change the outcome, one sentence each.
    pub satisfy: Vec<String>,
}

/// A refusal, in the words that the person would get.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The problem's code.
    pub code: String,
    /// The rule.
    pub rule: String,
    /// What is refused and why.
    pub detail: String,
    /// What would change the answer.
    pub satisfy: String,
}

/// A fact, and the entry of the log that it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    /// The fact, in one sentence.
    pub fact: String,
    /// The id of the record, for example `appointment-12`; `null` for one without.
    pub id: Option<String>,
    /// The index of the entry; `null` where the register keeps none for it.
    pub entry: Option<u64>,
}

/// A way in that was tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// The rule that it is of.
    pub rule: String,
    /// The way, in a few words.
    pub way: String,
    /// `admits`, `agreement_unsigned` or `fails`.
    pub result: String,
    /// Why, in one sentence.
    pub why: String,
    /// The facts that it rests on.
    pub grounds: Vec<Ground>,
    /// What would open it; `null` where nothing would, or it is open.
    pub satisfy: Option<String>,
}

/// What stands between a person and content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obstacle {
    /// The rule.
    pub rule: String,
    /// The fact, its id and entry.
    #[serde(flatten)]
    pub ground: Ground,
    /// What would take it away.
    pub satisfy: String,
}

/// A recorded need that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NeedLookedAt {
    /// The id, for example `need-1042`.
    pub id: String,
    /// The index of the entry that recorded it.
    pub entry: u64,
    /// Whether it holds for this version now.
    pub holds: bool,
    /// Why not; `null` for one that holds.
    pub why: Option<String>,
}
