//! A full tile or bundle: the file that it is.

use super::error::TileError;
use super::files::TileFiles;
use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::leaf::Entry;
use crate::pure::tlog::tile::{
    FULL_BUNDLE_LEN, FULL_TILE_LEN, TILE_WIDTH, Tile, TileKind, bundle_entries, entry_bundle, tile_bytes, tile_hashes,
};

/// What fills one file, 256 items.
#[derive(Clone, Copy, Debug)]
pub(super) enum Full<'i> {
    /// The hashes of a level and an index.
    Tile(u8, u64, &'i [TreeHash]),
    /// The entries of an index.
    Bundle(u64, &'i [Entry]),
}

impl Full<'_> {
    /// The file's path.
    pub(super) fn path(&self) -> String {
        match *self {
            Self::Tile(level, index, _) => tile_path(level, index),
            Self::Bundle(index, _) => bundle_path(index),
        }
    }

    /// The file's content.
    pub(super) fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Tile(_, _, hashes) => tile_bytes(hashes),
            Self::Bundle(_, entries) => entry_bundle(entries),
        }
    }

    /// Makes the file durable with this content.
    pub(super) fn write(&self, files: &impl TileFiles) -> Result<(), TileError> {
        let tile = self.path();
        files.write_durably(&tile, &self.bytes()).map_err(|source| TileError::Io { tile, source })
    }

    /// Writes the file anew unless it holds this content.
    pub(super) fn repair(&self, files: &impl TileFiles) -> Result<(), TileError> {
        // What cannot be read is replaced too.
        let is_whole = files.read(&self.path()).is_ok_and(|held| held.is_some_and(|held| held == self.bytes()));
        if is_whole { Ok(()) } else { self.write(files) }
    }
}

/// Whether a file of the right length is there; its content is not read.
pub(super) fn is_there(files: &impl TileFiles, tile: String, length: usize) -> Result<bool, TileError> {
    let found = files.len(&tile).map_err(|source| TileError::Io { tile, source })?;
    Ok(found == Some(length as u64))
}

/// Whether a full tile of the right length is there.
pub(super) fn has_tile(files: &impl TileFiles, level: u8, index: u64) -> Result<bool, TileError> {
    is_there(files, tile_path(level, index), FULL_TILE_LEN)
}

/// Whether a full bundle of the right length is there.
pub(super) fn has_bundle(files: &impl TileFiles, index: u64) -> Result<bool, TileError> {
    is_there(files, bundle_path(index), FULL_BUNDLE_LEN)
}

/// Reads full tile `index` of `level` without judging its hashes.
pub(super) fn read_tile(files: &impl TileFiles, level: u8, index: u64) -> Result<Vec<TreeHash>, TileError> {
    read(files, tile_path(level, index), FULL_TILE_LEN, tile_hashes)
}

/// Reads full bundle `index` without judging its entries; `None` if it is no bundle of this log's entries.
pub(super) fn read_bundle(files: &impl TileFiles, index: u64) -> Result<Option<Vec<Entry>>, TileError> {
    read(files, bundle_path(index), FULL_BUNDLE_LEN, |bytes| Some(bundle_entries(bytes)))
}

/// Where full tile `index` of `level` is kept: its path in a request.
pub(super) fn tile_path(level: u8, index: u64) -> String {
    path(TileKind::Hashes(level), index)
}

/// Where full bundle `index` is kept: its path in a request.
pub(super) fn bundle_path(index: u64) -> String {
    path(TileKind::Entries, index)
}

fn path(kind: TileKind, index: u64) -> String {
    // A tree of 2^64 leaves has eight levels, so that the level is one a tile can have.
    Tile::new(kind, index, TILE_WIDTH).map(|tile| tile.to_string()).unwrap_or_default()
}

fn read<T>(
    files: &impl TileFiles,
    tile: String,
    length: usize,
    parse: impl FnOnce(&[u8]) -> Option<T>,
) -> Result<T, TileError> {
    match files.read(&tile) {
        Err(source) => Err(TileError::Io { tile, source }),
        Ok(bytes) => bytes
            .filter(|bytes| bytes.len() == length)
            .and_then(|bytes| parse(&bytes))
            .ok_or(TileError::Missing { tile }),
    }
}
