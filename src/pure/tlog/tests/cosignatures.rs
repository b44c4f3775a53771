//! Cosignatures and ML-DSA-44 signatures: over this checkpoint, by this key, at this time, and nothing else.

use crate::pure::tlog::checkpoint::{Checkpoint, UnverifiedCheckpoint};
use crate::pure::tlog::cosignature::{Cosignature, MAX_TIME, ed25519_message, ml_dsa_44_message};
use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::leaf::Origin;
use crate::pure::tlog::note::{Note, NoteSignature};
use crate::pure::tlog::signer::{Ed25519Cosigner, Ed25519Signer, MlDsa44Signer};
use crate::pure::tlog::verifier_key::{KeyName, KeyType, VerifierKey};

fn name(text: &str) -> KeyName {
    KeyName::parse(text).unwrap()
}

fn checkpoint() -> Checkpoint {
    Checkpoint { origin: Origin::parse("log.example").unwrap(), size: 7, root: TreeHash([9; 32]) }
}

/// Every kind of key, with its signature of a checkpoint at a time.
fn signed(checkpoint: &Checkpoint, time: u64) -> Vec<(VerifierKey, NoteSignature)> {
    let text = checkpoint.to_string();
    let plain = Ed25519Signer::from_seed(name("log.example"), &[1; 32]).unwrap();
    let cosigner = Ed25519Cosigner::from_seed(name("witness.example"), &[2; 32]).unwrap();
    let ml_dsa = MlDsa44Signer::from_seed(name("log.example"), &[3; 32]).unwrap();
    vec![
        (plain.verifier_key().clone(), plain.sign(&text)),
        (cosigner.verifier_key().clone(), cosigner.cosign(&text, time)),
        (ml_dsa.verifier_key().clone(), ml_dsa.sign(checkpoint, time)),
    ]
}

#[test]
fn the_messages_are_those_of_the_specification() {
    let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    let expected = format!("cosignature/v1\ntime 1679315147\n{text}");
    assert_eq!(ed25519_message(1_679_315_147, text), expected.as_bytes());
    let checkpoint = Checkpoint::parse(text).unwrap();
    let message = ml_dsa_44_message(&name("w"), 1_679_315_147, &checkpoint).unwrap();
    let expected = [
        &b"subtree/v1\n\0"[..],
        &[1, b'w'],
        &1_679_315_147_u64.to_be_bytes(),
        &[27],
        b"example.com/behind-the-sofa",
        &[0; 8],
        &20_852_163_u64.to_be_bytes(),
        &checkpoint.root.0,
    ];
    assert_eq!(message, expected.concat());
    assert_eq!(ml_dsa_44_message(&name(&"n".repeat(256)), 0, &checkpoint), None);
}

#[test]
fn every_kind_of_key_verifies_its_own_and_reads_back_as_it_prints() {
    for (key, signature) in signed(&checkpoint(), 1_764_000_000) {
        assert!(key.verifies(&checkpoint().to_string(), signature.signature()), "{key}");
        assert!(signature.claims(&key));
        assert_eq!(VerifierKey::parse(&key.to_string()), Ok(key.clone()));
        assert_eq!(NoteSignature::parse(&signature.to_string()), Some(signature));
    }
}

#[test]
fn a_changed_checkpoint_time_or_byte_breaks_every_kind() {
    let original = checkpoint();
    let altered = [
        Checkpoint { size: 8, ..original.clone() },
        Checkpoint { root: TreeHash([8; 32]), ..original.clone() },
        Checkpoint { origin: Origin::parse("log.exampl").unwrap(), ..original.clone() },
    ];
    for (key, signature) in signed(&original, 5) {
        for other in &altered {
            assert!(!key.verifies(&other.to_string(), signature.signature()), "{key} over {other}");
        }
        for at in 0..signature.signature().len() {
            let mut bytes = signature.signature().to_vec();
            bytes[at] ^= 1;
            assert!(!key.verifies(&original.to_string(), &bytes), "{key}, byte {at}");
        }
        for length in [0, 1, 7, 8, 9, signature.signature().len() - 1] {
            let cut = &signature.signature()[..length];
            assert!(!key.verifies(&original.to_string(), cut), "{key}, {length} bytes");
        }
        let longer = [signature.signature(), &[0]].concat();
        assert!(!key.verifies(&original.to_string(), &longer), "{key}, a byte more");
    }
}

#[test]
fn a_key_verifies_nothing_of_another_kind() {
    let all = signed(&checkpoint(), 5);
    for (key, own) in &all {
        for (_, signature) in all.iter().filter(|(_, signature)| signature != own) {
            assert!(!key.verifies(&checkpoint().to_string(), signature.signature()));
        }
    }
}

#[test]
fn an_ml_dsa_44_signature_is_over_a_checkpoint_only() {
    let with_extension = format!("{}extension\n", checkpoint());
    for (key, signature) in signed(&checkpoint(), 5).into_iter().filter(|(key, _)| key.key_type() == KeyType::MlDsa44) {
        assert!(!key.verifies(&with_extension, signature.signature()));
    }
}

#[test]
fn the_time_is_bounded_and_the_name_counts() {
    assert!(Cosignature::parse(&[&MAX_TIME.to_be_bytes()[..], &[1]].concat()).is_some());
    assert!(Cosignature::parse(&[&(MAX_TIME + 1).to_be_bytes()[..], &[1]].concat()).is_none());
    assert!(Cosignature::parse(&[0; 8]).is_none());
    let one = MlDsa44Signer::from_seed(name("one.example"), &[3; 32]).unwrap();
    let other = MlDsa44Signer::from_seed(name("other.example"), &[3; 32]).unwrap();
    let signature = one.sign(&checkpoint(), 5);
    assert!(!other.verifier_key().verifies(&checkpoint().to_string(), signature.signature()));
    assert!(MlDsa44Signer::from_seed(name(&"n".repeat(256)), &[3; 32]).is_err());
}

#[test]
fn one_bad_signature_of_several_of_a_log_rejects_the_checkpoint() {
    let signers = signed(&checkpoint(), 5);
    let log: Vec<_> = signers.iter().filter(|(key, _)| key.key_type().is_for_logs()).cloned().collect();
    let keys: Vec<_> = log.iter().map(|(key, _)| key.clone()).collect();
    let mut note = Note::unsigned(checkpoint().to_string()).unwrap();
    log.iter().for_each(|(_, signature)| note.add(signature.clone()));
    assert_eq!(Checkpoint::open(&note, &keys).unwrap().1.len(), 2);
    for (key, signature) in &log {
        let mut bytes = signature.signature().to_vec();
        *bytes.last_mut().unwrap() ^= 1;
        let mut bad = note.clone();
        bad.add(NoteSignature::new(key.name().clone(), key.id(), bytes).unwrap());
        assert!(matches!(Checkpoint::open(&bad, &keys), Err(UnverifiedCheckpoint::Signature(_))));
    }
}

#[test]
fn signers_do_not_print_their_private_keys() {
    let signer = MlDsa44Signer::from_seed(name("log.example"), &[0xab; 32]).unwrap();
    assert!(format!("{signer:?}").starts_with("MlDsa44Signer { key: VerifierKey("));
}
