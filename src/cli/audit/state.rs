//! The last verified checkpoint, kept as the signed note that it is; and the alarm when the log is no longer the one
//! that it was.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::error::AuditError;
use super::folder_of;
use super::server::Server;
use super::signed::{LogKeys, Signed, Vouched};
use crate::cli::common::save::{SaveError, Saving};
use crate::pure::audit::reading::{Discrepancy, Unverified, verify_extends};

/// A file with the last verified checkpoint.
#[derive(Debug)]
pub struct State {
    path: PathBuf,
    last: Option<Signed>,
}

impl State {
    /// Reads and verifies the file; one that is not there yet holds nothing.
    pub fn load(path: &Path, keys: &LogKeys) -> Result<Self, AuditError> {
        let last = match fs::read(path) {
            Ok(note) => Some(keys.open(&note, "").map_err(|error| unreliable(path, error))?),
            Err(source) if source.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(AuditError::State { path: path.to_owned(), source }),
        };
        Ok(Self { path: path.to_owned(), last })
    }

    /// The last verified checkpoint.
    pub fn last(&self) -> Option<&Signed> {
        self.last.as_ref()
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Keeps a later checkpoint in place of the last: all or nothing.
    pub fn keep(&mut self, signed: &Signed) -> Result<(), AuditError> {
        write_whole(&self.path, &signed.note)?;
        self.last = Some(signed.clone());
        Ok(())
    }
}

/// The checkpoint was verified before it was kept, so that it is the file or the key that is not what it was.
fn unreliable(path: &Path, error: AuditError) -> AuditError {
    match error {
        AuditError::Checkpoint { trouble, .. } => AuditError::StateAltered { path: path.to_owned(), trouble },
        other => other,
    }
}

/// Verifies that `later` holds what `earlier` signed, and gives its tree. If it does not, both are written into `folder`.
pub fn grown<'s>(
    server: &'s Server<'s>,
    earlier: Option<&Signed>,
    later: Signed,
    keys: &LogKeys,
    folder: &Path,
) -> Result<Vouched<'s>, AuditError> {
    let Some(earlier) = earlier else { return Vouched::open(server, later, keys) };
    let (before, now) = (&earlier.checkpoint, &later.checkpoint);
    if before.origin != now.origin {
        let (before, now) = (before.origin.to_string(), now.origin.to_string());
        return Err(AuditError::OtherLog { before, now });
    }
    if now.size < before.size {
        return Err(alarm(earlier, &later, folder, format!("it had {} entries and has {} now", before.size, now.size)));
    }
    if now.size == before.size && now.root != before.root {
        return Err(alarm(earlier, &later, folder, format!("its {} entries are others than before", now.size)));
    }
    let vouched = Vouched::open(server, later, keys)?;
    match verify_extends(before, vouched.checkpoint(), &vouched.tree) {
        Ok(()) => Ok(vouched),
        Err(Unverified::Wrong(Discrepancy::Rewritten)) => {
            let how = format!(
                "the {} entries of now do not begin with the {} of before",
                vouched.checkpoint().size,
                before.size
            );
            Err(alarm(earlier, &vouched.signed, folder, how))
        }
        Err(error) => Err(error.into()),
    }
}

/// Where both checkpoints are kept if the log was rewritten: beside the state, or beside what is exported.
pub fn evidence_folder(state: Option<&State>, output: Option<&Path>) -> PathBuf {
    folder_of(state.map(State::path).or(output))
}

fn alarm(earlier: &Signed, later: &Signed, folder: &Path, how: String) -> AuditError {
    let kept = |signed: &Signed| {
        let root = hex::encode(signed.checkpoint.root.0);
        let name = format!("checkpoint-{}-{}.note", signed.checkpoint.size, root.get(..16).unwrap_or_default());
        let path = folder.join(name);
        write_whole(&path, &signed.note).map(|()| path)
    };
    match (kept(earlier), kept(later)) {
        (Ok(earlier), Ok(later)) => AuditError::Rewritten { how, earlier, later },
        (Err(error), _) | (_, Err(error)) => error,
    }
}

fn write_whole(path: &Path, text: &str) -> Result<(), AuditError> {
    let mut saving = Saving::begin(path, true)?;
    saving.write_all(text.as_bytes()).map_err(|source| SaveError::Unwritable { target: path.to_owned(), source })?;
    Ok(saving.keep()?)
}
