//! The space that documents leave free, so that the log and the view go on when there is no room for documents.
//!
//! Every read is an entry, and the view is written with every entry: a disk that documents filled would end all reading,
//! and a view that could not be written needs a restart.

use std::path::PathBuf;

use crate::storage::disk::space;

/// The space of one data directory that no document takes.
#[derive(Clone, Debug)]
pub struct Reserve {
    /// The data directory.
    pub directory: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
}

impl Reserve {
    /// Whether it is whole. Where the system does not tell, the write itself shows whether there is room.
    pub fn is_whole(&self) -> bool {
        self.bytes == 0 || space::free(&self.directory).map_or(true, |free| free >= self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reserve_larger_than_the_disk_is_never_whole_and_none_always_is() {
        let folder = tempfile::tempdir().unwrap();
        let reserve = |bytes| Reserve { directory: folder.path().to_owned(), bytes };
        assert!(!reserve(u64::MAX).is_whole());
        assert!(reserve(1).is_whole());
        assert!(reserve(0).is_whole());
    }

    #[test]
    fn a_disk_that_does_not_tell_is_left_to_the_write_itself() {
        assert!(Reserve { directory: "/there/is/no/such/folder".into(), bytes: u64::MAX }.is_whole());
    }
}
