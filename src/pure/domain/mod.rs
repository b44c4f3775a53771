//! The domain: the rules of the repository over its facts.
//!
//! ```text
//! command ──► decide(facts, command, index, now) ──► events, or a refusal
//! events  ──► apply(facts, events)               ──► changes of facts
//! ```
//!
//! Everything here is a pure function of its arguments: no clock, no randomness, no file, no lock. The room uses
//! nothing else of Strongroom. Source of the rules: the Terms of Reference (ToR) of the SMKI Policy Management
//! Authority and Section L of the Smart Energy Code (SEC); each rule has an id in `rule`.
//!
//! Not here: how facts are stored (`storage::view`), how events become stored bytes (`pure::record`), HTTP statuses
//! (`edge::http`).

pub mod id;
pub mod rule;
pub mod time;

pub mod appeal;
pub mod body;
pub mod classification;
pub mod conflict;
pub mod decision;
pub mod direction;
pub mod document;
pub mod grant;
pub mod log_keys;
pub mod need;
pub mod organisation;
pub mod person;
pub mod profile;
pub mod signature;
pub mod suspension;
pub mod version;

pub mod command;
pub mod event;
pub mod facts;
pub mod refusal;

pub mod audience;
pub mod catalogue;
pub mod credentials;
pub mod explanation;
pub mod may;
pub mod measures;
pub mod need_rules;
pub mod readers;
mod refusals;
pub mod register;
pub mod selection;
pub mod standing;
pub mod undertakings;

pub mod ballot;
pub mod count;
pub mod docket;
pub mod ways;
pub mod whole;
pub mod working_days;

pub mod apply;
pub mod decide;

#[cfg(test)]
mod tests;
