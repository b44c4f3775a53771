//! A connection that sends the bytes it is told to, and reads one answer after another.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use rustls::{ClientConfig, ClientConnection, StreamOwned};
use serde_json::Value;

use super::PATIENCE;

/// A connection to a listener.
pub struct Connection {
    stream: BufReader<Box<dyn Wire>>,
    socket: TcpStream,
    authority: String,
}

trait Wire: Read + Write + Send {}

impl<T: Read + Write + Send> Wire for T {}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    /// In the order in which they came, names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Connection {
    /// Connects, and ends the handshake as far as a client can tell: whether its certificate is taken, it learns when it
    /// first reads.
    pub fn over_tls(address: SocketAddr, tls: ClientConfig) -> io::Result<Self> {
        let mut socket = connect(address)?;
        let mut session =
            ClientConnection::new(Arc::new(tls), "localhost".try_into().unwrap()).map_err(io::Error::other)?;
        while session.is_handshaking() {
            session.complete_io(&mut socket)?;
        }
        let own = socket.try_clone()?;
        Ok(Self::new(Box::new(StreamOwned::new(session, socket)), own, address))
    }

    /// Connects to a listener without TLS.
    pub fn plain(address: SocketAddr) -> io::Result<Self> {
        let socket = connect(address)?;
        let own = socket.try_clone()?;
        Ok(Self::new(Box::new(socket), own, address))
    }

    fn new(stream: Box<dyn Wire>, socket: TcpStream, address: SocketAddr) -> Self {
        Self { stream: BufReader::new(stream), socket, authority: format!("localhost:{}", address.port()) }
    }

    /// `GET`, and its answer.
    pub fn get(&mut self, path: &str) -> Answer {
        self.request("GET", path, &[])
    }

    /// A request without a body, and its answer.
    pub fn request(&mut self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.exchange(method, path, headers, None).unwrap()
    }

    /// `POST` of JSON, and its answer.
    pub fn post(&mut self, path: &str, body: &Value) -> Answer {
        let json = [("Content-Type", "application/json")];
        self.exchange("POST", path, &json, Some(body.to_string().as_bytes())).unwrap()
    }

    /// A request and its answer. With a body, its length is announced.
    pub fn exchange(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> io::Result<Answer> {
        let length = body.map(|body| body.len().to_string());
        let length = length.as_ref().map(|length| ("Content-Length", length.as_str()));
        let headers: Vec<_> = headers.iter().copied().chain(length).collect();
        let head = self.head(method, path, &headers);
        // What the server answers before it has read everything is its answer all the same.
        let sent = self.send(head.as_bytes()).and_then(|()| body.map_or(Ok(()), |body| self.send(body)));
        match (sent, self.answer_to(method)) {
            (Err(error), Err(_)) => Err(error),
            (_, answer) => answer,
        }
    }

    /// The head of a request.
    pub fn head(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> String {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.authority);
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head + "\r\n"
    }

    /// Sends bytes as they are.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let stream = self.stream.get_mut();
        stream.write_all(bytes)?;
        stream.flush()
    }

    /// Reads one answer to a request that was not `HEAD`.
    pub fn answer(&mut self) -> io::Result<Answer> {
        self.answer_to("GET")
    }

    fn answer_to(&mut self, method: &str) -> io::Result<Answer> {
        let mut answer = self.answer_head()?;
        if method != "HEAD" && answer.status != 304 {
            let length = answer.header("content-length").map_or(0, |length| length.parse().unwrap());
            answer.body = vec![0; length];
            self.stream.read_exact(&mut answer.body)?;
        }
        Ok(answer)
    }

    /// Reads an answer up to its body.
    pub fn answer_head(&mut self) -> io::Result<Answer> {
        let first = self.line()?;
        let status = first.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status: u16 = status.ok_or_else(|| io::Error::other(format!("no status line: {first:?}")))?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        assert!(headers.iter().all(|(name, _)| name != "transfer-encoding"), "answers have lengths: {headers:?}");
        Ok(Answer { status, headers, body: Vec::new() })
    }

    /// Reads so many bytes, or as many as come before the connection ends.
    pub fn read(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut portion = [0; 16 << 10];
        while bytes.len() < length {
            let wanted = portion.len().min(length - bytes.len());
            match self.stream.read(&mut portion[..wanted]) {
                Ok(0) | Err(_) => break,
                Ok(read) => bytes.extend_from_slice(&portion[..read]),
            }
        }
        bytes
    }

    /// Waits until the server has closed the connection; gives what it still sent.
    pub fn rest(&mut self) -> Vec<u8> {
        self.read(usize::MAX)
    }

    /// Cuts the connection, as a cable does.
    pub fn cut(self) {
        // It may be cut already.
        let _ = self.socket.shutdown(std::net::Shutdown::Both);
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(held, _)| held.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The entry that it names.
    pub fn entry(&self) -> Option<u64> {
        self.header("audit-entry").map(|entry| entry.parse().unwrap())
    }

    /// Status and code of a problem, which must be one in every respect.
    #[track_caller]
    pub fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.shown());
        assert_eq!(self.header("cache-control"), Some("no-store"), "{}", self.shown());
        let problem = self.json();
        assert_eq!(problem["status"], self.status, "{problem}");
        assert_eq!(problem["entry"].as_u64(), self.entry(), "{problem}");
        let code = problem["code"].as_str().unwrap().to_owned();
        assert!(problem["type"].as_str().unwrap().ends_with(&code), "{problem}");
        (self.status, code)
    }

    /// That it succeeded with this status.
    #[track_caller]
    pub fn must_be(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.shown());
        self
    }

    fn shown(&self) -> String {
        format!("{} {:?} {}", self.status, self.headers, String::from_utf8_lossy(&self.body))
    }
}

/// That an answer is this problem.
#[track_caller]
pub fn assert_problem(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.problem(), (status, code.to_owned()), "{}", answer.shown());
}

fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let socket = TcpStream::connect(address)?;
    socket.set_nodelay(true)?;
    // A server that hangs fails the test instead of halting it.
    socket.set_read_timeout(Some(PATIENCE))?;
    socket.set_write_timeout(Some(PATIENCE))?;
    Ok(socket)
}
