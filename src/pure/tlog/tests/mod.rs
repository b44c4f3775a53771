//! The room's bigger tests: proofs against another implementation, notes against another implementation, published
//! vectors, and hostile bytes.

mod cosignatures;
mod golden;
mod hostile;
mod notes;
mod oracle;
mod others;
mod policies;
mod requests;

use std::convert::Infallible;

use super::hash::TreeHash;
use super::proof::HashSource;

/// The hashes of a tree's complete subtrees in memory, level by level from the leaves up.
pub struct Leaves(Vec<Vec<TreeHash>>);

impl Leaves {
    /// The tree over `leaves`.
    pub fn over(leaves: Vec<TreeHash>) -> Self {
        let mut levels = vec![leaves];
        while let Some(below) = levels.last().filter(|below| below.len() > 1) {
            let above = below.as_chunks().0.iter().map(|[left, right]| TreeHash::of_node(left, right)).collect();
            levels.push(above);
        }
        Self(levels)
    }

    /// The tree over the leaves `leaf(0)`, `leaf(1)`, ...
    pub fn numbered(count: u64) -> Self {
        Self::over((0..count).map(|index| TreeHash::of_leaf(&leaf(index))).collect())
    }

    /// The hash of leaf `index`.
    pub fn leaf_hash(&self, index: u64) -> TreeHash {
        self.0[0][index as usize]
    }
}

/// What leaf `index` holds in these tests.
pub fn leaf(index: u64) -> [u8; 8] {
    index.to_be_bytes()
}

impl HashSource for Leaves {
    type Error = Infallible;

    fn hash(&self, level: u8, index: u64) -> Result<TreeHash, Infallible> {
        Ok(self.0[usize::from(level)][index as usize])
    }
}
