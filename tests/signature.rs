//! LODGE-6 from outside: what the command line signs openssl verifies, and what openssl signs the server takes.
//!
//! It needs the `openssl` program, version 3.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of a test may fail, as the test may")]

#[path = "support/programs.rs"]
mod programs;
#[allow(dead_code, unused_imports, reason = "shared with tests that use the rest")]
#[path = "support/mod.rs"]
mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use programs::{openssl, said, well};
use strongroom::pure::lodger::LodgementText;
use strongroom::pure::tlog::hash::sha256;
use strongroom::pure::wire::lodger_signature::to_field;
use support::deeds::version;
use support::wire::assert_problem;
use support::{Options, Server};

const BYTES: &[u8] = b"The policy, third edition.\n";
const ORIGIN: &str = "localhost/strongroom";

fn server() -> Server {
    let server = Server::start(&Options::default());
    server.connect("secas").register("policy", "A policy").must_be(201);
    server
}

fn text(label: &str, origin: &str) -> String {
    let text = LodgementText {
        origin,
        document: "policy",
        label,
        sha256: sha256(BYTES),
        size: BYTES.len() as u64,
        incorporated: Some(jiff::civil::date(2026, 6, 1)),
        effective: None,
        classification: Some("GREEN"),
    };
    text.to_string()
}

/// A detached signature by the openssl program.
fn signed_by_openssl(folder: &Path, text: &str, certificate: &Path, key: &Path, more: &[&str]) -> Vec<u8> {
    let (input, output) = (folder.join("text.txt"), folder.join("text.p7s"));
    fs::write(&input, text).unwrap();
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    let (input, output) = (path(&input), path(&output));
    let (certificate, key) = (path(certificate), path(key));
    let mut words = vec!["cms", "-sign", "-binary", "-outform", "DER", "-in", &input, "-out", &output];
    words.extend(["-signer", &certificate, "-inkey", &key]);
    words.extend(more);
    well(&openssl(&words));
    fs::read(output).unwrap()
}

fn lodge(server: &Server, person: &str, label: &str, signature: &[u8]) -> support::Answer {
    let field = to_field(signature);
    let path = format!("{}?classification=GREEN&incorporated=2026-06-01", version("policy", label));
    let headers = [("Content-Type", "text/plain"), ("Lodger-Signature", field.as_str())];
    server.connect(person).exchange("PUT", &path, &headers, Some(BYTES)).unwrap()
}

#[test]
fn lodge_6_what_the_command_line_signs_openssl_verifies_offline() {
    let server = server();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let file = path("policy.txt");
    fs::write(&file, BYTES).unwrap();
    let what = ["lodge", "policy", "3.0", &file, "--classification", "green", "--incorporated", "2026-06-01", "--sign"];

    let other = server.strongroom("secas", &[&what[..], &["--origin", "other.example/log"]].concat());
    assert_eq!(other.status.code(), Some(1), "{}", said(&other));
    assert!(said(&other).contains("nothing was signed or sent"), "{}", said(&other));
    let lodged = well(&server.strongroom("secas", &[&what[..], &["--origin", ORIGIN]].concat()));
    assert!(lodged.contains("Signing for the log localhost/strongroom.") && lodged.contains("own key"), "{lodged}");
    let again = well(&server.strongroom("secas", &what));
    assert!(again.contains("this signature was not kept"), "{again}");

    let (proof, signature, signed) = (path("policy.tlog-proof"), path("policy.p7s"), path("policy-signed.txt"));
    let evidence = ["evidence", "policy", "3.0", "-o", &proof, "--signature", &signature, "--signed-text", &signed];
    well(&server.strongroom("chair", &evidence));
    assert_eq!(fs::read_to_string(&signed).unwrap(), text("3.0", ORIGIN));
    let shown = server.connect("chair").get(&version("policy", "3.0")).must_be(200).json();
    assert_eq!(to_field(&fs::read(&signature).unwrap()), format!(":{}:", shown["lodger_signature"].as_str().unwrap()));
    let certs = server.directory.path().join("certs");
    let (ca, keys) = (certs.join("ca.pem"), server.directory.path().join("log.vkey"));
    let _directory = server.stop();

    // From here on there is no server.
    let (signature_again, signed_again) = (path("again.p7s"), path("again.txt"));
    let from = ["evidence", "--from", &proof, "--signature", &signature_again, "--signed-text", &signed_again];
    well(&Command::new(env!("CARGO_BIN_EXE_strongroom")).env_clear().args(from).output().unwrap());
    assert_eq!(fs::read(&signature).unwrap(), fs::read(&signature_again).unwrap());
    let verifying = ["cms", "-verify", "-binary", "-inform", "DER", "-in", &signature_again, "-content", &signed_again];
    let trusting = ["-CAfile", ca.to_str().unwrap(), "-purpose", "any"];
    well(&openssl(&[&verifying[..], &trusting].concat()));
    well(&openssl(&[&verifying[..], &trusting, &["-cades"]].concat()));
    fs::write(&signed_again, text("3.1", ORIGIN)).unwrap();
    assert!(!openssl(&[&verifying[..], &trusting].concat()).status.success(), "another text");

    let verify = ["verify", &file, "--proof", &proof, "--key", keys.to_str().unwrap()];
    let verified = well(&Command::new(env!("CARGO_BIN_EXE_strongroom")).env_clear().args(verify).output().unwrap());
    assert!(verified.contains("The lodger's own key") && verified.contains("rest on the server's word"), "{verified}");
}

#[test]
fn lodge_6_what_openssl_signs_with_the_credential_s_key_the_server_takes() {
    let server = server();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let clients = server.directory.path().join("certs/clients");
    let sign = |text: &str, person: &str, more: &[&str]| {
        let (certificate, key) =
            (clients.join(person).with_extension("pem"), clients.join(person).with_extension("key"));
        signed_by_openssl(folder, text, &certificate, &key, more)
    };
    let good = lodge(&server, "secas", "1.0", &sign(&text("1.0", ORIGIN), "secas", &[])).must_be(201);
    assert!(good.json()["version"]["lodger_signature"].is_string());
    lodge(&server, "secas", "1.1", &sign(&text("1.1", ORIGIN), "secas", &["-cades"])).must_be(201);
    lodge(&server, "secas", "1.2", &sign(&text("1.2", ORIGIN), "secas", &["-keyid", "-md", "sha384"])).must_be(201);

    for (what, signature) in [
        ("another's key", sign(&text("2.0", ORIGIN), "chair", &[])),
        ("another label", sign(&text("1.0", ORIGIN), "secas", &[])),
        ("another log", sign(&text("2.0", "other.example/log"), "secas", &[])),
        ("no signed attributes", sign(&text("2.0", ORIGIN), "secas", &["-noattr"])),
        ("its content within", sign(&text("2.0", ORIGIN), "secas", &["-nodetach"])),
        ("no certificate", sign(&text("2.0", ORIGIN), "secas", &["-nocerts"])),
        ("BER of open length", sign(&text("2.0", ORIGIN), "secas", &["-nodetach", "-stream"])),
        ("rubbish", b"0\x80rubbish".to_vec()),
    ] {
        let refused = lodge(&server, "secas", "2.0", &signature);
        assert_problem(&refused, 422, "invalid");
        assert_eq!(refused.json()["rule"], "LODGE-6", "{what}");
        assert!(refused.entry().is_some(), "{what} is on record");
    }
    server.assert_nothing_lodged("policy", "2.0");
    assert_problem(&lodge(&server, "secas", "2.0", &vec![0x30; 8193]), 400, "malformed");
    let directory = server.stop();
    let check = ["check", "--json", "--config", directory.config().to_str().unwrap()].map(str::to_owned);
    let checked = well(&Command::new(env!("CARGO_BIN_EXE_strongroom")).env_clear().args(check).output().unwrap());
    let checked: serde_json::Value = serde_json::from_str(&checked).unwrap();
    assert_eq!((&checked["lodger_signatures"], &checked["findings"]), (&3.into(), &serde_json::json!([])), "{checked}");
}

#[test]
fn lodge_6_what_openssl_signs_with_other_kinds_of_keys_is_verified() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    let text = text("1.0", ORIGIN);
    for (kind, more) in [
        (&["rsa:2048"][..], &[][..]),
        (&["rsa:3072"], &["-md", "sha512"]),
        (&["rsa:2048"], &["-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:-1"]),
        (&["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], &["-md", "sha256"]),
        (&["ec", "-pkeyopt", "ec_paramgen_curve:P-384"], &["-md", "sha384"]),
    ] {
        let path = |path: &Path| path.to_str().unwrap().to_owned();
        let (cert, private) = (path(&certificate), path(&key));
        let mut words = vec!["req", "-x509", "-nodes", "-subj", "/CN=lodger", "-keyout", &private, "-out", &cert];
        words.push("-newkey");
        words.extend(kind);
        well(&openssl(&words));
        let signature = signed_by_openssl(folder.path(), &text, &certificate, &key, more);
        let signed = strongroom::pure::detached::verify(&signature, text.as_bytes());
        let pem = fs::read(&certificate).unwrap();
        let credential = strongroom::edge::pki::SpkiDigest::of_certificate_pem(&pem).unwrap();
        assert_eq!(signed.map(|signed| signed.key), Ok(credential.0), "{kind:?} {more:?}");
        let other = strongroom::pure::detached::verify(&signature, b"another text");
        assert!(other.is_err(), "{kind:?} {more:?}");
    }
}
