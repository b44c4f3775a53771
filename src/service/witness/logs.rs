//! The logs that a witness knows: a verifier key a line.

use std::collections::BTreeMap;

use crate::pure::tlog::leaf::Origin;
use crate::pure::tlog::verifier_key::{InvalidVerifierKey, KeyName, VerifierKey};

/// The longest list that is parsed, in bytes.
pub const MAX_LIST_LEN: usize = 16 << 20;

/// The most keys of one log.
pub const MAX_KEYS: usize = 16;

/// The keys of each known log, by its origin, which is the name of its keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownLogs(BTreeMap<String, Vec<VerifierKey>>);

impl KnownLogs {
    /// Parses a list for the witness `witness`: a verifier key a line, several for a log that has several; empty lines,
    /// and lines that begin with `#`, say nothing.
    pub fn parse(bytes: &[u8], witness: &KeyName) -> Result<Self, InvalidList> {
        let at = |line: usize| move |fault| InvalidList { line, fault };
        if bytes.len() > MAX_LIST_LEN {
            return Err(at(1)(ListFault::TooLong));
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            at(before.iter().filter(|byte| **byte == b'\n').count() + 1)(ListFault::NotText)
        })?;
        let mut known = Self::default();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if !(line.is_empty() || line.starts_with('#')) {
                known.add(line, witness).map_err(at(number))?;
            }
        }
        Ok(known)
    }

    /// The keys of the log `origin`, at least one; `None` if it is not known.
    pub fn keys_of(&self, origin: &str) -> Option<&[VerifierKey]> {
        self.0.get(origin).map(Vec::as_slice)
    }

    /// The origins and how many keys each log has, in the order of the origins.
    pub fn origins(&self) -> impl Iterator<Item = (&str, usize)> {
        self.0.iter().map(|(origin, keys)| (origin.as_str(), keys.len()))
    }

    /// How many logs are known.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no log is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn add(&mut self, line: &str, witness: &KeyName) -> Result<(), ListFault> {
        let key = VerifierKey::parse(line)?;
        if !key.key_type().is_for_logs() {
            return Err(ListFault::KeyType);
        }
        let origin = Origin::parse(key.name().as_str()).map_err(|_| ListFault::Origin)?;
        if key.name() == witness {
            return Err(ListFault::Witness);
        }
        let keys = self.0.entry(origin.to_string()).or_default();
        if keys.contains(&key) {
            return Err(ListFault::Duplicate);
        }
        if keys.len() == MAX_KEYS {
            return Err(ListFault::TooManyKeys);
        }
        keys.push(key);
        Ok(())
    }
}

/// Why a list of logs cannot be used: the line and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {fault}")]
pub struct InvalidList {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub fault: ListFault,
}

/// What is wrong with a line of a list of logs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListFault {
    /// Not UTF-8.
    #[error("it is not UTF-8 text; write one verifier key a line")]
    NotText,
    /// No verifier key.
    #[error("{0}")]
    Key(#[from] InvalidVerifierKey),
    /// A cosigner's key.
    #[error("it is a witness's key (type 0x04); name a log's, of type 0x01 or 0x06")]
    KeyType,
    /// The name is longer than an origin can be.
    #[error("the key's name is no log's origin, which has at most 255 bytes; ask the log for its verifier key")]
    Origin,
    /// The witness's own name.
    #[error("the log goes by the name of this witness; a witness has a name of its own")]
    Witness,
    /// The same key twice.
    #[error("the key stands further up already; remove one of the two lines")]
    Duplicate,
    /// More than [`MAX_KEYS`] of one log.
    #[error("the log has more than 16 keys; remove those that it no longer signs with")]
    TooManyKeys,
    /// Longer than [`MAX_LIST_LEN`].
    #[error("the list is longer than 16 MiB; check that it is the right file")]
    TooLong,
}
