//! Witnesses over HTTP (C2SP tlog-witness).
//!
//! [`Asking`] submits our checkpoints to a witness. Invariants: an answer is read within a time and up to a size;
//! redirects are not followed, since the policy names who is asked.
//!
//! Not here: when a witness is asked and what its answer is worth (`service::publishing::witnessing`).

mod ask;

pub use ask::{Asking, Roots, UnusableWitness};

#[cfg(test)]
mod tests;
