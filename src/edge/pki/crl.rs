//! A certificate revocation list (RFC 5280, section 5) as far as loading and caching need to know it.
//!
//! Looking a certificate up in it is rustls' work.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rustls::RootCertStore;
use rustls::pki_types::CertificateRevocationListDer;
use rustls::server::WebPkiClientVerifier;
use x509_parser::oid_registry::{OID_X509_EXT_CRL_NUMBER, OID_X509_EXT_ISSUER_DISTRIBUTION_POINT};
use x509_parser::prelude::{CertificateRevocationList, FromDer, X509Version};

use super::files::LoadError;
use super::issuers::Authority;
use super::profile::any::is_natural_number;
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
    number: Vec<u8>,
    /// Whether it is by one of the trusted CAs.
    is_ours: bool,
    this_update: Timestamp,
    /// From this instant on the list is stale and refuses.
    pub next_update: Timestamp,
}

/// Holds a list to RFC 5280 and to what rustls can use, to the time, and to the signature of its issuer if that is one of
/// the trusted CAs.
///
/// rustls checks the signature at each use, where a bad one would refuse every client; here it refuses the file.
pub(super) fn check(
    path: &Path,
    der: &CertificateRevocationListDer<'static>,
    roots: &Arc<RootCertStore>,
    trusted: &[Authority],
    now: Timestamp,
) -> Result<RevocationList, LoadError> {
    let refuse = |reason: String| LoadError::BadRevocationList { path: path.into(), reason };
    let (_, list) = CertificateRevocationList::from_der(der).map_err(|_| refuse("it cannot be parsed".into()))?;
    if list.version() != Some(X509Version::V2) {
        return Err(refuse("it is not of version 2".into()));
    }
    WebPkiClientVerifier::builder_with_provider(Arc::clone(roots), tls::provider())
        .with_crls([der.clone()])
        .build()
        .map_err(|error| refuse(error.to_string()))?;
    let number = number(&list).ok_or_else(|| refuse("it has no CRL number of at most 20 octets".into()))?;
    let next_update = list.next_update().ok_or_else(|| refuse("it has no nextUpdate".into()))?;
    let (this_update, next_update) = (instant(list.last_update().timestamp()), instant(next_update.timestamp()));
    let is_ours = signed_by_one_of(path, &list, trusted)?;
    if next_update <= now {
        return Err(LoadError::StaleRevocationList { path: path.into(), since: next_update });
    }
    if this_update > now.saturating_add(CLOCK_TOLERANCE).unwrap_or(Timestamp::MAX) {
        return Err(LoadError::FutureRevocationList { path: path.into(), from: this_update });
    }
    let scope = list.extensions().iter().find(|extension| extension.oid == OID_X509_EXT_ISSUER_DISTRIBUTION_POINT);
    Ok(RevocationList {
        path: path.into(),
        issuer: list.issuer().as_raw().to_vec(),
        scope: scope.map(|extension| extension.value.to_vec()),
        number,
        is_ours,
        this_update,
        next_update,
    })
}

/// Every path ends at a trusted CA, so that lists of which none is by one of them would refuse everybody or check nothing.
pub(super) fn ensure_one_is_ours(lists: &[RevocationList]) -> Result<(), LoadError> {
    if lists.iter().any(|list| list.is_ours) { Ok(()) } else { Err(LoadError::ForeignRevocationLists) }
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

    /// By CRL number, "a monotonically increasing sequence number" (RFC 5280, section 5.2.3), then by thisUpdate.
    fn precedes(&self, other: &Self) -> bool {
        let rank = |list: &Self| (list.number.len(), list.number.clone(), list.this_update);
        rank(self) < rank(other)
    }
}

/// Whether the list is by a trusted CA. Of an intermediate CA that clients send along nothing is known yet: rustls checks
/// its signature and its right to sign lists at use.
fn signed_by_one_of(
    path: &Path,
    list: &CertificateRevocationList<'_>,
    trusted: &[Authority],
) -> Result<bool, LoadError> {
    let named: Vec<_> = trusted.iter().filter(|authority| authority.subject == list.issuer().as_raw()).collect();
    if named.is_empty() {
        return Ok(false);
    }
    let signed = |authority: &&&Authority| authority.signed(list.tbs_cert_list.as_ref(), &list.signature_value.data);
    match named.iter().find(signed) {
        None => Err(LoadError::ForgedRevocationList { path: path.into() }),
        Some(signer) if !signer.signs_revocation_lists => {
            Err(LoadError::UnentitledRevocationList { path: path.into() })
        }
        Some(_) => Ok(true),
    }
}

/// "CRL issuers conforming to this profile MUST include this extension", of at most 20 octets (RFC 5280, section 5.2.3).
fn number(list: &CertificateRevocationList<'_>) -> Option<Vec<u8>> {
    let extension = list.extensions().iter().find(|extension| extension.oid == OID_X509_EXT_CRL_NUMBER)?;
    let (&[INTEGER, length], octets) = extension.value.split_first_chunk::<2>()? else { return None };
    let whole = usize::from(length) == octets.len() && is_natural_number(octets);
    let start = octets.iter().position(|octet| *octet != 0).unwrap_or(octets.len());
    whole.then(|| octets.get(start..).unwrap_or_default().to_vec())
}

/// How far the clock of whoever signs lists may be ahead of ours.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_mins(5);
const INTEGER: u8 = 2;
