//! Signers: private keys that sign notes and cosign checkpoints. None of them needs randomness: the same message gives
//! the same bytes.

use std::fmt;

use ml_dsa::{Keypair as _, MlDsa44, Signer as _, SigningKey};
use ring::signature::{Ed25519KeyPair, KeyPair as _};

use super::checkpoint::Checkpoint;
use super::cosignature::{self, Cosignature};
use super::note::NoteSignature;
use super::verifier_key::{KeyName, VerifierKey};

/// The length of a private key's seed in bytes, of either kind (RFC 8032; FIPS 204).
pub const SEED_LEN: usize = 32;

/// Signs notes with an Ed25519 key (type 0x01).
pub struct Ed25519Signer {
    key: VerifierKey,
    pair: Ed25519KeyPair,
}

impl Ed25519Signer {
    /// The signer for the RFC 8032 private key `seed` under `name`.
    pub fn from_seed(name: KeyName, seed: &[u8; SEED_LEN]) -> Result<Self, UnusableSeed> {
        let (pair, public_key) = ed25519(seed)?;
        Ok(Self { key: VerifierKey::ed25519(name, public_key), pair })
    }

    /// The key that verifies what this signs.
    pub fn verifier_key(&self) -> &VerifierKey {
        &self.key
    }

    /// Signs a note's text.
    pub fn sign(&self, text: &str) -> NoteSignature {
        NoteSignature::by(&self.key, self.pair.sign(text.as_bytes()).as_ref().to_vec())
    }
}

/// Cosigns checkpoints with an Ed25519 key (type 0x04). The key must sign nothing else under another name, since the
/// message does not name the cosigner.
pub struct Ed25519Cosigner {
    key: VerifierKey,
    pair: Ed25519KeyPair,
}

impl Ed25519Cosigner {
    /// The cosigner for the RFC 8032 private key `seed` under `name`.
    pub fn from_seed(name: KeyName, seed: &[u8; SEED_LEN]) -> Result<Self, UnusableSeed> {
        let (pair, public_key) = ed25519(seed)?;
        Ok(Self { key: VerifierKey::ed25519_cosignature(name, public_key), pair })
    }

    /// The key that verifies what this signs.
    pub fn verifier_key(&self) -> &VerifierKey {
        &self.key
    }

    /// Cosigns a checkpoint's text at `time`, in seconds of POSIX time.
    pub fn cosign(&self, text: &str, time: u64) -> NoteSignature {
        let signature = self.pair.sign(&cosignature::ed25519_message(time, text)).as_ref().to_vec();
        NoteSignature::by(&self.key, Cosignature { time, signature }.to_bytes())
    }
}

/// Signs and cosigns checkpoints with an ML-DSA-44 key (type 0x06; FIPS 204, deterministic, with an empty context).
pub struct MlDsa44Signer {
    key: VerifierKey,
    pair: SigningKey<MlDsa44>,
}

impl MlDsa44Signer {
    /// The signer for the FIPS 204 private key `seed` under `name`, which has at most 255 bytes.
    pub fn from_seed(name: KeyName, seed: &[u8; SEED_LEN]) -> Result<Self, UnusableSeed> {
        if name.as_str().len() > usize::from(u8::MAX) {
            return Err(UnusableSeed);
        }
        let pair = SigningKey::<MlDsa44>::from_seed(seed.into());
        let public_key = pair.verifying_key().encode();
        Ok(Self { key: VerifierKey::ml_dsa_44(name, &public_key), pair })
    }

    /// The key that verifies what this signs.
    pub fn verifier_key(&self) -> &VerifierKey {
        &self.key
    }

    /// Signs a checkpoint at `time`, in seconds of POSIX time.
    pub fn sign(&self, checkpoint: &Checkpoint, time: u64) -> NoteSignature {
        // `from_seed` bounds the name, so that there is a message.
        let message = cosignature::ml_dsa_44_message(self.key.name(), time, checkpoint).unwrap_or_default();
        let signature = self.pair.sign(&message).encode().to_vec();
        NoteSignature::by(&self.key, Cosignature { time, signature }.to_bytes())
    }
}

macro_rules! does_not_print_its_private_key {
    ($($signer:ident),*) => {
        $(impl fmt::Debug for $signer {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($signer)).field("key", &self.key).finish_non_exhaustive()
            }
        })*
    };
}

does_not_print_its_private_key!(Ed25519Signer, Ed25519Cosigner, MlDsa44Signer);

/// The seed cannot be made into a key pair of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the seed cannot be made into a key pair, or its name is longer than 255 bytes")]
pub struct UnusableSeed;

fn ed25519(seed: &[u8; SEED_LEN]) -> Result<(Ed25519KeyPair, [u8; 32]), UnusableSeed> {
    let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| UnusableSeed)?;
    let public_key = pair.public_key().as_ref().try_into().map_err(|_| UnusableSeed)?;
    Ok((pair, public_key))
}
