//! The write side: opening with repair, and appending.

use std::ops::Range;
use std::sync::{Arc, Mutex};

use arc_swap::ArcSwap;

use super::error::{OpenError, TileError};
use super::files::TileFiles;
use super::full::{Full, has_bundle, has_tile, read_tile};
use super::reader::{Shared, TileReader};
use super::right_edge::{RightEdge, fold};
use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::leaf::Entry;
use crate::pure::tlog::tile::{TILE_HEIGHT, TILE_WIDTH, TileKind, items_in_tree};

/// The tree of a log: its one writer. Others read through [`TileStore::reader`].
#[derive(Debug)]
pub struct TileStore<F> {
    shared: Arc<Shared<F>>,
}

impl<F: TileFiles> TileStore<F> {
    /// Opens the tree of `size` entries. Full tiles and bundles that are missing or have another length are made anew
    /// from the entries that `entries` gives for a range of indexes, at most [`RUN`] bundles of them at once, and so is
    /// the right edge.
    ///
    /// Only the tiles directly below the right edge are read, so that a large log opens fast. Compare
    /// [`TileStore::root`] with the journal's tree: if it is another, a tile is damaged, and [`TileStore::rebuild`]
    /// replaces it. A damaged bundle shows when it is read.
    pub fn open<E>(
        files: F,
        size: u64,
        entries: impl FnMut(Range<u64>) -> Result<Vec<Entry>, E>,
    ) -> Result<Self, OpenError<E>> {
        Self::load(files, size, entries, Trust::Lengths)
    }

    /// Opens the tree of `size` entries as [`TileStore::open`] does, but believes no file that is there: it reads every
    /// one, and writes those that differ from what the entries make.
    pub fn rebuild<E>(
        files: F,
        size: u64,
        entries: impl FnMut(Range<u64>) -> Result<Vec<Entry>, E>,
    ) -> Result<Self, OpenError<E>> {
        Self::load(files, size, entries, Trust::Nothing)
    }

    /// Appends entries. The full tiles and bundles that they complete are durable when it returns; after an error the
    /// tree is as it was, and the same entries may be appended again.
    pub fn append(&mut self, entries: &[Entry]) -> Result<(), TileError> {
        let mut edge = RightEdge::clone(&self.shared.edge.load());
        for entry in entries {
            edge.push(*entry, &mut |full| full.write(&self.shared.files))?;
        }
        // Readers are sent to the new full tiles from here on.
        self.shared.edge.store(Arc::new(edge));
        Ok(())
    }

    /// The number of entries.
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
        mut entries: impl FnMut(Range<u64>) -> Result<Vec<Entry>, E>,
        trust: Trust,
    ) -> Result<Self, OpenError<E>> {
        let mut entries = |range: Range<u64>| {
            if range.is_empty() {
                return Ok(Vec::new());
            }
            let given = entries(range.clone()).map_err(OpenError::Entries)?;
            let is_whole = given.len() as u64 == range.end - range.start;
            if is_whole { Ok(given) } else { Err(OpenError::EntryCount { asked: range, got: given.len() }) }
        };
        let bundles = size >> TILE_HEIGHT;
        for first in (0..bundles).step_by(RUN) {
            let run = first..bundles.min(first + RUN as u64);
            if let Some(lacking) = lacking(&files, run, trust)? {
                let made = entries(lacking.start << TILE_HEIGHT..lacking.end << TILE_HEIGHT)?;
                make(&files, lacking, &made)?;
            }
        }
        let partial = entries(bundles << TILE_HEIGHT..size)?;
        let mut levels = vec![partial.iter().map(Entry::leaf_hash).collect()];
        for level in 1..=u8::MAX {
            let items = items_in_tree(TileKind::Hashes(level), size);
            if items == 0 {
                break;
            }
            // A level's items are the roots of the full tiles below it, which were just checked.
            let items_of =
                |range: Range<u64>| range.map(|tile| tile_root(&files, level - 1, tile)).collect::<Result<Vec<_>, _>>();
            let full_tiles = items >> TILE_HEIGHT;
            for index in 0..full_tiles {
                if matches!(trust, Trust::Nothing) || !has_tile(&files, level, index)? {
                    Full::Tile(level, index, &items_of(tile_range(index))?).repair(&files)?;
                }
            }
            levels.push(items_of(full_tiles << TILE_HEIGHT..items)?);
        }
        let edge = RightEdge::from_parts(size, partial, levels);
        Ok(Self { shared: Arc::new(Shared { files, edge: ArcSwap::from_pointee(edge), restoring: Mutex::new(()) }) })
    }
}

/// What opening believes of the files that are there.
#[derive(Clone, Copy)]
enum Trust {
    /// Those of the right length.
    Lengths,
    /// None.
    Nothing,
}

/// The most bundles for which entries are asked at once: 3 MiB of entries.
pub const RUN: usize = 256;

/// From the first to the last index of the run whose bundle or tile of leaf hashes has to be made; `None` if none has.
fn lacking(files: &impl TileFiles, run: Range<u64>, trust: Trust) -> Result<Option<Range<u64>>, TileError> {
    if matches!(trust, Trust::Nothing) {
        return Ok(Some(run));
    }
    let mut lacking: Option<Range<u64>> = None;
    for index in run {
        if !has_bundle(files, index)? || !has_tile(files, 0, index)? {
            lacking = Some(lacking.map_or(index, |lacking| lacking.start)..index + 1);
        }
    }
    Ok(lacking)
}

/// Makes the bundles of a range, and the tiles of their leaf hashes.
fn make(files: &impl TileFiles, range: Range<u64>, entries: &[Entry]) -> Result<(), TileError> {
    for (index, entries) in range.zip(entries.chunks(TILE_WIDTH.into())) {
        Full::Bundle(index, entries).repair(files)?;
        let hashes: Vec<_> = entries.iter().map(Entry::leaf_hash).collect();
        Full::Tile(0, index, &hashes).repair(files)?;
    }
    Ok(())
}

fn tile_range(index: u64) -> Range<u64> {
    let first = index << TILE_HEIGHT;
    first..first + u64::from(TILE_WIDTH)
}

fn tile_root(files: &impl TileFiles, level: u8, index: u64) -> Result<TreeHash, TileError> {
    Ok(fold(&read_tile(files, level, index)?))
}
