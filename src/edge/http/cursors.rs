//! Cursors of lists: where a page ended, sealed, so that nobody can read an index of the log from one or make one up.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;

use crate::storage::seal::secret::SecretKey;

/// Seals and opens cursors. A cursor is good for the list that it was made for, and for as long as the key.
pub struct Cursors {
    key: LessSafeKey,
    nonces: hmac::Key,
}

impl Cursors {
    /// Cursors under this key.
    pub fn new(key: &SecretKey) -> Result<Self, CursorsUnavailable> {
        let purpose = |purpose: &[u8]| key.derive(b"strongroom/v1 cursors", &[purpose]);
        let sealing = UnboundKey::new(&AES_256_GCM, purpose(b"seal").expose()).map_err(|_| CursorsUnavailable)?;
        let nonces = hmac::Key::new(hmac::HMAC_SHA256, purpose(b"nonce").expose());
        Ok(Self { key: LessSafeKey::new(sealing), nonces })
    }

    /// A cursor of `list` after the thing with index `after`, in base64url. `list` names the list and its filters. The
    /// same place in the same list has the same cursor.
    pub fn seal(&self, list: &str, after: u64) -> String {
        let mut sealed = after.to_be_bytes().to_vec();
        // The nonce is a function of all that is sealed, so that none is ever used for two things.
        let tag = hmac::sign(&self.nonces, &[&sealed, list.as_bytes()].concat());
        let mut nonce = [0; NONCE_LEN];
        nonce.iter_mut().zip(tag.as_ref()).for_each(|(to, from)| *to = *from);
        let unique = Nonce::assume_unique_for_key(nonce);
        match self.key.seal_in_place_append_tag(unique, Aad::from(list.as_bytes()), &mut sealed) {
            Ok(()) => URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat()),
            // AES-GCM refuses only what is longer than 64 GiB. An empty text opens as no cursor.
            Err(_) => String::new(),
        }
    }

    /// The index that a cursor of `list` holds; `None` for anything else.
    pub fn open(&self, list: &str, text: &str) -> Option<u64> {
        if text.len() > MAX_TEXT_LEN {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LEN>()?;
        let mut sealed = sealed.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let plain = self.key.open_in_place(nonce, Aad::from(list.as_bytes()), &mut sealed).ok()?;
        Some(u64::from_be_bytes((&*plain).try_into().ok()?))
    }
}

impl std::fmt::Debug for Cursors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cursors(..)")
    }
}

/// The key cannot be used: it has another length than AES-256-GCM takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key that seals the cursors of lists cannot be used")]
pub struct CursorsUnavailable;

/// No cursor is longer.
const MAX_TEXT_LEN: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn cursors(seed: u8) -> Cursors {
        Cursors::new(&SecretKey::from_bytes([seed; 32])).unwrap()
    }

    #[test]
    fn a_cursor_opens_for_its_list_and_key_alone() {
        let sealed = cursors(1).seal("documents", 1042);
        assert_eq!(cursors(1).open("documents", &sealed), Some(1042));
        assert_eq!(cursors(1).open("entries", &sealed), None);
        assert_eq!(cursors(2).open("documents", &sealed), None);
    }

    #[test]
    fn cursors_of_neighbours_have_nothing_in_common() {
        let (first, second) = (cursors(1).seal("documents", 7), cursors(1).seal("documents", 8));
        assert_ne!(first[..16], second[..16]);
        assert_ne!(first[16..27], second[16..27]);
    }

    #[test]
    fn no_other_text_is_a_cursor() {
        let sealed = cursors(1).seal("documents", 7);
        let cut = &sealed[..sealed.len() - 1];
        for text in ["", "AAAA", "7", "é", cut, &"A".repeat(4096), &format!("{sealed}A")] {
            assert_eq!(cursors(1).open("documents", text), None, "{text}");
        }
    }
}
