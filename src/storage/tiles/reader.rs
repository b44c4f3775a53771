//! The read side: tiles and proofs for any size up to the store's, from any thread.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use arc_swap::ArcSwap;

use super::error::TileError;
use super::files::TileFiles;
use super::right_edge::{Place, RightEdge, fold};
use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::proof::{self, HashSource, ProveError};
use crate::pure::tlog::tile::{FULL_TILE_LEN, TILE_WIDTH, Tile, TileKind, tile_bytes, tile_hashes, width_in_tree};

/// Reads a store's tree while it grows. Clones are cheap and see the same tree.
#[derive(Debug)]
pub struct TileReader<F> {
    shared: Arc<Shared<F>>,
}

/// What the store and its readers have in common.
#[derive(Debug)]
pub(super) struct Shared<F> {
    pub(super) files: F,
    /// Replaced by the store after the full tiles below it are durable.
    pub(super) edge: ArcSwap<RightEdge>,
}

impl<F> Clone for TileReader<F> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<F: TileFiles> TileReader<F> {
    pub(super) fn of(shared: Arc<Shared<F>>) -> Self {
        Self { shared }
    }

    /// The number of leaves.
    pub fn size(&self) -> u64 {
        self.shared.edge.load().size()
    }

    /// The root of the tree of the first `size` leaves.
    pub fn root_at(&self, size: u64) -> Result<TreeHash, TileError> {
        let snapshot = self.snapshot_of(size)?;
        if size == snapshot.edge.size() { Ok(snapshot.edge.root()) } else { proof::root(&snapshot, size) }
    }

    /// The proof that leaf `index` is in the tree of the first `size` leaves, verified against that tree's root.
    pub fn inclusion(&self, index: u64, size: u64) -> Result<Vec<TreeHash>, TileError> {
        let snapshot = self.snapshot_of(size)?;
        let hashes = proof::prove_inclusion(&snapshot, index, size).map_err(made)?;
        let (leaf, root) = (snapshot.hash(0, index)?, proof::root(&snapshot, size)?);
        proof::verify_inclusion(&leaf, index, size, &hashes, &root)
            .map_err(|_| TileError::ProofMismatch { subject: index, size })?;
        Ok(hashes)
    }

    /// The proof that the tree of the first `new` leaves extends that of the first `old`, verified against their roots.
    pub fn consistency(&self, old: u64, new: u64) -> Result<Vec<TreeHash>, TileError> {
        let snapshot = self.snapshot_of(new)?;
        let hashes = proof::prove_consistency(&snapshot, old, new).map_err(made)?;
        let (old_root, new_root) = (proof::root(&snapshot, old)?, proof::root(&snapshot, new)?);
        proof::verify_consistency(old, &old_root, new, &new_root, &hashes)
            .map_err(|_| TileError::ProofMismatch { subject: old, size: new })?;
        Ok(hashes)
    }

    /// The bytes of tile `index` of `level`, `width` hashes wide (256: full); `None` if the tree does not fill the tile
    /// so far. A width that an earlier size had stays available.
    pub fn tile(&self, level: u8, index: u64, width: u16) -> Result<Option<Vec<u8>>, TileError> {
        let snapshot = self.snapshot();
        let kind = TileKind::Hashes(level);
        if !Tile::new(kind, index, width).is_some_and(|tile| tile.is_in_tree(snapshot.edge.size())) {
            return Ok(None);
        }
        let hashes = snapshot.tile(level, index)?;
        Ok(hashes.get(..usize::from(width)).map(tile_bytes))
    }

    fn snapshot(&self) -> Snapshot<'_, F> {
        Snapshot { files: &self.shared.files, edge: self.shared.edge.load_full(), tiles: RefCell::default() }
    }

    fn snapshot_of(&self, size: u64) -> Result<Snapshot<'_, F>, TileError> {
        let snapshot = self.snapshot();
        let largest = snapshot.edge.size();
        if size > largest { Err(TileError::OutsideTree { asked: size, size: largest }) } else { Ok(snapshot) }
    }
}

/// Reads full tile `index` of `level` from `files` without judging its hashes.
pub(super) fn read_tile(files: &impl TileFiles, level: u8, index: u64) -> Result<Vec<TreeHash>, TileError> {
    let tile = tile_path(level, index);
    match files.read(&tile) {
        Err(source) => Err(TileError::Io { tile, source }),
        Ok(bytes) => bytes
            .filter(|bytes| bytes.len() == FULL_TILE_LEN)
            .and_then(|bytes| tile_hashes(&bytes))
            .ok_or(TileError::Missing { tile }),
    }
}

/// Where full tile `index` of `level` is kept: its path in a request.
pub(super) fn tile_path(level: u8, index: u64) -> String {
    // A tree of 2^64 leaves has eight levels, so that the level is one a tile can have.
    Tile::new(TileKind::Hashes(level), index, TILE_WIDTH).map(|tile| tile.to_string()).unwrap_or_default()
}

/// The tree at one moment, for one answer: the edge as it was, and the tiles read for it so far.
struct Snapshot<'r, F> {
    files: &'r F,
    edge: Arc<RightEdge>,
    tiles: RefCell<Vec<ReadTile>>,
}

/// A full tile that agrees with the tree above it.
struct ReadTile {
    level: u8,
    index: u64,
    hashes: Rc<[TreeHash]>,
}

impl<F: TileFiles> Snapshot<'_, F> {
    /// The hashes of a tile as far as the tree fills it. One from a file agrees with the tree above it.
    fn tile(&self, level: u8, index: u64) -> Result<Rc<[TreeHash]>, TileError> {
        if width_in_tree(TileKind::Hashes(level), index, self.edge.size()) < TILE_WIDTH {
            return Ok(self.edge.partial(level).into());
        }
        let known = |tile: &&ReadTile| (tile.level, tile.index) == (level, index);
        if let Some(tile) = self.tiles.borrow().iter().find(known) {
            return Ok(Rc::clone(&tile.hashes));
        }
        let hashes: Rc<[TreeHash]> = read_tile(self.files, level, index)?.into();
        // Bounded by the eight levels of a 64-bit size: the topmost tile is partial and in memory.
        let above = self.tile(level + 1, index / u64::from(TILE_WIDTH))?;
        let expected = above.get((index % u64::from(TILE_WIDTH)) as usize);
        if expected != Some(&fold(&hashes)) {
            return Err(TileError::Damaged { tile: tile_path(level, index) });
        }
        self.tiles.borrow_mut().push(ReadTile { level, index, hashes: Rc::clone(&hashes) });
        Ok(hashes)
    }
}

impl<F: TileFiles> HashSource for Snapshot<'_, F> {
    type Error = TileError;

    fn hash(&self, level: u8, index: u64) -> Result<TreeHash, TileError> {
        let place = Place::of(level, index);
        Ok(place.within(&self.tile(place.level, place.tile)?))
    }
}

fn made(error: ProveError<TileError>) -> TileError {
    match error {
        ProveError::OutsideTree { asked, size } => TileError::OutsideTree { asked, size },
        ProveError::Source(error) => error,
    }
}
