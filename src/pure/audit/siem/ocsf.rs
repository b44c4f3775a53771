//! The Open Cybersecurity Schema Framework (OCSF): each record is an event of the class API Activity, and what the
//! class has no attribute for goes under `unmapped`.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::fields::{Deed, Fields, Outcome, present};

/// The version of the schema that [`event`] writes.
pub const VERSION: &str = "1.3.0";

/// A record as an OCSF event.
pub fn event(record: &Value) -> Value {
    let fields = Fields::of(record);
    let (activity, activity_name) = activity(&fields);
    let (status, status_name) = status(&fields);
    let (severity, severity_name) = severity(&fields);
    present(json!({
        "class_uid": CLASS, "class_name": "API Activity",
        "category_uid": CATEGORY, "category_name": "Application Activity",
        "activity_id": activity, "activity_name": activity_name,
        "type_uid": CLASS * 100 + activity, "type_name": format!("API Activity: {}", if activity == OTHER { "Other" } else { activity_name }),
        "time": fields.time.and_then(|time| time.parse::<Timestamp>().ok()).map(Timestamp::as_millisecond),
        "severity_id": severity, "severity": severity_name,
        "status_id": status, "status": status_name,
        "status_code": fields.code.or_else(|| record.get("outcome").and_then(Value::as_str)),
        "message": message(&fields),
        "metadata": {
            "version": VERSION,
            "product": { "name": "Strongroom", "vendor_name": "Strongroom" },
            "uid": fields.id(),
            "sequence": fields.index,
            "log_name": fields.origin,
            "event_code": fields.command,
            "original_time": fields.time,
            "correlation_uid": fields.request,
        },
        "actor": {
            "user": {
                "name": fields.person,
                "uid": fields.person,
                "credential_uid": fields.credential,
                "type_id": fields.person.map(|_| 1),
                "org": { "name": fields.organisation, "uid": fields.organisation },
            },
            "app_name": fields.system.map(|_| "strongroom"),
            "app_uid": fields.system,
            "authorizations": authorizations(&fields),
        },
        // The log knows no addresses: what it knows of the other end is the key with which it authenticated.
        "src_endpoint": {
            "uid": fields.credential,
            "name": fields.system.map(|_| "strongroom"),
        },
        "api": {
            "operation": fields.command,
            "service": { "name": "strongroom", "uid": fields.origin },
            "request": { "uid": fields.request },
            "response": { "error": fields.code },
        },
        "http_request": { "http_method": fields.method },
        "resources": resources(&fields),
        "observables": fields.sha256.map(|hash| {
            // Type 8: a hash.
            json!([{ "name": "resources[].data.sha256", "type_id": 8, "type": "Hash", "value": hash }])
        }),
        "unmapped": {
            "v": record.get("v"),
            "outcome": record.get("outcome"),
            "command": record.get("command"),
            "rules": record.get("rules"),
            "facts": record.get("facts"),
            "events": record.get("events"),
        },
    }))
}

/// Application Activity.
const CATEGORY: u64 = 6;
/// API Activity.
const CLASS: u64 = 6003;
/// An activity that the schema has no name for.
const OTHER: u64 = 99;

fn activity<'r>(fields: &Fields<'r>) -> (u64, &'r str) {
    match fields.deed {
        Deed::Create => (1, "Create"),
        Deed::Read => (2, "Read"),
        Deed::Change => (3, "Update"),
        // "Other" carries the source's own word.
        Deed::Other => (OTHER, fields.command),
    }
}

fn status(fields: &Fields<'_>) -> (u64, &'static str) {
    match fields.outcome {
        Outcome::Done => (1, "Success"),
        Outcome::Refused | Outcome::NotFound => (2, "Failure"),
        Outcome::Unknown => (0, "Unknown"),
    }
}

fn severity(fields: &Fields<'_>) -> (u64, &'static str) {
    match fields.outcome {
        Outcome::Refused | Outcome::NotFound => (2, "Low"),
        Outcome::Done | Outcome::Unknown => (1, "Informational"),
    }
}

fn message(fields: &Fields<'_>) -> String {
    let actor = fields.person.or(fields.system).unwrap_or("somebody");
    let outcome = match fields.outcome {
        Outcome::Done => "done",
        Outcome::Refused => "refused",
        Outcome::NotFound => "not found",
        Outcome::Unknown => "outcome unknown",
    };
    let about: Vec<_> = [fields.document, fields.version].into_iter().flatten().collect();
    let about = if about.is_empty() { String::new() } else { format!(" {}", about.join(" ")) };
    format!("{actor}: {}{about}: {outcome}", fields.command)
}

/// The rules that permitted or refused it.
fn authorizations(fields: &Fields<'_>) -> Vec<Value> {
    let decision = match fields.outcome {
        Outcome::Done => "allowed",
        _ => "denied",
    };
    fields.rules.iter().map(|rule| json!({ "decision": decision, "policy": { "uid": rule } })).collect()
}

fn resources(fields: &Fields<'_>) -> Vec<Value> {
    let resource = |document| {
        present(json!({
            "type": "document",
            "uid": document,
            "name": document,
            "version": fields.version,
            "data": { "sha256": fields.sha256, "size": fields.size, "content_type": fields.content_type },
        }))
    };
    fields.document.map(resource).into_iter().collect()
}
