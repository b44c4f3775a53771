//! HTTP: three listeners over one repository, or over none while a log that was rolled back is denied ([`denied`]).
//! Statuses are born here.
//!
//! In reading order: [`server`] (how it starts, drains and stops), [`transport`] (between
//! TCP and HTTP), [`state`] (what every handler is given), [`peer`]
//! (who asks), [`problem`] (how a refusal looks), [`transfer`] (how bytes come and go), then what is served.
//!
//! Invariants:
//! - Who asks is judged on every request, never once for a connection (READ-8).
//! - Bytes of content leave only with a permit of the registrar, or of a version that is published WHITE.
//! - Every error is a problem of one shape, and says nothing that depends on a thing the asker may not know of
//!   (READ-6).
//! - Whatever comes from outside has a limit: header, URL, body, rate, time, connections.
//!
//! Not here: a witness's own listener (`edge::witness`), rules (`pure::domain`), certificates (`edge::pki`), shapes on
//! the wire (`pure::wire`), configuration (`cli`).

pub mod api;
pub mod connection;
pub mod cursors;
pub mod denied;
pub mod gate;
pub mod guard;
pub mod headers;
pub mod limits;
pub mod metrics;
pub mod peer;
pub mod problem;
pub mod server;
pub mod state;
pub mod transfer;
pub mod transport;
pub mod work;

mod crossing;
mod listeners;
mod log;
mod operations;
mod public;
mod run;
mod witness_metrics;

#[cfg(test)]
mod tests;
