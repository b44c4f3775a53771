//! Real handshakes with real certificates from the development CA, over real files.
//!
//! rustls asks the system's clock in a handshake, so "good" certificates are valid from 2020 to 2100 and "expired" ones
//! ended in 2021. Where the caller says what time it is, the tests do.

mod authorities;
mod certificates;
mod development;
mod handshake;
mod intermediate;
mod open_connection;
mod reload;

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use rustls::{ClientConfig, ClientConnection, ServerConfig, ServerConnection};
use tempfile::TempDir;

use super::*;
use crate::service::clock::{Clock, Reading};

/// A folder with a CA, a server's certificate, and whatever a test adds.
struct Folder {
    dir: TempDir,
    ca: DevelopmentCa,
}

impl Folder {
    fn new() -> Self {
        let folder = Self { dir: tempfile::tempdir().unwrap(), ca: DevelopmentCa::create(good()).unwrap() };
        folder.write("ca.pem", folder.ca.certificate_pem());
        folder.keep("server", &folder.ca.issue_server(&[], good()).unwrap());
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        fs::write(self.path(name), content).unwrap();
        self.path(name)
    }

    /// Writes `<name>.pem` and `<name>.key`.
    fn keep(&self, name: &str, issued: &Issued) -> IdentityFiles {
        self.write(&format!("{name}.pem"), issued.certificate_pem());
        self.write(&format!("{name}.key"), issued.key_pem().as_bytes());
        self.identity(name)
    }

    fn identity(&self, name: &str) -> IdentityFiles {
        IdentityFiles { certificate: self.path(&format!("{name}.pem")), key: self.path(&format!("{name}.key")) }
    }

    /// Writes `ca.crl` with these revoked, valid as said.
    fn write_list(&self, number: u64, validity: Validity, revoked: &[&Issued]) {
        self.write("ca.crl", revocation_list(&self.ca, number, validity, revoked));
    }

    fn trust_files(&self, revocation: Revocation) -> ClientTrustFiles {
        ClientTrustFiles { authorities: self.path("ca.pem"), revocation }
    }

    fn trust(&self) -> ClientTrustFiles {
        self.trust_files(Revocation::Unchecked)
    }

    fn trust_with_list(&self) -> ClientTrustFiles {
        let files = vec![self.path("ca.crl")];
        self.trust_files(Revocation::Lists { files, unknown: UnknownStatus::Refuse })
    }

    fn mutual(&self, trust: ClientTrustFiles) -> MutualTls {
        MutualTls::load(self.identity("server"), trust, clock()).unwrap()
    }

    fn client(&self, identity: Option<IdentityFiles>) -> ClientConfig {
        ClientTls::load(&ClientFiles { authorities: self.path("ca.pem"), identity }).unwrap().config().unwrap()
    }
}

fn revocation_list(ca: &DevelopmentCa, number: u64, validity: Validity, revoked: &[&Issued]) -> String {
    let revoked: Vec<_> =
        revoked.iter().map(|issued| Revoked { serial: issued.serial().clone(), at: validity.not_before }).collect();
    ca.revocation_list(number, validity, &revoked).unwrap()
}

fn good() -> Validity {
    Validity { not_before: at("2020-01-01T00:00:00Z"), not_after: at("2100-01-01T00:00:00Z") }
}

fn over() -> Validity {
    Validity { not_before: at("2020-01-01T00:00:00Z"), not_after: at("2021-01-01T00:00:00Z") }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// When things are loaded.
fn start() -> Timestamp {
    at("2025-01-01T00:00:00Z")
}

fn clock() -> Clock {
    let wall = start().into();
    Clock::steered(move || Reading { wall, elapsed: std::time::Duration::ZERO })
}

fn noon() -> Timestamp {
    at("2030-06-01T12:00:00Z")
}

/// Two ends after their handshake.
#[derive(Debug)]
struct Connected {
    client: ClientConnection,
    server: ServerConnection,
}

/// Carries the two ends' bytes to each other until both are done; the server's refusal, or else the client's.
fn connect(client: impl Into<Arc<ClientConfig>>, server: ServerConfig) -> Result<Connected, rustls::Error> {
    let mut client = ClientConnection::new(client.into(), "localhost".try_into().unwrap()).unwrap();
    let mut server = ServerConnection::new(Arc::new(server)).unwrap();
    loop {
        let mut moved = 0;
        moved += carry(|out| client.write_tls(out), |input| server.read_tls(input));
        let at_server = server.process_new_packets();
        moved += carry(|out| server.write_tls(out), |input| client.read_tls(input));
        let at_client = client.process_new_packets();
        at_server?;
        at_client?;
        if moved == 0 {
            assert!(!client.is_handshaking() && !server.is_handshaking(), "the handshake came to a halt");
            return Ok(Connected { client, server });
        }
    }
}

fn carry(
    mut write: impl FnMut(&mut dyn std::io::Write) -> std::io::Result<usize>,
    mut read: impl FnMut(&mut dyn std::io::Read) -> std::io::Result<usize>,
) -> usize {
    let mut bytes = Vec::new();
    while write(&mut bytes).unwrap() > 0 {}
    let mut rest = bytes.as_slice();
    while !rest.is_empty() && read(&mut rest).unwrap() > 0 {}
    bytes.len()
}

/// How the server refused.
fn refusal(client: impl Into<Arc<ClientConfig>>, server: ServerConfig) -> ClientCertificateError {
    ClientCertificateError::of(&connect(client, server).unwrap_err())
}
