//! The help texts are what people read first: they change on purpose only.

use clap::CommandFactory;

use super::*;

/// The long help of a verb, as `strongroom VERB --help` prints it.
fn help(path: &[&str]) -> String {
    let arguments = ["strongroom"].iter().chain(path).chain(&["--help"]).map(OsString::from);
    Cli::try_parse_from(arguments).unwrap_err().to_string()
}

#[test]
fn the_command_line_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn every_verb_explains_itself() {
    for path in [
        &["me"][..],
        &["list"],
        &["show"],
        &["read"],
        &["need"],
        &["need", "record"],
        &["document", "add"],
        &["lodge"],
        &["classify"],
        &["publish"],
        &["withdraw"],
        &["grant"],
        &["grant", "give"],
        &["grant", "list"],
        &["table"],
        &["direction"],
        &["direction", "issue"],
        &["direction", "return"],
        &["credential"],
        &["credential", "bind"],
        &["credential", "revoke"],
        &["agreement"],
        &["agreement", "show"],
        &["agreement", "sign"],
        &["agreement", "adopt"],
        &["confirmation"],
        &["confirmation", "sign"],
        &["register"],
        &["register", "person", "add"],
        &["register", "body", "add"],
        &["register", "seat", "abolish"],
        &["register", "appointment"],
        &["register", "appointment", "propose"],
        &["register", "alternate"],
        &["register", "secretariat"],
        &["conflict"],
        &["conflict", "declare"],
        &["breach"],
        &["breach", "record"],
        &["suspension"],
        &["suspension", "impose"],
        &["suspension", "lift"],
        &["suspension", "settle"],
        &["decide"],
        &["decide", "open"],
        &["decide", "vote"],
        &["explain"],
        &["access", "report"],
        &["evidence"],
        &["audit"],
        &["audit", "export"],
        &["audit", "follow"],
        &["rotate-keys"],
        &["restore", "accept-loss"],
        &["witness", "init"],
        &["witness", "serve"],
        &["completions"],
    ] {
        insta::assert_snapshot!(format!("help-{}", path.join("-")), help(path));
    }
}

#[test]
fn every_argument_is_explained() {
    fn check(command: &clap::Command) {
        for argument in command.get_arguments() {
            let explained = argument.get_help().is_some();
            assert!(explained, "{} of {} has no help", argument.get_id(), command.get_name());
        }
        command.get_subcommands().for_each(check);
    }
    check(&Cli::command());
}

#[test]
fn usage_errors_exit_with_2_and_help_with_0() {
    let exit = |arguments: &[&str]| {
        Cli::try_parse_from(["strongroom"].iter().chain(arguments).map(OsString::from)).unwrap_err().exit_code()
    };
    assert_eq!(exit(&["--help"]), 0);
    assert_eq!(exit(&["--version"]), 0);
    assert_eq!(exit(&["destroy"]), 2);
    assert_eq!(exit(&["read", "policy"]), 2, "an output must be named");
    assert_eq!(exit(&["read", "policy", "-o", "f", "--purpose", "operate"]), 2, "a purpose needs a statement");
    assert_eq!(exit(&["read", "policy", "-o", "f", "--need", "need-1", "--purpose", "p", "--statement", "s"]), 2);
    assert_eq!(exit(&["audit", "export", "--state", "s"]), 2, "only what is verified is worth remembering");
    assert_eq!(exit(&["audit", "follow", "--from", "1", "--from-now"]), 2);
    assert_eq!(exit(&["classify", "policy", "1.0", "PURPLE", "--reason", "r"]), 2);
    assert_eq!(exit(&["lodge", "policy", "1.0", "f", "--effective", "3 June"]), 2);
    assert_eq!(exit(&["register", "seat", "add", "pma", "s", "--role", "king", "--constituency", "c"]), 2);
    assert_eq!(exit(&["register", "appointment", "propose", "p", "--body", "b", "--seat", "s", "--until", "2028"]), 2);
    assert_eq!(exit(&["conflict", "declare", "--statement", "s"]), 2, "a conflict is about something");
    assert_eq!(exit(&["conflict", "declare", "--document", "d", "--decision", "decision-7", "--statement", "s"]), 2);
    assert_eq!(exit(&["suspension", "impose", "--scope", "all", "--grounds", "g"]), 2, "a suspension is of somebody");
    assert_eq!(exit(&["suspension", "impose", "--service", "--scope", "some", "--grounds", "g"]), 2);
    assert_eq!(exit(&["breach", "settle", "breach-7", "--outcome", "perhaps", "--reason", "r"]), 2);
}

#[test]
fn a_connection_s_flags_go_before_and_after_a_verb_s_own() {
    for arguments in [
        ["strongroom", "need", "--profile", "chair", "list", "--json"],
        ["strongroom", "--json", "need", "list", "--profile", "chair"],
    ] {
        let cli = Cli::try_parse_from(arguments).unwrap();
        let Verb::Need(need) = cli.verb else { panic!("need") };
        assert_eq!(need.connection.profile.as_deref(), Some("chair"));
        assert!(cli.json);
    }
}
