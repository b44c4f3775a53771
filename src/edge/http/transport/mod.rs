//! Between TCP and HTTP: who may connect, handshakes, and a hold on the bytes of every connection.
//!
//! ```text
//! TCP ──► door ──► handshake ──► stream ──► actix' HTTP/1.1 ──► the guard and the handlers
//!         │ places  │ turns       │ framing (what comes in)
//!         │ rates   │ a timeout   │ pace (what goes out), timers, a hold to cut it by
//! ```
//!
//! Invariants:
//! - An address over its number or rate is turned away before it costs a handshake.
//! - Nothing reaches the parser that is not HTTP/1.1 to the letter ([`framing`]).
//! - Whoever neither sends the rest of a head nor takes an answer at a bearable pace loses the connection.
//! - A connection takes one file.
//!
//! Not here: limits of single requests (the gate), of uploads (`transfer`), and who may do what.

pub mod framing;
pub mod pace;
pub mod places;

pub(super) mod door;
pub(super) mod hold;
pub(super) mod metrics;
pub(super) mod stream;
