//! Verifying a signature: which key signed this text.

use cms::cert::CertificateChoices;
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use der::{Decode, Encode};
use jiff::Timestamp;
use ring::digest::{SHA256, digest};
use x509_cert::Certificate;
use x509_cert::ext::pkix::SubjectKeyIdentifier;

use super::MAX_SIGNATURE_LEN;
use super::algorithm::{Digest, verify_signature};
use super::attributes::{self, ID_DATA};
use super::sign::ID_SIGNED_DATA;

/// A signature that verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The key that signed: SHA-256 of the SubjectPublicKeyInfo of the certificate in the signature. Compare it with
    /// the credential of whoever is said to have signed; the certificate says nothing else that is worth anything.
    pub key: [u8; 32],
    /// When the signer says that it signed, in whole seconds: the signer's clock.
    pub signing_time: Option<Timestamp>,
}

/// Verifies that `signature`, in DER, is a detached signature over `text` by the key of the certificate in it.
pub fn verify(signature: &[u8], text: &[u8]) -> Result<Signed, BadSignature> {
    let signed = parse(signature)?;
    let [signer] = signed.signer_infos.0.as_slice() else {
        return Err(BadSignature::Signers { number: signed.signer_infos.0.len() });
    };
    let certificate = only_certificate(&signed)?;
    let version = signer_version(signer, certificate)?;
    // RFC 5652, section 5.1: the version of the whole follows from its parts.
    if signer.version != version || signed.version != version {
        return Err(BadSignature::Form("its versions do not fit its parts"));
    }
    let by = Digest::named(&signer.digest_alg).ok_or(BadSignature::UnknownAlgorithm)?;
    match signed.digest_algorithms.as_slice() {
        [listed] if Digest::named(listed) == Some(by) => {}
        _ => return Err(BadSignature::Form("its digest algorithms are not the signer's")),
    }
    // What nobody signed anyone can change.
    if signer.unsigned_attrs.is_some() {
        return Err(BadSignature::Form("it has attributes that are not signed"));
    }
    let signed_attrs = signer.signed_attrs.as_ref().ok_or(BadSignature::NoSignedAttributes)?;
    let certificate_der = certificate.to_der().map_err(|_| BadSignature::NotDer)?;
    let attested = attributes::check(signed_attrs, text, by, &certificate_der)?;
    // RFC 5652, section 5.4: what is signed is their DER as a SET OF.
    let message = signed_attrs.to_der().map_err(|_| BadSignature::NotDer)?;
    let spki = certificate.tbs_certificate().subject_public_key_info();
    verify_signature(spki, by, &signer.signature_algorithm, &message, signer.signature.as_bytes())?;
    let mut key = [0; 32];
    key.copy_from_slice(digest(&SHA256, &spki.to_der().map_err(|_| BadSignature::NotDer)?).as_ref());
    Ok(Signed { key, signing_time: attested.signing_time })
}

/// Why a signature does not count. Each text is the rest of a sentence that begins with "the signature".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSignature {
    /// Longer than is taken.
    #[error("has {len} bytes, and at most {MAX_SIGNATURE_LEN} are taken")]
    TooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// Not a CMS structure in its one DER form, without anything before, after or between.
    #[error("is not one CMS structure (RFC 5652) in DER")]
    NotDer,
    /// A CMS structure of another kind.
    #[error("is a CMS structure, but not one of signed data")]
    NotSignedData,
    /// It brings its own content.
    #[error("is not detached: it must hold no content of its own, and be of plain data")]
    NotDetached,
    /// None or several signers.
    #[error("has {number} signers, and must have exactly one")]
    Signers {
        /// How many.
        number: usize,
    },
    /// None or several certificates.
    #[error("must hold exactly one certificate: the signer's")]
    Certificates,
    /// The certificate in it is not the one that the signer names.
    #[error("holds another certificate than the one that it says it was made with")]
    OtherCertificate,
    /// A part that must not be there, or does not fit the others.
    #[error("is not of the form that is taken: {0}")]
    Form(&'static str),
    /// The text would be signed directly.
    #[error("has no signed attributes")]
    NoSignedAttributes,
    /// A signed attribute is missing or wrong.
    #[error("has wrong signed attributes: {0}")]
    Attributes(&'static str),
    /// It is over something else.
    #[error("is over another text than the one that was to be signed")]
    OtherText,
    /// The key is of a kind that is not known here.
    #[error("is by a key of a kind that is not taken: use P-256, P-384, RSA of 2048 bits or more, or Ed25519")]
    UnknownKey,
    /// Digest and signature algorithm are none that go with the key.
    #[error("uses an algorithm that is not taken for its key: use SHA-256 (Ed25519: SHA-512)")]
    UnknownAlgorithm,
    /// The signature value is not by the key in the certificate.
    #[error("was altered, or was not made with the key of the certificate in it")]
    NotOfThisKey,
}

/// The structure, in its only form: DER says the same in one way, but its readers are more lenient than its writers.
fn parse(signature: &[u8]) -> Result<SignedData, BadSignature> {
    if signature.len() > MAX_SIGNATURE_LEN {
        return Err(BadSignature::TooLong { len: signature.len() });
    }
    let outer = ContentInfo::from_der(signature).map_err(|_| BadSignature::NotDer)?;
    if outer.content_type != ID_SIGNED_DATA {
        return Err(BadSignature::NotSignedData);
    }
    let signed: SignedData = outer.content.decode_as().map_err(|_| BadSignature::NotDer)?;
    let again = der::asn1::Any::encode_from(&signed)
        .and_then(|content| ContentInfo { content_type: ID_SIGNED_DATA, content }.to_der());
    if again.ok().as_deref() != Some(signature) {
        return Err(BadSignature::NotDer);
    }
    let content = &signed.encap_content_info;
    if content.econtent_type != ID_DATA || content.econtent.is_some() {
        return Err(BadSignature::NotDetached);
    }
    if signed.crls.is_some() {
        return Err(BadSignature::Form("it holds revocation lists"));
    }
    Ok(signed)
}

fn only_certificate(signed: &SignedData) -> Result<&Certificate, BadSignature> {
    match signed.certificates.as_ref().map(|certificates| certificates.0.as_slice()) {
        Some([CertificateChoices::Certificate(certificate)]) => Ok(certificate),
        _ => Err(BadSignature::Certificates),
    }
}

/// The version that goes with how the signer is named (RFC 5652, section 5.3), if that is the certificate's.
fn signer_version(signer: &SignerInfo, certificate: &Certificate) -> Result<CmsVersion, BadSignature> {
    let tbs = certificate.tbs_certificate();
    match &signer.sid {
        SignerIdentifier::IssuerAndSerialNumber(named)
            if named.issuer == *tbs.issuer() && named.serial_number == *tbs.serial_number() =>
        {
            Ok(CmsVersion::V1)
        }
        SignerIdentifier::SubjectKeyIdentifier(named)
            if tbs
                .get_extension::<SubjectKeyIdentifier>()
                .is_ok_and(|held| held.is_some_and(|(_, held)| held == *named)) =>
        {
            Ok(CmsVersion::V3)
        }
        _ => Err(BadSignature::OtherCertificate),
    }
}
