//! Verifier keys: public keys as C2SP signed-note writes them, `name+hex8(key id)+base64(type || public key)`.

use std::fmt;

use ml_dsa::{KeyInit as _, MlDsa44, Signature, Verifier as _, VerifyingKey};
use ring::signature::{ED25519, UnparsedPublicKey};

use super::checkpoint::Checkpoint;
use super::cosignature::{Cosignature, ed25519_message, ml_dsa_44_message};
use super::hash::sha256;
use super::leaf::Origin;
use super::text::{from_base64, to_base64};

/// The name of a key: non-empty, without Unicode spaces, control characters or `+`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyName(String);

impl KeyName {
    /// Parses a key name.
    pub fn parse(text: &str) -> Result<Self, InvalidVerifierKey> {
        let unusable = |c: char| c.is_whitespace() || c.is_control() || c == '+';
        if text.is_empty() || text.contains(unusable) {
            return Err(InvalidVerifierKey::Name);
        }
        Ok(Self(text.to_owned()))
    }

    /// The name's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&Origin> for KeyName {
    /// A log signs under its origin, whose rules are those of a key name.
    fn from(origin: &Origin) -> Self {
        Self(origin.as_str().to_owned())
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which of the keys of one name: `SHA-256(name || 0x0A || type || public key)[..4]`. It finds a key and proves
/// nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(pub [u8; 4]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// The signature types of C2SP signed-note that are verified here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyType {
    /// 0x01: Ed25519 (RFC 8032) over the note's text.
    Ed25519,
    /// 0x04: a timestamped Ed25519 cosignature of a checkpoint.
    Ed25519Cosignature,
    /// 0x06: a timestamped ML-DSA-44 (FIPS 204) signature of a checkpoint.
    MlDsa44,
}

impl KeyType {
    const ALL: [Self; 3] = [Self::Ed25519, Self::Ed25519Cosignature, Self::MlDsa44];

    /// The type's identifier byte.
    pub fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::Ed25519Cosignature => 0x04,
            Self::MlDsa44 => 0x06,
        }
    }

    /// Whether a log may sign its checkpoints with such a key.
    pub fn is_for_logs(self) -> bool {
        matches!(self, Self::Ed25519 | Self::MlDsa44)
    }

    /// Whether a witness may cosign checkpoints with such a key.
    pub fn is_for_witnesses(self) -> bool {
        matches!(self, Self::Ed25519Cosignature | Self::MlDsa44)
    }

    fn public_key_len(self) -> usize {
        match self {
            Self::Ed25519 | Self::Ed25519Cosignature => 32,
            Self::MlDsa44 => 1312,
        }
    }

    fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|key_type| key_type.byte() == byte)
    }
}

impl fmt::Display for KeyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ed25519 | Self::Ed25519Cosignature => "Ed25519",
            Self::MlDsa44 => "ML-DSA-44",
        })
    }
}

/// A public key that verifies signatures on notes.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: KeyName,
    id: KeyId,
    key_type: KeyType,
    public_key: Vec<u8>,
}

impl VerifierKey {
    /// The Ed25519 key `public_key` under `name`.
    pub fn ed25519(name: KeyName, public_key: [u8; 32]) -> Self {
        Self::new(name, KeyType::Ed25519, &public_key)
    }

    /// The Ed25519 key `public_key` of the cosigner `name`.
    pub fn ed25519_cosignature(name: KeyName, public_key: [u8; 32]) -> Self {
        Self::new(name, KeyType::Ed25519Cosignature, &public_key)
    }

    pub(super) fn ml_dsa_44(name: KeyName, public_key: &[u8]) -> Self {
        Self::new(name, KeyType::MlDsa44, public_key)
    }

    fn new(name: KeyName, key_type: KeyType, public_key: &[u8]) -> Self {
        let id = key_id(&name, key_type.byte(), public_key);
        Self { name, id, key_type, public_key: public_key.to_vec() }
    }

    /// Parses `name+hex8(key id)+base64(type || public key)`; the key id must be the one that the rest gives.
    pub fn parse(text: &str) -> Result<Self, InvalidVerifierKey> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(InvalidVerifierKey::Form);
        };
        let name = KeyName::parse(name)?;
        let key = from_base64(key).ok_or(InvalidVerifierKey::Form)?;
        let (type_byte, public_key) = key.split_first().ok_or(InvalidVerifierKey::Form)?;
        let computed = key_id(&name, *type_byte, public_key);
        if computed.to_string() != id {
            return Err(InvalidVerifierKey::Id);
        }
        let key_type = KeyType::from_byte(*type_byte).ok_or(InvalidVerifierKey::Type(*type_byte))?;
        if public_key.len() != key_type.public_key_len() {
            return Err(InvalidVerifierKey::Form);
        }
        Ok(Self { name, id: computed, key_type, public_key: public_key.to_vec() })
    }

    /// The key's name; a log's key is named as its origin.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// The key's id.
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// What kind of signature the key verifies.
    pub fn key_type(&self) -> KeyType {
        self.key_type
    }

    /// The public key's bytes, in the form of the key's type.
    pub fn public_key(&self) -> &[u8] {
        &self.public_key
    }

    /// Whether `signature` (without the key id) is this key's over `text`. A cosignature is over a checkpoint only, and
    /// an ML-DSA-44 one over no extension lines, so that over any other text it is none.
    pub fn verifies(&self, text: &str, signature: &[u8]) -> bool {
        match self.key_type {
            KeyType::Ed25519 => self.verifies_ed25519(text.as_bytes(), signature),
            KeyType::Ed25519Cosignature => Cosignature::parse(signature).is_some_and(|cosignature| {
                self.verifies_ed25519(&ed25519_message(cosignature.time, text), &cosignature.signature)
            }),
            KeyType::MlDsa44 => self.verifies_ml_dsa_44(text, signature).is_some(),
        }
    }

    fn verifies_ed25519(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.public_key).verify(message, signature).is_ok()
    }

    fn verifies_ml_dsa_44(&self, text: &str, signature: &[u8]) -> Option<()> {
        let Cosignature { time, signature } = Cosignature::parse(signature)?;
        let message = ml_dsa_44_message(&self.name, time, &Checkpoint::parse(text).ok()?)?;
        let key = VerifyingKey::<MlDsa44>::new_from_slice(&self.public_key).ok()?;
        key.verify(&message, &Signature::try_from(signature.as_slice()).ok()?).ok()
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![self.key_type.byte()];
        key.extend_from_slice(&self.public_key);
        write!(f, "{}+{}+{}", self.name, self.id, to_base64(&key))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

/// Why a text is not a usable verifier key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidVerifierKey {
    /// The parts are missing or not what they should be.
    #[error("not a verifier key; it reads <name>+<8 hex digits>+<base64>, copied whole")]
    Form,
    /// The name cannot name a key.
    #[error("a key name is not empty and has no white space, control characters or '+'")]
    Name,
    /// The key id is not that of the name and key: a part was mistyped or altered.
    #[error("the verifier key's id does not belong to its name and key; copy the key again from who published it")]
    Id,
    /// A well-formed key of a type that is not verified here.
    #[error("verifier keys of type 0x{0:02x} are not supported; use one of type 0x01, 0x04 or 0x06")]
    Type(u8),
}

fn key_id(name: &KeyName, type_byte: u8, public_key: &[u8]) -> KeyId {
    let mut hashed = name.as_str().as_bytes().to_vec();
    hashed.extend_from_slice(&[b'\n', type_byte]);
    hashed.extend_from_slice(public_key);
    let [a, b, c, d, ..] = sha256(&hashed);
    KeyId([a, b, c, d])
}
