//! The space that documents leave free, so that the log and the view go on when there is no room for documents.
//!
//! Every read is an entry, and the view is written with every entry: a disk that documents filled would end all reading,
//! and a view that could not be written needs a restart.

use std::sync::Arc;

use crate::storage::disk::Disk;

/// The space of one data directory that no document takes.
pub struct Reserve {
    /// The data directory.
    pub disk: Arc<dyn Disk>,
    /// Its size in bytes.
    pub bytes: u64,
}

impl Reserve {
    /// Whether it is whole. Where the system does not tell, the write itself shows whether there is room.
    pub fn is_whole(&self) -> bool {
        self.bytes == 0 || self.disk.free().map_or(true, |free| free >= self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::disk::{RealDisk, SimulatedDisk};

    #[test]
    fn a_reserve_larger_than_the_disk_is_never_whole_and_none_always_is() {
        let folder = tempfile::tempdir().unwrap();
        let disk = Arc::new(RealDisk::open(folder.path()).unwrap());
        let reserve = |bytes| Reserve { disk: disk.clone(), bytes };
        assert!(!reserve(u64::MAX).is_whole());
        assert!(reserve(1).is_whole());
        assert!(reserve(0).is_whole());
    }

    #[test]
    fn a_disk_that_does_not_tell_is_left_to_the_write_itself() {
        assert!(Reserve { disk: Arc::new(SimulatedDisk::new(1)), bytes: u64::MAX }.is_whole());
    }
}
