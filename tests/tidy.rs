//! The plan of the house, held by a test: imports go down, every file says what it is, and only the clock asks the
//! time.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The floors from the ground up. An import goes to a lower floor, or stays on its own.
const FLOORS: [&str; 5] = ["pure", "storage", "service", "edge", "cli"];

/// Within a floor, rooms that use nothing else of Strongroom.
const SELF_CONTAINED: [&str; 4] = ["pure/domain", "pure/tlog", "pure/detached", "pure/lodger"];

/// Rooms of one floor that others of the same floor may not use: `service` alone joins them.
const APART: [(&str, &str); 2] = [("storage/view", "storage/journal"), ("storage/journal", "storage/view")];

/// What the verbs of an auditor may use: nothing of the server's storage or service.
const AUDITORS_VERBS: [&str; 2] = ["cli/verify.rs", "cli/audit/"];

/// Who may reach files past `storage::disk`, below the edge. All other files of a data directory go through its trait, which
/// a simulated disk implements (tests/crashes).
const PAST_THE_DISK: [(&str, &str); 8] = [
    ("storage/disk/real.rs", "it is the real disk"),
    (
        "storage/disk/outside.rs",
        "it reads and syncs what lies outside the data directory; what it writes, the disk writes",
    ),
    ("storage/view/view.rs", "the view's engine keeps files of its own, and a start makes them again from the journal"),
    (
        "storage/seal/keys/provider.rs",
        "a key file is read once, at a start, and made before anything is sealed under it",
    ),
    ("service/startup/log_keys.rs", "it looks for the key files of later epochs, once, at a start"),
    ("service/startup/rotating.rs", "it makes a key file, before the entry that tells of it"),
    ("service/checking/mod.rs", "a check copies the view aside, and changes nothing"),
    ("service/checking/copy.rs", "a check copies the view aside, and changes nothing"),
];

/// The most lines that a source file may have, its tests included.
const MOST_LINES: usize = 500;

#[test]
fn imports_go_down() {
    let mut findings = Vec::new();
    for source in sources() {
        let Some(floor) = floor_of(&source.path) else { continue };
        for (line, import) in imports(&source.text) {
            let Some(target) = floor_of(&import) else { continue };
            if target > floor {
                findings.push(format!("{}:{line} uses {import}, which lies above it", source.path));
            }
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn self_contained_rooms_use_nothing_else_of_ours() {
    let mut findings = Vec::new();
    for source in sources() {
        let Some(room) = SELF_CONTAINED.iter().find(|room| source.path.starts_with(*room)) else { continue };
        for (line, import) in imports(&source.text) {
            if !import.starts_with(room) {
                findings.push(format!("{}:{line} uses {import}, outside its room", source.path));
            }
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn rooms_that_the_service_joins_do_not_know_each_other() {
    let mut findings = Vec::new();
    for source in sources() {
        for (room, other) in APART {
            let knows = |import: &str| import.starts_with(other);
            if source.path.starts_with(room) {
                let strays = imports(&source.text).into_iter().filter(|(_, import)| knows(import));
                findings.extend(strays.map(|(line, import)| format!("{}:{line} uses {import}", source.path)));
            }
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn an_auditor_need_not_trust_the_servers_code() {
    let mut findings = Vec::new();
    for source in sources().into_iter().filter(|source| AUDITORS_VERBS.iter().any(|verb| source.path.starts_with(verb)))
    {
        for (line, import) in imports(&source.text) {
            let allowed = ["pure", "edge/client", "cli"].iter().any(|room| import.starts_with(room));
            if !allowed {
                findings.push(format!("{}:{line} uses {import}", source.path));
            }
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn the_ground_floor_does_no_input_or_output() {
    let forbidden = ["std::fs", "std::net", "std::time::SystemTime", "std::time::Instant", "std::thread", "tokio::"];
    let mut findings = Vec::new();
    for source in sources().into_iter().filter(|source| source.path.starts_with("pure/") && !is_test(&source.path)) {
        for word in forbidden {
            if source.text.contains(word) {
                findings.push(format!("{} has {word}", source.path));
            }
        }
        if source.text.contains("SystemRandom") {
            findings.push(format!("{} draws random bytes", source.path));
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn only_the_clock_asks_what_time_it_is() {
    let asks = ["SystemTime::now", "Timestamp::now", "Zoned::now", "OffsetDateTime::now"];
    let mut findings = Vec::new();
    for source in sources().into_iter().filter(|source| source.path != "service/clock.rs" && !is_test(&source.path)) {
        let code = source.text.split("#[cfg(test)]").next().unwrap_or_default();
        findings.extend(asks.iter().filter(|ask| code.contains(**ask)).map(|ask| format!("{} has {ask}", source.path)));
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn sled_lives_in_the_view_alone() {
    let strays: Vec<_> = sources()
        .into_iter()
        .filter(|source| source.text.contains("sled::") && !source.path.starts_with("storage/view"))
        .map(|source| source.path)
        .collect();
    assert!(strays.is_empty(), "{strays:?}");
}

#[test]
fn files_are_reached_through_the_disk_alone() {
    let ways = ["std::fs", "tokio::fs", "unix::fs", "rustix::fs", "LocalFileSystem"];
    let reaches = |text: &str| ways.iter().any(|way| text.contains(way));
    let mut reaching = Vec::new();
    for source in sources() {
        let is_below = ["storage/", "service/"].iter().any(|floor| source.path.starts_with(floor));
        let code = source.text.split("#[cfg(test)]").next().unwrap_or_default();
        if is_below && !is_test(&source.path) && reaches(code) {
            reaching.push(source.path);
        }
    }
    let mut allowed: Vec<_> = PAST_THE_DISK.iter().map(|(path, _)| (*path).to_owned()).collect();
    allowed.sort();
    assert_eq!(reaching, allowed, "who reaches files past the disk, and who may");
}

#[test]
fn only_the_registrar_makes_a_read_permit() {
    let makers: Vec<_> = sources()
        .into_iter()
        .filter(|source| source.text.contains("ReadPermit::new(") || source.text.contains("ReadPermit {"))
        .map(|source| source.path)
        .collect();
    assert!(makers.iter().all(|path| path.starts_with("service/registrar/")), "{makers:?}");
}

#[test]
fn every_file_says_what_it_is() {
    let silent: Vec<_> =
        sources().into_iter().filter(|source| !source.text.starts_with("//!")).map(|source| source.path).collect();
    assert!(silent.is_empty(), "without a //! head: {silent:?}");
}

#[test]
fn files_are_small() {
    let large: BTreeMap<_, _> = sources()
        .into_iter()
        .map(|source| (source.path, source.text.lines().count()))
        .filter(|(_, lines)| *lines > MOST_LINES)
        .collect();
    assert!(large.is_empty(), "over {MOST_LINES} lines: {large:?}");
}

#[test]
fn nothing_is_left_undone() {
    let marks = ["todo!(", "unimplemented!(", "#[ignore", "TODO", "FIXME", "XXX"];
    let mut findings = Vec::new();
    for source in sources() {
        findings.extend(
            marks.iter().filter(|mark| source.text.contains(**mark)).map(|mark| format!("{} has {mark}", source.path)),
        );
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

struct Source {
    /// Relative to `src/`, with `/`.
    path: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let relative = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                sources.push(Source { path: relative, text: fs::read_to_string(&path).unwrap() });
            }
        }
    }
    assert!(sources.len() > 50, "the sources were not found");
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    sources
}

fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs") || path.ends_with("_tests.rs")
}

fn floor_of(path: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| path.split('/').next() == Some(*floor))
}

/// Every path into this crate that the text names, with its line: `crate::a::b` as `a/b`, groups opened.
fn imports(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        for (at, _) in code.match_indices("crate::") {
            let rest = &code[at + "crate::".len()..];
            let path: String = rest.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':')).collect();
            let path = path.trim_end_matches(':').replace("::", "/");
            let group = rest.strip_prefix('{').and_then(|group| group.split('}').next());
            match group {
                Some(group) => {
                    let members = group.split(',').map(|member| member.trim().replace("::", "/"));
                    found.extend(members.filter(|member| !member.is_empty()).map(|member| (number + 1, member)));
                }
                None => found.push((number + 1, path)),
            }
        }
    }
    found
}

#[test]
fn the_reader_of_imports_sees_them() {
    let text = "use crate::storage::view::View;\n// crate::cli\nlet x = crate::pure::domain::id::parse();\n";
    let expected = [(1, "storage/view/View".to_owned()), (3, "pure/domain/id/parse".to_owned())];
    assert_eq!(imports(text), expected);
    assert_eq!(imports("use crate::{cli, edge::http};")[1], (1, "edge/http".to_owned()));
}
