//! Frames: pieces of a journal segment, sealed with AES-256-GCM under a key that only that segment has.
//!
//! The key is `HKDF-SHA256(journal key of the epoch, salt, "strongroom/v1 journal")` (RFC 5869), where the salt is the
//! segment's own 32 random bytes. The nonce is the frame's counter, 12 bytes big-endian (NIST SP 800-38D, section
//! 8.2.1: a deterministic construction), so a counter must never repeat under a key: a [`FrameSealer`] hands out each
//! counter once, and whoever makes one takes a fresh salt.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::error::Unspecified;

use super::secret::SecretKey;

/// Length of a segment's salt in bytes.
pub const SALT_LEN: usize = 32;

/// Length of an authentication tag in bytes.
pub const TAG_LEN: usize = 16;

const KEY_LABEL: &[u8] = b"strongroom/v1 journal";

/// Seals the frames of one segment, each under the next counter.
pub struct FrameSealer {
    key: LessSafeKey,
    next_counter: u64,
}

impl FrameSealer {
    /// A sealer that starts at counter 0. The salt must be fresh: two sealers of one key and salt would repeat nonces.
    pub fn new(journal_key: &SecretKey, salt: &[u8; SALT_LEN]) -> Result<Self, SealError> {
        Ok(Self { key: segment_key(journal_key, salt).map_err(|_| SealError)?, next_counter: 0 })
    }

    /// The counter under which the next frame will be sealed.
    pub fn next_counter(&self) -> u64 {
        self.next_counter
    }

    /// Encrypts `bytes` in place and gives the tag over them and over `associated`. The counter is used up even if
    /// the frame is never stored.
    pub fn seal(&mut self, associated: &[u8], bytes: &mut [u8]) -> Result<[u8; TAG_LEN], SealError> {
        let counter = self.next_counter;
        self.next_counter = counter.checked_add(1).ok_or(SealError)?;
        let tag =
            self.key.seal_in_place_separate_tag(nonce(counter), Aad::from(associated), bytes).map_err(|_| SealError)?;
        tag.as_ref().try_into().map_err(|_| SealError)
    }
}

/// Opens the frames of one segment.
pub struct FrameOpener {
    key: LessSafeKey,
}

impl FrameOpener {
    /// The opener of the segment with this salt.
    pub fn new(journal_key: &SecretKey, salt: &[u8; SALT_LEN]) -> Result<Self, SealError> {
        Ok(Self { key: segment_key(journal_key, salt).map_err(|_| SealError)? })
    }

    /// Decrypts `sealed` (ciphertext and tag) in place and gives the plaintext; the content of `sealed` is undefined
    /// after an error.
    pub fn open<'a>(&self, counter: u64, associated: &[u8], sealed: &'a mut [u8]) -> Result<&'a [u8], NotAuthentic> {
        let plaintext =
            self.key.open_in_place(nonce(counter), Aad::from(associated), sealed).map_err(|_| NotAuthentic)?;
        Ok(plaintext)
    }
}

/// A frame could not be sealed: it is longer than AES-GCM allows, or the counter is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a journal frame could not be sealed: it is too long or its segment has too many")]
pub struct SealError;

/// A frame's tag does not fit its bytes: they changed, or another key or counter sealed them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the frame is not authentic: its bytes changed, or another key sealed it")]
pub struct NotAuthentic;

fn segment_key(journal_key: &SecretKey, salt: &[u8; SALT_LEN]) -> Result<LessSafeKey, Unspecified> {
    let key = journal_key.derive(salt, &[KEY_LABEL]);
    Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.expose())?))
}

fn nonce(counter: u64) -> Nonce {
    let mut bytes = [0; NONCE_LEN];
    bytes[NONCE_LEN - 8..].copy_from_slice(&counter.to_be_bytes());
    Nonce::assume_unique_for_key(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair() -> (FrameSealer, FrameOpener) {
        let (key, salt) = (SecretKey::from_bytes([1; 32]), [2; SALT_LEN]);
        (FrameSealer::new(&key, &salt).unwrap(), FrameOpener::new(&key, &salt).unwrap())
    }

    fn sealed(sealer: &mut FrameSealer, associated: &[u8], plaintext: &[u8]) -> Vec<u8> {
        let mut bytes = plaintext.to_owned();
        let tag = sealer.seal(associated, &mut bytes).unwrap();
        bytes.extend(tag);
        bytes
    }

    #[test]
    fn a_frame_opens_under_its_counter_and_header_alone() {
        let (mut sealer, opener) = pair();
        let frame = sealed(&mut sealer, b"header", b"records");
        assert_eq!(opener.open(0, b"header", &mut frame.clone()), Ok(&b"records"[..]));
        assert_eq!(opener.open(1, b"header", &mut frame.clone()), Err(NotAuthentic));
        assert_eq!(opener.open(0, b"another", &mut frame.clone()), Err(NotAuthentic));
        assert_eq!(opener.open(0, b"header", &mut []), Err(NotAuthentic));
    }

    #[test]
    fn equal_frames_are_sealed_under_different_counters() {
        let (mut sealer, _) = pair();
        let first = sealed(&mut sealer, b"header", b"records");
        assert_eq!(sealer.next_counter(), 1);
        assert_ne!(first, sealed(&mut sealer, b"header", b"records"));
    }

    #[test]
    fn another_salt_is_another_key() {
        let (mut sealer, _) = pair();
        let frame = sealed(&mut sealer, b"", b"records");
        let other = FrameOpener::new(&SecretKey::from_bytes([1; 32]), &[3; SALT_LEN]).unwrap();
        assert_eq!(other.open(0, b"", &mut frame.clone()), Err(NotAuthentic));
    }
}
