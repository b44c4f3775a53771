//! A small blocking client of HTTP/1.1 over mutual TLS, which costs little beside the server that it measures.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use serde_json::Value;

/// One connection that is kept open.
pub struct Client {
    stream: StreamOwned<ClientConnection, TcpStream>,
    host: String,
    buffer: Vec<u8>,
    filled: usize,
}

/// An answer's head, and its body if it is a short one.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The length of the body, all of which came.
    pub length: u64,
    /// The first bytes of the body.
    pub start: Vec<u8>,
}

impl Client {
    /// Connects. The handshake is done with the first request.
    pub fn connect(address: SocketAddr, tls: Arc<ClientConfig>) -> Result<Self, String> {
        let socket = TcpStream::connect(address).map_err(|error| format!("cannot connect: {error}"))?;
        socket.set_nodelay(true).map_err(|error| error.to_string())?;
        socket.set_read_timeout(Some(PATIENCE)).map_err(|error| error.to_string())?;
        let session = ClientConnection::new(tls, ServerName::from(address.ip())).map_err(|error| error.to_string())?;
        let stream = StreamOwned::new(session, socket);
        Ok(Self { stream, host: address.to_string(), buffer: vec![0; BUFFER_LEN], filled: 0 })
    }

    /// A request without a body, as bytes, to be sent again and again.
    pub fn get(&self, path: &str, fields: &str) -> Vec<u8> {
        format!("GET /v1{path} HTTP/1.1\r\nHost: {}\r\n{fields}\r\n", self.host).into_bytes()
    }

    /// Sends a whole request and takes the whole answer.
    pub fn exchange(&mut self, request: &[u8]) -> Result<Answer, String> {
        self.send(request)?;
        self.receive()
    }

    /// A POST of JSON, as bytes, to be sent again and again.
    pub fn posted(&self, path: &str, body: &Value) -> Vec<u8> {
        let body = body.to_string();
        format!(
            "POST /v1{path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.host,
            body.len()
        )
        .into_bytes()
    }

    /// A POST of JSON, which must be answered with 200 or 201; gives what was made.
    pub fn post(&mut self, path: &str, body: &Value) -> Value {
        let request = self.posted(path, body);
        let answer = self.exchange(&request).expect("a POST is answered");
        let text = String::from_utf8_lossy(&answer.start).into_owned();
        assert!(answer.status < 300, "POST {path}: {} {text}", answer.status);
        serde_json::from_str(&text).expect("the answer to a POST is JSON")
    }

    /// Lodges `length` bytes, `piece` over and over, as the version of that path.
    pub fn lodge(&mut self, path: &str, piece: &[u8], length: u64) -> Result<u64, String> {
        let head = format!(
            "PUT /v1{path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/octet-stream\r\nContent-Length: {length}\r\n\r\n",
            self.host
        );
        self.stream.write_all(head.as_bytes()).map_err(|error| format!("cannot send: {error}"))?;
        let mut left = length;
        while left > 0 {
            let part = piece.get(..left.min(piece.len() as u64) as usize).unwrap_or(piece);
            self.stream.write_all(part).map_err(|error| format!("cannot send: {error}"))?;
            left -= part.len() as u64;
        }
        self.stream.flush().map_err(|error| format!("cannot send: {error}"))?;
        let answer = self.receive()?;
        if answer.status == 201 { Ok(length) } else { Err(answer.unexpected()) }
    }

    fn send(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.stream.write_all(bytes).and_then(|()| self.stream.flush()).map_err(|error| format!("cannot send: {error}"))
    }

    fn receive(&mut self) -> Result<Answer, String> {
        self.filled = 0;
        let head_end = loop {
            self.fill()?;
            let received = self.buffer.get(..self.filled).unwrap_or_default();
            if let Some(end) = received.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let received = self.buffer.get(..self.filled).unwrap_or_default();
        let (head, body) = received.split_at_checked(head_end).unwrap_or_default();
        let head = std::str::from_utf8(head).map_err(|_| "the head is no text")?;
        let status =
            head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or("an answer without a status")?;
        let length = head
            .lines()
            .find_map(|line| line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length")))
            .and_then(|(_, length)| length.trim().parse().ok())
            .ok_or("an answer without a length")?;
        let mut start = body.to_vec();
        let mut left = u64::checked_sub(length, body.len() as u64).ok_or("an answer longer than its length")?;
        while left > 0 {
            let room = self.buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            let into = self.buffer.get_mut(..room).unwrap_or_default();
            let read = self.stream.read(into).map_err(|error| format!("cannot receive: {error}"))?;
            if read == 0 {
                return Err(format!("the answer ends {left} bytes early"));
            }
            if start.len() < SHORT_LEN {
                start.extend(into.iter().take(read));
            }
            left -= read as u64;
        }
        Ok(Answer { status, length, start })
    }

    fn fill(&mut self) -> Result<(), String> {
        let into = self.buffer.get_mut(self.filled..).unwrap_or_default();
        match self.stream.read(into) {
            Ok(0) => Err("the connection ended in the middle of a head".into()),
            Ok(read) => {
                self.filled += read;
                Ok(())
            }
            Err(error) => Err(format!("cannot receive: {error}")),
        }
    }
}

impl Answer {
    /// The length, if the answer is a whole document of that length.
    pub fn of_length(&self, length: u64) -> Result<u64, String> {
        if self.status == 200 && self.length == length { Ok(length) } else { Err(self.unexpected()) }
    }

    fn unexpected(&self) -> String {
        let start = String::from_utf8_lossy(&self.start).chars().take(300).collect::<String>();
        format!("status {}, {} bytes: {start}", self.status, self.length)
    }
}

const PATIENCE: Duration = Duration::from_secs(60);

const BUFFER_LEN: usize = 64 << 10;

const SHORT_LEN: usize = 16 << 10;
