//! Where the server listens.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// The mutual TLS listener: the API, the portal and the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MutualTls {
    /// Address and port.
    #[serde(default = "mutual_tls_address")]
    pub address: SocketAddr,
    /// Names by which clients know the server beside `localhost` and its address: host names, with a port where clients
    /// use another one. A request for any other name is refused.
    #[serde(default)]
    pub names: Vec<String>,
    /// PEM file with the server's certificate, leaf first.
    pub certificate: PathBuf,
    /// PEM file with its private key.
    pub key: PathBuf,
    /// PEM file with the authorities whose client certificates are taken.
    pub client_ca: PathBuf,
    /// PEM files with certificate revocation lists.
    #[serde(default)]
    pub crls: Vec<PathBuf>,
    /// Whether a client certificate is refused when no current revocation list of its issuer is at hand.
    #[serde(default)]
    pub require_crl: bool,
    /// How often the files above are looked at for changes, in seconds; 0 is never, so that only SIGHUP reads them again.
    #[serde(default = "watch_seconds")]
    pub watch_seconds: u32,
}

/// The public listener, with the mutual TLS listener's certificate: published WHITE documents and the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Public {
    /// Whether it listens at all.
    pub enabled: bool,
    /// Address and port.
    pub address: SocketAddr,
}

/// The operations listener, plain HTTP: health, readiness, metrics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Operations {
    /// Address and port; a loopback address, since it asks nobody who they are.
    pub address: SocketAddr,
}

impl Default for Public {
    fn default() -> Self {
        Self { enabled: false, address: loopback(8444) }
    }
}

impl Default for Operations {
    fn default() -> Self {
        Self { address: loopback(9090) }
    }
}

fn mutual_tls_address() -> SocketAddr {
    loopback(8443)
}

fn watch_seconds() -> u32 {
    10
}

fn loopback(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}
