//! The profile, against certificates that a path validation would let through; digests and serial numbers.

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CustomExtension, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, SanType, date_time_ymd,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::*;

/// A client's certificate of the CA, but for what `change` does to it.
pub(super) fn signed_by(ca: &DevelopmentCa, change: impl FnOnce(&mut CertificateParams)) -> (Certificate, KeyPair) {
    let issuer = KeyPair::from_pem(&ca.key_pem()).unwrap();
    let issuer = Issuer::from_ca_cert_pem(ca.certificate_pem(), issuer).unwrap();
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::default();
    params.serial_number = Some(vec![0x41, 0x42, 0x43, 0x44].into());
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.use_authority_key_identifier_extension = true;
    change(&mut params);
    (params.signed_by(&key, &issuer).unwrap(), key)
}

/// The first common name of a CA.
pub(super) fn common_name(ca: &DevelopmentCa) -> String {
    let der = CertificateDer::from_pem_slice(ca.certificate_pem().as_bytes()).unwrap();
    let (_, certificate) = X509Certificate::from_der(&der).unwrap();
    certificate.subject().iter_common_name().next().unwrap().as_str().unwrap().to_owned()
}

fn profile_of(change: impl FnOnce(&mut CertificateParams)) -> Result<EndEntity, ProfileBreach> {
    let ca = DevelopmentCa::create(good()).unwrap();
    EndEntity::from_der(signed_by(&ca, change).0.der())
}

#[test]
fn an_ordinary_certificate_keeps_to_the_profile() {
    let ca = DevelopmentCa::create(good()).unwrap();
    let alice = ca.issue_client("alice", good()).unwrap();
    let read = EndEntity::from_pem(alice.certificate_pem().as_bytes()).unwrap();
    assert_eq!(read, EndEntity { credential: alice.credential(), not_after: good().not_after });
    assert!(profile_of(|_| ()).is_ok());
}

#[test]
fn purposes_must_name_clients_and_not_any() {
    let any = ExtendedKeyUsagePurpose::Any;
    let server = ExtendedKeyUsagePurpose::ServerAuth;
    assert_eq!(profile_of(|c| c.extended_key_usages.clear()), Err(ProfileBreach::NoExtendedKeyUsage));
    assert_eq!(profile_of(|c| c.extended_key_usages = vec![server]), Err(ProfileBreach::NotForClients));
    assert_eq!(profile_of(|c| c.extended_key_usages.push(any)), Err(ProfileBreach::AnyPurpose));
}

#[test]
fn a_ca_or_a_signer_of_certificates_is_nobody() {
    let ca = IsCa::Ca(BasicConstraints::Unconstrained);
    assert_eq!(profile_of(|c| c.is_ca = ca), Err(ProfileBreach::CertificateAuthority));
    let usages = |usages: &[KeyUsagePurpose]| profile_of(|c| c.key_usages = usages.to_vec());
    let sign = KeyUsagePurpose::DigitalSignature;
    assert_eq!(usages(&[sign, KeyUsagePurpose::KeyCertSign]), Err(ProfileBreach::SignsCertificates));
    assert_eq!(usages(&[sign, KeyUsagePurpose::CrlSign]), Err(ProfileBreach::SignsRevocationLists));
    assert_eq!(usages(&[KeyUsagePurpose::KeyEncipherment]), Err(ProfileBreach::MayNotSign));
    assert!(usages(&[sign]).is_ok());
}

#[test]
fn a_serial_number_is_positive_and_at_most_20_octets() {
    let bad = Err(ProfileBreach::BadSerialNumber);
    assert!(profile_of(|c| c.serial_number = Some(vec![0x7f; 20].into())).is_ok());
    assert_eq!(profile_of(|c| c.serial_number = Some(vec![0x7f; 21].into())), bad);
    assert_eq!(profile_of(|c| c.serial_number = Some(vec![0xff; 20].into())), bad);
    assert_eq!(profile_of(|c| c.serial_number = Some(vec![0].into())), bad);
    // 41 42 43 44 becomes c1 42 43 44, which is negative in DER.
    assert_eq!(EndEntity::from_der(&patched(&[2, 4, 0x41, 0x42], &[2, 4, 0xc1, 0x42])), bad);
    // 00 42 43 44 has an octet more than DER gives it.
    assert_eq!(EndEntity::from_der(&patched(&[2, 4, 0x41, 0x42], &[2, 4, 0, 0x42])), bad);
}

#[test]
fn a_nul_in_a_name_is_refused() {
    let bad = Err(ProfileBreach::NulInName);
    let subject =
        |name: &'static str| move |c: &mut CertificateParams| c.distinguished_name.push(DnType::CommonName, name);
    assert_eq!(profile_of(subject("chair\0.example")), bad);
    let mail = SanType::Rfc822Name("chair\0@example.org".try_into().unwrap());
    assert_eq!(profile_of(|c| c.subject_alt_names.push(mail)), bad);
    let wide = rcgen::string::BmpString::try_from("Chair").unwrap();
    let wide = rcgen::DnValue::BmpString(wide);
    assert!(profile_of(|c| c.distinguished_name.push(DnType::OrganizationName, wide)).is_ok());
}

#[test]
fn a_name_has_one_common_name() {
    let several = |c: &mut CertificateParams| {
        // rcgen keeps one of a kind: the same value as another kind, of which the bytes are then made a common name.
        c.distinguished_name = rcgen::DistinguishedName::new();
        c.distinguished_name.push(DnType::CommonName, "alice");
        c.distinguished_name.push(DnType::OrganizationName, "bob");
    };
    let ca = DevelopmentCa::create(good()).unwrap();
    let mut der = signed_by(&ca, several).0.der().to_vec();
    let at = der.windows(5).position(|bytes| bytes == [6, 3, 0x55, 4, 10]).unwrap();
    der[at + 4] = 3;
    assert_eq!(EndEntity::from_der(&der), Err(ProfileBreach::DuplicateCommonName));
}

#[test]
fn key_identifiers_are_sane() {
    assert_eq!(
        profile_of(|c| c.use_authority_key_identifier_extension = false),
        Err(ProfileBreach::NoAuthorityKeyIdentifier)
    );
    let extension = |last: u8, content: &[u8], critical: bool| {
        let mut extension = CustomExtension::from_oid_content(&[2, 5, 29, last.into()], content.to_vec());
        extension.set_criticality(critical);
        profile_of(|c| {
            c.use_authority_key_identifier_extension = false;
            c.custom_extensions.push(extension);
        })
    };
    let (authority, subject) = (35, 14);
    let bad = Err(ProfileBreach::BadKeyIdentifier);
    assert!(extension(authority, &[0x30, 3, 0x80, 1, 7], false).is_ok());
    assert_eq!(extension(authority, &[0x30, 3, 0x80, 1, 7], true), bad);
    assert_eq!(extension(authority, &[0x30, 2, 0x80, 0], false), bad);
    assert_eq!(extension(authority, &[0x30, 0], false), Err(ProfileBreach::NoAuthorityKeyIdentifier));
    assert_eq!(extension(authority, &[&[0x30, 67, 0x80, 65][..], &[7; 65]].concat(), false), bad);
    // A serial number without its issuer.
    assert_eq!(extension(authority, &[0x30, 6, 0x80, 1, 7, 0x82, 1, 7], false), bad);
    assert_eq!(extension(subject, &[4, 0], false), bad);
    assert_eq!(extension(subject, &[4, 1, 7], true), bad);
}

#[test]
fn a_critical_extension_that_nobody_knows_is_refused() {
    let with = |critical: bool| {
        let mut extension = CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 99_999, 1], vec![5, 0]);
        extension.set_criticality(critical);
        profile_of(|c| c.custom_extensions.push(extension))
    };
    assert_eq!(with(true), Err(ProfileBreach::UnknownCriticalExtension));
    assert!(with(false).is_ok());
}

#[test]
fn the_two_signature_algorithms_must_be_one() {
    // The first is the signed one: ecdsa-with-SHA256 becomes ecdsa-with-SHA384.
    let sha256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
    let sha384 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3];
    assert_eq!(EndEntity::from_der(&patched(&sha256, &sha384)), Err(ProfileBreach::AlgorithmMismatch));
}

#[test]
fn a_key_has_a_kind_and_a_strength() {
    // P-256 (1.2.840.10045.3.1.7) becomes P-192 (.1), of which nobody here has keys.
    let p256 = [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
    let p192 = [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 1];
    assert_eq!(EndEntity::from_der(&patched(&p256, &p192)), Err(ProfileBreach::WeakKey));
}

#[test]
fn version_dates_and_encoding_are_checked() {
    let (early, late) = (date_time_ymd(2020, 1, 1), date_time_ymd(2100, 1, 1));
    let reversed = profile_of(|c| (c.not_before, c.not_after) = (late, early));
    assert_eq!(reversed, Err(ProfileBreach::BadValidity));
    let version_2 = patched(&[0xa0, 3, 2, 1, 2], &[0xa0, 3, 2, 1, 1]);
    assert_eq!(EndEntity::from_der(&version_2), Err(ProfileBreach::NotVersion3));
    let mut longer = patched(&[], &[]);
    longer.push(0);
    assert_eq!(EndEntity::from_der(&longer), Err(ProfileBreach::Unreadable));
    assert_eq!(EndEntity::from_der(b""), Err(ProfileBreach::Unreadable));
}

#[test]
fn a_date_beyond_our_calendar_is_the_end_of_it() {
    // RFC 5280, section 4.1.2.5: "no well-defined expiration date" is 99991231235959Z.
    assert_eq!(super::super::profile::instant(253_402_300_799), Timestamp::MAX);
    assert_eq!(super::super::profile::instant(i64::MIN), Timestamp::MIN);
}

#[test]
fn an_extension_twice_is_refused() {
    // The subject key identifier (2.5.29.14) made a second extended key usage (2.5.29.37) is either unreadable or twice.
    let ca = DevelopmentCa::create(good()).unwrap();
    let mut der = Der::from(signed_by(&ca, |c| c.is_ca = IsCa::ExplicitNoCa).0.der().to_vec());
    let at = der.windows(5).position(|bytes| bytes == [6, 3, 0x55, 0x1d, 14]).unwrap();
    der[at + 4] = 37;
    assert!(matches!(EndEntity::from_der(&der), Err(ProfileBreach::BadExtension | ProfileBreach::Unreadable)));
}

#[test]
fn a_digest_has_one_spelling() {
    let digest = SpkiDigest([0xab; 32]);
    assert_eq!(digest.to_string(), "ab".repeat(32));
    assert_eq!("ab".repeat(32).parse(), Ok(digest));
    for text in ["", "ab", &"AB".repeat(32), &"xy".repeat(32), &"ab".repeat(33)] {
        assert_eq!(text.parse::<SpkiDigest>(), Err(SpkiError::NotADigest));
    }
}

#[test]
fn a_digest_is_of_one_certificate() {
    let ca = DevelopmentCa::create(good()).unwrap();
    let alice = ca.issue_client("alice", good()).unwrap();
    let pem = alice.certificate_pem();
    assert_eq!(SpkiDigest::of_certificate_pem(pem.as_bytes()), Ok(alice.credential()));
    let two = format!("{pem}{pem}");
    assert_eq!(SpkiDigest::of_certificate_pem(two.as_bytes()), Err(SpkiError::SeveralCertificates));
    assert_eq!(SpkiDigest::of_certificate_pem(alice.key_pem().as_bytes()), Err(SpkiError::NotPem));
    assert_eq!(SpkiDigest::of_certificate_der(b"0"), Err(SpkiError::NotACertificate));
}

#[test]
fn a_digest_is_the_sha_256_of_the_public_key_as_ring_writes_it() {
    let ca = DevelopmentCa::create(good()).unwrap();
    let (certificate, key) = signed_by(&ca, |_| ());
    let spki = rcgen::PublicKeyData::subject_public_key_info(&key);
    let expected = ring::digest::digest(&ring::digest::SHA256, &spki);
    assert_eq!(SpkiDigest::of_certificate_der(certificate.der()).unwrap().0, expected.as_ref());
}

#[test]
fn a_serial_number_is_read_back_from_its_text() {
    let number: SerialNumber = "00c1ff".parse().unwrap();
    assert_eq!((number.to_string().as_str(), number.as_bytes()), ("c1ff", [0xc1, 0xff].as_slice()));
    for text in ["", "00", "c", "xy", &"ff".repeat(20), &"7f".repeat(21)] {
        assert!(text.parse::<SerialNumber>().is_err(), "{text}");
    }
}

type Der = Vec<u8>;

/// A client's certificate in which one run of bytes is replaced; its signature no longer fits, which the profile does
/// not look at.
fn patched(from: &[u8], to: &[u8]) -> Der {
    let ca = DevelopmentCa::create(good()).unwrap();
    let mut der = signed_by(&ca, |_| ()).0.der().to_vec();
    if !from.is_empty() {
        let at = der.windows(from.len()).position(|bytes| bytes == from).unwrap();
        der[at..at + to.len()].copy_from_slice(to);
    }
    der
}
