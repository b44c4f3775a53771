//! A server in this process over a small register, and the people of it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::wire::{Reply, Wire};
use crate::edge::client;
use crate::edge::http::limits::HttpLimits;
use crate::edge::http::server::{ServeError, Server, ServerHandle, Settings};
use crate::edge::pki::{
    ClientFiles, ClientTls, ClientTrustFiles, DevelopmentCa, IdentityFiles, Issued, MutualTls, Revocation,
    UnknownStatus, Validity,
};
use crate::pure::audit::trust::Trust;
use crate::pure::domain::event::{Event, Suspended};
use crate::pure::domain::id::{CredentialId, Handle, SuspensionId};
use crate::pure::domain::suspension::SuspensionScope;
use crate::pure::tlog::policy::Policy;
use crate::service::publishing::witnessing::Witnessing;
use crate::service::startup::Running;
use crate::service::tests::fixture;

/// A server that runs on a thread of its own until it is dropped.
pub(super) struct Desk {
    folder: TempDir,
    address: SocketAddr,
    /// The operator's listener.
    pub(super) operations: SocketAddr,
    handle: ServerHandle,
    /// Connections that are open, by person: a handshake takes longer than many requests.
    wires: RefCell<HashMap<String, Wire>>,
    thread: Option<JoinHandle<Result<(), ServeError>>>,
    /// The log's verifier key.
    pub(super) log: Trust,
    ca: DevelopmentCa,
}

impl Desk {
    pub(super) fn open() -> Self {
        Self::open_with(HttpLimits::default())
    }

    pub(super) fn open_with(limits: HttpLimits) -> Self {
        Self::open_under(limits, Witnessing::default())
    }

    pub(super) fn open_under(limits: HttpLimits, witnessing: Witnessing) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ca = DevelopmentCa::create(validity()).unwrap();
        std::fs::write(folder.path().join("ca.pem"), ca.certificate_pem()).unwrap();
        let server = keep(folder.path(), "server", &ca.issue_server(&[], validity()).unwrap());
        let running = running(folder.path(), &ca, witnessing);
        let log = Trust::new(running.verifier_keys.clone(), Policy::default());
        // The list goes stale before any certificate expires.
        let stale = Validity { not_after: "2090-01-01T00:00:00Z".parse().unwrap(), ..validity() };
        let list = folder.path().join("ca.crl");
        std::fs::write(&list, ca.revocation_list(1, stale, &[]).unwrap()).unwrap();
        let revocation = Revocation::Lists { files: vec![list], unknown: UnknownStatus::Refuse };
        let trust = ClientTrustFiles { authorities: folder.path().join("ca.pem"), revocation };
        let tls = Arc::new(MutualTls::load(server, trust, crate::service::clock::Clock::system()).unwrap());
        let server = Server::bind(settings(limits), tls, None, running).unwrap();
        let (address, handle) = (server.addresses().mutual_tls, server.handle());
        let operations = server.addresses().operations;
        let thread = Some(std::thread::spawn(|| server.run()));
        Self { folder, address, operations, handle, wires: RefCell::default(), thread, log, ca }
    }

    /// A new connection of that person.
    pub(super) fn wire(&self, person: &str) -> Wire {
        let identity = Some(identity(self.folder.path(), person));
        let files = ClientFiles { authorities: self.folder.path().join("ca.pem"), identity };
        Wire::connect(self.address, ClientTls::load(&files).unwrap().config().unwrap())
    }

    /// The command line's client with that person's certificate.
    pub(super) fn client(&self, person: &str) -> client::Client {
        let IdentityFiles { certificate, key } = identity(self.folder.path(), person);
        let server = format!("https://localhost:{}", self.address.port());
        let ca = self.folder.path().join("ca.pem");
        client::Client::new(client::Settings { server, ca, certificate, key }).unwrap()
    }

    pub(super) fn get(&self, person: &str, path: &str) -> Reply {
        self.send(person, "GET", path, &[], b"")
    }

    pub(super) fn post(&self, person: &str, path: &str, body: &Value) -> Reply {
        self.send(person, "POST", path, &[("Content-Type", "application/json")], body.to_string().as_bytes())
    }

    pub(super) fn put(&self, person: &str, path: &str, headers: &[(&str, &str)], bytes: &[u8]) -> Reply {
        self.send(person, "PUT", path, headers, bytes)
    }

    pub(super) fn send(&self, person: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let mut wires = self.wires.borrow_mut();
        let mut wire = wires.remove(person).unwrap_or_else(|| self.wire(person));
        let reply = wire.send(method, path, headers, body);
        if reply.header("connection") != Some("close") {
            wires.insert(person.to_owned(), wire);
        }
        reply
    }

    /// The Secretariat registers a document.
    pub(super) fn registered(&self, document: &str) {
        let new =
            json!({"document": document, "title": "A policy", "type": "policy", "set": "policies", "body": "pma"});
        self.post("clerk", "/v1/documents", &new).done(201);
    }

    /// The Secretariat lodges a version, and the Chair determines its classification.
    pub(super) fn lodged(&self, document: &str, label: &str, bytes: &[u8], classification: &str) {
        let path = format!("/v1/documents/{document}/versions/{label}");
        self.put("clerk", &path, &[("Content-Type", "text/plain")], bytes).done(201);
        let determined = json!({"classification": classification, "reason": "as agreed"});
        self.post("chair", &format!("{path}/classification"), &determined).done(200);
    }

    /// A certificate of the client CA for a key of its own, in PEM; connections go by that name from then on.
    pub(super) fn issued(&self, name: &str) -> String {
        let issued = self.ca.issue_client(name, validity()).unwrap();
        keep(self.folder.path(), name, &issued);
        issued.certificate_pem().to_owned()
    }

    /// A file in the desk's folder.
    pub(super) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some(thread) = self.thread.take() {
            self.handle.stop();
            self.handle.stop();
            let ended = thread.join();
            if !std::thread::panicking() {
                ended.unwrap().unwrap();
            }
        }
    }
}

fn settings(limits: HttpLimits) -> Settings {
    let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
    Settings {
        mutual_tls: any_port,
        public: None,
        operations: any_port,
        names: Vec::new(),
        limits,
        workers: Some(1),
        max_connections: 64,
        heartbeat: None,
        shutdown: Duration::from_secs(5),
    }
}

fn running(folder: &Path, ca: &DevelopmentCa, witnessing: Witnessing) -> Running {
    let running = fixture::open_with(folder, Duration::from_millis(20), witnessing);
    keep(folder, "outsider", &ca.issue_client("outsider", validity()).unwrap());
    let mut events = fixture::first_events(|person| {
        let issued = ca.issue_client(person, validity()).unwrap();
        keep(folder, person, &issued);
        CredentialId(issued.credential().0)
    });
    // Before the register is established, which ends what is entered without a person.
    let suspension = Event::SuspensionImposed {
        suspension: SuspensionId(events.len() as u64 - 1),
        whom: Suspended::Person(Handle::parse("suspended").unwrap()),
        scope: SuspensionScope::All,
        grounds: "an incident".into(),
    };
    events.insert(events.len() - 1, suspension);
    running.establish(events).unwrap();
    running
}

fn keep(folder: &Path, name: &str, issued: &Issued) -> IdentityFiles {
    let files = identity(folder, name);
    std::fs::write(&files.certificate, issued.certificate_pem()).unwrap();
    std::fs::write(&files.key, issued.key_pem().as_bytes()).unwrap();
    files
}

fn identity(folder: &Path, name: &str) -> IdentityFiles {
    IdentityFiles { certificate: folder.join(format!("{name}.pem")), key: folder.join(format!("{name}.key")) }
}

fn validity() -> Validity {
    Validity { not_before: "2020-01-01T00:00:00Z".parse().unwrap(), not_after: "2100-01-01T00:00:00Z".parse().unwrap() }
}
