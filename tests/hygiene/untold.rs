//! `Debug` of what holds people's words tells none of them.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use strongroom::pure::domain::need::NeedReason;
use strongroom::pure::wire;

use crate::search::Secrets;
use crate::source::sources;

#[test]
fn no_type_that_holds_words_derives_debug() {
    let (mut holds, mut derives) = (0, BTreeSet::new());
    for (name, source) in sources() {
        if !["src/pure/domain/", "src/pure/wire/"].iter().any(|room| name.starts_with(room)) {
            continue;
        }
        // Each piece begins with the derives of a type and goes up to those of the next.
        for piece in source.split("#[derive(").skip(1) {
            let (derived, rest) = piece.split_once(")]").unwrap();
            let Some((_, rest)) = rest.split_once("pub struct ").or_else(|| rest.split_once("pub enum ")) else {
                continue;
            };
            let (head, body) = rest.split_once(" {\n").unwrap_or((rest, ""));
            let body = body.split("\n}").next().unwrap();
            if !body.lines().any(is_words) {
                continue;
            }
            holds += 1;
            if derived.contains("Debug") && !NO_SECRET.contains(&(name.as_str(), head)) {
                derives.insert(format!("{name}: {head}"));
            }
        }
    }
    assert!(holds > 50, "{holds}");
    assert_eq!(derives, BTreeSet::new());
    println!("hygiene: {holds} types hold words, none derives Debug");
}

#[test]
fn debug_of_what_holds_words_tells_none() {
    let mut secrets = Secrets::default();
    secrets.add("the words", WORDS);
    let need = NeedReason { purpose: "operate".into(), statement: WORDS.into(), reference: Some(WORDS.into()) };
    let told = [
        format!("{need:?}"),
        format!("{:#?}", Some(vec![need])),
        told_of::<wire::document::NewDocument>(json!({
            "document": "policy", "title": WORDS, "type": "paper", "set": "smki", "body": "pma",
        })),
        told_of::<wire::need::NewNeed>(
            json!({ "document": "policy", "purpose": "operate", "statement": WORDS, "reference": WORDS }),
        ),
        told_of::<wire::direction::NewDirection>(json!({
            "document": "policy", "title": WORDS, "requirement": WORDS, "due": "2090-01-01",
        })),
        told_of::<wire::reason::Reason>(json!({ "reason": WORDS })),
        told_of::<wire::decision::NewDecision>(json!({
            "body": "pma", "kind": "other", "subject": {"matter": WORDS}, "question": WORDS,
        })),
    ];
    for told in told {
        assert_eq!(secrets.found_in(told.as_bytes()), None);
        assert!(told.contains("{ .. }"), "it says what it is: {told}");
    }
}

fn told_of<T: DeserializeOwned + std::fmt::Debug>(value: Value) -> String {
    format!("{:?}", serde_json::from_value::<T>(value).unwrap())
}

/// Whether a line of a type is a member that holds words.
fn is_words(line: &str) -> bool {
    let line = line.trim().trim_start_matches("pub ");
    let Some((name, kind)) = line.split_once(": ") else { return false };
    MEMBERS.contains(&name) && matches!(kind.trim_end_matches(','), "String" | "Option<String>")
}

const MEMBERS: [&str; 10] =
    ["title", "statement", "reference", "requirement", "reason", "note", "question", "text", "grounds", "matter"];

/// Types with such a member that is for everyone: the text of a signed note, and the title of a problem's code.
const NO_SECRET: [(&str, &str); 2] =
    [("src/pure/domain/log_keys.rs", "Rotation"), ("src/pure/wire/problem.rs", "Problem")];

const WORDS: &str = "what the members alone shall know of the Zugspitze";
