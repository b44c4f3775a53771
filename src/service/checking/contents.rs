//! The contents: every version's blob and key objects, by the facts that the journal makes.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{Progress, Report};
use crate::pure::domain::facts::{Fact, FactList, Facts, FactsDamaged};
use crate::pure::domain::id::Handle;
use crate::pure::domain::version::Version;
use crate::service::reading::{blob_of, key_level};
use crate::service::startup::BLOB_FOLDER;
use crate::storage::blobs::{BlobError, BlobStore, Inventory};
use crate::storage::disk::Disk;
use crate::storage::seal::keys::{KeyEpoch, RootKey};
use crate::storage::view::View;

/// Verifies the content of every version among `facts` in the disk's store.
pub(super) async fn check(
    disk: Arc<dyn Disk>,
    root: RootKey,
    epoch: KeyEpoch,
    facts: &View,
    report: &mut Report,
    progress: &mut (dyn FnMut(Progress) + Send),
) {
    match examine_all(disk, root, epoch, facts, report, progress).await {
        Ok(()) => {}
        Err(stopped @ Stopped::Store(BlobError::Directory { .. })) => {
            report.find(format!("{stopped}; restore it from a backup"));
        }
        Err(stopped) => report.find(stopped.to_string()),
    }
}

async fn examine_all(
    disk: Arc<dyn Disk>,
    root: RootKey,
    epoch: KeyEpoch,
    facts: &View,
    report: &mut Report,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<(), Stopped> {
    let store = BlobStore::existing(disk, BLOB_FOLDER, root, epoch)?;
    let mut total = 0;
    let mut versions = Versions::among(facts);
    while versions.next()?.is_some() {
        total += 1;
    }
    let mut named = Inventory::default();
    let mut versions = Versions::among(facts);
    while let Some(version) = versions.next()? {
        let blob = blob_of(&version)?;
        let examined = store.examine(blob, &version.content.digest.0).await;
        named.keys += examined.keys;
        named.blobs += u64::from(!examined.faults.iter().any(|fault| matches!(fault, BlobError::Missing { .. })));
        let level = key_level(version.level());
        if examined.faults.is_empty() && !examined.levels.contains(&level) {
            report.find(format!(
                "blob {blob} has no key object for level {level}, which its version has now; the next read adds it from \
                 another level's"
            ));
        }
        for fault in examined.faults {
            report.find(fault.to_string());
        }
        report.versions += 1;
        report.keys += examined.keys;
        report.content_bytes += examined.bytes;
        progress(Progress::Versions { done: report.versions, total });
    }
    let held = store.inventory().await?;
    let orphans = (held.blobs + held.keys).saturating_sub(named.blobs + named.keys);
    if orphans > 0 {
        report.note(format!(
            "{orphans} objects among the documents belong to no version, as an upload that was cut off leaves them: the \
             server removes them when they are a day old."
        ));
    }
    if held.foreign > 0 {
        report.note(format!(
            "{} files among the documents are nothing of Strongroom's, and were not read.",
            held.foreign
        ));
    }
    Ok(())
}

/// Why not every version could be examined.
#[derive(Debug, thiserror::Error)]
enum Stopped {
    #[error("{0}")]
    Store(#[from] BlobError),
    #[error(transparent)]
    Facts(#[from] FactsDamaged),
}

/// Every version of every document, a portion at a time.
struct Versions<'f> {
    facts: &'f View,
    documents: VecDeque<(u64, Handle)>,
    last_document: Option<u64>,
    versions: VecDeque<Arc<Version>>,
    last_version: Option<u64>,
}

impl<'f> Versions<'f> {
    fn among(facts: &'f View) -> Self {
        let (documents, versions) = (VecDeque::new(), VecDeque::new());
        Self { facts, documents, last_document: None, versions, last_version: None }
    }

    fn next(&mut self) -> Result<Option<Arc<Version>>, FactsDamaged> {
        loop {
            if let Some(version) = self.versions.pop_front() {
                return Ok(Some(version));
            }
            let Some((index, document)) = self.documents.front() else {
                for (index, fact) in self.facts.list(&FactList::Documents, self.last_document, PORTION)? {
                    let Fact::Slug(document) = fact else { return Err(misplaced()) };
                    self.documents.push_back((index, document));
                }
                if self.documents.is_empty() {
                    return Ok(None);
                }
                continue;
            };
            self.last_document = Some(*index);
            let listed = self.facts.list(&FactList::Versions(document.clone()), self.last_version, PORTION)?;
            self.last_version = listed.last().map(|(index, _)| *index);
            if listed.is_empty() {
                self.documents.pop_front();
            }
            for (_, fact) in listed {
                let Fact::Version(version) = fact else { return Err(misplaced()) };
                self.versions.push_back(version);
            }
        }
    }
}

/// How many members of a list are looked up at once.
const PORTION: usize = 200;

fn misplaced() -> FactsDamaged {
    FactsDamaged("another fact where a document or version belongs".into())
}
