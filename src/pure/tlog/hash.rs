//! A tree hash: SHA-256 with the domain separation of RFC 9162, section 2.1.1.

use std::fmt;

use ring::digest::{Context, SHA256, digest};

/// Length of a hash in bytes.
pub const HASH_LEN: usize = 32;

/// A SHA-256 value: a leaf hash, an interior node or a root of the log's Merkle tree.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TreeHash(pub [u8; HASH_LEN]);

impl TreeHash {
    /// The root of the tree without entries: SHA-256 of nothing (RFC 9162, section 2.1.1).
    pub fn of_empty_tree() -> Self {
        Self(finish(Context::new(&SHA256)))
    }

    /// The hash of a leaf: `SHA-256(0x00 || entry)`.
    pub fn of_leaf(entry: &[u8]) -> Self {
        let mut context = Context::new(&SHA256);
        context.update(&[0x00]);
        context.update(entry);
        Self(finish(context))
    }

    /// The hash of an interior node: `SHA-256(0x01 || left || right)`.
    pub fn of_node(left: &Self, right: &Self) -> Self {
        let mut context = Context::new(&SHA256);
        context.update(&[0x01]);
        context.update(&left.0);
        context.update(&right.0);
        Self(finish(context))
    }
}

impl fmt::Debug for TreeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TreeHash({})", hex::encode(self.0))
    }
}

impl fmt::Display for TreeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// SHA-256 of `bytes`, without domain separation: for digests and chain hashes.
pub fn sha256(bytes: &[u8]) -> [u8; HASH_LEN] {
    to_array(digest(&SHA256, bytes).as_ref())
}

fn finish(context: Context) -> [u8; HASH_LEN] {
    to_array(context.finish().as_ref())
}

fn to_array(bytes: &[u8]) -> [u8; HASH_LEN] {
    let mut array = [0; HASH_LEN];
    array.copy_from_slice(bytes);
    array
}
