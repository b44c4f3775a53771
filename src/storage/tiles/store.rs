//! The write side: opening with repair, and appending.

use std::ops::Range;
use std::sync::Arc;

use arc_swap::ArcSwap;

use super::error::{OpenError, TileError};
use super::files::TileFiles;
use super::reader::{Shared, TileReader, read_tile, tile_path};
use super::right_edge::{RightEdge, fold};
use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::tile::{FULL_TILE_LEN, TILE_HEIGHT, TILE_WIDTH, TileKind, items_in_tree, tile_bytes};

/// The tree of a log: its one writer. Others read through [`TileStore::reader`].
#[derive(Debug)]
pub struct TileStore<F> {
    shared: Arc<Shared<F>>,
}

impl<F: TileFiles> TileStore<F> {
    /// Opens the tree of `size` leaves. Full tiles that are missing or have another length are made anew from the leaf
    /// hashes that `leaf_hashes` gives for a range of indexes, and so is the right edge.
    ///
    /// Only the tiles directly below the right edge are read, so that a large log opens fast. Compare
    /// [`TileStore::root`] with the journal's tree: if it is another, a tile is damaged, and [`TileStore::rebuild`]
    /// replaces them all.
    pub fn open<E>(
        files: F,
        size: u64,
        leaf_hashes: impl FnMut(Range<u64>) -> Result<Vec<TreeHash>, E>,
    ) -> Result<Self, OpenError<E>> {
        let has_tile = |files: &F, tile: &str| Ok(files.len(tile)? == Some(FULL_TILE_LEN as u64));
        Self::load(files, size, leaf_hashes, has_tile)
    }

    /// Opens the tree of `size` leaves as [`TileStore::open`] does, but believes no tile that is there.
    pub fn rebuild<E>(
        files: F,
        size: u64,
        leaf_hashes: impl FnMut(Range<u64>) -> Result<Vec<TreeHash>, E>,
    ) -> Result<Self, OpenError<E>> {
        Self::load(files, size, leaf_hashes, |_, _| Ok(false))
    }

    /// Appends leaves. The full tiles that they complete are durable when it returns; after an error the tree is as it
    /// was, and the same leaves may be appended again.
    pub fn append(&mut self, leaf_hashes: &[TreeHash]) -> Result<(), TileError> {
        let mut edge = RightEdge::clone(&self.shared.edge.load());
        for leaf in leaf_hashes {
            edge.push(*leaf, &mut |level, index, hashes| write_tile(&self.shared.files, level, index, hashes))?;
        }
        // Readers are sent to the new full tiles from here on.
        self.shared.edge.store(Arc::new(edge));
        Ok(())
    }

    /// The number of leaves.
    pub fn size(&self) -> u64 {
        self.shared.edge.load().size()
    }

    /// The root of the whole tree.
    pub fn root(&self) -> TreeHash {
        self.shared.edge.load().root()
    }

    /// A reader of this tree, for any thread.
    pub fn reader(&self) -> TileReader<F> {
        TileReader::of(Arc::clone(&self.shared))
    }

    fn load<E>(
        files: F,
        size: u64,
        mut leaf_hashes: impl FnMut(Range<u64>) -> Result<Vec<TreeHash>, E>,
        has_tile: impl Fn(&F, &str) -> std::io::Result<bool>,
    ) -> Result<Self, OpenError<E>> {
        let mut leaves = |range: Range<u64>| {
            if range.is_empty() {
                return Ok(Vec::new());
            }
            let hashes = leaf_hashes(range.clone()).map_err(OpenError::Leaves)?;
            let is_whole = hashes.len() as u64 == range.end - range.start;
            if is_whole { Ok(hashes) } else { Err(OpenError::LeafCount { asked: range, got: hashes.len() }) }
        };
        let mut levels = Vec::new();
        for level in 0..=u8::MAX {
            let items = items_in_tree(TileKind::Hashes(level), size);
            if items == 0 {
                break;
            }
            // A level's items: leaves at level 0, above it the roots of the full tiles just checked.
            let mut items_of = |range: Range<u64>| match level.checked_sub(1) {
                None => leaves(range),
                Some(below) => Ok(range.map(|tile| tile_root(&files, below, tile)).collect::<Result<_, _>>()?),
            };
            let full_tiles = items >> TILE_HEIGHT;
            for index in 0..full_tiles {
                let tile = tile_path(level, index);
                if !has_tile(&files, &tile).map_err(|source| TileError::Io { tile, source })? {
                    write_tile(&files, level, index, &items_of(tile_range(index))?)?;
                }
            }
            levels.push(items_of(full_tiles << TILE_HEIGHT..items)?);
        }
        let edge = RightEdge::from_levels(size, levels);
        Ok(Self { shared: Arc::new(Shared { files, edge: ArcSwap::from_pointee(edge) }) })
    }
}

fn tile_range(index: u64) -> Range<u64> {
    let first = index << TILE_HEIGHT;
    first..first + u64::from(TILE_WIDTH)
}

fn tile_root(files: &impl TileFiles, level: u8, index: u64) -> Result<TreeHash, TileError> {
    Ok(fold(&read_tile(files, level, index)?))
}

fn write_tile(files: &impl TileFiles, level: u8, index: u64, hashes: &[TreeHash]) -> Result<(), TileError> {
    let tile = tile_path(level, index);
    files.write_new_durably(&tile, &tile_bytes(hashes)).map_err(|source| TileError::Io { tile, source })
}
