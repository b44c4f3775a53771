//! The whole demonstration, with everything told that any level tells.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::keys;
use crate::search::Secrets;

#[test]
fn the_demonstration_tells_no_secret_at_any_level() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("demo");
    let own = parent.path().join("own.txt");
    fs::write(&own, OWN).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_strongroom"))
        .args(["demo", "--exit", "--json", "--level", "trace", "--dir"])
        .arg(&dir)
        .arg("--document")
        .arg(&own)
        .output()
        .unwrap();
    let told = output.stderr;
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&told));

    let mut secrets = Secrets::default();
    let played: Value = last_value(&output.stdout);
    let said = words(&played);
    assert!(said.len() > 25, "titles, statements, reasons, decisions and their like: {said:#?}");
    for (member, words) in &said {
        secrets.add(&format!("the {member} {words:?}"), words);
    }
    for line in OWN.lines().chain(sample_lines(&dir).iter().map(String::as_str)) {
        secrets.add("a line of a document", line);
    }
    keys::add(&mut secrets, &dir);
    assert_eq!(secrets.found_in(&told), None);

    let lines = String::from_utf8(told).unwrap();
    assert!(lines.lines().count() > 50, "every request is told of: {lines}");
    for part in ["strongroom::", "request", "route"] {
        assert!(lines.contains(part), "{part}: {lines}");
    }
    println!(
        "hygiene: the demonstration told {} lines, {} bytes at trace; {} secrets in {} spellings looked for, none found",
        lines.lines().count(),
        lines.len(),
        secrets.count(),
        secrets.spellings(),
    );
}

/// What was told to the server in words: the values of these members in the requests that the steps show.
fn words(played: &Value) -> BTreeSet<(&'static str, String)> {
    let mut found = BTreeSet::new();
    for step in played["steps"].as_array().unwrap() {
        let command = step["command"].as_str().unwrap();
        for member in MEMBERS {
            // In a JSON body, and in a Reasonable-Need field.
            for (before, end) in [(format!("\"{member}\":\""), '"'), (format!("{member}=\""), '"')] {
                for rest in command.split(before.as_str()).skip(1) {
                    let value = rest.split(end).next().unwrap();
                    if value.len() >= 12 && !value.starts_with("-----") {
                        found.insert((member, value.to_owned()));
                    }
                }
            }
        }
    }
    found
}

/// The lines of the documents that the demonstration lodges as text, all of them above WHITE but one.
fn sample_lines(dir: &Path) -> BTreeSet<String> {
    let samples = fs::read_dir(dir.join("samples")).unwrap().map(|file| file.unwrap().path());
    let texts = samples.filter(|path| path.extension().is_some_and(|extension| extension == "txt"));
    let lines = texts.flat_map(|path| fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect::<Vec<_>>());
    lines.filter(|line| line.len() >= 24).collect()
}

fn last_value(stdout: &[u8]) -> Value {
    let values = serde_json::Deserializer::from_slice(stdout).into_iter::<Value>();
    values.map(Result::unwrap).last().unwrap()
}

const MEMBERS: [&str; 13] = [
    "title",
    "statement",
    "reference",
    "requirement",
    "reason",
    "note",
    "question",
    "text",
    "grounds",
    "matter",
    "name",
    "subject",
    "signature",
];

const OWN: &str =
    "The Matterhorn memorandum: what the members alone shall know.\nSecond line, of the Eiger's north face.\n";
