//! A certificate revocation list (RFC 5280, section 5) as far as loading and caching need to know it.
//!
//! Looking a certificate up in it is rustls' work.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use rustls::RootCertStore;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer};
use rustls::server::WebPkiClientVerifier;
use x509_parser::oid_registry::OID_X509_EXT_ISSUER_DISTRIBUTION_POINT;
use x509_parser::prelude::{CertificateRevocationList, FromDer, X509Certificate};
use x509_parser::x509::SubjectPublicKeyInfo;

use super::files::LoadError;
use super::profile::instant;
use super::tls;

/// What is known of one list besides its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RevocationList {
    /// The file that it came from.
    path: PathBuf,
    /// The DER of its issuer's name.
    pub issuer: Vec<u8>,
    /// The DER of its issuing distribution point: which of the issuer's certificates it covers; `None` is all.
    scope: Option<Vec<u8>>,
    /// The CRL number, big-endian without leading zeros.
    number: Option<Vec<u8>>,
    this_update: Timestamp,
    /// From this instant on the list is stale and refuses.
    pub next_update: Timestamp,
}

/// Holds a list to what rustls can use, and to the signature of its issuer if that is one of the trust anchors.
///
/// rustls checks the signature at each use, where a bad one would refuse every client; here it refuses the file.
pub(super) fn check(
    path: &Path,
    der: &CertificateRevocationListDer<'static>,
    roots: &Arc<RootCertStore>,
    authorities: &[CertificateDer<'static>],
) -> Result<RevocationList, LoadError> {
    let refuse = |reason: String| LoadError::BadRevocationList { path: path.into(), reason };
    WebPkiClientVerifier::builder_with_provider(Arc::clone(roots), tls::provider())
        .with_crls([der.clone()])
        .build()
        .map_err(|error| refuse(error.to_string()))?;
    let (_, list) = CertificateRevocationList::from_der(der).map_err(|_| refuse("it cannot be parsed".into()))?;
    let next_update = list.next_update().ok_or_else(|| refuse("it has no nextUpdate".into()))?;
    if !signature_is_good_or_unknown(&list, authorities) {
        return Err(LoadError::ForgedRevocationList { path: path.into() });
    }
    let scope = list.extensions().iter().find(|extension| extension.oid == OID_X509_EXT_ISSUER_DISTRIBUTION_POINT);
    Ok(RevocationList {
        path: path.into(),
        issuer: list.issuer().as_raw().to_vec(),
        scope: scope.map(|extension| extension.value.to_vec()),
        number: list.crl_number().map(|number| number.to_bytes_be()),
        this_update: instant(list.last_update().timestamp()),
        next_update: instant(next_update.timestamp()),
    })
}

/// rustls asks only the first list that covers a certificate, so a second of the same scope would be ignored unseen.
pub(super) fn ensure_one_per_scope(lists: &[RevocationList]) -> Result<(), LoadError> {
    for (index, list) in lists.iter().enumerate() {
        if let Some(first) = lists.iter().take(index).find(|first| first.covers_the_same_as(list)) {
            return Err(LoadError::SecondRevocationList { path: list.path.clone(), first: first.path.clone() });
        }
    }
    Ok(())
}

impl RevocationList {
    pub(super) fn ensure_not_older_than(&self, current: &[Self]) -> Result<(), LoadError> {
        let older = current.iter().any(|current| current.covers_the_same_as(self) && self.precedes(current));
        if older { Err(LoadError::OlderRevocationList { path: self.path.clone() }) } else { Ok(()) }
    }

    fn covers_the_same_as(&self, other: &Self) -> bool {
        self.issuer == other.issuer && self.scope == other.scope
    }

    /// By CRL number, "a monotonically increasing sequence number" (RFC 5280, section 5.2.3), else by thisUpdate.
    fn precedes(&self, other: &Self) -> bool {
        let rank = |list: &Self| list.number.as_ref().map(|number| (number.len(), number.clone()));
        match (rank(self), rank(other)) {
            (Some(own), Some(others)) if own != others => own < others,
            _ => self.this_update < other.this_update,
        }
    }
}

fn signature_is_good_or_unknown(list: &CertificateRevocationList<'_>, authorities: &[CertificateDer<'_>]) -> bool {
    let mut known = false;
    for der in authorities {
        let Ok((_, authority)) = X509Certificate::from_der(der) else { continue };
        if authority.subject().as_raw() != list.issuer().as_raw() {
            continue;
        }
        known = true;
        if is_signed_by(list, authority.public_key()) {
            return true;
        }
    }
    // The issuer is then an intermediate CA that clients send along: rustls checks the signature with it at use.
    !known
}

fn is_signed_by(list: &CertificateRevocationList<'_>, spki: &SubjectPublicKeyInfo<'_>) -> bool {
    let key = &spki.subject_public_key.data;
    tls::provider().signature_verification_algorithms.all.iter().any(|algorithm| {
        let fits = rustls::sign::public_key_to_spki(&algorithm.public_key_alg_id(), key);
        fits.as_ref() == spki.raw
            && algorithm.verify_signature(key, list.tbs_cert_list.as_ref(), &list.signature_value.data).is_ok()
    })
}
