//! Records are for ever: today's code writes exactly the bytes of `tests/golden/record`, and reads them back to the
//! same.
//!
//! One golden record for every kind of event (`event-*`), and one for every kind of command that a rule refused
//! (`refused-*`) or that was about something hidden (`not_found-*`). After a new kind was added,
//! `STRONGROOM_BLESS=1 cargo test --test records` writes its file; it never changes one that is there.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, helpers included")]

mod commands;
mod events;
mod governance;
mod rfc8785;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use strongroom::pure::domain::command::System;
use strongroom::pure::domain::decide::{Answer, Grant, Grounds};
use strongroom::pure::domain::id::{CredentialId, Handle};
use strongroom::pure::domain::refusal::{Refusal, RefusalCode};
use strongroom::pure::domain::rule::Rule;
use strongroom::pure::domain::time::Instant;
use strongroom::pure::record::{Heading, MAX_RECORD_LEN, Outcome, Record, RecordActor, RecordError};

use commands::{asks_for_something_hidden, command_kind};
use events::event_kind;

#[test]
fn records_are_written_as_the_golden_bytes() {
    for (name, record) in examples() {
        let bytes = record.to_bytes().unwrap();
        let path = golden().join(&name);
        if std::env::var_os("STRONGROOM_BLESS").is_some() && !path.exists() {
            fs::write(&path, &bytes).unwrap();
        }
        let stored = fs::read(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(text(&bytes), text(&stored), "{name}");
    }
}

#[test]
fn golden_bytes_are_read_back_to_the_same_record() {
    for (name, record) in examples() {
        let stored = fs::read(golden().join(&name)).unwrap();
        let read = Record::from_bytes(&stored).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(read, record, "{name}");
        assert_eq!(read.to_bytes().unwrap(), stored, "{name}");
    }
}

#[test]
fn every_golden_file_is_of_a_kind_that_the_code_knows() {
    let known: BTreeSet<String> = examples().into_iter().map(|(name, _)| name).collect();
    let stored = fs::read_dir(golden()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    assert_eq!(stored.collect::<BTreeSet<_>>(), known);
}

#[test]
fn fields_that_this_release_does_not_know_are_passed_over() {
    for (name, record) in examples() {
        let mut value: Value = serde_json::from_slice(&fs::read(golden().join(&name)).unwrap()).unwrap();
        add_unknown(&mut value);
        add_unknown(&mut value["actor"]);
        add_unknown(&mut value["command"]);
        if let Some(events) = value.get_mut("events").and_then(Value::as_array_mut) {
            events.iter_mut().for_each(add_unknown);
        }
        let mut read = Record::from_bytes(&serde_json::to_vec(&value).unwrap()).unwrap();
        assert!(read.command.get("added_later").is_some(), "{name}: a command is kept as it was stored");
        read.command.as_object_mut().unwrap().remove("added_later");
        assert_eq!(read, record, "{name}");
    }
}

#[test]
fn a_record_of_a_newer_form_is_named_as_such() {
    let newer = br#"{"v":2,"index":7,"something":"else"}"#;
    assert_eq!(Record::from_bytes(newer), Err(RecordError::UnknownVersion(2)));
}

#[test]
fn an_event_that_this_release_does_not_know_is_an_error() {
    let stored = fs::read_to_string(golden().join("event-heartbeat.json")).unwrap();
    let unknown = stored.replace(r#""kind":"heartbeat""#, r#""kind":"earthquake""#);
    assert_ne!(stored, unknown);
    assert!(matches!(Record::from_bytes(unknown.as_bytes()), Err(RecordError::Unreadable(_))));
}

#[test]
fn a_record_has_at_most_60_000_bytes() {
    let (_, record) = examples().remove(0);
    let long = |len| {
        let mut long = record.clone();
        long.origin = "x".repeat(len);
        long
    };
    let rest = long(0).to_bytes().unwrap().len();
    assert_eq!(long(MAX_RECORD_LEN - rest).to_bytes().unwrap().len(), MAX_RECORD_LEN);
    let too_long = long(MAX_RECORD_LEN - rest + 1).to_bytes();
    assert_eq!(too_long, Err(RecordError::TooLong { len: MAX_RECORD_LEN + 1 }));
}

#[test]
fn a_number_that_json_cannot_hold_exactly_breaks_no_record() {
    let command = strongroom::pure::domain::command::Command::ReadEvidence { index: u64::MAX };
    for record in
        [Record::not_found(heading(person()), &command), Record::refused(heading(person()), &command, &refusal())]
    {
        let bytes = record.to_bytes().unwrap();
        assert_eq!(Record::from_bytes(&bytes).unwrap().to_bytes().unwrap(), bytes);
    }
}

#[test]
fn read_6_the_record_of_something_hidden_holds_no_more_than_names() {
    let allowed = ["v", "index", "time", "origin", "actor", "command", "outcome", "request"];
    let names = [
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
    for command in commands::examples() {
        let record = Record::not_found(heading(person()), &command);
        let value: Value = serde_json::from_slice(&record.to_bytes().unwrap()).unwrap();
        for field in value.as_object().unwrap().keys() {
            assert!(allowed.contains(&field.as_str()), "{field} of {}", command_kind(&command));
        }
        for (field, named) in value["command"].as_object().unwrap() {
            assert!(names.contains(&field.as_str()), "{field} of {}", command_kind(&command));
            assert!(named.is_string() || named.is_number(), "{field} of {}", command_kind(&command));
        }
        assert_eq!(value["actor"].as_object().unwrap().keys().collect::<Vec<_>>(), ["credential", "person"]);
    }
}

#[test]
fn read_6_the_records_of_something_hidden_and_of_something_absent_differ_only_in_the_names() {
    for command in commands::examples() {
        let hidden = Record::not_found(heading(person()), &command).to_bytes().unwrap();
        let renamed = serde_json::to_string(&command).unwrap().replace(commands::DOCUMENT, "absent");
        let absent = Record::not_found(heading(person()), &serde_json::from_str(&renamed).unwrap()).to_bytes().unwrap();
        assert_eq!(text(&hidden).replace(commands::DOCUMENT, "absent"), text(&absent));
    }
}

#[test]
fn a_record_leads_to_the_fingerprint_of_its_command_if_it_made_something() {
    for command in commands::examples() {
        let grant = grant(Vec::new());
        let done = Record::from_bytes(&Record::done(heading(person()), &command, &grant).to_bytes().unwrap()).unwrap();
        let names = done.occurrence_names();
        let made = done.occurrence(&names).made;
        let discloses = DISCLOSURES.contains(&command_kind(&command));
        assert_eq!(made, (!discloses).then(|| ("8f0e1c2a", command.fingerprint())), "{}", command_kind(&command));
        for other in [
            Record::refused(heading(person()), &command, &refusal()),
            Record::not_found(heading(person()), &command),
            Record::done(heading(RecordActor::System { system: System::Bootstrap }), &command, &grant),
        ] {
            assert_eq!(other.occurrence(&other.occurrence_names()).made, None);
        }
    }
}

/// The kinds of commands that only disclose.
const DISCLOSURES: [&str; 5] = ["read_content", "read_records", "read_evidence", "explain_access", "list_readers"];

#[test]
fn read_6_the_record_of_something_hidden_holds_what_was_named_within_a_choice() {
    let named = |command: &str| {
        let command = serde_json::from_str(command).unwrap();
        let record = Record::not_found(heading(person()), &command);
        String::from_utf8(serde_json_canonicalizer::to_vec(&record.command).unwrap()).unwrap()
    };
    let lift = r#"{"kind":"lift","against":{"suspension":"suspension-7"},"reason":"words","decision":"decision-9"}"#;
    assert_eq!(named(lift), r#"{"against":"suspension-7","decision":"decision-9","kind":"lift"}"#);
    let declare = r#"{"kind":"declare_conflict","about":{"decision":"decision-9"},"statement":"words"}"#;
    assert_eq!(named(declare), r#"{"decision":"decision-9","kind":"declare_conflict"}"#);
    let impose = r#"{"kind":"impose_suspension","whom":{"organisation":"dcc"},"scope":"all","grounds":"words"}"#;
    assert_eq!(named(impose), r#"{"kind":"impose_suspension","organisation":"dcc"}"#);
    let everyone = r#"{"kind":"impose_suspension","whom":"service","scope":"all","grounds":"words"}"#;
    assert_eq!(named(everyone), r#"{"kind":"impose_suspension"}"#);
    let open = |subject: &str| {
        named(&format!(
            r#"{{"kind":"open_decision","body":"pma","decision_kind":"other","subject":{subject},"question":"words","meeting":null}}"#
        ))
    };
    assert_eq!(open(r#"{"matter":{"matter":"words"}}"#), r#"{"body":"pma","kind":"open_decision"}"#);
    assert_eq!(
        open(r#"{"participant":{"organisation":"dcc","services":"words"}}"#),
        r#"{"body":"pma","kind":"open_decision","organisation":"dcc"}"#
    );
    assert_eq!(
        open(r#"{"version":{"document":"device-cp","version":"3.0","to":"panel"}}"#),
        r#"{"body":"pma","document":"device-cp","kind":"open_decision","to":"panel","version":"3.0"}"#
    );
}

/// Every golden record by the name of its file.
fn examples() -> Vec<(String, Record)> {
    let mut examples = Vec::new();
    for (actor, command, event) in events::examples() {
        let name = format!("event-{}.json", event_kind(&event));
        let mut done = grant(vec![event]);
        if actor.person().is_none() {
            (done.rules, done.grounds) = (Vec::new(), Grounds::new());
        }
        examples.push((name, Record::done(heading(actor), &command, &done)));
    }
    let (actor, command, event) = events::lodged_signed();
    examples
        .push(("event-version_lodged-signed.json".into(), Record::done(heading(actor), &command, &grant(vec![event]))));
    for (of, command, event) in governance::in_full() {
        let name = format!("event-{}-{of}.json", event_kind(&event));
        examples.push((name, Record::done(heading(person()), &command, &grant(vec![event]))));
    }
    let badly = commands::lodge_badly_signed();
    examples.push(("refused-lodge_version-signed.json".into(), Record::refused(heading(person()), &badly, &refusal())));
    for command in commands::examples() {
        let name = format!("refused-{}.json", command_kind(&command));
        examples.push((name, Record::refused(heading(person()), &command, &refusal())));
        if asks_for_something_hidden(&command) {
            let name = format!("not_found-{}.json", command_kind(&command));
            let record = Record::not_found(heading(person()), &command);
            assert_eq!(record.outcome, Outcome::NotFound);
            examples.push((name, record));
        }
    }
    examples
}

fn heading(actor: RecordActor) -> Heading {
    Heading {
        index: 1042,
        time: Instant::parse("2026-11-24T09:30:00.123456Z").unwrap(),
        origin: "strongroom.example/log".into(),
        actor,
        request: "8f0e1c2a".into(),
    }
}

fn person() -> RecordActor {
    RecordActor::Person {
        person: handle("chair"),
        organisation: Some(handle("independent")),
        credential: CredentialId([0xc1; 32]),
    }
}

fn grant(events: Vec<strongroom::pure::domain::event::Event>) -> Grant {
    Grant {
        events,
        rules: vec![Rule::Read1, Rule::Red1, Rule::Read3],
        grounds: Grounds::from([("level".into(), "RED".into())]),
        answer: Answer::Entered,
    }
}

fn refusal() -> Refusal {
    Refusal {
        code: RefusalCode::NeedRequired,
        rule: Rule::Read3,
        detail: "never stored".into(),
        satisfy: "never stored".into(),
    }
}

fn handle(text: &str) -> Handle {
    Handle::parse(text).unwrap()
}

fn add_unknown(value: &mut Value) {
    value.as_object_mut().unwrap().insert("added_later".into(), serde_json::json!({"a": [1, null]}));
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn golden() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/record")
}
