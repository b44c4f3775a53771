//! The keys that a log signs its checkpoints with: of one secret seed, an Ed25519 key and an ML-DSA-44 key.

use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::leaf::Origin;
use crate::pure::tlog::note::{MalformedNote, Note};
use crate::pure::tlog::signer::{Ed25519Signer, MlDsa44Signer, UnusableSeed};
use crate::pure::tlog::verifier_key::VerifierKey;
use crate::storage::seal::secret::SecretKey;

/// The two keys of one seed.
#[derive(Debug)]
pub struct LogSigner {
    ed25519: Ed25519Signer,
    /// Apart: it holds a whole matrix, and whoever owns a signer is moved through many frames.
    ml_dsa_44: Box<MlDsa44Signer>,
}

impl LogSigner {
    /// The keys of `seed` under the log's name. The seed is the Ed25519 private key (RFC 8032); the ML-DSA-44 one is
    /// derived from it. Whoever breaks Ed25519 learns a scalar that is a hash of the seed, and not the seed.
    pub fn from_seed(origin: &Origin, seed: &SecretKey) -> Result<Self, UnusableSeed> {
        let derived = seed.derive(&[], &[ML_DSA_44_LABEL]);
        Ok(Self {
            ed25519: Ed25519Signer::from_seed(origin.into(), seed.expose())?,
            ml_dsa_44: Box::new(MlDsa44Signer::from_seed(origin.into(), derived.expose())?),
        })
    }

    /// The keys that verify what this signs, Ed25519 first.
    pub fn verifier_keys(&self) -> [VerifierKey; 2] {
        [self.ed25519.verifier_key().clone(), self.ml_dsa_44.verifier_key().clone()]
    }

    /// Signs a text that is no checkpoint, with the Ed25519 key: the other kind signs checkpoints only.
    pub fn sign_text(&self, note: &mut Note) {
        note.add(self.ed25519.sign(note.text()));
    }

    /// Adds both signatures to the note of a checkpoint, at `time` in seconds of POSIX time.
    fn sign(&self, note: &mut Note, checkpoint: &Checkpoint, time: u64) {
        self.sign_text(note);
        note.add(self.ml_dsa_44.sign(checkpoint, time));
    }
}

/// Everything that signs a log's checkpoints: the current keys, and those whose epoch has ended but which go on signing
/// until everyone knows the new ones.
#[derive(Debug)]
pub struct LogSigners {
    current: LogSigner,
    earlier: Vec<LogSigner>,
}

impl LogSigners {
    /// Signs with `current`, and with `earlier` after it.
    pub fn new(current: LogSigner, earlier: Vec<LogSigner>) -> Self {
        Self { current, earlier }
    }

    /// The keys that verify what this signs, the current ones first.
    pub fn verifier_keys(&self) -> Vec<VerifierKey> {
        self.all().flat_map(LogSigner::verifier_keys).collect()
    }

    /// The signed note of a checkpoint, at `time` in seconds of POSIX time.
    pub fn sign(&self, checkpoint: &Checkpoint, time: u64) -> Result<Note, MalformedNote> {
        let mut note = checkpoint.to_note()?;
        self.all().for_each(|signer| signer.sign(&mut note, checkpoint, time));
        Ok(note)
    }

    fn all(&self) -> impl Iterator<Item = &LogSigner> {
        std::iter::once(&self.current).chain(&self.earlier)
    }
}

/// For ever: with another label a log would have another key.
const ML_DSA_44_LABEL: &[u8] = b"strongroom/v1 log key ML-DSA-44\0";
