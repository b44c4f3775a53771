//! The keys that a witness cosigns with: of one secret seed, an Ed25519 key and an ML-DSA-44 key.

use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::note::NoteSignature;
use crate::pure::tlog::signer::{Ed25519Cosigner, MlDsa44Signer, UnusableSeed};
use crate::pure::tlog::verifier_key::{KeyName, VerifierKey};
use crate::storage::seal::secret::SecretKey;

/// The two keys of one seed.
#[derive(Debug)]
pub struct WitnessKeys {
    ed25519: Ed25519Cosigner,
    ml_dsa_44: MlDsa44Signer,
}

impl WitnessKeys {
    /// The keys of `seed` under the witness's name, of at most 255 bytes. The seed is the Ed25519 private key (RFC
    /// 8032); the ML-DSA-44 one is derived from it. Under another name the seed must not be used: an Ed25519
    /// cosignature does not say whose it is.
    pub fn from_seed(name: &KeyName, seed: &SecretKey) -> Result<Self, UnusableSeed> {
        let derived = seed.derive(&[], &[ML_DSA_44_LABEL]);
        Ok(Self {
            ed25519: Ed25519Cosigner::from_seed(name.clone(), seed.expose())?,
            ml_dsa_44: MlDsa44Signer::from_seed(name.clone(), derived.expose())?,
        })
    }

    /// The keys that verify the cosignatures: Ed25519, ML-DSA-44.
    pub fn verifier_keys(&self) -> [VerifierKey; 2] {
        [self.ed25519.verifier_key().clone(), self.ml_dsa_44.verifier_key().clone()]
    }

    /// Both cosignatures of a checkpoint at `time`, in seconds of POSIX time.
    pub fn cosign(&self, checkpoint: &Checkpoint, time: u64) -> [NoteSignature; 2] {
        [self.ed25519.cosign(&checkpoint.to_string(), time), self.ml_dsa_44.sign(checkpoint, time)]
    }
}

/// For ever: with another label a witness would have another key.
const ML_DSA_44_LABEL: &[u8] = b"strongroom/v1 witness key ML-DSA-44\0";
