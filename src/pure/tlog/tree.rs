//! The log's tree, reduced to what appending needs: the roots of its complete subtrees.

use super::hash::TreeHash;

/// The right edge of a Merkle tree (RFC 9162, section 2.1): enough to append leaves and to compute the root, in
/// logarithmic memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    /// The roots of the complete subtrees, largest first: one for each bit set in `size`.
    subtrees: Vec<TreeHash>,
}

impl Tree {
    /// The tree without entries.
    pub fn empty() -> Self {
        Self { size: 0, subtrees: Vec::new() }
    }

    /// The tree of `size` leaves whose complete subtrees, largest first, have the roots `subtrees`; `None` if their
    /// number is not the number of bits set in `size`.
    pub fn from_parts(size: u64, subtrees: Vec<TreeHash>) -> Option<Self> {
        (size.count_ones() as usize == subtrees.len()).then_some(Self { size, subtrees })
    }

    /// Appends one leaf.
    pub fn push(&mut self, leaf: TreeHash) {
        let mut node = leaf;
        // Each trailing one bit of the size is a complete subtree that the new leaf completes into a larger one.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.subtrees.pop() {
                node = TreeHash::of_node(&left, &node);
            }
        }
        self.subtrees.push(node);
        self.size += 1;
    }

    /// The number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The roots of the complete subtrees, largest first.
    pub fn subtrees(&self) -> &[TreeHash] {
        &self.subtrees
    }

    /// The root: the complete subtrees folded from the right (RFC 9162, section 2.1.1).
    pub fn root(&self) -> TreeHash {
        let mut from_right = self.subtrees.iter().rev().copied();
        let Some(smallest) = from_right.next() else {
            return TreeHash::of_empty_tree();
        };
        from_right.fold(smallest, |right, left| TreeHash::of_node(&left, &right))
    }
}

impl Default for Tree {
    fn default() -> Self {
        Self::empty()
    }
}
