//! The name of a blob: random, so that it says nothing about the document.

use std::fmt;
use std::str::FromStr;

use ring::rand::{SecureRandom, SystemRandom};

use crate::storage::seal::secret::RandomUnavailable;

/// 16 random bytes, written as 32 lower-case hexadecimal digits. An upload that is tried again gets a new one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlobId([u8; Self::LEN]);

impl BlobId {
    /// Length in bytes.
    pub const LEN: usize = 16;

    /// A fresh id; fails only if the system's random source does.
    pub fn generate() -> Result<Self, RandomUnavailable> {
        let mut bytes = [0; Self::LEN];
        SystemRandom::new().fill(&mut bytes).map_err(|_| RandomUnavailable)?;
        Ok(Self(bytes))
    }

    /// The id of these bytes.
    pub fn from_bytes(bytes: [u8; Self::LEN]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }
}

impl fmt::Display for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlobId({self})")
    }
}

impl FromStr for BlobId {
    type Err = NotABlobId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // One spelling only: an id is also the name of an object.
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(NotABlobId);
        }
        let mut bytes = [0; Self::LEN];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| NotABlobId)?;
        Ok(Self(bytes))
    }
}

/// A text that is no blob's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a blob: it has 32 lower-case hexadecimal digits")]
pub struct NotABlobId;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        let id = BlobId::generate().unwrap();
        assert_eq!(id.to_string().parse(), Ok(id));
        for text in ["", "00", &id.to_string()[1..], "AB112233445566778899aabbccddeeff", "../etc/passwd", "é"] {
            assert_eq!(text.parse::<BlobId>(), Err(NotABlobId), "{text}");
        }
    }
}
