//! Removing what no entry refers to: the remains of uploads that were cut off.

use futures_util::TryStreamExt;
use jiff::Timestamp;
use object_store::{Error as StoreError, ObjectStoreExt};

use super::error::BlobError;
use super::id::BlobId;
use super::local::failed;
use super::name::ObjectName;
use super::store::BlobStore;
use super::write::StoredBlob;
use crate::storage::seal::keys::KeyLevel;

/// What a sweep found and did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SweepReport {
    /// Objects that were looked at.
    pub examined: u64,
    /// Blobs removed.
    pub blobs: u64,
    /// Key objects removed.
    pub keys: u64,
    /// Files of unfinished uploads removed.
    pub unfinished: u64,
    /// Objects without an entry that are too young to be removed: uploads under way, perhaps.
    pub young: u64,
    /// Objects with names that are not ours; they are left alone.
    pub foreign: u64,
}

impl BlobStore {
    /// Removes the blobs, key objects and unfinished uploads whose blob is not `referenced` and which were last written
    /// before `older_than`.
    ///
    /// Between a blob's last byte and the event that names it, it has no entry: `older_than` must lie so far back that
    /// no upload can still be on its way from the one to the other; a day is ample. A crash half-way leaves the rest to
    /// the next sweep.
    pub async fn sweep(
        &self,
        referenced: impl Fn(&BlobId) -> bool + Send,
        older_than: Timestamp,
    ) -> Result<SweepReport, BlobError> {
        let mut report = SweepReport::default();
        let objects = &self.inner.objects;
        let mut listed = objects.list(None);
        while let Some(object) = listed.try_next().await? {
            report.examined += 1;
            let Some(name) = ObjectName::parse(&object.location) else {
                report.foreign += 1;
                continue;
            };
            if referenced(&name.blob()) {
                continue;
            }
            if object.last_modified.timestamp_millis() >= older_than.as_millisecond() {
                report.young += 1;
                continue;
            }
            match objects.delete(&object.location).await {
                Err(StoreError::NotFound { .. }) => continue,
                deleted => deleted?,
            }
            match name {
                ObjectName::Blob(_) => report.blobs += 1,
                ObjectName::Key(..) => report.keys += 1,
            }
        }
        report.unfinished = self.remove_unfinished(older_than).await?;
        Ok(report)
    }

    /// Removes a blob that no event names and none ever will: the caller knows that its entry was refused. Errors are
    /// passed over, for the sweep comes after.
    pub async fn give_up(&self, blob: StoredBlob, level: KeyLevel) {
        self.discard(blob.id, level).await;
    }

    /// Removes whatever may be stored of a blob that was given up; errors are passed over, for the sweep comes after.
    pub(super) async fn discard(&self, id: BlobId, level: KeyLevel) {
        for name in [ObjectName::Key(id, level, self.inner.epoch), ObjectName::Blob(id)] {
            let _ = self.inner.objects.delete(&name.path()).await;
        }
    }

    /// Object stores do not list uploads under way. The local one finds its own; what others keep of them, their
    /// life-cycle rules remove.
    async fn remove_unfinished(&self, older_than: Timestamp) -> Result<u64, BlobError> {
        match &self.inner.local {
            Some(local) => local.remove_unfinished(older_than).await.map_err(|error| failed(error).into()),
            None => Ok(0),
        }
    }
}
