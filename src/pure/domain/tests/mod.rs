//! The rules as sentences: given what happened, when somebody asks, then this follows. Each test is named after its
//! rule.
//!
//! `harness` is the only file that calls `decide` and `apply`; `world` holds the people and bodies of the SMKI profile
//! in miniature.

mod harness;
mod world;

mod alternates;
mod appointments;
mod audiences_amber;
mod audiences_open;
mod audiences_red;
mod audit;
mod classifying;
mod credentials;
mod decisions;
mod directions;
mod explaining;
mod going_on;
mod governance;
mod granting;
mod hiding;
mod idempotency;
mod in_force;
mod lodging;
mod measures;
mod needs;
mod properties;
mod reading;
mod register;
mod register_reading;
mod signatures;
mod suspensions;
mod undertakings;
mod wholes;
