//! Cosignatures: timestamped signatures over a checkpoint (C2SP tlog-cosignature).
//!
//! A cosigner states that, as of that time, the checkpoint's tree is the largest that it knows of its log and extends
//! every other that it knew. The Ed25519 form signs the note's text with two lines before it; the ML-DSA-44 form signs
//! a binary message that also names the cosigner.

use super::checkpoint::Checkpoint;
use super::verifier_key::KeyName;

/// The latest time that a cosignature may carry, in seconds of POSIX time.
pub const MAX_TIME: u64 = i64::MAX as u64;

/// A cosignature's time and signature, as a note's signature line holds them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosignature {
    /// When it was made, in seconds of POSIX time; at most [`MAX_TIME`].
    pub time: u64,
    /// The signature, in the form of the key's type.
    pub signature: Vec<u8>,
}

impl Cosignature {
    /// Takes the bytes of a signature line apart: `u64 time || signature`.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let (time, signature) = bytes.split_first_chunk()?;
        let time = u64::from_be_bytes(*time);
        (time <= MAX_TIME && !signature.is_empty()).then(|| Self { time, signature: signature.to_vec() })
    }

    /// The bytes of a signature line.
    pub fn to_bytes(&self) -> Vec<u8> {
        [&self.time.to_be_bytes()[..], &self.signature].concat()
    }
}

/// What an Ed25519 cosigner signs of the note whose text is `text`.
pub fn ed25519_message(time: u64, text: &str) -> Vec<u8> {
    format!("cosignature/v1\ntime {time}\n{text}").into_bytes()
}

/// What the ML-DSA-44 cosigner `name` signs of a checkpoint; `None` for a name over 255 bytes, which no message can
/// hold.
pub fn ml_dsa_44_message(name: &KeyName, time: u64, checkpoint: &Checkpoint) -> Option<Vec<u8>> {
    let (name, origin) = (name.as_str().as_bytes(), checkpoint.origin.as_str().as_bytes());
    let mut message = b"subtree/v1\n\0".to_vec();
    message.push(u8::try_from(name.len()).ok()?);
    message.extend_from_slice(name);
    message.extend_from_slice(&time.to_be_bytes());
    message.push(u8::try_from(origin.len()).ok()?);
    message.extend_from_slice(origin);
    // "If signing a checkpoint, [start] MUST be zero."
    message.extend_from_slice(&0_u64.to_be_bytes());
    message.extend_from_slice(&checkpoint.size.to_be_bytes());
    message.extend_from_slice(&checkpoint.root.0);
    Some(message)
}
