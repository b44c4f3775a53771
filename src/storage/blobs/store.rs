//! The store of blobs: where they lie and under which keys.

use std::fmt;
use std::fs::{DirBuilder, File, Permissions};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{Error as StoreError, GetOptions, ObjectStore, ObjectStoreExt};

use super::data_key::{KEY_OBJECT_LEN, Wrapping};
use super::error::{BlobError, Damage};
use super::id::BlobId;
use super::name::{ObjectName, shard};
use crate::storage::seal::keys::{KeyEpoch, KeyLevel, RootKey};
use crate::storage::seal::secret::SecretKey;
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
    /// Where the local store keeps its files under way, which the object store does not list.
    pub(super) directory: Option<PathBuf>,
    pub(super) root: RootKey,
    pub(super) epoch: KeyEpoch,
    /// Length of the parts of an upload in bytes, a multiple of a segment's.
    pub(super) part_len: usize,
}

impl BlobStore {
    /// A store on the local file system, in `directory`, which is made if it is missing; its mode becomes 0700. New
    /// keys are wrapped in `epoch`, which must be the newest in use. Blocks: call it at the start.
    pub fn local(directory: &FilePath, root: RootKey, epoch: KeyEpoch) -> Result<Self, BlobError> {
        let failed = |source| BlobError::Directory { path: directory.to_owned(), source };
        make_directories(directory).map_err(failed)?;
        let objects = Arc::new(LocalFileSystem::new_with_prefix(directory)?.with_fsync(true));
        let directory = Some(directory.canonicalize().map_err(failed)?);
        Ok(Self { inner: Arc::new(Inner { objects, directory, root, epoch, part_len: LOCAL_PART_LEN }) })
    }

    /// A store on the local file system that is there already, to be read: nothing is made.
    pub fn existing(directory: &FilePath, root: RootKey, epoch: KeyEpoch) -> Result<Self, BlobError> {
        let failed = |source| BlobError::Directory { path: directory.to_owned(), source };
        let whole = directory.canonicalize().map_err(failed)?;
        let objects = Arc::new(LocalFileSystem::new_with_prefix(directory)?);
        Ok(Self { inner: Arc::new(Inner { objects, directory: Some(whole), root, epoch, part_len: LOCAL_PART_LEN }) })
    }

    /// A store on any object store that keeps the contract above. New keys are wrapped in `epoch`, which must be the
    /// newest in use.
    pub fn new(objects: Arc<dyn ObjectStore>, root: RootKey, epoch: KeyEpoch) -> Self {
        Self { inner: Arc::new(Inner { objects, directory: None, root, epoch, part_len: REMOTE_PART_LEN }) }
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
        let Inner { objects, directory, .. } = &*self.inner;
        if let Some(directory) = directory {
            return local_start(directory.join(path.as_ref()), limit).await.map_err(BlobError::from);
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
        let Inner { directory, epoch, .. } = &*self.inner;
        f.debug_struct("BlobStore").field("directory", directory).field("epoch", epoch).finish_non_exhaustive()
    }
}

/// The first `limit` bytes of a file of the local store and its whole length, in one visit to the threads that may
/// block. The object store itself takes one for the metadata and one for the bytes, which is most of what a small read
/// costs.
async fn local_start(file: PathBuf, limit: u64) -> Result<Option<(Bytes, u64)>, StoreError> {
    let read = move || match File::open(file) {
        Ok(file) => {
            let length = file.metadata()?.len();
            let mut start = Vec::with_capacity(usize::try_from(limit.min(length)).unwrap_or_default());
            file.take(limit.min(length)).read_to_end(&mut start)?;
            Ok(Some((Bytes::from(start), length)))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    };
    let read = tokio::task::spawn_blocking(read).await.map_err(io::Error::from).flatten();
    read.map_err(|error| StoreError::Generic { store: "LocalFileSystem", source: Box::new(error) })
}

/// Makes the store's directory and all of its shards, private and durable.
///
/// A shard made when it is first needed would be durable only after the directory was synced by whoever made it, while
/// another upload already relies on it.
fn make_directories(directory: &FilePath) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.mode(0o700);
    if !directory.try_exists()? {
        builder.create(directory)?;
    }
    // Even if it was there: the start that made it may have crashed before this.
    let parent = directory.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(parent.unwrap_or(FilePath::new(".")))?.sync_all()?;
    std::fs::set_permissions(directory, Permissions::from_mode(0o700))?;
    for first in 0..=u8::MAX {
        match builder.create(directory.join(shard(first))) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
    }
    File::open(directory)?.sync_all()
}

const LOCAL_PART_LEN: usize = 32 * SEGMENT_LEN;

/// S3 takes no part under 5 MiB but the last.
const REMOTE_PART_LEN: usize = 80 * SEGMENT_LEN;
