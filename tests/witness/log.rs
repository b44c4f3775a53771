//! A log of the tests' own.

use std::convert::Infallible;

use strongroom::pure::tlog::add_checkpoint::AddCheckpoint;
use strongroom::pure::tlog::checkpoint::Checkpoint;
use strongroom::pure::tlog::hash::TreeHash;
use strongroom::pure::tlog::leaf::Origin;
use strongroom::pure::tlog::note::Note;
use strongroom::pure::tlog::proof::{HashSource, prove_consistency, root};
use strongroom::pure::tlog::signer::Ed25519Signer;
use strongroom::pure::tlog::verifier_key::KeyName;

pub const ORIGIN: &str = "log.example/behind-the-sofa";

/// A log whose leaves are numbers, under a key of that seed.
#[derive(Clone, Copy)]
pub struct Log(pub u8);

impl HashSource for Log {
    type Error = Infallible;

    fn hash(&self, level: u8, index: u64) -> Result<TreeHash, Infallible> {
        if level == 0 {
            return Ok(TreeHash::of_leaf(&[&index.to_be_bytes()[..], &[self.0]].concat()));
        }
        Ok(TreeHash::of_node(&self.hash(level - 1, 2 * index)?, &self.hash(level - 1, 2 * index + 1)?))
    }
}

impl Log {
    pub fn verifier_key(self) -> String {
        self.signer().verifier_key().to_string()
    }

    pub fn checkpoint(self, size: u64) -> Checkpoint {
        Checkpoint { origin: Origin::parse(ORIGIN).unwrap(), size, root: root(&self, size).unwrap() }
    }

    pub fn sign(self, text: &str) -> Note {
        let mut note = Note::unsigned(text.to_owned()).unwrap();
        note.add(self.signer().sign(text));
        note
    }

    /// The body of an honest request.
    pub fn request(self, old: u64, new: u64) -> String {
        let proof = prove_consistency(&self, old, new).unwrap();
        let checkpoint = self.sign(&self.checkpoint(new).to_string());
        AddCheckpoint { old_size: old, proof, checkpoint }.to_string()
    }

    fn signer(self) -> Ed25519Signer {
        Ed25519Signer::from_seed(KeyName::parse(ORIGIN).unwrap(), &[self.0; 32]).unwrap()
    }
}
