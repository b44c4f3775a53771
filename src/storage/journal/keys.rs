//! The journal's keys: one an epoch, the newest for writing, all of them for reading.

use std::collections::BTreeMap;

use crate::storage::seal::secret::SecretKey;

/// The journal keys by epoch. Segments name the epoch whose key sealed them.
#[derive(Clone, Debug)]
pub struct JournalKeys {
    current: u32,
    key: SecretKey,
    older: BTreeMap<u32, SecretKey>,
}

impl JournalKeys {
    /// The key for writing and its epoch.
    pub fn new(epoch: u32, key: SecretKey) -> Self {
        Self { current: epoch, key, older: BTreeMap::new() }
    }

    /// Adds the key of another epoch, for reading what it sealed.
    pub fn with_other(mut self, epoch: u32, key: SecretKey) -> Self {
        self.older.insert(epoch, key);
        self
    }

    /// The epoch of the key for writing.
    pub fn current_epoch(&self) -> u32 {
        self.current
    }

    pub(super) fn current(&self) -> &SecretKey {
        &self.key
    }

    pub(super) fn of_epoch(&self, epoch: u32) -> Option<&SecretKey> {
        if epoch == self.current { Some(&self.key) } else { self.older.get(&epoch) }
    }
}
