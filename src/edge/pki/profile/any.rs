//! What every certificate must be, a person's and a CA's.

use x509_parser::extensions::{AuthorityKeyIdentifier, GeneralName, ParsedExtension};
use x509_parser::prelude::{X509Certificate, X509Version};
use x509_parser::public_key::PublicKey;
use x509_parser::x509::X509Name;

use super::{Check, ProfileBreach, ensure};

/// In the order in which they are asked.
pub(super) const CHECKS: &[Check] =
    &[version, extensions, critical_extensions, serial_number, validity, names, algorithms, key, key_identifiers];

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

/// "MUST reject the certificate if it encounters a critical extension it does not recognize" (RFC 5280, section 4.2).
fn critical_extensions(certificate: &X509Certificate<'_>) -> Result<(), ProfileBreach> {
    let unknown = |extension: &ParsedExtension<'_>| {
        matches!(extension, ParsedExtension::UnsupportedExtension { .. } | ParsedExtension::Unparsed)
    };
    let overlooked = |e: &x509_parser::extensions::X509Extension<'_>| e.critical && unknown(e.parsed_extension());
    ensure(!certificate.extensions().iter().any(overlooked), ProfileBreach::UnknownCriticalExtension)
}

/// "a positive integer", "MUST NOT use serialNumber values longer than 20 octets" (RFC 5280, section 4.1.2.2).
fn serial_number(certificate: &X509Certificate<'_>) -> Result<(), ProfileBreach> {
    let octets = certificate.raw_serial();
    let zero = octets.iter().all(|octet| *octet == 0);
    ensure(is_natural_number(octets) && !zero, ProfileBreach::BadSerialNumber)
}

/// The content of a DER INTEGER that is not negative, not over 20 octets, and has no octet more than it needs.
pub(in super::super) fn is_natural_number(octets: &[u8]) -> bool {
    let padded = matches!(octets, [0, second, ..] if second & 0x80 == 0);
    let negative = octets.first().is_some_and(|first| first & 0x80 != 0);
    (1..=MAX_INTEGER_LEN).contains(&octets.len()) && !negative && !padded
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
    ensure(clean, ProfileBreach::NulInName)?;
    let one = |name: &X509Name<'_>| name.iter_common_name().count() <= 1;
    ensure(one(certificate.subject()) && one(certificate.issuer()), ProfileBreach::DuplicateCommonName)
}

/// "This field MUST contain the same algorithm identifier" (RFC 5280, section 4.1.1.2).
fn algorithms(certificate: &X509Certificate<'_>) -> Result<(), ProfileBreach> {
    ensure(certificate.signature_algorithm == certificate.tbs_certificate.signature, ProfileBreach::AlgorithmMismatch)
}

fn key(certificate: &X509Certificate<'_>) -> Result<(), ProfileBreach> {
    let spki = certificate.public_key();
    let algorithm = spki.algorithm.algorithm.to_id_string();
    let strong = match spki.parsed() {
        Ok(PublicKey::RSA(key)) => {
            // A small or even exponent is a mistake of whoever made the key.
            let exponent = key.try_exponent().is_ok_and(|exponent| exponent >= 65_537 && exponent % 2 == 1);
            RSA_BITS.contains(&key.key_size()) && exponent
        }
        Ok(PublicKey::EC(_)) => {
            let curve = spki.algorithm.parameters.as_ref().and_then(|curve| curve.as_oid().ok());
            algorithm == EC_PUBLIC_KEY && curve.is_some_and(|curve| CURVES.contains(&curve.to_id_string().as_str()))
        }
        _ => algorithm == ED25519,
    };
    ensure(strong, ProfileBreach::WeakKey)
}

/// The authority key identifier is there with a key identifier, but in a self-signed certificate; neither it nor the
/// subject's is critical or out of measure (RFC 5280, sections 4.2.1.1 and 4.2.1.2).
fn key_identifiers(certificate: &X509Certificate<'_>) -> Result<(), ProfileBreach> {
    for extension in certificate.extensions() {
        let sane = match extension.parsed_extension() {
            ParsedExtension::AuthorityKeyIdentifier(identifier) => {
                let AuthorityKeyIdentifier { key_identifier, authority_cert_issuer: issuer, authority_cert_serial } =
                    identifier;
                let both = issuer.is_some() == authority_cert_serial.is_some();
                !extension.critical && both && key_identifier.as_ref().is_none_or(|key| is_identifier(key.0))
            }
            ParsedExtension::SubjectKeyIdentifier(key) => !extension.critical && is_identifier(key.0),
            _ => true,
        };
        ensure(sane, ProfileBreach::BadKeyIdentifier)?;
    }
    let own = certificate.subject().as_raw() == certificate.issuer().as_raw();
    ensure(own || authority_key_identifier(certificate).is_some(), ProfileBreach::NoAuthorityKeyIdentifier)
}

/// Which key signed it, as it says.
pub(in super::super) fn authority_key_identifier<'a>(certificate: &'a X509Certificate<'_>) -> Option<&'a [u8]> {
    certificate.extensions().iter().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::AuthorityKeyIdentifier(identifier) => identifier.key_identifier.as_ref().map(|key| key.0),
        _ => None,
    })
}

/// Which key it certifies, as it says.
pub(in super::super) fn subject_key_identifier<'a>(certificate: &'a X509Certificate<'_>) -> Option<&'a [u8]> {
    certificate.extensions().iter().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::SubjectKeyIdentifier(key) => Some(key.0),
        _ => None,
    })
}

fn is_identifier(octets: &[u8]) -> bool {
    (1..=MAX_KEY_IDENTIFIER_LEN).contains(&octets.len())
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

const MAX_INTEGER_LEN: usize = 20;
const UNIVERSAL_STRING: u32 = 28;
const BMP_STRING: u32 = 30;

/// The longest digest that anybody makes identifiers of.
const MAX_KEY_IDENTIFIER_LEN: usize = 64;

/// What ring verifies.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;
const EC_PUBLIC_KEY: &str = "1.2.840.10045.2.1";
const ED25519: &str = "1.3.101.112";
/// P-256, P-384, P-521.
const CURVES: &[&str] = &["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"];
