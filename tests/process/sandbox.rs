//! The running server is held to what it needs. What it reads on SIGHUP shows it from outside: a file that anybody may
//! read, but where the server has nothing to do.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::support::server::{configure, refuses_to_serve};
use crate::support::{Directory, Options, Server, eventually};

fn directory(mode: &str) -> Directory {
    let directory = Directory::new();
    configure(&directory, &Options::default());
    directory.edit_config(|text| format!("{text}\n[process]\nsandbox = \"{mode}\"\n"));
    directory
}

/// Has the server read its configuration through a link to a folder elsewhere, and gives what it told of it.
fn reload_from_elsewhere(server: &Server) -> String {
    let elsewhere = tempfile::tempdir().unwrap();
    fs::set_permissions(elsewhere.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let (config, moved) = (server.directory.config(), elsewhere.path().join("strongroom.toml"));
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&moved, text.replace("level = \"info\"", "level = \"debug\"")).unwrap();
    let link = config.with_extension("link");
    symlink(&moved, &link).unwrap();
    fs::rename(&link, &config).unwrap();
    reload(server)
}

/// Sends SIGHUP, and gives what was told of the configuration.
fn reload(server: &Server) -> String {
    let before = server.told().len();
    server.hang_up();
    eventually("the reload", || {
        let told = server.told();
        told.get(before..)?.lines().find(|line| line.contains("reload: configuration: ")).map(str::to_owned)
    })
}

#[test]
fn a_running_server_reads_what_is_replaced_in_its_folders_and_nothing_elsewhere() {
    let server = Server::serve(directory("best_effort"));
    let text = fs::read_to_string(server.directory.config()).unwrap();
    let told = server.told();
    if told.contains("sandbox: entered") {
        let kept = reload_from_elsewhere(&server);
        assert!(kept.contains("kept as it was") && kept.contains("Permission denied"), "{kept}");
        println!("process: sandbox entered; a configuration elsewhere, open to all, is denied to the running server");
    } else {
        // The kernel has less of it; then the server says so, and whoever requires it is refused (below).
        assert!(told.contains("WARN") && told.contains("sandbox: "), "{told}");
        println!("process: this kernel does not have all of the sandbox, and the server said so");
    }
    // Another file in the place of its own, as careful programs replace files.
    let config = server.directory.config();
    let new = config.with_extension("new");
    fs::write(&new, text.replace("level = \"info\"", "level = \"debug\"")).unwrap();
    fs::rename(&new, &config).unwrap();
    let taken = reload(&server);
    assert!(taken.contains("now in use: tracing.level"), "{taken}");
    server.hold("sandboxed", "A paper", "amber", b"Lodging and reading go on.");
    server.assert_lodged("sandboxed", "1.0", b"Lodging and reading go on.");
    server.stop();
}

#[test]
fn a_sandbox_that_is_off_is_told_and_one_that_is_required_is_whole_or_the_server_does_not_start() {
    let server = Server::serve(directory("off"));
    assert!(server.told().contains("sandbox: off, as configured"), "{}", server.told());
    let taken = reload_from_elsewhere(&server);
    assert!(taken.contains("now in use: tracing.level"), "{taken}");
    server.stop();

    let probe = Server::serve(directory("best_effort"));
    let is_whole = probe.told().contains("sandbox: entered");
    probe.stop();
    if is_whole {
        Server::serve(directory("require")).stop();
    } else {
        let (code, said) = refuses_to_serve(&directory("require"));
        assert_eq!(code, Some(1));
        assert!(said.contains("The sandbox is required"), "{said}");
    }
}

#[test]
fn a_sandboxed_server_starts_no_program_once_it_has_its_root_key() {
    let directory = Directory::new();
    configure(&directory, &Options::default());
    // The key comes from a program, which runs before the sandbox is entered.
    let key = directory.path().join("keys/root.key");
    let (root, command) = ("root = \"keys/root.key\"", format!("root_command = [\"/bin/cat\", {key:?}]"));
    directory.edit_config(|text| {
        assert!(text.contains(root), "{text}");
        text.replace(root, &command)
    });
    let server = Server::serve(directory);
    server.hold("by-command", "A paper", "amber", b"Sealed under the key of a command.");
    server.assert_lodged("by-command", "1.0", b"Sealed under the key of a command.");
    server.stop();
}
