//! Sealing: AES-256-GCM with a random nonce in front, bound to the place where the value lies.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};

use super::error::ViewError;
use crate::storage::seal::secret::{RandomUnavailable, SecretKey};

/// Length of a folder's salt.
pub(super) const SALT_LEN: usize = 32;

/// A random value that makes a folder's sealing key its own. It is no secret.
pub(super) type Salt = [u8; SALT_LEN];

/// Seals and opens values of one folder.
///
/// Nonces are random, so that one key is good for 2^32 values (NIST SP 800-38D, section 8.3): some 800 million entries.
/// A rebuilt folder has another salt and with it another key.
pub(super) struct Sealer {
    key: LessSafeKey,
    random: SystemRandom,
}

impl Sealer {
    /// The sealer of the folder with that salt.
    pub(super) fn under(view_key: &SecretKey, salt: &Salt) -> Result<Self, ViewError> {
        let key = view_key.derive(salt, &[b"strongroom view values v1"]);
        let key = UnboundKey::new(&AES_256_GCM, key.expose())
            .map_err(|_| ViewError::damaged("a key of another length than AES-256 takes"))?;
        Ok(Self { key: LessSafeKey::new(key), random: SystemRandom::new() })
    }

    /// Seals `plaintext` for `place`: nonce, ciphertext, tag.
    pub(super) fn seal(&self, place: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, ViewError> {
        let nonce: [u8; NONCE_LEN] = random(&self.random)?;
        let mut sealed = Vec::with_capacity(NONCE_LEN + plaintext.len() + AES_256_GCM.tag_len());
        sealed.extend(nonce);
        sealed.extend(plaintext);
        let body = sealed.get_mut(NONCE_LEN..).unwrap_or_default();
        let tag = self
            .key
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place), body)
            .map_err(|_| ViewError::damaged("a value too long to seal"))?;
        sealed.extend(tag.as_ref());
        Ok(sealed)
    }

    /// Opens what was sealed for `place`; `None` if it is anything else.
    pub(super) fn open(&self, place: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, body) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let mut body = body.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let length = self.key.open_in_place(nonce, Aad::from(place), &mut body).ok()?.len();
        body.truncate(length);
        Some(body)
    }
}

/// A fresh salt.
pub(super) fn fresh_salt() -> Result<Salt, ViewError> {
    random(&SystemRandom::new())
}

fn random<const N: usize>(source: &SystemRandom) -> Result<[u8; N], ViewError> {
    let mut bytes = [0; N];
    source.fill(&mut bytes).map_err(|_| ViewError::Unusable(std::io::Error::other(RandomUnavailable)))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer(key: u8, salt: u8) -> Sealer {
        Sealer::under(&SecretKey::from_bytes([key; 32]), &[salt; SALT_LEN]).unwrap()
    }

    #[test]
    fn a_value_opens_in_its_place_only() {
        let sealed = sealer(1, 1).seal(b"here", b"value").unwrap();
        assert_eq!(sealer(1, 1).open(b"here", &sealed).unwrap(), b"value");
        assert_eq!(sealer(1, 1).open(b"there", &sealed), None);
        assert_eq!(sealer(2, 1).open(b"here", &sealed), None, "another view key");
        assert_eq!(sealer(1, 2).open(b"here", &sealed), None, "another folder");
    }

    #[test]
    fn an_altered_or_shortened_value_does_not_open() {
        let sealed = sealer(1, 1).seal(b"here", b"value").unwrap();
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert_eq!(sealer(1, 1).open(b"here", &altered), None, "byte {at}");
            assert_eq!(sealer(1, 1).open(b"here", &sealed[..at]), None, "{at} bytes");
        }
    }
}
