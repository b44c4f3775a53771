//! `strongroom init`: what it makes, with which modes, and that it overwrites nothing.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may unwrap, as the test may")]

mod development;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use development::{MADE, command, copy, strongroom, text};
use strongroom::pure::tlog::verifier_key::{KeyType, VerifierKey};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn names(dir: &Path) -> BTreeSet<String> {
    fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

const PEOPLE: [&str; 22] = [
    "auditor",
    "beis-rep",
    "chair",
    "dcc-operator",
    "dcc-rep",
    "electricity-networks",
    "gas-networks",
    "large-supplier-1",
    "large-supplier-2",
    "large-supplier-3",
    "manufacturer",
    "ofgem-rep",
    "operator",
    "outsider",
    "panel-member",
    "party-large-supplier",
    "party-small-supplier",
    "secas",
    "small-supplier",
    "smki-specialist",
    "ssc-rep",
    "tabasc-rep",
];

#[test]
fn a_directory_has_what_the_contract_says_and_keys_are_private() {
    let made = MADE.path().join("made");
    let expected = ["certs", "data", "keys", "log.vkey", "register.toml", "strongroom.toml"];
    assert_eq!(names(&made), expected.map(str::to_owned).into());
    let clients = made.join("certs/clients");
    let mut expected: BTreeSet<_> =
        PEOPLE.iter().flat_map(|person| ["pem", "key", "p12"].map(|kind| format!("{person}.{kind}"))).collect();
    expected.insert("p12-password.txt".into());
    assert_eq!(names(&clients), expected);
    for private in ["keys/root.key", "keys/log.key", "certs/ca.key", "certs/server.key"] {
        assert_eq!(mode(&made.join(private)), 0o600, "{private}");
    }
    for name in names(&clients).iter().filter(|name| !name.ends_with(".pem")) {
        assert_eq!(mode(&clients.join(name)), 0o600, "{name}");
    }
    assert_eq!(mode(&made.join("keys")), 0o700);
    assert_eq!(mode(&made.join("data")), 0o700);
    let keys = fs::read_to_string(made.join("log.vkey")).unwrap();
    let types: Vec<_> = keys.lines().map(|key| VerifierKey::parse(key).unwrap().key_type()).collect();
    assert_eq!(types, [KeyType::Ed25519, KeyType::MlDsa44]);
    assert!(keys.lines().all(|key| key.starts_with("localhost/strongroom+")), "{keys}");
}

#[test]
fn the_umask_makes_nothing_wider_or_narrower() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("open");
    // The shell sets the umask for the binary that it becomes.
    let script =
        format!("umask 000; exec {} init --dir {} --json", env!("CARGO_BIN_EXE_strongroom"), dir.to_str().unwrap());
    let output = std::process::Command::new("/bin/sh").args(["-c", &script]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said["people"], 21);
    assert_eq!(mode(&dir), 0o700);
    assert_eq!(mode(&dir.join("keys/root.key")), 0o600);
    assert_eq!(mode(&dir.join("certs/clients/chair.key")), 0o600);
    assert_eq!(mode(&dir.join("certs/ca.pem")), 0o644);
    let closed = closed_to_others(&dir.join("data")) + closed_to_others(&dir.join("keys"));
    println!("init: {closed} files and folders of data and keys, all closed to others, under umask 000");
}

/// How many files and folders there are, itself included; none may be open to others.
fn closed_to_others(path: &std::path::Path) -> usize {
    assert_eq!(mode(path) & 0o077, 0, "{} is open to others", path.display());
    let below =
        if path.is_dir() { fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect() } else { vec![] };
    1 + below.iter().map(|path| closed_to_others(path)).sum::<usize>()
}

#[test]
fn nothing_is_ever_overwritten() {
    let (parent, config) = copy();
    let dir = parent.path().join("copy");
    let before = fs::read(&config).unwrap();
    let output = strongroom(&["init", "--dir", dir.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("certs, keys, data, log.vkey, register.toml, strongroom.toml"), "{said}");
    assert_eq!(fs::read(&config).unwrap(), before);

    let half = tempfile::tempdir().unwrap();
    fs::write(half.path().join("register.toml"), "mine").unwrap();
    let output = strongroom(&["init", "--dir", half.path().to_str().unwrap()]);
    assert!(text(&output.stderr).contains("holds register.toml already"), "{}", text(&output.stderr));
    assert_eq!(names(half.path()), ["register.toml".to_owned()].into());
}

#[test]
fn an_own_profile_s_mistakes_are_named_with_file_line_and_remedy_and_nothing_is_made() {
    let parent = tempfile::tempdir().unwrap();
    let profile = include_str!("../config/smki/profile.toml");
    let line_of = |part: &str| 1 + profile.lines().position(|line| line.contains(part)).unwrap();
    for (from, to, said) in [
        ("time_zone = ", "timezone = ", "unknown field `timezone`"),
        ("\"Europe/London\"", "\"Europe/Lundon\"", "'Europe/Lundon' is not an IANA time zone. Write one"),
        ("hours = 24", "hours = 0", "so no need could ever hold. Give at least 1."),
    ] {
        let file = parent.path().join("profile.toml");
        fs::write(&file, profile.replacen(from, to, 1)).unwrap();
        let dir = parent.path().join("made");
        let output = strongroom(&["init", "--dir", dir.to_str().unwrap(), "--profile", file.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(1));
        let paragraph = text(&output.stderr);
        let place = format!("error: {}:{}: ", file.display(), line_of(from));
        assert!(paragraph.starts_with(&place) && paragraph.contains(said), "{place} {said}: {paragraph}");
        assert!(!dir.exists());
    }
}

#[test]
fn an_authority_brings_its_own_profile_people_and_certificates() {
    let made = MADE.path().join("made");
    let own = tempfile::tempdir().unwrap();
    fs::copy(made.join("certs/clients/chair.pem"), own.path().join("ada.pem")).unwrap();
    let profile = include_str!("../config/smki/profile.toml").replace("name = \"smki\"", "name = \"own\"");
    fs::write(own.path().join("profile.toml"), profile).unwrap();
    let people = "organisations = [\n\
        { organisation = \"dcc\", name = \"Operator\", kind = \"dcc\" },\n\
        { organisation = \"secas\", name = \"Secretariat\", kind = \"code_administrator\" },\n]\n\
        [[people]]\nperson = \"ada\"\nname = \"Ada\"\norganisation = \"secas\"\ncertificate = \"ada.pem\"\n\
        seats = [{ body = \"pma\", seat = \"chair\", from = \"2026-01-01T00:00:00Z\", until = \"2028-01-01T00:00:00Z\", \
        confirmed = true }]\n";
    let init = |register: &str, dir: &str| {
        let path = |name: &str| own.path().join(name).to_str().unwrap().to_owned();
        fs::write(own.path().join("register.toml"), register).unwrap();
        let (dir, profile, register) = (path(dir), path("profile.toml"), path("register.toml"));
        let ca = made.join("certs/ca.pem");
        let arguments = ["init", "--dir", &dir, "--profile", &profile, "--register", &register, "--client-ca"];
        command(&arguments).arg(ca).output().unwrap()
    };
    let output = init(people, "made");
    assert!(output.status.success(), "{}", text(&output.stderr));
    let certificates = names(&own.path().join("made/certs"));
    assert!(certificates.contains("client-ca.pem"), "{certificates:?}");
    assert!(names(&own.path().join("made/certs/clients")).is_empty());
    assert!(fs::read_to_string(own.path().join("made/strongroom.toml")).unwrap().contains("certs/client-ca.pem"));

    let output = init(&people.replace("ada.pem", "eve.pem"), "other");
    let paragraph = text(&output.stderr);
    assert!(paragraph.contains("register.toml:6: person 'ada': the certificate"), "{paragraph}");
    assert!(paragraph.contains("eve.pem cannot be read") && paragraph.contains("Give the path"), "{paragraph}");
}
