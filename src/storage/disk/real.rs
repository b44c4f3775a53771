//! The real disk: a locked data directory on a local POSIX file system.

use std::collections::HashSet;
use std::fs::{DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt, PermissionsExt};
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustix::buffer::spare_capacity;
use rustix::fs::{FallocateFlags, fallocate};
use rustix::io::{Errno, pread};

use super::{Disk, DiskFile, Metadata, parent_of};

/// The file whose lock says that a process uses the data directory. It is never removed.
const LOCK_NAME: &str = "lock";
const FILE_MODE: u32 = 0o600;
const DIRECTORY_MODE: u32 = 0o700;
/// How much of a new file is zeroed at once.
const ZERO_CHUNK: usize = 1 << 20;

/// A data directory that this process alone uses. The lock goes when the value is dropped or the process dies.
#[derive(Debug)]
pub struct RealDisk {
    root: PathBuf,
    /// Held for its lock (flock), which the kernel releases with the last descriptor.
    _lock: Option<File>,
    /// The directories whose names this process has seen durable. That one is there says little: whoever made it may have
    /// been killed before it was synced.
    durable: Mutex<HashSet<PathBuf>>,
}

impl RealDisk {
    /// Opens the data directory at `root`, making it (mode 0700) unless it exists, and locks it.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, OpenError> {
        let root = root.into();
        let durable = Mutex::default();
        make_directory(&root, &durable).map_err(|source| OpenError::Io { path: root.clone(), source })?;
        let path = root.join(LOCK_NAME);
        let lock = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(FILE_MODE)
            .open(&path)
            .map_err(|source| OpenError::Io { path: path.clone(), source })?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { root, _lock: Some(lock), durable }),
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse { root }),
            Err(TryLockError::Error(source)) => Err(OpenError::Io { path, source }),
        }
    }

    /// A directory that exists and is no data directory, such as that of the log's key: others use it too, and nothing
    /// is locked.
    pub fn unlocked(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), _lock: None, durable: Mutex::default() }
    }

    /// The data directory's path.
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn resolve(&self, path: &str) -> io::Result<PathBuf> {
        let relative = Path::new(path);
        if relative.components().all(|part| matches!(part, Component::Normal(_))) {
            Ok(self.root.join(relative))
        } else {
            Err(io::Error::new(io::ErrorKind::InvalidInput, "a path on the disk is relative and has no '.' or '..'"))
        }
    }
}

/// The data directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process holds the lock.
    #[error("the data directory {} is in use by another process: stop that one first", root.display())]
    InUse {
        /// The data directory.
        root: PathBuf,
    },
    /// The directory or its lock file could not be made or opened.
    #[error("cannot open {}: {source}; check that it exists and belongs to this user", path.display())]
    Io {
        /// What could not be opened.
        path: PathBuf,
        /// The operating system's error.
        source: io::Error,
    },
}

impl Disk for RealDisk {
    fn free(&self) -> io::Result<u64> {
        let system = rustix::fs::statvfs(&self.root)?;
        Ok(system.f_bavail.saturating_mul(system.f_frsize))
    }

    fn create(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        let path = self.resolve(path)?;
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(FILE_MODE).open(path)?;
        Ok(Box::new(RealFile(file)))
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        let path = self.resolve(path)?;
        let file = match OpenOptions::new().read(true).write(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::ReadOnlyFilesystem => File::open(&path)?,
            opened => opened?,
        };
        Ok(Box::new(RealFile(file)))
    }

    fn create_directory(&self, path: &str) -> io::Result<()> {
        make_directory(&self.resolve(path)?, &self.durable)
    }

    fn create_directories(&self, directory: &str, names: &[String]) -> io::Result<()> {
        let directory = self.resolve(directory)?;
        make_directory(&directory, &self.durable)?;
        std::fs::set_permissions(&directory, Permissions::from_mode(DIRECTORY_MODE))?;
        names.iter().try_for_each(|name| make_name(&directory.join(name)))?;
        sync_directory(&directory)?;
        let mut durable = self.durable.lock().unwrap_or_else(PoisonError::into_inner);
        durable.extend(names.iter().map(|name| directory.join(name)));
        Ok(())
    }

    fn metadata(&self, path: &str) -> io::Result<Metadata> {
        let metadata = std::fs::metadata(self.resolve(path)?)?;
        Ok(Metadata { length: metadata.len(), modified: metadata.modified()?, is_directory: metadata.is_dir() })
    }

    fn list(&self, directory: &str) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(self.resolve(directory)?)? {
            let name = entry?.file_name();
            names.push(name.into_string().map_err(|_| io::Error::other("a file's name is not UTF-8"))?);
        }
        names.sort();
        Ok(names)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        debug_assert_eq!(parent_of(from), parent_of(to));
        std::fs::rename(self.resolve(from)?, self.resolve(to)?)
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        std::fs::remove_file(self.resolve(path)?)
    }

    fn sync_directory(&self, directory: &str) -> io::Result<()> {
        sync_directory(&self.resolve(directory)?)
    }
}

#[derive(Debug)]
struct RealFile(File);

impl DiskFile for RealFile {
    fn length(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        self.0.read_exact_at(buffer, offset)
    }

    fn read_range(&self, offset: u64, length: u64) -> io::Result<Vec<u8>> {
        // The room is filled as it comes, without zeros first and without another look at the length.
        let there = self.length()?.saturating_sub(offset).min(length);
        let length = usize::try_from(there).map_err(io::Error::other)?;
        let mut bytes = Vec::with_capacity(length);
        while bytes.len() < length {
            let next = offset + bytes.len() as u64;
            match pread(&self.0, spare_capacity(&mut bytes), next) {
                Ok(0) => break,
                Ok(_) | Err(Errno::INTR) => {}
                Err(errno) => return Err(errno.into()),
            }
        }
        bytes.truncate(length);
        Ok(bytes)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.0.write_all_at(bytes, offset)
    }

    fn preallocate(&self, length: u64) -> io::Result<()> {
        // Taking the space first makes a full disk an error here, at once. The zeros are written all the same: an
        // extent that was never written costs a metadata commit at the first fdatasync after each write to it.
        match fallocate(&self.0, FallocateFlags::empty(), 0, length) {
            Ok(()) | Err(Errno::OPNOTSUPP | Errno::NOSYS) => {}
            Err(errno) => return Err(errno.into()),
        }
        let zeros = vec![0; ZERO_CHUNK];
        let mut offset = 0;
        while offset < length {
            let count = usize::try_from(length - offset).map_or(ZERO_CHUNK, |left| left.min(ZERO_CHUNK));
            self.0.write_all_at(zeros.get(..count).unwrap_or_default(), offset)?;
            offset += count as u64;
        }
        Ok(())
    }

    fn truncate(&self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }

    fn sync_data(&self) -> io::Result<()> {
        // fdatasync also writes the metadata that reading the data back needs, the length included.
        self.0.sync_data()
    }
}

/// Makes a directory and its missing parents, each durable before the next.
fn make_directory(path: &Path, durable: &Mutex<HashSet<PathBuf>>) -> io::Result<()> {
    let is_durable = || durable.lock().unwrap_or_else(PoisonError::into_inner).contains(path);
    if is_durable() {
        return Ok(());
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let was_there = path.is_dir();
    if !was_there {
        make_directory(parent, durable)?;
        make_name(path)?;
    }
    match sync_directory(parent) {
        // Who may not look into the parent, such as that of the data directory, did not make the directory.
        Err(error) if was_there && error.kind() == io::ErrorKind::PermissionDenied => {}
        synced => synced?,
    }
    durable.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
    Ok(())
}

fn make_name(path: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(DIRECTORY_MODE).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        made => made,
    }
}

fn sync_directory(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_second_user_of_the_data_directory_is_refused_until_the_first_leaves() {
        let folder = tempfile::tempdir().unwrap();
        let first = RealDisk::open(folder.path().join("data")).unwrap();
        assert!(matches!(RealDisk::open(first.root()), Err(OpenError::InUse { .. })));
        let root = first.root().to_owned();
        drop(first);
        RealDisk::open(root).unwrap();
    }

    #[test]
    fn new_files_and_directories_are_for_their_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let disk = RealDisk::open(folder.path().join("data")).unwrap();
        disk.create_directory("a/b").unwrap();
        drop(disk.create("a/b/file").unwrap());
        let mode = |path: &str| disk.root().join(path).metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(""), mode("a"), mode("a/b"), mode("a/b/file")), (0o700, 0o700, 0o700, 0o600));
        assert_eq!(disk.list("a").unwrap(), ["b"]);
    }

    #[test]
    fn directories_made_together_are_private_also_where_they_were_there() {
        let folder = tempfile::tempdir().unwrap();
        let disk = RealDisk::open(folder.path()).unwrap();
        let mode = |path: &str| disk.root().join(path).metadata().unwrap().permissions().mode() & 0o777;
        std::fs::create_dir(disk.root().join("a")).unwrap();
        std::fs::set_permissions(disk.root().join("a"), Permissions::from_mode(0o755)).unwrap();
        for _ in 0..2 {
            disk.create_directories("a", &["b".to_owned(), "c".to_owned()]).unwrap();
            assert_eq!((mode("a"), mode("a/b"), mode("a/c")), (0o700, 0o700, 0o700));
        }
        assert!(disk.metadata("a/b").unwrap().is_directory);
        drop(disk.create("a/d").unwrap());
        assert!(disk.create_directories("a", &["d".to_owned()]).is_err(), "a file is no directory");
    }

    #[test]
    fn a_range_is_as_much_as_the_file_has() {
        let folder = tempfile::tempdir().unwrap();
        let disk = RealDisk::open(folder.path()).unwrap();
        let file = disk.create("file").unwrap();
        file.write_at(b"0123456789", 0).unwrap();
        for (offset, length, expected) in
            [(0, 10, &b"0123456789"[..]), (3, 4, b"3456"), (8, 5, b"89"), (10, 1, b""), (99, 1, b""), (0, 0, b"")]
        {
            assert_eq!(file.read_range(offset, length).unwrap(), expected, "{offset} {length}");
        }
        assert_eq!(disk.metadata("file").unwrap().length, 10);
        assert_eq!(disk.metadata("none").unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_preallocated_file_is_zeros_and_takes_writes() {
        let folder = tempfile::tempdir().unwrap();
        let disk = RealDisk::open(folder.path()).unwrap();
        let file = disk.create("file").unwrap();
        file.preallocate(3 << 19).unwrap();
        file.write_at(b"here", 100).unwrap();
        file.sync_data().unwrap();
        assert_eq!(file.length().unwrap(), 3 << 19);
        file.truncate(106).unwrap();
        assert_eq!(disk.read("file").unwrap()[98..], *b"\0\0here\0\0");
    }

    #[test]
    fn a_swap_replaces_the_whole_content_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let disk = RealDisk::open(folder.path()).unwrap();
        disk.create_directory("small").unwrap();
        disk.swap("small/file", b"a long first content").unwrap();
        disk.swap("small/file", b"second").unwrap();
        assert_eq!(disk.read("small/file").unwrap(), b"second");
        assert_eq!(disk.list("small").unwrap(), ["file"]);
    }

    #[test]
    fn a_path_may_not_leave_the_data_directory() {
        let folder = tempfile::tempdir().unwrap();
        let disk = RealDisk::open(folder.path().join("data")).unwrap();
        for path in ["../outside", "/etc/passwd", "a/../../outside", "./a"] {
            assert_eq!(disk.create(path).err().unwrap().kind(), io::ErrorKind::InvalidInput, "{path}");
        }
    }
}
