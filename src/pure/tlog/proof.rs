//! Inclusion and consistency proofs: made from stored hashes, verified from hashes alone (RFC 9162, sections 2.1.3
//! and 2.1.4).
//!
//! Every loop is bounded by the 64 bits of a size, so that a hostile proof or size costs nothing.

use super::hash::TreeHash;

/// Where the hashes of a tree's complete subtrees are read.
pub trait HashSource {
    /// What can go wrong while reading; passed on unchanged.
    type Error;

    /// The root of complete subtree `index` of height `level`: of the leaves
    /// `index << level .. (index + 1) << level`. Asked only for subtrees that are complete in the tree at hand.
    fn hash(&self, level: u8, index: u64) -> Result<TreeHash, Self::Error>;
}

/// The root of the first `size` leaves.
pub fn root<S: HashSource>(source: &S, size: u64) -> Result<TreeHash, S::Error> {
    if size == 0 {
        return Ok(TreeHash::of_empty_tree());
    }
    subtree(source, 0, size)
}

/// The proof that leaf `index` is in the tree of the first `size` leaves: hashes from the leaf's sibling up to the
/// root's child.
pub fn prove_inclusion<S: HashSource>(
    source: &S,
    index: u64,
    size: u64,
) -> Result<Vec<TreeHash>, ProveError<S::Error>> {
    if index >= size {
        return Err(ProveError::OutsideTree { asked: index, size });
    }
    let (mut low, mut high) = (0, size);
    let mut from_root = Vec::new();
    while high - low > 1 {
        let middle = low + left_width(high - low);
        let sibling = if index < middle {
            let right = subtree(source, middle, high);
            high = middle;
            right
        } else {
            let left = subtree(source, low, middle);
            low = middle;
            left
        };
        from_root.push(sibling.map_err(ProveError::Source)?);
    }
    from_root.reverse();
    Ok(from_root)
}

/// The proof that the tree of the first `new` leaves extends that of the first `old`. It is empty if the sizes are
/// equal, and if `old` is 0: everything extends the empty tree.
pub fn prove_consistency<S: HashSource>(source: &S, old: u64, new: u64) -> Result<Vec<TreeHash>, ProveError<S::Error>> {
    if old > new {
        return Err(ProveError::OutsideTree { asked: old, size: new });
    }
    if old == 0 {
        return Ok(Vec::new());
    }
    let (mut low, mut high) = (0, new);
    let mut from_root = Vec::new();
    while old != high {
        let middle = low + left_width(high - low);
        let other = if old <= middle {
            let right = subtree(source, middle, high);
            high = middle;
            right
        } else {
            let left = subtree(source, low, middle);
            low = middle;
            left
        };
        from_root.push(other.map_err(ProveError::Source)?);
    }
    // The verifier knows the old root, so the subtree reached is sent only if it is not the whole old tree.
    if low != 0 {
        from_root.push(subtree(source, low, high).map_err(ProveError::Source)?);
    }
    from_root.reverse();
    Ok(from_root)
}

/// Checks that `leaf` is leaf `index` of the tree of `size` leaves under `root` (RFC 9162, section 2.1.3.2).
pub fn verify_inclusion(
    leaf: &TreeHash,
    index: u64,
    size: u64,
    proof: &[TreeHash],
    root: &TreeHash,
) -> Result<(), InvalidProof> {
    if index >= size {
        return Err(InvalidProof::OutsideTree);
    }
    let mut path = Path { node: index, last: size - 1 };
    let mut hash = *leaf;
    for sibling in proof {
        hash = match path.up().ok_or(InvalidProof::WrongLength)? {
            Side::Left => TreeHash::of_node(sibling, &hash),
            Side::Right => TreeHash::of_node(&hash, sibling),
        };
    }
    path.arrived(hash == *root)
}

/// Checks that the tree of `new_size` leaves under `new_root` extends that of `old_size` leaves under `old_root` (RFC
/// 9162, section 2.1.4.2). Between equal sizes, and from size 0, only the empty proof is valid.
pub fn verify_consistency(
    old_size: u64,
    old_root: &TreeHash,
    new_size: u64,
    new_root: &TreeHash,
    proof: &[TreeHash],
) -> Result<(), InvalidProof> {
    if old_size > new_size {
        return Err(InvalidProof::OutsideTree);
    }
    if old_size == 0 || old_size == new_size {
        let known = if old_size == 0 { TreeHash::of_empty_tree() } else { *new_root };
        return match (proof, known == *old_root) {
            ([], true) => Ok(()),
            ([], false) => Err(InvalidProof::OtherRoot),
            _ => Err(InvalidProof::WrongLength),
        };
    }
    // An old tree that is a complete subtree of the new one is not sent: the verifier has its root.
    let (start, rest) = match proof.split_first() {
        _ if old_size.is_power_of_two() => (old_root, proof),
        Some((first, rest)) => (first, rest),
        None => return Err(InvalidProof::WrongLength),
    };
    let complete = (old_size - 1).trailing_ones();
    let mut path = Path { node: shift(old_size - 1, complete), last: shift(new_size - 1, complete) };
    let (mut old_hash, mut new_hash) = (*start, *start);
    for other in rest {
        match path.up().ok_or(InvalidProof::WrongLength)? {
            Side::Left => {
                old_hash = TreeHash::of_node(other, &old_hash);
                new_hash = TreeHash::of_node(other, &new_hash);
            }
            Side::Right => new_hash = TreeHash::of_node(&new_hash, other),
        }
    }
    path.arrived(old_hash == *old_root && new_hash == *new_root)
}

/// Why a proof could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProveError<E> {
    /// The caller asked for a leaf or an old size that the tree does not have.
    #[error("the tree of {size} entries does not reach {asked}; ask for a smaller number or a later size")]
    OutsideTree {
        /// The index or the old size that was asked for.
        asked: u64,
        /// The tree's size.
        size: u64,
    },
    /// A hash could not be read.
    #[error(transparent)]
    Source(E),
}

/// Why a proof proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidProof {
    /// The index or old size lies outside the tree.
    #[error("the proof is about an entry or a size that the tree does not have")]
    OutsideTree,
    /// A valid proof for this index and these sizes has another number of hashes.
    #[error("the proof has too many or too few hashes")]
    WrongLength,
    /// The hashes lead to another root.
    #[error("the proof leads to another root")]
    OtherRoot,
}

/// The way of a node up to the root, by its index and the index of the last node, level by level.
struct Path {
    node: u64,
    last: u64,
}

/// On which side of the path's hash the next hash of the proof stands.
enum Side {
    Left,
    Right,
}

impl Path {
    /// Climbs to the next level at which the node has a sibling; `None` at the root.
    fn up(&mut self) -> Option<Side> {
        if self.last == 0 {
            return None;
        }
        let is_right_child = self.node & 1 == 1;
        let side = if is_right_child || self.node == self.last {
            // A last node without a sibling is its own parent, until it is a right child. Node 0 is not the last
            // node here, since `last` is not 0.
            if !is_right_child {
                self.climb(self.node.trailing_zeros());
            }
            Side::Left
        } else {
            Side::Right
        };
        self.climb(1);
        Some(side)
    }

    fn arrived(&self, roots_agree: bool) -> Result<(), InvalidProof> {
        match (self.last, roots_agree) {
            (0, true) => Ok(()),
            (0, false) => Err(InvalidProof::OtherRoot),
            _ => Err(InvalidProof::WrongLength),
        }
    }

    fn climb(&mut self, levels: u32) {
        self.node = shift(self.node, levels);
        self.last = shift(self.last, levels);
    }
}

/// The root of the leaves `low..high`, where `low` is a multiple of a power of two that is at least `high - low`:
/// the complete subtrees, largest first, folded from the right.
fn subtree<S: HashSource>(source: &S, low: u64, high: u64) -> Result<TreeHash, S::Error> {
    let (level, width) = largest_complete(high - low);
    let left = source.hash(level, low >> level)?;
    if width == high - low {
        return Ok(left);
    }
    // Recursion is at most one call for each bit of the size.
    Ok(TreeHash::of_node(&left, &subtree(source, low + width, high)?))
}

/// The largest power of two that is at most `width` (1 or more), and its logarithm.
fn largest_complete(width: u64) -> (u8, u64) {
    let level = width.checked_ilog2().unwrap_or(0) as u8;
    (level, 1 << level)
}

/// The largest power of two that is smaller than `width` (2 or more): where RFC 9162 divides a tree.
fn left_width(width: u64) -> u64 {
    largest_complete(width - 1).1
}

/// `value >> bits`, also by all 64.
fn shift(value: u64, bits: u32) -> u64 {
    value.checked_shr(bits).unwrap_or(0)
}
