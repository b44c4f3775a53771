//! Making a witness, its starts, reloads and ends.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use rustix::process::Signal;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;

use super::log::{Log, ORIGIN};
use super::running::{Directory, NAME, Running, strongroom};
use super::wire::Connection;

/// The paragraph of a witness that refuses to start.
#[track_caller]
fn refuses(directory: &Directory, arguments: &[&str]) -> String {
    let refused =
        strongroom(&[&["witness", "serve", "--listen", "127.0.0.1:0", "--dir", directory.dir()], arguments].concat());
    assert_eq!(refused.status.code(), Some(1));
    String::from_utf8(refused.stderr).unwrap()
}

#[test]
fn init_makes_a_witness_once_and_says_what_to_hand_out() {
    let directory = Directory::new(Log(1));
    let mode = |name: &str| fs::metadata(directory.path().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("witness.key"), mode("state"), mode("witness.vkey"), mode("logs")), (0o600, 0o700, 0o644, 0o644));
    let before = fs::read(directory.path().join("witness.key")).unwrap();
    let again = strongroom(&["witness", "init", "--dir", directory.dir(), "--name", NAME]);
    let paragraph = String::from_utf8(again.stderr).unwrap();
    assert_eq!(again.status.code(), Some(1));
    assert!(paragraph.contains("witness.key, witness.vkey, logs, state already"), "{paragraph}");
    assert_eq!(fs::read(directory.path().join("witness.key")).unwrap(), before);

    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("a/b");
    fs::create_dir(parent.path().join("a")).unwrap();
    let made = strongroom(&["witness", "init", "--json", "--dir", dir.to_str().unwrap(), "--name", NAME]);
    let made: Value = serde_json::from_slice(&made.stdout).unwrap();
    let keys = fs::read_to_string(dir.join("witness.vkey")).unwrap();
    for (at, key) in keys.lines().enumerate() {
        assert_eq!(made["verifier_keys"][at], key);
        let policy = format!("{}\nquorum {NAME}\n", made["policy_lines"][at].as_str().unwrap());
        strongroom::pure::tlog::policy::Policy::parse(policy.as_bytes()).unwrap();
    }
    for name in ["", "with space", "a+b", "none", &"w".repeat(256)] {
        let usage = strongroom(&["witness", "init", "--dir", "w", "--name", name]);
        assert_eq!(usage.status.code(), Some(2), "{name:?}");
    }
}

#[test]
fn a_witness_says_where_it_is_and_whom_it_knows_and_ends_when_asked_to() {
    let directory = Directory::new(Log(1));
    let running = Running::start(&directory.path(), &["--prefix", "/w1"]);
    let url = format!("Listening  http://{}/w1 ", running.address);
    for part in [&url, ORIGIN, &directory.verifier_keys()[0], "Next       ", "SIGHUP"] {
        assert!(running.said.contains(part), "{part}: {}", running.said);
    }
    let mut kept_alive = running.connect();
    assert_eq!(kept_alive.get("/healthz").status, 200);
    assert_eq!(kept_alive.exchange("POST", "/add-checkpoint", &[], Some(b"")).unwrap().status, 404);
    assert_eq!(kept_alive.exchange("POST", "/w1/add-checkpoint", &[], Some(b"")).unwrap().status, 400);
    assert!(refuses(&directory, &[]).contains("in use by another process"));
    running.signal(Signal::TERM);
    let (status, last) = running.ended();
    assert_eq!((status.code(), last.starts_with("Stopped")), (Some(0), true), "{last}");
    let usage = strongroom(&["witness", "serve", "--dir", directory.dir(), "--prefix", "w1/"]);
    assert_eq!(usage.status.code(), Some(2));
}

#[test]
fn what_was_answered_is_known_after_a_kill() {
    let (log, directory) = (Log(1), Directory::new(Log(1)));
    let mut old = 0;
    for new in [3, 8, 20] {
        let running = Running::start(&directory.path(), &[]);
        assert_eq!(running.submit(&log.request(old, new)).status, 200);
        running.kill();
        old = new;
    }
    let running = Running::start(&directory.path(), &[]);
    assert!(running.said.contains("cosigned of 1 log"), "{}", running.said);
    assert_eq!(running.submit(&log.request(0, 30)).text(), "20\n");
}

#[test]
fn a_hangup_reads_the_logs_again_and_a_bad_list_changes_nothing() {
    let (log, directory) = (Log(1), Directory::new(Log(2)));
    let running = Running::start(&directory.path(), &[]);
    assert_eq!(running.submit(&log.request(0, 5)).status, 403);
    directory.know(&log.verifier_key());
    running.signal(Signal::HUP);
    running.told("now in use");
    assert_eq!(running.submit(&log.request(0, 5)).status, 200);
    directory.know("nonsense");
    running.signal(Signal::HUP);
    let line = running.told("kept as it was");
    assert!(line.contains("logs, line ") && line.contains("not a verifier key"), "{line}");
    assert_eq!(running.submit(&log.request(5, 6)).status, 200);
}

#[test]
fn a_damaged_directory_stops_the_start_with_the_file_and_the_remedy() {
    let (log, directory) = (Log(1), Directory::new(Log(1)));
    let running = Running::start(&directory.path(), &[]);
    assert_eq!(running.submit(&log.request(0, 5)).status, 200);
    running.kill();

    let (file, sound) = (directory.state(), fs::read(directory.state()).unwrap());
    let mut damaged = sound.clone();
    damaged[200] ^= 1;
    fs::write(&file, damaged).unwrap();
    let paragraph = refuses(&directory, &[]);
    let name = file.file_name().unwrap().to_str().unwrap();
    assert!(paragraph.contains(name) && paragraph.contains("certainly the latest"), "{paragraph}");
    fs::write(&file, sound).unwrap();

    let state = directory.path().join("state");
    fs::rename(&state, directory.path().join("elsewhere")).unwrap();
    assert!(refuses(&directory, &[]).contains("second history"));
    fs::rename(directory.path().join("elsewhere"), &state).unwrap();

    directory.know("nonsense");
    assert!(refuses(&directory, &[]).contains("logs, line "));
    directory.know(&log.verifier_key());
    let key = directory.path().join("witness.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(refuses(&directory, &[]).contains("chmod 600"));
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&key, "00".repeat(32)).unwrap();
    assert!(refuses(&directory, &[]).contains("does not hold the verifier keys"));
    fs::remove_file(directory.path().join("witness.vkey")).unwrap();
    assert!(refuses(&directory, &[]).contains("holds no witness"));
}

#[test]
fn with_a_certificate_it_speaks_tls() {
    let (log, directory) = (Log(1), Directory::new(Log(1)));
    let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let file = |name: &str, content: String| {
        let path = directory.path().join(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (certificate, key) = (file("tls.pem", own.cert.pem()), file("tls.key", own.signing_key.serialize_pem()));
    let running = Running::start(&directory.path(), &["--tls-certificate", &certificate, "--tls-key", &key]);
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(own.cert.der().to_vec())).unwrap();
    let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let mut connection = Connection::over_tls(running.address, tls).unwrap();
    let body = log.request(0, 5);
    let answer = connection.exchange("POST", "/add-checkpoint", &[], Some(body.as_bytes())).unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    let usage = strongroom(&["witness", "serve", "--dir", directory.dir(), "--tls-key", &key]);
    assert_eq!(usage.status.code(), Some(2), "a key needs its certificate");
}
