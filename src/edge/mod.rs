//! Edge rooms.
pub mod client;
pub mod http;
pub mod pki;
