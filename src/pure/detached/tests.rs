//! LODGE-6 and GOV-1: signatures of every kind of key, and everything that is not one.

use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerInfo};
use der::asn1::{Any, OctetString, SetOfVec};
use der::{Decode, Encode};
use jiff::Timestamp;
use proptest::prelude::*;
use rcgen::{CertificateParams, KeyPair};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair,
};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use super::*;

const TEXT: &[u8] = b"strongroom/lodgement/v1\norigin example/log\n";

/// A key with a certificate for it, made by itself.
pub(crate) struct Signer {
    key: KeyPair,
    certificate: Vec<u8>,
}

impl Signer {
    fn new(algorithm: &'static rcgen::SignatureAlgorithm) -> Self {
        Self::with(algorithm, |_| {})
    }

    fn with(algorithm: &'static rcgen::SignatureAlgorithm, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let key = KeyPair::generate_for(algorithm).unwrap();
        let mut params = CertificateParams::default();
        change(&mut params);
        let certificate = params.self_signed(&key).unwrap().der().to_vec();
        Self { key, certificate }
    }

    pub(crate) fn p256() -> Self {
        Self::new(&rcgen::PKCS_ECDSA_P256_SHA256)
    }

    fn sign(&self, text: &[u8]) -> Vec<u8> {
        self.sign_as(&self.certificate, text)
    }

    fn sign_as(&self, certificate: &[u8], text: &[u8]) -> Vec<u8> {
        sign(certificate, text, then(), |scheme, message| self.raw(scheme, message)).unwrap()
    }

    fn raw(&self, scheme: Scheme, message: &[u8]) -> Result<Vec<u8>, ring::error::Unspecified> {
        let ecdsa = |algorithm: &'static EcdsaSigningAlgorithm| {
            let random = SystemRandom::new();
            let key = EcdsaKeyPair::from_pkcs8(algorithm, self.key.serialized_der(), &random).unwrap();
            Ok(key.sign(&random, message)?.as_ref().to_vec())
        };
        match scheme {
            Scheme::EcdsaP256Sha256 => ecdsa(&ECDSA_P256_SHA256_ASN1_SIGNING),
            Scheme::EcdsaP384Sha384 => ecdsa(&ECDSA_P384_SHA384_ASN1_SIGNING),
            Scheme::Ed25519 => {
                let key = Ed25519KeyPair::from_pkcs8_maybe_unchecked(self.key.serialized_der()).unwrap();
                Ok(key.sign(message).as_ref().to_vec())
            }
            Scheme::RsaPkcs1Sha256 => panic!("no RSA key is made here"),
        }
    }

    /// A signature over the text as records hold it.
    pub(crate) fn sign_in_base64(&self, text: &[u8]) -> String {
        base64::Engine::encode(&base64::engine::general_purpose::STANDARD, self.sign(text))
    }

    /// What its credential would be.
    pub(crate) fn id(&self) -> [u8; 32] {
        let certificate = x509_cert::Certificate::from_der(&self.certificate).unwrap();
        let spki: &SubjectPublicKeyInfoOwned = certificate.tbs_certificate().subject_public_key_info();
        ring::digest::digest(&ring::digest::SHA256, &spki.to_der().unwrap()).as_ref().try_into().unwrap()
    }
}

fn then() -> Timestamp {
    "2026-11-24T09:30:00Z".parse().unwrap()
}

/// The signature with a change in its structure, encoded again.
fn changed(signature: &[u8], change: impl FnOnce(&mut SignedData)) -> Vec<u8> {
    let mut outer = ContentInfo::from_der(signature).unwrap();
    let mut signed: SignedData = outer.content.decode_as().unwrap();
    change(&mut signed);
    outer.content = Any::encode_from(&signed).unwrap();
    outer.to_der().unwrap()
}

fn with_signer(signature: &[u8], change: impl FnOnce(&mut SignerInfo)) -> Vec<u8> {
    changed(signature, |signed| {
        let mut signer = signed.signer_infos.0.get(0).unwrap().clone();
        change(&mut signer);
        signed.signer_infos = vec![signer].try_into().unwrap();
    })
}

#[test]
fn lodge_6_a_signature_by_every_kind_of_key_verifies_and_names_the_key() {
    for algorithm in [&rcgen::PKCS_ECDSA_P256_SHA256, &rcgen::PKCS_ECDSA_P384_SHA384, &rcgen::PKCS_ED25519] {
        let signer = Signer::new(algorithm);
        let signature = signer.sign(TEXT);
        assert_eq!(verify(&signature, TEXT), Ok(Signed { key: signer.id(), signing_time: Some(then()) }));
    }
}

#[test]
fn lodge_6_another_text_is_refused() {
    let signature = Signer::p256().sign(TEXT);
    for other in [&b""[..], b"strongroom/lodgement/v1\norigin example/log", &[TEXT, b"\n"].concat()] {
        assert_eq!(verify(&signature, other), Err(BadSignature::OtherText));
    }
}

#[test]
fn lodge_6_no_bit_can_be_flipped() {
    for algorithm in [&rcgen::PKCS_ECDSA_P256_SHA256, &rcgen::PKCS_ED25519] {
        let signature = Signer::new(algorithm).sign(TEXT);
        for at in 0..signature.len() {
            for bit in 0..8 {
                let mut flipped = signature.clone();
                flipped[at] ^= 1 << bit;
                assert!(verify(&flipped, TEXT).is_err(), "bit {bit} of byte {at} of {}", hex::encode(&signature));
            }
        }
    }
}

#[test]
fn lodge_6_nothing_can_be_cut_off_or_added() {
    let signature = Signer::p256().sign(TEXT);
    for length in 0..signature.len() {
        assert_eq!(verify(&signature[..length], TEXT), Err(BadSignature::NotDer), "{length} bytes");
    }
    assert_eq!(verify(&[&signature[..], b"\0"].concat(), TEXT), Err(BadSignature::NotDer));
    assert_eq!(verify(&[b"\0", &signature[..]].concat(), TEXT), Err(BadSignature::NotDer));
    let giant = vec![0x30; MAX_SIGNATURE_LEN + 1];
    assert_eq!(verify(&giant, TEXT), Err(BadSignature::TooLong { len: giant.len() }));
    assert_eq!(verify(&giant[1..], TEXT), Err(BadSignature::NotDer));
}

#[test]
fn lodge_6_another_key_under_the_same_name_is_another_key() {
    let (signer, other) = (Signer::p256(), Signer::p256());
    let pretended = other.sign_as(&signer.certificate, TEXT);
    assert_eq!(verify(&pretended, TEXT), Err(BadSignature::NotOfThisKey));
    let signed = verify(&other.sign(TEXT), TEXT).unwrap();
    assert_ne!(signed.key, signer.id(), "the caller sees that it is not the lodger's");
}

/// The certificate only carries the key. That the credential was valid when it lodged is what the handshake checked and
/// the log recorded, and a signature must still verify in twenty years.
#[test]
fn lodge_6_an_expired_certificate_is_as_good_as_a_valid_one() {
    let expired = Signer::with(&rcgen::PKCS_ECDSA_P256_SHA256, |params| {
        params.not_before = rcgen::date_time_ymd(2001, 1, 1);
        params.not_after = rcgen::date_time_ymd(2002, 1, 1);
    });
    assert_eq!(verify(&expired.sign(TEXT), TEXT).unwrap().key, expired.id());
}

#[test]
fn lodge_6_a_certificate_swapped_for_another_of_the_same_key_is_refused() {
    let signer = Signer::p256();
    let renewed = CertificateParams::default();
    let renewed = renewed.self_signed(&signer.key).unwrap().der().to_vec();
    let signature = signer.sign(TEXT);
    let swapped = changed(&signature, |signed| {
        let certificate = CertificateChoices::Certificate(x509_cert::Certificate::from_der(&renewed).unwrap());
        signed.certificates = Some(vec![certificate].try_into().unwrap());
    });
    assert_eq!(verify(&swapped, TEXT), Err(BadSignature::OtherCertificate));
}

#[test]
fn lodge_6_there_is_exactly_one_signer() {
    let (one, other) = (Signer::p256().sign(TEXT), Signer::p256().sign(TEXT));
    let second: SignedData = ContentInfo::from_der(&other).unwrap().content.decode_as().unwrap();
    let second = second.signer_infos.0.get(0).unwrap().clone();
    let two = changed(&one, |signed| signed.signer_infos.0.insert(second).unwrap());
    assert_eq!(verify(&two, TEXT), Err(BadSignature::Signers { number: 2 }));
    let none = changed(&one, |signed| signed.signer_infos = Vec::new().try_into().unwrap());
    assert_eq!(verify(&none, TEXT), Err(BadSignature::Signers { number: 0 }));
}

#[test]
fn lodge_6_there_is_exactly_one_certificate() {
    let signature = Signer::p256().sign(TEXT);
    let none = changed(&signature, |signed| signed.certificates = None);
    assert_eq!(verify(&none, TEXT), Err(BadSignature::Certificates));
    let other = x509_cert::Certificate::from_der(&Signer::p256().certificate).unwrap();
    let two = changed(&signature, |signed| {
        let mut certificates = signed.certificates.clone().unwrap();
        certificates.0.insert(CertificateChoices::Certificate(other)).unwrap();
        signed.certificates = Some(certificates);
    });
    assert_eq!(verify(&two, TEXT), Err(BadSignature::Certificates));
}

#[test]
fn lodge_6_the_attributes_are_there_and_signed() {
    let signer = Signer::p256();
    let signature = signer.sign(TEXT);
    // RFC 5652, section 5.4, permits to sign the text itself; then nothing says what kind of text it is.
    let direct = signer.raw(Scheme::EcdsaP256Sha256, TEXT).unwrap();
    let bare = with_signer(&signature, |signer| {
        signer.signed_attrs = None;
        signer.signature = OctetString::new(direct).unwrap();
    });
    assert_eq!(verify(&bare, TEXT), Err(BadSignature::NoSignedAttributes));
    for missing in 0..4 {
        let without = with_signer(&signature, |info| {
            let mut attributes = info.signed_attrs.clone().unwrap().into_vec();
            attributes.remove(missing);
            info.signed_attrs = Some(SetOfVec::try_from(attributes).unwrap());
        });
        assert!(verify(&without, TEXT).is_err(), "attribute {missing}");
    }
    let unsigned = with_signer(&signature, |info| info.unsigned_attrs = info.signed_attrs.clone());
    assert_eq!(verify(&unsigned, TEXT), Err(BadSignature::Form("it has attributes that are not signed")));
}

#[test]
fn lodge_6_an_attribute_with_two_values_or_twice_is_refused() {
    let signature = Signer::p256().sign(TEXT);
    for twice in [true, false] {
        let doubled = with_signer(&signature, |info| {
            let mut attributes = info.signed_attrs.clone().unwrap().into_vec();
            let at = attributes.iter().position(|one| one.oid.to_string() == "1.2.840.113549.1.9.4").unwrap();
            let mut second = attributes[at].clone();
            let other = Any::encode_from(&OctetString::new([7; 32]).unwrap()).unwrap();
            if twice {
                second.values = vec![other].try_into().unwrap();
                attributes.push(second);
            } else {
                attributes[at].values.insert(other).unwrap();
            }
            info.signed_attrs = Some(SetOfVec::try_from(attributes).unwrap());
        });
        assert!(matches!(verify(&doubled, TEXT), Err(BadSignature::Attributes(_))));
    }
}

#[test]
fn lodge_6_a_signature_with_content_of_its_own_is_refused() {
    let attached = changed(&Signer::p256().sign(TEXT), |signed| {
        let content = OctetString::new(TEXT).unwrap();
        signed.encap_content_info.econtent = Some(Any::encode_from(&content).unwrap());
    });
    assert_eq!(verify(&attached, TEXT), Err(BadSignature::NotDetached));
}

#[test]
fn lodge_6_other_algorithms_than_the_key_s_are_refused() {
    let signature = Signer::p256().sign(TEXT);
    let ed25519: SignedData =
        ContentInfo::from_der(&Signer::new(&rcgen::PKCS_ED25519).sign(TEXT)).unwrap().content.decode_as().unwrap();
    let other = ed25519.signer_infos.0.get(0).unwrap().signature_algorithm.clone();
    let renamed = with_signer(&signature, |info| info.signature_algorithm = other);
    assert_eq!(verify(&renamed, TEXT), Err(BadSignature::UnknownAlgorithm));
}

#[test]
fn lodge_6_what_is_not_der_is_refused() {
    let signature = Signer::p256().sign(TEXT);
    // X.690, section 8.1.3.6: BER may leave the length open and end with two zeros.
    let mut indefinite = vec![0x30, 0x80];
    indefinite.extend_from_slice(&signature[4..]);
    indefinite.extend_from_slice(&[0, 0]);
    // The same length in more octets than it needs.
    let mut long = vec![0x30, 0x83, 0x00];
    long.extend_from_slice(&signature[2..]);
    assert_eq!(signature[..2], [0x30, 0x82], "a signature has a length of two octets");
    for rubbish in [&indefinite[..], &long, b"", b"0", &[0x30, 0x80, 0, 0], &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], TEXT]
    {
        assert_eq!(verify(rubbish, TEXT), Err(BadSignature::NotDer), "{}", hex::encode(rubbish));
    }
    // An unsorted set says the same and is another encoding.
    let sorted: SignedData = ContentInfo::from_der(&signature).unwrap().content.decode_as().unwrap();
    let attributes = sorted.signer_infos.0.get(0).unwrap().signed_attrs.clone().unwrap().into_vec();
    let parts: Vec<_> = attributes.iter().map(|attribute| attribute.to_der().unwrap()).collect();
    let (in_order, swapped) = (parts.concat(), parts.iter().rev().flatten().copied().collect::<Vec<_>>());
    let at = signature.windows(in_order.len()).position(|window| window == in_order).unwrap();
    let mut unsorted = signature.clone();
    unsorted[at..at + swapped.len()].copy_from_slice(&swapped);
    assert_eq!(verify(&unsorted, TEXT), Err(BadSignature::NotDer));
}

#[test]
fn lodge_6_data_that_is_not_signed_is_refused() {
    let mut outer = ContentInfo::from_der(&Signer::p256().sign(TEXT)).unwrap();
    outer.content_type = "1.2.840.113549.1.7.1".parse().unwrap();
    assert_eq!(verify(&outer.to_der().unwrap(), TEXT), Err(BadSignature::NotSignedData));
}

#[test]
fn lodge_6_a_time_after_2049_is_written_and_read_too() {
    let signer = Signer::p256();
    let late: Timestamp = "2051-02-03T04:05:06Z".parse().unwrap();
    let signature = sign(&signer.certificate, TEXT, late, |scheme, message| signer.raw(scheme, message)).unwrap();
    assert_eq!(verify(&signature, TEXT).unwrap().signing_time, Some(late));
}

#[test]
fn lodge_6_a_key_that_fails_and_a_certificate_that_is_none_are_named() {
    let signer = Signer::p256();
    let failing = sign(&signer.certificate, TEXT, then(), |_, _| Err("it is locked")).unwrap_err();
    assert_eq!(failing.to_string(), "the key did not sign: it is locked");
    let nothing = sign(TEXT, TEXT, then(), |scheme, message| signer.raw(scheme, message));
    assert!(matches!(nothing, Err(CannotSign::NotACertificate)));
    let huge = Signer::with(&rcgen::PKCS_ECDSA_P256_SHA256, |params| {
        params.subject_alt_names =
            (0..400).map(|n| rcgen::SanType::DnsName(format!("host{n}.example.com").try_into().unwrap())).collect();
    });
    let long = sign(&huge.certificate, TEXT, then(), |scheme, message| huge.raw(scheme, message));
    assert!(matches!(long, Err(CannotSign::TooLong { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn lodge_6_nothing_that_is_handed_in_makes_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(verify(&bytes, TEXT).is_err());
    }

    #[test]
    fn lodge_6_no_damaged_signature_makes_a_panic_or_verifies(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        thread_local!(static SIGNATURE: Vec<u8> = Signer::p256().sign(TEXT));
        let original = SIGNATURE.with(Clone::clone);
        let mut damaged = original.clone();
        for (at, byte) in changes {
            let at = at.index(damaged.len());
            damaged[at] = byte;
        }
        prop_assert!(verify(&damaged, TEXT).is_err() || damaged == original);
        prop_assert!(verify(&damaged[..cut.index(damaged.len())], TEXT).is_err());
    }
}
