//! A local store whose disk is full after so many bytes, or which fails at one step.

use std::fmt;
use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use futures_util::FutureExt;
use futures_util::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMultipartOptions,
    PutOptions, PutPayload, PutResult, Result, UploadPart,
};

use super::*;

/// The room that is left, in bytes, and the errors when there is none.
#[derive(Clone, Debug)]
pub(super) struct Disk {
    room: Arc<AtomicI64>,
    errno: i32,
}

impl Disk {
    pub(super) fn new(room: i64, errno: i32) -> Self {
        Self { room: Arc::new(AtomicI64::new(room)), errno }
    }

    pub(super) fn set_room(&self, room: i64) {
        self.room.store(room, Ordering::SeqCst);
    }

    fn take(&self, bytes: usize) -> Result<()> {
        if self.room.fetch_sub(bytes as i64, Ordering::SeqCst) >= bytes as i64 {
            return Ok(());
        }
        let source = Box::new(io::Error::from_raw_os_error(self.errno));
        Err(object_store::Error::Generic { store: "Failing", source })
    }
}

/// A local store on such a disk.
#[derive(Debug)]
pub(super) struct FailingStore {
    pub(super) inner: LocalFileSystem,
    pub(super) disk: Disk,
    /// Whether a put that finds no room has stored its object all the same, as when only the last sync fails.
    pub(super) stores_all_the_same: bool,
}

impl fmt::Display for FailingStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FailingStore")
    }
}

#[async_trait]
impl ObjectStore for FailingStore {
    async fn put_opts(&self, location: &Path, payload: PutPayload, opts: PutOptions) -> Result<PutResult> {
        let room = self.disk.take(payload.content_length());
        if self.stores_all_the_same {
            let stored = self.inner.put_opts(location, payload, opts).await;
            return room.and(stored);
        }
        room?;
        self.inner.put_opts(location, payload, opts).await
    }

    async fn put_multipart_opts(&self, to: &Path, opts: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        let inner = self.inner.put_multipart_opts(to, opts).await?;
        Ok(Box::new(FailingUpload { inner, disk: self.disk.clone() }))
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.inner.get_opts(location, options).await
    }

    async fn get_ranges(&self, location: &Path, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        self.inner.get_ranges(location, ranges).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}

#[derive(Debug)]
struct FailingUpload {
    inner: Box<dyn MultipartUpload>,
    disk: Disk,
}

#[async_trait]
impl MultipartUpload for FailingUpload {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        match self.disk.take(data.content_length()) {
            Ok(()) => self.inner.put_part(data),
            Err(error) => futures_util::future::ready(Err(error)).boxed(),
        }
    }

    async fn complete(&mut self) -> Result<PutResult> {
        self.inner.complete().await
    }

    async fn abort(&mut self) -> Result<()> {
        self.inner.abort().await
    }
}
