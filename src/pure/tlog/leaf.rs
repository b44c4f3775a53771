//! A log entry: a commitment to a record that reveals nothing of it.
//!
//! The whole log can be handed to anyone, since an entry hides its record behind a random opening; who
//! holds the record and its opening can prove that the entry commits to exactly those bytes.

use std::fmt;

use ring::hmac;

use super::hash::{TreeHash, sha256};

/// Length of an entry in bytes: a 16-byte tag and a 32-byte commitment.
pub const ENTRY_LEN: usize = 48;

/// Length of an opening in bytes.
pub const OPENING_LEN: usize = 32;

const LEAF_TAG: &[u8; 16] = b"strongroom/leaf1";

/// What the public constant key of every commitment is derived from; hiding comes from the opening.
const COMMITMENT_KEY_LABEL: &[u8] = b"strongroom/v1 commitment key";

/// One entry of the log as its tiles and its tree hold it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Entry(pub [u8; ENTRY_LEN]);

impl Entry {
    /// The entry that commits `origin`'s log to `record` under `opening`:
    /// `"strongroom/leaf1" || HMAC-SHA256(Kc, opening || u8 len(origin) || origin || record)`.
    pub fn commit(origin: &Origin, opening: &Opening, record: &[u8]) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &sha256(COMMITMENT_KEY_LABEL)[..16]);
        let mut context = hmac::Context::with_key(&key);
        context.update(&opening.0);
        context.update(&[origin.len_byte()]);
        context.update(origin.as_str().as_bytes());
        context.update(record);
        let mut entry = [0; ENTRY_LEN];
        entry[..LEAF_TAG.len()].copy_from_slice(LEAF_TAG);
        entry[LEAF_TAG.len()..].copy_from_slice(context.sign().as_ref());
        Self(entry)
    }

    /// The entry's leaf hash in the tree.
    pub fn leaf_hash(&self) -> TreeHash {
        TreeHash::of_leaf(&self.0)
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Entry({})", hex::encode(self.0))
    }
}

/// The 32 random bytes that open an entry's commitment. They are kept beside the record only.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Opening(pub [u8; OPENING_LEN]);

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opening(..)")
    }
}

/// A log's name: the first line of its checkpoints and the name of its keys (C2SP tlog-checkpoint).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin(String);

impl Origin {
    /// The longest origin in bytes: the commitment holds its length in one byte.
    pub const MAX_LEN: usize = 255;

    /// Parses an origin: 1 to 255 bytes of UTF-8 without white space, control characters or `+`, since it is
    /// also a key name of C2SP signed-note.
    pub fn parse(text: &str) -> Result<Self, InvalidOrigin> {
        let unusable = |c: char| c.is_whitespace() || c.is_control() || c == '+';
        if text.is_empty() || text.len() > Self::MAX_LEN || text.contains(unusable) {
            return Err(InvalidOrigin);
        }
        Ok(Self(text.to_owned()))
    }

    /// The origin's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn len_byte(&self) -> u8 {
        // `parse` bounds the length by MAX_LEN, which is u8::MAX.
        self.0.len() as u8
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is not an origin: it must be 1 to 255 bytes without white space, control characters or `+`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an origin is 1 to 255 bytes without white space, control characters or '+'")]
pub struct InvalidOrigin;
