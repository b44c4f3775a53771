//! `log.vkey` beside the configuration: the log's verifier keys, one a line, those that hold first.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::pure::tlog::verifier_key::VerifierKey;
use crate::storage::disk::outside;

/// Where the file is, beside the configuration.
pub fn path(config: &Path) -> PathBuf {
    beside(config, "log.vkey")
}

/// A file beside the configuration.
pub fn beside(config: &Path, name: &str) -> PathBuf {
    config.parent().unwrap_or(Path::new("")).join(name)
}

/// Puts `keys` before the lines that the file has; whether there is such a file.
pub fn put_first(config: &Path, keys: &[VerifierKey]) -> io::Result<bool> {
    let path = path(config);
    let old = match fs::read_to_string(&path) {
        Ok(old) => old,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let mut lines: Vec<String> = keys.iter().map(ToString::to_string).collect();
    for line in old.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !lines.iter().any(|known| known == line) {
            lines.push(line.to_owned());
        }
    }
    publish(&path, &(lines.join("\n") + "\n"))?;
    Ok(true)
}

/// Writes a file that everyone may read, whole or not at all.
pub fn publish(path: &Path, text: &str) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    outside::swap(path, text.as_bytes())?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644))
}
