//! Examining: whether all that is stored of a blob is as it was sealed. It gives out no content and changes nothing.

use futures_util::TryStreamExt;

use super::data_key::{KEY_OBJECT_LEN, Wrapping};
use super::error::{BlobError, Damage};
use super::id::BlobId;
use super::name::ObjectName;
use super::store::BlobStore;
use crate::pure::tlog::hash::HASH_LEN;
use crate::storage::seal::keys::{KeyEpoch, KeyLevel};
use crate::storage::seal::secret::SecretKey;

/// What is stored of a blob.
#[derive(Debug, Default)]
pub struct ExaminedBlob {
    /// The levels for which it has a key object that opens, in any epoch.
    pub levels: Vec<KeyLevel>,
    /// How many key objects it has, whole or not.
    pub keys: u64,
    /// How many bytes of content are whole; 0 if they are not.
    pub bytes: u64,
    /// What is wrong.
    pub faults: Vec<BlobError>,
}

/// What lies in a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// Blobs.
    pub blobs: u64,
    /// Key objects.
    pub keys: u64,
    /// Objects with names that are not ours.
    pub foreign: u64,
}

impl BlobStore {
    /// Opens every key object of a blob, of every level and epoch, and reads the whole blob, whose SHA-256 must be
    /// `digest`.
    pub async fn examine(&self, id: BlobId, digest: &[u8; HASH_LEN]) -> ExaminedBlob {
        let mut found = ExaminedBlob::default();
        let mut known: Option<SecretKey> = None;
        for level in KeyLevel::ALL {
            for epoch in (KeyEpoch::FIRST.0..=self.inner.epoch.0).map(KeyEpoch) {
                let path = ObjectName::Key(id, level, epoch).path();
                let object = match self.get_start(&path, KEY_OBJECT_LEN as u64 + 1).await {
                    Ok(Some((object, _))) => object,
                    Ok(None) => continue,
                    Err(error) => {
                        found.faults.push(error);
                        continue;
                    }
                };
                found.keys += 1;
                let opened = Wrapping { root: &self.inner.root, blob: id, level, epoch }.open(&object);
                match (opened, &known) {
                    (None, _) => {
                        found.faults.push(BlobError::Damaged { id, what: Damage::KeyObject(level, epoch) });
                        continue;
                    }
                    (Some(key), Some(known)) if key.expose() != known.expose() => {
                        found.faults.push(BlobError::Damaged { id, what: Damage::OtherKey(level, epoch) });
                        continue;
                    }
                    (Some(key), None) => known = Some(key),
                    (Some(_), Some(_)) => {}
                }
                if !found.levels.contains(&level) {
                    found.levels.push(level);
                }
            }
        }
        match known {
            Some(key) => match self.verify_under(id, &key, digest).await {
                Ok(bytes) => found.bytes = bytes,
                Err(error) => found.faults.push(error),
            },
            None if found.faults.is_empty() => found.faults.push(BlobError::NoKey { id }),
            None => {}
        }
        found
    }

    /// Counts what lies in the store, without reading it.
    pub async fn inventory(&self) -> Result<Inventory, BlobError> {
        let mut inventory = Inventory::default();
        let mut listed = self.inner.objects.list(None);
        while let Some(object) = listed.try_next().await? {
            match ObjectName::parse(&object.location) {
                Some(ObjectName::Blob(_)) => inventory.blobs += 1,
                Some(ObjectName::Key(..)) => inventory.keys += 1,
                None => inventory.foreign += 1,
            }
        }
        Ok(inventory)
    }
}
