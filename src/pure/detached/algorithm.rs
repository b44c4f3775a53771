//! The algorithms: which digest and signature go with which key, and their names in CMS.

use der::Encode;
use der::asn1::{Any, ObjectIdentifier};
use ring::digest;
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use super::verify::BadSignature;

/// How a key signs here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// ECDSA on P-256 with SHA-256; the signature is the DER of r and s.
    EcdsaP256Sha256,
    /// ECDSA on P-384 with SHA-384; the signature is the DER of r and s.
    EcdsaP384Sha384,
    /// RSA PKCS#1 v1.5 with SHA-256.
    RsaPkcs1Sha256,
    /// Ed25519; the digest of the text is SHA-512 (RFC 8419, section 3.1).
    Ed25519,
}

impl Scheme {
    /// How the certified key signs; `None` for a key of another kind.
    pub(super) fn of(spki: &SubjectPublicKeyInfoOwned) -> Option<Self> {
        match Key::of(spki)? {
            Key::P256 => Some(Self::EcdsaP256Sha256),
            Key::P384 => Some(Self::EcdsaP384Sha384),
            Key::Rsa => Some(Self::RsaPkcs1Sha256),
            Key::Ed25519 => Some(Self::Ed25519),
        }
    }

    pub(super) fn digest(self) -> Digest {
        match self {
            Self::EcdsaP256Sha256 | Self::RsaPkcs1Sha256 => Digest::Sha256,
            Self::EcdsaP384Sha384 => Digest::Sha384,
            Self::Ed25519 => Digest::Sha512,
        }
    }

    pub(super) fn identifier(self) -> AlgorithmIdentifierOwned {
        match self {
            Self::EcdsaP256Sha256 => without_parameters(ECDSA_WITH_SHA256),
            Self::EcdsaP384Sha384 => without_parameters(ECDSA_WITH_SHA384),
            // RFC 3370, section 3.2: the parameters are NULL.
            Self::RsaPkcs1Sha256 => AlgorithmIdentifierOwned { oid: SHA256_WITH_RSA, parameters: Some(Any::null()) },
            Self::Ed25519 => without_parameters(ED25519),
        }
    }
}

/// A digest of the SHA-2 family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Digest {
    Sha256,
    Sha384,
    Sha512,
}

impl Digest {
    /// RFC 5754, section 2: the parameters are absent; NULL is accepted.
    pub(super) fn named(identifier: &AlgorithmIdentifierOwned) -> Option<Self> {
        if !identifier.parameters.as_ref().is_none_or(Any::is_null) {
            return None;
        }
        Self::of_oid(identifier.oid)
    }

    pub(super) fn of_oid(oid: ObjectIdentifier) -> Option<Self> {
        match oid {
            SHA256 => Some(Self::Sha256),
            SHA384 => Some(Self::Sha384),
            SHA512 => Some(Self::Sha512),
            _ => None,
        }
    }

    pub(super) fn identifier(self) -> AlgorithmIdentifierOwned {
        without_parameters(match self {
            Self::Sha256 => SHA256,
            Self::Sha384 => SHA384,
            Self::Sha512 => SHA512,
        })
    }

    pub(super) fn of(self, bytes: &[u8]) -> Vec<u8> {
        let algorithm = match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        };
        digest::digest(algorithm, bytes).as_ref().to_vec()
    }
}

/// Verifies a signature over `message` that is named as by `identifier` over `digest`.
pub(super) fn verify_signature(
    spki: &SubjectPublicKeyInfoOwned,
    digest: Digest,
    identifier: &AlgorithmIdentifierOwned,
    message: &[u8],
    signature: &[u8],
) -> Result<(), BadSignature> {
    let key = Key::of(spki).ok_or(BadSignature::UnknownKey)?;
    let algorithm = key.algorithm(digest, identifier).ok_or(BadSignature::UnknownAlgorithm)?;
    let point = spki.subject_public_key.as_bytes().ok_or(BadSignature::UnknownKey)?;
    UnparsedPublicKey::new(algorithm, point).verify(message, signature).map_err(|_| BadSignature::NotOfThisKey)
}

/// A key of a kind that client certificates may have.
#[derive(Clone, Copy)]
enum Key {
    P256,
    P384,
    Rsa,
    Ed25519,
}

impl Key {
    fn of(spki: &SubjectPublicKeyInfoOwned) -> Option<Self> {
        match spki.algorithm.oid {
            EC_PUBLIC_KEY => match spki.algorithm.parameters.as_ref()?.decode_as().ok()? {
                P256 => Some(Self::P256),
                P384 => Some(Self::P384),
                _ => None,
            },
            RSA_ENCRYPTION => Some(Self::Rsa),
            ED25519 => Some(Self::Ed25519),
            _ => None,
        }
    }

    fn algorithm(
        self,
        digest: Digest,
        identifier: &AlgorithmIdentifierOwned,
    ) -> Option<&'static dyn VerificationAlgorithm> {
        let bare = identifier.parameters.is_none();
        let null = identifier.parameters.as_ref().is_some_and(Any::is_null);
        match (self, digest, identifier.oid) {
            (Self::P256, Digest::Sha256, ECDSA_WITH_SHA256) if bare => Some(&signature::ECDSA_P256_SHA256_ASN1),
            (Self::P256, Digest::Sha384, ECDSA_WITH_SHA384) if bare => Some(&signature::ECDSA_P256_SHA384_ASN1),
            (Self::P384, Digest::Sha256, ECDSA_WITH_SHA256) if bare => Some(&signature::ECDSA_P384_SHA256_ASN1),
            (Self::P384, Digest::Sha384, ECDSA_WITH_SHA384) if bare => Some(&signature::ECDSA_P384_SHA384_ASN1),
            (Self::Ed25519, Digest::Sha512, ED25519) if bare => Some(&signature::ED25519),
            // RFC 3370, section 3.2: rsaEncryption names the signature too, the digest being named beside it.
            (Self::Rsa, Digest::Sha256, RSA_ENCRYPTION | SHA256_WITH_RSA) if null => {
                Some(&signature::RSA_PKCS1_2048_8192_SHA256)
            }
            (Self::Rsa, Digest::Sha384, RSA_ENCRYPTION | SHA384_WITH_RSA) if null => {
                Some(&signature::RSA_PKCS1_2048_8192_SHA384)
            }
            (Self::Rsa, Digest::Sha512, RSA_ENCRYPTION | SHA512_WITH_RSA) if null => {
                Some(&signature::RSA_PKCS1_2048_8192_SHA512)
            }
            (Self::Rsa, digest, RSA_PSS) if is_pss_with(digest, identifier) => Some(match digest {
                Digest::Sha256 => &signature::RSA_PSS_2048_8192_SHA256,
                Digest::Sha384 => &signature::RSA_PSS_2048_8192_SHA384,
                Digest::Sha512 => &signature::RSA_PSS_2048_8192_SHA512,
            }),
            _ => None,
        }
    }
}

/// RFC 4055, section 3.1: digest, mask generation with the same digest, and a salt as long as the digest. In one form.
fn is_pss_with(digest: Digest, identifier: &AlgorithmIdentifierOwned) -> bool {
    // The last octet of the digest's object identifier, and its length.
    let (arc, salt) = match digest {
        Digest::Sha256 => (1, 32),
        Digest::Sha384 => (2, 48),
        Digest::Sha512 => (3, 64),
    };
    let mut expected = PSS_PARAMETERS;
    for (at, octet) in [(PSS_DIGEST_AT, arc), (PSS_MASK_DIGEST_AT, arc), (PSS_PARAMETERS.len() - 1, salt)] {
        if let Some(place) = expected.get_mut(at) {
            *place = octet;
        }
    }
    let parameters = identifier.parameters.as_ref().and_then(|parameters| parameters.to_der().ok());
    parameters.is_some_and(|parameters| parameters == expected)
}

fn without_parameters(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: None }
}

/// SEQUENCE { [0] { SHA-256, NULL }, [1] { MGF1, { SHA-256, NULL } }, [2] 32 }.
const PSS_PARAMETERS: [u8; 54] = [
    0x30, 0x34, 0xa0, 0x0f, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
    0xa1, 0x1c, 0x30, 0x1a, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08, 0x30, 0x0d, 0x06, 0x09,
    0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0xa2, 0x03, 0x02, 0x01, 0x20,
];
const PSS_DIGEST_AT: usize = 16;
const PSS_MASK_DIGEST_AT: usize = 46;

const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const ECDSA_WITH_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_WITH_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const SHA256_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const SHA384_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const SHA512_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
