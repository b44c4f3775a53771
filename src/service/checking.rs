//! Checking: reads everything that a data directory holds again, for `strongroom check`.
//!
//! It gives out no record and no content: what it finds is named by numbers and by the ids of blobs. Opening the
//! directory has verified the last signed checkpoint against the journal and the log's tiles against the tree; what a
//! start repairs by itself, a view or tiles that are made anew, it has told as a warning.
//!
//! Not here: the proof that old segments were never exchanged for others under the same keys; that takes checkpoints
//! that someone else kept.

use std::fs;
use std::ops::ControlFlow;

use super::Repository;
use super::reading::{blob_of, key_level};
use super::startup::{Running, StartError, replay_view};
use crate::pure::domain::facts::{Fact, FactList, Facts, FactsDamaged};
use crate::pure::domain::version::Version;
use crate::storage::blobs::BlobError;
use crate::storage::journal::{self, JournalError};
use crate::storage::seal::keys::KeyLevel;
use crate::storage::view::{View, ViewError, ViewOptions};

/// How far a check has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Entries of the journal: frames, chain, tree, and that every entry commits to its record.
    Entries {
        /// How many are verified.
        done: u64,
        /// How many there are.
        total: u64,
    },
    /// Versions: their bytes decrypt and have the digest that was lodged.
    Versions {
        /// How many are verified.
        done: u64,
        /// How many there are.
        total: u64,
    },
    /// The view is compared with one that is made anew.
    View,
}

/// What a check read, and what it found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// How many entries were verified.
    pub entries: u64,
    /// How many versions were verified.
    pub versions: u64,
    /// What is wrong, a sentence each with its remedy; empty when all is well.
    pub findings: Vec<String>,
}

/// Why a check could not be carried through.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The journal is damaged.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The view cannot be read.
    #[error(transparent)]
    View(#[from] ViewError),
    /// A fact cannot be read.
    #[error(transparent)]
    Facts(#[from] FactsDamaged),
    /// The journal cannot be replayed.
    #[error(transparent)]
    Replay(#[from] StartError),
    /// The view that was made for comparison cannot be removed.
    #[error("the view that was made for comparison, {0}, cannot be removed; remove it by hand: {1}")]
    Leftover(std::path::PathBuf, std::io::Error),
}

impl Running {
    /// Checks everything. Blocks for as long as reading everything takes; `progress` is told meanwhile.
    pub async fn check(&self, progress: &mut (dyn FnMut(Progress) + Send)) -> Result<Checked, CheckError> {
        let repository = &self.repository;
        let mut checked = Checked::default();
        journal::scrub(&repository.evidence().records, |state| {
            checked.entries = state.verified;
            progress(Progress::Entries { done: state.verified, total: state.total });
            ControlFlow::Continue(())
        })?;
        let versions = repository.versions()?;
        let total = versions.len() as u64;
        for version in &versions {
            if let Err(error) = repository.check_content(version).await {
                checked.findings.push(error.to_string());
            }
            checked.versions += 1;
            progress(Progress::Versions { done: checked.versions, total });
        }
        progress(Progress::View);
        if !self.view_is_what_the_journal_makes()? {
            let finding = "the view holds other facts than the journal makes; run 'strongroom rebuild'";
            checked.findings.push(finding.to_owned());
        }
        Ok(checked)
    }

    fn view_is_what_the_journal_makes(&self) -> Result<bool, CheckError> {
        let name = format!("view-check-{}", self.repository.clock().now().unix_micros());
        let folder = self.data.join(name);
        let fresh = View::open(&folder, &self.view_key, ViewOptions::default())?;
        let made = replay_view(&fresh, &self.repository.evidence().records).map_err(CheckError::from);
        let same = made.and_then(|()| Ok(fresh.fingerprint()? == self.repository.view.fingerprint()?));
        drop(fresh);
        fs::remove_dir_all(&folder).map_err(|error| CheckError::Leftover(folder, error))?;
        same
    }
}

impl Repository {
    fn versions(&self) -> Result<Vec<std::sync::Arc<Version>>, FactsDamaged> {
        let mut versions = Vec::new();
        for (_, slug) in self.view.list(&FactList::Documents, None, usize::MAX)? {
            let Fact::Slug(slug) = slug else { continue };
            for (_, version) in self.view.list(&FactList::Versions(slug), None, usize::MAX)? {
                let Fact::Version(version) = version else { continue };
                versions.push(version);
            }
        }
        Ok(versions)
    }

    /// Verifies the bytes of a version, under the key of its level, or under the one that it was lodged with where the
    /// next read would add the other.
    async fn check_content(&self, version: &Version) -> Result<(), ContentFinding> {
        let blob = blob_of(version)?;
        let digest = &version.content.digest.0;
        match self.blobs.verify(blob, key_level(version.level()), digest).await {
            Err(BlobError::KeyMissing { .. }) => self.blobs.verify(blob, KeyLevel::Undetermined, digest).await?,
            verified => verified?,
        }
        Ok(())
    }
}

/// What is wrong with a version's bytes.
#[derive(Debug, thiserror::Error)]
enum ContentFinding {
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error(transparent)]
    Facts(#[from] FactsDamaged),
}
