//! Reading: bytes leave only with a permit that the registrar made after the entry was durable (READ-4), and only once
//! that permit is released: where reads wait for witnesses, when a witnessed checkpoint covers the entry.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::Stream;

use super::Repository;
use super::publishing::rollback::{Denial, Rollback};
use super::publishing::witnessing::{Board, Reads};
use super::registrar::{NotDone, ReadPermit};
use crate::pure::domain::classification::{Classification, Level};
use crate::pure::domain::document::Document;
use crate::pure::domain::facts::{FactsDamaged, FactsExt};
use crate::pure::domain::id::{CredentialId, Handle, Label};
use crate::pure::domain::may::may_go_on_reading;
use crate::pure::domain::version::Version;
use crate::storage::blobs::{BlobError, BlobId, OpenBlob};
use crate::storage::seal::keys::KeyLevel;

/// Content that may be disclosed to the holder of the permit it was opened with.
pub struct Disclosure(OpenBlob);

impl Disclosure {
    /// The number of bytes of the whole content.
    pub fn size(&self) -> u64 {
        self.0.size()
    }

    /// The bytes of a range, in portions, each authenticated before it is released.
    pub fn bytes(&self, range: Range<u64>) -> impl Stream<Item = Result<Bytes, BlobError>> + Send + use<> {
        self.0.read(range)
    }
}

/// A permit whose entry is not only durable but witnessed, where reads wait for that. Whatever tells of content, be it
/// a header, a part or that it has not changed, takes one.
#[derive(Debug)]
pub struct Release(ReadPermit);

impl Release {
    /// The index of the entry that permits the read.
    pub fn entry(&self) -> u64 {
        self.0.entry()
    }

    /// The version as it was when the read was decided.
    pub fn version(&self) -> &Version {
        self.0.version()
    }
}

/// What a read waits for.
pub(super) struct ReleaseRule {
    pub(super) reads: Reads,
    /// How long a read waits for a published checkpoint that covers its entry.
    pub(super) patience: Duration,
    pub(super) board: Arc<Board>,
    pub(super) denial: Arc<Denial>,
}

impl ReleaseRule {
    /// Refuses a read before it makes an entry, while it could only wait in vain.
    pub(super) fn admit(&self) -> Result<(), NotDone> {
        let is_refused = self.reads == Reads::Refuse && self.board.stalled().is_some();
        if is_refused { Err(NotDone::Unwitnessed) } else { Ok(()) }
    }

    pub(super) fn withheld(&self) -> Option<String> {
        self.board.stalled().filter(|_| self.reads != Reads::Durable)
    }

    fn check_denial(&self, entry: u64) -> Result<(), Unreleased> {
        let denied = |finding: &Rollback| Unreleased::Denied { entry, reason: finding.to_string() };
        self.denial.finding().map_or(Ok(()), |finding| Err(denied(finding)))
    }
}

/// A WHITE version that is published: anyone may read it, without an entry (WHITE-1).
#[derive(Clone, Debug)]
pub struct PublishedVersion {
    document: Arc<Document>,
    version: Arc<Version>,
}

impl PublishedVersion {
    /// The document.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The version.
    pub fn version(&self) -> &Version {
        &self.version
    }

    fn holds(&self) -> bool {
        self.version.is_published()
    }
}

impl Repository {
    /// Releases what `permit` permits: at once, or, where reads wait for witnesses, when a published checkpoint covers
    /// the entry. If none comes in time the permit is spent: whoever asks again makes another entry.
    pub async fn release(&self, permit: ReadPermit) -> Result<Release, Unreleased> {
        let (rule, entry) = (&self.release, permit.entry());
        rule.check_denial(entry)?;
        if rule.reads != Reads::Durable {
            let covering = self.publications().covering(entry, rule.patience).await;
            covering.ok_or(Unreleased::Unwitnessed { entry })?;
            // What was published before a rollback was proven is not read after it.
            rule.check_denial(entry)?;
        }
        Ok(Release(permit))
    }

    /// Whether the holder of `credential` may go on reading that version: who they are and what they may read, at this
    /// instant, without the need (READ-8). A view that cannot be read permits nothing.
    ///
    /// It looks up a handful of facts that the read itself looked up, and makes no entry.
    pub fn may_go_on_reading(&self, credential: CredentialId, document: &Handle, label: &Label) -> bool {
        let Ok(standing) = self.standing(credential) else { return false };
        may_go_on_reading(&self.view, &standing, document, label).is_ok()
    }

    /// Opens the content that is released.
    pub async fn disclose(&self, release: &Release) -> Result<Disclosure, DisclosureError> {
        self.open_content(release.version()).await
    }

    /// Opens the content of a published version.
    pub async fn disclose_published(&self, published: &PublishedVersion) -> Result<Disclosure, DisclosureError> {
        self.open_content(&published.version).await
    }

    /// The published version of that name, if there is one.
    pub fn published(&self, document: &Handle, label: &Label) -> Result<Option<PublishedVersion>, NotDone> {
        let found = self.version(document, label)?;
        Ok(found.map(|(document, version)| PublishedVersion { document, version }).filter(PublishedVersion::holds))
    }

    /// Every published version, in the order of the documents' registration.
    pub fn all_published(&self) -> Result<Vec<PublishedVersion>, NotDone> {
        use crate::pure::domain::facts::{Fact, FactList, Facts};
        let mut published = Vec::new();
        for (_, slug) in self.view.list(&FactList::Documents, None, usize::MAX)? {
            let Fact::Slug(slug) = slug else { continue };
            let Some(document) = self.view.document(&slug)? else { continue };
            for (_, version) in self.view.list(&FactList::Versions(slug), None, usize::MAX)? {
                let Fact::Version(version) = version else { continue };
                published.push(PublishedVersion { document: document.clone(), version });
            }
        }
        published.retain(PublishedVersion::holds);
        Ok(published)
    }

    /// Opens a version's blob under the key of its level. The key object for a level that was determined is added after
    /// its entry; should a crash have come between, it is added here.
    async fn open_content(&self, version: &Version) -> Result<Disclosure, DisclosureError> {
        let blob = blob_of(version)?;
        let level = key_level(version.level());
        match self.blobs.open(blob, level).await {
            Err(BlobError::KeyMissing { .. }) => {
                self.bring_key_to_level(version).await?;
                Ok(Disclosure(self.blobs.open(blob, level).await?))
            }
            opened => Ok(Disclosure(opened?)),
        }
    }

    /// Adds the key object for the version's present level, from the one that it was lodged with.
    pub(super) async fn bring_key_to_level(&self, version: &Version) -> Result<(), DisclosureError> {
        let blob = blob_of(version)?;
        Ok(self.blobs.add_level(blob, KeyLevel::Undetermined, key_level(version.level())).await?)
    }
}

/// Why content is not released although its read is entered.
#[derive(Debug, thiserror::Error)]
pub enum Unreleased {
    /// No witnessed checkpoint covered the entry in time.
    #[error("no witnessed checkpoint covers the read in time, so that nothing is disclosed; try again")]
    Unwitnessed {
        /// The index of the entry.
        entry: u64,
    },
    /// The log was found to be rolled back.
    #[error("audit log: {reason}")]
    Denied {
        /// The index of the entry.
        entry: u64,
        /// The proof.
        reason: String,
    },
}

/// Why content that may be disclosed is not.
#[derive(Debug, thiserror::Error)]
pub enum DisclosureError {
    /// Its blob cannot be opened or read.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// The version names no blob.
    #[error(transparent)]
    Facts(#[from] FactsDamaged),
}

pub(super) fn blob_of(version: &Version) -> Result<BlobId, FactsDamaged> {
    version.content.blob.parse().map_err(|_| FactsDamaged("a version names no blob".into()))
}

pub(super) fn key_level(level: Level) -> KeyLevel {
    match level {
        Level::Undetermined => KeyLevel::Undetermined,
        Level::Determined(Classification::Red) => KeyLevel::Red,
        Level::Determined(Classification::Amber) => KeyLevel::Amber,
        Level::Determined(Classification::Green) => KeyLevel::Green,
        Level::Determined(Classification::White) => KeyLevel::White,
    }
}
