//! Keeping what arrived: beside the target first, and under its name only when it is whole and checked.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file that is being written beside its target. Dropped without [`Saving::keep`], it goes away.
#[derive(Debug)]
pub struct Saving {
    file: File,
    temporary: PathBuf,
    target: PathBuf,
    force: bool,
}

/// A file cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// There is a file already.
    #[error("{} is there already, and nothing is overwritten. Choose another name, or add --force.", target.display())]
    Exists {
        /// The target.
        target: PathBuf,
    },
    /// The file cannot be written.
    #[error("{} cannot be written: {source}.", target.display())]
    Unwritable {
        /// The target.
        target: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
}

impl Saving {
    /// Begins, before anything is asked of the server: a read that cannot be kept must not be recorded.
    pub fn begin(target: &Path, force: bool) -> Result<Self, SaveError> {
        let unwritable = |source| SaveError::Unwritable { target: target.to_owned(), source };
        if !force && target.symlink_metadata().is_ok() {
            return Err(SaveError::Exists { target: target.to_owned() });
        }
        let name = target.file_name().ok_or_else(|| unwritable(io::ErrorKind::IsADirectory.into()))?;
        let mut temporary_name = std::ffi::OsString::from(".");
        temporary_name.push(name);
        temporary_name.push(format!(".{}.part", std::process::id()));
        let temporary = target.with_file_name(temporary_name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        // What is read may be RED: nobody else on this machine is let in.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&temporary).map_err(unwritable)?;
        Ok(Self { file, temporary, target: target.to_owned(), force })
    }

    /// Gives the file its name.
    pub fn keep(self) -> Result<(), SaveError> {
        let unwritable = |source| SaveError::Unwritable { target: self.target.clone(), source };
        self.file.sync_all().map_err(unwritable)?;
        if self.force {
            return fs::rename(&self.temporary, &self.target).map_err(unwritable);
        }
        // A link, unlike a renaming, fails where there is a file: also one that came during the transfer.
        match fs::hard_link(&self.temporary, &self.target) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(SaveError::Exists { target: self.target.clone() })
            }
            // Some file systems have no links.
            Err(_) if self.target.symlink_metadata().is_ok() => Err(SaveError::Exists { target: self.target.clone() }),
            Err(_) => fs::rename(&self.temporary, &self.target).map_err(unwritable),
        }
    }
}

impl Write for Saving {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Saving {
    fn drop(&mut self) {
        // Gone already after a renaming.
        let _ = fs::remove_file(&self.temporary);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn a_file_has_its_name_only_when_it_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("policy.pdf");
        let mut saving = Saving::begin(&target, false).unwrap();
        saving.write_all(b"whole").unwrap();
        assert!(!target.exists());
        saving.keep().unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"whole");
        assert_eq!(names(dir.path()), ["policy.pdf"]);
    }

    #[test]
    fn what_is_not_kept_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let mut saving = Saving::begin(&dir.path().join("policy.pdf"), false).unwrap();
        saving.write_all(b"half").unwrap();
        drop(saving);
        assert!(names(dir.path()).is_empty());
    }

    #[test]
    fn nothing_is_overwritten_unless_forced() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("policy.pdf");
        let late = Saving::begin(&target, false).unwrap();
        fs::write(&target, b"mine").unwrap();
        assert!(matches!(late.keep(), Err(SaveError::Exists { .. })));
        assert!(Saving::begin(&target, false).unwrap_err().to_string().contains("--force"));
        assert_eq!(fs::read(&target).unwrap(), b"mine");
        let mut forced = Saving::begin(&target, true).unwrap();
        forced.write_all(b"theirs").unwrap();
        forced.keep().unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"theirs");
        assert_eq!(names(dir.path()), ["policy.pdf"]);
    }
}
