//! A batch under way: what was decided, but is not yet durable.

use tokio::sync::oneshot;

use super::Job;
use super::budget::RefusalBudget;
use super::permit::ReadPermit;
use super::reply::{Answered, NotDone};
use crate::pure::domain::apply::apply;
use crate::pure::domain::command::{Actor, Request};
use crate::pure::domain::decide::{Answer, At, By, Decided, Decision, decide};
use crate::pure::domain::facts::{Change, Facts, FactsDamaged, Overlay};
use crate::pure::domain::standing::Undecided;
use crate::pure::domain::time::Instant;
use crate::pure::record::{Heading, Record, RecordActor};
use crate::pure::tlog::leaf::{Entry, Origin};
use crate::service::ids;
use crate::storage::journal::SealedInput;

/// Decisions that become durable together, each seeing those before it.
pub(super) struct Batch<'a> {
    origin: &'a Origin,
    budget: &'a RefusalBudget,
    overlay: Overlay<'a>,
    next_index: u64,
    inputs: Vec<SealedInput>,
    replies: Vec<Waiting>,
    last_time: Option<Instant>,
    /// The length of the records so far.
    bytes: usize,
}

/// A reply that waits for the batch to be durable.
struct Waiting {
    to: oneshot::Sender<Result<Answered, NotDone>>,
    with: Result<Answered, NotDone>,
}

/// A batch that is wholly decided.
pub(super) struct DecidedBatch {
    /// What the journal makes durable.
    pub(super) inputs: Vec<SealedInput>,
    /// What the view then holds.
    pub(super) changes: Vec<Change>,
    /// The time of the last entry.
    pub(super) last_time: Option<Instant>,
    /// The replies that wait for it.
    pub(super) replies: Replies,
}

/// What was decided, and the record of it, if it makes one.
struct Outcome {
    record: Option<Record>,
    with: Result<Answered, NotDone>,
}

impl<'a> Batch<'a> {
    /// An empty batch whose first entry gets `next_index`, over the facts of the entries before.
    pub(super) fn new(
        origin: &'a Origin,
        budget: &'a RefusalBudget,
        facts: &'a dyn Facts,
        next_index: u64,
        last_time: Option<Instant>,
    ) -> Self {
        Self {
            origin,
            budget,
            overlay: Overlay::over(facts),
            next_index,
            inputs: Vec::new(),
            replies: Vec::new(),
            last_time,
            bytes: 0,
        }
    }

    /// The time of the last entry, in this batch or before it.
    pub(super) fn last_time(&self) -> Option<Instant> {
        self.last_time
    }

    /// Whether another entry may not fit: then the batch has to be committed first.
    pub(super) fn is_full(&self) -> bool {
        self.replies.len() >= MAX_BATCH || self.bytes > MAX_BATCH_LEN
    }

    /// Decides one request at `now`. Its reply waits for the commit, unless the facts themselves are damaged.
    pub(super) fn take(&mut self, job: Job, now: Instant) -> Result<(), FactsDamaged> {
        let at = At { index: self.next_index, now };
        let Job { request, reply } = job;
        let Outcome { record, with } = match self.decide(&request, at) {
            Ok(outcome) => outcome,
            Err(damaged) => {
                let _ = reply.send(Err(NotDone::LogUnavailable(damaged.to_string())));
                return Err(damaged);
            }
        };
        let with = match record {
            Some(record) => self.enter(&record).map_or_else(Err, |()| with),
            None => with,
        };
        self.replies.push(Waiting { to: reply, with });
        Ok(())
    }

    /// Ends the batch.
    pub(super) fn finish(self) -> DecidedBatch {
        let Self { overlay, inputs, replies, last_time, .. } = self;
        let changes = overlay.into_changes().into_iter().collect();
        DecidedBatch { inputs, changes, last_time, replies: Replies(replies) }
    }

    fn decide(&self, request: &Request, at: At) -> Result<Outcome, FactsDamaged> {
        if let Actor::Credential(credential) = request.actor
            && !self.budget.hears(credential)
        {
            return Ok(Outcome { record: None, with: Err(NotDone::TooManyRefusals) });
        }
        let Decided { by, decision } = match decide(&self.overlay, request, at) {
            Ok(decided) => decided,
            Err(Undecided::Unrecognised(unknown)) => {
                return Ok(Outcome { record: None, with: Err(NotDone::Unrecognised(unknown)) });
            }
            Err(Undecided::Damaged(damaged)) => return Err(damaged),
        };
        let actor = actor(by);
        let within_budget = |actor: &RecordActor| match actor {
            RecordActor::Person { person, credential, .. } => self.budget.take(person, *credential),
            RecordActor::System { .. } => true,
        };
        let heading = |actor: RecordActor| Heading {
            index: at.index,
            time: at.now,
            origin: self.origin.as_str().to_owned(),
            actor,
            request: request.request.clone(),
        };
        let entry = at.index;
        Ok(match decision {
            Decision::Enter(grant) => {
                let record = Record::done(heading(actor), &request.command, &grant);
                Outcome { record: Some(record), with: Ok(answered(grant.answer, entry)) }
            }
            Decision::Answer(answer) => Outcome { record: None, with: Ok(answered(answer, entry)) },
            Decision::Refuse(_) | Decision::Hide if !within_budget(&actor) => {
                Outcome { record: None, with: Err(NotDone::TooManyRefusals) }
            }
            Decision::Refuse(refusal) => {
                let record = Record::refused(heading(actor), &request.command, &refusal);
                Outcome { record: Some(record), with: Err(NotDone::Refused { refusal, entry }) }
            }
            Decision::Hide => {
                let record = Record::not_found(heading(actor), &request.command);
                Outcome { record: Some(record), with: Err(NotDone::Hidden { entry }) }
            }
        })
    }

    /// Adds a record to the batch and its changes to what later decisions see.
    fn enter(&mut self, record: &Record) -> Result<(), NotDone> {
        let bytes = record.to_bytes().map_err(|error| NotDone::Unrecordable(error.to_string()))?;
        let opening = ids::opening().map_err(|error| NotDone::LogUnavailable(error.to_string()))?;
        let names = record.occurrence_names();
        let changes = apply(&self.overlay, &record.occurrence(&names))
            .map_err(|damaged| NotDone::LogUnavailable(damaged.to_string()))?;
        self.overlay.lay(changes);
        self.bytes += bytes.len();
        self.inputs.push(SealedInput { entry: Entry::commit(self.origin, &opening, &bytes), opening, record: bytes });
        self.next_index += 1;
        self.last_time = Some(record.time);
        Ok(())
    }
}

/// The replies of a batch.
pub(super) struct Replies(Vec<Waiting>);

impl Replies {
    /// Sends every reply: the batch is durable and in the view.
    pub(super) fn send(self) {
        for Waiting { to, with } in self.0 {
            // Whoever asked may have gone; the entry stands all the same.
            let _ = to.send(with);
        }
    }

    /// Tells everyone that the batch was not entered.
    pub(super) fn fail(self, why: impl Fn() -> NotDone) {
        for Waiting { to, .. } in self.0 {
            let _ = to.send(Err(why()));
        }
    }
}

fn answered(answer: Answer, entry: u64) -> Answered {
    match answer {
        Answer::Entered => Answered::Entered { entry },
        Answer::EnteredBefore { entry } => Answered::EnteredBefore { entry },
        Answer::Document(document) => Answered::Document(document),
        Answer::Version(document, version) => Answered::Version(document, version),
        // The permit exists from here on, but leaves this room only with the reply, after the commit.
        Answer::Content(document, version) => Answered::Content(ReadPermit::new(entry, document, version)),
        Answer::Welcome => Answered::Welcome,
        Answer::LodgedBefore(document, version) => Answered::LodgedBefore(document, version),
        Answer::Explained(explanation) => Answered::Explained { entry, explanation },
        Answer::Readers(readers) => Answered::Readers { entry, readers },
    }
}

fn actor(by: By) -> RecordActor {
    match by {
        By::System(system) => RecordActor::System { system },
        By::Withdrawn { person, credential } => RecordActor::Person { person, organisation: None, credential },
        By::Person(standing) => RecordActor::Person {
            person: standing.handle().clone(),
            organisation: Some(standing.person.organisation.clone()),
            credential: standing.credential,
        },
    }
}

/// The most requests that become durable together.
const MAX_BATCH: usize = 256;

/// The length in bytes of records beyond which a batch takes no further entry.
const MAX_BATCH_LEN: usize = 1 << 20;
