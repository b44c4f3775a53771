//! The disk: the few file operations that Strongroom's own formats need, with their durability contract.
//!
//! Every file of the journal, the sealed documents, the tiles and the signed checkpoint goes through [`Disk`], so that a
//! simulated disk that drops, reorders and tears what was not synced can stand in for the real one from the first test
//! on. The few files that lie outside the data directory on purpose go through [`outside`].
//!
//! Invariants: nothing is durable unless a method says so; a path is relative to the data directory, with `/` between
//! its parts; new files have mode 0600 and new directories 0700.
//!
//! Not here: what the bytes mean (`journal`, `blobs`, `tiles`); the view, whose engine keeps files of its own, and which
//! the journal makes again; key files, which are read once at a start (`seal::keys::provider`).

pub mod outside;
pub mod real;
pub mod simulated;

use std::io;
use std::time::SystemTime;

pub use real::{OpenError, RealDisk};
pub use simulated::{Fault, Faults, SimulatedDisk};

/// A directory tree of small and append-only files.
///
/// All methods may be called from several threads at once; two threads that change the same name at once race.
/// An error leaves the operation done, not done or, for writes, partly done, unless the method says otherwise: the
/// caller may not assume either.
pub trait Disk: Send + Sync {
    /// Makes a new, empty file and opens it for reading and writing. Fails with `AlreadyExists` if the name is taken.
    /// Not durable: the name survives a power failure only after [`Disk::sync_directory`].
    fn create(&self, path: &str) -> io::Result<Box<dyn DiskFile>>;

    /// Opens an existing file for reading and writing; `NotFound` if there is none. Where the whole disk takes no
    /// writes any more it opens for reading alone.
    fn open(&self, path: &str) -> io::Result<Box<dyn DiskFile>>;

    /// Makes a directory, and its parents, unless they exist. Durable when it returns.
    fn create_directory(&self, path: &str) -> io::Result<()>;

    /// Makes a directory and those of the given names in it, unless they exist, and keeps others out of the first (mode
    /// 0700), also if it was there. Durable when it returns.
    fn create_directories(&self, directory: &str, names: &[String]) -> io::Result<()> {
        self.create_directory(directory)?;
        names.iter().try_for_each(|name| self.create_directory(&join(directory, name)))
    }

    /// What the disk says of a file or directory without reading it; `NotFound` if there is none.
    fn metadata(&self, path: &str) -> io::Result<Metadata>;

    /// The bytes that this process may still take; `Unsupported` where the disk does not tell.
    fn free(&self) -> io::Result<u64> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Whether a call may hold up its thread, so that asynchronous code makes it elsewhere.
    fn may_block(&self) -> bool {
        true
    }

    /// The names, without the directory's path, of what lies in a directory, sorted; `NotFound` if there is no such
    /// directory. `""` is the data directory itself.
    fn list(&self, directory: &str) -> io::Result<Vec<String>>;

    /// Renames a file, replacing `to` if it exists. Atomic: after a power failure the name is the old file or the new
    /// one. Not durable before [`Disk::sync_directory`]. Both names lie in one directory.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Removes a file's name; `NotFound` if there is none. Not durable before [`Disk::sync_directory`].
    fn remove(&self, path: &str) -> io::Result<()>;

    /// Makes all creations, renames and removals of names in a directory durable. It says nothing of the content of
    /// the files: sync them first.
    fn sync_directory(&self, directory: &str) -> io::Result<()>;

    /// Replaces the whole content of a small file, or makes it. Atomic and durable when it returns; after an error the
    /// file holds the old bytes or the new, never a mixture. Two swaps of one path must not run at once.
    fn swap(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        // A crash before the rename leaves a stale `.new` that the next swap removes; a crash after it and before the
        // directory's sync leaves the old content or the new.
        let fresh = format!("{path}.new");
        match self.remove(&fresh) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let file = self.create(&fresh)?;
        file.write_at(bytes, 0)?;
        file.sync_data()?;
        self.rename(&fresh, path)?;
        self.sync_directory(parent_of(path))
    }

    /// The whole content of a small file; `NotFound` if there is none.
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let file = self.open(path)?;
        let length = usize::try_from(file.length()?).map_err(io::Error::other)?;
        let mut bytes = vec![0; length];
        file.read_exact_at(&mut bytes, 0)?;
        Ok(bytes)
    }
}

/// What a disk says of a file or directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// The length in bytes; of a directory it says nothing.
    pub length: u64,
    /// When the content was last written, by the disk's own clock. It may go back with a crash.
    pub modified: SystemTime,
    /// Whether it is a directory.
    pub is_directory: bool,
}

/// An open file. Dropping it syncs nothing.
pub trait DiskFile: Send + Sync {
    /// The file's length in bytes.
    fn length(&self) -> io::Result<u64>;

    /// Fills `buffer` from `offset`; `UnexpectedEof` if the file ends before.
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()>;

    /// The `length` bytes from `offset`, or fewer where the file ends before.
    fn read_range(&self, offset: u64, length: u64) -> io::Result<Vec<u8>> {
        let there = self.length()?.saturating_sub(offset).min(length);
        let mut bytes = vec![0; usize::try_from(there).map_err(io::Error::other)?];
        self.read_exact_at(&mut bytes, offset)?;
        Ok(bytes)
    }

    /// Writes all of `bytes` at `offset`, extending the file if need be. Not durable, and not atomic: after a power
    /// failure before [`DiskFile::sync_data`] returned, any subset of its 512-byte sectors may be there.
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;

    /// Extends an empty file to `length` zero bytes whose space is taken, so that writes within it neither run out of
    /// space nor change metadata. Not durable before [`DiskFile::sync_data`]. `StorageFull` or `QuotaExceeded` if
    /// there is no room.
    fn preallocate(&self, length: u64) -> io::Result<()>;

    /// Shortens the file. Not durable before [`DiskFile::sync_data`].
    fn truncate(&self, length: u64) -> io::Result<()>;

    /// Makes everything written so far, and the length, durable. After an error some of it may be durable, and a later
    /// success does not mean that it is: the kernel forgets pages that it could not write. Write again what matters.
    fn sync_data(&self) -> io::Result<()>;
}

/// Whether an error says that there is no space or quota left, or that the process may write no longer file.
pub fn is_out_of_space(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge)
}

/// A name in a directory; `""` is the data directory.
fn join(directory: &str, name: &str) -> String {
    if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") }
}

/// The directory part of a path; `""` is the data directory.
fn parent_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}
