//! The store of blobs: where they lie and under which keys.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use object_store::path::Path;
use object_store::{Error as StoreError, GetOptions, ObjectStore, ObjectStoreExt};

use super::data_key::{KEY_OBJECT_LEN, Wrapping};
use super::error::{BlobError, Damage};
use super::id::BlobId;
use super::local::LocalStore;
use super::name::ObjectName;
use crate::storage::disk::Disk;
use crate::storage::seal::keys::{KeyEpoch, KeyLevel, RootKey};
use crate::storage::seal::secret::{RandomUnavailable, SecretKey};
use crate::storage::seal::stream::SEGMENT_LEN;

/// Sealed blobs in one object store. A clone is the same store; all methods may run at the same time, on a tokio
/// runtime.
///
/// The contract on which the rest stands, and which any object store given to [`BlobStore::new`] must keep: a put or a
/// completed upload is durable when it returns; an object is there as a whole or not at all; what was put is read from
/// then on.
///
/// The caller's side of it: a blob is named in an event only after [`super::BlobWriter::finish`] has returned for it,
/// and what reads content ([`BlobStore::open`], [`BlobStore::verify`]) is called by the service alone; it releases
/// content only with a read permit, made after the entry that permits the read became durable.
#[derive(Clone)]
pub struct BlobStore {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) objects: Arc<dyn ObjectStore>,
    /// The same store, if it is the local one: what it can do beyond any object store.
    pub(super) local: Option<LocalStore>,
    pub(super) root: RootKey,
    pub(super) epoch: KeyEpoch,
    /// Length of the parts of an upload in bytes, a multiple of a segment's.
    pub(super) part_len: usize,
    /// Where the ids of new blobs come from.
    pub(super) new_id: NewId,
}

/// A source of ids that never gives one twice.
pub type NewId = Arc<dyn Fn() -> Result<BlobId, RandomUnavailable> + Send + Sync>;

impl BlobStore {
    /// A store in `directory` of the disk, which is made if it is missing; its mode becomes 0700. New keys are wrapped in
    /// `epoch`, which must be the newest in use. Blocks: call it at the start.
    pub fn local(disk: Arc<dyn Disk>, directory: &str, root: RootKey, epoch: KeyEpoch) -> Result<Self, BlobError> {
        let failed = |source| BlobError::Directory { path: directory.into(), source };
        Ok(Self::on_local(LocalStore::open(disk, directory).map_err(failed)?, root, epoch))
    }

    /// A store in a directory of the disk that is there already, to be read: nothing is made.
    pub fn existing(disk: Arc<dyn Disk>, directory: &str, root: RootKey, epoch: KeyEpoch) -> Result<Self, BlobError> {
        let failed = |source| BlobError::Directory { path: directory.into(), source };
        disk.list(directory).map_err(failed)?;
        Ok(Self::on_local(LocalStore::existing(disk, directory), root, epoch))
    }

    /// A store on any object store that keeps the contract above. New keys are wrapped in `epoch`, which must be the
    /// newest in use.
    pub fn new(objects: Arc<dyn ObjectStore>, root: RootKey, epoch: KeyEpoch) -> Self {
        Self::from_inner(objects, None, root, epoch, REMOTE_PART_LEN)
    }

    /// The same store, whose ids come from `new_id`: for simulations, which have to be repeated exactly. Anything else
    /// wants the system's random source.
    pub fn with_ids(self, new_id: NewId) -> Self {
        let Inner { objects, local, root, epoch, part_len, .. } = &*self.inner;
        let (objects, local) = (objects.clone(), local.clone());
        Self {
            inner: Arc::new(Inner { objects, local, root: root.clone(), epoch: *epoch, part_len: *part_len, new_id }),
        }
    }

    fn on_local(local: LocalStore, root: RootKey, epoch: KeyEpoch) -> Self {
        Self::from_inner(Arc::new(local.clone()), Some(local), root, epoch, LOCAL_PART_LEN)
    }

    fn from_inner(
        objects: Arc<dyn ObjectStore>,
        local: Option<LocalStore>,
        root: RootKey,
        epoch: KeyEpoch,
        part_len: usize,
    ) -> Self {
        let new_id: NewId = Arc::new(BlobId::generate);
        Self { inner: Arc::new(Inner { objects, local, root, epoch, part_len, new_id }) }
    }

    /// Lets `to` open what `from` can: adds a key object for level `to` in the present epoch and rewrites no blob.
    ///
    /// Durable when it returns, and harmless to repeat; call it before the event that changes the level. A crash
    /// between the two leaves a key object that nobody uses. With `from` equal to `to` it brings the key into the
    /// present epoch.
    pub async fn add_level(&self, id: BlobId, from: KeyLevel, to: KeyLevel) -> Result<(), BlobError> {
        let data_key = self.data_key(id, from).await?;
        self.put_key(id, to, &data_key).await
    }

    /// The data key of a blob, by its newest key object of this level.
    pub(super) async fn data_key(&self, id: BlobId, level: KeyLevel) -> Result<SecretKey, BlobError> {
        let Inner { root, epoch: present, .. } = &*self.inner;
        // Epochs are few, and nearly all keys are of the present one.
        for epoch in (KeyEpoch::FIRST.0..=present.0).rev().map(KeyEpoch) {
            let path = ObjectName::Key(id, level, epoch).path();
            if let Some((object, length)) = self.get_start(&path, KEY_OBJECT_LEN as u64).await? {
                return Some(object)
                    .filter(|_| length == KEY_OBJECT_LEN as u64)
                    .and_then(|object| Wrapping { root, blob: id, level, epoch }.open(&object))
                    .ok_or(BlobError::Damaged { id, what: Damage::Key });
            }
        }
        Err(BlobError::KeyMissing { id, level, epoch: *present })
    }

    /// Stores the data key for a level in the present epoch; durable when it returns.
    pub(super) async fn put_key(&self, id: BlobId, level: KeyLevel, data_key: &SecretKey) -> Result<(), BlobError> {
        let Inner { root, epoch, objects, .. } = &*self.inner;
        let object = Wrapping { root, blob: id, level, epoch: *epoch }.seal(data_key)?;
        // What it may overwrite holds the same key, perhaps not durably.
        objects.put(&ObjectName::Key(id, level, *epoch).path(), object.into()).await?;
        Ok(())
    }

    /// The first `limit` bytes of an object, or all if it has fewer, and its whole length; `None` if it is not there.
    pub(super) async fn get_start(&self, path: &Path, limit: u64) -> Result<Option<(Bytes, u64)>, BlobError> {
        let Inner { objects, local, .. } = &*self.inner;
        // The local one needs one visit for what costs two by way of the object store, and a small read costs little more.
        if let Some(local) = local {
            return Ok(local.start(path, limit).await?);
        }
        match objects.get_opts(path, GetOptions::new().with_range(Some(0..limit))).await {
            Ok(result) => {
                let length = result.meta.size;
                Ok(Some((result.bytes().await?, length)))
            }
            Err(StoreError::NotFound { .. }) => Ok(None),
            // No range of an empty object can be had.
            Err(error) => match objects.head(path).await {
                Ok(meta) if meta.size == 0 => Ok(Some((Bytes::new(), 0))),
                _ => Err(error.into()),
            },
        }
    }
}

impl fmt::Debug for BlobStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The object store is left out: others' may print credentials.
        let Inner { local, epoch, .. } = &*self.inner;
        f.debug_struct("BlobStore").field("local", local).field("epoch", epoch).finish_non_exhaustive()
    }
}

const LOCAL_PART_LEN: usize = 32 * SEGMENT_LEN;

/// S3 takes no part under 5 MiB but the last.
const REMOTE_PART_LEN: usize = 80 * SEGMENT_LEN;
