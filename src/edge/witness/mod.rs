//! Witnessing over HTTP (C2SP tlog-witness): [`Asking`] submits our checkpoints to a witness, and [`serve`] is a
//! witness for other people's logs.
//!
//! Invariants: an answer is read within a time and up to a size; redirects are not followed, since the policy names who
//! is asked.
//!
//! Not here: when a witness is asked and what its answer is worth (`service::publishing::witnessing`), what is cosigned
//! (`service::witness`), the formats (`pure::tlog`).

pub mod answers;
mod ask;
pub mod prefix;
pub mod serve;

pub use ask::{Asking, Roots, UnusableWitness};

#[cfg(test)]
mod tests;
