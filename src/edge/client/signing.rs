//! Signing with the key of the client's certificate: a lodgement (LODGE-6), or the text of an undertaking (GOV-1).

use jiff::Timestamp;
use rustls::SignatureScheme;

use super::connection::Client;
use super::error::ClientError;
use super::settings::Settings;
use super::transfer::Upload;
use crate::pure::detached::{self, Scheme};
use crate::pure::lodger::LodgementText;
use crate::pure::wire::digest::Digest;

/// For which log a lodgement is signed, and when.
#[derive(Clone, Copy, Debug)]
pub struct Signing<'a> {
    /// The name of the log in which the lodgement is to be entered: the signature counts in no other.
    pub origin: &'a str,
    /// The time that the signature states.
    pub now: Timestamp,
}

impl Settings {
    /// A detached signature, in DER, of what is sent up, with the certificate's key.
    pub(super) fn sign(
        &self,
        upload: &Upload<'_>,
        (size, digest): (u64, Digest),
        signing: &Signing<'_>,
    ) -> Result<Vec<u8>, ClientError> {
        let text = LodgementText {
            origin: signing.origin,
            document: upload.document,
            label: upload.label,
            sha256: digest.0,
            size,
            incorporated: upload.query.incorporated,
            effective: upload.query.effective,
            classification: upload.query.classification.map(|marking| marking.classification.as_str()),
        };
        self.sign_text(text.to_string().as_bytes(), signing.now)
    }

    /// A detached signature, in DER, over any text, with the certificate's key.
    pub(super) fn sign_text(&self, text: &[u8], now: Timestamp) -> Result<Vec<u8>, ClientError> {
        let cannot = |trouble: String| ClientError::credential(&self.key, format!("cannot sign: {trouble}"));
        let certified = self.certified_key()?;
        let certificate = certified.end_entity_cert().map_err(|error| cannot(error.to_string()))?;
        let with_key = |scheme, message: &[u8]| {
            let signer = certified.key.choose_scheme(&[rustls_scheme(scheme)]);
            signer.ok_or(rustls::Error::General("the key is of another kind".into()))?.sign(message)
        };
        detached::sign(certificate, text, now, with_key).map_err(|error| cannot(error.to_string()))
    }
}

impl Client {
    /// A detached signature, in DER, over exactly `text`, with the certificate's key. `now` is the time that it states.
    pub fn sign_text(&self, text: &[u8], now: Timestamp) -> Result<Vec<u8>, ClientError> {
        self.settings.sign_text(text, now)
    }
}

fn rustls_scheme(scheme: Scheme) -> SignatureScheme {
    match scheme {
        Scheme::EcdsaP256Sha256 => SignatureScheme::ECDSA_NISTP256_SHA256,
        Scheme::EcdsaP384Sha384 => SignatureScheme::ECDSA_NISTP384_SHA384,
        Scheme::RsaPkcs1Sha256 => SignatureScheme::RSA_PKCS1_SHA256,
        Scheme::Ed25519 => SignatureScheme::ED25519,
    }
}
