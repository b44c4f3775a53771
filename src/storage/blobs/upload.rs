//! Bringing the sealed bytes of one blob into the store, part by part.

use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStoreExt};
use tokio::task::JoinSet;

use super::error::BlobError;
use super::id::BlobId;
use super::name::ObjectName;
use super::store::BlobStore;
use crate::storage::seal::keys::KeyLevel;
use crate::storage::seal::secret::SecretKey;

/// How many parts of one upload may be on their way at the same time.
pub(super) const PARTS_IN_FLIGHT: usize = 2;

/// The sealed bytes of a blob on their way. Until the first part is full nothing is stored.
pub(super) struct Upload {
    store: BlobStore,
    id: BlobId,
    level: KeyLevel,
    data_key: SecretKey,
    /// The part being filled.
    pub(super) part: Vec<u8>,
    parts: Option<Box<dyn MultipartUpload>>,
    in_flight: JoinSet<object_store::Result<()>>,
}

impl Upload {
    pub(super) fn new(store: BlobStore, id: BlobId, level: KeyLevel, data_key: SecretKey) -> Self {
        Self { store, id, level, data_key, part: Vec::new(), parts: None, in_flight: JoinSet::new() }
    }

    /// Sends the part if it is full; waits while [`PARTS_IN_FLIGHT`] are on their way.
    pub(super) async fn send_if_full(&mut self) -> Result<(), BlobError> {
        if self.part.len() < self.store.inner.part_len { Ok(()) } else { self.send().await }
    }

    /// Stores what is left, then the key object; both are durable when it returns.
    pub(super) async fn complete(&mut self) -> Result<(), BlobError> {
        if self.parts.is_some() {
            self.send().await?;
            self.wait_for_room(1).await?;
            if let Some(parts) = &mut self.parts {
                parts.complete().await?;
            }
            self.parts = None;
        } else {
            let whole = std::mem::take(&mut self.part);
            self.store.inner.objects.put(&self.path(), whole.into()).await?;
        }
        // A crash here leaves a blob without a key: an orphan that nobody can open.
        self.store.put_key(self.id, self.level, &self.data_key).await
    }

    /// Removes all of the blob that may be stored. Errors are passed over: the sweep finds what is left.
    pub(super) async fn discard(&mut self) {
        self.in_flight.shutdown().await;
        if let Some(mut parts) = self.parts.take() {
            let _ = parts.abort().await;
        }
        self.store.discard(self.id, self.level).await;
    }

    async fn send(&mut self) -> Result<(), BlobError> {
        self.wait_for_room(PARTS_IN_FLIGHT).await?;
        let path = self.path();
        let upload = match &mut self.parts {
            Some(parts) => parts,
            None => self.parts.insert(self.store.inner.objects.put_multipart(&path).await?),
        };
        let next = Vec::with_capacity(self.store.inner.part_len);
        let part = std::mem::replace(&mut self.part, next);
        self.in_flight.spawn(upload.put_part(part.into()));
        Ok(())
    }

    /// Waits until fewer than `parts` parts are on their way.
    async fn wait_for_room(&mut self, parts: usize) -> Result<(), BlobError> {
        while self.in_flight.len() >= parts {
            if let Some(sent) = self.in_flight.join_next().await {
                sent.map_err(object_store::Error::from)??;
            }
        }
        Ok(())
    }

    fn path(&self) -> Path {
        ObjectName::Blob(self.id).path()
    }
}
