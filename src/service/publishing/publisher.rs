//! The publisher's thread: grows the tree, signs its head, and shows it.

use std::sync::Arc;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::{CHECKPOINT_FILE, Parts, Published};
use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::leaf::Entry;
use crate::pure::tlog::note::{MalformedNote, Note};
use crate::storage::tiles::error::TileError;

pub(super) struct Publisher {
    parts: Parts,
    show: watch::Sender<Option<Arc<Published>>>,
}

impl Publisher {
    pub(super) fn new(parts: Parts, show: watch::Sender<Option<Arc<Published>>>) -> Self {
        Self { parts, show }
    }

    pub(super) fn run(mut self) {
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
            tick = next_tick(tick, self.parts.tick);
            if let Err(error) = self.publish(&mut waiting, root) {
                tracing::error!(%error, "no checkpoint was published; the next tick tries again");
            }
        }
    }

    fn publish(&mut self, waiting: &mut Vec<Entry>, root: TreeHash) -> Result<(), PublishError> {
        self.grow(waiting, root)?;
        let size = self.parts.tiles.size();
        if self.show.borrow().as_ref().map_or(0, |latest| latest.size) == size {
            return Ok(());
        }
        let note = self.sign(size, root)?.to_string();
        self.parts.disk.swap(CHECKPOINT_FILE, note.as_bytes()).map_err(PublishError::NotKept)?;
        self.show.send_replace(Some(Arc::new(Published { size, note })));
        Ok(())
    }

    /// Makes the tree what the registrar says that it is.
    fn grow(&mut self, waiting: &mut Vec<Entry>, root: TreeHash) -> Result<(), PublishError> {
        self.parts.tiles.append(waiting)?;
        waiting.clear();
        if self.parts.tiles.root() == root { Ok(()) } else { Err(PublishError::OtherTree) }
    }

    fn sign(&self, size: u64, root: TreeHash) -> Result<Note, PublishError> {
        let time = u64::try_from(self.parts.clock.now().unix_micros()).unwrap_or_default() / 1_000_000;
        let checkpoint = Checkpoint { origin: self.parts.origin.clone(), size, root };
        Ok(self.parts.signers.sign(&checkpoint, time)?)
    }
}

/// The tick after `tick`: at a fixed distance, whatever the work between them took, so that the time of a checkpoint says
/// nothing of when its entries were made. Ticks that have passed meanwhile are left out.
fn next_tick(tick: Instant, distance: Duration) -> Instant {
    let now = Instant::now();
    let late = now.saturating_duration_since(tick).as_micros() / distance.as_micros().max(1);
    tick + distance * u32::try_from(late).unwrap_or_default().saturating_add(1)
}

/// Why no checkpoint was published.
#[derive(Debug, thiserror::Error)]
enum PublishError {
    #[error("audit log: {0}")]
    Tiles(#[from] TileError),
    #[error("audit log: the tiles make another tree than the journal; restart the server, which rebuilds them")]
    OtherTree,
    #[error("audit log: the checkpoint cannot be written as a note: {0}")]
    Unwritable(#[from] MalformedNote),
    #[error("audit log: the signed checkpoint cannot be kept: {0}")]
    NotKept(std::io::Error),
}
