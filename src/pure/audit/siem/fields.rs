//! What the mappings take out of a record. A field that is not there, or is not what it should be, is absent.

use serde_json::{Map, Value};

/// The parts of a record that schemas have fields for.
pub(super) struct Fields<'r> {
    pub(super) index: Option<u64>,
    pub(super) time: Option<&'r str>,
    pub(super) origin: Option<&'r str>,
    pub(super) request: Option<&'r str>,
    pub(super) outcome: Outcome,
    pub(super) rules: Vec<&'r str>,
    /// The code of a refusal, as the refused was told.
    pub(super) code: Option<&'r str>,
    pub(super) person: Option<&'r str>,
    pub(super) organisation: Option<&'r str>,
    pub(super) credential: Option<&'r str>,
    pub(super) system: Option<&'r str>,
    /// The kind of the command.
    pub(super) command: &'r str,
    pub(super) deed: Deed,
    pub(super) subject: Subject,
    pub(super) document: Option<&'r str>,
    pub(super) version: Option<&'r str>,
    pub(super) method: Option<&'r str>,
    pub(super) sha256: Option<&'r str>,
    pub(super) size: Option<u64>,
    pub(super) content_type: Option<&'r str>,
    /// A person whom an event is about.
    pub(super) about: Option<&'r str>,
}

/// What became of the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    Refused,
    NotFound,
    Unknown,
}

/// What a command does, in four words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Create,
    Read,
    Change,
    Other,
}

/// What a command does it to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// A document or a version of it.
    Document,
    /// A need, a direction or a question put to a body.
    Request,
    /// The log's own records.
    Records,
    /// A person, an organisation or a body: what they are, hold and may do.
    Register,
    /// The rest of what a register begins with, and the clock.
    Configuration,
    /// The journal.
    Journal,
    /// Nothing: a heartbeat, or a command of a kind that this release does not know.
    Nothing,
}

impl<'r> Fields<'r> {
    pub(super) fn of(record: &'r Value) -> Self {
        let actor = record.get("actor");
        let command = record.get("command");
        let events = record.get("events").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        // Of an entry's events, the one about content says most; a need recorded with a read comes before it.
        let content = events.iter().find(|event| event.get("digest").is_some());
        let event = content.or(events.first());
        let in_either = |name| text(event, name).or_else(|| text(command, name));
        let kind = text(command, "kind").unwrap_or_default();
        let establishes = text(command.and_then(|command| command.get("event")), "kind");
        let (deed, subject) = meaning(kind, establishes.unwrap_or_default());
        Self {
            index: record.get("index").and_then(Value::as_u64),
            time: text(Some(record), "time"),
            origin: text(Some(record), "origin"),
            request: text(Some(record), "request"),
            outcome: match text(Some(record), "outcome") {
                Some("done") => Outcome::Done,
                Some("refused") => Outcome::Refused,
                Some("not_found") => Outcome::NotFound,
                _ => Outcome::Unknown,
            },
            rules: record
                .get("rules")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect(),
            code: text(record.get("facts"), "code"),
            person: text(actor, "person"),
            organisation: text(actor, "organisation"),
            credential: text(actor, "credential"),
            system: text(actor, "system"),
            command: kind,
            deed,
            subject,
            document: in_either("document"),
            version: text(event, "label").or_else(|| version(command)),
            method: text(command, "method"),
            sha256: in_either("digest"),
            size: [event, command].into_iter().flatten().find_map(|part| part.get("size").and_then(Value::as_u64)),
            content_type: in_either("content_type"),
            about: text(event, "person")
                .or_else(|| text(event, "alternate"))
                .or_else(|| text(event.and_then(|event| event.get("whom")), "person")),
        }
    }

    /// What names the entry among those of all logs.
    pub(super) fn id(&self) -> Option<String> {
        Some(format!("{}/{}", self.origin?, self.index?))
    }
}

/// The value without absent, empty and null members, in all its depth.
pub(super) fn present(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .map(|(name, member)| (name, present(member)))
                .filter(|(_, member)| !is_nothing(member))
                .collect::<Map<_, _>>(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(present).collect()),
        other => other,
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(members) => members.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn meaning(command: &str, establishes: &str) -> (Deed, Subject) {
    match command {
        "view_document" | "view_version" | "read_content" => (Deed::Read, Subject::Document),
        "register_document" | "lodge_version" => (Deed::Create, Subject::Document),
        "determine_classification"
        | "publish_version"
        | "withdraw_version"
        | "propose_classification"
        | "table_version" => (Deed::Change, Subject::Document),
        "offer_version" => (Deed::Other, Subject::Document),
        "record_need" | "issue_direction" | "open_decision" => (Deed::Create, Subject::Request),
        "withdraw_need" | "settle_direction" | "cast_vote" | "close_decision" => (Deed::Change, Subject::Request),
        "read_records" | "read_evidence" | "list_readers" => (Deed::Read, Subject::Records),
        "explain_access" => (Deed::Read, Subject::Register),
        "register_organisation"
        | "register_person"
        | "establish_body"
        | "establish_seat"
        | "propose_appointment"
        | "propose_alternate"
        | "name_secretariat"
        | "appoint_auditor"
        | "bind_credential"
        | "sign_agreement"
        | "confirm_membership"
        | "give_grant"
        | "declare_conflict"
        | "record_breach"
        | "impose_suspension" => (Deed::Create, Subject::Register),
        "remove_person"
        | "abolish_seat"
        | "record_body_review"
        | "approve_appointment"
        | "end_appointment"
        | "approve_alternate"
        | "end_alternate"
        | "unname_secretariat"
        | "dismiss_auditor"
        | "confirm_credential"
        | "revoke_credential"
        | "direct_grant"
        | "revoke_grant"
        | "appeal"
        | "settle_appeal"
        | "lift" => (Deed::Change, Subject::Register),
        "adopt_agreement_text" => (Deed::Change, Subject::Configuration),
        "establish" if ABOUT_PEOPLE.iter().any(|prefix| establishes.starts_with(prefix)) => {
            (Deed::Create, Subject::Register)
        }
        "establish" => (Deed::Create, Subject::Configuration),
        "accept_clock" => (Deed::Change, Subject::Configuration),
        "enter_recovery" => (Deed::Change, Subject::Journal),
        _ => (Deed::Other, Subject::Nothing),
    }
}

/// How the kinds of events begin that are about people and what they may do.
const ABOUT_PEOPLE: [&str; 12] = [
    "person_",
    "organisation_",
    "credential_",
    "appointment_",
    "member_",
    "alternate_",
    "agreement_signed",
    "secretariat_",
    "auditor_",
    "grant_",
    "breach_",
    "suspension_",
];

/// A version as the command names it: by its label, or by a word for one.
fn version(command: Option<&Value>) -> Option<&str> {
    match command?.get("version") {
        Some(Value::String(name)) => Some(name),
        Some(Value::Object(selector)) => match selector.get("label").and_then(Value::as_str) {
            None if selector.contains_key("in_force") => Some("in-force"),
            label => label,
        },
        _ => text(command, "label"),
    }
}

fn text<'v>(value: Option<&'v Value>, name: &str) -> Option<&'v str> {
    value?.get(name)?.as_str()
}
