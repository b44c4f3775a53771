//! From certificates to credentials: TLS for server and client, revocation, reloading, and development material.
//!
//! In reading order: [`spki`] (what a credential is), [`profile`] (what certificates must be), [`trust`] and
//! [`verifier`] (who judges it, in the handshake and again on open connections), [`server`] and [`client`] (the TLS
//! configurations), [`development`] (a CA for trying things out).
//!
//! Invariants:
//! - X.509 stops here. What leaves the room is a [`SpkiDigest`], a named refusal, DER that is passed on unread, or a
//!   rustls configuration.
//! - TLS 1.3 only, one provider of cryptography, said explicitly ([`provider`]). No tickets, no resumption, no early data: every connection is verified.
//! - A certificate is a credential by its public key alone, never by a name in it.
//! - Whatever is reloaded is taken whole or not at all: a bad file keeps what was in use and is named.
//! - No clock but the one that the caller hands in. (rustls asks the system's in a handshake.)
//!
//! Not here: who a credential belongs to (the register), listeners and their limits (the HTTP room), writing files
//! (whoever calls [`development`]), a CA for production.

pub mod client;
pub mod development;
pub mod identity;
pub mod profile;
pub mod refusal;
pub mod serial;
pub mod server;
pub mod spki;
pub mod trust;
pub mod verifier;

mod crl;
mod files;
mod hints;
mod issuers;
mod pkcs12;
mod signed;
mod tls;

#[cfg(test)]
mod tests;

pub use client::{ClientFiles, ClientTls};
pub use development::{DevelopmentCa, DevelopmentError, Issued, Revoked, Validity};
pub use files::LoadError;
pub use identity::IdentityFiles;
pub use profile::{EndEntity, ProfileBreach, check_authority};
pub use refusal::ClientCertificateError;
pub use serial::SerialNumber;
pub use server::{MutualTls, Outcome, Part, PublicTls, Reload, Reloadable};
pub use spki::{SpkiDigest, SpkiError};
pub use tls::{peer_chain, provider};
pub use trust::{ClientTrust, ClientTrustFiles, Revocation, UnknownStatus};
pub use verifier::{ClientVerifier, Verdict};
