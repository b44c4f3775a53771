//! The log's tiles at a start, made again where they are damaged.

use std::sync::Arc;

use super::StartError;
use crate::pure::tlog::hash::TreeHash;
use crate::storage::disk::Disk;
use crate::storage::journal;
use crate::storage::tiles;
use crate::storage::tiles::files::TileFolder;
use crate::storage::tiles::store::TileStore;

/// The folder of the log's tiles in the data directory.
pub(in crate::service) const TILE_FOLDER: &str = "tiles";

/// The log's tiles, which make the tree of `size` and `root`.
pub(super) fn open_tiles(
    disk: &Arc<dyn Disk>,
    reader: &journal::Reader,
    size: u64,
    root: TreeHash,
) -> Result<TileStore<TileFolder>, StartError> {
    let unusable = |error: &dyn std::fmt::Display| StartError::Tiles(error.to_string());
    let folder = || TileFolder::open(disk.clone(), TILE_FOLDER).map_err(|error| unusable(&error));
    let entries = |range: std::ops::Range<u64>| reader.entries(range);
    let tiles = TileStore::open(folder()?, size, entries).map_err(|error| unusable(&error))?;
    if tiles.root() == root {
        return Ok(tiles);
    }
    tracing::warn!("the log's tiles are damaged: they are rebuilt from the journal");
    let rebuilt =
        TileStore::rebuild(folder()?, size, entries).map_err(|error: tiles::error::OpenError<_>| unusable(&error))?;
    if rebuilt.root() == root { Ok(rebuilt) } else { Err(StartError::OtherTree) }
}
