//! GOV-1 and SELF-1 from outside: what a member signs with openssl or with the command line, and what it opens; and
//! another credential by the hands of three people.
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

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use programs::{openssl, said, well};
use serde_json::{Value, json};
use support::certificates::valid;
use support::deeds::NEED;
use support::directory::strongroom;
use support::wire::{Answer, assert_problem};
use support::{Credential, Options, Server};

fn server() -> Server {
    let server = Server::start(&Options::default());
    server.hold("policy", "A policy", "AMBER", b"for members");
    server
}

fn read(server: &Server, person: &str) -> Answer {
    server.connect(person).read_content("policy", "1.0", NEED)
}

/// What the command line answers to machines.
fn answered(server: &Server, person: &str, arguments: &[&str]) -> Value {
    let output = server.strongroom(person, &[arguments, &["--json"]].concat());
    assert!(output.status.success(), "{}", said(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A detached signature over the file's bytes by that person's key, as a manual of openssl has it.
fn signed_by_openssl(server: &Server, person: &str, text: &Path) -> Vec<u8> {
    let clients = server.directory.path().join("certs/clients");
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    let (certificate, key) =
        (path(&clients.join(person).with_extension("pem")), path(&clients.join(person).with_extension("key")));
    let output = text.with_extension("p7s");
    let (text, signature) = (path(text), path(&output));
    let who = ["-signer", &certificate, "-inkey", &key];
    let what = ["cms", "-sign", "-binary", "-outform", "DER", "-in", &text, "-out", &signature];
    well(&openssl(&[&what[..], &who[..]].concat()));
    fs::read(output).unwrap()
}

fn sign(server: &Server, person: &str, digest: &Value, der: &[u8]) -> Answer {
    let body = json!({"text_digest": digest, "signature": STANDARD.encode(der)});
    server.connect(person).post("/v1/agreements", &body)
}

#[test]
fn gov_1_a_member_signs_with_openssl_and_then_reads_amber() {
    let server = server();
    let folder = tempfile::tempdir().unwrap();
    assert_problem(&read(&server, "gas-networks"), 403, "agreement_required");
    let text = folder.path().join("agreement.txt");
    well(&server.strongroom("gas-networks", &["agreement", "show", "-o", text.to_str().unwrap()]));
    let asked = answered(&server, "gas-networks", &["agreement", "list"])["items"][0].clone();
    assert_eq!(fs::read_to_string(&text).unwrap(), asked["text"].as_str().unwrap(), "to the last byte");
    let digest = &asked["text_digest"];

    let altered = folder.path().join("altered.txt");
    fs::write(&altered, format!("{}\n", asked["text"].as_str().unwrap())).unwrap();
    for (what, der) in [
        ("another text version", signed_by_openssl(&server, "gas-networks", &altered)),
        ("another's key", signed_by_openssl(&server, "chair", &text)),
        ("rubbish", b"0\x80rubbish".to_vec()),
    ] {
        let refused = sign(&server, "gas-networks", digest, &der);
        assert_problem(&refused, 422, "invalid");
        assert_eq!((&refused.json()["rule"], refused.entry().is_some()), (&json!("GOV-1"), true), "{what}");
    }
    assert_problem(&read(&server, "gas-networks"), 403, "agreement_required");

    let signature = signed_by_openssl(&server, "gas-networks", &text);
    let signed = sign(&server, "gas-networks", digest, &signature).must_be(200).json();
    assert_eq!(signed["items"][0]["signed"]["signature"], STANDARD.encode(&signature));
    read(&server, "gas-networks").must_be(200);
    assert_problem(&sign(&server, "gas-networks", digest, &signature), 409, "conflict");

    let directory = server.stop();
    let checked = strongroom(&["check", "--json", "--config", directory.config().to_str().unwrap()]);
    let checked: Value = serde_json::from_str(&well(&checked)).unwrap();
    assert_eq!(checked["findings"], json!([]), "{checked}");
}

#[test]
fn gov_1_an_amended_text_asks_again_and_openssl_verifies_what_the_command_line_signs() {
    let server = server();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    read(&server, "small-supplier").must_be(200);
    let (amended, other) = (path("amended.txt"), path("other.txt"));
    fs::write(&amended, "I shall keep it to myself.\n\nAnd my papers \u{2013} under lock.").unwrap();
    fs::write(&other, "I shall tell everyone.").unwrap();

    let adopt = ["agreement", "adopt", "--body", "pma", "--file", &amended];
    let refused = server.strongroom("chair", &adopt);
    assert_eq!((refused.status.code(), said(&refused).contains("GOV-1")), (Some(1), true), "{}", said(&refused));
    well(&server.strongroom("panel-member", &adopt));
    assert_problem(&read(&server, "small-supplier"), 403, "agreement_required");

    let unread = server.strongroom("small-supplier", &["agreement", "sign", "--file", &other]);
    assert!(!unread.status.success() && said(&unread).contains("nothing was signed or sent"), "{}", said(&unread));
    let signed = answered(&server, "small-supplier", &["agreement", "sign", "--file", &amended]);
    assert_eq!(signed["items"][0]["signed"]["attested"], false);
    read(&server, "small-supplier").must_be(200);
    let again = server.strongroom("small-supplier", &["agreement", "sign"]);
    assert_eq!(again.status.code(), Some(1), "{}", said(&again));

    let (signature, ca) = (path("signature.p7s"), server.directory.path().join("certs/ca.pem"));
    let kept = signed["items"][0]["signed"]["signature"].as_str().unwrap();
    fs::write(&signature, STANDARD.decode(kept).unwrap()).unwrap();
    let verify = |content: &str| {
        let what = ["cms", "-verify", "-binary", "-inform", "DER", "-in", &signature, "-content", content];
        openssl(&[&what[..], &["-CAfile", ca.to_str().unwrap(), "-purpose", "any"]].concat())
    };
    well(&verify(&amended));
    assert!(!verify(&other).status.success());

    let attested = answered(&server, "large-supplier-1", &["agreement", "sign", "--attest"]);
    assert_eq!(attested["items"][0]["signed"]["attested"], true);
    let trail = server.connect("large-supplier-1").get("/v1/audit/entries").must_be(200).json().to_string();
    assert!(trail.contains("\"made\":\"attested\""), "the record says which of the two it was");
}

#[test]
fn self_1_a_new_credential_takes_three_people_and_the_old_one_ends() {
    let server = server();
    let folder = tempfile::tempdir().unwrap();
    let issued = server.directory.ca().issue_client("anything", valid()).unwrap();
    let card = Credential::of(&issued);
    let (pem, both) = (folder.path().join("card.pem"), folder.path().join("both.pem"));
    fs::write(&pem, &card.certificate).unwrap();
    fs::write(&both, format!("{}{}", card.certificate, card.key)).unwrap();
    let (pem, both) = (pem.to_str().unwrap(), both.to_str().unwrap());

    let keyed = server.strongroom("secas", &["credential", "bind", "chair", both]);
    assert_eq!((keyed.status.code(), said(&keyed).contains("nothing was sent")), (Some(2), true), "{}", said(&keyed));
    let bound = answered(&server, "secas", &["credential", "bind", "chair", pem]);
    let id = bound["id"].as_str().unwrap();
    let mut anew = server.connect_with(Some(&card)).unwrap();
    assert_problem(&anew.get("/v1/me"), 403, "credential_unknown");
    for person in ["secas", "chair"] {
        let refused = server.strongroom(person, &["credential", "confirm", id]);
        assert!(!refused.status.success() && said(&refused).contains("SELF-1"), "{person}: {}", said(&refused));
    }
    assert_eq!(answered(&server, "panel-member", &["credential", "confirm", id])["state"], "confirmed");
    let mut anew = server.connect_with(Some(&card)).unwrap();
    assert_eq!(anew.get("/v1/me").must_be(200).json()["person"]["handle"], "chair");
    assert!(well(&server.strongroom("chair", &["me"])).contains(id));

    let old = answered(&server, "chair", &["me"])["credential"]["spki_digest"].as_str().unwrap().to_owned();
    let mut open = server.connect("chair");
    open.get("/v1/me").must_be(200);
    let revoke = ["credential", "revoke", &old, "--reason", "the card was lost"];
    let refused = server.strongroom("secas", &revoke);
    assert!(!refused.status.success() && said(&refused).contains("SELF-1"), "{}", said(&refused));
    well(&server.strongroom("panel-member", &revoke));
    let refused = open.get("/v1/documents");
    assert_problem(&refused, 403, "credential_revoked");
    assert!(refused.entry().is_some(), "it is on record");
    anew.get("/v1/documents").must_be(200);
    let listed = answered(&server, "secas", &["credential", "list", "--person", "chair"]);
    assert_eq!((&listed["items"][0]["state"], &listed["items"][1]["state"]), (&json!("revoked"), &json!("confirmed")));
    assert_eq!(answered(&server, "secas", &["credential", "show", id]), listed["items"][1]);
}
