//! The key hierarchy: every key of a data folder comes from one root key, each for one purpose.
//!
//! ```text
//! root key ─┬─ journal key         "strongroom/v1 journal key\0" || u32 epoch
//!           ├─ key-encryption key  "strongroom/v1 key-encryption key\0" || u8 length || level || u32 epoch
//!           ├─ view key            "strongroom/v1 view key\0", with the salt of the view's folder
//!           └─ cursor key          "strongroom/v1 cursor key\0"
//! signing seed: a secret of its own, for the log outlives any change of the root key
//! ```
//!
//! Each is HKDF-SHA256 (RFC 5869) of the root key with the info string above, integers big-endian; the salt is empty but
//! for the view key. The labels end in a NUL that none contains, so no info string is another's beginning. They are for
//! ever: what was sealed under a derived key is lost with its label.
//!
//! Not here: what is sealed under them. [`provider`] says where the root key and the signing seed come from.

pub mod provider;

use std::fmt;
use std::str::FromStr;

use super::secret::SecretKey;

/// The one secret from which the keys for what is stored are derived. It seals nothing itself.
#[derive(Clone, Debug)]
pub struct RootKey(SecretKey);

impl RootKey {
    /// Takes the secret that a key provider gave as the root key.
    pub fn new(secret: SecretKey) -> Self {
        Self(secret)
    }

    /// The key from which the keys of journal segments of one epoch are derived.
    pub fn journal_key(&self, epoch: KeyEpoch) -> SecretKey {
        self.0.derive(&[], &[b"strongroom/v1 journal key\0", &epoch.0.to_be_bytes()])
    }

    /// The key that wraps the data keys of documents of one level in one epoch.
    pub fn key_encryption_key(&self, level: KeyLevel, epoch: KeyEpoch) -> SecretKey {
        let name = level.as_str().as_bytes();
        // A level's name has at most 12 bytes.
        let length = [name.len() as u8];
        self.0.derive(&[], &[b"strongroom/v1 key-encryption key\0", &length, name, &epoch.0.to_be_bytes()])
    }

    /// The key of one view folder. `salt` is random, made with the folder and kept in it, so that a rebuilt view has a
    /// new key.
    pub fn view_key(&self, salt: &[u8]) -> SecretKey {
        self.0.derive(salt, &[b"strongroom/v1 view key\0"])
    }

    /// The key that seals the cursors of lists, so that a client can neither read nor make one.
    pub fn cursor_key(&self) -> SecretKey {
        self.0.derive(&[], &[b"strongroom/v1 cursor key\0"])
    }
}

/// A period in which new things are sealed under keys of its own; the first has number 1. Rotating starts the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyEpoch(pub u32);

impl KeyEpoch {
    /// The epoch in which a new data folder starts.
    pub const FIRST: Self = Self(1);
}

impl fmt::Display for KeyEpoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The level whose key-encryption key wraps a data key: a classification by its name, or none determined yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyLevel {
    /// Classified RED.
    Red,
    /// Classified AMBER.
    Amber,
    /// Classified GREEN.
    Green,
    /// Classified WHITE.
    White,
    /// Not classified yet.
    Undetermined,
}

impl KeyLevel {
    /// Every level.
    pub const ALL: [Self; 5] = [Self::Red, Self::Amber, Self::Green, Self::White, Self::Undetermined];

    /// The name in keys and in the names of objects; it is stored and never changes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Amber => "amber",
            Self::Green => "green",
            Self::White => "white",
            Self::Undetermined => "undetermined",
        }
    }
}

impl fmt::Display for KeyLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for KeyLevel {
    type Err = UnknownKeyLevel;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|level| level.as_str() == name).ok_or(UnknownKeyLevel)
    }
}

/// A name that is no level's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a level of keys: the levels are red, amber, green, white and undetermined")]
pub struct UnknownKeyLevel;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn root() -> RootKey {
        RootKey::new(SecretKey::from_bytes(std::array::from_fn(|i| i as u8)))
    }

    #[test]
    fn no_two_purposes_share_a_key() {
        let root = root();
        let mut keys = vec![root.0.clone(), root.cursor_key(), root.view_key(b"one"), root.view_key(b"two")];
        for epoch in [KeyEpoch(1), KeyEpoch(2), KeyEpoch(256)] {
            keys.push(root.journal_key(epoch));
            keys.extend(KeyLevel::ALL.map(|level| root.key_encryption_key(level, epoch)));
        }
        let distinct: HashSet<_> = keys.iter().map(|key| *key.expose()).collect();
        assert_eq!(distinct.len(), keys.len());
    }

    /// What was sealed by one release must open in the next: these values were also computed with Python's `hmac`.
    #[test]
    fn derived_keys_never_change() {
        let root = root();
        let hex = |key: SecretKey| hex::encode(key.expose());
        assert_eq!(
            hex(root.journal_key(KeyEpoch(1))),
            "9649442278f39d08fd5b43e6f87cb4cf4318e19ec12b432e51dd72a7c8de12c3"
        );
        assert_eq!(
            hex(root.key_encryption_key(KeyLevel::Red, KeyEpoch(7))),
            "1e46f3a6e818bc50580abc0eb7e166944e18e5dc858d2ef703a6b0b5357a272c"
        );
        assert_eq!(
            hex(root.view_key(b"salt of a folder")),
            "3b00784bedf3b4793ffb680d6b8626e3741df824ff6474a535d788b5e74332f9"
        );
        assert_eq!(hex(root.cursor_key()), "f5a5d72fa5e0e33ae56c813cad1dc14b224782feeb7e10a0189183b2b646f1db");
    }

    #[test]
    fn a_level_is_found_by_its_name_only() {
        for level in KeyLevel::ALL {
            assert_eq!(level.as_str().parse(), Ok(level));
        }
        assert_eq!("RED".parse::<KeyLevel>(), Err(UnknownKeyLevel));
    }

    #[test]
    fn the_root_key_does_not_print() {
        assert_eq!(format!("{:?}", root()), "RootKey(SecretKey(..))");
    }
}
