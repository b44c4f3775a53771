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

/// A line that ends with a verifier key as people are shown it: a key too long to read is cut, if `file` has it whole.
pub fn short(line: &str, file: Option<&Path>) -> String {
    match (file, line.char_indices().nth(READABLE)) {
        (Some(file), Some((end, _))) => {
            format!("{}... (whole in {})", line.get(..end).unwrap_or(line), file.display())
        }
        _ => line.to_owned(),
    }
}

/// Characters of a line that are shown: more than an Ed25519 key needs under any but a very long name, and far less than
/// an ML-DSA-44 key, which has over 1,700.
const READABLE: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_long_key_that_is_in_a_file_is_cut() {
        let (ed25519, ml_dsa) = ("a.example+0abce3c2+Af1M", format!("a.example+7bb72b75+{}", "B".repeat(1752)));
        assert_eq!(short(ed25519, Some(Path::new("log.vkey"))), ed25519);
        assert_eq!(short(&ml_dsa, None), ml_dsa);
        let shown = short(&ml_dsa, Some(Path::new("log.vkey")));
        assert!(shown.starts_with("a.example+7bb72b75+BBB") && shown.ends_with("B... (whole in log.vkey)"), "{shown}");
    }
}
