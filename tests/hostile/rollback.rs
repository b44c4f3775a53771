//! A data directory that is an older copy of what was signed: nothing is served from it, and there is a way out.
//!
//! ```text
//! serve ─ copy ─ serve on ─ put the copy back ──► denied: 503 for everyone, not ready, nothing written
//!                                                   ├─ put the newer one back ──► as if nothing had been
//!                                                   └─ accept the loss ──► another name, which begins with the loss
//! ```

use std::fs;
use std::path::PathBuf;

use crate::rotation::{lines, lodged, verifies};
use crate::support::directory::{copy, files, flip, strongroom};
use crate::support::server::refuses_to_serve;
use crate::support::wire::assert_problem;
use crate::support::{Directory, Options, Server};

/// A directory of which a part was lost: an older copy lies in its place, and the newer one beside it. The evidence is
/// of before the copy, and of after it.
fn rolled_back(options: &Options) -> (Directory, PathBuf, [(PathBuf, PathBuf); 2]) {
    let server = Server::start(options);
    let kept = lodged(&server, "kept");
    let directory = server.stop();
    let older = directory.path().join("older");
    fs::create_dir(&older).unwrap();
    copy(&directory.data(), &older);
    let server = Server::serve(directory);
    let lost = lodged(&server, "lost");
    let directory = server.stop();
    let newer = directory.path().join("newer");
    fs::rename(directory.data(), &newer).unwrap();
    fs::rename(&older, directory.data()).unwrap();
    (directory, newer, [kept, lost])
}

/// The journal, the tiles and the checkpoint, byte for byte.
fn written(directory: &Directory) -> Vec<(PathBuf, Vec<u8>)> {
    let files = files(&directory.data()).into_iter().filter(|file| !file.starts_with(directory.data().join("view")));
    let mut files: Vec<_> = files.map(|file| (file.clone(), fs::read(file).unwrap())).collect();
    files.sort();
    files
}

fn accept_loss(directory: &Directory, origin: &str) -> std::process::Output {
    let config = directory.config();
    strongroom(&["restore", "accept-loss", "--json", "--config", config.to_str().unwrap(), "--origin", origin])
}

#[test]
fn an_older_copy_is_denied_to_everyone_and_left_as_it_is() {
    let (directory, newer, [_, lost]) = rolled_back(&Options { public: true, ..Options::default() });
    let before = written(&directory);
    let server = Server::serve_denied(directory);
    let mut chair = server.connect("chair");
    assert_problem(&chair.get("/v1/me"), 503, "log_unavailable");
    for path in ["/v1/documents", "/v1/documents/kept/versions/1.0/content", "/log/checkpoint", "/log/tile/0/000"] {
        assert_problem(&server.connect("chair").get(path), 503, "log_unavailable");
    }
    assert_problem(&server.public().get("/log/checkpoint"), 503, "log_unavailable");
    assert_eq!(server.operations().get("/healthz").status, 200);
    let ready = server.operations().get("/readyz");
    assert_eq!(ready.status, 503);
    for word in ["rolled back", "log.key.signed", "accept-loss", "entries"] {
        assert!(ready.text().contains(word), "{word:?} is not in: {}", ready.text());
        assert!(server.told().contains(word), "{word:?} is not in: {}", server.told());
    }
    let directory = server.stop();
    assert!(written(&directory) == before, "nothing is entered, signed or published");

    // The better way out.
    fs::remove_dir_all(directory.data()).unwrap();
    fs::rename(newer, directory.data()).unwrap();
    let server = Server::serve(directory);
    server.assert_lodged("lost", "1.0", b"what lost says");
    assert!(verifies(&lost, &server.directory.verifier_key(), &[]));
    server.stop();
}

#[test]
fn a_loss_that_is_accepted_goes_on_under_another_name_which_begins_with_it() {
    let (directory, _, [kept, lost]) = rolled_back(&Options::default());
    let old = lines(&directory);
    let output = accept_loss(&directory, "localhost/strongroom-2");
    assert!(output.status.success(), "{output:?}");
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let (entry, signed) = (said["audit_entry"].as_u64().unwrap(), said["signed"].as_u64().unwrap());
    assert_eq!(said["lost"]["first"], entry, "{said}");
    assert_eq!(said["lost"]["last"], signed - 1, "{said}");

    let (_, refused) = refuses_to_serve(&directory);
    assert!(refused.contains("strongroom-2"), "the old name ends: {refused}");
    let twice = accept_loss(&directory, "localhost/strongroom-2");
    assert!(String::from_utf8_lossy(&twice.stderr).contains("already"), "{twice:?}");
    directory.edit_config(|text| text.replace("\"localhost/strongroom\"", "\"localhost/strongroom-2\""));
    let server = Server::serve(directory);
    server.assert_lodged("kept", "1.0", b"what kept says");
    server.assert_nothing_lodged("lost", "1.0");
    let anew = lodged(&server, "anew");
    // An entry of before the loss, under a checkpoint of after it.
    let proof = server.client("secas").version_evidence("kept", "1.0").unwrap().value;
    fs::write(server.directory.path().join("again.tlog-proof"), proof).unwrap();
    let again = (kept.0.clone(), server.directory.path().join("again.tlog-proof"));
    assert_the_whole_log_is_exported(&server);
    let directory = server.stop();

    let now = lines(&directory);
    assert_eq!(&now[2..], old);
    for evidence in [&kept, &lost] {
        assert!(verifies(evidence, &old[0], &[]), "what was given out before stays true");
    }
    assert!(verifies(&anew, &now[0], &[]));
    assert!(!verifies(&anew, &old[0], &[]));
    assert!(verifies(&again, directory.path().join("log.vkey").to_str().unwrap(), &[]));
    assert!(!verifies(&again, &now[0], &[]), "the old name must be trusted as well");
    let check = strongroom(&["check", "--config", directory.config().to_str().unwrap()]);
    assert!(check.status.success(), "{check:?}");
    let again = accept_loss(&directory, "localhost/strongroom-3");
    let said = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(!again.status.success() && said.contains("nothing was lost"), "{said}");
}

/// By the lines of both names; with those of the present one alone it is said which keys are lacking.
fn assert_the_whole_log_is_exported(server: &Server) {
    let export = |keys: &str| {
        let certificates = server.directory.path().join("certs");
        let (authority, own) = (certificates.join("ca.pem"), certificates.join("clients/auditor.pem"));
        let url = format!("https://localhost:{}", server.address().port());
        let connection = ["--server", &url, "--ca", authority.to_str().unwrap(), "--cert", own.to_str().unwrap()];
        strongroom(&[&["audit", "export", "--log-key", keys], &connection[..]].concat())
    };
    let exported = export(server.directory.path().join("log.vkey").to_str().unwrap());
    let said = String::from_utf8_lossy(&exported.stderr);
    assert!(exported.status.success() && said.contains("are exactly the log of"), "{said}");
    let exported = export(&lines(&server.directory)[0]);
    let said = String::from_utf8_lossy(&exported.stderr);
    assert!(!exported.status.success() && said.contains("give its keys of that time as well"), "{said}");
}

#[test]
fn a_loss_is_accepted_only_where_there_is_one_and_under_another_name() {
    let directory = Directory::new();
    let said = |origin| String::from_utf8_lossy(&accept_loss(&directory, origin).stderr).into_owned();
    assert!(said("localhost/other").contains("nothing was lost"));
    assert!(said("localhost/strongroom").contains("by the name"));
    assert!(said("not a name").contains("origin"));
}

#[test]
fn a_record_with_a_changed_bit_is_named() {
    let directory = Directory::new();
    let record = directory.path().join("keys/log.key.signed");
    let length = fs::metadata(&record).unwrap().len();
    for offset in [2, 25, length / 2] {
        let whole = fs::read(&record).unwrap();
        flip(&record, offset);
        let (code, said) = refuses_to_serve(&directory);
        assert_eq!(code, Some(1));
        assert!(said.contains("log.key.signed"), "byte {offset}: {said}");
        fs::write(&record, whole).unwrap();
    }
}

#[test]
fn a_missing_record_begins_with_the_kept_checkpoint_and_a_warning() {
    let directory = Directory::new();
    let record = directory.path().join("keys/log.key.signed");
    fs::remove_file(&record).unwrap();
    configure_ports(&directory);
    let server = Server::serve(directory);
    assert!(server.told().contains("record"), "{}", server.told());
    let directory = server.stop();
    assert!(record.exists());
    drop(directory);
}

fn configure_ports(directory: &Directory) {
    crate::support::server::configure(directory, &Options::default());
}
