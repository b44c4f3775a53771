//! Asking a witness over HTTP or HTTPS.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use ureq::http::{Response, Uri};
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};
use ureq::{Agent, Body, Error, Proxy};

use crate::edge::pki::provider;
use crate::pure::tlog::add_checkpoint::{AddCheckpoint, parse_cosignatures, parse_size};
use crate::pure::tlog::hash::sha256;
use crate::pure::tlog::leaf::Origin;
use crate::pure::tlog::note::{MAX_NOTE_LEN, Note};
use crate::service::publishing::witnessing::{Answer, AskError, Witness};

/// The way to one witness. Connections are opened when needed and kept alive.
#[derive(Debug)]
pub struct Asking {
    agent: Agent,
    prefix: String,
}

/// The authorities that may vouch for a witness's HTTPS server.
#[derive(Clone)]
pub struct Roots(Vec<Certificate<'static>>);

/// Why a witness cannot be asked, whatever it answers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnusableWitness {
    /// The URL is no submission prefix.
    #[error("the URL {0:?} cannot be asked; write http:// or https://, a host and a path, without a query or a user")]
    Url(String),
    /// A file of authorities cannot be used.
    #[error("the authorities in {} cannot be used: {trouble}", file.display())]
    Roots {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        trouble: String,
    },
    /// The system has no authorities.
    #[error("this system has no file of the web's authorities; install ca-certificates, or name a file of your own")]
    NoRoots,
}

impl Roots {
    /// Those of a PEM file.
    pub fn of_file(file: &Path) -> Result<Self, UnusableWitness> {
        let unusable = |trouble: String| UnusableWitness::Roots { file: file.to_owned(), trouble };
        let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let certificates = read.map_err(|error| unusable(error.to_string()))?;
        if certificates.is_empty() {
            return Err(unusable("it holds no PEM certificate".to_owned()));
        }
        Ok(Self(certificates.iter().map(|certificate| Certificate::from_der(certificate).to_owned()).collect()))
    }

    /// Those that this system has for the web.
    pub fn of_system() -> Result<Self, UnusableWitness> {
        let file = SYSTEM_ROOTS.iter().map(Path::new).find(|file| file.is_file());
        Self::of_file(file.ok_or(UnusableWitness::NoRoots)?)
    }

    /// None: for witnesses over plain HTTP.
    pub fn none() -> Self {
        Self(Vec::new())
    }
}

impl std::fmt::Debug for Roots {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Roots({})", self.0.len())
    }
}

impl Asking {
    /// The way to the witness whose submission prefix is `url`; it has `timeout` for each answer. Connects only when it
    /// is asked.
    pub fn new(url: &str, roots: &Roots, timeout: Duration) -> Result<Self, UnusableWitness> {
        let prefix = prefix(url)?;
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .unversioned_rustls_crypto_provider(provider())
            .root_certs(RootCerts::from(roots.0.iter().cloned()))
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(proxy_for(&prefix))
            .user_agent(concat!("strongroom/", env!("CARGO_PKG_VERSION")))
            .timeout_global(Some(timeout))
            .build();
        Ok(Self { agent: config.into(), prefix })
    }

    /// The TCP port that asking the witness at `url` connects to: a proxy's, if the environment names one for it.
    pub fn port(url: &str) -> Option<u16> {
        if let Some(proxy) = proxy_for(url) {
            return Some(proxy.port());
        }
        let uri: Uri = url.parse().ok()?;
        uri.port_u16().or(Some(if Self::is_https(url) { 443 } else { 80 }))
    }

    /// Whether the URL is one that TLS protects, so that [`Roots`] are needed.
    pub fn is_https(url: &str) -> bool {
        url.starts_with("https://")
    }
}

impl Witness for Asking {
    fn add_checkpoint(&self, request: &AddCheckpoint) -> Result<Answer, AskError> {
        let url = format!("{}/add-checkpoint", self.prefix);
        let asked = self.agent.post(url).content_type("text/plain; charset=utf-8").send(request.to_string());
        let mut response = asked.map_err(failed)?;
        match response.status().as_u16() {
            200 => parse_cosignatures(&text(&mut response, MAX_COSIGNATURES_LEN)?)
                .map(Answer::Cosigned)
                .ok_or_else(|| AskError::Unintelligible("the body is no signature lines".to_owned())),
            // "The response body MUST consist of the tree size [...] in decimal, followed by a newline".
            409 => parse_size(&text(&mut response, MAX_SIZE_LEN)?)
                .map(Answer::Knows)
                .ok_or_else(|| AskError::Unintelligible("a 409 whose body is no size".to_owned())),
            422 => Ok(Answer::Inconsistent),
            status => Err(AskError::Refused { status }),
        }
    }

    fn latest(&self, origin: &Origin) -> Result<Option<Note>, AskError> {
        let log = hex::encode(sha256(origin.as_str().as_bytes()));
        let mut response = self.agent.get(format!("{}/{log}/checkpoint", self.prefix)).call().map_err(failed)?;
        match response.status().as_u16() {
            200 => Note::parse(text(&mut response, MAX_NOTE_LEN as u64)?.as_bytes())
                .map(Some)
                .map_err(|error| AskError::Unintelligible(error.to_string())),
            // A witness need not show what it cosigned.
            404 | 405 | 501 => Ok(None),
            status => Err(AskError::Refused { status }),
        }
    }
}

fn text(response: &mut Response<Body>, limit: u64) -> Result<String, AskError> {
    let bytes = response.body_mut().with_config().limit(limit).read_to_vec().map_err(failed)?;
    String::from_utf8(bytes).map_err(|_| AskError::Unintelligible("the body is no text".to_owned()))
}

fn failed(error: Error) -> AskError {
    match error {
        Error::Timeout(_) => AskError::TooSlow,
        Error::BodyExceedsLimit(limit) => AskError::Unintelligible(format!("the body is longer than {limit} bytes")),
        Error::Protocol(_) | Error::LargeResponseHeader(..) | Error::Http(_) => {
            AskError::Unintelligible(error.to_string())
        }
        other => AskError::Unreachable(other.to_string()),
    }
}

fn prefix(url: &str) -> Result<String, UnusableWitness> {
    let unusable = || UnusableWitness::Url(url.to_owned());
    let uri: Uri = url.parse().map_err(|_| unusable())?;
    let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
    let names_a_host = uri.host().is_some_and(|host| !host.is_empty());
    let names_a_user = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
    if !is_web || !names_a_host || names_a_user || uri.query().is_some() {
        return Err(unusable());
    }
    Ok(url.trim_end_matches('/').to_owned())
}

/// The environment's proxy, but never for this machine itself.
fn proxy_for(prefix: &str) -> Option<Proxy> {
    let uri: Uri = prefix.parse().ok()?;
    let host = uri.host()?.trim_matches(['[', ']']);
    let loopback = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    if loopback { None } else { Proxy::try_from_env() }
}

/// Where systems keep the authorities of the web.
const SYSTEM_ROOTS: [&str; 3] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/// Room for sixteen ML-DSA-44 signatures.
const MAX_COSIGNATURES_LEN: u64 = 64 << 10;

/// Twenty digits and a newline.
const MAX_SIZE_LEN: u64 = 21;
