//! The build with the feature `post-quantum`: TLS agrees on hybrid keys with those who can, and on classical ones with
//! those who cannot.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    unused_imports,
    reason = "a test fails by panicking, and not all help is used"
)]

#[path = "support/programs.rs"]
mod programs;
mod support;

use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;

use rustls::crypto::SupportedKxGroup;
use rustls::crypto::aws_lc_rs::{default_provider, kx_group};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, ClientConnection, NamedGroup, RootCertStore};
use support::directory::strongroom;
use support::{Options, Server};

/// A client of that person which knows these groups only.
fn client(server: &Server, person: &str, groups: Vec<&'static dyn SupportedKxGroup>) -> ClientConfig {
    let mut provider = default_provider();
    provider.kx_groups = groups;
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(server.directory.path().join("certs/ca.pem")).unwrap()).unwrap();
    let credential = server.directory.credential(person);
    let chain = CertificateDer::pem_slice_iter(credential.certificate.as_bytes()).map(Result::unwrap).collect();
    ClientConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_root_certificates(roots)
        .with_client_auth_cert(chain, PrivateKeyDer::from_pem_slice(credential.key.as_bytes()).unwrap())
        .unwrap()
}

/// The group on which a handshake agrees.
fn agreed(address: SocketAddr, tls: ClientConfig) -> NamedGroup {
    let mut socket = TcpStream::connect(address).unwrap();
    let mut session = ClientConnection::new(Arc::new(tls), "localhost".try_into().unwrap()).unwrap();
    while session.is_handshaking() {
        session.complete_io(&mut socket).unwrap();
    }
    session.negotiated_key_exchange_group().unwrap().name()
}

#[test]
fn every_listener_prefers_the_hybrid_group_and_takes_a_classical_one() {
    let server = Server::start(&Options { public: true, ..Options::default() });
    let witness = Witness::start(&server);
    let public = server.public_address();
    for (listener, address) in [("mutual TLS", server.address()), ("public", public), ("witness", witness.address)] {
        let both = || client(&server, "chair", vec![kx_group::X25519, kx_group::X25519MLKEM768]);
        let hybrid = || client(&server, "chair", vec![kx_group::X25519MLKEM768]);
        let classical = || client(&server, "chair", vec![kx_group::X25519]);
        // A client that has only sent a share of X25519 is not asked for another: that would cost a round trip. One that
        // sent the hybrid one gets it.
        assert_eq!(agreed(address, hybrid()), NamedGroup::X25519MLKEM768, "{listener}");
        assert_eq!(agreed(address, classical()), NamedGroup::X25519, "{listener}");
        let both = agreed(address, both());
        println!(
            "post-quantum: {listener}: hybrid X25519MLKEM768, classical X25519, both offered, X25519 first: {both:?}"
        );
    }
    // The certificates are those of the default build, and so is everything behind the handshake.
    let said = server.strongroom("chair", &["me", "--json"]);
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
}

#[test]
fn the_command_line_offers_the_hybrid_share_first() {
    let server = Server::start(&Options::default());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let certs = server.directory.path().join("certs");
    let mut asking = Command::new(env!("CARGO_BIN_EXE_strongroom"))
        .args(["me", "--server", &url, "--ca"])
        .arg(certs.join("ca.pem"))
        .arg("--cert")
        .arg(certs.join("clients/chair.pem"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (mut socket, _) = listener.accept().unwrap();
    let mut head = [0; 5];
    socket.read_exact(&mut head).unwrap();
    let mut hello = vec![0; usize::from(u16::from_be_bytes([head[3], head[4]]))];
    socket.read_exact(&mut hello).unwrap();
    drop(socket);
    asking.wait().unwrap();
    // RFC 8446, section 4.2.8: the group, the length of its share, the share; 1184 bytes of ML-KEM-768 and 32 of X25519.
    assert!(hello.windows(4).any(|entry| entry == [0x11, 0xec, 0x04, 0xc0]), "no hybrid share in the first message");
    println!("post-quantum: the command line's first message has a share of X25519MLKEM768");
}

/// A witness with the server's certificate. Killed when dropped.
struct Witness {
    process: std::process::Child,
    address: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Witness {
    fn start(server: &Server) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let directory = folder.path().join("w");
        let made =
            strongroom(&["witness", "init", "--dir", directory.to_str().unwrap(), "--name", "witness.example/w"]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let certs = server.directory.path().join("certs");
        let mut process = Command::new(env!("CARGO_BIN_EXE_strongroom"))
            .args(["witness", "serve", "--listen", "127.0.0.1:0", "--dir"])
            .arg(&directory)
            .arg("--tls-certificate")
            .arg(certs.join("server.pem"))
            .arg("--tls-key")
            .arg(certs.join("server.key"))
            .env("STRONGROOM_ALLOW_ROOT", "1")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let url = first.split_whitespace().nth(1).unwrap();
        let address = url.split("://").nth(1).unwrap().split('/').next().unwrap().parse().unwrap();
        Self { process, address, _folder: folder }
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
