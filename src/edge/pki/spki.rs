//! The digest by which a certificate is known as somebody's credential.

use std::fmt;
use std::str::FromStr;

use ring::digest::{SHA256, digest};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use x509_parser::prelude::{FromDer, X509Certificate};

/// Length of a credential's digest in bytes.
pub const SPKI_DIGEST_LEN: usize = 32;

/// SHA-256 over the DER encoding of a certificate's SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7).
///
/// This is the identity of a credential: it stays the same when a certificate is renewed with the same key, and says
/// nothing of the subject's name. As text it is 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SpkiDigest(pub [u8; SPKI_DIGEST_LEN]);

impl SpkiDigest {
    /// The digest of the public key in one DER-encoded certificate.
    ///
    /// It judges nothing else of the certificate. Bytes after the certificate are refused.
    pub fn of_certificate_der(der: &[u8]) -> Result<Self, SpkiError> {
        match X509Certificate::from_der(der) {
            Ok(([], certificate)) => Ok(Self::of_spki_der(certificate.public_key().raw)),
            _ => Err(SpkiError::NotACertificate),
        }
    }

    /// The digest of the public key in a PEM text that holds exactly one certificate.
    ///
    /// Which of several certificates was meant would be a guess, so more than one is refused.
    pub fn of_certificate_pem(pem: &[u8]) -> Result<Self, SpkiError> {
        let mut certificates = CertificateDer::pem_slice_iter(pem);
        let der = match (certificates.next(), certificates.next()) {
            (Some(Ok(der)), None) => der,
            (Some(Ok(_)), Some(_)) => return Err(SpkiError::SeveralCertificates),
            _ => return Err(SpkiError::NotPem),
        };
        Self::of_certificate_der(&der)
    }

    /// The digest of a SubjectPublicKeyInfo that the caller has already cut out of its certificate.
    pub(super) fn of_spki_der(spki: &[u8]) -> Self {
        let mut bytes = [0; SPKI_DIGEST_LEN];
        bytes.copy_from_slice(digest(&SHA256, spki).as_ref());
        Self(bytes)
    }

    /// The digest's bytes.
    pub fn as_bytes(&self) -> &[u8; SPKI_DIGEST_LEN] {
        &self.0
    }
}

impl fmt::Display for SpkiDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for SpkiDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SpkiDigest({self})")
    }
}

impl FromStr for SpkiDigest {
    type Err = SpkiError;

    /// Reads 64 lower-case hexadecimal digits: one digest has one spelling.
    fn from_str(text: &str) -> Result<Self, SpkiError> {
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(SpkiError::NotADigest);
        }
        let mut bytes = [0; SPKI_DIGEST_LEN];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| SpkiError::NotADigest)?;
        Ok(Self(bytes))
    }
}

/// Why no credential could be read: always the fault of the text or bytes that were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpkiError {
    /// The bytes are not one DER-encoded X.509 certificate.
    #[error("not an X.509 certificate; give one DER-encoded certificate")]
    NotACertificate,
    /// The text holds no certificate in PEM.
    #[error("no certificate in PEM was found; give a text with one CERTIFICATE section")]
    NotPem,
    /// The text holds more than one certificate.
    #[error("more than one certificate was found; give only the person's own, without its issuers")]
    SeveralCertificates,
    /// The text is not 64 lower-case hexadecimal digits.
    #[error("not a credential's digest; give 64 lower-case hexadecimal digits")]
    NotADigest,
}
