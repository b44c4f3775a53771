//! The vectors of `tests/golden/tlog`, which were computed without Strongroom's code.

use serde::Deserialize;

use super::Leaves;
use crate::pure::tlog::checkpoint::{Checkpoint, UnverifiedCheckpoint};
use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::leaf::{Entry, Opening, Origin};
use crate::pure::tlog::note::{Note, UnverifiedNote};
use crate::pure::tlog::proof::{prove_inclusion, root, verify_inclusion};
use crate::pure::tlog::proof_file::{MalformedProofFile, ProofFile};
use crate::pure::tlog::signer::Ed25519Signer;
use crate::pure::tlog::tile::{entry_bundle, tile_bytes};
use crate::pure::tlog::verifier_key::{KeyName, VerifierKey};

pub const CHECKPOINT: &str = include_str!("../../../../tests/golden/tlog/checkpoint.txt");
pub const PROOF_FILE: &str = include_str!("../../../../tests/golden/tlog/served.tlog-proof");
pub const VERIFIER_KEY: &str = include_str!("../../../../tests/golden/tlog/verifier-key.txt");
const SEED: &str = include_str!("../../../../tests/golden/tlog/seed.hex");
const VECTORS: &str = include_str!("../../../../tests/golden/tlog/vectors.json");
const BUNDLE: &[u8] = include_bytes!("../../../../tests/golden/tlog/entries.bundle");
const TILE: &[u8] = include_bytes!("../../../../tests/golden/tlog/level-0.tile");

#[derive(Deserialize)]
struct Vectors {
    origin: String,
    size: u64,
    root: String,
    node_of_leaves_0_and_1: String,
    entries: Vec<EntryVector>,
}

#[derive(Deserialize)]
struct EntryVector {
    index: u64,
    opening: String,
    record: String,
    entry: String,
    leaf_hash: String,
}

fn vectors() -> Vectors {
    serde_json::from_str(VECTORS).unwrap()
}

fn array<const N: usize>(text: &str) -> [u8; N] {
    hex::decode(text.trim()).unwrap().try_into().unwrap()
}

fn entries() -> Vec<Entry> {
    vectors().entries.iter().map(|vector| Entry(array(&vector.entry))).collect()
}

fn leaf_hashes() -> Vec<TreeHash> {
    entries().iter().map(Entry::leaf_hash).collect()
}

fn leaves() -> Leaves {
    Leaves::over(leaf_hashes())
}

fn verifier_key() -> VerifierKey {
    VerifierKey::parse(VERIFIER_KEY.trim_end()).unwrap()
}

fn checkpoint() -> Checkpoint {
    let vectors = vectors();
    let (origin, root) = (Origin::parse(&vectors.origin).unwrap(), TreeHash(array(&vectors.root)));
    Checkpoint { origin, size: vectors.size, root }
}

fn signer() -> Ed25519Signer {
    Ed25519Signer::from_seed(KeyName::from(&checkpoint().origin), &array(SEED)).unwrap()
}

#[test]
fn entries_and_leaf_hashes() {
    let origin = checkpoint().origin;
    for vector in vectors().entries {
        let entry = Entry::commit(&origin, &Opening(array(&vector.opening)), vector.record.as_bytes());
        assert_eq!(hex::encode(entry.0), vector.entry, "entry {}", vector.index);
        assert_eq!(entry.leaf_hash().to_string(), vector.leaf_hash, "leaf hash {}", vector.index);
    }
}

#[test]
fn nodes_and_root() {
    let (vectors, leaves) = (vectors(), leaves());
    assert_eq!(
        TreeHash::of_node(&leaves.leaf_hash(0), &leaves.leaf_hash(1)).to_string(),
        vectors.node_of_leaves_0_and_1
    );
    assert_eq!(root(&leaves, vectors.size).unwrap().to_string(), vectors.root);
}

#[test]
fn tile_and_bundle() {
    assert_eq!(tile_bytes(&leaf_hashes()), TILE);
    assert_eq!(entry_bundle(&entries()), BUNDLE);
}

#[test]
fn verifier_key_of_the_seed() {
    assert_eq!(signer().verifier_key(), &verifier_key());
    assert_eq!(format!("{}\n", signer().verifier_key()), VERIFIER_KEY);
}

#[test]
fn signed_checkpoint() {
    let mut note = checkpoint().to_note().unwrap();
    note.add(signer().sign(note.text()));
    assert_eq!(note.to_string(), CHECKPOINT);
    let keys = [verifier_key()];
    let opened = Checkpoint::open(&Note::parse(CHECKPOINT.as_bytes()).unwrap(), &keys);
    assert_eq!(opened, Ok((checkpoint(), vec![&keys[0]])));
}

#[test]
fn a_checkpoint_opens_only_with_its_logs_key_and_under_its_logs_name() {
    let note = Note::parse(CHECKPOINT.as_bytes()).unwrap();
    let other = Ed25519Signer::from_seed(KeyName::from(&checkpoint().origin), &[9; 32]).unwrap();
    let unknown = UnverifiedCheckpoint::Signature(UnverifiedNote::UnknownKeys);
    assert_eq!(Checkpoint::open(&note, std::slice::from_ref(other.verifier_key())), Err(unknown));

    let elsewhere = Ed25519Signer::from_seed(KeyName::parse("elsewhere.example").unwrap(), &array(SEED)).unwrap();
    let mut resigned = checkpoint().to_note().unwrap();
    resigned.add(elsewhere.sign(resigned.text()));
    let other_origin =
        UnverifiedCheckpoint::OtherOrigin { origin: checkpoint().origin, key: elsewhere.verifier_key().name().clone() };
    assert_eq!(Checkpoint::open(&resigned, std::slice::from_ref(elsewhere.verifier_key())), Err(other_origin));
}

#[test]
fn only_the_exact_text_is_a_checkpoint() {
    let text = checkpoint().to_string();
    assert_eq!(Checkpoint::parse(&text), Ok(checkpoint()));
    let altered = [
        text.trim_end().to_owned(),
        format!("{text}extension\n"),
        format!("{text}\n"),
        format!("\n{text}"),
        text.replace("\n7\n", "\n07\n"),
        text.replace("\n7\n", "\n+7\n"),
        text.replace("\n7\n", "\n\n"),
        text.replace("\n7\n", "\n18446744073709551616\n"),
        text.replace("=\n", "\n"),
        text.replace("/strongroom", " strongroom"),
    ];
    for text in altered {
        assert!(Checkpoint::parse(&text).is_err(), "{text:?}");
    }
}

#[test]
fn proof_file() {
    let (leaves, vector) = (leaves(), &vectors().entries[4]);
    let mut extra: Vec<u8> = array::<32>(&vector.opening).to_vec();
    extra.extend_from_slice(vector.record.as_bytes());
    let file = ProofFile {
        extra,
        index: 4,
        hashes: prove_inclusion(&leaves, 4, 7).unwrap(),
        checkpoint: Note::parse(CHECKPOINT.as_bytes()).unwrap(),
    };
    assert_eq!(file.to_string(), PROOF_FILE);
    assert_eq!(ProofFile::parse(PROOF_FILE.as_bytes()).unwrap(), file);
    verify_inclusion(&leaves.leaf_hash(4), 4, 7, &file.hashes, &checkpoint().root).unwrap();
    assert!(!format!("{file:?}").contains("device-cp"));
}

#[test]
fn a_proof_file_names_the_part_that_is_malformed() {
    let without_extra = {
        let (header, rest) = PROOF_FILE.split_once("extra ").unwrap();
        format!("{header}{}", rest.split_once('\n').unwrap().1)
    };
    assert!(ProofFile::parse(without_extra.as_bytes()).unwrap().extra.is_empty());
    let cases = [
        (PROOF_FILE.replace("proof@v1", "proof@v2"), MalformedProofFile::Header),
        (PROOF_FILE.replace("\nindex 4", "\nindex 04"), MalformedProofFile::Index),
        (PROOF_FILE.replace("\nindex 4", ""), MalformedProofFile::Index),
        (PROOF_FILE.replace("\nextra ", "\nextra *"), MalformedProofFile::Extra),
        (without_extra.replace("\nindex", "\nextra \nindex"), MalformedProofFile::Extra),
        (PROOF_FILE.replace("\nindex 4\n", "\nindex 4\nAAAA\n"), MalformedProofFile::Hash),
        (
            PROOF_FILE.replace("\nindex 4", &format!("\nindex 4{}", format!("\n{}=", "A".repeat(43)).repeat(62))),
            MalformedProofFile::Hash,
        ),
        (PROOF_FILE.split_once("\n\n").unwrap().0.to_owned(), MalformedProofFile::NoCheckpoint),
        ("x".repeat(1_200_001), MalformedProofFile::TooLong),
    ];
    for (text, expected) in cases {
        assert_eq!(ProofFile::parse(text.as_bytes()), Err(expected));
    }
    let cut = PROOF_FILE.trim_end();
    assert!(matches!(ProofFile::parse(cut.as_bytes()), Err(MalformedProofFile::Checkpoint(_))));
}
