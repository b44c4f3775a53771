//! The read side: tiles and proofs for any size up to the store's, from any thread.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;

use super::error::TileError;
use super::files::TileFiles;
use super::full::{Full, bundle_path, read_bundle, read_tile, tile_path};
use super::right_edge::{Place, RightEdge, fold};
use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::leaf::Entry;
use crate::pure::tlog::proof::{self, HashSource, ProveError};
use crate::pure::tlog::tile::{TILE_WIDTH, Tile, TileKind, entry_bundle, tile_bytes, width_in_tree};

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
    /// Held while a bundle is restored, so that one thread writes it.
    pub(super) restoring: Mutex<()>,
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

    /// The bytes of bundle `index`, `width` entries wide (256: full); `None` if the tree does not fill the bundle so
    /// far. A width that an earlier size had stays available.
    ///
    /// `Missing` or `Damaged` if the file is not what the tile of its hashes was made from: see
    /// [`TileReader::restore_bundle`].
    pub fn bundle(&self, index: u64, width: u16) -> Result<Option<Vec<u8>>, TileError> {
        let snapshot = self.snapshot();
        let size = snapshot.edge.size();
        if !Tile::new(TileKind::Entries, index, width).is_some_and(|tile| tile.is_in_tree(size)) {
            return Ok(None);
        }
        let width = usize::from(width);
        if width_in_tree(TileKind::Entries, index, size) < TILE_WIDTH {
            return Ok(snapshot.edge.entries().get(..width).map(entry_bundle));
        }
        Ok(snapshot.bundle(index)?.get(..width).map(entry_bundle))
    }

    /// Writes full bundle `index` anew with the entries that the journal gives, if the tree was made from these; not if
    /// it is whole, perhaps since another thread was faster. The threads that restore wait for each other.
    pub fn restore_bundle<E: From<TileError>>(
        &self,
        index: u64,
        entries: impl FnOnce() -> Result<Vec<Entry>, E>,
    ) -> Result<(), E> {
        let _one = self.shared.restoring.lock().unwrap_or_else(PoisonError::into_inner);
        let snapshot = self.snapshot();
        if width_in_tree(TileKind::Entries, index, snapshot.edge.size()) < TILE_WIDTH || snapshot.bundle(index).is_ok()
        {
            return Ok(());
        }
        let entries = entries()?;
        if !snapshot.is_bundle(index, &entries)? {
            return Err(TileError::Damaged { tile: tile_path(0, index) }.into());
        }
        Ok(Full::Bundle(index, &entries).write(&self.shared.files)?)
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

impl<F: TileFiles> Snapshot<'_, F> {
    /// The entries of a full bundle, which agree with the tile of their hashes.
    fn bundle(&self, index: u64) -> Result<Vec<Entry>, TileError> {
        let damaged = || TileError::Damaged { tile: bundle_path(index) };
        let entries = read_bundle(self.files, index)?.ok_or_else(damaged)?;
        if self.is_bundle(index, &entries)? { Ok(entries) } else { Err(damaged()) }
    }

    /// Whether these are the entries of a full bundle.
    fn is_bundle(&self, index: u64, entries: &[Entry]) -> Result<bool, TileError> {
        let hashes = self.tile(0, index)?;
        Ok(entries.iter().map(Entry::leaf_hash).eq(hashes.iter().copied()))
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
