//! Every rule is named: by a test, whose name begins with the rule's id, and by the README's table of rules.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, helpers included")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use strongroom::pure::domain::rule::Rule;

#[test]
fn every_rule_is_named_by_a_test() {
    let tests = tests_of_the_package();
    let named = |rule: &Rule| tests.iter().any(|test| test.starts_with(&begins(rule.id())));
    let unnamed: Vec<_> = Rule::ALL.iter().filter(|rule| !named(rule)).map(|rule| rule.id()).collect();
    assert!(unnamed.is_empty(), "no test's name begins with the id of {unnamed:?}; READ-3 is named by fn read_3_…");
}

#[test]
fn every_rule_stands_in_the_readmes_table() {
    let table = ids_in_the_table(&fs::read_to_string(root().join("README.md")).unwrap());
    let known: BTreeSet<_> = Rule::ALL.iter().map(|rule| rule.id().to_owned()).collect();
    let missing: Vec<_> = known.difference(&table).collect();
    let strange: Vec<_> = table.difference(&known).collect();
    assert!(missing.is_empty(), "the README's table of rules leaves out {missing:?}");
    assert!(strange.is_empty(), "the README's table of rules names {strange:?}, which are no rules");
}

/// What the names of a rule's tests begin with.
fn begins(id: &str) -> String {
    format!("{}_", id.to_lowercase().replace('-', "_"))
}

/// The names of all functions that are tests, of the library's and of the package's.
fn tests_of_the_package() -> BTreeSet<String> {
    let mut folders = vec![root().join("src"), root().join("tests")];
    let mut tests = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                tests.extend(tests_in(&fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(tests.len() > 500, "the tests were not found");
    tests
}

/// The names of functions under an attribute that makes them a test: `#[test]`, or that of a runtime.
fn tests_in(text: &str) -> Vec<String> {
    let mut tests = Vec::new();
    let mut is_test = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with("#[") {
            is_test |= line.starts_with("#[test]") || line.contains("::test]") || line.contains("::test(");
        } else if let Some((_, function)) = line.split_once("fn ").filter(|_| is_test) {
            tests.push(function.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
            is_test = false;
        } else if !line.starts_with("//") && !line.is_empty() {
            is_test = false;
        }
    }
    tests
}

/// The ids in the first column of the table of rules. `AMBER-2 to AMBER-4` names the one between too.
fn ids_in_the_table(readme: &str) -> BTreeSet<String> {
    let rows = readme.lines().skip_while(|line| !line.starts_with("| rule |")).skip(2);
    let cells = rows.take_while(|line| line.starts_with('|')).filter_map(|row| row.split('|').nth(1));
    let mut ids = BTreeSet::new();
    for item in cells.flat_map(|cell| cell.split(',')).map(str::trim) {
        let Some((first, last)) = item.split_once(" to ") else {
            ids.insert(item.to_owned());
            continue;
        };
        let (chapter, from) = numbered(first);
        let (_, to) = numbered(last);
        ids.extend((from..=to).map(|number| format!("{chapter}-{number}")));
    }
    ids
}

fn numbered(id: &str) -> (&str, u32) {
    let (chapter, number) = id.split_once('-').unwrap();
    (chapter, number.parse().unwrap())
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_readers_of_tests_and_of_the_table_see_what_is_there() {
    let source =
        "#[test]\nfn read_1_x() {}\n#[tokio::test]\n#[cfg(unix)]\nasync fn read_2_y() {}\nfn read_3_no_test() {}\n";
    assert_eq!(tests_in(source), ["read_1_x", "read_2_y"]);
    let table = "| rule | in short |\n|---|---|\n| READ-1 | x |\n| AMBER-2 to AMBER-4, RED-2 | y |\n\n| other | z |\n";
    let expected = ["AMBER-2", "AMBER-3", "AMBER-4", "READ-1", "RED-2"].map(str::to_owned);
    assert_eq!(ids_in_the_table(table), BTreeSet::from(expected));
}
