//! Reads from a record of version 1 what evidence needs: who, when, which command, and the events about content.

use serde::Deserialize;
use serde_json::Value;

use super::evidence::EvidenceError;
use super::report::{Actor, EvidenceKind};
use super::signature::{LodgerSignature, SignedLodgement};
use crate::pure::tlog::hash::HASH_LEN;
use crate::pure::tlog::leaf::Origin;

/// The parts of a record that a report speaks of.
pub(super) struct ReadRecord {
    pub(super) index: u64,
    pub(super) origin: String,
    pub(super) time: String,
    pub(super) actor: Actor,
    pub(super) command: String,
    pub(super) outcome: String,
    pub(super) content: Vec<ContentEvent>,
    /// The whole record.
    pub(super) whole: Value,
}

/// An event that lodged or released content.
pub(super) struct ContentEvent {
    pub(super) kind: EvidenceKind,
    pub(super) document: String,
    pub(super) label: String,
    pub(super) digest: [u8; HASH_LEN],
    /// In bytes, where the event says it.
    pub(super) size: Option<u64>,
    /// The lodger's own, of a lodgement that has one: verified.
    pub(super) signature: Option<LodgerSignature>,
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

/// The log that the record says that it is of, which nothing proves yet.
pub(super) fn origin(record: &[u8]) -> Option<Origin> {
    let value: Value = serde_json::from_slice(record).ok()?;
    Origin::parse(value.get("origin")?.as_str()?).ok()
}

fn read_v1(value: Value) -> Result<ReadRecord, EvidenceError> {
    let record = RecordV1::deserialize(&value).map_err(|_| malformed("a part of it is missing"))?;
    let mut content = Vec::new();
    for event in &record.events {
        if let Some((kind, event)) = content_event(event)? {
            let signature = if kind == EvidenceKind::Lodged { signature(&record, &event)? } else { None };
            let digest = digest(&event.digest).ok_or_else(|| malformed(LACKS))?;
            let ContentV1 { document, label, size, .. } = event;
            content.push(ContentEvent { kind, document, label, digest, size, signature });
        }
    }
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
    let RecordV1 { index, origin, time, .. } = record;
    Ok(ReadRecord { index, origin, time, actor, command, outcome, content, whole: value })
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
    /// Of a lodgement: as the lodger gave it, where the event has what follows from that.
    effective: Option<Value>,
}

#[derive(Deserialize)]
struct ContentV1 {
    document: String,
    label: String,
    digest: String,
    size: Option<u64>,
    // Of a lodgement only.
    proposed: Option<String>,
    incorporated: Option<String>,
    effective: Option<String>,
    signature: Option<String>,
}

/// The event if it is about content; other kinds are none of this room's business.
fn content_event(event: &Value) -> Result<Option<(EvidenceKind, ContentV1)>, EvidenceError> {
    let kind = match event.get("kind").and_then(Value::as_str) {
        Some("version_lodged") => EvidenceKind::Lodged,
        Some("content_released") => EvidenceKind::Served,
        Some(_) => return Ok(None),
        None => return Err(malformed("an event in it has no kind")),
    };
    let event = ContentV1::deserialize(event).map_err(|_| malformed(LACKS))?;
    Ok(Some((kind, event)))
}

const LACKS: &str = "an event about content in it lacks a part";

/// The lodger's signature of the lodgement, if it has one: verified against what the record says.
fn signature(record: &RecordV1, event: &ContentV1) -> Result<Option<LodgerSignature>, EvidenceError> {
    let Some(signature) = &event.signature else { return Ok(None) };
    let given = match &record.command.effective {
        None | Some(Value::Null) => None,
        Some(given) => Some(given.as_str().ok_or_else(|| malformed("a date in it is not one"))?),
    };
    if given.is_some() && given != event.effective.as_deref() {
        return Err(malformed("its command and its event have different dates"));
    }
    if event.proposed.as_ref().is_some_and(|proposed| proposed.contains(misleads)) {
        return Err(malformed("a name in it is empty or has control characters"));
    }
    let signed = SignedLodgement {
        origin: &record.origin,
        credential: match &record.actor {
            ActorV1::Person { credential, .. } => Some(credential),
            ActorV1::System { .. } => None,
        },
        document: &event.document,
        label: &event.label,
        sha256: digest(&event.digest).ok_or_else(|| malformed(LACKS))?,
        size: event.size.ok_or_else(|| malformed(LACKS))?,
        incorporated: event.incorporated.as_deref(),
        effective: given,
        classification: event.proposed.as_deref(),
        signature,
    };
    signed.verify().map(Some)
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

/// JSON as people read it on a terminal: what misleads there is escaped.
pub(super) fn shown(value: &Value) -> String {
    let pretty = serde_json::to_string_pretty(value).unwrap_or_default();
    // Line ends are those of the layout: within a string JSON escapes them.
    let escaped = pretty.chars().map(|c| match c {
        '\n' => c.to_string(),
        c if misleads(c) => c.escape_unicode().to_string().replace(['{', '}'], ""),
        c => c.to_string(),
    });
    escaped.collect()
}

fn malformed(what: &'static str) -> EvidenceError {
    EvidenceError::MalformedRecord(what)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_shown_record_cannot_mislead_a_terminal() {
        let text = shown(&json!({"reason": "a\u{202e}b\u{1b}[2J\nc\u{7f}"}));
        assert_eq!(text, "{\n  \"reason\": \"a\\u202eb\\u001b[2J\\nc\\u7f\"\n}");
    }
}
