//! Entries as a server hands them out, held against a checkpoint of its log: what an auditor's export rests on.
//!
//! Each entry is made again from its record and its opening, and compared with the leaf that the tree has at its index;
//! a run of entries is grown into a tree of its own besides, so that none is missing, doubled or out of its place.
//!
//! A log that lost entries goes on under another name, and its earlier entries commit under the old one: such an entry
//! is taken where a key of that name is trusted too.

use serde_json::Value;

use super::trust::Trust;
use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::leaf::{Entry, OPENING_LEN, Opening, Origin};
use crate::pure::tlog::proof::{HashSource, ProveError, prove_consistency, verify_consistency};
use crate::pure::tlog::tree::Tree;

/// An entry with what opens it, as it was handed out: nothing of it is believed.
#[derive(Clone, Copy, Debug)]
pub struct OpenedEntry<'a> {
    /// Its index in the log.
    pub index: u64,
    /// The record.
    pub record: &'a Value,
    /// The opening of its commitment, in hexadecimal.
    pub opening: &'a str,
}

impl OpenedEntry<'_> {
    /// The leaf of the entry, which is in the tree of `checkpoint`.
    fn verify<S: HashSource>(
        &self,
        checkpoint: &Checkpoint,
        trust: &Trust,
        hashes: &S,
    ) -> Result<TreeHash, Unverified<S::Error>> {
        let index = self.index;
        if index >= checkpoint.size {
            return Err(Discrepancy::NotCovered { index, size: checkpoint.size }.into());
        }
        let held = hashes.hash(0, index).map_err(Unverified::Source)?;
        let said = self.record.get("origin").and_then(Value::as_str).and_then(|said| Origin::parse(said).ok());
        let origin = trust.origin_of_entry(said.clone(), checkpoint);
        let leaf = self.leaf(&origin)?;
        if held != leaf {
            // Under a name that is not trusted nothing is believed, but what is lacking then is a key.
            let is_anothers = said.is_some_and(|said| self.leaf(&said) == Ok(held));
            return Err(match is_anothers {
                true => Discrepancy::RecordOfAnotherLog { index },
                false => Discrepancy::OtherEntry { index },
            }
            .into());
        }
        self.check_names(&origin)?;
        Ok(leaf)
    }

    /// The leaf that a log of this origin has for it.
    fn leaf(&self, origin: &Origin) -> Result<TreeHash, Discrepancy> {
        let index = self.index;
        let opening = hex::decode(self.opening).ok().and_then(|bytes| <[u8; OPENING_LEN]>::try_from(bytes).ok());
        let opening = Opening(opening.ok_or(Discrepancy::Opening { index })?);
        let bytes = canonical(self.record).ok_or(Discrepancy::NotCanonical { index })?;
        Ok(Entry::commit(origin, &opening, &bytes).leaf_hash())
    }

    /// What the record says of itself must be so: only a log that contradicts itself holds another.
    fn check_names(&self, origin: &Origin) -> Result<(), Discrepancy> {
        let index = self.index;
        if self.record.get("origin").and_then(Value::as_str) != Some(origin.as_str()) {
            return Err(Discrepancy::RecordOfAnotherLog { index });
        }
        if self.record.get("index").and_then(Value::as_u64) != Some(index) {
            return Err(Discrepancy::RecordOfAnotherIndex { index });
        }
        Ok(())
    }
}

/// The exact bytes of a record, over which the log commits: RFC 8785 canonical JSON.
pub fn canonical(record: &Value) -> Option<Vec<u8>> {
    serde_json_canonicalizer::to_vec(record).ok()
}

/// Verifies that `entry` is in the tree of `checkpoint`, which `hashes` reads and vouches for. It is of the
/// checkpoint's log, or of one that `trust` has a key of.
pub fn verify_included<S: HashSource>(
    entry: &OpenedEntry<'_>,
    checkpoint: &Checkpoint,
    trust: &Trust,
    hashes: &S,
) -> Result<(), Unverified<S::Error>> {
    entry.verify(checkpoint, trust, hashes).map(drop)
}

/// Verifies that the log of `later` holds all that `earlier` signed. `hashes` reads and vouches for the tree of
/// `later`.
pub fn verify_extends<S: HashSource>(
    earlier: &Checkpoint,
    later: &Checkpoint,
    hashes: &S,
) -> Result<(), Unverified<S::Error>> {
    if earlier.origin != later.origin || earlier.size > later.size {
        return Err(Discrepancy::Rewritten.into());
    }
    verify_prefix(earlier.size, &earlier.root, later, hashes, Discrepancy::Rewritten)
}

/// Entries one after the other from some index on, with the tree that they make.
#[derive(Clone, Debug)]
pub struct Run {
    tree: Tree,
}

impl Run {
    /// A run from entry `from` on: what lies before it is taken from `hashes`.
    pub fn begin<S: HashSource>(from: u64, hashes: &S) -> Result<Self, S::Error> {
        let mut subtrees = Vec::new();
        let mut low = 0;
        for level in (0..u64::BITS as u8).rev().filter(|level| from >> level & 1 == 1) {
            subtrees.push(hashes.hash(level, low >> level)?);
            low += 1 << level;
        }
        // There is one subtree for each bit that is set.
        Ok(Self { tree: Tree::from_parts(from, subtrees).unwrap_or_default() })
    }

    /// The index of the entry that comes next.
    pub fn next(&self) -> u64 {
        self.tree.size()
    }

    /// Verifies that `entry` is the next one of the tree of `checkpoint`, as [`verify_included`] does, and takes it in.
    pub fn take<S: HashSource>(
        &mut self,
        entry: &OpenedEntry<'_>,
        checkpoint: &Checkpoint,
        trust: &Trust,
        hashes: &S,
    ) -> Result<(), Unverified<S::Error>> {
        if entry.index != self.next() {
            return Err(Discrepancy::Missing { index: self.next(), instead: Some(entry.index) }.into());
        }
        self.tree.push(entry.verify(checkpoint, trust, hashes)?);
        Ok(())
    }

    /// Verifies that the run has come to `end`, and that the tree it makes is the beginning of the one that
    /// `checkpoint` signs: the whole of it where `end` is its size.
    pub fn finish<S: HashSource>(
        &self,
        end: u64,
        checkpoint: &Checkpoint,
        hashes: &S,
    ) -> Result<(), Unverified<S::Error>> {
        if self.next() < end {
            return Err(Discrepancy::Missing { index: self.next(), instead: None }.into());
        }
        verify_prefix(self.tree.size(), &self.tree.root(), checkpoint, hashes, Discrepancy::OtherTree)
    }
}

fn verify_prefix<S: HashSource>(
    size: u64,
    root: &TreeHash,
    of: &Checkpoint,
    hashes: &S,
    otherwise: Discrepancy,
) -> Result<(), Unverified<S::Error>> {
    let proof = match prove_consistency(hashes, size, of.size) {
        Ok(proof) => proof,
        Err(ProveError::OutsideTree { .. }) => return Err(otherwise.into()),
        Err(ProveError::Source(error)) => return Err(Unverified::Source(error)),
    };
    verify_consistency(size, root, of.size, &of.root, &proof).map_err(|_| otherwise.into())
}

/// The first thing that was found to be wrong. Each text is a sentence without its full stop.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Discrepancy {
    /// The opening is not one.
    #[error("the opening of entry {index} is not 32 bytes in hexadecimal")]
    Opening {
        /// The entry.
        index: u64,
    },
    /// The record has no canonical form.
    #[error("the record of entry {index} has no canonical form")]
    NotCanonical {
        /// The entry.
        index: u64,
    },
    /// The log has another entry there.
    #[error("entry {index} is not what the log holds there: its record, its opening or its place was altered")]
    OtherEntry {
        /// The entry.
        index: u64,
    },
    /// The log has an entry there that was not handed out.
    #[error("entry {index} is missing{}", .instead.map(|at| format!(": entry {at} came in its place")).unwrap_or_default())]
    Missing {
        /// The entry that should have come.
        index: u64,
        /// The one that came; `None` if none did.
        instead: Option<u64>,
    },
    /// Entries of a selection did not come in the log's order.
    #[error("entry {index} came after entry {after}")]
    Disordered {
        /// The entry.
        index: u64,
        /// The one that came before it.
        after: u64,
    },
    /// The checkpoint does not reach the entry.
    #[error("entry {index} is not covered by the checkpoint, which has {size} entries")]
    NotCovered {
        /// The entry.
        index: u64,
        /// The checkpoint's size.
        size: u64,
    },
    /// The log holds a record of another log.
    #[error(
        "entry {index} is genuine, but its record says that it is of another log: if this log went by that name before \
         it lost entries, give its keys of that time as well"
    )]
    RecordOfAnotherLog {
        /// The entry.
        index: u64,
    },
    /// The log holds a record with another index.
    #[error("entry {index} is genuine, but its record says that it is another entry")]
    RecordOfAnotherIndex {
        /// The entry.
        index: u64,
    },
    /// Each entry agrees with the log, and together they do not.
    #[error("the entries do not make the tree that the checkpoint signs")]
    OtherTree,
    /// Two checkpoints cannot be of one log that only grows.
    #[error("the later checkpoint does not hold what the earlier one signed")]
    Rewritten,
}

/// Why entries are not verified.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unverified<E> {
    /// They are not what the log holds.
    #[error(transparent)]
    Wrong(#[from] Discrepancy),
    /// The log's hashes cannot be had.
    #[error(transparent)]
    Source(E),
}

#[cfg(test)]
mod tests;
