//! What can go wrong with tiles.

use std::io;
use std::ops::Range;

/// Why tiles or bundles could not be read, written or believed.
#[derive(Debug, thiserror::Error)]
pub enum TileError {
    /// The file system refused.
    #[error("tile {tile} could not be read or written: {source}")]
    Io {
        /// The tile's path below the tile folder.
        tile: String,
        /// The system's error.
        source: io::Error,
    },
    /// A full tile vanished after the store was opened.
    #[error("tile {tile} is missing or cut; restart, and it is made anew from the journal")]
    Missing {
        /// The tile's path below the tile folder.
        tile: String,
    },
    /// A tile's bytes are not those that the tree above it was made from.
    #[error(
        "tile {tile} is damaged: the tree has another hash for it; delete the file and restart, and it is made anew \
         from the journal"
    )]
    Damaged {
        /// The tile's path below the tile folder.
        tile: String,
    },
    /// A proof that was made does not verify, although its tiles agree: nothing is released.
    #[error(
        "a proof about {subject} in the tree of {size} entries does not verify and was held back; \
         rebuild the tiles from the journal"
    )]
    ProofMismatch {
        /// The entry's index or the old size.
        subject: u64,
        /// The tree's size.
        size: u64,
    },
    /// The caller asked about an entry or a size that the store does not have.
    #[error("the tree of {size} entries does not reach {asked}")]
    OutsideTree {
        /// The index or size asked for.
        asked: u64,
        /// The size it must not exceed.
        size: u64,
    },
}

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError<E> {
    /// The tiles.
    #[error(transparent)]
    Tiles(#[from] TileError),
    /// The journal, from which entries were asked.
    #[error("the journal gave no entries: {0}")]
    Entries(E),
    /// The journal gave more or fewer entries than were asked for.
    #[error("the journal gave {got} entries for {asked:?}")]
    EntryCount {
        /// The indexes asked for.
        asked: Range<u64>,
        /// How many came.
        got: usize,
    },
}
