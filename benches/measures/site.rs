//! A directory that `strongroom init` made, and the server that runs on it as a process of its own.

use std::fs::{self, File};
use std::io::Read;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use rustls::ClientConfig;
use serde_json::{Value, json};
use strongroom::edge::pki::{ClientFiles, ClientTls, IdentityFiles};
use tempfile::TempDir;

use super::client::Client;
use super::settings::Settings;

/// A directory with everything that a server needs, removed in the end.
pub struct Site {
    folder: TempDir,
}

/// A server that runs, and is stopped in the end.
pub struct Server {
    process: Child,
    /// Where people connect.
    pub mutual_tls: SocketAddr,
    folder: PathBuf,
}

impl Site {
    /// Makes the directory. The configuration is the one that `init` writes, but for the ports, which the system
    /// chooses, and the rate of one person, since all load is one person's.
    pub fn make(settings: &Settings) -> Self {
        let folder =
            tempfile::Builder::new().prefix("bench-").tempdir_in(&settings.folder).expect("a folder for the data");
        let made = Command::new(PROGRAM).arg("init").arg("--dir").arg(folder.path()).stdout(Stdio::null()).status();
        assert!(made.expect("the binary runs").success(), "init makes the directory");
        let site = Self { folder };
        let config = fs::read_to_string(site.config()).expect("init writes a configuration");
        let config = config.replace("127.0.0.1:8443", "127.0.0.1:0").replace("127.0.0.1:9090", "127.0.0.1:0");
        fs::write(
            site.config(),
            format!(
                "{config}\n[limits]\nrequests_per_minute = 4000000000\nrefusals_per_minute = 4000000000\n\
                 requests_per_minute_per_address = 4000000000\nhandshakes_per_minute_per_address = 4000000000\n"
            ),
        )
        .expect("a configuration");
        site
    }

    /// The configuration.
    pub fn config(&self) -> PathBuf {
        self.folder.path().join("strongroom.toml")
    }

    /// The data directory.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A person's certificate.
    pub fn certificate(&self, person: &str) -> PathBuf {
        certificate(self.folder.path(), person)
    }

    /// Has everything in the data directory checked.
    pub fn check(&self) {
        let checked = Command::new(PROGRAM)
            .args(["check", "--json", "--config"])
            .arg(self.config())
            .stdout(Stdio::null())
            .status();
        assert!(checked.expect("the binary runs").success(), "all is well");
    }

    /// Starts a server on it, and gives it with the time until it said that it is ready.
    pub fn serve(&self) -> (Server, Duration) {
        let begun = Instant::now();
        let errors = File::create(self.folder.path().join("server.log")).expect("a file for the server's lines");
        let mut process = Command::new(PROGRAM)
            .args(["serve", "--json", "--config"])
            .arg(self.config())
            .env("STRONGROOM_ALLOW_ROOT", "1")
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .expect("the binary runs");
        let said = process.stdout.take().expect("the server's output is piped");
        let said = serde_json::Deserializer::from_reader(said).into_iter::<Value>().next();
        let said = said.and_then(Result::ok).unwrap_or_else(|| {
            let log = fs::read_to_string(self.folder.path().join("server.log")).unwrap_or_default();
            eprintln!("the server did not start:\n{log}");
            std::process::exit(1)
        });
        let address = |listener: &str| -> SocketAddr {
            let url = said.get(listener).and_then(Value::as_str).unwrap_or_default();
            url.split("//").nth(1).and_then(|address| address.parse().ok()).expect("the server says where it listens")
        };
        let (mutual_tls, operations) = (address("mutual_tls"), address("operations"));
        while !is_ready(operations) {
            std::thread::sleep(Duration::from_millis(1));
        }
        let took = begun.elapsed();
        (Server { process, mutual_tls, folder: self.folder.path().to_owned() }, took)
    }
}

impl Server {
    /// A connection of a person.
    pub fn connect(&self, person: &str) -> Client {
        Client::connect(self.mutual_tls, self.tls(person)).expect("the server takes connections")
    }

    /// The TLS of a person, for many connections.
    pub fn tls(&self, person: &str) -> Arc<ClientConfig> {
        let certificate = certificate(&self.folder, person);
        let key = certificate.with_extension("key");
        let files = ClientFiles {
            authorities: self.folder.join("certs/ca.pem"),
            identity: Some(IdentityFiles { certificate, key }),
        };
        Arc::new(ClientTls::load(&files).expect("certificates of init").config().expect("a TLS configuration"))
    }

    /// Registers a document.
    pub fn register(&self, document: &str) {
        let body = json!({"document": document, "title": document, "type": "certificate_policy", "set": "smki", "body": "pma"});
        self.connect("secas").post("/documents", &body);
    }

    /// Lodges a version of `length` bytes, has it determined GREEN, and records a need of the reader's; gives its id.
    pub fn lodge_for_reading(&self, document: &str, length: u64) -> String {
        self.register(document);
        let path = format!("/documents/{document}/versions/1.0");
        self.connect("secas").lodge(&format!("{path}?classification=GREEN"), &piece(), length).expect("it is lodged");
        let determination = json!({"classification": "GREEN", "reason": "For parties and stakeholders."});
        self.connect("chair").post(&format!("{path}/classification"), &determination);
        let need =
            json!({"document": document, "purpose": "compliance", "statement": "checking our installation against it"});
        let recorded = self.connect(READER).post("/needs", &need);
        recorded.get("id").and_then(Value::as_str).expect("a need has an id").to_owned()
    }

    /// Processor time that it used so far.
    pub fn processor_time(&self) -> Duration {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process.id())).unwrap_or_default();
        // After the name in parentheses come the state and ten more fields, then user and system time in 1/100 s.
        let after_name = stat.rsplit(')').next().unwrap_or_default();
        let ticks: u64 =
            after_name.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
        Duration::from_millis(ticks * 10)
    }

    /// The most memory that it has held at once, in MiB.
    pub fn peak_mib(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib: f64 = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(f64::NAN);
        kib / 1024.0
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if let Some(pid) = i32::try_from(self.process.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process(pid, Signal::TERM);
        }
        let _ = self.process.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.process.try_wait(), Ok(None)) {
            self.end();
        }
    }
}

/// 64 KiB of which no two KiB are the same.
pub fn piece() -> Vec<u8> {
    (0..1u64 << 13).flat_map(|word| word.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes()).collect()
}

/// Who reads: a user of a party, without a seat.
pub const READER: &str = "party-small-supplier";

const PROGRAM: &str = env!("CARGO_BIN_EXE_strongroom");

fn certificate(folder: &Path, person: &str) -> PathBuf {
    folder.join("certs/clients").join(format!("{person}.pem"))
}

fn is_ready(operations: SocketAddr) -> bool {
    let ask = || {
        let mut socket = TcpStream::connect(operations)?;
        let request = format!("GET /readyz HTTP/1.1\r\nHost: {operations}\r\nConnection: close\r\n\r\n");
        std::io::Write::write_all(&mut socket, request.as_bytes())?;
        let mut answer = String::new();
        socket.read_to_string(&mut answer)?;
        std::io::Result::Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}
