//! The sandbox as the kernel enforces it: tried out in a process of its own, since nothing takes it off again.

use std::fs;
use std::io::{ErrorKind, Result};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;

use rustix::process::{getppid, test_kill_process};

use super::*;

/// The folder of the trial, in the environment of the process that is sandboxed.
const INSIDE: &str = "STRONGROOM_TEST_SANDBOX";

#[test]
fn a_thread_of_a_sandboxed_process_reaches_nothing_but_what_it_was_given() {
    if let Some(folder) = std::env::var_os(INSIDE) {
        return inside(Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    for name in ["given", "given/below", "readable", "outside"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    for name in ["given/old", "readable/file", "outside/file"] {
        fs::write(folder.path().join(name), "content").unwrap();
    }
    let own_name = format!(
        "{}::a_thread_of_a_sandboxed_process_reaches_nothing_but_what_it_was_given",
        module_path!().split_once("::").unwrap().1
    );
    let mut inside = Command::new(std::env::current_exe().unwrap());
    let output = inside.args(["--exact", &own_name, "--nocapture"]).env(INSIDE, folder.path()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let verdict = said.lines().find_map(|line| line.find("sandbox: ").and_then(|from| line.get(from..)));
    println!("{}", verdict.expect("the process inside tried it"));
}

fn inside(folder: &Path) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = listener.local_addr().unwrap();
    let sandbox = Sandbox {
        reads: vec![folder.join("readable"), folder.join("absent")],
        writes: vec![folder.join("given")],
        binds: vec![0],
        connects: Vec::new(),
    };
    match sandbox.enforce() {
        Enforced::Whole => {}
        // Not to be had here: then who requires it does not start, and who does without is told.
        _ => {
            assert!(sandbox.enter(SandboxMode::Require).is_err());
            sandbox.enter(SandboxMode::BestEffort).unwrap();
            println!("sandbox: this kernel does not enforce all of it; a server that requires it is refused");
            return;
        }
    }
    let folder = folder.to_owned();
    let thread = std::thread::spawn(move || {
        let allowed: [(&str, Result<()>); 6] = [
            ("read", fs::read(folder.join("readable/file")).map(drop)),
            ("list", fs::read_dir(folder.join("readable")).map(drop)),
            ("write", fs::write(folder.join("given/new"), "new")),
            ("move", fs::rename(folder.join("given/old"), folder.join("given/below/new"))),
            ("remove", fs::remove_file(folder.join("given/new"))),
            ("listen", TcpListener::bind("127.0.0.1:0").map(drop)),
        ];
        let denied: [(&str, Result<()>); 11] = [
            ("read a file outside", fs::read(folder.join("outside/file")).map(drop)),
            ("list a folder outside", fs::read_dir(folder.join("outside")).map(drop)),
            ("read what all may", fs::read("/etc/passwd").map(drop)),
            ("read what root may", fs::read("/etc/shadow").map(drop)),
            ("write a file outside", fs::write(folder.join("outside/new"), "new")),
            ("write where it reads", fs::write(folder.join("readable/file"), "new")),
            ("remove where it reads", fs::remove_file(folder.join("readable/file"))),
            ("move a file out", fs::hard_link(folder.join("given/below/new"), folder.join("outside/new"))),
            ("start a program", Command::new("/bin/sh").args(["-c", "true"]).status().map(drop)),
            ("connect", TcpStream::connect(taken).map(drop)),
            ("signal another process", test_kill_process(getppid().unwrap()).map_err(Into::into)),
        ];
        for (what, tried) in &allowed {
            assert!(tried.is_ok(), "{what}: {tried:?}");
        }
        for (what, tried) in &denied {
            let kind = tried.as_ref().unwrap_err().kind();
            // A hard link to where nothing may be made is told as one across file systems.
            assert!(matches!(kind, ErrorKind::PermissionDenied | ErrorKind::CrossesDevices), "{what}: {tried:?}");
        }
        // A port of its own choosing is none that it was given.
        drop(listener);
        assert_eq!(TcpListener::bind(taken).unwrap_err().kind(), ErrorKind::PermissionDenied);
        println!(
            "sandbox: {} ways out tried from a thread: all denied; {} uses: all let through",
            denied.len() + 1,
            allowed.len()
        );
    });
    thread.join().unwrap();
}

#[test]
fn what_it_holds_is_said_in_one_line() {
    let sandbox = Sandbox {
        reads: vec!["/etc/strongroom".into()],
        writes: vec!["/var/lib/strongroom".into(), "/var/lib/keys".into()],
        binds: vec![8443, 9090],
        connects: Vec::new(),
    };
    assert_eq!(
        sandbox.to_string(),
        "writes beneath /var/lib/strongroom, /var/lib/keys; reads /etc/strongroom; listens on [8443, 9090]; connects to \
         none; starts no program"
    );
}
