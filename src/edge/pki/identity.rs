//! A certificate chain with its private key, as a server or a client shows itself.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys};
use zeroize::Zeroizing;

use super::files::{self, Fingerprint, LoadError};
use super::tls;

/// The files of a certificate chain and its private key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityFiles {
    /// PEM: the own certificate first, then the intermediate CAs that the other side may need.
    pub certificate: PathBuf,
    /// PEM: the private key, unencrypted; its file mode should be 0600.
    pub key: PathBuf,
}

/// A loaded chain and key that are known to be a pair.
pub(super) struct Identity {
    pub chain: Vec<CertificateDer<'static>>,
    pub key: Zeroizing<PrivateKeyDer<'static>>,
    pub certified: Arc<CertifiedKey>,
    pub fingerprints: Vec<Fingerprint>,
}

impl Identity {
    pub(super) fn load(files: &IdentityFiles) -> Result<Self, LoadError> {
        let chain = files::certificates(&files.certificate)?;
        let key = files::private_key(&files.key)?;
        let signing_key = tls::provider()
            .key_provider
            .load_private_key(key.content.clone_key())
            .map_err(|_| LoadError::UnusableKey { path: files.key.clone() })?;
        let certified = CertifiedKey::new(chain.content.clone(), signing_key);
        certified.keys_match().map_err(|error| match error {
            Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
                LoadError::KeyMismatch { certificate: files.certificate.clone(), key: files.key.clone() }
            }
            Error::InconsistentKeys(_) => LoadError::UnusableKey { path: files.key.clone() },
            _ => LoadError::BadCertificate { path: files.certificate.clone() },
        })?;
        Ok(Self {
            chain: chain.content,
            key: key.content,
            certified: Arc::new(certified),
            fingerprints: vec![chain.fingerprint, key.fingerprint],
        })
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("files", &self.fingerprints).finish_non_exhaustive()
    }
}
