//! The settings of a connection, and the TLS configuration that comes of them.

use std::fs;
use std::path::{Path, PathBuf};

use rustls::RootCertStore;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig, TlsProvider};
use zeroize::Zeroizing;

use super::error::ClientError;
use crate::edge::pki::provider;

/// Where the server is and who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The server's URL, `https://host:port`, without a path.
    pub server: String,
    /// PEM file with the authority that issued the server's certificate.
    pub ca: PathBuf,
    /// PEM file with the client's certificate, leaf first.
    pub certificate: PathBuf,
    /// PEM file with the certificate's private key.
    pub key: PathBuf,
}

impl Settings {
    /// Reads the files. The certificate and its key are checked to belong together here, because a handshake would say
    /// of that mistake only that it failed.
    pub(super) fn tls_config(&self) -> Result<TlsConfig, ClientError> {
        let provider = provider();
        let roots = certificates(&self.ca)
            .and_then(|roots| check_roots(&roots).map(|()| roots))
            .map_err(|trouble| ClientError::authority(&self.ca, trouble))?;
        let (chain, pem) = (self.chain()?, self.key_pem()?);
        self.pair(&chain, &pem, &provider)?;
        let key = PrivateKey::from_pem(&pem)
            .map_err(|error| ClientError::credential(&self.key, format!("holds no usable private key: {error}")))?;
        Ok(TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .unversioned_rustls_crypto_provider(provider)
            .root_certs(RootCerts::from(roots.iter().map(for_ureq)))
            .client_cert(Some(ClientCert::new_with_certs(&chain.iter().map(for_ureq).collect::<Vec<_>>(), key)))
            .build())
    }

    /// The certificate with its key, for signing.
    pub(super) fn certified_key(&self) -> Result<CertifiedKey, ClientError> {
        self.pair(&self.chain()?, &self.key_pem()?, &provider())
    }

    fn chain(&self) -> Result<Vec<CertificateDer<'static>>, ClientError> {
        certificates(&self.certificate).map_err(|trouble| ClientError::credential(&self.certificate, trouble))
    }

    fn key_pem(&self) -> Result<Zeroizing<Vec<u8>>, ClientError> {
        let pem = fs::read(&self.key);
        pem.map(Zeroizing::new).map_err(|error| ClientError::credential(&self.key, format!("cannot be read: {error}")))
    }

    fn pair(
        &self,
        chain: &[CertificateDer<'static>],
        pem: &[u8],
        provider: &CryptoProvider,
    ) -> Result<CertifiedKey, ClientError> {
        let key = PrivateKeyDer::from_pem_slice(pem)
            .map_err(|error| ClientError::credential(&self.key, pem_trouble(&error, "private key")))?;
        CertifiedKey::from_der(chain.to_vec(), key, provider).map_err(|error| {
            let trouble = match error {
                rustls::Error::InconsistentKeys(_) => {
                    format!("is not the key of the certificate {}", self.certificate.display())
                }
                other => format!("cannot be used with the certificate {}: {other}", self.certificate.display()),
            };
            ClientError::credential(&self.key, trouble)
        })
    }
}

/// The certificates of a PEM file, at least one; or what is wrong with it, as the rest of a sentence.
fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let certificates = CertificateDer::pem_file_iter(path)
        .and_then(|certificates| certificates.collect::<Result<Vec<_>, _>>())
        .map_err(|error| pem_trouble(&error, "certificate"))?;
    if certificates.is_empty() { Err("holds no PEM certificate".to_owned()) } else { Ok(certificates) }
}

fn check_roots(roots: &[CertificateDer<'static>]) -> Result<(), String> {
    let mut store = RootCertStore::empty();
    roots.iter().try_for_each(|root| {
        store.add(root.clone()).map_err(|error| format!("holds a certificate that cannot be a trust anchor: {error}"))
    })
}

fn pem_trouble(error: &rustls::pki_types::pem::Error, what: &str) -> String {
    use rustls::pki_types::pem::Error;
    match error {
        Error::Io(error) => format!("cannot be read: {error}"),
        Error::NoItemsFound => format!("holds no PEM {what}"),
        _ => format!("is not a PEM file: {error}"),
    }
}

fn for_ureq(certificate: &CertificateDer<'static>) -> Certificate<'static> {
    Certificate::from_der(certificate).to_owned()
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair};

    use super::*;

    fn write_pair(dir: &Path, name: &str) -> (PathBuf, PathBuf) {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap().self_signed(&key).unwrap();
        let (certificate_path, key_path) = (dir.join(format!("{name}.pem")), dir.join(format!("{name}.key")));
        fs::write(&certificate_path, certificate.pem()).unwrap();
        fs::write(&key_path, key.serialize_pem()).unwrap();
        (certificate_path, key_path)
    }

    #[test]
    fn a_certificate_with_its_key_makes_a_configuration() {
        let dir = tempfile::tempdir().unwrap();
        let (certificate, key) = write_pair(dir.path(), "chair");
        let settings = Settings { server: "https://localhost".into(), ca: certificate.clone(), certificate, key };
        assert!(settings.tls_config().unwrap().client_cert().is_some());
    }

    #[test]
    fn another_s_key_is_named_before_any_handshake() {
        let dir = tempfile::tempdir().unwrap();
        let (certificate, _) = write_pair(dir.path(), "chair");
        let (_, key) = write_pair(dir.path(), "secas");
        let settings = Settings { server: "https://localhost".into(), ca: certificate.clone(), certificate, key };
        let paragraph = settings.tls_config().unwrap_err().to_string();
        assert!(paragraph.contains("secas.key is not the key of the certificate"), "{paragraph}");
        assert!(paragraph.contains("--cert"), "{paragraph}");
    }

    #[test]
    fn a_file_that_is_missing_or_holds_something_else_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let (certificate, key) = write_pair(dir.path(), "chair");
        let absent = dir.path().join("absent.pem");
        let swapped =
            Settings { server: "https://localhost".into(), ca: key.clone(), certificate: certificate.clone(), key };
        let paragraph = swapped.tls_config().unwrap_err().to_string();
        assert!(paragraph.contains("chair.key holds no PEM certificate. Give the PEM file"), "{paragraph}");
        assert!(paragraph.contains("--ca FILE"), "{paragraph}");
        let missing = Settings { ca: certificate, certificate: absent, ..swapped };
        assert!(missing.tls_config().unwrap_err().to_string().contains("absent.pem cannot be read"));
    }
}
