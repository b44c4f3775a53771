//! A tree as somebody else serves it, tile by tile (C2SP tlog-tiles), held against a checkpoint: no hash is given out
//! that the checkpoint's root does not cover.
//!
//! The tiles at the right edge make the root together; a full tile makes one hash of the tile above it. So each tile is
//! right, or found to be wrong when it is first read.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::checkpoint::Checkpoint;
use super::hash::TreeHash;
use super::proof::{self, HashSource};
use super::tile::{TILE_HEIGHT, TILE_WIDTH, Tile, TileKind, tile_hashes, width_in_tree};

/// Where tiles of hashes come from: a server, a folder of files.
pub trait TileServer {
    /// Why a tile cannot be had; passed on unchanged.
    type Error;

    /// The bytes of this tile, which nobody has judged yet.
    fn tile(&self, tile: &Tile) -> Result<Vec<u8>, Self::Error>;
}

/// The tree of one checkpoint, read from a server that need not be trusted.
pub struct ServedTree<'s, S> {
    server: &'s S,
    size: u64,
    /// Full tiles that agree with the tree above them, and those at the right edge.
    known: RefCell<Known>,
}

/// The hashes of tiles, by level and index.
type Known = BTreeMap<(u8, u64), Rc<[TreeHash]>>;

/// Why a hash cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ServedTreeError<E> {
    /// A tile cannot be had.
    #[error(transparent)]
    Server(E),
    /// A tile is not the one that the checkpoint's root covers.
    #[error("the tile {0} is not part of the tree that the checkpoint signs")]
    Untrue(String),
    /// The tiles at the right edge do not make the checkpoint's root.
    #[error("the tiles do not make the root that the checkpoint signs")]
    OtherRoot,
    /// The caller asked for a subtree that the tree does not have.
    #[error("the tree has no such subtree")]
    OutsideTree,
}

impl<'s, S: TileServer> ServedTree<'s, S> {
    /// The tree of `checkpoint`, whose signature is the caller's to verify. Reads the right edge.
    pub fn open(server: &'s S, checkpoint: &Checkpoint) -> Result<Self, ServedTreeError<S::Error>> {
        let tree = Self { server, size: checkpoint.size, known: RefCell::default() };
        // The complete subtrees of a size are exactly the hashes of its partial tiles.
        if proof::root(&tree, checkpoint.size)? != checkpoint.root {
            return Err(ServedTreeError::OtherRoot);
        }
        Ok(tree)
    }

    fn tile(&self, level: u8, index: u64) -> Result<Rc<[TreeHash]>, ServedTreeError<S::Error>> {
        if let Some(hashes) = self.known.borrow().get(&(level, index)) {
            return Ok(Rc::clone(hashes));
        }
        let kind = TileKind::Hashes(level);
        let width = width_in_tree(kind, index, self.size);
        let tile = Tile::new(kind, index, width).ok_or(ServedTreeError::OutsideTree)?;
        let bytes = self.server.tile(&tile).map_err(ServedTreeError::Server)?;
        let hashes: Rc<[TreeHash]> = tile_hashes(&bytes)
            .filter(|hashes| hashes.len() == usize::from(width))
            .ok_or_else(|| ServedTreeError::Untrue(tile.to_string()))?
            .into();
        if tile.is_full() {
            // Bounded by the eight levels of a 64-bit size: the topmost tile is partial.
            let above = self.tile(level + 1, index / u64::from(TILE_WIDTH))?;
            if above.get((index % u64::from(TILE_WIDTH)) as usize) != Some(&fold(&hashes)) {
                return Err(ServedTreeError::Untrue(tile.to_string()));
            }
        }
        let mut known = self.known.borrow_mut();
        if known.len() >= MAX_KNOWN {
            let size = self.size;
            known.retain(|(level, index), _| width_in_tree(TileKind::Hashes(*level), *index, size) < TILE_WIDTH);
        }
        known.insert((level, index), Rc::clone(&hashes));
        Ok(hashes)
    }
}

impl<S: TileServer> HashSource for ServedTree<'_, S> {
    type Error = ServedTreeError<S::Error>;

    fn hash(&self, level: u8, index: u64) -> Result<TreeHash, Self::Error> {
        let within = level % TILE_HEIGHT;
        let first = index.checked_mul(1 << within).ok_or(ServedTreeError::OutsideTree)?;
        let hashes = self.tile(level / TILE_HEIGHT, first / u64::from(TILE_WIDTH))?;
        let start = (first % u64::from(TILE_WIDTH)) as usize;
        hashes.get(start..start + (1 << within)).map(fold).ok_or(ServedTreeError::OutsideTree)
    }
}

/// The root of a complete subtree, of the hashes of one level of it: their number is a power of two.
fn fold(hashes: &[TreeHash]) -> TreeHash {
    let mut level = hashes.to_vec();
    while level.len() > 1 {
        let (pairs, _) = level.as_chunks::<2>();
        level = pairs.iter().map(|[left, right]| TreeHash::of_node(left, right)).collect();
    }
    level.first().copied().unwrap_or_else(TreeHash::of_empty_tree)
}

/// How many tiles are kept in memory: half a megabyte of them.
const MAX_KNOWN: usize = 64;

#[cfg(test)]
mod tests {
    use super::super::leaf::Origin;
    use super::super::proof::{prove_consistency, prove_inclusion, verify_consistency, verify_inclusion};
    use super::super::tile::{items_in_tree, tile_bytes};
    use super::super::tree::Tree;
    use super::*;

    /// Serves the tiles of a tree, all but one as they are.
    struct Folder {
        levels: Vec<Vec<TreeHash>>,
        flipped: Option<(String, usize)>,
    }

    impl TileServer for Folder {
        type Error = String;

        fn tile(&self, tile: &Tile) -> Result<Vec<u8>, String> {
            let TileKind::Hashes(level) = tile.kind() else { return Err("no hashes".into()) };
            let first = tile.index() as usize * 256;
            let hashes =
                self.levels.get(usize::from(level)).and_then(|all| all.get(first..first + usize::from(tile.width())));
            let mut bytes = tile_bytes(hashes.ok_or_else(|| format!("no {tile}"))?);
            match &self.flipped {
                Some((path, at)) if *path == tile.to_string() => bytes[*at] ^= 1,
                _ => {}
            }
            Ok(bytes)
        }
    }

    fn leaf(index: u64) -> TreeHash {
        TreeHash::of_leaf(&index.to_be_bytes())
    }

    fn log(size: u64) -> (Folder, Checkpoint) {
        let mut tree = Tree::empty();
        let mut levels = vec![(0..size).map(leaf).collect::<Vec<_>>()];
        (0..size).for_each(|index| tree.push(leaf(index)));
        while levels.last().unwrap().len() >= 256 {
            levels.push(levels.last().unwrap().chunks_exact(256).map(fold).collect());
        }
        for (level, hashes) in levels.iter().enumerate() {
            assert_eq!(hashes.len() as u64, items_in_tree(TileKind::Hashes(level as u8), size));
        }
        let origin = Origin::parse("log.example").unwrap();
        (Folder { levels, flipped: None }, Checkpoint { origin, size, root: tree.root() })
    }

    #[test]
    fn every_leaf_and_proof_of_an_honest_server_holds() {
        for size in [0, 1, 2, 255, 256, 257, 1000, 65_793] {
            let (folder, checkpoint) = log(size);
            let tree = ServedTree::open(&folder, &checkpoint).unwrap();
            for index in [0, 1, 300, size.saturating_sub(1)].into_iter().filter(|index| *index < size) {
                assert_eq!(tree.hash(0, index).unwrap(), leaf(index));
                let proof = prove_inclusion(&tree, index, size).unwrap();
                verify_inclusion(&leaf(index), index, size, &proof, &checkpoint.root).unwrap();
                let (_, old) = log(index.min(1000));
                let index = old.size;
                let proof = prove_consistency(&tree, index, size).unwrap();
                verify_consistency(index, &old.root, size, &checkpoint.root, &proof).unwrap();
            }
        }
    }

    #[test]
    fn a_tile_with_any_hash_altered_is_found_out_before_a_hash_of_it_is_given() {
        let (mut folder, checkpoint) = log(65_793);
        for (path, at) in [("0/257.p/1", 31), ("1/001.p/1", 0), ("2/000.p/1", 9)] {
            folder.flipped = Some((path.into(), at));
            assert_eq!(ServedTree::open(&folder, &checkpoint).err(), Some(ServedTreeError::OtherRoot), "{path}");
        }
        for (path, leaf) in [("0/000", 7), ("0/256", 65_537), ("1/000", 300)] {
            folder.flipped = Some((path.into(), 8_000));
            let tree = ServedTree::open(&folder, &checkpoint).unwrap();
            assert_eq!(tree.hash(0, leaf), Err(ServedTreeError::Untrue(path.into())));
        }
    }

    #[test]
    fn another_size_or_root_than_the_tiles_make_is_refused() {
        let (folder, mut checkpoint) = log(1000);
        checkpoint.root = leaf(0);
        assert_eq!(ServedTree::open(&folder, &checkpoint).err(), Some(ServedTreeError::OtherRoot));
        let (_, longer) = log(1001);
        assert!(matches!(ServedTree::open(&folder, &longer).err(), Some(ServedTreeError::Server(_))));
        let (_, shorter) = log(999);
        let tree = ServedTree::open(&folder, &shorter).unwrap();
        assert_eq!(tree.hash(0, 999), Err(ServedTreeError::OutsideTree));
        assert_eq!(tree.hash(63, u64::MAX), Err(ServedTreeError::OutsideTree));
    }

    #[test]
    fn a_long_way_through_the_log_keeps_few_tiles() {
        let (folder, checkpoint) = log(20_000);
        let tree = ServedTree::open(&folder, &checkpoint).unwrap();
        for index in (0..20_000).step_by(64) {
            assert_eq!(tree.hash(0, index).unwrap(), leaf(index));
        }
        assert!(tree.known.borrow().len() <= MAX_KNOWN);
    }
}
