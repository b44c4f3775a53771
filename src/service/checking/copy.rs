//! The view as it lies there: a copy of it is opened, since opening one changes its files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ring::rand::{SecureRandom, SystemRandom};

use super::{CheckError, DirBuilder, DirBuilderExt, Report};
use crate::storage::seal::secret::SecretKey;
use crate::storage::view::{View, ViewError, ViewOptions};

/// A folder of the check's own, which is removed when it is dropped.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// Makes one below `parent`, for this user alone.
    pub(super) fn in_folder(parent: PathBuf) -> Result<Self, CheckError> {
        let mut random = [0; 8];
        // Making it fails where the name is taken.
        let _ = SystemRandom::new().fill(&mut random);
        let path = parent.join(format!("strongroom-check-{}", hex::encode(random)));
        match DirBuilder::new().mode(0o700).create(&path) {
            Ok(()) => Ok(Self(path)),
            Err(error) => Err(CheckError::Scratch(parent, error)),
        }
    }

    /// Its path.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// What became of an attempt to write into it.
    pub(super) fn failed(&self, error: io::Error) -> CheckError {
        CheckError::Scratch(self.0.clone(), error)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, folder = %self.0.display(), "the folder of the check could not be removed; remove it");
        }
    }
}

/// A copy of the view of a data directory, open.
pub(super) struct CopiedView(View);

impl CopiedView {
    /// Copies and opens the view in `folder`; `None`, with a finding, if there is none or it is damaged. An error
    /// is one of the folder of the check.
    pub(super) fn open(
        folder: &Path,
        scratch: &Scratch,
        key: &SecretKey,
        report: &mut Report,
    ) -> Result<Option<Self>, CheckError> {
        if !folder.is_dir() {
            report.find("the view is missing; the next start makes it anew from the journal");
            return Ok(None);
        }
        let copy = scratch.path().join("view");
        copy_folder(folder, &copy).map_err(|error| scratch.failed(error))?;
        match View::open(&copy, key, ViewOptions::default()) {
            Ok(view) => Ok(Some(Self(view))),
            Err(error @ ViewError::Damaged { .. }) => {
                report.find(format!("{error}: the next start does both, and so does 'strongroom rebuild'"));
                Ok(None)
            }
            Err(ViewError::Unusable(error)) => Err(scratch.failed(error)),
        }
    }

    /// The view.
    pub(super) fn view(&self) -> &View {
        &self.0
    }
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        match entry.file_type()? {
            kind if kind.is_dir() => copy_folder(&entry.path(), &target)?,
            kind if kind.is_file() => fs::copy(entry.path(), target).map(drop)?,
            _ => {}
        }
    }
    Ok(())
}
