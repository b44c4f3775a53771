//! Somebody between the auditor and the server, who can do what a lying server does.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::support::{Answer, Connection, Directory, Server};

type Alter = Box<dyn FnMut(&str, &mut Answer) + Send>;

/// Passes requests on under one person's certificate, and alters the answers.
#[derive(Clone)]
pub struct Middle {
    pub url: String,
    behind: Arc<Mutex<Option<SocketAddr>>>,
    alter: Arc<Mutex<Alter>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Middle {
    pub fn before(server: &Server, person: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let middle = Self {
            url: format!("https://localhost:{}", listener.local_addr().unwrap().port()),
            behind: Arc::new(Mutex::new(Some(server.address()))),
            alter: Arc::new(Mutex::new(Box::new(|_, _| ()))),
            asked: Arc::default(),
        };
        let tls = Arc::new(tls(&server.directory));
        let (this, directory, person) = (middle.clone(), server.directory.clone(), person.to_owned());
        thread::spawn(move || {
            for socket in listener.incoming() {
                let (this, directory, person, tls) = (this.clone(), directory.clone(), person.clone(), tls.clone());
                thread::spawn(move || this.serve(socket.unwrap(), tls, &directory, &person));
            }
        });
        middle
    }

    /// From now on, answers are altered so; the path is that of the request.
    pub fn alter(&self, alter: impl FnMut(&str, &mut Answer) + Send + 'static) {
        *self.alter.lock().unwrap() = Box::new(alter);
    }

    /// Stands before another server, or none.
    pub fn stand_before(&self, server: Option<&Server>) {
        *self.behind.lock().unwrap() = server.map(Server::address);
    }

    /// The paths that were asked for so far.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    fn serve(&self, socket: TcpStream, tls: Arc<ServerConfig>, directory: &Directory, person: &str) -> Option<()> {
        let mut stream = StreamOwned::new(ServerConnection::new(tls).unwrap(), socket);
        loop {
            let path = path_of(&mut stream)?;
            self.asked.lock().unwrap().push(path.clone());
            let behind = (*self.behind.lock().unwrap())?;
            let tls = directory.client_tls(Some(&directory.credential(person)));
            let mut answer = Connection::over_tls(behind, tls).ok()?.exchange("GET", &path, &[], None).ok()?;
            (self.alter.lock().unwrap())(&path, &mut answer);
            let mut head = format!("HTTP/1.1 {} As Told\r\nContent-Length: {}\r\n", answer.status, answer.body.len());
            for name in ["content-type", "audit-entry", "retry-after"] {
                if let Some(value) = answer.header(name) {
                    head += &format!("{name}: {value}\r\n");
                }
            }
            stream.write_all(&[(head + "\r\n").as_bytes(), &answer.body].concat()).ok()?;
            stream.flush().ok()?;
        }
    }
}

fn path_of(stream: &mut impl Read) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    Some(String::from_utf8(head).ok()?.split(' ').nth(1)?.to_owned())
}

fn tls(directory: &Directory) -> ServerConfig {
    let certs = directory.path().join("certs");
    let chain = vec![CertificateDer::from_pem_file(certs.join("server.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_file(certs.join("server.key")).unwrap();
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap()
}
