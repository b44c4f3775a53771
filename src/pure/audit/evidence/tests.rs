//! Evidence from the golden vectors, and from small logs that lie in one way each.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{EvidenceError, FileDigest, verify_entry, verify_file};
use crate::pure::audit::report::{Actor, EvidenceKind};
use crate::pure::audit::trust::Trust;
use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::hash::{TreeHash, sha256};
use crate::pure::tlog::leaf::{Entry, Opening, Origin};
use crate::pure::tlog::note::Note;
use crate::pure::tlog::policy::Policy;
use crate::pure::tlog::proof::InvalidProof;
use crate::pure::tlog::proof_file::{MalformedProofFile, ProofFile};
use crate::pure::tlog::signer::{Ed25519Signer, MlDsa44Signer};
use crate::pure::tlog::verifier_key::{InvalidVerifierKey, KeyName};

const FILE: &[u8] = include_bytes!("../../../../tests/golden/tlog/file.txt");
const KEY: &str = include_str!("../../../../tests/golden/tlog/verifier-key.txt");
const LODGED: &str = include_str!("../../../../tests/golden/tlog/lodged.tlog-proof");
const SERVED: &str = include_str!("../../../../tests/golden/tlog/served.tlog-proof");
const HEARTBEAT: &str = include_str!("../../../../tests/golden/tlog/heartbeat.tlog-proof");
const ORIGIN: &str = "log.example/strongroom";

fn file() -> FileDigest {
    FileDigest { sha256: sha256(FILE), size: FILE.len() as u64 }
}

fn signer(name: &str) -> Ed25519Signer {
    Ed25519Signer::from_seed(KeyName::parse(name).unwrap(), &[3; 32]).unwrap()
}

fn key() -> Trust {
    Trust::in_key(signer(ORIGIN).verifier_key().clone())
}

fn golden_key() -> Trust {
    Trust::in_keys(KEY).unwrap()
}

fn signed(text: &str, signer: &Ed25519Signer) -> Note {
    let mut note = Note::unsigned(text.to_owned()).unwrap();
    note.add(signer.sign(text));
    note
}

/// An honest proof file of a log whose second entry is `record`.
fn proof_of(record: &[u8]) -> ProofFile {
    let (origin, opening) = (Origin::parse(ORIGIN).unwrap(), Opening([7; 32]));
    let first = TreeHash::of_leaf(b"another entry");
    let root = TreeHash::of_node(&first, &Entry::commit(&origin, &opening, record).leaf_hash());
    ProofFile {
        extra: [&opening.0, record].concat(),
        index: 1,
        hashes: vec![first],
        checkpoint: signed(&Checkpoint { origin, size: 2, root }.to_string(), &signer(ORIGIN)),
    }
}

/// The record of a lodgement of the golden file as entry 1, changed by `change`.
fn record(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let event = json!({"kind": "version_lodged", "document": "device-cp", "label": "3.0", "size": FILE.len(),
        "digest": hex::encode(file().sha256)});
    let mut record = json!({"v": 1, "index": 1, "time": "2026-11-24T09:30:00.123456Z", "origin": ORIGIN,
        "actor": {"person": "a.lodger", "organisation": "example-energy", "credential": "ab12"},
        "command": {"kind": "lodge_version"}, "outcome": "done", "rules": [], "facts": {}, "request": "r",
        "events": [{"kind": "view_counted"}, event]});
    change(&mut record);
    serde_json_canonicalizer::to_vec(&record).unwrap()
}

/// What verifying the golden file against an honest log of the changed record finds.
fn refusal(change: impl FnOnce(&mut Value)) -> EvidenceError {
    verify_file(&file(), proof_of(&record(change)).to_string().as_bytes(), &key()).unwrap_err()
}

/// What verifying the golden file against an altered proof of a good record finds.
fn refusal_of_proof(alter: impl FnOnce(&mut ProofFile)) -> EvidenceError {
    let mut proof = proof_of(&record(|_| ()));
    alter(&mut proof);
    verify_file(&file(), proof.to_string().as_bytes(), &key()).unwrap_err()
}

#[test]
fn the_golden_lodgement_is_evidence() {
    let evidence = verify_file(&file(), LODGED.as_bytes(), &golden_key()).unwrap();
    assert_eq!((evidence.kind, evidence.index, evidence.checkpoint.size), (EvidenceKind::Lodged, 2, 7));
    assert_eq!(evidence.time, "2026-11-24T09:30:02.123456Z");
    let content = evidence.content.unwrap();
    assert_eq!((content.document.as_str(), content.version.as_str()), ("device-cp", "3.0"));
    assert_eq!(content.sha256, file().sha256);
    let Actor::Person { person, organisation, credential } = evidence.actor else { panic!("no person") };
    assert_eq!((person.as_str(), organisation.as_deref(), credential.len()), ("a.lodger", Some("example-energy"), 64));
}

#[test]
fn the_golden_release_is_evidence_and_its_report_reads_so() {
    let evidence = verify_file(&file(), SERVED.as_bytes(), &golden_key()).unwrap();
    let credential = "e265b6f564601a1fe8dc42785cd18a868bd8013eb5899560e79248767a683e6b";
    let expected = format!(
        "Proven:\n\
         - device-cp, version 3.0 was released to r.reader of example-energy (credential {credential}). \
         Recorded as entry 4 at 2026-11-24T09:30:04.123456Z (the server's clock).\n\
         - The content has SHA-256 aaaa66621c48bd2b291ff42bc847f13dad2fcf7645a6d89a9211fb0282ebf97b.\n\
         - The log repository.example/strongroom signed its first 7 entries (Ed25519), and this is one of them: \
         any change to it would break the signature.\n\
         Not proven:\n\
         - That every byte arrived, or that anyone read it.\n\
         - That the person named used the credential, and not someone else who had it.\n\
         - That the server's clock was right.\n\
         - That the log shows everyone the same entries: no witness's signature was checked.\n"
    );
    assert_eq!(evidence.to_string(), expected);
}

#[test]
fn an_entry_without_content_is_evidence_of_itself_and_of_no_file() {
    let evidence = verify_entry(HEARTBEAT.as_bytes(), &golden_key()).unwrap();
    assert_eq!((evidence.kind, evidence.content, evidence.index), (EvidenceKind::Other, None, 6));
    assert_eq!(evidence.actor, Actor::System("heartbeat".to_owned()));
    assert_eq!(verify_entry(SERVED.as_bytes(), &golden_key()).unwrap().kind, EvidenceKind::Served);
    let refusal = verify_file(&file(), HEARTBEAT.as_bytes(), &golden_key());
    assert_eq!(refusal, Err(EvidenceError::NoContent { command: "heartbeat".to_owned() }));
}

#[test]
fn a_hidden_refusal_is_evidence_of_itself() {
    let hidden = record(|record| {
        record["outcome"] = json!("not_found");
        record["actor"].as_object_mut().unwrap().remove("organisation");
        for part in ["rules", "facts", "events"] {
            record.as_object_mut().unwrap().remove(part);
        }
    });
    let evidence = verify_entry(proof_of(&hidden).to_string().as_bytes(), &key()).unwrap();
    assert_eq!((evidence.kind, evidence.outcome.as_str()), (EvidenceKind::Other, "not_found"));
    assert_eq!(evidence.actor.to_string(), "a.lodger (credential ab12)");
}

#[test]
fn an_honest_small_log_is_evidence() {
    let proof = proof_of(&record(|_| ())).to_string();
    assert_eq!(verify_file(&file(), proof.as_bytes(), &key()).unwrap().kind, EvidenceKind::Lodged);
}

#[test]
fn a_proof_or_key_that_cannot_be_read_is_refused() {
    let malformed = EvidenceError::MalformedProof(MalformedProofFile::Header);
    assert_eq!(verify_file(&file(), &[b"x", LODGED.as_bytes()].concat(), &golden_key()), Err(malformed));
    let mistyped = KEY.replacen('4', "5", 1);
    let malformed = EvidenceError::MalformedKey(InvalidVerifierKey::Id);
    assert_eq!(Trust::in_keys(&mistyped), Err(malformed));
    assert_eq!(Trust::in_keys(" \n\n"), Err(EvidenceError::NoKey));
}

#[test]
fn a_log_is_no_witness_of_itself() {
    let mut proof = proof_of(&record(|_| ()));
    let own = MlDsa44Signer::from_seed(KeyName::parse(ORIGIN).unwrap(), &[4; 32]).unwrap();
    let checkpoint = Checkpoint::parse(proof.checkpoint.text()).unwrap();
    proof.checkpoint.add(own.sign(&checkpoint, 1_800_000_000));
    let policy = format!("witness w {}\nquorum w\n", own.verifier_key());
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let keys = vec![signer(ORIGIN).verifier_key().clone(), own.verifier_key().clone()];
    let proof = proof.to_string();
    let verified = |trust: &Trust| verify_file(&file(), proof.as_bytes(), trust);
    let believed = verified(&Trust::new(keys.clone(), Policy::default())).unwrap();
    assert_eq!((believed.signed_by.len(), believed.witnesses.len()), (2, 0));
    let refusal = verified(&Trust::new(keys, policy)).unwrap_err();
    assert!(matches!(refusal, EvidenceError::TooFewWitnesses { .. }), "{refusal}");
}

#[test]
fn another_logs_key_is_unknown() {
    let other = signer(ORIGIN);
    let known = vec![(other.verifier_key().name().clone(), other.verifier_key().id())];
    assert_eq!(verify_file(&file(), LODGED.as_bytes(), &key()), Err(EvidenceError::UnknownKey { known }));
}

#[test]
fn an_altered_checkpoint_has_a_bad_signature() {
    let altered = LODGED.replace("\n7\n", "\n8\n");
    assert!(matches!(verify_file(&file(), altered.as_bytes(), &golden_key()), Err(EvidenceError::BadSignature { .. })));
}

#[test]
fn a_signed_text_must_be_a_checkpoint_of_the_keys_log() {
    let refusal = refusal_of_proof(|proof| proof.checkpoint = signed("not a checkpoint\n", &signer(ORIGIN)));
    assert!(matches!(refusal, EvidenceError::MalformedCheckpoint(_)));
    let refusal = refusal_of_proof(|proof| {
        let text = proof.checkpoint.text().replace(ORIGIN, "elsewhere.example");
        proof.checkpoint = signed(&text, &signer(ORIGIN));
    });
    assert!(matches!(refusal, EvidenceError::WrongOrigin { origin, .. } if origin.as_str() == "elsewhere.example"));
}

#[test]
fn a_bare_inclusion_proof_opens_nothing() {
    for len in [0, 31, 32] {
        let refusal = refusal_of_proof(|proof| proof.extra.truncate(len));
        assert_eq!(refusal, EvidenceError::CommitmentNotOpened);
    }
}

#[test]
fn an_altered_record_opening_index_or_hash_is_not_included() {
    let not_included = |index| EvidenceError::NotIncluded { index };
    assert_eq!(refusal_of_proof(|proof| *proof.extra.last_mut().unwrap() ^= 1), not_included(1));
    assert_eq!(refusal_of_proof(|proof| proof.extra[0] ^= 1), not_included(1));
    assert_eq!(refusal_of_proof(|proof| proof.hashes[0].0[0] ^= 1), not_included(1));
    assert_eq!(refusal_of_proof(|proof| proof.index = 0), not_included(0));
    let misshapen = EvidenceError::MisshapenProof;
    assert_eq!(refusal_of_proof(|proof| proof.index = 2), misshapen(InvalidProof::OutsideTree));
    assert_eq!(refusal_of_proof(|proof| proof.hashes.clear()), misshapen(InvalidProof::WrongLength));
}

#[test]
fn a_record_of_another_file_names_both_digests() {
    let other = FileDigest { sha256: sha256(b"other"), size: 5 };
    let refusal = verify_file(&other, LODGED.as_bytes(), &golden_key()).unwrap_err();
    assert_eq!(refusal, EvidenceError::OtherDigest { recorded: file().sha256, file: other.sha256 });
    let text = refusal.to_string();
    assert!(text.contains(&hex::encode(file().sha256)) && text.contains(&hex::encode(other.sha256)), "{text}");
}

#[test]
fn a_log_that_contradicts_itself_is_found_out() {
    let origin = refusal(|record| record["origin"] = json!("elsewhere.example"));
    assert_eq!(origin, EvidenceError::RecordOfAnotherLog { record: "elsewhere.example".to_owned() });
    let index = refusal(|record| record["index"] = json!(2));
    assert_eq!(index, EvidenceError::OtherIndex { record: 2, proof: 1 });
    let size = refusal(|record| record["events"][1]["size"] = json!(1));
    assert_eq!(size, EvidenceError::OtherSize { recorded: 1, file: file().size });
    let version = refusal(|record| record["v"] = json!(2));
    assert_eq!(version, EvidenceError::UnknownRecordVersion { version: 2 });
}

#[test]
fn a_record_that_is_not_well_formed_is_refused() {
    let changes: [fn(&mut Value); 12] = [
        |record| record["v"] = Value::Null,
        |record| record["index"] = json!("1"),
        |record| record["time"] = json!("yesterday"),
        |record| record["time"] = json!("2026-11-24T09:30:00+01:00"),
        |record| record["actor"] = json!({}),
        |record| record["actor"]["person"] = json!("\u{1b}[2J"),
        |record| record["actor"]["person"] = json!("a\u{202e}b"),
        |record| record["command"] = json!({}),
        |record| record["outcome"] = json!("refused"),
        |record| record["events"][0] = json!({}),
        |record| record["events"][1]["label"] = Value::Null,
        |record| record["events"][1]["digest"] = json!(hex::encode(sha256(FILE)).to_uppercase()),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        assert!(matches!(refusal(change), EvidenceError::MalformedRecord(_)), "change {number}");
    }
    let good = String::from_utf8(record(|_| ())).unwrap();
    for text in
        [good.replacen('{', "{ ", 1), good.replacen('{', "{\"a\":1,\"a\":1,", 1), "{".repeat(50_000), "1".to_owned()]
    {
        let refusal = verify_file(&file(), proof_of(text.as_bytes()).to_string().as_bytes(), &key());
        assert!(matches!(refusal, Err(EvidenceError::MalformedRecord(_))));
    }
}

#[test]
fn a_hidden_refusal_is_evidence_of_what_was_asked() {
    let refused = record(|record| {
        record["outcome"] = json!("not_found");
        record.as_object_mut().unwrap().retain(|name, _| !["events", "rules", "facts"].contains(&name.as_str()));
    });
    let evidence = verify_entry(proof_of(&refused).to_string().as_bytes(), &key()).unwrap();
    assert_eq!((evidence.kind, evidence.outcome.as_str()), (EvidenceKind::Other, "not_found"));
}

#[test]
fn of_several_releases_the_one_of_the_file_is_reported() {
    let several = record(|record| {
        let mut other = record["events"][1].clone();
        other["kind"] = json!("content_released");
        other["digest"] = json!(hex::encode([1; 32]));
        record["events"].as_array_mut().unwrap().insert(0, other);
    });
    let proof = proof_of(&several).to_string();
    assert_eq!(verify_file(&file(), proof.as_bytes(), &key()).unwrap().kind, EvidenceKind::Lodged);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn no_record_in_an_honest_log_panics_the_reader(bytes in prop::collection::vec(any::<u8>(), 1..200)) {
        prop_assert!(verify_entry(proof_of(&bytes).to_string().as_bytes(), &key()).is_err());
    }

    #[test]
    fn a_record_with_a_byte_changed_never_panics(at in any::<usize>(), byte in any::<u8>()) {
        let mut bytes = record(|_| ());
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = verify_entry(proof_of(&bytes).to_string().as_bytes(), &key());
    }

    #[test]
    fn a_golden_proof_with_a_byte_changed_proves_nothing(at in any::<usize>(), byte in any::<u8>()) {
        let mut bytes = SERVED.as_bytes().to_vec();
        let at = at % bytes.len();
        prop_assume!(bytes[at] != byte);
        bytes[at] = byte;
        prop_assert!(verify_file(&file(), &bytes, &golden_key()).is_err());
    }
}
