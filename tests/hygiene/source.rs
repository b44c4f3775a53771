//! The source tells nothing by `Debug`, which writes out whatever a type holds.
//!
//! What is told is told by `Display`, whose text somebody wrote, or as a number; the few places that tell by `Debug` are
//! listed with what they tell.

use std::fs;
use std::path::Path;

use crate::support::directory::files;

/// Where something is told by `Debug`, and what.
const TOLD_BY_DEBUG: [(&str, &str); 2] = [
    ("src/edge/http/listeners.rs", "?allowed"), // a number of open files, or none
    ("src/edge/http/run.rs", "?report"),        // numbers of blobs
];

#[test]
fn nothing_is_told_by_debug_but_what_is_listed() {
    let mut calls = 0;
    let mut found = Vec::new();
    for (name, source) in sources() {
        for call in source.split("tracing::").skip(1) {
            let Some(arguments) = LEVELS.iter().find_map(|level| call.strip_prefix(level)) else { continue };
            calls += 1;
            let arguments = arguments.split(");").next().unwrap();
            for by_debug in arguments.split([' ', '(', '\n', ',', '=']).filter(|word| word.starts_with('?')) {
                found.push((name.clone(), by_debug.to_owned()));
            }
            assert!(!arguments.contains(":?}"), "{name}: {arguments}");
        }
    }
    assert!(calls > 50, "{calls}");
    found.sort();
    assert_eq!(found, TOLD_BY_DEBUG.map(|(name, told)| (name.to_owned(), told.to_owned())));
    println!("hygiene: {calls} calls tell something, {} of them by Debug, as listed", found.len());
}

#[test]
fn no_message_of_an_error_is_put_together_by_debug() {
    let mut messages = 0;
    for (name, source) in sources() {
        for message in source.split("#[error(").skip(1) {
            messages += 1;
            let message = message.split(")]").next().unwrap();
            let by_debug = message.contains("?}");
            assert!(!by_debug || SHOWN_BY_DEBUG.contains(&name.as_str()), "{name}: {message}");
        }
    }
    assert!(messages > 150, "{messages}");
    println!("hygiene: {messages} messages of errors, {} put together by Debug, as listed", SHOWN_BY_DEBUG.len());
}

/// Where messages show something by `Debug`.
const SHOWN_BY_DEBUG: &[&str] = &[
    // The operator's own URL, origin, number of entries, and seconds.
    "src/cli/init/mod.rs",
    "src/edge/http/server.rs",
    "src/edge/witness/ask.rs",
    "src/service/startup/error.rs",
    "src/storage/tiles/error.rs",
];

const LEVELS: [&str; 5] = ["error!", "warn!", "info!", "debug!", "trace!"];

/// The source files less their tests, with their paths.
pub fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    for file in files(&root.join("src")) {
        let name = file.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        let is_test = name.contains("/tests/") || name.ends_with("tests.rs");
        if name.ends_with(".rs") && !is_test {
            let source = fs::read_to_string(&file).unwrap();
            sources.push((name, source.split("#[cfg(test)]").next().unwrap().to_owned()));
        }
    }
    sources
}
