//! A certificate's serial number: what a revocation list names.

use std::fmt;
use std::str::FromStr;

use ring::rand::{SecureRandom, SystemRandom};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use x509_parser::prelude::{FromDer, X509Certificate};

/// A positive serial number of at most 20 octets (RFC 5280, section 4.1.2.2): big-endian, without leading zeros.
/// As text it is lower-case hexadecimal, two digits an octet.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SerialNumber(Vec<u8>);

impl SerialNumber {
    /// From big-endian octets; leading zeros are dropped.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SerialNumberError> {
        let start = bytes.iter().position(|byte| *byte != 0).ok_or(SerialNumberError)?;
        let bytes = bytes.get(start..).unwrap_or_default();
        // In DER a first octet of 0x80 and above needs a zero before it, which counts among the 20.
        let padding = usize::from(bytes.first().is_some_and(|first| first & 0x80 != 0));
        if bytes.len() + padding > MAX_LEN {
            return Err(SerialNumberError);
        }
        Ok(Self(bytes.to_vec()))
    }

    /// The serial number of a PEM text's first certificate.
    pub fn of_certificate_pem(pem: &[u8]) -> Result<Self, SerialNumberError> {
        let der = CertificateDer::from_pem_slice(pem).map_err(|_| SerialNumberError)?;
        let (_, certificate) = X509Certificate::from_der(&der).map_err(|_| SerialNumberError)?;
        Self::from_bytes(certificate.raw_serial())
    }

    /// A fresh number of 128 bits from the operating system's random source; `None` if that source fails.
    pub(super) fn random() -> Option<Self> {
        let mut bytes = [0; RANDOM_LEN];
        SystemRandom::new().fill(&mut bytes).ok()?;
        let [first, ..] = &mut bytes;
        // Positive, and of one length.
        *first = *first & 0x7f | 0x40;
        Some(Self(bytes.to_vec()))
    }

    /// The octets, big-endian, without leading zeros.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Debug for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SerialNumber({self})")
    }
}

impl FromStr for SerialNumber {
    type Err = SerialNumberError;

    fn from_str(text: &str) -> Result<Self, SerialNumberError> {
        Self::from_bytes(&hex::decode(text).map_err(|_| SerialNumberError)?)
    }
}

/// What was given has no serial number that a certificate may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a certificate's serial number; give hexadecimal digits, at most 20 octets and not zero")]
pub struct SerialNumberError;

const MAX_LEN: usize = 20;
const RANDOM_LEN: usize = 16;
