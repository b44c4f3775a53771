//! Evidence: what proves an entry to its subject and to the auditor, without trust in this server.

use std::time::Duration;

use crate::pure::tlog::leaf::{OPENING_LEN, Opening};
use crate::pure::tlog::note::Note;
use crate::pure::tlog::proof_file::ProofFile;
use crate::pure::tlog::tile::TILE_WIDTH;
use crate::storage::journal::{JournalError, Reader};
use crate::storage::tiles::error::TileError;
use crate::storage::tiles::files::TileFolder;
use crate::storage::tiles::reader::TileReader;

use super::publishing::{Publications, Published};

/// What makes evidence.
#[derive(Clone)]
pub struct Evidence {
    /// The records and their openings.
    pub records: Reader,
    /// The tree.
    pub tiles: TileReader<TileFolder>,
    /// The checkpoints.
    pub publications: Publications,
    /// How long a request waits for a checkpoint that covers its entry: two ticks, and the witnesses' deadline where
    /// the policy asks for them.
    pub patience: Duration,
}

impl Evidence {
    /// The `.tlog-proof` of one entry, with its opening and record (C2SP tlog-proof). Waits for a checkpoint that
    /// covers the entry. For the entry's subject and the auditor, and for a lodgement its version's audience: the
    /// caller has decided that.
    pub async fn of_entry(&self, index: u64) -> Result<String, EvidenceError> {
        let published = self.publications.covering(index, self.patience).await.ok_or(EvidenceError::NotYet)?;
        let this = self.clone();
        let making = tokio::task::spawn_blocking(move || this.under(&published, index));
        making.await.map_err(|_| EvidenceError::Interrupted)?
    }

    /// One record with what opens its entry: as much as its evidence tells, for those who may have that.
    pub fn opened(&self, index: u64) -> Result<Opened, EvidenceError> {
        let stored = self.records.read(index)?;
        Ok(Opened { record: stored.record, opening: stored.opening })
    }

    /// The bytes of an entry bundle (C2SP tlog-tiles); `None` if the tree does not fill it so far. A bundle whose file
    /// is damaged or gone is made anew from the journal. Blocks.
    pub fn bundle(&self, index: u64, width: u16) -> Result<Option<Vec<u8>>, EvidenceError> {
        let read = self.tiles.bundle(index, width);
        let Err(error @ (TileError::Missing { .. } | TileError::Damaged { .. })) = read else { return Ok(read?) };
        let first = index.saturating_mul(TILE_WIDTH.into());
        let range = first..first.saturating_add(TILE_WIDTH.into());
        // Where the tile of its hashes is to blame, this names it and nothing is written.
        self.tiles.restore_bundle(index, || self.records.entries(range).map_err(EvidenceError::from))?;
        tracing::warn!(%error, "an entry bundle was made anew from the journal; 'strongroom check' tells what else is damaged");
        Ok(self.tiles.bundle(index, width)?)
    }

    /// The `.tlog-proof` of an entry under a checkpoint that covers it. Blocks.
    pub fn under(&self, published: &Published, index: u64) -> Result<String, EvidenceError> {
        let stored = self.records.read(index)?;
        let hashes = self.tiles.inclusion(index, published.size)?;
        let mut extra = Vec::with_capacity(OPENING_LEN + stored.record.len());
        extra.extend_from_slice(&stored.opening.0);
        extra.extend_from_slice(&stored.record);
        let checkpoint = Note::parse(published.note.as_bytes()).map_err(|_| EvidenceError::Interrupted)?;
        Ok(ProofFile { extra, index, hashes, checkpoint }.to_string())
    }
}

/// A record and what opens the commitment to it.
pub struct Opened {
    /// The record's exact bytes.
    pub record: Vec<u8>,
    /// What opens the commitment.
    pub opening: Opening,
}

/// Why there is no evidence.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    /// No checkpoint covers the entry yet.
    #[error("no checkpoint covers the entry yet; ask again in a second")]
    NotYet,
    /// The record cannot be read.
    #[error("audit log: {0}")]
    Journal(#[from] JournalError),
    /// The tree cannot be read.
    #[error("audit log: {0}")]
    Tiles(#[from] TileError),
    /// The server is stopping.
    #[error("the evidence could not be made; ask again")]
    Interrupted,
}
