//! The signed attributes: what the signature covers directly, the text through its digest.

use std::time::Duration;

use der::asn1::{Any, GeneralizedTime, ObjectIdentifier, OctetString, SetOfVec, UtcTime};
use der::{Decode, Encode, Tag, Tagged};
use jiff::Timestamp;
use ring::digest::{SHA256, digest};
use x509_cert::attr::{Attribute, Attributes};
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::Time;

use super::algorithm::Digest;
use super::verify::BadSignature;

/// The attributes of a signature over a text with this message digest: its content type, the digest, the time, and the
/// certificate (RFC 5035), which is otherwise the one thing in a signature that anyone could change.
pub(super) fn attributes(
    message_digest: Vec<u8>,
    signing_time: Timestamp,
    certificate: &[u8],
) -> Result<Attributes, der::Error> {
    let one = |oid, value: Any| Ok::<_, der::Error>(Attribute { oid, values: SetOfVec::try_from(vec![value])? });
    SetOfVec::try_from(vec![
        one(CONTENT_TYPE, Any::encode_from(&ID_DATA)?)?,
        one(MESSAGE_DIGEST, Any::encode_from(&OctetString::new(message_digest)?)?)?,
        one(SIGNING_TIME, Any::encode_from(&time(signing_time)?)?)?,
        one(SIGNING_CERTIFICATE_V2, signing_certificate(certificate)?)?,
    ])
}

/// What verified attributes say beside that the text is this one.
pub(super) struct Attested {
    /// When the signer says that it signed.
    pub(super) signing_time: Option<Timestamp>,
}

/// Reads attributes, and checks them against the text and the certificate.
pub(super) fn check(
    attributes: &Attributes,
    text: &[u8],
    by: Digest,
    certificate: &[u8],
) -> Result<Attested, BadSignature> {
    // RFC 5652, section 5.3: both must be there.
    let content_type =
        only(attributes, CONTENT_TYPE)?.ok_or(BadSignature::Attributes("the content type is missing"))?;
    if content_type.decode_as::<ObjectIdentifier>().ok() != Some(ID_DATA) {
        return Err(BadSignature::Attributes("the content type is not plain data"));
    }
    let message_digest =
        only(attributes, MESSAGE_DIGEST)?.ok_or(BadSignature::Attributes("the message digest is missing"))?;
    let message_digest: OctetString =
        message_digest.decode_as().map_err(|_| BadSignature::Attributes("the message digest is not one"))?;
    if message_digest.as_bytes() != by.of(text) {
        return Err(BadSignature::OtherText);
    }
    if let Some(named) = only(attributes, SIGNING_CERTIFICATE_V2)?
        && !names_certificate(named, certificate)
    {
        return Err(BadSignature::OtherCertificate);
    }
    let signing_time = only(attributes, SIGNING_TIME)?.map(instant).transpose()?;
    Ok(Attested { signing_time })
}

/// The one value of the attribute; RFC 5652, section 11: each of them is there at most once and has one value.
fn only(attributes: &Attributes, oid: ObjectIdentifier) -> Result<Option<&Any>, BadSignature> {
    let mut found = attributes.iter().filter(|attribute| attribute.oid == oid);
    let Some(attribute) = found.next() else { return Ok(None) };
    match (attribute.values.as_slice(), found.next()) {
        ([value], None) => Ok(Some(value)),
        _ => Err(BadSignature::Attributes("one of them has not exactly one value")),
    }
}

/// RFC 5652, section 11.3: UTCTime until 2049, GeneralizedTime after.
fn time(instant: Timestamp) -> Result<Time, der::Error> {
    let since_epoch = Duration::from_secs(u64::try_from(instant.as_second()).unwrap_or(0));
    match UtcTime::from_unix_duration(since_epoch) {
        Ok(time) => Ok(Time::UtcTime(time)),
        Err(_) => Ok(Time::GeneralTime(GeneralizedTime::from_unix_duration(since_epoch)?)),
    }
}

fn instant(value: &Any) -> Result<Timestamp, BadSignature> {
    let wrong = BadSignature::Attributes("the signing time is not one");
    // A choice is decoded with its tag.
    let time = value.to_der().and_then(|bytes| Time::from_der(&bytes)).map_err(|_| wrong.clone())?;
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).map_err(|_| wrong.clone())?;
    Timestamp::from_second(seconds).map_err(|_| wrong)
}

/// RFC 5035, section 3: a SigningCertificateV2 of one ESSCertIDv2 with its default digest, SHA-256.
fn signing_certificate(certificate: &[u8]) -> Result<Any, der::Error> {
    let hash = Any::encode_from(&OctetString::new(digest(&SHA256, certificate).as_ref())?)?;
    let id = Any::encode_from(&vec![hash])?;
    let ids = Any::encode_from(&vec![id])?;
    Any::encode_from(&vec![ids])
}

/// Whether the first certificate that the SigningCertificateV2 names, the signer's, is this one.
fn names_certificate(value: &Any, certificate: &[u8]) -> bool {
    let first = |value: &Any| value.decode_as::<Vec<Any>>().ok()?.into_iter().next();
    let Some(id) = first(value).as_ref().and_then(first) else { return false };
    let Ok(parts) = id.decode_as::<Vec<Any>>() else { return false };
    let (by, hash) = match parts.as_slice() {
        [hash, ..] if hash.tag() == Tag::OctetString => (Some(Digest::Sha256), hash),
        [by, hash, ..] => {
            let by: Option<AlgorithmIdentifierOwned> = by.decode_as().ok();
            (by.and_then(|by| Digest::named(&by)), hash)
        }
        _ => return false,
    };
    let (Some(by), Ok(hash)) = (by, hash.decode_as::<OctetString>()) else { return false };
    hash.as_bytes() == by.of(certificate)
}

pub(super) const ID_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
