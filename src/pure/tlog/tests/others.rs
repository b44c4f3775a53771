//! The vectors of `tests/golden/tlog/others`, which the tools of others signed and wrote.

use super::golden::{CHECKPOINT, PROOF_FILE};
use crate::pure::tlog::add_checkpoint::{AddCheckpoint, parse_cosignatures};
use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::note::{Note, UnverifiedNote};
use crate::pure::tlog::proof::verify_consistency;
use crate::pure::tlog::proof_file::ProofFile;
use crate::pure::tlog::verifier_key::{KeyType, VerifierKey};

const COSIGNED: &str = include_str!("../../../../tests/golden/tlog/others/cosigned-checkpoint.txt");
const KEYS: &str = include_str!("../../../../tests/golden/tlog/others/verifier-keys.txt");
const PROOF: &str = include_str!("../../../../tests/golden/tlog/others/entry-4.tlog-proof");
const REQUEST: &str = include_str!("../../../../tests/golden/tlog/others/add-checkpoint.request");
const RESPONSE: &str = include_str!("../../../../tests/golden/tlog/others/add-checkpoint.response");
const ROOT_OF_4: &str = include_str!("../../../../tests/golden/tlog/others/root-of-4.txt");

/// The log's Ed25519 and ML-DSA-44 keys, a witness's ML-DSA-44 key, another's Ed25519 cosignature key.
fn keys() -> Vec<VerifierKey> {
    KEYS.lines().map(|line| VerifierKey::parse(line).unwrap()).collect()
}

#[test]
fn keys_of_theirs_print_as_they_wrote_them() {
    let types: Vec<_> = keys().iter().map(VerifierKey::key_type).map(KeyType::byte).collect();
    assert_eq!(types, [0x01, 0x06, 0x06, 0x04]);
    let printed: String = keys().iter().map(|key| format!("{key}\n")).collect();
    assert_eq!(printed, KEYS);
}

#[test]
fn a_checkpoint_of_theirs_opens_and_prints_as_they_wrote_it() {
    let (theirs, ours) = (Note::parse(COSIGNED.as_bytes()).unwrap(), Note::parse(CHECKPOINT.as_bytes()).unwrap());
    assert_eq!(theirs.to_string(), COSIGNED);
    assert_eq!(theirs.signatures().first(), ours.signatures().first());
    assert_eq!(Checkpoint::open(&theirs, &keys()[..2]).unwrap().0, Checkpoint::open(&ours, &keys()[..1]).unwrap().0);
}

#[test]
fn every_signature_of_theirs_is_good_for_this_checkpoint_and_no_other() {
    let note = Note::parse(COSIGNED.as_bytes()).unwrap();
    let keys = keys();
    assert_eq!(note.verify(&keys).unwrap(), keys.iter().collect::<Vec<_>>());
    let of_another_size = Note::parse(COSIGNED.replacen("\n7\n", "\n8\n", 1).as_bytes()).unwrap();
    for key in &keys {
        let bad = UnverifiedNote::BadSignature { name: key.name().clone(), id: key.id() };
        assert_eq!(of_another_size.verify(std::slice::from_ref(key)), Err(bad));
    }
}

#[test]
fn a_request_of_theirs_to_a_witness_holds_and_its_answer_is_the_cosignature() {
    let request = AddCheckpoint::parse(REQUEST.as_bytes()).unwrap();
    assert_eq!(request.to_string(), REQUEST);
    let (checkpoint, _) = Checkpoint::open(&request.checkpoint, &keys()[..1]).unwrap();
    let old_root = TreeHash(hex::decode(ROOT_OF_4.trim()).unwrap().try_into().unwrap());
    verify_consistency(request.old_size, &old_root, checkpoint.size, &checkpoint.root, &request.proof).unwrap();

    let mut cosigned = request.checkpoint;
    for cosignature in parse_cosignatures(RESPONSE).unwrap() {
        cosigned.add(cosignature);
    }
    assert_eq!(cosigned.verify(&keys()[3..]).unwrap(), [&keys()[3]]);
}

#[test]
fn a_proof_of_theirs_is_the_one_that_we_make() {
    let (theirs, ours) =
        (ProofFile::parse(PROOF.as_bytes()).unwrap(), ProofFile::parse(PROOF_FILE.as_bytes()).unwrap());
    assert_eq!(theirs.to_string(), PROOF);
    assert_eq!((theirs.index, theirs.hashes, theirs.extra.len()), (ours.index, ours.hashes, 0));
}
