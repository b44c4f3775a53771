//! A server does not run as root, unless it is told to.

use std::process::{Command, Output};

use crate::is_root;

/// Runs the binary as root: as who the test is, or as the root of a user namespace.
fn as_root(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let program = env!("CARGO_BIN_EXE_strongroom");
    let mut command = if is_root() {
        Command::new(program)
    } else {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", program]);
        command
    };
    let folder = tempfile::tempdir().unwrap();
    command.args(arguments).env_clear().envs(environment.iter().copied()).current_dir(folder.path()).output().unwrap()
}

const SERVERS: [&[&str]; 2] = [&["serve", "--config", "absent.toml"], &["witness", "serve", "--dir", "absent"]];

#[test]
fn a_server_refuses_to_run_as_root_and_says_what_to_do() {
    for server in SERVERS {
        for environment in [&[][..], &[("STRONGROOM_ALLOW_ROOT", "0")], &[("STRONGROOM_ALLOW_ROOT", "")]] {
            let output = as_root(server, environment);
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(1), "{said}");
            assert!(said.starts_with("error: This would serve as root (user id 0)"), "{said}");
            for remedy in ["useradd", "User=strongroom", "--allow-root", "STRONGROOM_ALLOW_ROOT=1"] {
                assert!(said.contains(remedy), "{said}");
            }
        }
    }
}

#[test]
fn root_that_is_meant_is_taken() {
    for server in SERVERS {
        let flag = [server, &["--allow-root"]].concat();
        for (arguments, environment) in [(&flag[..], &[][..]), (server, &[("STRONGROOM_ALLOW_ROOT", "1")])] {
            let output = as_root(arguments, environment);
            let said = String::from_utf8(output.stderr).unwrap();
            // It went on, and found that there is nothing to serve.
            assert!(said.contains("absent") && !said.contains("would serve as root"), "{said}");
        }
    }
}

#[test]
fn init_as_root_says_whose_the_directory_should_be() {
    let output = as_root(&["init", "--dir", "room"], &[]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("a server does not run as root") && said.contains("chown -R strongroom room"), "{said}");
}
