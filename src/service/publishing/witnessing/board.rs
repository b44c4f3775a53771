//! The board between the publisher and the witnesses' threads: the checkpoint to be cosigned, and what came of it.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::failure::Failure;
use super::rollback;
use super::status::{Outcome, WitnessStatus, WitnessingStatus};
use super::way::Witness;
use super::worker::Worker;
use super::{Times, Witnessing};
use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::leaf::Origin;
use crate::pure::tlog::note::{Note, NoteSignature};
use crate::pure::tlog::policy::{Policy, PolicyWitness};
use crate::pure::tlog::verifier_key::VerifierKey;
use crate::service::publishing::rollback::{Denial, Rollback};
use crate::storage::tiles::files::TileFolder;
use crate::storage::tiles::reader::TileReader;

/// A checkpoint under the log's own signatures, which are durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::service::publishing) struct Signed {
    /// What is signed.
    pub checkpoint: Checkpoint,
    /// The note with the log's signatures alone.
    pub note: Note,
}

/// What the publisher and the witnesses' threads share.
pub(in crate::service) struct Board {
    policy: Policy,
    times: Times,
    origin: Origin,
    keys: Vec<VerifierKey>,
    denial: Arc<Denial>,
    /// Taken away when the server stops, so that a thread that still waits for its witness holds no file.
    tiles: Mutex<Option<TileReader<TileFolder>>>,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    target: Option<Arc<Signed>>,
    /// By the place of the witness in the policy.
    standings: Vec<Standing>,
    statuses: Vec<WitnessStatus>,
    stalled: Option<Stalled>,
    last_quorum: Instant,
    stopping: bool,
}

/// How one witness stands to the target.
#[derive(Clone, Debug)]
enum Standing {
    /// It is asked, or is about to be.
    Asked,
    Cosigned(NoteSignature),
    /// It failed, at this target or at an earlier one, and is not asked again before its pause is over.
    Failed(String),
}

struct Stalled {
    reason: String,
    told: Instant,
}

/// Why a checkpoint is not to be published.
#[derive(Debug, thiserror::Error)]
pub enum NotGathered {
    /// Not enough witnesses cosigned.
    #[error("the policy's quorum of witnesses is not met: {0}")]
    NoQuorum(String),
    /// The log was found to be rolled back, which is told by who found it.
    #[error("the log was found to be rolled back")]
    Denied,
}

impl Board {
    /// A board for the log of `origin`, whose keys are `keys`.
    pub(in crate::service) fn new(
        witnessing: &Witnessing,
        origin: Origin,
        keys: Vec<VerifierKey>,
        tiles: TileReader<TileFolder>,
        denial: Arc<Denial>,
    ) -> Self {
        let names = witnessing.policy.witnesses().iter().map(|witness| witness.name.clone());
        let statuses: Vec<_> = names.map(|name| WitnessStatus { name, ..WitnessStatus::default() }).collect();
        let state = State {
            target: None,
            standings: vec![Standing::Asked; statuses.len()],
            statuses,
            stalled: None,
            last_quorum: Instant::now(),
            stopping: false,
        };
        Self {
            policy: witnessing.policy.clone(),
            times: witnessing.times,
            origin,
            keys,
            denial,
            tiles: Mutex::new(Some(tiles)),
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

    /// Starts a thread for each witness. They end after [`Board::stop`], which does not wait for a call under way.
    pub(in crate::service) fn start(self: &Arc<Self>, ways: &[Arc<dyn Witness>]) -> io::Result<()> {
        for (place, (witness, way)) in self.policy.witnesses().iter().zip(ways).enumerate() {
            let worker = Worker::new(Arc::clone(self), place, witness.clone(), Arc::clone(way));
            std::thread::Builder::new().name(format!("witness {place}")).spawn(move || worker.run())?;
        }
        Ok(())
    }

    /// Has a checkpoint cosigned, in place of the one before it.
    pub(in crate::service::publishing) fn submit(&self, signed: Arc<Signed>) {
        let mut state = self.lock();
        state.target = Some(signed);
        for standing in &mut state.standings {
            if let Standing::Cosigned(_) = standing {
                *standing = Standing::Asked;
            }
        }
        self.changed.notify_all();
    }

    /// The cosignatures of the checkpoint that was submitted last. With a quorum it waits until that is met, and then a
    /// little longer for the others, but not beyond the deadline, nor when nobody is left to wait for. Without one it
    /// gives what is there.
    pub(in crate::service::publishing) fn gather(&self) -> Result<Vec<NoteSignature>, NotGathered> {
        let deadline = Instant::now() + self.times.deadline;
        let mut until = deadline;
        let mut was_met = false;
        let mut state = self.lock();
        loop {
            if self.denial.finding().is_some() {
                return Err(NotGathered::Denied);
            }
            let is_met = self.policy.is_met_by(&state.cosigned_by(&self.policy));
            if is_met && !was_met {
                (was_met, until) = (true, deadline.min(Instant::now() + self.times.grace));
            }
            let left = until.saturating_duration_since(Instant::now());
            let is_over = left.is_zero() || !state.is_anyone_asked() || !self.policy.asks_for_witnesses();
            match (is_over, is_met) {
                (true, true) => return Ok(state.cosignatures()),
                (true, false) => return Err(NotGathered::NoQuorum(state.reasons(&self.policy))),
                (false, _) => state = self.wait(state, left),
            }
        }
    }

    /// The quorum is met, so that nothing stalls.
    pub(in crate::service::publishing) fn flows(&self) {
        let mut state = self.lock();
        state.last_quorum = Instant::now();
        if state.stalled.take().is_some() {
            tracing::info!("the witnesses' quorum is met again: checkpoints are published");
        }
    }

    /// Publication stalls. Whether that should be told: it is new, or was not told for a while.
    pub(in crate::service::publishing) fn stalls(&self, reason: String) -> bool {
        let mut state = self.lock();
        let is_told = state.stalled.as_ref().is_some_and(|stalled| stalled.told.elapsed() < TELLING_INTERVAL);
        let told = match (is_told, &state.stalled) {
            (true, Some(stalled)) => stalled.told,
            _ => Instant::now(),
        };
        state.stalled = Some(Stalled { reason, told });
        !is_told
    }

    /// Why no checkpoint is published at present, if the quorum is missing.
    pub(in crate::service) fn stalled(&self) -> Option<String> {
        self.lock().stalled.as_ref().map(|stalled| stalled.reason.clone())
    }

    /// How the witnesses are doing.
    pub(in crate::service) fn status(&self) -> WitnessingStatus {
        let state = self.lock();
        WitnessingStatus {
            witnesses: state.statuses.clone(),
            stalled: state.stalled.as_ref().map(|stalled| stalled.reason.clone()),
            since_quorum: self.policy.asks_for_witnesses().then(|| state.last_quorum.elapsed()),
        }
    }

    /// Stops the log: a witness proved that it was rolled back.
    fn deny(&self, rollback: Rollback) {
        self.denial.deny(rollback);
        // Whoever waits on the board looks at the denial as well; the lock keeps the news from falling between two
        // looks.
        drop(self.lock());
        self.changed.notify_all();
    }

    /// Lets the witnesses' threads end.
    pub(in crate::service::publishing) fn stop(&self) {
        self.lock().stopping = true;
        self.tiles.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'s>(&self, state: MutexGuard<'s, State>, at_most: Duration) -> MutexGuard<'s, State> {
        self.changed.wait_timeout(state, at_most).unwrap_or_else(PoisonError::into_inner).0
    }
}

/// What the witnesses' threads do.
impl Board {
    pub(super) fn times(&self) -> Times {
        self.times
    }

    /// Waits until there is a checkpoint for the witness at `place` to cosign, other than the one of the size `done`,
    /// and `not_before` has come. `None` when there will be none.
    pub(super) fn next(&self, place: usize, done: Option<u64>, not_before: Instant) -> Option<Arc<Signed>> {
        let mut state = self.lock();
        loop {
            if state.stopping || self.denial.finding().is_some() {
                return None;
            }
            let pause = not_before.saturating_duration_since(Instant::now());
            let target = state.target.clone().filter(|target| done != Some(target.checkpoint.size));
            state = match target {
                Some(target) if pause.is_zero() => {
                    if let Some(standing) = state.standings.get_mut(place) {
                        *standing = Standing::Asked;
                    }
                    return Some(target);
                }
                Some(_) => self.wait(state, pause),
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    pub(super) fn cosigned(&self, place: usize, signed: &Signed, cosignature: NoteSignature) {
        let mut state = self.lock();
        let size = signed.checkpoint.size;
        if let Some(status) = state.statuses.get_mut(place) {
            status.count(Outcome::Cosigned);
            status.cosigned_size = size;
        }
        let is_target = state.target.as_ref().is_some_and(|target| target.checkpoint.size == size);
        if let Some(standing) = state.standings.get_mut(place).filter(|_| is_target) {
            *standing = Standing::Cosigned(cosignature);
        }
        self.changed.notify_all();
    }

    pub(super) fn failed(&self, place: usize, failure: Failure) {
        let mut state = self.lock();
        if let (Some(status), Some(outcome)) = (state.statuses.get_mut(place), failure.outcome()) {
            status.count(outcome);
            tracing::debug!(witness = %status.name, %failure, "a witness did not cosign");
        }
        if let Some(standing) = state.standings.get_mut(place) {
            *standing = Standing::Failed(failure.to_string());
        }
        drop(state);
        self.changed.notify_all();
        if let Failure::RolledBack(rollback) = failure {
            self.deny(*rollback);
        }
    }

    pub(super) fn consistency(&self, old: u64, new: u64) -> Result<Vec<TreeHash>, Failure> {
        self.with_tiles(|tiles| Ok(tiles.consistency(old, new)?))
    }

    /// Whether the last checkpoint that a witness holds proves a rollback.
    pub(super) fn examine(&self, way: &dyn Witness, name: &str) -> Result<Option<Rollback>, Failure> {
        let Some(note) = way.latest(&self.origin)? else { return Ok(None) };
        self.with_tiles(|tiles| Ok(rollback::judge(&note, name, &self.keys, tiles)?))
    }

    fn with_tiles<T>(&self, read: impl FnOnce(&TileReader<TileFolder>) -> Result<T, Failure>) -> Result<T, Failure> {
        let tiles = self.tiles.lock().unwrap_or_else(PoisonError::into_inner);
        tiles.as_ref().map_or(Err(Failure::Stopping), read)
    }
}

impl State {
    fn cosigned_by<'p>(&self, policy: &'p Policy) -> Vec<&'p VerifierKey> {
        let cosigned = |(witness, standing): (&'p PolicyWitness, &Standing)| {
            matches!(standing, Standing::Cosigned(_)).then_some(&witness.key)
        };
        policy.witnesses().iter().zip(&self.standings).filter_map(cosigned).collect()
    }

    fn cosignatures(&self) -> Vec<NoteSignature> {
        let cosignature = |standing: &Standing| match standing {
            Standing::Cosigned(cosignature) => Some(cosignature.clone()),
            _ => None,
        };
        self.standings.iter().filter_map(cosignature).collect()
    }

    fn is_anyone_asked(&self) -> bool {
        self.standings.iter().any(|standing| matches!(standing, Standing::Asked))
    }

    /// Which witnesses are missing, and why.
    fn reasons(&self, policy: &Policy) -> String {
        let missing = policy.witnesses().iter().zip(&self.standings).filter_map(|(witness, standing)| match standing {
            Standing::Cosigned(_) => None,
            Standing::Asked => Some(format!("{}: it has not answered yet", witness.name)),
            Standing::Failed(why) => Some(format!("{}: {why}", witness.name)),
        });
        missing.collect::<Vec<_>>().join("; ")
    }
}

/// How often a lasting stall is told.
const TELLING_INTERVAL: Duration = Duration::from_secs(60);
