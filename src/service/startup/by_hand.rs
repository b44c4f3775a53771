//! A repository whose rooms work only when they are told: what the threads of a running one do over and over, step by
//! step. Every repository is opened like this; [`Running`](super::Running) then gives the rooms their threads.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::jump::{is_remembered, remember_jump};
use super::log_keys::Seeds;
use super::publication::{Publication, prepare_publication};
use super::signed::SignedBefore;
use super::stores::Stores;
use super::succession::Succession;
use super::tree::open_tiles;
use super::{BLOB_FOLDER, Ground, Patience, Settings, StartError, signers};
use crate::pure::domain::command::{Actor, Command, Request, System};
use crate::pure::tlog::verifier_key::VerifierKey;
use crate::service::clock::{Clock, ClockWatch};
use crate::service::evidence::Evidence;
use crate::service::publishing::{PublishError, Publisher};
use crate::service::reading::ReleaseRule;
use crate::service::registrar::{self, Answered, NotDone, Registrar, Writer};
use crate::service::reserve::Reserve;
use crate::service::{Repository, request};
use crate::storage::blobs::BlobStore;
use crate::storage::disk::Disk;
use crate::storage::journal::{self, Cut, JournalError, Scrubbed};
use crate::storage::seal::keys::{KeyEpoch, RootKey};
use crate::storage::seal::secret::SecretKey;
use crate::storage::view::View;

/// An open repository without threads.
pub struct ByHand {
    /// The repository. What is submitted to it waits for [`ByHand::decide`].
    pub repository: Arc<Repository>,
    /// The log's verifier keys: of the current epoch, Ed25519 first, and then those that still sign.
    pub verifier_keys: Vec<VerifierKey>,
    pub(super) cursor_key: SecretKey,
    pub(super) origin_since: u64,
    pub(super) writer: Writer,
    pub(super) publisher: Publisher,
    pub(super) reader: journal::Reader,
    /// Holds the lock of the data directory until everything has stopped.
    pub(super) disk: Arc<dyn Disk>,
}

impl ByHand {
    /// Opens and verifies the repository on that ground.
    pub fn start(settings: &Settings, clock: Arc<Clock>, ground: Ground) -> Result<Self, StartError> {
        Self::start_with(settings, clock, ground, None, is_remembered)
    }

    /// The same; `jumped` tells whether a jump of the clock is still to be accepted. With a `succession` the log goes
    /// on under another name.
    pub(super) fn start_with(
        settings: &Settings,
        clock: Arc<Clock>,
        ground: Ground,
        succession: Option<Succession>,
        jumped: impl FnOnce(&dyn Disk) -> Result<bool, StartError>,
    ) -> Result<Self, StartError> {
        let root = RootKey::new(settings.root_key.load()?);
        let seeds = Seeds::load(&settings.log_key)?;
        let signed = SignedBefore::read(&*ground.disk, ground.record.clone(), &seeds)?;
        let stores = Stores::open(settings, &clock, &ground, &root, &signed, succession.as_ref())?;
        let disk = ground.disk;

        let signers = signers(settings, &seeds, &stores)?;
        let verifier_keys = signers.verifier_keys();
        let succession = stores.succession_to_enter(&settings.origin, succession)?;
        let Stores { journal, opened, view, last_time } = stores;
        let reader = journal.reader();
        let tiles = open_tiles(&disk, &reader, opened.tree.size(), opened.tree.root())?;
        let tile_reader = tiles.reader();
        let blobs = BlobStore::local(disk.clone(), BLOB_FOLDER, root.clone(), KeyEpoch::FIRST)?;

        let (committed, commits) = std::sync::mpsc::channel();
        let jumped = jumped(&*disk)?;
        let (registrar, mut writer) = Registrar::prepare(
            registrar::Parts {
                origin: settings.origin.clone(),
                journal,
                view: view.clone(),
                clock: clock.clone(),
                watch: ClockWatch::new(jumped),
                on_jump: remember_jump(disk.clone(), clock.clone()),
                last_time,
                refusals_per_minute: settings.refusals_per_minute,
                committed,
            },
            settings.queue_length.get(),
        );
        enter_start(&mut writer, succession, opened.cut)?;
        // After the entries of the start: under another name nothing is signed before the entry that says so.
        let publication = prepare_publication(settings, clock.clone(), disk.clone(), tiles, signers, signed, commits)?;
        let Publication { publications, board, denial, publisher } = publication;
        let (reads, patience) = (settings.witnessing.reads, Patience::of(settings));
        let repository = Repository {
            origin: settings.origin.clone(),
            registrar,
            view,
            blobs: blobs.with_ids(ground.blob_ids),
            clock,
            evidence: Evidence {
                records: reader.clone(),
                tiles: tile_reader,
                publications,
                patience: patience.evidence,
            },
            release: ReleaseRule { reads, patience: patience.reads, board, denial: denial.clone() },
            reserve: Reserve { disk: disk.clone(), bytes: settings.reserve_bytes },
            denial,
        };
        Ok(Self {
            repository: Arc::new(repository),
            verifier_keys,
            cursor_key: root.cursor_key(),
            origin_since: opened.origin_since,
            writer,
            publisher,
            reader,
            disk,
        })
    }

    /// Decides what was submitted and waits, as far as one batch goes. Whether anything waited.
    pub fn decide(&mut self) -> bool {
        self.writer.step()
    }

    /// Has a request decided at once.
    pub fn enter(&mut self, request: Request) -> Result<Answered, NotDone> {
        self.writer.enter(request)
    }

    /// Publishes a checkpoint of what was entered so far.
    pub fn publish(&mut self) -> Result<(), PublishError> {
        self.publisher.tick()
    }

    /// Verifies the whole journal, as the background scrub does.
    pub fn scrub(&self) -> Result<Scrubbed, JournalError> {
        journal::scrub(&self.reader, |_| ControlFlow::Continue(()))
    }

    /// The view that decisions are made on.
    pub fn view(&self) -> &View {
        &self.repository.view
    }

    /// The journal, to be read.
    pub fn journal(&self) -> &journal::Reader {
        &self.reader
    }

    /// Closes the journal and publishes a last checkpoint.
    pub fn stop(self) {
        self.writer.close();
        self.publisher.finish();
        flush(&self.repository);
    }
}

/// Makes the view durable; what fails, the next start makes up for.
pub(super) fn flush(repository: &Repository) {
    if let Err(error) = repository.view.flush() {
        tracing::warn!(%error, "the view was not flushed; the next start replays what it lacks");
    }
}

/// Enters what the start did: that the log goes on under another name, and what was cut from the journal.
fn enter_start(writer: &mut Writer, succession: Option<Succession>, cuts: Vec<Cut>) -> Result<(), StartError> {
    let succeeded = succession.map(|succession| succession.command);
    let recovered = cuts.into_iter().map(|cut| Command::EnterRecovery { cut_bytes: cut.length, moved_to: cut.file });
    for command in succeeded.into_iter().chain(recovered) {
        writer.enter(request(Actor::System(System::Recovery), command, None)?)?;
    }
    Ok(())
}
