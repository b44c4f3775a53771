//! The profile of a client's own certificate, stricter than what a path validation asks.
//!
//! A check is one function in the table `CHECKS`: a stricter profile adds a function and a named reason.

use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::{FromDer, X509Certificate, X509Version};
use x509_parser::x509::X509Name;

use super::spki::SpkiDigest;

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
        let (rest, certificate) = X509Certificate::from_der(der).map_err(|_| ProfileBreach::Unreadable)?;
        if !rest.is_empty() {
            return Err(ProfileBreach::Unreadable);
        }
        for check in CHECKS {
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

/// Why a certificate does not keep to the profile: the fault of whoever issued it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProfileBreach {
    /// Not one X.509 certificate in DER, its dates included, or followed by other bytes.
    #[error("the certificate cannot be read; have it issued again by a CA that follows RFC 5280")]
    Unreadable,
    /// An extension is there twice or cannot be read.
    #[error("an extension of the certificate cannot be read or is there twice; have it issued again")]
    BadExtension,
    /// Version 1 or 2, which know no extensions.
    #[error("the certificate is not of version 3; have it issued again as X.509 v3")]
    NotVersion3,
    /// The serial number is zero, negative or over 20 octets (RFC 5280, section 4.1.2.2).
    #[error("the certificate's serial number is not positive or is over 20 octets; have it issued again")]
    BadSerialNumber,
    /// It ends before it begins.
    #[error("the certificate's validity ends before it begins; have it issued again")]
    BadValidity,
    /// A NUL character in a name, which other programs may read as the name's end.
    #[error("a name in the certificate contains a NUL character; have it issued again")]
    NulInName,
    /// Basic constraints make it a CA.
    #[error("the certificate is a CA's; use one that was issued to a person")]
    CertificateAuthority,
    /// Key usage allows it to sign certificates.
    #[error("the certificate may sign certificates (keyCertSign); have it issued again without that usage")]
    SignsCertificates,
    /// No extended key usage: it could be used for anything.
    #[error("the certificate has no extended key usage; have it issued again with clientAuth")]
    NoExtendedKeyUsage,
    /// The extended key usage names any purpose.
    #[error("the certificate is for any purpose (anyExtendedKeyUsage); have it issued again with clientAuth only")]
    AnyPurpose,
    /// The extended key usage leaves clientAuth out.
    #[error("the certificate is not for clients; have it issued again with extended key usage clientAuth")]
    NotForClients,
}

type Check = fn(&X509Certificate<'_>) -> Result<(), ProfileBreach>;

const CHECKS: &[Check] = &[version, extensions, serial_number, validity, names, authority, key_usage, purposes];

fn version(certificate: &X509Certificate<'_>) -> Result<(), ProfileBreach> {
    ensure(certificate.version() == X509Version::V3, ProfileBreach::NotVersion3)
}

/// No extension twice (RFC 5280, section 4.2), and all that the parser knows can be read.
fn extensions(certificate: &X509Certificate<'_>) -> Result<(), ProfileBreach> {
    certificate.extensions_map().map_err(|_| ProfileBreach::BadExtension)?;
    let readable = |extension: &ParsedExtension<'_>| !matches!(extension, ParsedExtension::ParseError { .. });
    let all = certificate.extensions().iter().all(|extension| readable(extension.parsed_extension()));
    ensure(all, ProfileBreach::BadExtension)
}

/// "a positive integer", "MUST NOT use serialNumber values longer than 20 octets" (RFC 5280, section 4.1.2.2).
fn serial_number(certificate: &X509Certificate<'_>) -> Result<(), ProfileBreach> {
    let octets = certificate.raw_serial();
    let negative = octets.first().is_some_and(|first| first & 0x80 != 0);
    let zero = octets.iter().all(|octet| *octet == 0);
    ensure((1..=MAX_SERIAL_LEN).contains(&octets.len()) && !negative && !zero, ProfileBreach::BadSerialNumber)
}

fn validity(certificate: &X509Certificate<'_>) -> Result<(), ProfileBreach> {
    let validity = certificate.validity();
    ensure(validity.not_before <= validity.not_after, ProfileBreach::BadValidity)
}

fn names(certificate: &X509Certificate<'_>) -> Result<(), ProfileBreach> {
    let mut clean = name_is_clean(certificate.subject()) && name_is_clean(certificate.issuer());
    for extension in certificate.extensions() {
        clean &= match extension.parsed_extension() {
            ParsedExtension::SubjectAlternativeName(names) => names.general_names.iter().all(general_name_is_clean),
            ParsedExtension::IssuerAlternativeName(names) => names.general_names.iter().all(general_name_is_clean),
            _ => true,
        };
    }
    ensure(clean, ProfileBreach::NulInName)
}

fn authority(certificate: &X509Certificate<'_>) -> Result<(), ProfileBreach> {
    ensure(!certificate.is_ca(), ProfileBreach::CertificateAuthority)
}

fn key_usage(certificate: &X509Certificate<'_>) -> Result<(), ProfileBreach> {
    let usage = certificate.key_usage().map_err(|_| ProfileBreach::BadExtension)?;
    ensure(!usage.is_some_and(|usage| usage.value.key_cert_sign()), ProfileBreach::SignsCertificates)
}

fn purposes(certificate: &X509Certificate<'_>) -> Result<(), ProfileBreach> {
    let usage = certificate.extended_key_usage().map_err(|_| ProfileBreach::BadExtension)?;
    let usage = usage.ok_or(ProfileBreach::NoExtendedKeyUsage)?.value;
    ensure(!usage.any, ProfileBreach::AnyPurpose)?;
    ensure(usage.client_auth, ProfileBreach::NotForClients)
}

fn name_is_clean(name: &X509Name<'_>) -> bool {
    name.iter_attributes().all(|attribute| {
        let value = attribute.attr_value();
        // In the two encodings with wide characters a zero octet is ordinary; only a whole zero character is NUL.
        let width = match value.tag().0 {
            UNIVERSAL_STRING => 4,
            BMP_STRING => 2,
            _ => 1,
        };
        !value.data.chunks(width).any(|character| character.iter().all(|octet| *octet == 0))
    })
}

fn general_name_is_clean(name: &GeneralName<'_>) -> bool {
    match name {
        GeneralName::RFC822Name(text) | GeneralName::DNSName(text) | GeneralName::URI(text) => !text.contains('\0'),
        GeneralName::DirectoryName(name) => name_is_clean(name),
        GeneralName::Invalid(..) => false,
        _ => true,
    }
}

fn ensure(holds: bool, breach: ProfileBreach) -> Result<(), ProfileBreach> {
    if holds { Ok(()) } else { Err(breach) }
}

/// Unix seconds as an instant. Certificates "without an end" say 31 December 9999, a day more than our type holds.
pub(super) fn instant(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

const MAX_SERIAL_LEN: usize = 20;
const UNIVERSAL_STRING: u32 = 28;
const BMP_STRING: u32 = 30;
