//! A certificate that keeps to the profile is one certificate and nothing else, and another parser sees in it what the
//! profile asks for.
#![no_main]

use strongroom::edge::pki::{EndEntity, SpkiDigest};
use x509_cert::Certificate;
use x509_cert::certificate::Version;
use x509_cert::der::pem::{LineEnding, encode_string};
use x509_cert::der::{Decode, oid::db::rfc5280};
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(person) = EndEntity::from_pem(bytes) {
        assert_eq!(SpkiDigest::of_certificate_pem(bytes), Ok(person.credential));
    }
    let Ok(person) = EndEntity::from_der(bytes) else { return };
    assert_eq!(SpkiDigest::of_certificate_der(bytes), Ok(person.credential));
    let pem = encode_string("CERTIFICATE", LineEnding::LF, bytes).unwrap();
    assert_eq!(EndEntity::from_pem(pem.as_bytes()), Ok(person));
    assert!(EndEntity::from_pem([pem.as_bytes(), pem.as_bytes()].concat().as_slice()).is_err());
    assert!(EndEntity::from_der(&[bytes, &[0]].concat()).is_err());
    assert!(EndEntity::from_der(&bytes[..bytes.len() - 1]).is_err());

    let Ok(other) = Certificate::from_der(bytes) else { return };
    let other = other.tbs_certificate();
    let serial = other.serial_number().as_bytes();
    assert!(other.version() == Version::V3 && serial.len() <= 20 && serial.iter().any(|byte| *byte != 0));
    if let Ok(purposes) = other.get_extension::<ExtendedKeyUsage>() {
        let (_, ExtendedKeyUsage(purposes)) = purposes.expect("clientAuth is asked for");
        assert!(purposes.contains(&rfc5280::ID_KP_CLIENT_AUTH));
        assert!(!purposes.contains(&rfc5280::ANY_EXTENDED_KEY_USAGE));
    }
    if let Ok(Some((_, constraints))) = other.get_extension::<BasicConstraints>() {
        assert!(!constraints.ca);
    }
    if let Ok(Some((_, usage))) = other.get_extension::<KeyUsage>() {
        assert!(!usage.key_cert_sign());
    }
});
