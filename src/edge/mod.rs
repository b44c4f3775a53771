//! The edge: where the world comes in. X.509 stops in `pki`, HTTP statuses are born in `http`.

pub mod pki;

pub mod http;

pub mod client;

pub mod witness;
