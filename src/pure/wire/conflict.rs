//! Declared conflicts of interest (CONFLICT-1).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::appeal::Appeal;
use super::measure::MeasureState;
use super::person::Person;

/// The body of `POST /conflicts`: one of decision and document.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(deny_unknown_fields)]
pub struct NewConflict {
    /// The decision that it is about, for example `decision-77`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
    /// The slug of the document that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Why, in words that the audit log keeps.
    pub statement: String,
}

untold!(NewConflict);

/// A declared conflict of interest.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Conflict {
    /// The id, for example `conflict-80`: it names the entry that declared it.
    pub id: String,
    /// Who declared it.
    pub person: Person,
    /// The decision that it is about; `null` for a document, and for those who may not know of the decision.
    pub decision: Option<String>,
    /// The slug of the document that it is about; `null` for a decision, and for those who may not know of the document.
    pub document: Option<String>,
    /// Why.
    pub statement: String,
    /// When.
    pub declared_at: Timestamp,
    /// How far it has come.
    pub state: MeasureState,
    /// Appeals, for whoever appealed and whoever may settle them.
    pub appeals: Vec<Appeal>,
    /// The index of the entry that declared it.
    pub entry: u64,
}

untold!(Conflict);
