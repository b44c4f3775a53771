//! Reads from a record of version 1 what evidence needs: who, when, which command, and the events about content.

use serde::Deserialize;
use serde_json::Value;

use super::evidence::EvidenceError;
use super::report::{Actor, EvidenceKind};
use crate::pure::tlog::hash::HASH_LEN;

/// The parts of a record that a report speaks of.
pub(super) struct ReadRecord {
    pub(super) index: u64,
    pub(super) origin: String,
    pub(super) time: String,
    pub(super) actor: Actor,
    pub(super) command: String,
    pub(super) outcome: String,
    pub(super) content: Vec<ContentEvent>,
}

/// An event that lodged or released content.
pub(super) struct ContentEvent {
    pub(super) kind: EvidenceKind,
    pub(super) document: String,
    pub(super) label: String,
    pub(super) digest: [u8; HASH_LEN],
    /// In bytes, where the event says it.
    pub(super) size: Option<u64>,
}

/// Reads a record's bytes.
pub(super) fn read(bytes: &[u8]) -> Result<ReadRecord, EvidenceError> {
    let value: Value = serde_json::from_slice(bytes).map_err(|_| malformed("it is not JSON"))?;
    // Another form of the same JSON, such as one with a name twice, could be read differently by someone else.
    if serde_json_canonicalizer::to_vec(&value).ok().as_deref() != Some(bytes) {
        return Err(malformed("it is not in the canonical form of RFC 8785"));
    }
    match value.get("v").and_then(Value::as_u64) {
        Some(1) => read_v1(value),
        Some(version) => Err(EvidenceError::UnknownRecordVersion { version }),
        None => Err(malformed("it has no version")),
    }
}

fn read_v1(value: Value) -> Result<ReadRecord, EvidenceError> {
    let record = RecordV1::deserialize(value).map_err(|_| malformed("a part of it is missing"))?;
    let content = record.events.iter().filter_map(content_event).collect::<Result<Vec<_>, _>>()?;
    if record.outcome != "done" && !content.is_empty() {
        return Err(malformed("it was not done, and yet names content"));
    }
    let is_time = record.time.ends_with('Z') && record.time.parse::<jiff::Timestamp>().is_ok();
    if !is_time {
        return Err(malformed("its time is not one"));
    }
    let actor = match record.actor {
        ActorV1::Person { person, organisation, credential } => Actor::Person { person, organisation, credential },
        ActorV1::System { system } => Actor::System(system),
    };
    let (command, outcome) = (record.command.kind, record.outcome);
    let mut shown = vec![&record.origin, &command, &outcome];
    match &actor {
        Actor::Person { person, organisation, credential } => {
            shown.extend([person, credential]);
            shown.extend(organisation);
        }
        Actor::System(system) => shown.push(system),
    }
    shown.extend(content.iter().flat_map(|event| [&event.document, &event.label]));
    if shown.into_iter().any(|text| text.is_empty() || text.contains(misleads)) {
        return Err(malformed("a name in it is empty or has control characters"));
    }
    Ok(ReadRecord { index: record.index, origin: record.origin, time: record.time, actor, command, outcome, content })
}

#[derive(Deserialize)]
struct RecordV1 {
    index: u64,
    time: String,
    origin: String,
    actor: ActorV1,
    command: CommandV1,
    outcome: String,
    // A hidden refusal has none.
    #[serde(default)]
    events: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ActorV1 {
    // A hidden refusal names no organisation (READ-6).
    Person { person: String, organisation: Option<String>, credential: String },
    System { system: String },
}

#[derive(Deserialize)]
struct CommandV1 {
    kind: String,
}

#[derive(Deserialize)]
struct ContentV1 {
    document: String,
    label: String,
    digest: String,
    size: Option<u64>,
}

/// The event if it is about content; other kinds are none of this room's business.
fn content_event(event: &Value) -> Option<Result<ContentEvent, EvidenceError>> {
    let kind = match event.get("kind").and_then(Value::as_str) {
        Some("version_lodged") => EvidenceKind::Lodged,
        Some("content_released") => EvidenceKind::Served,
        Some(_) => return None,
        None => return Some(Err(malformed("an event in it has no kind"))),
    };
    let read = || {
        let event = ContentV1::deserialize(event).ok()?;
        let digest = digest(&event.digest)?;
        Some(ContentEvent { kind, document: event.document, label: event.label, digest, size: event.size })
    };
    Some(read().ok_or_else(|| malformed("an event about content in it lacks a part")))
}

/// Lower-case hexadecimal only: a digest has one form.
fn digest(text: &str) -> Option<[u8; HASH_LEN]> {
    let digest: [u8; HASH_LEN] = hex::decode(text).ok()?.try_into().ok()?;
    (hex::encode(digest) == text).then_some(digest)
}

/// Control characters and invisible ones that turn the direction of writing: a report is shown on terminals.
fn misleads(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn malformed(what: &'static str) -> EvidenceError {
    EvidenceError::MalformedRecord(what)
}
