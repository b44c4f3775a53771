//! Sweeping: blobs that no entry names are removed, once they are too old to be an upload under way.
//!
//! A broken connection or a crash before the entry leaves such an orphan; nothing that was lodged is ever touched.

use std::collections::HashSet;

use jiff::SignedDuration;

use super::Repository;
use crate::pure::domain::facts::{Fact, FactList, Facts, FactsDamaged};
use crate::storage::blobs::{BlobError, BlobId, SweepReport};

/// Why no sweep was made.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// What is lodged cannot be told, so that nothing is removed.
    #[error(transparent)]
    Facts(#[from] FactsDamaged),
    /// The blobs cannot be listed or removed.
    #[error(transparent)]
    Blobs(#[from] BlobError),
}

impl Repository {
    /// Removes orphans that are older than `age`.
    pub async fn sweep(&self, age: SignedDuration) -> Result<SweepReport, SweepError> {
        let older_than = self.clock.now().saturating_add(-age).to_timestamp();
        // What is named is read after the moment before which an orphan must have been made: a blob that is lodged while
        // the sweep runs is younger than that.
        let view = self.view.clone();
        let named = tokio::task::spawn_blocking(move || named_blobs(&view)).await;
        let named = named.map_err(|_| FactsDamaged("reading it was interrupted".into()))??;
        Ok(self.blobs.sweep(|blob| named.contains(blob), older_than).await?)
    }
}

fn named_blobs(facts: &dyn Facts) -> Result<HashSet<BlobId>, FactsDamaged> {
    let mut named = HashSet::new();
    for_each(facts, &FactList::Documents, |document| {
        let Fact::Slug(slug) = document else { return Err(misplaced()) };
        for_each(facts, &FactList::Versions(slug), |version| {
            let Fact::Version(version) = version else { return Err(misplaced()) };
            let blob = version.content.blob.parse().map_err(|_| FactsDamaged("a version names no blob".into()))?;
            named.insert(blob);
            Ok(())
        })
    })?;
    Ok(named)
}

fn for_each(
    facts: &dyn Facts,
    list: &FactList,
    mut visit: impl FnMut(Fact) -> Result<(), FactsDamaged>,
) -> Result<(), FactsDamaged> {
    let mut after = None;
    loop {
        let portion = facts.list(list, after, PORTION)?;
        let Some((last, _)) = portion.last() else { return Ok(()) };
        after = Some(*last);
        for (_, fact) in portion {
            visit(fact)?;
        }
    }
}

/// How many members of a list are looked up at once.
const PORTION: usize = 500;

fn misplaced() -> FactsDamaged {
    FactsDamaged("another fact where a document or version belongs".into())
}
