//! A 256-bit secret key: it does not print, is wiped when dropped, and is opened by name.

use std::fmt;

use ring::hkdf;
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::{Zeroize, Zeroizing};

/// Length of a secret key in bytes.
pub const KEY_LEN: usize = 32;

/// A 256-bit secret. Keys for single purposes are derived from it; it is never used twice for two.
///
/// It lies on the heap, where a move leaves it: on the stack every move would leave a copy that nothing wipes.
pub struct SecretKey(Box<Zeroizing<[u8; KEY_LEN]>>);

impl SecretKey {
    /// Wraps existing key bytes. The caller's own copy stays the caller's to wipe; where the bytes come from elsewhere,
    /// [`SecretKey::filled`] makes none.
    pub fn from_bytes(mut bytes: [u8; KEY_LEN]) -> Self {
        let mut key = Self::zeroed();
        key.0.copy_from_slice(&bytes);
        bytes.zeroize();
        key
    }

    /// A key whose bytes `fill` writes where they stay.
    pub fn filled<E>(fill: impl FnOnce(&mut [u8; KEY_LEN]) -> Result<(), E>) -> Result<Self, E> {
        let mut key = Self::zeroed();
        fill(&mut key.0)?;
        Ok(key)
    }

    fn zeroed() -> Self {
        Self(Box::new(Zeroizing::new([0; KEY_LEN])))
    }

    /// A fresh key from the operating system's random source; fails only if that source does.
    pub fn generate() -> Result<Self, RandomUnavailable> {
        Self::filled(|key| SystemRandom::new().fill(key).map_err(|_| RandomUnavailable))
    }

    /// The key for one purpose: HKDF-SHA256 with `salt` and `info` (RFC 5869).
    pub fn derive(&self, salt: &[u8], info: &[&[u8]]) -> Self {
        let pseudorandom = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(self.expose());
        let mut key = Self::zeroed();
        // HKDF-SHA256 refuses only outputs over 255 * 32 bytes, and `fill` only another length than asked for:
        // both are constants here.
        #[expect(clippy::expect_used, reason = "the output length is the constant KEY_LEN")]
        pseudorandom
            .expand(info, KeyLength)
            .and_then(|output| output.fill(key.0.as_mut_slice()))
            .expect("HKDF-SHA256 yields 32 bytes");
        key
    }

    /// The key's bytes, for handing to a cipher.
    pub fn expose(&self) -> &[u8; KEY_LEN] {
        &self.0
    }
}

impl Clone for SecretKey {
    fn clone(&self) -> Self {
        let mut key = Self::zeroed();
        key.0.copy_from_slice(self.expose());
        key
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(..)")
    }
}

/// The operating system gave no random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the operating system's random source is unavailable")]
pub struct RandomUnavailable;

struct KeyLength;

impl hkdf::KeyType for KeyLength {
    fn len(&self) -> usize {
        KEY_LEN
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::os::unix::fs::FileExt;

    use super::*;

    /// What is at that place of our own memory; nothing where that is given back.
    fn memory(address: usize) -> Vec<u8> {
        let mut bytes = vec![0; KEY_LEN];
        let own = File::open("/proc/self/mem").unwrap();
        let read = own.read_at(&mut bytes, address as u64).unwrap_or(0);
        bytes.truncate(read);
        bytes
    }

    #[test]
    fn a_dropped_key_is_gone_from_memory_and_moving_it_copies_nothing() {
        let bytes: [u8; KEY_LEN] = std::array::from_fn(|place| 0xa5 ^ place as u8);
        let key = SecretKey::from_bytes(bytes);
        let address = key.expose().as_ptr() as usize;
        assert_eq!(memory(address), bytes);
        let moved = Box::new(Some(key));
        assert_eq!(moved.as_ref().as_ref().unwrap().expose().as_ptr() as usize, address);
        let copy = (*moved).clone().unwrap();
        assert_ne!(copy.expose().as_ptr() as usize, address);
        drop(moved);
        // Whoever uses the place now may have written to it, but never these bytes.
        assert!(!memory(address).windows(8).any(|window| bytes.windows(8).any(|part| part == window)));
        assert_eq!(copy.expose(), &bytes);
    }

    #[test]
    fn a_key_does_not_print_and_neither_does_who_holds_it() {
        let key = SecretKey::from_bytes([0xab; KEY_LEN]);
        assert_eq!(format!("{key:?}"), "SecretKey(..)");
        let held = crate::storage::seal::keys::provider::KeyProvider::Held(key);
        assert_eq!(format!("{held:?}"), "Held(SecretKey(..))");
    }
}
