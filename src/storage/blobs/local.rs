//! The local object store: objects as files in one directory of the disk.
//!
//! An object is the file of its path. What is under way is a file of the same name with `#` and a number after it, which
//! is made durable, renamed and made durable under its name: a crash leaves the whole object, or none and perhaps a file
//! that the sweep finds. Layout and names are those of `object_store`'s own local store, so that either reads what the
//! other wrote.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};
use jiff::Timestamp;
use object_store::path::Path;
use object_store::{
    Attributes, CopyOptions, Error as StoreError, Extensions, GetOptions, GetRange, GetResult, GetResultPayload,
    ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMode, PutMultipartOptions, PutOptions, PutPayload,
    PutResult, Result,
};

use super::local_upload::{LocalUpload, store, unique};
use super::name::{is_staging, parse_staging, shard};
use crate::storage::disk::{Disk, Metadata};

/// Objects in a directory of a disk. Clones are the same store.
#[derive(Clone)]
pub(super) struct LocalStore {
    disk: Arc<dyn Disk>,
    directory: Arc<str>,
    /// The numbers of the files under way.
    numbers: Arc<AtomicU64>,
}

impl LocalStore {
    /// The store in `directory`, as it is.
    pub(super) fn existing(disk: Arc<dyn Disk>, directory: &str) -> Self {
        Self { disk, directory: directory.into(), numbers: Arc::default() }
    }

    /// The store in `directory`, which is made with all of its shards, private and durable, unless it is there.
    ///
    /// A shard made when it is first needed would be durable only after the directory was synced by whoever made it,
    /// while another upload already relies on it.
    pub(super) fn open(disk: Arc<dyn Disk>, directory: &str) -> io::Result<Self> {
        let shards: Vec<_> = (0..=u8::MAX).map(shard).collect();
        disk.create_directories(directory, &shards)?;
        Ok(Self::existing(disk, directory))
    }

    /// The first `limit` bytes of an object, or all if it has fewer, and its whole length, in one visit to the threads
    /// that may block; `None` if it is not there.
    pub(super) async fn start(&self, location: &Path, limit: u64) -> Result<Option<(Bytes, u64)>> {
        let file = self.file(location);
        let read = self.visit(move |disk| match disk.open(&file) {
            Ok(file) => {
                let length = file.length()?;
                Ok(Some((Bytes::from(file.read_range(0, limit.min(length))?), length)))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        });
        read.await.map_err(failed)
    }

    /// Removes the files under way that were last written before `older_than`; returns how many.
    pub(super) async fn remove_unfinished(&self, older_than: Timestamp) -> io::Result<u64> {
        let mut removed = 0;
        for shard in (0..=u8::MAX).map(shard) {
            let directory = format!("{}/{shard}", self.directory);
            removed += self.visit(move |disk| remove_unfinished_in(disk, &directory, older_than)).await?;
        }
        Ok(removed)
    }

    fn file(&self, location: &Path) -> String {
        format!("{}/{location}", self.directory)
    }

    async fn visit<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Disk) -> io::Result<T> + Send + 'static,
    ) -> io::Result<T> {
        visit(&self.disk, work).await
    }
}

/// Does work on the disk: at once if it cannot block, otherwise on the threads that may.
pub(super) async fn visit<T: Send + 'static>(
    disk: &Arc<dyn Disk>,
    work: impl FnOnce(&dyn Disk) -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    if !disk.may_block() {
        return work(&**disk);
    }
    let disk = disk.clone();
    tokio::task::spawn_blocking(move || work(&*disk)).await.map_err(io::Error::from)?
}

#[async_trait]
impl ObjectStore for LocalStore {
    /// Durable when it returns. What fails leaves the object that was there, or the new one.
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        // A blob's name is random, and a key object is only ever replaced by one of the same key.
        if options.mode != PutMode::Overwrite {
            return Err(not_implemented("a put that replaces nothing"));
        }
        let (file, numbers) = (self.file(location), self.numbers.clone());
        let put = self.visit(move |disk| {
            let (staging, open) = unique(disk, &file, || numbers.fetch_add(1, Ordering::Relaxed) + 1)?;
            let stored = payload.iter().try_fold(0, |offset, bytes| {
                open.write_at(bytes, offset)?;
                Ok(offset + bytes.len() as u64)
            });
            let stored = stored.and_then(|_| store(disk, &*open, &staging, &file));
            if stored.is_err() {
                // It may have its name already, or the disk may refuse this too: then the sweep finds it.
                let _ = disk.remove(&staging);
            }
            stored
        });
        put.await.map_err(failed)?;
        Ok(put_result())
    }

    async fn put_multipart_opts(&self, location: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        let target = self.file(location);
        // Here and now, though it may block for the making of a name: whoever waited elsewhere for a file could go before
        // anyone owned it, and it would lie there until the sweep.
        let numbers = &self.numbers;
        let made = unique(&*self.disk, &target, || numbers.fetch_add(1, Ordering::Relaxed) + 1);
        let (staging, open) = made.map_err(failed)?;
        Ok(Box::new(LocalUpload::new(self.disk.clone(), open.into(), staging, target)))
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        let (file, place) = (self.file(location), location.clone());
        let got = self.visit(move |disk| {
            let meta = object_meta(place, &disk.metadata(&file)?);
            if let Err(error) = options.check_preconditions(&meta) {
                return Ok(Err(error));
            }
            let range = options.range.as_ref().map_or(Ok(0..meta.size), |range: &GetRange| range.as_range(meta.size));
            let Ok(range) = range else { return Ok(Err(out_of_range(range))) };
            let bytes = match options.head {
                true => Vec::new(),
                false => disk.open(&file)?.read_range(range.start, range.end - range.start)?,
            };
            let payload = GetResultPayload::Stream(stream::iter([Ok(Bytes::from(bytes))]).boxed());
            let (attributes, extensions) = (Attributes::default(), Extensions::default());
            Ok(Ok(GetResult { payload, meta, range, attributes, extensions }))
        });
        got.await.map_err(|error| missing_or_failed(location, error))?
    }

    /// The ranges in one visit; what lies beyond the end is left out.
    async fn get_ranges(&self, location: &Path, ranges: &[std::ops::Range<u64>]) -> Result<Vec<Bytes>> {
        let (file, ranges) = (self.file(location), ranges.to_vec());
        let read = self.visit(move |disk| {
            let file = disk.open(&file)?;
            let read = |range: std::ops::Range<u64>| {
                file.read_range(range.start, range.end.saturating_sub(range.start)).map(Bytes::from)
            };
            ranges.into_iter().map(read).collect()
        });
        read.await.map_err(|error| missing_or_failed(location, error))
    }

    /// Not durable: an object that comes back after a crash is an orphan once more.
    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        let this = self.clone();
        let removed = locations.and_then(move |location| {
            let this = this.clone();
            async move {
                let file = this.file(&location);
                let removed = this.visit(move |disk| disk.remove(&file)).await;
                removed.map(|()| location.clone()).map_err(|error| missing_or_failed(&location, error))
            }
        });
        removed.boxed()
    }

    /// Every object below the prefix, a directory at a time; what is under way is none.
    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        let start = prefix.map_or(String::new(), ToString::to_string);
        let found = stream::try_unfold((self.clone(), vec![start]), |(this, mut left)| async move {
            let Some(next) = left.pop() else { return Ok(None) };
            let root = this.directory.clone();
            let listed = this.visit(move |disk| list_directory(disk, &root, &next)).await.map_err(failed)?;
            left.extend(listed.directories.into_iter().rev());
            Ok::<_, StoreError>(Some((stream::iter(listed.objects.into_iter().map(Ok)), (this, left))))
        });
        found.try_flatten().boxed()
    }

    async fn list_with_delimiter(&self, _: Option<&Path>) -> Result<ListResult> {
        Err(not_implemented("listing one level"))
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> Result<()> {
        Err(not_implemented("copying"))
    }
}

/// What lies in one directory, by the store's own paths.
#[derive(Default)]
struct Listed {
    objects: Vec<ObjectMeta>,
    directories: Vec<String>,
}

fn list_directory(disk: &dyn Disk, root: &str, directory: &str) -> io::Result<Listed> {
    let within = |name: &str| if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") };
    let mut listed = Listed::default();
    let whole = if directory.is_empty() { root.to_owned() } else { format!("{root}/{directory}") };
    let names = match disk.list(&whole) {
        // A directory that someone took away meanwhile; the root is not one of those.
        Err(error) if error.kind() == io::ErrorKind::NotFound && !directory.is_empty() => return Ok(listed),
        names => names?,
    };
    for name in names.iter().filter(|name| !is_staging(name)) {
        let place = within(name);
        match disk.metadata(&format!("{root}/{place}")) {
            Ok(metadata) if metadata.is_directory => listed.directories.push(place),
            Ok(metadata) => {
                // A name that no object of ours has is kept as a name of its own.
                let location = Path::parse(&place).unwrap_or_else(|_| Path::from(place.as_str()));
                listed.objects.push(object_meta(location, &metadata));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(listed)
}

/// Removes the stale files under way in one shard; returns how many.
fn remove_unfinished_in(disk: &dyn Disk, shard: &str, older_than: Timestamp) -> io::Result<u64> {
    let mut removed = 0;
    for name in disk.list(shard)?.iter().filter(|name| parse_staging(name).is_some()) {
        let file = format!("{shard}/{name}");
        // An upload may end, or another sweep come first, between any two of these steps.
        let gone = |error: io::Error| if error.kind() == io::ErrorKind::NotFound { Ok(false) } else { Err(error) };
        let is_stale = |metadata: Metadata| {
            let modified = Timestamp::try_from(metadata.modified).map_err(io::Error::other)?;
            Ok(modified < older_than)
        };
        if disk.metadata(&file).and_then(is_stale).or_else(gone)? && disk.remove(&file).map(|()| true).or_else(gone)? {
            removed += 1;
        }
    }
    Ok(removed)
}

fn object_meta(location: Path, metadata: &Metadata) -> ObjectMeta {
    let last_modified = metadata.modified.into();
    ObjectMeta { location, last_modified, size: metadata.length, e_tag: None, version: None }
}

pub(super) fn put_result() -> PutResult {
    PutResult { e_tag: None, version: None, extensions: Extensions::default() }
}

pub(super) fn failed(error: io::Error) -> StoreError {
    StoreError::Generic { store: STORE, source: Box::new(error) }
}

fn missing_or_failed(location: &Path, error: io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::NotFound => StoreError::NotFound { path: location.to_string(), source: Box::new(error) },
        _ => failed(error),
    }
}

fn out_of_range<T, E: std::error::Error + Send + Sync + 'static>(range: std::result::Result<T, E>) -> StoreError {
    match range {
        Err(error) => StoreError::Generic { store: STORE, source: Box::new(error) },
        Ok(_) => not_implemented("such a range"),
    }
}

fn not_implemented(operation: &str) -> StoreError {
    StoreError::NotImplemented { operation: operation.to_owned(), implementer: STORE.to_owned() }
}

impl fmt::Display for LocalStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(STORE)
    }
}

impl fmt::Debug for LocalStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalStore").field("directory", &self.directory).finish_non_exhaustive()
    }
}

const STORE: &str = "local store";
