//! Whom the server believes about clients: the client CAs and their revocation lists, loaded and checked as one.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use rustls::DistinguishedName;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::crl::{self, RevocationList};
use super::files::{self, Fingerprint, LoadError};
use super::issuers::{self, Authority};
use super::profile::{EndEntity, instant};
use super::refusal::ClientCertificateError;
use super::tls;

/// The files that say which client certificates are good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientTrustFiles {
    /// PEM with the certificates of the CAs that issue client certificates: the trust anchors, one or more.
    pub authorities: PathBuf,
    /// Whether and how revocation is checked.
    pub revocation: Revocation,
}

/// Whether and how revocation is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// Nothing is checked: a stolen key works until its certificate expires or the credential is unbound.
    Unchecked,
    /// Every certificate between the client's and the trust anchor is looked up; a list past its nextUpdate refuses.
    Lists {
        /// Files with CRLs, PEM or DER. An empty list is refused at load, since it would check nothing.
        files: Vec<PathBuf>,
        /// What happens to a certificate whose issuer has no list among them.
        unknown: UnknownStatus,
    },
}

/// What happens to a certificate that no list covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum UnknownStatus {
    /// It is refused.
    #[default]
    Refuse,
    /// It counts as not revoked.
    Accept,
}

/// Client CAs and revocation lists that were loaded together and fit together.
pub struct ClientTrust {
    verifier: Arc<dyn ClientCertVerifier>,
    subjects: Vec<DistinguishedName>,
    trusted: Vec<Authority>,
    lists: Vec<RevocationList>,
    fingerprints: Vec<Fingerprint>,
}

impl ClientTrust {
    /// Reads all files at an instant, at which no list may be stale. Nothing is taken into use unless all are good.
    pub fn load(trust: &ClientTrustFiles, now: Timestamp) -> Result<Self, LoadError> {
        let authorities = files::certificates(&trust.authorities)?;
        let trusted = Authority::all_of(&trust.authorities, &authorities.content)?;
        let roots = Arc::new(issuers::trust_anchors(&trust.authorities, &authorities.content)?);
        let mut fingerprints = vec![authorities.fingerprint];
        let mut builder = WebPkiClientVerifier::builder_with_provider(Arc::clone(&roots), tls::provider());
        let mut lists = Vec::new();
        if let Revocation::Lists { files, unknown } = &trust.revocation {
            if files.is_empty() {
                return Err(LoadError::NoRevocationFiles);
            }
            for path in files {
                let loaded = files::revocation_lists(path)?;
                for der in loaded.content {
                    lists.push(crl::check(path, &der, &roots, &trusted, now)?);
                    builder = builder.with_crls([der]);
                }
                fingerprints.push(loaded.fingerprint);
            }
            crl::ensure_one_per_scope(&lists)?;
            crl::ensure_one_is_ours(&lists)?;
            builder = builder.enforce_revocation_expiration();
            if *unknown == UnknownStatus::Accept {
                builder = builder.allow_unknown_revocation_status();
            }
        }
        let verifier = builder.build().map_err(|error| rustls::Error::General(error.to_string()))?;
        Ok(Self { verifier, subjects: roots.subjects(), trusted, lists, fingerprints })
    }

    /// Refuses to follow `current` if a revocation list would go back in time and forget what was revoked since.
    pub(super) fn ensure_not_older_than(&self, current: &Self) -> Result<(), LoadError> {
        self.lists.iter().try_for_each(|list| list.ensure_not_older_than(&current.lists))
    }

    /// The earliest nextUpdate of the lists: when the first of them goes stale. `None` if revocation is unchecked.
    pub(super) fn fresh_until(&self) -> Option<Timestamp> {
        self.lists.iter().map(|list| list.next_update).min()
    }

    /// Judges a chain at an instant: path, usage, expiry and revocation by rustls, then the profiles of the CAs and of the
    /// client's own certificate.
    ///
    /// `chain` is as the peer sent it: its own certificate first. Returns what its own certificate says and the instant before which
    /// the same judgement would come out again.
    pub(super) fn judge(
        &self,
        chain: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<(EndEntity, Timestamp), ClientCertificateError> {
        let (leaf, issuers) = chain.split_first().ok_or(ClientCertificateError::NoCertificate)?;
        if chain.len() > MAX_CHAIN_LEN {
            return Err(ClientCertificateError::ChainTooLong { limit: MAX_CHAIN_LEN });
        }
        self.verifier.verify_client_cert(leaf, issuers, now).map_err(|error| ClientCertificateError::of(&error))?;
        let instant = instant(i64::try_from(now.as_secs()).unwrap_or(i64::MAX));
        let trusted_until = issuers::judge(chain, &self.trusted, instant)?;
        let end_entity = EndEntity::from_der(leaf)?;
        let not_after = end_entity.not_after.min(trusted_until);
        let not_after = chain.iter().map(|der| self.holds_until(der)).fold(not_after, Timestamp::min);
        Ok((end_entity, not_after))
    }

    /// Until when what one certificate of the chain contributes stays as it is.
    ///
    /// A certificate of the chain that was sent needlessly may end the time early: that costs a second judgement, not
    /// safety. One that cannot be read here ends it at once, for the same reason.
    fn holds_until(&self, der: &[u8]) -> Timestamp {
        let Ok((_, certificate)) = X509Certificate::from_der(der) else { return Timestamp::MIN };
        let not_after = instant(certificate.validity().not_after.timestamp());
        let issuer = certificate.issuer().as_raw();
        self.lists
            .iter()
            .filter(|list| list.issuer == issuer)
            .map(|list| list.next_update)
            .fold(not_after, Timestamp::min)
    }

    pub(super) fn verifier(&self) -> &dyn ClientCertVerifier {
        &*self.verifier
    }

    pub(super) fn subjects(&self) -> &[DistinguishedName] {
        &self.subjects
    }

    pub(super) fn fingerprints(&self) -> &[Fingerprint] {
        &self.fingerprints
    }
}

impl std::fmt::Debug for ClientTrust {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientTrust").field("lists", &self.lists).field("files", &self.fingerprints).finish()
    }
}

/// Certificates that a peer may send, its own included.
const MAX_CHAIN_LEN: usize = 8;
