//! What must be found after a restart, by what was seen before it.

use std::collections::{BTreeMap, HashSet};

use strongroom::pure::domain::id::{Handle, Label};
use strongroom::pure::record::Outcome;
use strongroom::pure::tlog::checkpoint::Checkpoint;

#[derive(Default)]
pub struct Expected {
    /// The entries that were acknowledged: the kind of the command, and what became of it.
    pub entries: BTreeMap<u64, (String, Outcome)>,
    /// Every record as the last sound start found it.
    pub records: Vec<Vec<u8>>,
    /// The versions whose lodgement was acknowledged.
    pub lodged: Vec<Lodged>,
    /// The reads of which a byte was disclosed.
    pub disclosed: Vec<Disclosed>,
    /// Every checkpoint that was signed, as far as anybody saw it.
    pub signed: Vec<Checkpoint>,
    /// Their notes.
    pub notes: HashSet<Vec<u8>>,
    /// The size of the largest tree that was published.
    pub published: u64,
    /// Every content that a lodger began to send, by its SHA-256.
    pub contents: BTreeMap<[u8; 32], Vec<u8>>,
    /// The last of them under each label of a document.
    pub last: BTreeMap<(Handle, Label), [u8; 32]>,
}

pub struct Lodged {
    pub document: Handle,
    pub label: Label,
    pub digest: [u8; 32],
    pub size: u64,
}

pub struct Disclosed {
    pub entry: u64,
    pub document: Handle,
    pub person: &'static str,
}
