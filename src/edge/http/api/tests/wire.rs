//! A connection that sends the request it is told to, and shows the answer as it came.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::{ClientConfig, ClientConnection, StreamOwned};
use serde_json::Value;

/// A connection of one person.
pub(super) struct Wire {
    stream: BufReader<StreamOwned<ClientConnection, TcpStream>>,
    host: String,
}

/// An answer.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Wire {
    pub(super) fn connect(address: SocketAddr, tls: ClientConfig) -> Self {
        let socket = TcpStream::connect(address).unwrap();
        // A server that hangs fails the test instead of halting it.
        socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        socket.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
        let session = ClientConnection::new(Arc::new(tls), "localhost".try_into().unwrap()).unwrap();
        Self {
            stream: BufReader::new(StreamOwned::new(session, socket)),
            host: format!("localhost:{}", address.port()),
        }
    }

    pub(super) fn get(&mut self, path: &str) -> Reply {
        self.send("GET", path, &[], b"")
    }

    pub(super) fn post(&mut self, path: &str, body: &Value) -> Reply {
        self.send("POST", path, &[("Content-Type", "application/json")], body.to_string().as_bytes())
    }

    pub(super) fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let length = body.len().to_string();
        let mut headers = headers.to_vec();
        if !matches!(method, "GET" | "HEAD") {
            headers.push(("Content-Length", &length));
        }
        self.begin(method, path, &headers);
        self.push(body);
        self.reply(method)
    }

    /// Sends the head of a request alone.
    pub(super) fn begin(&mut self, method: &str, path: &str, headers: &[(&str, &str)]) {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.host);
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        self.stream.get_mut().write_all(format!("{head}\r\n").as_bytes()).unwrap();
    }

    /// Sends bytes of a body.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        // A server that refuses early may close while we send; its answer waits all the same.
        let _ = self.stream.get_mut().write_all(bytes);
    }

    /// Reads one answer.
    pub(super) fn reply(&mut self, method: &str) -> Reply {
        let first = self.line();
        let status =
            first.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("{first:?}"));
        let mut reply = Reply { status, headers: Vec::new(), body: Vec::new() };
        loop {
            let line = self.line();
            let Some((name, value)) = line.split_once(':') else { break };
            reply.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        if status == 100 {
            return self.reply(method);
        }
        if method != "HEAD" && status != 304 {
            let length = reply.header("content-length").map_or(0, |length| length.parse().unwrap());
            reply.body = vec![0; length];
            self.stream.read_exact(&mut reply.body).unwrap();
        }
        reply
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        assert_ne!(self.stream.read_line(&mut line).unwrap(), 0, "the server closed without an answer");
        line.trim_end().to_owned()
    }
}

impl Reply {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(held, _)| held == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(super) fn entry(&self) -> Option<u64> {
        self.header("audit-entry").map(|entry| entry.parse().unwrap())
    }

    /// The code and rule of a problem.
    pub(super) fn refused(&self, status: u16, code: &str) -> Value {
        let problem = self.json();
        assert_eq!((self.status, problem["code"].as_str()), (status, Some(code)), "{problem}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        problem
    }

    /// A success of this status, as JSON.
    pub(super) fn done(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        self.json()
    }
}
