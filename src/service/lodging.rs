//! Lodging: a version's bytes first become durable, then the entry that names them (LODGE-3).
//!
//! A crash or a broken connection before the entry leaves an orphan blob, which the sweep removes; nothing is lodged.

use std::sync::Arc;

use bytes::Bytes;
use jiff::civil::Date;

use super::Repository;
use super::examining::examined;
use super::registrar::{Answered, NotDone};
use crate::pure::domain::classification::{Classification, Tlp};
use crate::pure::domain::command::Command;
use crate::pure::domain::document::Document;
use crate::pure::domain::id::{CredentialId, Digest, DirectionId, Handle, Label};
use crate::pure::domain::signature::ExaminedSignature;
use crate::pure::domain::version::{Content, Version};
use crate::pure::lodger::LodgementText;
use crate::storage::blobs::{BlobError, BlobWriter};
use crate::storage::seal::keys::KeyLevel;

/// What is said about a version that is to be lodged.
#[derive(Clone)]
#[cfg_attr(test, derive(Debug))]
pub struct NewVersion {
    /// The document.
    pub document: Handle,
    /// The label.
    pub label: Label,
    /// The media type.
    pub content_type: String,
    /// The digest that the bytes must have, if the lodger said.
    pub digest: Option<Digest>,
    /// The level that the lodger proposes.
    pub classification: Option<Classification>,
    /// The marking of the Traffic Light Protocol that this was read from, if it was (CLASS-4).
    pub tlp: Option<Tlp>,
    /// The day on which it was incorporated.
    pub incorporated: Option<Date>,
    /// The day from which it has effect.
    pub effective: Option<Date>,
    /// A note.
    pub note: Option<String>,
    /// The direction that it discharges.
    pub direction: Option<DirectionId>,
    /// The lodger's own signature in DER, if it sent one (LODGE-6). It is examined when all bytes are there.
    pub signature: Option<Vec<u8>>,
}

crate::pure::untold::untold!(NewVersion);

/// A version whose bytes are being taken.
pub struct OpenLodgement<'a> {
    repository: &'a Repository,
    credential: CredentialId,
    new: NewVersion,
    blob: BlobWriter,
}

/// A version that is lodged.
#[derive(Debug)]
pub struct Lodged {
    /// The index of the entry, if this lodgement made it; `None` where the same version was lodged before.
    pub entry: Option<u64>,
    /// The document.
    pub document: Arc<Document>,
    /// The version.
    pub version: Arc<Version>,
}

/// Why a version is not lodged.
#[derive(Debug, thiserror::Error)]
pub enum LodgeError {
    /// It was refused, or could not be entered.
    #[error(transparent)]
    NotDone(#[from] NotDone),
    /// Its bytes could not be kept.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// The disk has no more room than the log needs.
    #[error("documents leave the last space of the disk to the log, and no more is left; free space, then try again")]
    NoRoom,
    /// Its bytes are not those that the lodger announced.
    #[error("the bytes received have another SHA-256 than Content-Digest announced; nothing was lodged")]
    DigestMismatch,
    /// It was entered, but the view does not show it.
    #[error("the version was lodged, but the view does not show it; restart the server")]
    NotInView,
}

impl Repository {
    /// Asks whether the version may be lodged, and makes ready to take its bytes. Drop the result to give it up.
    pub async fn begin_lodgement(
        &self,
        credential: CredentialId,
        new: NewVersion,
        max_bytes: u64,
    ) -> Result<OpenLodgement<'_>, LodgeError> {
        let offer = Command::OfferVersion {
            document: new.document.clone(),
            label: new.label.clone(),
            digest: new.digest,
            direction: new.direction,
        };
        self.submit(credential, offer, None).await?;
        self.leave_room()?;
        let blob = self.blobs.begin(KeyLevel::Undetermined, max_bytes)?;
        Ok(OpenLodgement { repository: self, credential, new, blob })
    }

    /// Refuses more bytes of documents where only the log's reserve is left.
    fn leave_room(&self) -> Result<(), LodgeError> {
        if self.reserve.is_whole() { Ok(()) } else { Err(LodgeError::NoRoom) }
    }

    /// Verifies the signature that came with a version against the text of exactly this lodgement. What follows is
    /// decided with the rest (LODGE-6).
    fn examine(&self, new: &NewVersion, digest: Digest, size: u64) -> Option<ExaminedSignature> {
        let der = new.signature.as_deref()?;
        let text = LodgementText {
            origin: self.origin.as_str(),
            document: new.document.as_str(),
            label: new.label.as_str(),
            sha256: digest.0,
            size,
            incorporated: new.incorporated,
            effective: new.effective,
            classification: new.classification.map(Classification::as_str),
        };
        Some(examined(der, text.to_string().as_bytes()))
    }
}

impl OpenLodgement<'_> {
    /// Takes the next bytes. After an error the lodgement is over.
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), LodgeError> {
        self.repository.leave_room()?;
        Ok(self.blob.write(bytes).await?)
    }

    /// Gives the lodgement up.
    pub async fn abort(self) {
        self.blob.abort().await;
    }

    /// Ends the bytes and lodges the version: decided again, since things may have changed since the first byte.
    pub async fn finish(self) -> Result<Lodged, LodgeError> {
        let Self { repository, credential, new, blob } = self;
        let digest = Digest(blob.digest());
        if new.digest.is_some_and(|announced| announced != digest) {
            blob.abort().await;
            return Err(LodgeError::DigestMismatch);
        }
        let stored = blob.finish().await?;
        let signature = repository.examine(&new, digest, stored.size);
        let (document, label) = (new.document.clone(), new.label.clone());
        let content =
            Content { blob: stored.id.to_string(), digest, size: stored.size, content_type: new.content_type };
        let command = Command::LodgeVersion {
            document: new.document,
            label: new.label,
            content,
            classification: new.classification,
            tlp: new.tlp,
            incorporated: new.incorporated,
            effective: new.effective,
            note: new.note,
            direction: new.direction,
            signature,
        };
        let answered = repository.submit(credential, command, None).await;
        if names_no_blob(&answered) {
            repository.blobs.give_up(stored, KeyLevel::Undetermined).await;
        }
        match answered? {
            Answered::LodgedBefore(document, version) => Ok(Lodged { entry: None, document, version }),
            answered => {
                let (document, version) = repository.version(&document, &label)?.ok_or(LodgeError::NotInView)?;
                Ok(Lodged { entry: answered.entry(), document, version })
            }
        }
    }
}

/// Whether it is certain that no entry names the blob that was offered. Where it cannot be known what was stored, the
/// blob stays: the sweep asks the view that the next start has verified.
fn names_no_blob(answered: &Result<Answered, NotDone>) -> bool {
    match answered {
        Ok(answered) => matches!(answered, Answered::LodgedBefore(..)),
        Err(NotDone::LogUnavailable(_) | NotDone::ShuttingDown) => false,
        Err(_) => true,
    }
}
