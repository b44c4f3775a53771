//! The vectors of `tests/golden/tlog/others`, which the tools of others signed and wrote.

use super::golden::{CHECKPOINT, PROOF_FILE};
use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::note::Note;
use crate::pure::tlog::proof_file::ProofFile;
use crate::pure::tlog::verifier_key::VerifierKey;

const COSIGNED: &str = include_str!("../../../../tests/golden/tlog/others/cosigned-checkpoint.txt");
const KEYS: &str = include_str!("../../../../tests/golden/tlog/others/verifier-keys.txt");
const PROOF: &str = include_str!("../../../../tests/golden/tlog/others/entry-4.tlog-proof");

fn keys() -> Vec<VerifierKey> {
    KEYS.lines().filter_map(|line| VerifierKey::parse(line).ok()).collect()
}

#[test]
fn a_checkpoint_of_theirs_opens_and_prints_as_they_wrote_it() {
    let theirs = Note::parse(COSIGNED.as_bytes()).unwrap();
    let ours = Note::parse(CHECKPOINT.as_bytes()).unwrap();
    assert_eq!(theirs.to_string(), COSIGNED);
    assert_eq!(theirs.signatures().len(), 4);
    assert_eq!(theirs.signatures().first(), ours.signatures().first());
    assert_eq!(Checkpoint::open(&theirs, &keys()[0]), Checkpoint::open(&ours, &keys()[0]));
}

#[test]
fn a_proof_of_theirs_is_the_one_that_we_make() {
    let (theirs, ours) =
        (ProofFile::parse(PROOF.as_bytes()).unwrap(), ProofFile::parse(PROOF_FILE.as_bytes()).unwrap());
    assert_eq!(theirs.to_string(), PROOF);
    assert_eq!((theirs.index, theirs.hashes, theirs.extra.len()), (ours.index, ours.hashes, 0));
}
