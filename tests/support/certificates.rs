//! Client certificates: the directory's own, and others.

use std::fs;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use strongroom::edge::pki::{DevelopmentCa, Issued, Validity};
use strongroom::service::clock::Clock;

use super::directory::Directory;

/// A client certificate and its key, in PEM.
#[derive(Clone)]
pub struct Credential {
    pub certificate: String,
    pub key: String,
}

impl Credential {
    pub fn of(issued: &Issued) -> Self {
        Self { certificate: issued.certificate_pem().to_owned(), key: issued.key_pem().to_string() }
    }
}

impl Directory {
    /// The authority that issued the people's certificates.
    pub fn ca(&self) -> DevelopmentCa {
        let read = |name: &str| fs::read_to_string(self.path().join("certs").join(name)).unwrap();
        DevelopmentCa::reopen(&read("ca.pem"), &read("ca.key")).unwrap()
    }

    /// How a client speaks TLS that trusts this server and presents this certificate, or none.
    pub fn client_tls(&self, credential: Option<&Credential>) -> ClientConfig {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(self.path().join("certs/ca.pem")).unwrap()).unwrap();
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots);
        match credential {
            None => builder.with_no_client_auth(),
            Some(Credential { certificate, key }) => {
                let chain = CertificateDer::pem_slice_iter(certificate.as_bytes()).map(Result::unwrap).collect();
                builder.with_client_auth_cert(chain, PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap()).unwrap()
            }
        }
    }
}

/// From one hour ago until in one hour.
pub fn valid() -> Validity {
    around(-1, 1)
}

/// From so many hours until so many hours from now.
pub fn around(from: i64, until: i64) -> Validity {
    let now = now();
    Validity { not_before: now + SignedDuration::from_hours(from), not_after: now + SignedDuration::from_hours(until) }
}

/// The time of day.
pub fn now() -> Timestamp {
    Clock::system().now().to_timestamp()
}
