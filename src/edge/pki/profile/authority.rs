//! What the certificate of a CA must be: one that clients send along, or one that the operator trusts.

use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::X509Certificate;

use super::{Check, ProfileBreach, any, ensure, read};

/// Holds the DER of a CA's certificate to the profile of one, without a look at the clock or at its issuer.
pub fn check_authority(der: &[u8]) -> Result<(), ProfileBreach> {
    read_authority(der).map(|_| ())
}

/// Reads the DER of a CA's certificate and holds it to the profile. It neither looks at the clock nor at the issuer.
pub(in super::super) fn read_authority(der: &[u8]) -> Result<X509Certificate<'_>, ProfileBreach> {
    let certificate = read(der)?;
    for check in any::CHECKS.iter().chain(CHECKS) {
        check(&certificate)?;
    }
    Ok(certificate)
}

/// Whether key usage allows a CA to sign revocation lists (RFC 5280, section 4.2.1.3).
pub(in super::super) fn signs_revocation_lists(certificate: &X509Certificate<'_>) -> bool {
    matches!(certificate.key_usage(), Ok(Some(usage)) if usage.value.crl_sign())
}

/// How many CAs may stand between it and a person's certificate, if it says.
pub(in super::super) fn path_length(certificate: &X509Certificate<'_>) -> Option<u32> {
    certificate.basic_constraints().ok().flatten().and_then(|constraints| constraints.value.path_len_constraint)
}

const CHECKS: &[Check] = &[constraints, key_usage, identifier, restrictions];

/// "MUST include this extension", "MUST mark the extension as critical" (RFC 5280, section 4.2.1.9).
fn constraints(certificate: &X509Certificate<'_>) -> Result<(), ProfileBreach> {
    let constraints = certificate.basic_constraints().map_err(|_| ProfileBreach::BadExtension)?;
    let constraints = constraints.filter(|found| found.value.ca).ok_or(ProfileBreach::NotAnAuthority)?;
    ensure(constraints.critical, ProfileBreach::ConstraintsNotCritical)
}

/// "MUST include this extension" (RFC 5280, section 4.2.1.3), which then names keyCertSign.
fn key_usage(certificate: &X509Certificate<'_>) -> Result<(), ProfileBreach> {
    let usage = certificate.key_usage().map_err(|_| ProfileBreach::BadExtension)?;
    ensure(usage.is_some_and(|usage| usage.value.key_cert_sign()), ProfileBreach::SignsNoCertificates)
}

fn identifier(certificate: &X509Certificate<'_>) -> Result<(), ProfileBreach> {
    ensure(any::subject_key_identifier(certificate).is_some(), ProfileBreach::NoSubjectKeyIdentifier)
}

/// Policies are not judged, nor are constraints on names but of the kinds that rustls judges: what a CA restricts so would
/// not be heeded.
fn restrictions(certificate: &X509Certificate<'_>) -> Result<(), ProfileBreach> {
    let unheeded = |extension: &ParsedExtension<'_>| match extension {
        ParsedExtension::PolicyConstraints(_)
        | ParsedExtension::PolicyMappings(_)
        | ParsedExtension::InhibitAnyPolicy(_) => true,
        ParsedExtension::NameConstraints(names) => {
            let subtrees = [&names.permitted_subtrees, &names.excluded_subtrees];
            !subtrees.into_iter().flatten().flatten().all(|subtree| is_judged(&subtree.base))
        }
        _ => false,
    };
    let any = certificate.extensions().iter().any(|extension| unheeded(extension.parsed_extension()));
    ensure(!any, ProfileBreach::UnheededRestriction)
}

fn is_judged(name: &GeneralName<'_>) -> bool {
    matches!(name, GeneralName::DNSName(_) | GeneralName::IPAddress(_))
}
