//! The front desk: the only room that joins domain and storage.
//!
//! A [`Repository`] is one data directory, opened and verified. What people do with it goes through
//! [`Repository::submit`] and the rooms below; what they may do is decided by `pure::domain`.
//!
//! In reading order: [`startup`] opens a directory; [`registrar`] enters what people ask for, with [`lodging`],
//! [`undertaking`] and [`reading`] around it; [`publishing`] signs and has witnessed what was entered, and [`evidence`] proves it;
//! [`sweeping`] and [`checking`] look after the directory. [`witness`] stands by itself: it cosigns other people's
//! logs.
//!
//! Not here: HTTP, certificates, the command line, and any rule.

pub mod bootstrap;
pub mod checking;
pub mod clock;
pub mod evidence;
mod examining;
mod ids;
pub mod lodging;
pub mod publishing;
pub mod reading;
pub mod registrar;
pub mod reserve;
pub mod startup;
pub mod sweeping;
pub mod undertaking;
pub mod witness;

use std::sync::Arc;

use crate::pure::domain::command::{Actor, Command, Request, System};
use crate::pure::domain::document::Document;
use crate::pure::domain::facts::{Facts, FactsDamaged, FactsExt};
use crate::pure::domain::id::{CredentialId, Handle, Label};
use crate::pure::domain::standing::{Standing, Undecided};
use crate::pure::domain::version::Version;
use crate::pure::tlog::leaf::Origin;
use crate::storage::blobs::BlobStore;
use crate::storage::view::View;
use clock::Clock;
use evidence::Evidence;
use publishing::Publications;
use publishing::rollback::{Denial, Rollback};
use publishing::witnessing::WitnessingStatus;
use reading::ReleaseRule;
use registrar::{Answered, NotDone, Registrar};
use reserve::Reserve;

/// A version and the document that it belongs to.
pub type NamedVersion = (Arc<Document>, Arc<Version>);

/// One data directory, opened, verified and kept by one registrar.
pub struct Repository {
    origin: Origin,
    registrar: Registrar,
    view: View,
    blobs: BlobStore,
    clock: Arc<Clock>,
    evidence: Evidence,
    release: ReleaseRule,
    reserve: Reserve,
    denial: Arc<Denial>,
}

impl Repository {
    /// Has a command of the holder of `credential` decided. `idempotency_key` is the client's, if it gave one.
    pub async fn submit(
        &self,
        credential: CredentialId,
        command: Command,
        idempotency_key: Option<String>,
    ) -> Result<Answered, NotDone> {
        let determined = match &command {
            Command::DetermineClassification { document, label, .. } => Some((document.clone(), label.clone())),
            _ => None,
        };
        self.check_denial()?;
        if matches!(command, Command::ReadContent { .. }) {
            self.release.admit()?;
        }
        let request = request(Actor::Credential(credential), command, idempotency_key)?;
        let answered = self.registrar.submit(request).await?;
        if let Some((document, label)) = determined {
            self.determined(&document, &label).await;
        }
        Ok(answered)
    }

    /// Makes a heartbeat entry.
    pub async fn beat(&self) -> Result<Answered, NotDone> {
        self.check_denial()?;
        self.registrar.submit(request(Actor::System(System::Heartbeat), Command::Beat, None)?).await
    }

    /// Who is behind a credential at this instant; for lists, which make no entry.
    pub fn standing(&self, credential: CredentialId) -> Result<Standing, NotDone> {
        Standing::of(&self.view, credential, self.clock.now()).map_err(|undecided| match undecided {
            Undecided::Unrecognised(unknown) => NotDone::Unrecognised(unknown),
            Undecided::Damaged(damaged) => damaged.into(),
        })
    }

    /// The facts, for lists and for what an entry just made.
    pub fn facts(&self) -> &dyn Facts {
        &self.view
    }

    /// The version of that label, whoever asks: for what an entry just made.
    pub fn version(&self, document: &Handle, label: &Label) -> Result<Option<NamedVersion>, NotDone> {
        let Some(found) = self.view.document(document)? else { return Ok(None) };
        let Some(lodged) = self.view.label(document, label)? else { return Ok(None) };
        Ok(self.view.version(document, lodged)?.map(|version| (found, version)))
    }

    /// The log's name.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// What makes evidence.
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// The published checkpoints.
    pub fn publications(&self) -> &Publications {
        &self.evidence.publications
    }

    /// How the witnesses are doing.
    pub fn witnessing(&self) -> WitnessingStatus {
        self.release.board.status()
    }

    /// Why no content is read at present, if reads wait for witnesses who are missing.
    pub fn withheld(&self) -> Option<String> {
        self.release.withheld()
    }

    /// Why nothing can be entered any more, if so: a restart recovers.
    pub fn standstill(&self) -> Option<String> {
        self.registrar.standstill()
    }

    /// Why nothing, or only slowly, is entered at present, each with its remedy.
    pub fn obstacles(&self) -> Vec<String> {
        self.registrar.obstacles(self.clock.now())
    }

    /// The proof that the log was rolled back, if it was found while the server ran: then everything is denied.
    pub fn rolled_back(&self) -> Option<&Rollback> {
        self.denial.finding()
    }

    fn check_denial(&self) -> Result<(), NotDone> {
        self.rolled_back().map_or(Ok(()), |finding| Err(NotDone::LogUnavailable(finding.to_string())))
    }

    /// After a determination was entered: the key object of the new level is added. Should this fail, the next read
    /// adds it.
    async fn determined(&self, document: &Handle, label: &Label) {
        let Ok(Some((_, version))) = self.version(document, label) else { return };
        if let Err(error) = self.bring_key_to_level(&version).await {
            tracing::warn!(%error, "the key of a version was not added for its level; the next read adds it");
        }
    }
}

impl From<FactsDamaged> for NotDone {
    fn from(damaged: FactsDamaged) -> Self {
        Self::LogUnavailable(damaged.to_string())
    }
}

fn request(actor: Actor, command: Command, idempotency_key: Option<String>) -> Result<Request, NotDone> {
    let request = match idempotency_key {
        Some(key) => key,
        None => ids::request().map_err(|error| NotDone::LogUnavailable(error.to_string()))?,
    };
    Ok(Request { actor, command, request })
}

#[cfg(test)]
pub(crate) mod tests;
