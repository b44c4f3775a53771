//! Making a signature: the structure here, the private key with the caller.

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use der::asn1::{Any, ObjectIdentifier, OctetString, SetOfVec};
use der::{Decode, Encode};
use jiff::Timestamp;
use x509_cert::Certificate;

use super::MAX_SIGNATURE_LEN;
use super::algorithm::Scheme;
use super::attributes::{ID_DATA, attributes};

/// A detached signature over `text` in DER, with the signer's certificate in it. `with_key` signs the bytes that it is
/// given with the certificate's private key, as the scheme says. `signing_time` is what the signer's clock says, in
/// whole seconds.
pub fn sign<E>(
    certificate: &[u8],
    text: &[u8],
    signing_time: Timestamp,
    with_key: impl FnOnce(Scheme, &[u8]) -> Result<Vec<u8>, E>,
) -> Result<Vec<u8>, CannotSign<E>> {
    let parsed = Certificate::from_der(certificate).map_err(|_| CannotSign::NotACertificate)?;
    // What is encoded again must be what the certificate's issuer signed, or nobody could verify it.
    if parsed.to_der().ok().as_deref() != Some(certificate) {
        return Err(CannotSign::NotACertificate);
    }
    let tbs = parsed.tbs_certificate();
    let scheme = Scheme::of(tbs.subject_public_key_info()).ok_or(CannotSign::UnknownKey)?;
    let digest = scheme.digest();
    let sid = SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
        issuer: tbs.issuer().clone(),
        serial_number: tbs.serial_number().clone(),
    });
    let signed_attrs = attributes(digest.of(text), signing_time, certificate).map_err(|_| CannotSign::NotEncoded)?;
    // RFC 5652, section 5.4: what is signed is their DER as a SET OF.
    let message = signed_attrs.to_der().map_err(|_| CannotSign::NotEncoded)?;
    let signature = with_key(scheme, &message).map_err(CannotSign::Key)?;
    let signer = |signature| SignerInfo {
        version: CmsVersion::V1,
        sid,
        digest_alg: digest.identifier(),
        signed_attrs: Some(signed_attrs),
        signature_algorithm: scheme.identifier(),
        signature,
        unsigned_attrs: None,
    };
    let encoded =
        OctetString::new(signature).and_then(|signature| wrapped(parsed, digest.identifier(), signer(signature)));
    let encoded = encoded.map_err(|_| CannotSign::NotEncoded)?;
    if encoded.len() > MAX_SIGNATURE_LEN { Err(CannotSign::TooLong { len: encoded.len() }) } else { Ok(encoded) }
}

/// Why no signature is made.
#[derive(Debug, thiserror::Error)]
pub enum CannotSign<E> {
    /// The certificate's bytes are not a certificate.
    #[error("the certificate is not one DER-encoded X.509 certificate; give the one of the key")]
    NotACertificate,
    /// The key is of a kind that is not known here.
    #[error(
        "keys of this kind are not supported; use one on P-256 or P-384, an RSA key of 2048 bits or more, or Ed25519"
    )]
    UnknownKey,
    /// The key did not sign.
    #[error("the key did not sign: {0}")]
    Key(E),
    /// The signature is longer than is taken anywhere.
    #[error(
        "the signature would have {len} bytes, and at most {MAX_SIGNATURE_LEN} are taken; use a smaller certificate"
    )]
    TooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// It cannot be written down.
    #[error("the signature cannot be encoded; use another certificate")]
    NotEncoded,
}

fn wrapped(
    certificate: Certificate,
    digest: x509_cert::spki::AlgorithmIdentifierOwned,
    signer: SignerInfo,
) -> Result<Vec<u8>, der::Error> {
    let signed = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![digest])?,
        encap_content_info: EncapsulatedContentInfo { econtent_type: ID_DATA, econtent: None },
        certificates: Some(CertificateSet::try_from(vec![CertificateChoices::Certificate(certificate)])?),
        crls: None,
        signer_infos: SignerInfos::try_from(vec![signer])?,
    };
    ContentInfo { content_type: ID_SIGNED_DATA, content: Any::encode_from(&signed)? }.to_der()
}

pub(super) const ID_SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
