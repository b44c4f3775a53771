//! How much room a file system has.

use std::io;
use std::path::Path;

/// The bytes that this user may still take on the file system of `path`.
pub fn free(path: &Path) -> io::Result<u64> {
    let system = rustix::fs::statvfs(path)?;
    Ok(system.f_bavail.saturating_mul(system.f_frsize))
}
