//! The two TLS configurations of the server, and their reloading while connections are open.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls::server::{ClientHello, NoServerSessionStorage, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::files::{self, LoadError};
use super::identity::{Identity, IdentityFiles};
use super::tls;
use super::trust::{ClientTrust, ClientTrustFiles};
use super::verifier::ClientVerifier;
use crate::service::clock::Clock;

/// TLS of the main listener: every client shows a certificate.
pub struct MutualTls {
    certificate: Arc<ServerCertificate>,
    client_files: ClientTrustFiles,
    verifier: Arc<ClientVerifier>,
    clock: Clock,
    /// Held through a reload, so that two of them cannot put an older reading in the place of a newer one.
    reloading: Mutex<()>,
}

impl MutualTls {
    /// Reads all files; any that is bad, or a list that is stale by the clock, refuses the start.
    pub fn load(server: IdentityFiles, clients: ClientTrustFiles, clock: Clock) -> Result<Self, LoadError> {
        let certificate = Arc::new(ServerCertificate::load(server)?);
        let verifier = Arc::new(ClientVerifier::new(ClientTrust::load(&clients, clock.now().to_timestamp())?));
        Ok(Self { certificate, client_files: clients, verifier, clock, reloading: Mutex::new(()) })
    }

    /// The configuration for a listener. What is reloaded later takes effect in it too.
    pub fn config(&self) -> Result<ServerConfig, LoadError> {
        let builder = ServerConfig::builder_with_provider(tls::provider()).with_protocol_versions(tls::VERSIONS)?;
        let verifier = Arc::clone(&self.verifier);
        let certificate = Arc::clone(&self.certificate);
        Ok(harden(builder.with_client_cert_verifier(verifier).with_cert_resolver(certificate)))
    }

    /// The verifier of the clients, for asking again on open connections.
    pub fn verifier(&self) -> &Arc<ClientVerifier> {
        &self.verifier
    }

    fn reload_clients(&self) -> Outcome {
        let reload = || {
            let trust = ClientTrust::load(&self.client_files, self.clock.now().to_timestamp())?;
            let changed = self.verifier.changed_files(&trust);
            if !changed.is_empty() {
                self.verifier.replace(trust)?;
            }
            Ok(changed)
        };
        Outcome::of(reload())
    }
}

/// TLS of the public listener: clients show no certificate and are asked for none.
pub struct PublicTls {
    certificate: Arc<ServerCertificate>,
    reloading: Mutex<()>,
}

impl PublicTls {
    /// Reads the files; a bad one refuses the start.
    pub fn load(server: IdentityFiles) -> Result<Self, LoadError> {
        Ok(Self { certificate: Arc::new(ServerCertificate::load(server)?), reloading: Mutex::new(()) })
    }

    /// The configuration for a listener. What is reloaded later takes effect in it too.
    pub fn config(&self) -> Result<ServerConfig, LoadError> {
        let builder = ServerConfig::builder_with_provider(tls::provider()).with_protocol_versions(tls::VERSIONS)?;
        let certificate = Arc::clone(&self.certificate);
        Ok(harden(builder.with_no_client_auth().with_cert_resolver(certificate)))
    }
}

/// What can read its files again while it is in use.
pub trait Reloadable {
    /// Reads the files again. Each part is judged by itself: a bad file keeps what was in use of its part and does not
    /// keep another part from changing, so that a bad server certificate cannot hold up a revocation.
    fn reload(&self) -> Vec<Reload>;
}

/// What a reload did to one part.
#[derive(Debug)]
pub struct Reload {
    /// The part.
    pub part: Part,
    /// What became of it.
    pub outcome: Outcome,
}

/// A part of a TLS configuration that is reloaded as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The server's certificate chain and key.
    ServerCertificate,
    /// The client CAs and revocation lists.
    ClientTrust,
}

/// What became of a part in a reload.
#[derive(Debug)]
pub enum Outcome {
    /// The files are the same as before.
    Unchanged,
    /// These files differ and are now in use.
    Changed(Vec<PathBuf>),
    /// A file is bad: what was in use stays in use.
    Refused(LoadError),
}

impl Reloadable for MutualTls {
    fn reload(&self) -> Vec<Reload> {
        let _alone = self.reloading.lock().unwrap_or_else(PoisonError::into_inner);
        vec![
            Reload { part: Part::ClientTrust, outcome: self.reload_clients() },
            Reload { part: Part::ServerCertificate, outcome: self.certificate.reload() },
        ]
    }
}

impl Reloadable for PublicTls {
    fn reload(&self) -> Vec<Reload> {
        let _alone = self.reloading.lock().unwrap_or_else(PoisonError::into_inner);
        vec![Reload { part: Part::ServerCertificate, outcome: self.certificate.reload() }]
    }
}

impl Outcome {
    fn of(result: Result<Vec<PathBuf>, LoadError>) -> Self {
        match result {
            Ok(changed) if changed.is_empty() => Self::Unchanged,
            Ok(changed) => Self::Changed(changed),
            Err(error) => Self::Refused(error),
        }
    }
}

impl Part {
    /// A short stable name, for a metric's label.
    pub fn label(self) -> &'static str {
        match self {
            Self::ServerCertificate => "server_certificate",
            Self::ClientTrust => "client_trust",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ServerCertificate => "server certificate",
            Self::ClientTrust => "client CAs and revocation lists",
        })
    }
}

impl fmt::Display for Reload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.outcome {
            Outcome::Unchanged => write!(f, "{}: unchanged", self.part),
            Outcome::Changed(files) => {
                let files: Vec<_> = files.iter().map(|file| file.display().to_string()).collect();
                write!(f, "{}: now in use: {}", self.part, files.join(", "))
            }
            Outcome::Refused(error) => write!(f, "{}: kept as it was: {error}", self.part),
        }
    }
}

impl fmt::Debug for MutualTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MutualTls")
            .field("server", &self.certificate.files)
            .field("clients", &self.client_files)
            .finish()
    }
}

impl fmt::Debug for PublicTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicTls").field("server", &self.certificate.files).finish()
    }
}

/// A resumed session would skip the verifier, and early data can be replayed: neither exists.
fn harden(mut config: ServerConfig) -> ServerConfig {
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.max_early_data_size = 0;
    config.alpn_protocols = tls::alpn_protocols();
    config
}

/// The server's certificate as it is now. Every name is answered with it: the client judges whether it fits.
struct ServerCertificate {
    files: IdentityFiles,
    current: ArcSwap<Identity>,
}

impl ServerCertificate {
    fn load(files: IdentityFiles) -> Result<Self, LoadError> {
        let current = ArcSwap::from_pointee(Identity::load(&files)?);
        Ok(Self { files, current })
    }

    fn reload(&self) -> Outcome {
        let reload = || {
            let identity = Identity::load(&self.files)?;
            let changed = files::changed(&self.current.load().fingerprints, &identity.fingerprints);
            if !changed.is_empty() {
                self.current.store(Arc::new(identity));
            }
            Ok(changed)
        };
        Outcome::of(reload())
    }
}

impl ResolvesServerCert for ServerCertificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.load().certified))
    }
}

impl fmt::Debug for ServerCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerCertificate").field("files", &self.files).finish_non_exhaustive()
    }
}
