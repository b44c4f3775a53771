//! An object of the local store on its way, part by part.

use std::fmt;
use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::FutureExt;
use object_store::{MultipartUpload, PutPayload, PutResult, Result, UploadPart};

use super::local::{failed, put_result, visit};
use crate::storage::disk::{Disk, DiskFile};

/// A file under way, which takes its name when it is complete. Dropping it before removes the file.
pub(super) struct LocalUpload {
    disk: Arc<dyn Disk>,
    file: Arc<dyn DiskFile>,
    target: String,
    /// The name of the file; `None` once it has another, or is gone.
    staging: Option<String>,
    /// Where the next part goes.
    offset: u64,
}

impl LocalUpload {
    pub(super) fn new(disk: Arc<dyn Disk>, file: Arc<dyn DiskFile>, staging: String, target: String) -> Self {
        Self { disk, file, target, staging: Some(staging), offset: 0 }
    }
}

#[async_trait]
impl MultipartUpload for LocalUpload {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        let (disk, file) = (self.disk.clone(), self.file.clone());
        let mut offset = self.offset;
        self.offset += data.content_length() as u64;
        let write = async move {
            let write = move |_: &dyn Disk| {
                for bytes in &data {
                    file.write_at(bytes, offset)?;
                    offset += bytes.len() as u64;
                }
                Ok(())
            };
            visit(&disk, write).await.map_err(failed)
        };
        write.boxed()
    }

    /// Durable when it returns. After an error the object is there as a whole or not at all.
    async fn complete(&mut self) -> Result<PutResult> {
        let Some(staging) = self.staging.clone() else {
            return Err(failed(io::Error::other("the upload is over")));
        };
        let (file, target) = (self.file.clone(), self.target.clone());
        let stored = visit(&self.disk, move |disk| store(disk, &*file, &staging, &target)).await;
        stored.map_err(failed)?;
        self.staging = None;
        Ok(put_result())
    }

    async fn abort(&mut self) -> Result<()> {
        let Some(staging) = self.staging.take() else { return Ok(()) };
        visit(&self.disk, move |disk| disk.remove(&staging)).await.map_err(failed)
    }
}

impl Drop for LocalUpload {
    fn drop(&mut self) {
        let Some(staging) = self.staging.take() else { return };
        let disk = self.disk.clone();
        // What cannot be removed, the sweep finds.
        let remove = move || drop(disk.remove(&staging));
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) if self.disk.may_block() => drop(runtime.spawn_blocking(remove)),
            _ => remove(),
        }
    }
}

impl fmt::Debug for LocalUpload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalUpload").field("target", &self.target).finish_non_exhaustive()
    }
}

/// Makes a file for what becomes `target`, under a name that nothing else has.
pub(super) fn unique(
    disk: &dyn Disk,
    target: &str,
    number: impl Fn() -> u64,
) -> io::Result<(String, Box<dyn DiskFile>)> {
    loop {
        let staging = format!("{target}#{}", number());
        match disk.create(&staging) {
            // What an earlier process left.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            created => return Ok((staging, created?)),
        }
    }
}

/// Gives a file that was written its name; both are durable when it returns.
pub(super) fn store(disk: &dyn Disk, file: &dyn DiskFile, staging: &str, target: &str) -> io::Result<()> {
    file.sync_data()?;
    disk.rename(staging, target)?;
    disk.sync_directory(target.rsplit_once('/').map_or("", |(directory, _)| directory))
}
