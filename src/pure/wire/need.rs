//! Needs: why a person reads a document, recorded before the read (READ-3).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The body of `POST /needs`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(deny_unknown_fields)]
pub struct NewNeed {
    /// The slug of the document.
    pub document: String,
    /// The label of the one version, when the need is for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// A coded purpose, one of the configuration's.
    pub purpose: String,
    /// Why, in the person's words.
    pub statement: String,
    /// The action, modification, assessment, meeting, decision or direction that it serves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// When it shall end; without it, as late as the version's classification allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
}

untold!(NewNeed);

/// A recorded need.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Need {
    /// The id, for example `need-1042`: it names the entry that recorded it.
    pub id: String,
    /// The handle of the person whose need it is.
    pub person: String,
    /// The slug of the document.
    pub document: String,
    /// The label, when the need is for one version.
    pub version: Option<String>,
    /// The coded purpose.
    pub purpose: String,
    /// The statement.
    pub statement: String,
    /// The reference.
    pub reference: Option<String>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// When it ends.
    pub valid_until: Timestamp,
    /// When its owner withdrew it; `null` if not.
    pub withdrawn_at: Option<Timestamp>,
    /// The index of the entry that recorded it.
    pub entry: u64,
}

untold!(Need);

/// The query of `GET /needs`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeedsQuery {
    /// Whose needs, for the auditor; one's own if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The most items wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// The cursor of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// The query of `GET .../content` and of the difference: the need's id, for navigation that can send no header.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeedQuery {
    /// The id of a recorded need.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub need: Option<String>,
}
