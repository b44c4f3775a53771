//! A 256-bit secret key: it does not print, is wiped when dropped, and is opened by name.

use std::fmt;

use ring::hkdf;
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

/// Length of a secret key in bytes.
pub const KEY_LEN: usize = 32;

/// A 256-bit secret. Keys for single purposes are derived from it; it is never used twice for two.
#[derive(Clone)]
pub struct SecretKey(Zeroizing<[u8; KEY_LEN]>);

impl SecretKey {
    /// Wraps existing key bytes.
    pub fn from_bytes(bytes: [u8; KEY_LEN]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A fresh key from the operating system's random source; fails only if that source does.
    pub fn generate() -> Result<Self, RandomUnavailable> {
        let mut key = Zeroizing::new([0; KEY_LEN]);
        SystemRandom::new().fill(key.as_mut()).map_err(|_| RandomUnavailable)?;
        Ok(Self(key))
    }

    /// The key for one purpose: HKDF-SHA256 with `salt` and `info` (RFC 5869).
    pub fn derive(&self, salt: &[u8], info: &[&[u8]]) -> Self {
        let pseudorandom = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(self.expose());
        let mut key = Zeroizing::new([0; KEY_LEN]);
        // HKDF-SHA256 refuses only outputs over 255 * 32 bytes, and `fill` only another length than asked for:
        // both are constants here.
        #[expect(clippy::expect_used, reason = "the output length is the constant KEY_LEN")]
        pseudorandom
            .expand(info, KeyLength)
            .and_then(|output| output.fill(key.as_mut()))
            .expect("HKDF-SHA256 yields 32 bytes");
        Self(key)
    }

    /// The key's bytes, for handing to a cipher.
    pub fn expose(&self) -> &[u8; KEY_LEN] {
        &self.0
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
