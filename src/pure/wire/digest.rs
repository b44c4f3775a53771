//! The digest of a representation: RFC 9530 dictionaries in headers, lower-case hex in JSON.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sfv::{DictSerializer, Dictionary, ListEntry, Parser, key_ref};

/// A SHA-256 digest of bytes as they were lodged.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// Reads a `Content-Digest` or `Repr-Digest` field (RFC 9530, sections 2 and 3): a dictionary of byte sequences.
    ///
    /// Algorithms other than `sha-256` are passed over, as section 2 has it; `None` says that there is no `sha-256`.
    pub fn parse_field(field: &str) -> Result<Option<Self>, DigestError> {
        let dictionary: Dictionary = Parser::new(field).parse().map_err(|_| DigestError::NotADictionary)?;
        let Some(entry) = dictionary.get("sha-256") else { return Ok(None) };
        let ListEntry::Item(item) = entry else { return Err(DigestError::NotBytes) };
        let bytes = item.bare_item.as_byte_sequence().ok_or(DigestError::NotBytes)?;
        bytes.try_into().map(|array| Some(Self(array))).map_err(|_| DigestError::WrongLength)
    }

    /// Writes the value of a `Content-Digest` or `Repr-Digest` field: `sha-256=:base64:`.
    pub fn to_field(&self) -> String {
        let mut dictionary = DictSerializer::new();
        dictionary.bare_item(key_ref("sha-256"), self.0.as_slice());
        // Only a dictionary without members serialises to nothing (RFC 9651, section 4.1).
        dictionary.finish().unwrap_or_default()
    }
}

/// The text or field is no SHA-256 digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DigestError {
    /// The field is no RFC 9651 dictionary.
    #[error("the digest field is not a dictionary (RFC 9530): write sha-256=:base64:")]
    NotADictionary,
    /// The member `sha-256` is no byte sequence.
    #[error("the member sha-256 is not a byte sequence: write sha-256=:base64: with the colons")]
    NotBytes,
    /// The bytes are not 32.
    #[error("a SHA-256 digest has 32 bytes")]
    WrongLength,
    /// The text is not 64 lower-case hex digits.
    #[error("a digest in JSON is 64 lower-case hex digits")]
    NotHex,
}

impl FromStr for Digest {
    type Err = DigestError;

    /// Reads 64 lower-case hex digits.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(DigestError::NotHex);
        }
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| DigestError::NotHex)?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&hex::encode(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9530, appendix D: the digest of `{"hello": "world"}` and a line feed.
    const FIELD: &str = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";
    const HEX: &str = "44aff4ab2d7c3250525675a08f0cfa9591168cffe51791c5f5bbc417c15a6c38";

    #[test]
    fn the_rfc_s_example_reads_and_writes() {
        let digest = Digest::parse_field(FIELD).unwrap().unwrap();
        assert_eq!(digest.to_string(), HEX);
        assert_eq!(digest.to_field(), FIELD);
        assert_eq!(serde_json::from_str::<Digest>(&serde_json::to_string(&digest).unwrap()).unwrap(), digest);
    }

    #[test]
    fn another_algorithm_is_passed_over() {
        assert_eq!(Digest::parse_field("sha-512=:AAAA:").unwrap(), None);
        assert!(Digest::parse_field(&format!("sha-512=:AAAA:, {FIELD}")).unwrap().is_some());
    }

    #[test]
    fn what_is_no_digest_is_named() {
        assert_eq!(Digest::parse_field("sha-256=:AAAA:"), Err(DigestError::WrongLength));
        assert_eq!(Digest::parse_field("sha-256=abc"), Err(DigestError::NotBytes));
        assert_eq!(Digest::parse_field("sha-256=(:AAAA:)"), Err(DigestError::NotBytes));
        assert_eq!(Digest::parse_field("SHA-256=RK/0"), Err(DigestError::NotADictionary));
        assert_eq!(HEX.to_uppercase().parse::<Digest>(), Err(DigestError::NotHex));
        assert_eq!("44af".parse::<Digest>(), Err(DigestError::NotHex));
    }
}
