//! Detached signatures: CMS (RFC 5652) over any text, by the key of the certificate in them.
//!
//! ```text
//! text ──► sign(certificate, text, time, with the key) ──► DER ──► verify(DER, text) ──► the key that signed
//! ```
//!
//! The server is believed for everything else in its log. What a person signed it cannot make up: whoever has the text
//! and the signature can check them with any program that knows CMS, for example `openssl cms -verify`.
//!
//! Invariants: what verifies has one form, DER with one signer, one certificate and nothing that is not signed, so that
//! of a signature made here no byte can be changed; nothing that is handed in makes a panic.
//!
//! Not here: what is signed (`lodger` for lodgements, a body's own words for undertakings), whether the key is the
//! person's credential and what follows if not (`pure::domain`), where the private key lies (the caller signs), and
//! whether the certificate was issued by anyone or has expired: the credential is the key, and that it was good at the
//! time is what the server checked in the handshake. The room uses nothing else of Strongroom.

mod algorithm;
mod attributes;
mod sign;
mod verify;

pub use algorithm::Scheme;
pub use sign::{CannotSign, sign};
pub use verify::{BadSignature, Signed, verify};

/// The longest signature that is taken, in bytes of DER: one certificate of an RSA key of 8192 bits fits.
pub const MAX_SIGNATURE_LEN: usize = 8 << 10;

#[cfg(test)]
#[cfg(feature = "server")]
pub(crate) mod tests;
