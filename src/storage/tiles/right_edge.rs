//! The right edge: the partial tile of each level and the partial bundle, at most 255 hashes or entries each.

use std::convert::Infallible;

use super::full::Full;
use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::leaf::Entry;
use crate::pure::tlog::proof::{self, HashSource};
use crate::pure::tlog::tile::{TILE_HEIGHT, TILE_WIDTH, TileKind, items_in_tree};

/// The partial tiles of a tree: everything of it that is not in full tiles and bundles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RightEdge {
    size: u64,
    /// The entries of the partial bundle: `size mod 256`.
    entries: Vec<Entry>,
    /// By level; level `l` holds `floor(size / 256^l) mod 256` hashes.
    levels: Vec<Vec<TreeHash>>,
}

impl RightEdge {
    /// The edge of a tree of `size` leaves; `entries`, and `levels` a level, hold as many as that size asks for.
    pub(super) fn from_parts(size: u64, entries: Vec<Entry>, levels: Vec<Vec<TreeHash>>) -> Self {
        Self { size, entries, levels }
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// The root of the whole tree.
    pub(super) fn root(&self) -> TreeHash {
        // The complete subtrees of the tree's own size all lie in partial tiles.
        match proof::root(&WholeTree(self), self.size) {
            Ok(root) => root,
            Err(never) => match never {},
        }
    }

    /// The hashes of the partial tile of `level`; empty if there is none.
    pub(super) fn partial(&self, level: u8) -> &[TreeHash] {
        self.levels.get(usize::from(level)).map_or(&[], Vec::as_slice)
    }

    /// The entries of the partial bundle; empty if there is none.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Appends an entry. The bundle and each tile that it fills are handed to `on_full`, the bundle first and then
    /// children before their parents; if that fails, the edge is of no more use.
    pub(super) fn push<E>(
        &mut self,
        entry: Entry,
        on_full: &mut impl FnMut(Full<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.size += 1;
        self.entries.push(entry);
        if self.entries.len() == usize::from(TILE_WIDTH) {
            on_full(Full::Bundle((self.size >> TILE_HEIGHT) - 1, &self.entries))?;
            self.entries.clear();
        }
        let mut hash = entry.leaf_hash();
        for level in 0.. {
            if self.levels.len() == usize::from(level) {
                self.levels.push(Vec::new());
            }
            let Some(hashes) = self.levels.get_mut(usize::from(level)) else { break };
            hashes.push(hash);
            if hashes.len() < usize::from(TILE_WIDTH) {
                break;
            }
            let tiles = items_in_tree(TileKind::Hashes(level), self.size) >> TILE_HEIGHT;
            on_full(Full::Tile(level, tiles - 1, hashes))?;
            hash = fold(hashes);
            hashes.clear();
        }
        Ok(())
    }
}

/// Reads the subtrees that [`RightEdge::root`] asks for.
struct WholeTree<'e>(&'e RightEdge);

impl HashSource for WholeTree<'_> {
    type Error = Infallible;

    fn hash(&self, level: u8, index: u64) -> Result<TreeHash, Infallible> {
        let place = Place::of(level, index);
        Ok(place.within(self.0.partial(place.level)))
    }
}

/// Where in the tiles a complete subtree lies: it is the root of `width` hashes of one tile.
pub(super) struct Place {
    /// The tile's level.
    pub(super) level: u8,
    /// The tile's index.
    pub(super) tile: u64,
    offset: usize,
    width: usize,
}

impl Place {
    /// The place of complete subtree `index` of height `level`.
    pub(super) fn of(level: u8, index: u64) -> Self {
        let height = level % TILE_HEIGHT;
        let first = index << height;
        Self {
            level: level / TILE_HEIGHT,
            tile: first >> TILE_HEIGHT,
            offset: (first % u64::from(TILE_WIDTH)) as usize,
            width: 1 << height,
        }
    }

    /// The subtree's root from its tile's hashes.
    pub(super) fn within(&self, tile: &[TreeHash]) -> TreeHash {
        fold(tile.get(self.offset..).and_then(|rest| rest.get(..self.width)).unwrap_or(&[]))
    }
}

/// The root of a complete subtree over `hashes`, whose number is a power of two.
pub(super) fn fold(hashes: &[TreeHash]) -> TreeHash {
    match hashes {
        [] => TreeHash::of_empty_tree(),
        [hash] => *hash,
        _ => {
            let (left, right) = hashes.split_at(hashes.len() / 2);
            TreeHash::of_node(&fold(left), &fold(right))
        }
    }
}
