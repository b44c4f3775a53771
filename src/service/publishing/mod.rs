//! Publishing: the tree grows by what was committed, and a checkpoint of it is signed at a fixed tick.
//!
//! The order on a tick, and what a crash after each step leaves:
//! 1. the new full tiles and bundles are made durable (files ahead of the checkpoint, which the next start finds and
//!    keeps);
//! 2. the checkpoint is signed (in memory alone);
//! 3. it becomes the own record, outside the data directory, before its signature leaves in any way: from here on a
//!    data directory that does not hold this tree is known to be an older copy;
//! 4. the witnesses are asked, and their cosignatures gathered (some of them know a checkpoint that nobody else saw;
//!    the tree still extends it);
//! 5. the checkpoint, with what was gathered, is made durable as published;
//! 6. it is shown.
//!
//! So no signature leaves on a tree that a restart could forget, and the tick says little about when things happen.
//! Where the policy asks for a quorum that is not met, the fourth step ends the tick: nothing is published, and the
//! next tick tries again with what the tree then is. Cosignatures that come later are added to the checkpoint at a
//! later tick.

pub mod own_record;
mod publisher;
pub mod rollback;
pub mod signers;
pub mod witnessing;

use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use tokio::sync::watch;

use super::clock::Clock;
use super::registrar::Committed;
use crate::pure::tlog::leaf::Origin;
use crate::storage::disk::Disk;
use crate::storage::tiles::files::TileFolder;
use crate::storage::tiles::store::TileStore;
use own_record::OwnRecord;
pub use publisher::{PublishError, Publisher};
use rollback::Denial;
use signers::LogSigners;
use witnessing::Board;

/// The name of the file that holds the last published checkpoint, in the data directory.
pub const CHECKPOINT_FILE: &str = "checkpoint";

/// A checkpoint that was signed, cosigned as the policy asks, and is shown to anyone.
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
    /// Those of a log that publishes no further checkpoint.
    pub fn of(last: Published) -> Self {
        Self(watch::channel(Some(Arc::new(last))).1)
    }

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
    /// The log's signing keys.
    pub signers: LogSigners,
    /// The clock that dates signatures.
    pub clock: Arc<Clock>,
    /// The tree.
    pub tiles: TileStore<TileFolder>,
    /// Where the last published checkpoint is kept.
    pub disk: Arc<dyn Disk>,
    /// Where the last signed tree is recorded.
    pub record: OwnRecord,
    /// Whether the log was found to be rolled back: then nothing is signed any more.
    pub denial: Arc<Denial>,
    /// The last published checkpoint.
    pub latest: Option<Published>,
    /// Where the witnesses find what to cosign.
    pub(in crate::service) board: Arc<Board>,
    /// What the registrar commits.
    pub committed: Receiver<Committed>,
    /// The time between two checkpoints.
    pub tick: Duration,
}

/// Makes what publishes, and where that is seen. Nothing is published until the publisher is told.
pub fn prepare(parts: Parts) -> (Publications, Publisher) {
    let (show, shown) = watch::channel(parts.latest.clone().map(Arc::new));
    (Publications(shown), Publisher::new(parts, show))
}
