//! Records: one command and its outcome as exact stored bytes, readable for ever.
//!
//! A record is RFC 8785 canonical JSON. What was stored is what is hashed: nothing is ever serialised again to be hashed,
//! and whoever keeps a record keeps its bytes, unknown fields of a newer version included. The domain's types carry
//! the stored names of their fields explicitly or by `snake_case`; golden vectors in `tests/golden/record` pin them, so
//! that renaming a type changes no record.
//!
//! Not here: the opening and the commitment (`pure::tlog::leaf`), sealing and storing (`storage::journal`).

mod actor;
mod outcome;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use actor::RecordActor;
pub use outcome::Outcome;

use super::domain::apply::Occurrence;
use super::domain::command::{Command, fingerprint_of};
use super::domain::decide::{Grant, Grounds};
use super::domain::event::Event;
use super::domain::id::Handle;
use super::domain::refusal::Refusal;
use super::domain::rule::Rule;
use super::domain::time::Instant;

/// The version of records that this release writes.
pub const RECORD_VERSION: u64 = 1;

/// The longest record in bytes.
pub const MAX_RECORD_LEN: usize = 60_000;

/// One command and its outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The version of the record's form.
    v: u64,
    /// The index of the entry.
    pub index: u64,
    /// The time of the entry.
    pub time: Instant,
    /// The log that the entry belongs to.
    pub origin: String,
    /// Who gave the command.
    pub actor: RecordActor,
    /// The command as decided, without secrets.
    pub command: Value,
    /// What became of it.
    pub outcome: Outcome,
    /// The rules that permitted or refused it; absent where the thing was hidden (READ-6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<Vec<Rule>>,
    /// The few facts that the decision rested on; absent where the thing was hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<Grounds>,
    /// What happened; absent where the thing was hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<Event>>,
    /// The client's idempotency key, or a random id.
    pub request: String,
}

/// Where and when an entry is made, by whom, at whose request.
#[derive(Clone, Debug)]
pub struct Heading {
    /// The index of the entry.
    pub index: u64,
    /// Its time.
    pub time: Instant,
    /// The log that it belongs to.
    pub origin: String,
    /// Who gave the command.
    pub actor: RecordActor,
    /// The client's idempotency key, or a random id.
    pub request: String,
}

impl Record {
    /// The record of a command that was done.
    pub fn done(heading: Heading, command: &Command, grant: &Grant) -> Self {
        Self {
            rules: Some(grant.rules.clone()),
            facts: Some(grant.grounds.clone()),
            events: Some(grant.events.clone()),
            ..Self::bare(heading, whole(command), Outcome::Done)
        }
    }

    /// The record of a command that a rule refused.
    pub fn refused(heading: Heading, command: &Command, refusal: &Refusal) -> Self {
        let code = serde_json::to_value(refusal.code).ok();
        let code = code.as_ref().and_then(Value::as_str).unwrap_or_default();
        Self {
            rules: Some(vec![refusal.rule]),
            facts: Some(Grounds::from([("code".to_owned(), code.to_owned())])),
            events: Some(Vec::new()),
            ..Self::bare(heading, whole(command), Outcome::Refused)
        }
    }

    /// The record of a command about something that does not exist for the one who asked (READ-6): it holds the names as
    /// requested and nothing that tells hidden from absent.
    pub fn not_found(heading: Heading, command: &Command) -> Self {
        let actor = heading.actor.without_organisation();
        Self::bare(Heading { actor, ..heading }, names(command), Outcome::NotFound)
    }

    /// The exact bytes to store.
    pub fn to_bytes(&self) -> Result<Vec<u8>, RecordError> {
        let bytes = serde_json_canonicalizer::to_vec(self).map_err(|_| RecordError::NotCanonical)?;
        if bytes.len() > MAX_RECORD_LEN { Err(RecordError::TooLong { len: bytes.len() }) } else { Ok(bytes) }
    }

    /// Reads stored bytes. Fields that this release does not know are passed over; an event or rule that it does not know
    /// is an error, since it cannot be applied.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, RecordError> {
        let unreadable = |error: serde_json::Error| RecordError::Unreadable(error.to_string());
        let form: Form = serde_json::from_slice(bytes).map_err(unreadable)?;
        if form.v != RECORD_VERSION {
            return Err(RecordError::UnknownVersion(form.v));
        }
        serde_json::from_slice(bytes).map_err(unreadable)
    }

    /// The entry as far as applying it to the facts goes.
    pub fn occurrence<'a>(&'a self, names: &'a OccurrenceNames) -> Occurrence<'a> {
        let events = self.events.as_deref().unwrap_or_default();
        Occurrence {
            index: self.index,
            time: self.time,
            person: self.actor.person(),
            organisation: self.actor.organisation(),
            document: names.document.as_ref(),
            events,
            made: names.fingerprint.map(|fingerprint| (self.request.as_str(), fingerprint)),
        }
    }

    /// What `occurrence` needs beyond the record's own fields: taken out of the command.
    pub fn occurrence_names(&self) -> OccurrenceNames {
        let document = self.command.get("document").and_then(Value::as_str);
        let kind = self.command.get("kind").and_then(Value::as_str);
        let discloses = kind.is_some_and(|kind| DISCLOSURES.contains(&kind));
        let makes = self.outcome == Outcome::Done && !discloses && self.actor.person().is_some();
        OccurrenceNames {
            document: document.and_then(|slug| Handle::parse(slug).ok()),
            fingerprint: makes.then(|| fingerprint_of(&self.command)),
        }
    }

    fn bare(heading: Heading, command: Value, outcome: Outcome) -> Self {
        let Heading { index, time, origin, actor, request } = heading;
        Self {
            v: RECORD_VERSION,
            index,
            time,
            origin,
            actor,
            command,
            outcome,
            rules: None,
            facts: None,
            events: None,
            request,
        }
    }
}

/// As much of a record of any form as says which form it has.
#[derive(Deserialize)]
struct Form {
    v: u64,
}

/// What a record's occurrence borrows.
#[derive(Clone, Debug)]
pub struct OccurrenceNames {
    document: Option<Handle>,
    fingerprint: Option<[u8; 32]>,
}

/// Why a record cannot be written or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// The command is too long to be recorded.
    #[error("the record would have {len} bytes, and at most {MAX_RECORD_LEN} can be kept; shorten the request's texts")]
    TooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// The record has no canonical JSON form.
    #[error("the record has no canonical form")]
    NotCanonical,
    /// The stored bytes are no record of this form.
    #[error("the stored bytes are not a record that this release reads ({0})")]
    Unreadable(String),
    /// The record is of a newer form.
    #[error("the record has version {0}, which this release does not read; use a newer release")]
    UnknownVersion(u64),
}

/// Commands that only disclose: the same request again is decided afresh.
const DISCLOSURES: [&str; 5] = ["read_content", "read_records", "read_evidence", "explain_access", "list_readers"];

fn whole(command: &Command) -> Value {
    serde_json::to_value(command).unwrap_or_default()
}

/// The command reduced to its kind, its method and the names that it was given.
fn names(command: &Command) -> Value {
    let Value::Object(mut fields) = whole(command) else { return Value::Null };
    // The id of a need is a name as requested; a need recorded on the spot is words.
    if let Some(id) = fields.get("need").and_then(|claim| claim.get("recorded")).cloned() {
        fields.insert("need".into(), id);
    }
    // What a direction cites is words as far as asking goes.
    if matches!(command, Command::IssueDirection { .. }) {
        fields.remove("decision");
    }
    // The id of a measure says what kind of measure it is.
    if let Some(id) = fields.get("against").and_then(only_member).map(|(_, id)| id.clone()) {
        fields.insert("against".into(), id);
    }
    for choice in CHOICES {
        for (name, value) in fields.remove(choice).map(chosen).unwrap_or_default() {
            fields.entry(name).or_insert(value);
        }
    }
    fields.retain(|name, value| NAMES.contains(&name.as_str()) && (value.is_string() || value.is_number()));
    if let Some(version) = command.version_name() {
        fields.insert("version".into(), version.into());
    }
    Value::Object(fields)
}

/// What a choice names: one thing by the word for its kind, or several.
fn chosen(choice: Value) -> Map<String, Value> {
    match only_member(&choice) {
        Some((_, Value::Object(names))) => names.clone(),
        Some((kind, name)) => Map::from_iter([(kind.clone(), name.clone())]),
        None => Map::new(),
    }
}

fn only_member(choice: &Value) -> Option<(&String, &Value)> {
    choice.as_object().filter(|choice| choice.len() == 1)?.iter().next()
}

/// The fields of commands that hold one of several kinds of things; a subject may itself name a body under `to`.
const CHOICES: [&str; 4] = ["to", "about", "subject", "whom"];

/// The fields of commands that are names as requested.
const NAMES: [&str; 21] = [
    "kind",
    "method",
    "document",
    "version",
    "direction",
    "need",
    "index",
    "person",
    "organisation",
    "body",
    "answers_to",
    "to",
    "seat",
    "appointment",
    "alternate",
    "credential",
    "replaces",
    "grant",
    "decision",
    "suspension",
    "against",
];
