//! The profile, against certificates that a path validation would let through; digests and serial numbers.

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType, date_time_ymd,
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
    let usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyCertSign];
    assert_eq!(profile_of(|c| c.key_usages = usages), Err(ProfileBreach::SignsCertificates));
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
