//! An ordinary user serves, with the hardest umask that the user could have forgotten, and keeps everything to itself.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::{getegid, geteuid};

use crate::support::deeds::SECRETARIAT;
use crate::support::directory::files;
use crate::support::server::configure;
use crate::support::{Directory, Options, Server};
use crate::{is_root, proc};

/// The user id of nobody on every Linux.
const NOBODY: u32 = 65534;

/// A user who is not root: the test's own, or nobody if the test is root's.
struct Ordinary(u32);

impl Ordinary {
    fn new() -> Self {
        Self(if is_root() { NOBODY } else { geteuid().as_raw() })
    }

    /// A shell script of that user's.
    fn shell(&self, script: &str) -> Command {
        if self.0 == geteuid().as_raw() {
            let mut command = Command::new("/bin/sh");
            command.args(["-c", script]).env_clear();
            return command;
        }
        let mut command = Command::new("setpriv");
        let (user, group) = (format!("--reuid={}", self.0), format!("--regid={}", self.0));
        command.args([&user, &group, "--clear-groups", "/bin/sh", "-c", script]);
        command.env_clear().env("PATH", "/usr/bin:/bin");
        command
    }

    /// Gives a folder with everything in it to that user.
    fn own(&self, folder: &Path) {
        if self.0 == geteuid().as_raw() {
            return;
        }
        for path in everything(folder) {
            chown(path, Some(self.0), Some(self.0)).unwrap();
        }
    }
}

fn everything(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.is_symlink() { found.extend(everything(&path)) } else { found.push(path) }
    }
    found
}

/// A server of that user's whose umask is open to all, with the folder in which its program is.
fn serve(user: &Ordinary) -> (Server, tempfile::TempDir) {
    // Where the binary was built, the user may have no way to.
    let reachable = tempfile::tempdir().unwrap();
    fs::set_permissions(reachable.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = reachable.path().join("strongroom");
    fs::copy(env!("CARGO_BIN_EXE_strongroom"), &program).unwrap();
    let directory = Directory::new();
    configure(&directory, &Options::default());
    user.own(directory.path());
    let config = directory.config();
    let script = format!("umask 000; exec {} serve --json --config {}", program.display(), config.display());
    (Server::serve_by(directory, user.shell(&script)), reachable)
}

#[test]
fn an_ordinary_user_serves_and_the_process_is_closed_to_others_and_to_itself() {
    let user = Ordinary::new();
    let (server, _program) = serve(&user);

    // What it writes is for its user alone.
    server.hold("umask-paper", "A paper", "red", b"A paper of the authority.");
    server.connect("secas").read_content("umask-paper", "1.0", SECRETARIAT).must_be(200);
    let mut looked_at = 0;
    for path in everything(&server.directory.data()) {
        let mode = fs::symlink_metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} has mode {mode:04o}", path.display());
        looked_at += 1;
    }

    // What the kernel says of it.
    let status = proc(&server, "status");
    let said = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned();
    assert_eq!(said("Umask:"), "0077");
    assert_eq!(said("Uid:"), [user.0.to_string().as_str(); 4].join("\t"));
    assert_eq!(said("CapEff:"), "0000000000000000");
    let limits = proc(&server, "limits");
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().collect::<Vec<_>>(), ["Max", "core", "file", "size", "0", "0", "bytes"]);
    let mut threads = 0;
    for task in fs::read_dir(format!("/proc/{}/task", server.pid().as_raw_nonzero())).unwrap() {
        let status = fs::read_to_string(task.unwrap().path().join("status")).unwrap();
        assert!(status.contains("NoNewPrivs:\t1\n"), "{status}");
        threads += 1;
    }

    // Another process of the same user does not get at its memory, and neither at its environment.
    let mut closed = 0;
    for name in ["mem", "environ", "maps", "auxv"] {
        let script = format!("cat /proc/{}/{name}", server.pid().as_raw_nonzero());
        let output = user.shell(&script).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains("Permission denied"), "{name}: {said}");
        closed += 1;
    }
    println!(
        "process: {looked_at} files and folders under umask 000: none open to others; {threads} threads: all without new \
         privileges; {closed} files of its memory in /proc: all closed to its own user"
    );
    server.stop();
}
