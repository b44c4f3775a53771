//! The registrar: the one writer. Every command, reads included, is decided here in sequence.
//!
//! ```text
//! queue ──► decide ──► record ──► journal commit ──► apply ──► view ──► reply
//! ```
//!
//! Invariants: a reply leaves only after the batch that holds its entry is durable and in the view; the decisions of a
//! batch see each other; whatever is queued while one commit runs is the next batch. Only this room makes a
//! [`ReadPermit`].
//!
//! Not here: the rules (`pure::domain`), the bytes of the journal (`storage::journal`), HTTP.

mod batch;
mod budget;
mod conditions;
mod permit;
mod reply;
mod writer;

use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

pub use permit::ReadPermit;
pub use reply::{Answered, NotDone};
pub use writer::{Committed, Parts, Writer};

use crate::pure::domain::command::Request;
use crate::pure::domain::time::Instant;
use conditions::Conditions;

/// The way to the registrar, for any number of threads.
#[derive(Clone, Debug)]
pub struct Registrar {
    queue: mpsc::Sender<Message>,
    conditions: Arc<Conditions>,
}

/// What the registrar's thread is told.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "all messages but the last are jobs")]
enum Message {
    /// A request.
    Job(Job),
    /// Take no more, finish what waits, and close the journal.
    Stop,
}

/// A request in the queue, and where its reply goes.
#[derive(Debug)]
struct Job {
    request: Request,
    reply: oneshot::Sender<Result<Answered, NotDone>>,
}

impl Registrar {
    /// Starts the registrar's thread; `queue_length` requests may wait at once. The thread ends after [`Registrar::stop`],
    /// or when every handle is gone, once the queue is empty, and then closes the journal.
    pub fn start(parts: Parts, queue_length: usize) -> std::io::Result<(Self, JoinHandle<()>)> {
        let (this, writer) = Self::prepare(parts, queue_length);
        Ok((this, writer.spawn()?))
    }

    /// The same without a thread: nothing is decided until the writer is told.
    pub fn prepare(parts: Parts, queue_length: usize) -> (Self, Writer) {
        let (queue, jobs) = mpsc::channel(queue_length);
        let conditions = Arc::new(Conditions::new(parts.last_time, parts.watch.has_jumped()));
        let writer = Writer::new(parts, conditions.clone(), jobs);
        (Self { queue, conditions }, writer)
    }

    /// Has a request decided and, where it makes an entry, made durable.
    pub async fn submit(&self, request: Request) -> Result<Answered, NotDone> {
        let (reply, answer) = oneshot::channel();
        self.queue.try_send(Message::Job(Job { request, reply })).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => NotDone::QueueFull,
            mpsc::error::TrySendError::Closed(_) => NotDone::ShuttingDown,
        })?;
        answer.await.unwrap_or(Err(NotDone::ShuttingDown))
    }

    /// The same for a thread that may block, such as a start or a timer.
    pub fn submit_blocking(&self, request: Request) -> Result<Answered, NotDone> {
        let (reply, answer) = oneshot::channel();
        self.queue.blocking_send(Message::Job(Job { request, reply })).map_err(|_| NotDone::ShuttingDown)?;
        answer.blocking_recv().unwrap_or(Err(NotDone::ShuttingDown))
    }

    /// Takes no more requests: what waits is finished, then the journal is closed and the thread ends.
    pub fn stop(&self) {
        // If the thread is gone already, it has stopped.
        let _ = self.queue.blocking_send(Message::Stop);
    }

    /// Why nothing can be entered until a restart, if so.
    pub fn standstill(&self) -> Option<String> {
        self.conditions.standstill()
    }

    /// Why nothing is entered, or not yet, at this time of day: the journal or the view failed for good, the disk is full
    /// or does not answer, the clock cannot be right. Each is a sentence with the remedy.
    pub fn obstacles(&self, now: Instant) -> Vec<String> {
        self.conditions.obstacles(now)
    }
}
