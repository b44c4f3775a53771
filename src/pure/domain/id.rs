//! Names and numbers that identify things. A value of these types is well formed: nobody checks again. Each decision
//! looks up many things by name, so that a clone of a name shares its text.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A handle of a person, organisation, body or seat, or the slug of a document: 1 to 64 lower-case ASCII letters,
/// digits and single inner hyphens, beginning with a letter or digit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Handle(Arc<str>);

impl Handle {
    /// The longest handle in bytes.
    pub const MAX_LEN: usize = 64;

    /// Parses a handle.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let well_formed = !text.is_empty()
            && text.len() <= Self::MAX_LEN
            && text.chars().all(allowed)
            && !text.starts_with('-')
            && !text.ends_with('-')
            && !text.contains("--");
        if well_formed { Ok(Self(text.into())) } else { Err(InvalidName::Handle) }
    }

    /// The handle's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The label of a version, for example `3.0`: 1 to 64 ASCII letters, digits, `.`, `_`, `-` and `+`, beginning with a
/// letter or digit, without `..`, and neither `in-force` nor `latest`, which select a version.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Label(Arc<str>);

impl Label {
    /// The longest label in bytes.
    pub const MAX_LEN: usize = 64;

    /// Parses a label.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
        let reserved = matches!(text, "in-force" | "latest");
        let well_formed = text.len() <= Self::MAX_LEN
            && text.chars().all(allowed)
            && text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && !text.contains("..");
        if well_formed && !reserved { Ok(Self(text.into())) } else { Err(InvalidName::Label) }
    }

    /// The label's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A credential: the SHA-256 of a certificate's SubjectPublicKeyInfo. Its text is lower-case hex.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CredentialId(pub [u8; 32]);

/// The SHA-256 of a version's bytes. Its text is lower-case hex.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        let mut digest = [0; 32];
        digest.copy_from_slice(ring::digest::digest(&ring::digest::SHA256, bytes).as_ref());
        Self(digest)
    }
}

/// A text is not the name it should be; the message says what the name looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    /// Not a handle or slug.
    #[error("a handle or slug is 1 to 64 lower-case letters, digits and single inner hyphens")]
    Handle,
    /// Not a version label.
    #[error(
        "a label is 1 to 64 letters, digits, '.', '_', '-' or '+', begins with a letter or digit, has no '..', and is \
         neither 'in-force' nor 'latest'"
    )]
    Label,
    /// Not 64 lower-case hexadecimal digits.
    #[error("a SHA-256 value is 64 lower-case hexadecimal digits")]
    Sha256,
    /// Not the id of a record of this kind.
    #[error("an id is its kind and the index of the entry that made it, for example {example}")]
    Record {
        /// An id of the kind expected.
        example: &'static str,
    },
}

macro_rules! text_form {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }
        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0.as_ref().to_owned()
            }
        }
        name_from_text!($name);
    };
}

macro_rules! hex_form {
    ($name:ident) => {
        impl $name {
            /// Parses 64 lower-case hexadecimal digits.
            pub fn parse(text: &str) -> Result<Self, InvalidName> {
                let mut bytes = [0; 32];
                let lower_case = !text.contains(|c: char| c.is_ascii_uppercase());
                match hex::decode_to_slice(text, &mut bytes) {
                    Ok(()) if lower_case => Ok(Self(bytes)),
                    _ => Err(InvalidName::Sha256),
                }
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex::encode(self.0))
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.to_string()
            }
        }
        name_from_text!($name);
    };
}

macro_rules! name_from_text {
    ($name:ident) => {
        impl TryFrom<String> for $name {
            type Error = InvalidName;

            fn try_from(text: String) -> Result<Self, InvalidName> {
                Self::parse(&text)
            }
        }
        impl FromStr for $name {
            type Err = InvalidName;

            fn from_str(text: &str) -> Result<Self, InvalidName> {
                Self::parse(text)
            }
        }
    };
}

macro_rules! record_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(pub u64);

        impl $name {
            /// Parses the kind and the index, for example `need-1042`; no leading zeros.
            pub fn parse(text: &str) -> Result<Self, InvalidName> {
                let invalid = InvalidName::Record { example: concat!($kind, "-1042") };
                let digits = text.strip_prefix(concat!($kind, "-")).ok_or(invalid)?;
                let index: u64 = digits.parse().map_err(|_| invalid)?;
                // One spelling an id: no sign and no leading zeros.
                if index.to_string() == digits { Ok(Self(index)) } else { Err(invalid) }
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($kind, "-{}"), self.0)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }
        name_from_text!($name);
    };
}

text_form!(Handle);
text_form!(Label);
hex_form!(CredentialId);
hex_form!(Digest);
record_id!(
    /// A recorded need: the index of the entry that recorded it.
    NeedId,
    "need"
);
record_id!(
    /// A direction to lodge: the index of the entry that issued it.
    DirectionId,
    "direction"
);
record_id!(
    /// A grant that widens an audience: the index of the entry that gave it.
    GrantId,
    "grant"
);
record_id!(
    /// A decision of a body: the index of the entry that opened it.
    DecisionId,
    "decision"
);
record_id!(
    /// A declared conflict of interest: the index of the entry that declared it.
    ConflictId,
    "conflict"
);
record_id!(
    /// A recorded breach: the index of the entry that recorded it.
    BreachId,
    "breach"
);
record_id!(
    /// A suspension: the index of the entry that imposed it.
    SuspensionId,
    "suspension"
);

record_id!(
    /// An appointment to a seat: the index of the entry that proposed it, or made it where nobody proposed it.
    AppointmentId,
    "appointment"
);
record_id!(
    /// A member's alternate: the index of the entry that proposed it.
    AlternateId,
    "alternate"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_cannot_walk_paths_or_shadow_selectors() {
        let long = "1".repeat(300);
        for hostile in ["", "..", "1..0", "a/b", "a\\b", "1\u{0}", "1\n", "in-force", "latest", ".hidden", &long] {
            assert_eq!(Label::parse(hostile), Err(InvalidName::Label), "{hostile:?}");
        }
        assert_eq!(Label::parse("3.0-draft+1").unwrap().as_str(), "3.0-draft+1");
    }

    #[test]
    fn an_id_has_one_spelling() {
        assert_eq!(NeedId::parse("need-1042").unwrap(), NeedId(1042));
        for other in ["need-01042", "need-+1", "need-", "need", "direction-7", "need-99999999999999999999"] {
            assert!(NeedId::parse(other).is_err(), "{other}");
        }
    }

    #[test]
    fn handles_are_lower_case_words() {
        assert!(Handle::parse("device-certificate-policy").is_ok());
        for other in ["Device", "-a", "a-", "a--b", "a b", "ä"] {
            assert_eq!(Handle::parse(other), Err(InvalidName::Handle), "{other}");
        }
    }
}
