//! A log and its witness, both as processes of their own: what is published is cosigned, and nothing is published or
//! read while the witness is away. What lies there afterwards is judged by the check.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    unused_imports,
    reason = "a test fails by panicking, and not all help is used"
)]

mod support;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use strongroom::pure::tlog::note::Note;
use strongroom::pure::tlog::verifier_key::VerifierKey;
use support::deeds::SECRETARIAT;
use support::directory::strongroom;
use support::{Directory, Options, Server, eventually};

/// A witness that runs. Killed when dropped.
struct Witness {
    child: Child,
    address: String,
}

impl Witness {
    /// Over TLS with the server's certificate of `directory`.
    fn start(folder: &Path, listen: &str, directory: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_strongroom"))
            .args(["witness", "serve", "--listen", listen, "--dir"])
            .arg(folder)
            .arg("--tls-certificate")
            .arg(directory.join("certs/server.pem"))
            .arg("--tls-key")
            .arg(directory.join("certs/server.key"))
            .env("STRONGROOM_ALLOW_ROOT", "1")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let url = first.split_whitespace().nth(1).unwrap_or_else(|| panic!("the witness did not start: {first}"));
        let address = url.split("://").nth(1).unwrap().split('/').next().unwrap().to_owned();
        Self { child, address }
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A directory whose policy asks for one witness, that witness, and its key.
fn directory(folder: &Path) -> (Directory, Witness, VerifierKey) {
    let directory = Directory::new();
    let made = strongroom(&["witness", "init", "--dir", folder.to_str().unwrap(), "--name", "w.example/w1"]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    fs::write(folder.join("logs"), format!("{}\n", directory.verifier_key())).unwrap();
    let witness = Witness::start(folder, "127.0.0.1:0", directory.path());
    let key = fs::read_to_string(folder.join("witness.vkey")).unwrap().lines().next().unwrap().to_owned();
    let policy = format!("log {}\nwitness w {key} https://{}\nquorum w\n", directory.verifier_key(), witness.address);
    fs::write(directory.path().join("policy.txt"), policy).unwrap();
    support::server::configure(&directory, &Options::default());
    directory.edit_config(|text| {
        text + "\n[witnesses]\npolicy = \"policy.txt\"\nca = \"certs/ca.pem\"\ntimeout_seconds = 1\n"
    });
    (directory, witness, VerifierKey::parse(&key).unwrap())
}

#[test]
fn nothing_is_published_or_read_without_the_witness_and_it_all_goes_on_when_it_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("w");
    let (directory, witness, key) = directory(&folder);
    let server = Server::serve(directory);
    server.hold("device-cp", "Device certificate policy", "AMBER", b"One device, one certificate.\n");
    let mut secretariat = server.connect("secas");
    secretariat.read_content("device-cp", "1.0", SECRETARIAT).must_be(200);
    let checkpoint = secretariat.get("/log/checkpoint").must_be(200);
    let note = Note::parse(&checkpoint.body).unwrap();
    assert_eq!(note.verify(std::slice::from_ref(&key)).unwrap(), [&key]);

    let address = witness.address.clone();
    drop(witness);
    let refused = secretariat.read_content("device-cp", "1.0", SECRETARIAT);
    assert_eq!(refused.problem(), (503, "log_unavailable".to_owned()));
    eventually("unreadiness", || (server.operations().get("/readyz").status == 503).then_some(()));

    let _witness = Witness::start(&folder, &address, server.directory.path());
    eventually("a read", || {
        (server.connect("secas").read_content("device-cp", "1.0", SECRETARIAT).status == 200).then_some(())
    });
    let directory = server.stop();

    // The check needs no witness for what is stored.
    let check = || {
        let output = strongroom(&["check", "--json", "--config", directory.config().to_str().unwrap()]);
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    let report = check();
    assert_eq!((&report["findings"], &report["cosignatures"]), (&serde_json::json!([]), &1.into()), "{report}");
    let file = directory.data().join("checkpoint");
    let whole = fs::read_to_string(&file).unwrap();
    let line = whole.lines().find(|line| line.contains("w.example/w1")).unwrap();
    let signed = line.rsplit(' ').next().unwrap();
    // Behind the key's id and the time that is signed lies the signature.
    let other = if signed.as_bytes()[40] == b'A' { "B" } else { "A" };
    let changed = [&signed[..40], other, &signed[41..]].concat();
    for (text, finding) in [
        (whole.replace(signed, &changed), "is not what a witness cosigned"),
        (whole.replace(&format!("{line}\n"), ""), "lacks cosignatures"),
    ] {
        fs::write(&file, text).unwrap();
        let report = check();
        let is_found = |found: &serde_json::Value| found.as_str().unwrap().contains(finding);
        assert!(report["findings"].as_array().unwrap().iter().any(is_found), "{finding}: {report}");
    }
}
