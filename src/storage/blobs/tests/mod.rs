//! The store of blobs on real files.
//!
//! ```text
//! round_trip   what was written is read back, whole and in every range near an edge
//! damage       what was changed on the disk is refused, and nothing of it leaves
//! layout       what object_store's own local store wrote is read, and the other way round; the simulated disk holds blobs
//! cut_off      uploads that end early, disks that are full: nothing half-stored, and the sweep finds the rest
//! ```

mod cut_off;
mod damage;
mod failing;
mod layout;
mod round_trip;

use std::fs;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::TryStreamExt;
use tempfile::TempDir;

use super::*;
use crate::storage::disk::RealDisk;
use crate::storage::seal::keys::{KeyEpoch, KeyLevel, RootKey};
use crate::storage::seal::secret::SecretKey;
use crate::storage::seal::stream::{HEADER_LEN, SEGMENT_LEN, TAG_LEN};

/// Plaintext that the first segment holds, and each later one.
const FIRST: usize = SEGMENT_LEN - HEADER_LEN - TAG_LEN;
const NEXT: usize = SEGMENT_LEN - TAG_LEN;
const LIMIT: u64 = 64 * 1024 * 1024;

/// A store in a folder of its own.
struct Given {
    folder: TempDir,
    store: BlobStore,
}

fn given() -> Given {
    let folder = tempfile::tempdir().unwrap();
    let store = local(&folder.path().join("blobs"), root(), KeyEpoch::FIRST).unwrap();
    Given { folder, store }
}

/// The store in that folder of the real disk.
fn local(folder: &Path, root: RootKey, epoch: KeyEpoch) -> Result<BlobStore, BlobError> {
    let disk = Arc::new(RealDisk::unlocked(folder.parent().unwrap()));
    BlobStore::local(disk, folder.file_name().unwrap().to_str().unwrap(), root, epoch)
}

impl Given {
    fn directory(&self) -> PathBuf {
        self.folder.path().join("blobs")
    }

    fn blob_file(&self, id: BlobId) -> PathBuf {
        self.directory().join(&id.to_string()[..2]).join(id.to_string())
    }

    fn key_file(&self, id: BlobId, level: &str) -> PathBuf {
        self.blob_file(id).with_file_name(format!("{id}.key.{level}.1"))
    }

    fn files(&self) -> Vec<String> {
        files(&self.directory())
    }
}

fn root() -> RootKey {
    RootKey::new(SecretKey::from_bytes([7; 32]))
}

fn run<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Byte `i` is `(31 i + 7) mod 251`, so that no segment repeats another.
fn pattern(length: usize) -> Vec<u8> {
    let period: Vec<_> = (0..251).map(|i| ((31 * i + 7) % 251) as u8).collect();
    let mut bytes = period.repeat(length / 251 + 1);
    bytes.truncate(length);
    bytes
}

async fn store(store: &BlobStore, level: KeyLevel, content: &[u8], chunk: usize) -> Result<StoredBlob, BlobError> {
    let mut writer = store.begin(level, LIMIT)?;
    for piece in content.chunks(chunk) {
        writer.write(Bytes::copy_from_slice(piece)).await?;
    }
    writer.finish().await
}

async fn read(blob: &OpenBlob, range: std::ops::Range<u64>) -> Result<Vec<u8>, BlobError> {
    let pieces: Vec<_> = blob.read(range).try_collect().await?;
    Ok(pieces.concat())
}

/// The names of all files of a store, unfinished ones included.
fn files(directory: &Path) -> Vec<String> {
    let shards = fs::read_dir(directory).unwrap().map(|shard| shard.unwrap().path());
    let files = shards.flat_map(|shard| fs::read_dir(shard).unwrap());
    let mut names: Vec<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A store that needs no folder, as far as the type system goes: proof that futures may move between threads.
#[allow(dead_code, reason = "it only has to compile")]
fn futures_are_send(store: BlobStore, blob: OpenBlob, mut writer: BlobWriter, id: BlobId) {
    fn send<T: Send + 'static>(_: T) {}
    send(blob.read(0..1));
    send(async move {
        writer.write(Bytes::new()).await?;
        writer.finish().await?;
        store.verify(id, KeyLevel::Red, &[0; 32]).await?;
        store.add_level(id, KeyLevel::Red, KeyLevel::Green).await?;
        store.sweep(|_| true, jiff::Timestamp::UNIX_EPOCH).await
    });
}

/// An object store is shared by all of a process.
type Objects = Arc<dyn object_store::ObjectStore>;
