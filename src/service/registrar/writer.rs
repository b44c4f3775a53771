//! The registrar's work, a batch at a time; its thread does nothing but ask for the next. Only it writes the journal and
//! the view.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

use super::batch::{Batch, DecidedBatch};
use super::budget::RefusalBudget;
use super::conditions::Conditions;
use super::reply::{Answered, NotDone};
use super::{Job, Message};
use crate::pure::domain::command::Request;
use crate::pure::domain::time::Instant;
use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::leaf::{Entry, Origin};
use crate::service::clock::{Clock, ClockFault, ClockWatch};
use crate::storage::journal::{CommitError, Journal};
use crate::storage::view::{Position, View};

/// What the registrar works with. It owns the journal; the view is written by it alone and read by everyone.
pub struct Parts {
    /// The log's name.
    pub origin: Origin,
    /// The journal.
    pub journal: Journal,
    /// The view, which holds every entry of the journal.
    pub view: View,
    /// The clock.
    pub clock: Arc<Clock>,
    /// What watches it.
    pub watch: ClockWatch,
    /// Called when the clock is first seen to have jumped ahead, so that a restart still knows.
    pub on_jump: Box<dyn Fn() + Send>,
    /// The time of the last entry.
    pub last_time: Option<Instant>,
    /// How many refusals a person and minute become entries.
    pub refusals_per_minute: NonZeroU32,
    /// Where the tree hears of what was committed.
    pub committed: std::sync::mpsc::Sender<Committed>,
}

/// What one commit added to the tree.
#[derive(Clone, Debug)]
pub struct Committed {
    /// The new entries, in order.
    pub entries: Vec<Entry>,
    /// The size of the tree after it.
    pub size: u64,
    /// The root of the tree after it.
    pub root: TreeHash,
}

/// What decides requests and enters them. It does so only while one of its methods runs.
pub struct Writer {
    parts: Parts,
    budget: RefusalBudget,
    conditions: Arc<Conditions>,
    queue: mpsc::Receiver<Message>,
    batches: u64,
}

impl Writer {
    pub(super) fn new(parts: Parts, conditions: Arc<Conditions>, queue: mpsc::Receiver<Message>) -> Self {
        let budget = RefusalBudget::new(parts.refusals_per_minute);
        Self { parts, budget, conditions, queue, batches: 0 }
    }

    /// Works until it is told to stop, or every handle is gone, and the queue is empty; then closes the journal.
    pub fn run(mut self) {
        while let Some(message) = self.queue.blocking_recv() {
            self.take(message);
        }
        self.close();
    }

    /// Gives it a thread, which works as [`Writer::run`] does.
    pub fn spawn(self) -> std::io::Result<JoinHandle<()>> {
        std::thread::Builder::new().name("registrar".into()).spawn(move || self.run())
    }

    /// Decides what waits in the queue, as far as one batch goes. Whether anything waited.
    pub fn step(&mut self) -> bool {
        match self.queue.try_recv() {
            Ok(message) => {
                self.take(message);
                true
            }
            Err(_) => false,
        }
    }

    /// Has a request decided at once, before any other that does not wait yet.
    pub fn enter(&mut self, request: Request) -> Result<Answered, NotDone> {
        let (reply, mut answer) = oneshot::channel();
        self.take(Message::Job(Job { request, reply }));
        answer.try_recv().unwrap_or(Err(NotDone::ShuttingDown))
    }

    /// Closes the journal, unless it cannot be known what it holds.
    pub fn close(self) {
        if self.conditions.standstill().is_none()
            && let Err(error) = self.parts.journal.close()
        {
            tracing::warn!(%error, "the journal was not closed; the next start verifies its tail");
        }
    }

    fn take(&mut self, message: Message) {
        let Message::Job(first) = message else {
            self.queue.close();
            return;
        };
        match self.conditions.standstill() {
            Some(reason) => {
                let _ = first.reply.send(Err(NotDone::LogUnavailable(reason)));
            }
            None => self.batch(first),
        }
        self.batches += 1;
        if self.batches.is_multiple_of(BATCHES_BETWEEN_TIDYING) {
            self.budget.tidy();
        }
    }

    /// Decides `first` and all that waits behind it, as one batch.
    fn batch(&mut self, first: Job) {
        let parts = &mut self.parts;
        let next_index = parts.journal.next_index();
        let mut batch = Batch::new(&parts.origin, &self.budget, &parts.view, next_index, parts.last_time);
        let mut next = Some(first);
        while let Some(job) = next.take() {
            match parts.watch.entry_time(parts.clock.read(), batch.last_time()) {
                Ok(now) => {
                    if let Err(damaged) = batch.take(job, now) {
                        tracing::error!(error = %damaged, "the view is damaged: nothing is entered until a restart");
                        self.conditions.stand_still(damaged.to_string());
                        break;
                    }
                }
                Err(fault) => {
                    if fault == ClockFault::JumpedAhead {
                        self.conditions.jumped();
                        (parts.on_jump)();
                    }
                    let _ = job.reply.send(Err(NotDone::Clock(fault)));
                }
            }
            if batch.is_full() {
                break;
            }
            next = match self.queue.try_recv() {
                // What is told after a stop was in the queue before it.
                Ok(Message::Stop) => {
                    self.queue.close();
                    None
                }
                Ok(Message::Job(job)) => Some(job),
                Err(_) => None,
            };
        }
        let decided = batch.finish();
        self.commit(decided);
    }

    /// Makes a batch durable, brings the view up to it, and only then replies.
    fn commit(&mut self, decided: DecidedBatch) {
        let DecidedBatch { inputs, changes, last_time, replies } = decided;
        if inputs.is_empty() {
            replies.send();
            return;
        }
        self.conditions.write_begins();
        let committed = match self.parts.journal.commit(&inputs) {
            Ok(committed) => committed,
            Err(CommitError::NoSpace) => {
                self.conditions.full();
                tracing::error!("audit log: no space; everything that needs an entry is refused until there is");
                replies.fail(|| NotDone::LogFull(CommitError::NoSpace.to_string()));
                return;
            }
            Err(error @ (CommitError::Fatal(_) | CommitError::Stopped)) => {
                tracing::error!(%error, "audit log: it cannot be known what was stored; restart the server");
                self.conditions.write_failed();
                self.conditions.stand_still(error.to_string());
                replies.fail(|| NotDone::LogUnavailable(error.to_string()));
                return;
            }
            Err(error) => {
                self.conditions.write_failed();
                tracing::error!(%error, "audit log: a batch was not stored");
                replies.fail(|| NotDone::LogUnavailable(error.to_string()));
                return;
            }
        };
        self.parts.last_time = last_time;
        self.conditions.written(last_time);
        let position = Position { next_index: committed.next_index, chain: committed.chain.0 };
        if let Err(error) = self.parts.view.apply(changes, position) {
            // The entries are durable, so that a restart replays them; until then no decision could see them.
            tracing::error!(%error, "the view cannot be written: nothing is entered until a restart");
            self.conditions.stand_still(error.to_string());
            replies.fail(|| NotDone::LogUnavailable(error.to_string()));
            return;
        }
        let entries = inputs.iter().map(|input| input.entry).collect();
        // The tree's thread ends only with the server; what it misses it reads from the journal at the next start.
        let _ = self.parts.committed.send(Committed { entries, size: committed.next_index, root: committed.root });
        replies.send();
    }
}

/// How many batches pass before budgets that are whole again are forgotten.
const BATCHES_BETWEEN_TIDYING: u64 = 10_000;
