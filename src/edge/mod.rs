//! The edge: where the world comes in, and where we go out to it.
//!
//! X.509 stops in `pki`. HTTP statuses are born in `http`, and in `witness` for those who have us cosign; `client` asks
//! a server as a person does, `witness` asks a witness as a log does.
//!
//! Not here: rules, and what is done with an answer.

pub mod pki;

pub mod http;

pub mod client;

pub mod witness;
