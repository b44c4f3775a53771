//! The log's signing keys by epoch.
//!
//! Epoch 1 begins with the log and has no entry; every later one begins with an entry that the old keys and the new
//! ones signed.

use serde::{Deserialize, Serialize};

/// The epoch that a log begins with.
pub const FIRST_EPOCH: u32 = 1;

/// The rotations of the log's keys, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogKeys {
    /// The rotations.
    pub rotations: Vec<Rotation>,
}

/// The beginning of one epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rotation {
    /// The epoch that began: 2 or more.
    pub epoch: u32,
    /// The index of its entry.
    pub entry: u64,
    /// Its verifier keys (C2SP signed-note), Ed25519 first.
    pub keys: Vec<String>,
    /// The signed note that names them.
    pub note: String,
}

impl LogKeys {
    /// The epoch that holds.
    pub fn epoch(&self) -> u32 {
        self.rotations.last().map_or(FIRST_EPOCH, |rotation| rotation.epoch)
    }

    /// The rotation that began `epoch`; `None` for the first one and for those that never began.
    pub fn rotation(&self, epoch: u32) -> Option<&Rotation> {
        self.rotations.iter().find(|rotation| rotation.epoch == epoch)
    }
}
