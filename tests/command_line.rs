//! The binary as a script meets it: exit codes, and what goes to which stream.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may unwrap, as the test may")]

use std::fs;
use std::process::{Command, Output};

/// Runs the binary with nothing of this machine's environment.
fn strongroom(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let home = tempfile::tempdir().unwrap();
    Command::new(env!("CARGO_BIN_EXE_strongroom"))
        .args(arguments)
        .env_clear()
        .env("XDG_CONFIG_HOME", home.path())
        .envs(environment.iter().copied())
        .current_dir(home.path())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn help_and_version_are_answers() {
    for argument in ["--help", "--version"] {
        let output = strongroom(&[argument], &[]);
        assert_eq!(output.status.code(), Some(0));
        assert!(text(&output.stdout).contains("strongroom") && output.stderr.is_empty());
    }
}

#[test]
fn usage_is_exit_code_2() {
    for arguments in [&["destroy"][..], &["read", "policy"], &[]] {
        assert_eq!(strongroom(arguments, &[]).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn a_failure_is_one_paragraph_on_standard_error() {
    let output = strongroom(&["me"], &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let paragraph = text(&output.stderr);
    assert!(
        paragraph.starts_with("error: No certificate is chosen") && paragraph.contains("--cert FILE"),
        "{paragraph}"
    );
    assert_eq!(paragraph.trim_end().lines().count(), 1);
}

#[test]
fn machines_get_a_problem_document() {
    for (arguments, environment) in [(&["me", "--json"][..], &[][..]), (&["me"], &[("STRONGROOM_JSON", "1")])] {
        let output = strongroom(arguments, environment);
        assert_eq!(output.status.code(), Some(1));
        let problem: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
        assert!(problem["detail"].as_str().unwrap().starts_with("No certificate is chosen"));
    }
    assert!(text(&strongroom(&["me"], &[("STRONGROOM_JSON", "0")]).stderr).starts_with("error: "));
}

#[test]
fn flags_win_over_the_environment_and_both_over_the_profile() {
    let home = tempfile::tempdir().unwrap();
    let profiles = home.path().join("strongroom");
    fs::create_dir(&profiles).unwrap();
    fs::write(profiles.join("profiles.toml"), "[profiles.default]\nca = \"profile-ca.pem\"\ncert = \"me.pem\"\n")
        .unwrap();
    // The authority's file is read first, so that the one that is missing shows which was chosen.
    let chosen = |arguments: &[&str], environment: &[(&str, &str)]| {
        let home = home.path().to_str().unwrap();
        let environment = [environment, &[("XDG_CONFIG_HOME", home)]].concat();
        text(&strongroom(arguments, &environment).stderr).to_owned()
    };
    assert!(chosen(&["me"], &[]).contains("strongroom/profile-ca.pem cannot be read"));
    assert!(chosen(&["me"], &[("STRONGROOM_CA", "env-ca.pem")]).contains("The file env-ca.pem cannot be read"));
    let both = chosen(&["me", "--ca", "flag-ca.pem"], &[("STRONGROOM_CA", "env-ca.pem")]);
    assert!(both.contains("The file flag-ca.pem cannot be read"), "{both}");
    assert!(chosen(&["me"], &[("STRONGROOM_PROFILE", "chair")]).contains("no profile `chair`"));
}

#[test]
fn completions_are_a_script() {
    let output = strongroom(&["completions", "bash"], &[]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).contains("_strongroom()"));
}
