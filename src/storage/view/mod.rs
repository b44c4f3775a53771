//! The view: the facts that the journal's entries amount to, kept where a start finds them again.
//!
//! ```text
//! registrar ──► View::apply(changes, position) ──► one atomic batch: facts, position, tally
//! decide    ──► Facts for View                 ──► decoded facts, or FactsDamaged
//! start     ──► View::open, position           ──► behind the journal: replay; damaged: quarantine, rebuild
//! ```
//!
//! Invariants:
//! - The view is disposable. Nothing in it exists nowhere else, so whoever finds it damaged sets the folder aside
//!   ([`View::quarantine`]), opens a new one and replays the journal. Nothing here is ever repaired.
//! - The position that was applied, and the tally of all facts, are in the same batch as the facts themselves.
//! - After `apply` returned, no reader on any thread is given an older fact.
//! - No name, title or statement lies in the folder: keys are HMACs and entry indexes, values are sealed.
//! - The engine, sled 0.34.7, is not trusted. It may panic, lose records, bring old ones back or open silently empty. Its
//!   panics end in `engine`, every value proves which key it belongs to, and the tally shows what is missing or old.
//!
//! Not here: what entries mean (`pure::domain::apply`), the journal and the comparison of positions with it, blobs,
//! and any document bytes. Other rooms read through `pure::domain::facts::Facts` and never see the engine.

mod cache;
mod engine;
mod error;
mod key;
mod meta;
mod sealing;
mod tally;
#[expect(clippy::module_inception, reason = "the room is named after the one noun that it offers")]
mod view;

#[cfg(test)]
mod tests;

pub use error::ViewError;
pub use meta::Position;
pub use view::{View, ViewOptions};
