//! Whether something was signed by a key, by the algorithms that TLS takes.

use x509_parser::x509::SubjectPublicKeyInfo;

use super::tls;

/// Whether `signature` over `message` is by the private key of `spki`.
pub(super) fn is_signed_by(message: &[u8], signature: &[u8], spki: &SubjectPublicKeyInfo<'_>) -> bool {
    let key = &spki.subject_public_key.data;
    tls::provider().signature_verification_algorithms.all.iter().any(|algorithm| {
        let fits = rustls::sign::public_key_to_spki(&algorithm.public_key_alg_id(), key);
        fits.as_ref() == spki.raw && algorithm.verify_signature(key, message, signature).is_ok()
    })
}
