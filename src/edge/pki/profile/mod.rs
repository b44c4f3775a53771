//! The profile of certificates, stricter than what a path validation asks.
//!
//! ```text
//! a person's certificate ──► any::CHECKS, then CHECKS here         ──► EndEntity
//! a CA's certificate     ──► any::CHECKS, then authority::CHECKS  ──► accepted as one
//! ```
//!
//! A check is one function in a table: a stricter profile adds a function and a named reason.

pub(super) mod any;
pub(super) mod authority;
mod breach;

use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::spki::SpkiDigest;
pub use authority::check_authority;
pub use breach::ProfileBreach;

/// What is read from an end-entity certificate that keeps to the profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndEntity {
    /// The digest of its public key.
    pub credential: SpkiDigest,
    /// The last second at which it is valid.
    pub not_after: Timestamp,
}

impl EndEntity {
    /// Reads one DER-encoded certificate and holds it to the profile. It neither looks at the clock nor at the
    /// issuer: that is the path validation's work.
    pub fn from_der(der: &[u8]) -> Result<Self, ProfileBreach> {
        let certificate = read(der)?;
        for check in any::CHECKS.iter().chain(CHECKS) {
            check(&certificate)?;
        }
        Ok(Self {
            credential: SpkiDigest::of_spki_der(certificate.public_key().raw),
            not_after: instant(certificate.validity().not_after.timestamp()),
        })
    }

    /// The same for a PEM text that holds exactly one certificate.
    pub fn from_pem(pem: &[u8]) -> Result<Self, ProfileBreach> {
        let mut certificates = CertificateDer::pem_slice_iter(pem);
        match (certificates.next(), certificates.next()) {
            (Some(Ok(der)), None) => Self::from_der(&der),
            _ => Err(ProfileBreach::Unreadable),
        }
    }
}

type Check = fn(&X509Certificate<'_>) -> Result<(), ProfileBreach>;

/// The purposes come last: whoever is refused for them keeps to everything else.
const CHECKS: &[Check] = &[authority, key_usage, purposes];

fn authority(certificate: &X509Certificate<'_>) -> Result<(), ProfileBreach> {
    ensure(!certificate.is_ca(), ProfileBreach::CertificateAuthority)
}

fn key_usage(certificate: &X509Certificate<'_>) -> Result<(), ProfileBreach> {
    let usage = certificate.key_usage().map_err(|_| ProfileBreach::BadExtension)?;
    let Some(usage) = usage.map(|usage| usage.value) else { return Ok(()) };
    ensure(!usage.key_cert_sign(), ProfileBreach::SignsCertificates)?;
    ensure(!usage.crl_sign(), ProfileBreach::SignsRevocationLists)?;
    ensure(usage.digital_signature(), ProfileBreach::MayNotSign)
}

fn purposes(certificate: &X509Certificate<'_>) -> Result<(), ProfileBreach> {
    let usage = certificate.extended_key_usage().map_err(|_| ProfileBreach::BadExtension)?;
    let usage = usage.ok_or(ProfileBreach::NoExtendedKeyUsage)?.value;
    ensure(!usage.any, ProfileBreach::AnyPurpose)?;
    ensure(usage.client_auth, ProfileBreach::NotForClients)
}

fn read(der: &[u8]) -> Result<X509Certificate<'_>, ProfileBreach> {
    match X509Certificate::from_der(der) {
        Ok(([], certificate)) => Ok(certificate),
        _ => Err(ProfileBreach::Unreadable),
    }
}

fn ensure(holds: bool, breach: ProfileBreach) -> Result<(), ProfileBreach> {
    if holds { Ok(()) } else { Err(breach) }
}

/// Unix seconds as an instant. Certificates "without an end" say 31 December 9999, a day more than our type holds.
pub(super) fn instant(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX })
}
