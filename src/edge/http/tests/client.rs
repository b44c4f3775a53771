//! A client that sends the bytes it is told to, and reads one answer after another.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::{ClientConfig, ClientConnection, StreamOwned};

/// A connection to a listener.
pub(super) struct Client {
    stream: BufReader<Box<dyn Wire>>,
    address: SocketAddr,
}

trait Wire: Read + Write {}

impl<T: Read + Write> Wire for T {}

/// An answer.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
    headers: Vec<(String, String)>,
}

impl Client {
    /// Connects, and ends the handshake as far as a client can tell.
    pub(super) fn over_tls(address: SocketAddr, tls: ClientConfig) -> io::Result<Self> {
        let mut socket = connect(address);
        let mut session =
            ClientConnection::new(Arc::new(tls), "localhost".try_into().unwrap()).map_err(io::Error::other)?;
        while session.is_handshaking() {
            session.complete_io(&mut socket)?;
        }
        Ok(Self { stream: BufReader::new(Box::new(StreamOwned::new(session, socket))), address })
    }

    pub(super) fn plain(address: SocketAddr) -> Self {
        Self { stream: BufReader::new(Box::new(connect(address))), address }
    }

    /// The authority of the listener.
    pub(super) fn authority(&self) -> String {
        format!("localhost:{}", self.address.port())
    }

    pub(super) fn get(&mut self, path: &str) -> Response {
        self.request("GET", path, &[])
    }

    /// Sends a request without a body.
    pub(super) fn request(&mut self, method: &str, path: &str, headers: &[(&str, &str)]) -> Response {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.authority());
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        self.send(format!("{head}\r\n").as_bytes()).unwrap();
        self.response_to(method).unwrap()
    }

    pub(super) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let stream = self.stream.get_mut();
        stream.write_all(bytes)?;
        stream.flush()
    }

    pub(super) fn response(&mut self) -> io::Result<Response> {
        self.response_to("GET")
    }

    /// Reads one answer.
    fn response_to(&mut self, method: &str) -> io::Result<Response> {
        let first = self.line()?;
        let status = first.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status: u16 = status.ok_or_else(|| io::Error::other(format!("no status line: {first:?}")))?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut response = Response { status, headers, body: Vec::new() };
        let length = response.header("content-length").map_or(0, |length| length.parse().unwrap());
        if method != "HEAD" && status != 304 {
            response.body = vec![0; length];
            self.stream.read_exact(&mut response.body)?;
        }
        Ok(response)
    }

    /// Reads what is left until the server closes.
    pub(super) fn rest(&mut self) -> io::Result<Vec<u8>> {
        let mut rest = Vec::new();
        self.stream.read_to_end(&mut rest)?;
        Ok(rest)
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Response {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(held, _)| held.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// The code of a problem; the answer must be one in every respect.
    pub(super) fn code(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        assert_eq!(self.header("cache-control"), Some("no-store"), "{self:?}");
        let problem: serde_json::Value = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(problem["status"], self.status, "{problem}");
        problem["code"].as_str().unwrap().to_owned()
    }
}

fn connect(address: SocketAddr) -> TcpStream {
    let socket = TcpStream::connect(address).unwrap();
    // A server that hangs fails the test instead of halting it.
    socket.set_read_timeout(Some(Duration::from_secs(15))).unwrap();
    socket.set_write_timeout(Some(Duration::from_secs(15))).unwrap();
    socket
}
