//! The CAs above a client's certificate: those that it sends along, and those that the operator trusts.
//!
//! rustls follows the signatures and looks at what the certificates between say. It takes of a trusted CA no more than its
//! name and key: whether that CA is in force, how many CAs it allows below it, and whether it may sign lists, is asked here.

use std::path::Path;

use jiff::Timestamp;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::files::LoadError;
use super::profile::any::{authority_key_identifier, subject_key_identifier};
use super::profile::authority::{path_length, read_authority, signs_revocation_lists};
use super::profile::{ProfileBreach, instant};
use super::refusal::ClientCertificateError;
use super::signed::is_signed_by;

/// A CA that the operator trusts.
#[derive(Debug)]
pub(super) struct Authority {
    der: CertificateDer<'static>,
    /// The DER of its name.
    pub subject: Vec<u8>,
    key_identifier: Vec<u8>,
    path_length: Option<u32>,
    not_before: Timestamp,
    not_after: Timestamp,
    /// Whether it may sign revocation lists.
    pub signs_revocation_lists: bool,
}

impl Authority {
    /// The certificates of a file as CAs; each must keep to the profile of one.
    pub(super) fn all_of(path: &Path, certificates: &[CertificateDer<'static>]) -> Result<Vec<Self>, LoadError> {
        let read = |(index, der): (usize, &CertificateDer<'static>)| {
            Self::read(der).map_err(|breach| match breach {
                ProfileBreach::NotAnAuthority | ProfileBreach::Unreadable => {
                    LoadError::NotAnAuthority { path: path.into(), position: index + 1 }
                }
                breach => LoadError::UnfitAuthority { path: path.into(), position: index + 1, breach },
            })
        };
        certificates.iter().enumerate().map(read).collect()
    }

    fn read(der: &CertificateDer<'static>) -> Result<Self, ProfileBreach> {
        let certificate = read_authority(der)?;
        let validity = certificate.validity();
        Ok(Self {
            der: der.clone(),
            subject: certificate.subject().as_raw().to_vec(),
            key_identifier: subject_key_identifier(&certificate).unwrap_or_default().to_vec(),
            path_length: path_length(&certificate),
            not_before: instant(validity.not_before.timestamp()),
            not_after: instant(validity.not_after.timestamp()),
            signs_revocation_lists: signs_revocation_lists(&certificate),
        })
    }

    /// Whether the signature over the message is by its key.
    pub(super) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let certificate = X509Certificate::from_der(&self.der);
        certificate.is_ok_and(|(_, own)| is_signed_by(message, signature, own.public_key()))
    }

    fn is_in_force(&self, now: Timestamp) -> bool {
        (self.not_before..=self.not_after).contains(&now)
    }
}

/// The certificates of a file as rustls' trust anchors; each must be a CA's, so that no person's certificate becomes one.
pub(super) fn trust_anchors(path: &Path, certificates: &[CertificateDer<'static>]) -> Result<RootCertStore, LoadError> {
    let mut roots = RootCertStore::empty();
    for (index, der) in certificates.iter().enumerate() {
        let refuse = || LoadError::NotAnAuthority { path: path.into(), position: index + 1 };
        let (_, certificate) = X509Certificate::from_der(der).map_err(|_| refuse())?;
        if !certificate.is_ca() {
            return Err(refuse());
        }
        roots.add(der.clone()).map_err(|_| refuse())?;
    }
    Ok(roots)
}

/// Judges the CAs of a chain that rustls found good: those that were sent, in their order, and the one that is trusted.
/// Gives the last second of the trusted one.
///
/// `chain` is as the peer sent it: its own certificate first, which is judged here only for who issued it.
pub(super) fn judge(
    chain: &[CertificateDer<'_>],
    trusted: &[Authority],
    now: Timestamp,
) -> Result<Timestamp, ClientCertificateError> {
    let certificates = chain.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
    for (position, certificate) in certificates.iter().enumerate() {
        let next = certificates.get(position + 1);
        if next.is_some_and(|next| next.subject().as_raw() != certificate.issuer().as_raw()) {
            return Err(ClientCertificateError::OutOfOrder { position: position + 1 });
        }
        let above = next.and_then(subject_key_identifier);
        let mut known = trusted.iter().filter(|authority| authority.subject == certificate.issuer().as_raw());
        let is = |identifier| above == Some(identifier) || known.any(|known| known.key_identifier == identifier);
        if !authority_key_identifier(certificate).is_none_or(is) {
            return Err(breach(position, ProfileBreach::WrongAuthorityKeyIdentifier));
        }
    }
    anchor(&certificates, trusted, now)
}

/// Finds a trusted CA that signed one of the certificates, is in force, and allows as many CAs as stand below it. One that
/// is self-issued does not count (RFC 5280, section 4.2.1.9).
fn anchor(
    certificates: &[X509Certificate<'_>],
    trusted: &[Authority],
    now: Timestamp,
) -> Result<Timestamp, ClientCertificateError> {
    let mut refusal = ClientCertificateError::UnknownAuthority;
    let mut below = 0;
    for (position, certificate) in certificates.iter().enumerate() {
        if position > 0 && certificate.subject().as_raw() != certificate.issuer().as_raw() {
            below += 1;
        }
        for authority in trusted.iter().filter(|authority| authority.subject == certificate.issuer().as_raw()) {
            if !authority.signed(certificate.tbs_certificate.as_ref(), &certificate.signature_value.data) {
                continue;
            }
            if !authority.is_in_force(now) {
                refusal = ClientCertificateError::AuthorityNotInForce;
            } else if authority.path_length.is_some_and(|limit| limit < below) {
                refusal = ClientCertificateError::PathTooLong;
            } else {
                return Ok(authority.not_after);
            }
        }
    }
    Err(refusal)
}

fn read<'a>((position, der): (usize, &'a CertificateDer<'_>)) -> Result<X509Certificate<'a>, ClientCertificateError> {
    let read = match position {
        0 => X509Certificate::from_der(der).map(|(_, own)| own).map_err(|_| ProfileBreach::Unreadable),
        _ => read_authority(der),
    };
    read.map_err(|found| breach(position, found))
}

fn breach(position: usize, breach: ProfileBreach) -> ClientCertificateError {
    match position {
        0 => ClientCertificateError::Profile(breach),
        _ => ClientCertificateError::Issuer { position: position + 1, breach },
    }
}
