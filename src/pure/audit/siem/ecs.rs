//! The Elastic Common Schema (ECS): its categories of events, its fields, and the rest under `strongroom`.

use serde_json::{Value, json};

use super::fields::{Deed, Fields, Outcome, Subject, present};

/// The version of the schema that [`event`] writes.
pub const VERSION: &str = "8.17.0";

/// A record as an ECS event.
pub fn event(record: &Value) -> Value {
    let fields = Fields::of(record);
    let related: Vec<_> =
        [fields.person, fields.about.filter(|about| fields.person != Some(about))].into_iter().flatten().collect();
    present(json!({
        "@timestamp": fields.time,
        "ecs": { "version": VERSION },
        "event": {
            "kind": "event",
            "category": categories(&fields),
            "type": types(&fields),
            "action": fields.command,
            "outcome": outcome(&fields),
            "reason": fields.code,
            "id": fields.id(),
            "sequence": fields.index,
            "module": "strongroom",
            "dataset": "strongroom.audit",
            "provider": "strongroom",
        },
        "service": { "type": "strongroom", "name": fields.origin },
        "user": { "name": fields.person, "id": fields.person },
        "organization": { "name": fields.organisation, "id": fields.organisation },
        "http": { "request": { "id": fields.person.and(fields.request), "method": fields.method } },
        "file": { "hash": { "sha256": fields.sha256 }, "size": fields.size, "mime_type": fields.content_type },
        "rule": { "id": fields.rules, "ruleset": (!fields.rules.is_empty()).then_some("strongroom") },
        "related": { "user": related, "hash": fields.sha256.into_iter().collect::<Vec<_>>() },
        "strongroom": {
            "v": record.get("v"),
            "credential": fields.credential,
            "system": fields.system,
            "request": fields.request,
            "outcome": record.get("outcome"),
            "document": fields.document,
            "version": fields.version,
            "command": record.get("command"),
            "facts": record.get("facts"),
            "events": record.get("events"),
        },
    }))
}

fn categories(fields: &Fields<'_>) -> Vec<&'static str> {
    // What a person asks for comes through the API; only there does ECS expect `allowed` and `denied`.
    let mut categories: Vec<_> = fields.person.map(|_| "api").into_iter().collect();
    categories.extend(match fields.subject {
        Subject::Document => Some("file"),
        Subject::Records | Subject::Journal => Some("database"),
        Subject::Register => Some("iam"),
        Subject::Configuration => Some("configuration"),
        Subject::Request | Subject::Nothing => None,
    });
    categories
}

fn types(fields: &Fields<'_>) -> Vec<&'static str> {
    let mut types = vec![match fields.deed {
        Deed::Create => "creation",
        Deed::Read => "access",
        Deed::Change => "change",
        Deed::Other => "info",
    }];
    if fields.person.is_some() {
        types.extend(match fields.outcome {
            Outcome::Done => Some("allowed"),
            Outcome::Refused | Outcome::NotFound => Some("denied"),
            Outcome::Unknown => None,
        });
    }
    types
}

fn outcome(fields: &Fields<'_>) -> &'static str {
    match fields.outcome {
        Outcome::Done => "success",
        Outcome::Refused | Outcome::NotFound => "failure",
        Outcome::Unknown => "unknown",
    }
}
