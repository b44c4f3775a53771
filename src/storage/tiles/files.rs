//! Where full tiles and bundles are kept: a small contract, and its implementation on the disk.

use std::io;
use std::sync::Arc;

use crate::storage::disk::Disk;

/// Keeps tiles under relative paths such as `0/x001/234` and bundles under such as `entries/x001/234`.
///
/// A path is written by one thread at a time; any number read at the same time.
pub trait TileFiles: Send + Sync {
    /// The length in bytes of the file at `path`; `None` if there is none. It must not read the file.
    fn len(&self, path: &str) -> io::Result<Option<u64>>;

    /// The bytes at `path`; `None` if there is no file.
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>>;

    /// Puts `bytes` at `path`, in place of what a crash or damage may have left there. Atomic: a reader sees all or
    /// nothing of it. Durable when it returns.
    fn write_durably(&self, path: &str, bytes: &[u8]) -> io::Result<()>;
}

/// Tiles in a directory of the disk.
#[derive(Clone)]
pub struct TileFolder {
    disk: Arc<dyn Disk>,
    directory: String,
}

impl TileFolder {
    /// Uses `directory` of `disk`, and makes it if it is missing.
    pub fn open(disk: Arc<dyn Disk>, directory: &str) -> io::Result<Self> {
        disk.create_directory(directory)?;
        Ok(Self { disk, directory: directory.to_owned() })
    }

    /// Uses `directory` of `disk` as it is, to be read: without it there are no files.
    pub fn existing(disk: Arc<dyn Disk>, directory: &str) -> Self {
        Self { disk, directory: directory.to_owned() }
    }

    fn path(&self, tile: &str) -> String {
        format!("{}/{tile}", self.directory)
    }
}

impl TileFiles for TileFolder {
    fn len(&self, path: &str) -> io::Result<Option<u64>> {
        found(self.disk.open(&self.path(path)).and_then(|file| file.length()))
    }

    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        found(self.disk.read(&self.path(path)))
    }

    fn write_durably(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.path(path);
        if let Some((folder, _)) = path.rsplit_once('/') {
            self.disk.create_directory(folder)?;
        }
        self.disk.swap(&path, bytes)
    }
}

fn found<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
