//! The log at a start: its last signed and published checkpoints, and its tiles, made again where they are damaged.

use std::sync::Arc;

use super::StartError;
use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::note::Note;
use crate::pure::tlog::verifier_key::VerifierKey;
use crate::service::publishing::{CHECKPOINT_FILE, Published, SIGNED_FILE};
use crate::storage::disk::{Disk, RealDisk};
use crate::storage::journal;
use crate::storage::tiles;
use crate::storage::tiles::files::TileFolder;
use crate::storage::tiles::store::TileStore;

/// The folder of the log's tiles in the data directory.
pub(in crate::service) const TILE_FOLDER: &str = "tiles";

/// A checkpoint that was kept, under the log's own signatures.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) checkpoint: Checkpoint,
    pub(super) note: Note,
}

impl Kept {
    pub(super) fn published(&self) -> Published {
        Published { size: self.checkpoint.size, note: self.note.to_string() }
    }
}

/// The last published checkpoint, if there is one: this log's, and durable.
pub(super) fn last_published(disk: &RealDisk, keys: &[VerifierKey]) -> Result<Option<Kept>, StartError> {
    kept(disk, CHECKPOINT_FILE, keys)
}

/// The last checkpoint that was signed for the witnesses, if there is one: this log's, and durable.
pub(super) fn last_signed(disk: &RealDisk, keys: &[VerifierKey]) -> Result<Option<Checkpoint>, StartError> {
    Ok(kept(disk, SIGNED_FILE, keys)?.map(|kept| kept.checkpoint))
}

fn kept(disk: &RealDisk, file: &'static str, keys: &[VerifierKey]) -> Result<Option<Kept>, StartError> {
    let bytes = match disk.read(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(StartError::CheckpointUnreadable { file, source }),
    };
    let note = Note::parse(&bytes).map_err(|source| StartError::CheckpointDamaged { file, source })?;
    let opened = Checkpoint::open(&note, keys);
    let (checkpoint, _) = opened.map_err(|source| StartError::CheckpointForeign { file, source })?;
    // A process that was killed may have left it in the cache alone; from here on it is relied on.
    disk.swap(file, &bytes).map_err(|source| StartError::CheckpointUnreadable { file, source })?;
    Ok(Some(Kept { checkpoint, note }))
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
