//! Publishing and witnessing at a start: what is asked of the witnesses first, and what publishes.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use super::signed::SignedBefore;
use super::{Settings, StartError};
use crate::service::clock::Clock;
use crate::service::publishing::rollback::Denial;
use crate::service::publishing::signers::LogSigners;
use crate::service::publishing::witnessing::{Board, proven_rollback};
use crate::service::publishing::{self, Publications, Publisher};
use crate::service::registrar::Committed;
use crate::storage::disk::Disk;
use crate::storage::tiles::files::TileFolder;
use crate::storage::tiles::store::TileStore;

/// What runs from here on.
pub(super) struct Publication {
    pub(super) publications: Publications,
    pub(super) board: Arc<Board>,
    pub(super) denial: Arc<Denial>,
    pub(super) publisher: Publisher,
}

/// Asks the witnesses what they remember, and makes ready to publish; where one proves that the log was rolled back, it
/// starts denied.
pub(super) fn prepare_publication(
    settings: &Settings,
    clock: Arc<Clock>,
    disk: Arc<dyn Disk>,
    tiles: TileStore<TileFolder>,
    signers: LogSigners,
    signed: SignedBefore,
    committed: Receiver<Committed>,
) -> Result<Publication, StartError> {
    let (origin, witnessing) = (&settings.origin, &settings.witnessing);
    let keys = signers.verifier_keys();
    let reader = tiles.reader();
    let denial = Arc::new(Denial::default());
    if let Some(finding) = proven_rollback(witnessing, origin, &keys, &reader) {
        denial.deny(finding);
    }
    let board = Arc::new(Board::new(witnessing, origin.clone(), keys, reader, denial.clone()));
    board.start(&witnessing.ways).map_err(StartError::Thread)?;
    let (publications, publisher) = publishing::prepare(publishing::Parts {
        origin: origin.clone(),
        signers,
        clock,
        tiles,
        disk,
        // What was published before there was a policy, or under another, is not shown until it is witnessed.
        latest: signed.published(origin).filter(|published| witnessing.is_met_by(&published.note)),
        record: signed.record,
        denial: denial.clone(),
        board: board.clone(),
        committed,
        tick: settings.tick,
    });
    Ok(Publication { publications, board, denial, publisher })
}
