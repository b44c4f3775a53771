//! Where full tiles are kept: a small contract, and its implementation on a folder.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// Keeps tiles under relative paths such as `0/x001/234`, whose parts are only digits and `x`.
///
/// One thread writes; any number read at the same time.
pub trait TileFiles: Send + Sync {
    /// The length in bytes of the file at `path`; `None` if there is none. It must not read the file.
    fn len(&self, path: &str) -> io::Result<Option<u64>>;

    /// The bytes at `path`; `None` if there is no file.
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>>;

    /// Puts `bytes` at `path`, in place of what a crash or damage may have left there. Atomic: a reader sees all or
    /// nothing of it. Durable when it returns.
    fn write_new_durably(&self, path: &str, bytes: &[u8]) -> io::Result<()>;
}

/// Tiles in a folder of the local file system, readable by the owner only.
#[derive(Debug)]
pub struct TileFolder {
    root: PathBuf,
}

impl TileFolder {
    /// Uses the folder `root`, and makes it if it is missing.
    pub fn open(root: impl Into<PathBuf>) -> io::Result<Self> {
        let root = root.into();
        make_folder(&root)?;
        Ok(Self { root })
    }
}

impl TileFiles for TileFolder {
    fn len(&self, path: &str) -> io::Result<Option<u64>> {
        found(fs::metadata(self.root.join(path)).map(|metadata| metadata.len()))
    }

    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        found(fs::read(self.root.join(path)))
    }

    fn write_new_durably(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let mut folder = self.root.clone();
        let parts: Vec<&str> = path.split('/').collect();
        let (name, folders) = parts.split_last().ok_or(io::ErrorKind::InvalidInput)?;
        for part in folders {
            folder.push(part);
            make_folder(&folder)?;
        }
        // A crash before the rename leaves a temporary file, which the next attempt truncates; a crash after it
        // leaves the tile or nothing. Opening makes a tile that is missing anew.
        let temporary = folder.join(format!("{name}.tmp"));
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, folder.join(name))?;
        sync_folder(&folder)
    }
}

fn found<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Makes one folder and its entry in the parent durable, unless it exists.
fn make_folder(folder: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Ok(()) => folder.parent().map_or(Ok(()), sync_folder),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    // The parent of a relative path of one part is the empty path.
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder)?.sync_all()
}
