//! Reading certificates, keys and revocation lists from the operator's files, with errors that name the file.
//!
//! A message never quotes a file's content: a damaged key file must not end up in a log.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use ring::digest::{SHA256, digest};
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};
use zeroize::Zeroizing;

use super::profile::ProfileBreach;

/// A file's path and the SHA-256 of its content when it was read: tells whether it changed since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fingerprint {
    pub path: PathBuf,
    digest: [u8; 32],
}

/// What was read from one file, and its fingerprint.
#[derive(Debug)]
pub(super) struct Loaded<T> {
    pub content: T,
    pub fingerprint: Fingerprint,
}

/// The certificates of a PEM file in their order: at least one.
pub(super) fn certificates(path: &Path) -> Result<Loaded<Vec<CertificateDer<'static>>>, LoadError> {
    let bytes = read(path, MAX_PEM_LEN)?;
    let certificates: Vec<_> =
        CertificateDer::pem_slice_iter(&bytes).collect::<Result<_, _>>().map_err(|error| not_pem(path, &error))?;
    if certificates.is_empty() {
        return Err(LoadError::NoCertificate { path: path.into() });
    }
    Ok(Loaded { content: certificates, fingerprint: fingerprint(path, &bytes) })
}

/// The one private key of a PEM file (PKCS#8, SEC1 or PKCS#1, not encrypted).
pub(super) fn private_key(path: &Path) -> Result<Loaded<Zeroizing<PrivateKeyDer<'static>>>, LoadError> {
    let bytes = read(path, MAX_PEM_LEN)?;
    let mut keys = PrivateKeyDer::pem_slice_iter(&bytes);
    let key = match (keys.next(), keys.next()) {
        (Some(Ok(key)), None) => key,
        (Some(Ok(_)), Some(Ok(_))) => return Err(LoadError::SeveralPrivateKeys { path: path.into() }),
        (None, _) => return Err(LoadError::NoPrivateKey { path: path.into() }),
        (Some(Err(error)), _) | (_, Some(Err(error))) => return Err(not_pem(path, &error)),
    };
    Ok(Loaded { content: Zeroizing::new(key), fingerprint: fingerprint(path, &bytes) })
}

/// The revocation lists of a file: any number in PEM, or one in DER. At least one.
pub(super) fn revocation_lists(path: &Path) -> Result<Loaded<Vec<CertificateRevocationListDer<'static>>>, LoadError> {
    let bytes = read(path, MAX_REVOCATION_LIST_LEN)?;
    let lists: Vec<_> = if bytes.first() == Some(&DER_SEQUENCE) {
        vec![CertificateRevocationListDer::from(bytes.to_vec())]
    } else {
        CertificateRevocationListDer::pem_slice_iter(&bytes)
            .collect::<Result<_, _>>()
            .map_err(|error| not_pem(path, &error))?
    };
    if lists.is_empty() {
        return Err(LoadError::NoRevocationList { path: path.into() });
    }
    Ok(Loaded { content: lists, fingerprint: fingerprint(path, &bytes) })
}

/// Which of the files differ between two readings; a file that only one of them names counts as changed.
pub(super) fn changed(old: &[Fingerprint], new: &[Fingerprint]) -> Vec<PathBuf> {
    let appeared = new.iter().filter(|fingerprint| !old.contains(fingerprint));
    let vanished = old.iter().filter(|old| !new.iter().any(|new| new.path == old.path));
    appeared.chain(vanished).map(|fingerprint| fingerprint.path.clone()).collect()
}

/// Why certificates, keys or lists could not be taken into use: the operator's to mend. Nothing of what was in use
/// before is lost by it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The operating system refused the file.
    #[error("{path}: cannot be read: {source}; check the path and that the service's user may read it")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The file is larger than any sensible one of its kind.
    #[error("{path}: is larger than {limit} bytes; check that it is the right file")]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit in bytes.
        limit: u64,
    },
    /// The file's PEM is damaged.
    #[error("{path}: is damaged PEM: {reason}; write the file again from its source")]
    NotPem {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, without quoting it.
        reason: &'static str,
    },
    /// No certificate in the file.
    #[error("{path}: holds no certificate; it needs CERTIFICATE sections in PEM")]
    NoCertificate {
        /// The file.
        path: PathBuf,
    },
    /// No private key in the file, or an encrypted one.
    #[error("{path}: holds no private key that can be used; it needs one unencrypted PRIVATE KEY section in PEM")]
    NoPrivateKey {
        /// The file.
        path: PathBuf,
    },
    /// More than one private key in the file.
    #[error("{path}: holds several private keys; leave only the one of the certificate")]
    SeveralPrivateKeys {
        /// The file.
        path: PathBuf,
    },
    /// The key is of a kind or strength that is not supported.
    #[error("{path}: the private key cannot be used; use EC P-256 (or P-384, Ed25519, RSA of 2048 bits and more)")]
    UnusableKey {
        /// The key file.
        path: PathBuf,
    },
    /// The certificate's public key and the private key are not a pair.
    #[error(
        "{certificate}: its first certificate is not of the private key in {key}; \
         put the key's own certificate first, then its issuers"
    )]
    KeyMismatch {
        /// The certificate file.
        certificate: PathBuf,
        /// The key file.
        key: PathBuf,
    },
    /// The file's own certificate cannot be parsed.
    #[error("{path}: its first certificate cannot be read; have it issued again")]
    BadCertificate {
        /// The file.
        path: PathBuf,
    },
    /// A certificate among the authorities cannot be parsed or is not a CA's.
    #[error("{path}: certificate {position} is not a CA certificate; leave only certificates of CAs (CA:TRUE)")]
    NotAnAuthority {
        /// The file.
        path: PathBuf,
        /// Which certificate of the file, from 1.
        position: usize,
    },
    /// A certificate among the authorities is a CA's, but not one that may stand above a client's.
    #[error("{path}: certificate {position} cannot be a client CA's: {breach}")]
    UnfitAuthority {
        /// The file.
        path: PathBuf,
        /// Which certificate of the file, from 1.
        position: usize,
        /// What is wrong with it.
        breach: ProfileBreach,
    },
    /// Revocation checking is asked for, but no file is named.
    #[error("revocation checking names no list, which would check nothing; name a file, or switch checking off")]
    NoRevocationFiles,
    /// No revocation list in the file.
    #[error("{path}: holds no revocation list; it needs an X509 CRL section in PEM, or a list in DER")]
    NoRevocationList {
        /// The file.
        path: PathBuf,
    },
    /// A revocation list cannot be parsed, or is of a kind that is not supported (delta, indirect, version 1, without nextUpdate or
    /// CRL number).
    #[error("{path}: a revocation list in it is not supported: {reason}; publish a full CRL by RFC 5280")]
    BadRevocationList {
        /// The file.
        path: PathBuf,
        /// What the parser said; no content.
        reason: String,
    },
    /// A revocation list's signature is not by the CA that it names.
    #[error("{path}: a revocation list in it is not signed by the CA that it names; fetch it again")]
    ForgedRevocationList {
        /// The file.
        path: PathBuf,
    },
    /// A revocation list is by a CA whose key usage does not allow that.
    #[error(
        "{path}: a revocation list in it is signed by a CA whose certificate lacks cRLSign; \
         have the CA's certificate issued again with that usage"
    )]
    UnentitledRevocationList {
        /// The file.
        path: PathBuf,
    },
    /// A revocation list is past its nextUpdate.
    #[error("{path}: a revocation list in it is out of date since {since}; fetch the current one")]
    StaleRevocationList {
        /// The file.
        path: PathBuf,
        /// Its nextUpdate.
        since: Timestamp,
    },
    /// A revocation list begins in the future.
    #[error("{path}: a revocation list in it is of the future ({from}); check the clocks, or fetch it again")]
    FutureRevocationList {
        /// The file.
        path: PathBuf,
        /// Its thisUpdate.
        from: Timestamp,
    },
    /// No list is by a CA that is trusted.
    #[error(
        "no revocation list is by a CA in client_ca, so that none of its certificates could be looked up; \
         add the list of that CA, or switch revocation checking off"
    )]
    ForeignRevocationLists,
    /// Two lists of one CA with the same scope: only the first would be asked.
    #[error("{path}: a second revocation list of the CA of {first}; leave only the newer one")]
    SecondRevocationList {
        /// The file with the second list.
        path: PathBuf,
        /// The file with the first list.
        first: PathBuf,
    },
    /// A list is older than the one in use: what was revoked since would be forgotten.
    #[error("{path}: a revocation list in it is older than the one in use; fetch the current one")]
    OlderRevocationList {
        /// The file.
        path: PathBuf,
    },
    /// The authorities name more than `limit` different sets of CA names since the start.
    #[error("the CA names changed more than {limit} times since the start; restart the service")]
    TooManySubjectChanges {
        /// How many are kept.
        limit: usize,
    },
    /// rustls refused the configuration.
    #[error("TLS cannot be configured: {0}")]
    Tls(#[from] rustls::Error),
}

fn read(path: &Path, limit: u64) -> Result<Zeroizing<Vec<u8>>, LoadError> {
    let unreadable = |source| LoadError::Unreadable { path: path.into(), source };
    let file = File::open(path).map_err(unreadable)?;
    // Room for all of it at once, so that growing leaves no copies of a key behind.
    let room = file.metadata().map_err(unreadable)?.len().min(limit) + READ_AHEAD;
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(room).unwrap_or_default()));
    file.take(limit + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > limit {
        return Err(LoadError::TooLarge { path: path.into(), limit });
    }
    Ok(bytes)
}

fn fingerprint(path: &Path, bytes: &[u8]) -> Fingerprint {
    let mut content = [0; 32];
    content.copy_from_slice(digest(&SHA256, bytes).as_ref());
    Fingerprint { path: path.into(), digest: content }
}

fn not_pem(path: &Path, error: &pem::Error) -> LoadError {
    let reason = match error {
        pem::Error::MissingSectionEnd { .. } => "a section has no end; the file may be cut short",
        pem::Error::IllegalSectionStart { .. } => "a BEGIN line is malformed",
        pem::Error::Base64Decode(_) => "a section is not base64",
        _ => "it cannot be parsed",
    };
    LoadError::NotPem { path: path.into(), reason }
}

const MAX_PEM_LEN: u64 = 1 << 20;
/// What reading to the end of a file asks for beyond the last byte.
const READ_AHEAD: u64 = 64;
const MAX_REVOCATION_LIST_LEN: u64 = 64 << 20;
const DER_SEQUENCE: u8 = 0x30;
