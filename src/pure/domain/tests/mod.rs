//! The rules as sentences: given what happened, when somebody asks, then this follows. Each test is named after its
//! rule.
//!
//! `harness` is the only file that calls `decide` and `apply`; `world` holds the people and bodies of the SMKI profile
//! in miniature.

mod harness;
mod world;

mod audiences_amber;
mod audiences_open;
mod audiences_red;
mod audit;
mod classifying;
mod directions;
mod governance;
mod granting;
mod hiding;
mod idempotency;
mod in_force;
mod lodging;
mod needs;
mod properties;
mod reading;
mod signatures;
mod suspensions;
mod wholes;
