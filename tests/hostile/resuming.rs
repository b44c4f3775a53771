//! No session is taken up again: a handshake that skips the certificate would skip the judgement.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use rustls::client::Resumption;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, ClientConnection, HandshakeKind, ServerConfig, ServerConnection, Stream};

use crate::support::{Directory, Options, PATIENCE, Server};

#[test]
fn no_ticket_is_given_and_none_is_taken() {
    let server = Server::start(&Options::default());
    let mut tls = server.directory.client_tls(Some(&server.directory.credential("chair")));
    tls.resumption = Resumption::in_memory_sessions(8);
    tls.enable_early_data = true;
    let tls = Arc::new(tls);
    for _ in 0..3 {
        assert_eq!(handshake(&server, &tls), (HandshakeKind::Full, 0));
    }

    // A ticket from someone with the server's own certificate, which the client believes it may use again.
    let giver = TicketGiver::new(&server.directory);
    assert_eq!(giver.handshake(&tls), HandshakeKind::Full);
    assert_eq!(giver.handshake(&tls), HandshakeKind::Resumed, "the client does offer it");
    assert_eq!(giver.handshake(&tls), HandshakeKind::Resumed, "and gets another one with each");
    assert_eq!(handshake(&server, &tls), (HandshakeKind::Full, 0), "the server does not know what it is offered");
}

/// Makes a request over a new connection: how its handshake went, and how many tickets came.
fn handshake(server: &Server, tls: &Arc<ClientConfig>) -> (HandshakeKind, u32) {
    let mut socket = TcpStream::connect(server.address()).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut session = ClientConnection::new(Arc::clone(tls), "localhost".try_into().unwrap()).unwrap();
    let head =
        format!("GET /v1/me HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n", server.address().port());
    let mut stream = Stream::new(&mut session, &mut socket);
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = [0; 12];
    std::io::Read::read_exact(&mut stream, &mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    (session.handshake_kind().unwrap(), session.tls13_tickets_received())
}

/// A server with the directory's server certificate that gives tickets and takes them.
struct TicketGiver {
    config: Arc<ServerConfig>,
    listener: TcpListener,
}

impl TicketGiver {
    fn new(directory: &Directory) -> Self {
        let certs = directory.path().join("certs");
        let chain = vec![CertificateDer::from_pem_file(certs.join("server.pem")).unwrap()];
        let key = PrivateKeyDer::from_pem_file(certs.join("server.key")).unwrap();
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        config.ticketer = ring::Ticketer::new().unwrap();
        Self { config: Arc::new(config), listener: TcpListener::bind("127.0.0.1:0").unwrap() }
    }

    fn handshake(&self, tls: &Arc<ClientConfig>) -> HandshakeKind {
        let mut own = TcpStream::connect(self.listener.local_addr().unwrap()).unwrap();
        let (mut accepted, _) = self.listener.accept().unwrap();
        let mut session = ClientConnection::new(Arc::clone(tls), "localhost".try_into().unwrap()).unwrap();
        let config = Arc::clone(&self.config);
        let server = std::thread::spawn(move || {
            let mut session = ServerConnection::new(config).unwrap();
            let mut stream = Stream::new(&mut session, &mut accepted);
            stream.write_all(b"hello").unwrap();
        });
        let mut hello = [0; 5];
        std::io::Read::read_exact(&mut Stream::new(&mut session, &mut own), &mut hello).unwrap();
        server.join().unwrap();
        session.handshake_kind().unwrap()
    }
}
