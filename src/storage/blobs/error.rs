//! What can go wrong with a blob, and whose fault it is.

use std::error::Error;
use std::io::{self, ErrorKind};

use super::id::BlobId;
use crate::storage::seal::keys::{KeyEpoch, KeyLevel};
use crate::storage::seal::secret::RandomUnavailable;
use crate::storage::seal::stream::StreamError;

/// Why a blob could not be stored or read.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The store has no room: its disk or quota is full, or the file would be larger than the system allows.
    #[error("no space left for documents: {source}; free space or raise the quota, then try again")]
    NoSpace {
        /// What the store says.
        source: object_store::Error,
    },
    /// The sender sent more than the limit that the caller gave.
    #[error("the document has more than {limit} bytes; send a smaller one or raise the limit")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The caller asked for bytes beyond the end.
    #[error("the document has {size} bytes, and bytes beyond its end were asked for; ask for less")]
    OutOfRange {
        /// The size of the document in bytes.
        size: u64,
    },
    /// The caller went on after an error, or after a write that it did not let end.
    #[error("an earlier write of this document failed or was cut off; start the upload again")]
    Interrupted,
    /// What is stored is not what was sealed.
    #[error("blob {id} is damaged: {what}; restore it and its key objects from a backup")]
    Damaged {
        /// The blob.
        id: BlobId,
        /// What of it.
        what: Damage,
    },
    /// The bytes of a blob are not in the store.
    #[error("blob {id} is missing; restore it and its key objects from a backup")]
    Missing {
        /// The blob.
        id: BlobId,
    },
    /// The blob has no key for this level in any epoch up to the present one.
    #[error("blob {id} has no key for level {level} in any epoch up to {epoch}; restore its key objects from a backup")]
    KeyMissing {
        /// The blob.
        id: BlobId,
        /// The level at which it was to be opened.
        level: KeyLevel,
        /// The present epoch.
        epoch: KeyEpoch,
    },
    /// The blob has no key object at all.
    #[error("blob {id} has no key object for any level; restore its key objects from a backup")]
    NoKey {
        /// The blob.
        id: BlobId,
    },
    /// The store failed otherwise.
    #[error("the store of documents failed: {source}; see to its disk or connection, then try again")]
    Io {
        /// What the store says.
        source: object_store::Error,
    },
    /// The directory of the local store cannot be made ready.
    #[error("cannot use {path} in the data directory for documents: {source}; it must be a directory that we own")]
    Directory {
        /// The directory.
        path: std::path::PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// No random bytes for a new id or key.
    #[error("cannot seal a document: {0}")]
    Random(#[from] RandomUnavailable),
}

/// What of a blob is not as it was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// The object with its data key.
    #[error("its key object does not open")]
    Key,
    /// The object with its data key for a level and an epoch.
    #[error("its key object for level {0} in epoch {1} does not open")]
    KeyObject(KeyLevel, KeyEpoch),
    /// The same object holds another key than the others.
    #[error("its key object for level {0} in epoch {1} holds another key than the others")]
    OtherKey(KeyLevel, KeyEpoch),
    /// The sealed stream.
    #[error(transparent)]
    Stream(StreamError),
    /// The digest of its bytes.
    #[error("its bytes have another digest than the lodged ones")]
    Digest,
}

impl From<object_store::Error> for BlobError {
    fn from(source: object_store::Error) -> Self {
        if is_no_space(&source) { Self::NoSpace { source } } else { Self::Io { source } }
    }
}

/// Whether ENOSPC, EDQUOT or EFBIG is at the root of the error.
fn is_no_space(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        next = error.source();
        if let Some(error) = error.downcast_ref::<io::Error>() {
            if matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge) {
                return true;
            }
            // An io::Error passes over the error that it wraps when it is asked for its source.
            next = error.get_ref().map(|inner| inner as &(dyn Error + 'static));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(error: io::Error) -> BlobError {
        object_store::Error::Generic { store: "test", source: Box::new(error) }.into()
    }

    #[test]
    fn a_full_disk_is_found_however_deep_it_is_wrapped() {
        for errno in [28, 122, 27] {
            let full = || io::Error::from_raw_os_error(errno);
            assert!(matches!(stored(full()), BlobError::NoSpace { .. }), "{errno}");
            assert!(matches!(stored(io::Error::other(io::Error::other(full()))), BlobError::NoSpace { .. }), "{errno}");
        }
        for errno in [5, 13, 30] {
            assert!(matches!(stored(io::Error::from_raw_os_error(errno)), BlobError::Io { .. }), "{errno}");
        }
    }
}
