//! The bytes of documents: sealed, in an object store, never changed.
//!
//! Layout of the store:
//! ```text
//! ab/ab12…                     a blob: one sealed stream (storage/seal/stream), its id as associated data
//! ab/ab12….key.amber.1         its data key, wrapped under the key-encryption key of a level and an epoch
//! ab/ab12…#1                   local store only: a file under way; the store renames it when it is complete
//! ```
//!
//! Invariants:
//! - **Blob before event.** [`BlobWriter::finish`] returns when blob and key object are durable; only then may an event
//!   name the blob. A crash between the two leaves an orphan, which [`BlobStore::sweep`] removes; no crash leaves an
//!   event without its bytes.
//! - **Nothing unauthenticated leaves.** A byte is released only after its whole segment was authenticated, and after
//!   the last segment has confirmed the length of the blob.
//! - **Constant memory**, whatever the size of a document: [`BlobWriter`] and [`OpenBlob`] say how much.
//! - **A blob is written once.** Reclassification and rotation add a key object and rewrite no blob.
//!
//! Not here: who may read (the service asks only with a permit in its hand), what a blob is called, its media type, and
//! which blobs are in use: the sweep is told.

mod data_key;
mod error;
mod examine;
mod id;
mod local;
mod local_upload;
mod name;
mod read;
mod store;
mod sweep;
mod upload;
mod write;

pub use error::{BlobError, Damage};
pub use examine::{ExaminedBlob, Inventory};
pub use id::{BlobId, NotABlobId};
pub use read::OpenBlob;
pub use store::{BlobStore, NewId};
pub use sweep::SweepReport;
pub use write::{BlobWriter, StoredBlob};

#[cfg(test)]
mod tests;
