//! Storing a blob while its bytes come in.

use std::fmt;

use bytes::Bytes;
use ring::digest::{Context, SHA256};

use super::error::{BlobError, Damage};
use super::id::BlobId;
use super::store::BlobStore;
use super::upload::Upload;
use crate::pure::tlog::hash::HASH_LEN;
use crate::storage::seal::keys::KeyLevel;
use crate::storage::seal::secret::SecretKey;
use crate::storage::seal::stream::{StreamError, StreamSealer};

/// A blob under way. Nothing of it can be read before [`BlobWriter::finish`] has returned.
///
/// It holds at most two parts on their way and one being filled (2 MiB each on the local file system, 5 MiB elsewhere),
/// whatever the size of the document. Dropping it leaves at worst an orphan for the sweep.
pub struct BlobWriter {
    id: BlobId,
    limit: u64,
    size: u64,
    digest: Context,
    sealer: StreamSealer,
    upload: Upload,
    /// False from the start of a write to its end, so that one that failed or was dropped half-way shows.
    whole: bool,
}

/// A blob that is durable, and what its plaintext was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredBlob {
    /// Its name.
    pub id: BlobId,
    /// SHA-256 of the plaintext.
    pub digest: [u8; HASH_LEN],
    /// Length of the plaintext in bytes.
    pub size: u64,
}

impl BlobStore {
    /// Begins a blob with a fresh id and data key, to be read at `level`, of at most `limit` bytes. Nothing is stored
    /// yet.
    pub fn begin(&self, level: KeyLevel, limit: u64) -> Result<BlobWriter, BlobError> {
        let id = (self.inner.new_id)()?;
        let data_key = SecretKey::generate()?;
        let sealer = StreamSealer::new(&data_key, id.to_string().as_bytes())?;
        let upload = Upload::new(self.clone(), id, level, data_key);
        Ok(BlobWriter { id, limit, size: 0, digest: Context::new(&SHA256), sealer, upload, whole: true })
    }
}

impl BlobWriter {
    /// The id that the blob will have.
    pub fn id(&self) -> BlobId {
        self.id
    }

    /// How many bytes were written so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// SHA-256 of the bytes written so far.
    pub fn digest(&self) -> [u8; HASH_LEN] {
        to_array(self.digest.clone())
    }

    /// Takes the next bytes; waits while two parts are on their way. After an error all that was stored has been
    /// removed, as far as the store lets us, and every further call is refused.
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), BlobError> {
        if !self.whole {
            return Err(BlobError::Interrupted);
        }
        self.whole = false;
        let written = self.take(&bytes).await;
        match written {
            Ok(()) => self.whole = true,
            Err(_) => self.upload.discard().await,
        }
        written
    }

    /// Ends the blob. When this returns, its bytes and its key object are durable, and an event may name it. After an
    /// error all that was stored has been removed, as far as the store lets us.
    pub async fn finish(self) -> Result<StoredBlob, BlobError> {
        let Self { id, size, digest, sealer, mut upload, whole, limit } = self;
        let completed = match sealer.finish(&mut upload.part) {
            Ok(()) if whole => upload.complete().await,
            Ok(()) => Err(BlobError::Interrupted),
            Err(error) => Err(cannot_seal(id, limit, error)),
        };
        if let Err(error) = completed {
            upload.discard().await;
            return Err(error);
        }
        Ok(StoredBlob { id, digest: to_array(digest), size })
    }

    /// Gives the blob up and removes what was stored of it, as far as the store lets us; the sweep finds the rest.
    pub async fn abort(mut self) {
        self.upload.discard().await;
    }

    async fn take(&mut self, bytes: &Bytes) -> Result<(), BlobError> {
        let size = self.size.saturating_add(bytes.len() as u64);
        if size > self.limit {
            return Err(BlobError::TooLarge { limit: self.limit });
        }
        self.size = size;
        // Steps that complete at most one segment each, so that a part is sent as soon as it is full.
        for step in bytes.chunks(STEP_LEN) {
            self.digest.update(step);
            self.sealer.push(step, &mut self.upload.part).map_err(|error| cannot_seal(self.id, self.limit, error))?;
            self.upload.send_if_full().await?;
        }
        Ok(())
    }
}

fn to_array(digest: Context) -> [u8; HASH_LEN] {
    let mut array = [0; HASH_LEN];
    array.copy_from_slice(digest.finish().as_ref());
    array
}

fn cannot_seal(id: BlobId, limit: u64, error: StreamError) -> BlobError {
    match error {
        StreamError::TooLong => BlobError::TooLarge { limit },
        error => BlobError::Damaged { id, what: Damage::Stream(error) },
    }
}

impl fmt::Debug for BlobWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlobWriter").field("id", &self.id).field("size", &self.size).finish_non_exhaustive()
    }
}

const STEP_LEN: usize = 32 * 1024;
