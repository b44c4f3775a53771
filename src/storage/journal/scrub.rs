//! Scrubbing: reading everything again, from the first segment on, to find damage before it is needed.

use std::ops::ControlFlow;

use super::error::{Damage, JournalError};
use super::reader::Reader;

/// How far a scrub has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The number of entries verified.
    pub verified: u64,
    /// The number of entries to verify: those committed when the scrub began.
    pub total: u64,
}

/// How a scrub ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scrubbed {
    /// Everything that was committed when it began is whole.
    Whole(Progress),
    /// It was stopped; what it had read is whole.
    Stopped(Progress),
}

/// Verifies every frame, the chain, the tree, and that every entry commits to its record, up to what is committed when
/// it is called. `progress` is told after each batch, and stops the scrub with `Break`. It reads the disk as fast as it
/// gives: for a thread of its own, which may pause in `progress`.
pub fn scrub(reader: &Reader, mut progress: impl FnMut(Progress) -> ControlFlow<()>) -> Result<Scrubbed, JournalError> {
    let mut state = Progress { verified: 0, total: reader.next_index() };
    for batch in reader.replay(0) {
        let batch = batch?;
        if !batch.is_committed() {
            return Err(JournalError::Damaged { site: batch.site, damage: Damage::Commitment });
        }
        // Batches that were committed after the total was read are verified too.
        state = Progress { verified: batch.next_index, total: state.total.max(batch.next_index) };
        if progress(state).is_break() {
            return Ok(Scrubbed::Stopped(state));
        }
    }
    Ok(Scrubbed::Whole(state))
}
