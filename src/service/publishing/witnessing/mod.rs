//! Witnessing: others state that they have seen the log only grow (C2SP tlog-witness, tlog-cosignature, tlog-policy).
//!
//! ```text
//! publisher ── signed checkpoint ──► board ──► one thread a witness ──► Witness (the edge's) ──► the network
//!           ◄── cosignatures, once the policy's quorum is met ── board ◄── verified cosignature, or why there is none
//! ```
//!
//! Invariants: with a quorum, no checkpoint is shown before enough witnesses cosigned it; a witness that is slow holds
//! up none of the others; a cosignature is believed only under the key that the policy names for that witness; what a
//! witness sends can fail that witness alone, except a checkpoint under the log's own keys that the log does not have,
//! which stops the log.
//!
//! Not here: HTTP (`edge::witness`), and what reads do meanwhile (`service::reading`).

mod board;
mod failure;
mod rollback;
mod status;
mod way;
mod worker;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub(in crate::service) use board::Board;
pub use board::NotGathered;
pub(super) use board::Signed;
pub use rollback::proven_rollback;
pub use status::{Outcome, WitnessStatus, WitnessingStatus};
pub use way::{Answer, AskError, Witness};

use crate::pure::tlog::note::Note;
use crate::pure::tlog::policy::Policy;
use crate::pure::tlog::verifier_key::VerifierKey;

/// The witnesses that a log asks, and what it may do without them. The default asks none.
#[derive(Clone, Default)]
pub struct Witnessing {
    /// The policy: the witnesses' keys and the quorum.
    pub policy: Policy,
    /// The ways to the witnesses, in the order of [`Policy::witnesses`].
    pub ways: Vec<Arc<dyn Witness>>,
    /// What reads of content wait for.
    pub reads: Reads,
    /// How long what may take.
    pub times: Times,
}

/// What a read of content waits for, beyond its entry's being durable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reads {
    /// Nothing.
    #[default]
    Durable,
    /// A published checkpoint that covers the entry.
    Wait,
    /// The same; while publication is stalled, reads are refused before they make an entry.
    Refuse,
}

/// How long what may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// From a checkpoint's signature until it is given up for lack of a quorum.
    pub deadline: Duration,
    /// How long the other witnesses are waited for once the quorum is met.
    pub grace: Duration,
    /// The pause after a witness's first failure; it doubles with each further one.
    pub first_pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
}

impl Times {
    /// The times where a witness has `timeout` to answer.
    pub fn of_timeout(timeout: Duration) -> Self {
        Self {
            deadline: timeout,
            grace: Duration::from_millis(250).min(timeout),
            first_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(5),
        }
    }
}

impl Default for Times {
    fn default() -> Self {
        Self::of_timeout(Duration::from_secs(10))
    }
}

impl Witnessing {
    /// Whether a stored note carries the cosignatures that the policy asks for. A bad one fails it.
    pub fn is_met_by(&self, note: &str) -> bool {
        let Ok(note) = Note::parse(note.as_bytes()) else { return false };
        self.policy.cosigned(&note).is_ok_and(|cosigned| self.policy.is_met_by(&cosigned))
    }

    /// Whether the policy names logs, but none that signs with one of `keys`.
    pub fn is_for_another_log(&self, keys: &[VerifierKey]) -> bool {
        let logs = self.policy.logs();
        !logs.is_empty() && !logs.iter().any(|log| keys.contains(&log.key))
    }
}

impl fmt::Debug for Witnessing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.policy.witnesses().iter().map(|witness| &witness.name).collect();
        f.debug_struct("Witnessing").field("witnesses", &names).field("reads", &self.reads).finish_non_exhaustive()
    }
}
