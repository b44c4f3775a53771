//! The publisher: at each tick it grows the tree, signs its head, has it cosigned, and shows it. Its thread only waits for
//! the ticks.

use std::sync::Arc;
use std::sync::mpsc::RecvTimeoutError;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::witnessing::{NotGathered, Signed};
use super::{CHECKPOINT_FILE, Parts, Published};
use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::leaf::Entry;
use crate::pure::tlog::note::{MalformedNote, Note, NoteSignature};
use crate::service::registrar::Committed;
use crate::storage::tiles::error::TileError;

/// What publishes. It does so only while one of its methods runs.
pub struct Publisher {
    parts: Parts,
    /// What was committed and is not in the tiles yet.
    waiting: Vec<Entry>,
    /// The root of the tree with it.
    root: TreeHash,
    show: watch::Sender<Option<Arc<Published>>>,
    /// What was signed last since the start.
    signed: Option<Arc<Signed>>,
    /// With how many cosignatures that was published; `None` if it was not.
    published_with: Option<usize>,
    /// Whether what is shown is of before a rotation, so that a key that signs now has not signed it.
    lacks_a_key: bool,
}

impl Publisher {
    pub(super) fn new(parts: Parts, show: watch::Sender<Option<Arc<Published>>>) -> Self {
        let keys = parts.signers.verifier_keys();
        let shown = parts.latest.as_ref().and_then(|latest| Note::parse(latest.note.as_bytes()).ok());
        let lacks = |note: &Note| !keys.iter().all(|key| note.signatures().iter().any(|one| one.claims(key)));
        let lacks_a_key = shown.is_some_and(|note| lacks(&note));
        let root = parts.tiles.root();
        Self { parts, waiting: Vec::new(), root, show, signed: None, published_with: None, lacks_a_key }
    }

    /// Gives it a thread, which works as [`Publisher::run`] does.
    pub fn spawn(self) -> std::io::Result<JoinHandle<()>> {
        std::thread::Builder::new().name("publisher".into()).spawn(move || self.run())
    }

    /// Publishes at every tick until the registrar ends, and then a last time.
    pub fn run(mut self) {
        let mut tick = Instant::now() + self.parts.tick;
        let mut open = true;
        // What the start found beyond the last checkpoint is published at the first tick.
        while open {
            match self.parts.committed.recv_timeout(tick.saturating_duration_since(Instant::now())) {
                Ok(committed) => {
                    self.hear(committed);
                    continue;
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => open = false,
            }
            tick = next_tick(tick, self.parts.tick);
            self.publish_or_tell();
        }
        self.parts.board.stop();
    }

    /// Publishes what was committed so far. After an error the next tick tries again.
    pub fn tick(&mut self) -> Result<(), PublishError> {
        while let Ok(committed) = self.parts.committed.try_recv() {
            self.hear(committed);
        }
        self.publish()
    }

    /// Publishes a last time.
    pub fn finish(mut self) {
        while let Ok(committed) = self.parts.committed.try_recv() {
            self.hear(committed);
        }
        self.publish_or_tell();
        self.parts.board.stop();
    }

    fn hear(&mut self, committed: Committed) {
        self.waiting.extend(committed.entries);
        self.root = committed.root;
    }

    fn publish_or_tell(&mut self) {
        match self.publish() {
            Ok(()) => {}
            Err(PublishError::NotGathered(stop)) => self.tell(stop),
            Err(error) => tracing::error!(%error, "no checkpoint was published; the next tick tries again"),
        }
    }

    fn publish(&mut self) -> Result<(), PublishError> {
        if self.parts.denial.finding().is_some() {
            return Err(NotGathered::Denied.into());
        }
        self.grow()?;
        let (size, root) = (self.parts.tiles.size(), self.root);
        let signed = match self.signed.clone().filter(|signed| signed.checkpoint.size == size) {
            Some(signed) => signed,
            None if self.shown_size() == size && !self.lacks_a_key => {
                // What the last run published has what the policy asks for, or it would not be shown.
                self.parts.board.flows();
                return Ok(());
            }
            None => self.sign_anew(size, root)?,
        };
        let cosignatures = self.gather()?;
        if self.published_with.is_some_and(|before| before >= cosignatures.len()) {
            return Ok(());
        }
        let published = Published { size, note: assemble(&signed, &cosignatures) };
        self.keep_published(&published)?;
        self.show(published);
        self.published_with = Some(cosignatures.len());
        self.lacks_a_key = false;
        Ok(())
    }

    /// Makes the tree what the registrar says that it is.
    fn grow(&mut self) -> Result<(), PublishError> {
        self.parts.tiles.append(&self.waiting)?;
        self.waiting.clear();
        if self.parts.tiles.root() == self.root { Ok(()) } else { Err(PublishError::OtherTree) }
    }

    /// Signs a checkpoint and hands it to the witnesses, once it is durable.
    fn sign_anew(&mut self, size: u64, root: TreeHash) -> Result<Arc<Signed>, PublishError> {
        let signed = Arc::new(self.sign(size, root)?);
        self.keep_record(&signed)?;
        self.parts.board.submit(signed.clone());
        (self.signed, self.published_with) = (Some(signed.clone()), None);
        Ok(signed)
    }

    fn sign(&self, size: u64, root: TreeHash) -> Result<Signed, PublishError> {
        let time = u64::try_from(self.parts.clock.now().unix_micros()).unwrap_or_default() / 1_000_000;
        let checkpoint = Checkpoint { origin: self.parts.origin.clone(), size, root };
        let note = self.parts.signers.sign(&checkpoint, time)?;
        Ok(Signed { checkpoint, note })
    }

    /// Records that this tree was signed, where no older copy of the data directory takes it away, before the signature
    /// leaves.
    fn keep_record(&self, signed: &Signed) -> Result<(), PublishError> {
        self.parts.record.keep(&signed.note.to_string()).map_err(PublishError::NotRecorded)
    }

    fn gather(&self) -> Result<Vec<NoteSignature>, PublishError> {
        let cosignatures = self.parts.board.gather()?;
        self.parts.board.flows();
        Ok(cosignatures)
    }

    fn keep_published(&self, published: &Published) -> Result<(), PublishError> {
        self.parts.disk.swap(CHECKPOINT_FILE, published.note.as_bytes()).map_err(PublishError::NotKept)
    }

    fn show(&self, published: Published) {
        self.show.send_replace(Some(Arc::new(published)));
    }

    fn shown_size(&self) -> u64 {
        self.show.borrow().as_ref().map_or(0, |latest| latest.size)
    }

    /// A stall lasts as long as the witnesses are away: it is told when it begins, and now and then.
    fn tell(&self, stop: NotGathered) {
        // A rollback is told by who saw it, once.
        if let NotGathered::NoQuorum(why) = stop
            && self.parts.board.stalls(why.clone())
        {
            tracing::warn!(witnesses = %why, "no checkpoint is published: the policy's quorum of witnesses is not met");
        }
    }
}

/// The note of a checkpoint with the witnesses' signatures after the log's.
fn assemble(signed: &Signed, cosignatures: &[NoteSignature]) -> String {
    let mut note = signed.note.clone();
    cosignatures.iter().for_each(|cosignature| note.add(cosignature.clone()));
    note.to_string()
}

/// The tick after `tick`: at a fixed distance, whatever the work between them took, so that the time of a checkpoint
/// says nothing of when its entries were made. Ticks that have passed meanwhile are left out.
fn next_tick(tick: Instant, distance: Duration) -> Instant {
    let now = Instant::now();
    let late = now.saturating_duration_since(tick).as_micros() / distance.as_micros().max(1);
    tick + distance * u32::try_from(late).unwrap_or_default().saturating_add(1)
}

/// Why no checkpoint was published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The tiles cannot be written.
    #[error("audit log: {0}")]
    Tiles(#[from] TileError),
    /// They are not those of the journal.
    #[error("audit log: the tiles make another tree than the journal; restart the server, which rebuilds them")]
    OtherTree,
    /// The checkpoint makes no note.
    #[error("audit log: the checkpoint cannot be written as a note: {0}")]
    Unwritable(#[from] MalformedNote),
    /// The own record cannot be written.
    #[error("audit log: that a checkpoint was signed cannot be recorded beside the log's key: {0}")]
    NotRecorded(std::io::Error),
    /// The published checkpoint cannot be kept.
    #[error("audit log: the checkpoint cannot be kept: {0}")]
    NotKept(std::io::Error),
    /// The witnesses' quorum is not met, or the log was rolled back.
    #[error(transparent)]
    NotGathered(#[from] NotGathered),
}
