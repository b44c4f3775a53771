//! The client: HTTP over mutual TLS, for the command line and for auditors.
//!
//! It speaks the shapes of `pure::wire` and `pure::tlog`, signs by `pure::detached`, and uses nothing else of ours, so
//! that what it proves does not rest on the server's code. Every failure is a [`ClientError`] whose text is one
//! paragraph for a person: what was refused, by which rule, and what would change the answer.
//!
//! Invariants: no request leaves without a certificate that belongs to its key; redirects are not followed, since
//! another host could read what the certificate opens; a request is sent once, because most of them make an entry.
//!
//! Not here: where settings come from and how answers are shown (`cli`).

mod calls;
mod connection;
mod credentials;
mod decisions;
mod early_answer;
pub mod error;
mod explaining;
#[cfg(fuzzing)]
pub mod fuzzing;
mod grants;
mod log;
mod measures;
mod register;
mod request;
pub mod settings;
mod signing;
mod transfer;
mod undertakings;

pub use connection::{Answer, Client};
pub use error::ClientError;
pub use request::{DEFAULT_SERVER, segment};
pub use settings::Settings;
pub use signing::Signing;
pub use transfer::{Content, ContentRequest, Upload};

#[cfg(test)]
mod tests;
