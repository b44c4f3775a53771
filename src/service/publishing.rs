//! Publishing: the tree grows by what was committed, and a checkpoint of it is signed at a fixed tick.
//!
//! The order on a tick, and what a crash after each step leaves:
//! 1. the new full tiles and bundles are made durable (files ahead of the checkpoint, which the next start finds and keeps);
//! 2. the checkpoint is signed and made durable (signed but never shown, which later ones extend all the same);
//! 3. it is shown.
//!
//! So no signature leaves on a tree that a restart could forget, and the tick says little about when things happen.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::registrar::Committed;
use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::leaf::{Entry, Origin};
use crate::pure::tlog::note::Ed25519Signer;
use crate::storage::disk::Disk;
use crate::storage::tiles::files::TileFolder;
use crate::storage::tiles::store::TileStore;

/// The name of the file that holds the last signed checkpoint, in the data directory.
pub const CHECKPOINT_FILE: &str = "checkpoint";

/// A checkpoint that was signed and is shown to anyone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The size of the tree.
    pub size: u64,
    /// The signed note, as it is served.
    pub note: String,
}

/// Where the last published checkpoint is seen, and awaited.
#[derive(Clone, Debug)]
pub struct Publications(watch::Receiver<Option<Arc<Published>>>);

impl Publications {
    /// The last published checkpoint; `None` in a log that has none yet.
    pub fn latest(&self) -> Option<Arc<Published>> {
        self.0.borrow().clone()
    }

    /// The first published checkpoint that covers the entry `index`, if it comes within `patience`.
    pub async fn covering(&self, index: u64, patience: Duration) -> Option<Arc<Published>> {
        let mut published = self.0.clone();
        let covered = published.wait_for(|latest| latest.as_ref().is_some_and(|latest| latest.size > index));
        let found = tokio::time::timeout(patience, covered).await.ok()?.ok()?;
        found.clone()
    }
}

/// What publishing works with.
pub struct Parts {
    /// The log's name.
    pub origin: Origin,
    /// The log's signing key.
    pub signer: Ed25519Signer,
    /// The tree.
    pub tiles: TileStore<TileFolder>,
    /// Where the last signed checkpoint is kept.
    pub disk: Arc<dyn Disk>,
    /// The last signed checkpoint.
    pub latest: Option<Published>,
    /// What the registrar commits.
    pub committed: Receiver<Committed>,
    /// The time between two checkpoints.
    pub tick: Duration,
}

/// Starts the thread that publishes. It ends with the registrar, after a last checkpoint.
pub fn start(parts: Parts) -> std::io::Result<(Publications, JoinHandle<()>)> {
    let (show, shown) = watch::channel(parts.latest.clone().map(Arc::new));
    let publisher = Publisher { parts, show };
    let thread = std::thread::Builder::new().name("publisher".into()).spawn(move || publisher.run())?;
    Ok((Publications(shown), thread))
}

struct Publisher {
    parts: Parts,
    show: watch::Sender<Option<Arc<Published>>>,
}

impl Publisher {
    fn run(mut self) {
        let mut waiting = Vec::new();
        let mut root = self.parts.tiles.root();
        let mut tick = Instant::now() + self.parts.tick;
        let mut open = true;
        // What the start found beyond the last checkpoint is published at the first tick.
        while open {
            match self.parts.committed.recv_timeout(tick.saturating_duration_since(Instant::now())) {
                Ok(committed) => {
                    waiting.extend(committed.entries);
                    root = committed.root;
                    continue;
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => open = false,
            }
            tick = Instant::now() + self.parts.tick;
            if let Err(error) = self.publish(&mut waiting, root) {
                tracing::error!(%error, "no checkpoint was published; the next tick tries again");
            }
        }
    }

    fn publish(&mut self, waiting: &mut Vec<Entry>, root: TreeHash) -> Result<(), PublishError> {
        let Parts { origin, signer, tiles, disk, .. } = &mut self.parts;
        tiles.append(waiting)?;
        waiting.clear();
        if tiles.root() != root {
            return Err(PublishError::OtherTree);
        }
        let size = tiles.size();
        if self.show.borrow().as_ref().map_or(0, |latest| latest.size) == size {
            return Ok(());
        }
        let mut note = Checkpoint { origin: origin.clone(), size, root }.to_note()?;
        note.add(signer.sign(note.text()));
        let note = note.to_string();
        disk.swap(CHECKPOINT_FILE, note.as_bytes()).map_err(PublishError::NotKept)?;
        self.show.send_replace(Some(Arc::new(Published { size, note })));
        Ok(())
    }
}

/// Why no checkpoint was published.
#[derive(Debug, thiserror::Error)]
enum PublishError {
    #[error("audit log: {0}")]
    Tiles(#[from] crate::storage::tiles::error::TileError),
    #[error("audit log: the tiles make another tree than the journal; restart the server, which rebuilds them")]
    OtherTree,
    #[error("audit log: the checkpoint cannot be written as a note: {0}")]
    Unwritable(#[from] crate::pure::tlog::note::MalformedNote),
    #[error("audit log: the signed checkpoint cannot be kept: {0}")]
    NotKept(std::io::Error),
}
