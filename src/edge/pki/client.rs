//! What a client needs to speak mutual TLS: the CA of the server, and the person's certificate and key.

use std::path::PathBuf;

use rustls::client::Resumption;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

use super::files::{self, LoadError};
use super::identity::{Identity, IdentityFiles};
use super::issuers::trust_anchors;
use super::spki::{SpkiDigest, SpkiError};
use super::tls;

/// The files of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientFiles {
    /// PEM with the CAs that the server's certificate is checked against. The system's own are not used.
    pub authorities: PathBuf,
    /// The person's certificate and key; `None` for the public listener.
    pub identity: Option<IdentityFiles>,
}

/// A client's CAs, certificate and key, loaded and known to fit together.
#[derive(Debug)]
pub struct ClientTls {
    authorities: Vec<CertificateDer<'static>>,
    roots: RootCertStore,
    identity: Option<Identity>,
}

impl ClientTls {
    /// Reads all files. Whether the server will accept the certificate is for the server to say.
    pub fn load(client: &ClientFiles) -> Result<Self, LoadError> {
        let authorities = files::certificates(&client.authorities)?.content;
        let roots = trust_anchors(&client.authorities, &authorities)?;
        let identity = client.identity.as_ref().map(Identity::load).transpose()?;
        Ok(Self { authorities, roots, identity })
    }

    /// A configuration for connecting: TLS 1.3, HTTP/1.1, no resumption.
    pub fn config(&self) -> Result<ClientConfig, LoadError> {
        let builder = ClientConfig::builder_with_provider(tls::provider())
            .with_protocol_versions(tls::VERSIONS)?
            .with_root_certificates(self.roots.clone());
        let mut config = match &self.identity {
            Some(identity) => builder.with_client_auth_cert(identity.chain.clone(), identity.key.clone_key())?,
            None => builder.with_no_client_auth(),
        };
        config.resumption = Resumption::disabled();
        config.alpn_protocols = tls::alpn_protocols();
        Ok(config)
    }

    /// The CAs that the server's certificate is checked against, in DER.
    pub fn authorities(&self) -> &[CertificateDer<'static>] {
        &self.authorities
    }

    /// The person's certificate, then the intermediate CAs, in DER; empty without one.
    pub fn chain(&self) -> &[CertificateDer<'static>] {
        self.identity.as_ref().map_or(&[], |identity| &identity.chain)
    }

    /// The person's private key, for libraries that build their own TLS configuration. Its `Debug` shows nothing.
    pub fn key(&self) -> Option<&PrivateKeyDer<'static>> {
        self.identity.as_ref().map(|identity| &*identity.key)
    }

    /// By which digest the service knows the person's certificate; `None` without one.
    pub fn credential(&self) -> Result<Option<SpkiDigest>, SpkiError> {
        self.chain().first().map(|leaf| SpkiDigest::of_certificate_der(leaf)).transpose()
    }
}
