//! The log at a start: its last signed checkpoint, and its tiles, made again where they are damaged.

use std::sync::Arc;

use super::StartError;
use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::note::Note;
use crate::pure::tlog::verifier_key::VerifierKey;
use crate::service::publishing::{CHECKPOINT_FILE, Published};
use crate::storage::disk::{Disk, RealDisk};
use crate::storage::journal;
use crate::storage::tiles;
use crate::storage::tiles::files::TileFolder;
use crate::storage::tiles::store::TileStore;

/// The folder of the log's tiles in the data directory.
pub(in crate::service) const TILE_FOLDER: &str = "tiles";

/// The last signed checkpoint, if there is one: this log's, and durable.
pub(super) fn latest_checkpoint(
    disk: &RealDisk,
    keys: &[VerifierKey],
) -> Result<Option<(Checkpoint, Published)>, StartError> {
    let bytes = match disk.read(CHECKPOINT_FILE) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StartError::CheckpointUnreadable(error)),
    };
    let note = Note::parse(&bytes)?;
    let (checkpoint, _) = Checkpoint::open(&note, keys)?;
    // A process that was killed may have left it in the cache alone; from here on it is relied on.
    disk.swap(CHECKPOINT_FILE, &bytes).map_err(StartError::CheckpointUnreadable)?;
    let published = Published { size: checkpoint.size, note: note.to_string() };
    Ok(Some((checkpoint, published)))
}

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
