//! `strongroom verify`: each thing that can be wrong has its own words, and only what is right exits with 0.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may unwrap, as the test may")]

mod development;

use std::fs;
use std::path::Path;

use development::{strongroom, text};

const FILE: &str = "tests/golden/tlog/file.txt";
const LODGED: &str = "tests/golden/tlog/lodged.tlog-proof";
const SERVED: &str = "tests/golden/tlog/served.tlog-proof";
const HEARTBEAT: &str = "tests/golden/tlog/heartbeat.tlog-proof";
const KEY: &str = "tests/golden/tlog/verifier-key.txt";

fn verify(file: &str, proof: &str, key: &str) -> (Option<i32>, String) {
    let output = strongroom(&["verify", file, "--proof", proof, "--key", key]);
    let said = if output.status.success() { text(&output.stdout) } else { text(&output.stderr) };
    (output.status.code(), said.to_owned())
}

/// The path of a new file that holds `content`.
fn file(folder: &Path, name: &str, content: &[u8]) -> String {
    let path = folder.join(name);
    fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The file's text with the first `from` replaced, in a new file.
fn altered(folder: &Path, of: &str, from: &str, to: &str) -> String {
    let original = fs::read_to_string(of).unwrap();
    assert!(original.contains(from), "{from} is in {of}");
    file(folder, "altered", original.replacen(from, to, 1).as_bytes())
}

#[test]
fn what_is_proven_and_what_is_not_is_said_in_plain_words() {
    let key = fs::read_to_string(KEY).unwrap();
    for (proof, deed) in [(LODGED, "lodged device-cp"), (SERVED, "was released to")] {
        for key in [KEY, key.trim()] {
            let (code, said) = verify(FILE, proof, key);
            assert_eq!(code, Some(0), "{said}");
            assert!(said.starts_with(&format!("Verified {FILE}.")) && said.contains(deed), "{said}");
            assert!(said.contains("Not proven:") && said.contains("no witness's signature was checked"), "{said}");
        }
    }
}

#[test]
fn any_entry_is_verified_without_a_file_and_shows_its_record() {
    for (proof, deed, kind) in [(HEARTBEAT, "heartbeat", "heartbeat"), (LODGED, "lodged device-cp", "version_lodged")] {
        let output = strongroom(&["verify", "--proof", proof, "--key", KEY]);
        let said = text(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert!(said.starts_with("Verified entry ") && said.contains(deed), "{said}");
        assert!(said.contains(&format!("\"kind\": \"{kind}\"")), "{said}");
    }
    let folder = tempfile::tempdir().unwrap();
    let proof = altered(folder.path(), HEARTBEAT, "index ", "index 1");
    assert_eq!(strongroom(&["verify", "--proof", &proof, "--key", KEY]).status.code(), Some(1));
}

#[test]
fn machines_get_the_same() {
    let output = strongroom(&["verify", FILE, "--proof", LODGED, "--key", KEY, "--json"]);
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said["verified"], true);
    assert_eq!(said["entry"], 2);
    assert_eq!(said["document"], "device-cp");
    assert_eq!(said["checkpoint"]["size"], 7);
    assert!(!said["not_proven"].as_array().unwrap().is_empty());
}

#[test]
fn each_mismatch_has_its_reason_and_exit_code_1() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let other_file = file(folder, "other.txt", b"another policy");
    let other_key = "other.example/log+8a772835+Aez43HyBq/oQ0I03Sw9m2wEmZn/trg0fndB8qMEicJKU";
    let empty = file(folder, "empty.vkey", b"\n");
    let no_record = {
        let proof = fs::read_to_string(LODGED).unwrap();
        let bare: String =
            proof.lines().filter(|line| !line.starts_with("extra ")).map(|line| line.to_owned() + "\n").collect();
        file(folder, "bare.tlog-proof", bare.as_bytes())
    };
    for (file, proof, key, reason) in [
        (other_file.as_str(), LODGED, KEY, "it is about another file"),
        (FILE, HEARTBEAT, KEY, "it is about no document's content"),
        (FILE, LODGED, other_key, "verifier key"),
        (FILE, LODGED, &empty, "No verifier key was given"),
        (FILE, FILE, KEY, "The proof cannot be read"),
        (FILE, &no_record, KEY, "does not carry the record"),
        ("absent.txt", LODGED, KEY, "The file absent.txt cannot be read"),
        (FILE, "absent.tlog-proof", KEY, "The proof absent.tlog-proof cannot be read"),
        (FILE, LODGED, "absent.vkey", "The file of verifier keys absent.vkey cannot be read"),
    ] {
        let (code, said) = verify(file, proof, key);
        assert_eq!(code, Some(1), "{reason}: {said}");
        assert!(said.contains(reason), "{reason}: {said}");
    }
    for (from, to, reason) in [
        ("index 2", "index 3", "does not contain this record at entry 3"),
        ("\n7\n", "\n8\n", "signature is bad"),
        ("STV5", "STV6", "does not contain this record at entry 2"),
    ] {
        let (code, said) = verify(FILE, &altered(folder, LODGED, from, to), KEY);
        assert_eq!(code, Some(1), "{reason}: {said}");
        assert!(said.contains(reason), "{reason}: {said}");
    }
}

#[test]
fn of_several_keys_the_one_that_signed_serves() {
    let folder = tempfile::tempdir().unwrap();
    // A key of a kind that this version does not know, such as a witness's, does not stand in the way.
    let keys = format!("{}\nfuture.example+d3a7e4bf+/////w==\n", fs::read_to_string(KEY).unwrap().trim());
    let reversed: String = keys.lines().rev().map(|line| line.to_owned() + "\n").collect();
    for keys in [keys, reversed] {
        let keys = file(folder.path(), "log.vkey", keys.as_bytes());
        let (code, said) = verify(FILE, LODGED, &keys);
        assert_eq!(code, Some(0), "{said}");
    }
}

#[test]
fn a_policy_is_honoured_or_named_as_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let under = |policy: &str| {
        let policy = file(folder.path(), "policy.txt", policy.as_bytes());
        let output = strongroom(&["verify", FILE, "--proof", LODGED, "--key", KEY, "--policy", &policy]);
        (output.status.code(), text(&output.stdout).to_owned() + text(&output.stderr))
    };
    let log = fs::read_to_string(KEY).unwrap();
    assert_eq!(under("quorum none\n").0, Some(0));
    assert_eq!(under(&format!("log {}\nquorum none\n", log.trim())).0, Some(0));
    for (policy, reason) in [
        ("quorum one\n", "line 1 of the policy: no line above defines one"),
        ("", "ends without a quorum line"),
        ("witness one two\nquorum one\n", "line 1 of the policy: its key cannot be used"),
        (&format!("witness one {WITNESS}\nquorum one\n"), "Too few witnesses cosigned the checkpoint"),
        (&format!("log {OTHER_LOG}\nquorum none\n"), "not signed by any log of the policy"),
    ] {
        let (code, said) = under(policy);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(reason), "{reason}: {said}");
    }
    let output = strongroom(&["verify", FILE, "--proof", LODGED, "--key", KEY, "--policy", "absent.txt"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("The policy absent.txt cannot be read"));
}

/// The key of a witness that cosigned nothing here.
const WITNESS: &str = "witness.example+d831bcf1+BOpKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs";

/// The key of a log that signed nothing here.
const OTHER_LOG: &str = "other.example/log+ea130c06+AROY9ixtGkV8UbpqS189vS9p/KkyFiGNyJl+QWvRfZPK";
