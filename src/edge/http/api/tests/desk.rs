//! A server in this process over a small register, and the people of it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
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
use crate::pure::domain::event::{Event, Suspended};
use crate::pure::domain::id::{CredentialId, Handle, SuspensionId};
use crate::pure::domain::suspension::SuspensionScope;
use crate::pure::tlog::leaf::Origin;
use crate::service::bootstrap::first_events;
use crate::service::clock::Clock;
use crate::service::startup::{self, Running};
use crate::storage::journal::TornTail;
use crate::storage::seal::keys::provider::{KeyProvider, create_key_file};

/// A server that runs on a thread of its own until it is dropped.
pub(super) struct Desk {
    folder: TempDir,
    address: SocketAddr,
    handle: ServerHandle,
    /// Connections that are open, by person: a handshake takes longer than many requests.
    wires: RefCell<HashMap<String, Wire>>,
    thread: Option<JoinHandle<Result<(), ServeError>>>,
    /// The log's verifier key.
    pub(super) log_key: String,
}

impl Desk {
    pub(super) fn open() -> Self {
        Self::open_with(HttpLimits::default())
    }

    pub(super) fn open_with(limits: HttpLimits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ca = DevelopmentCa::create(validity()).unwrap();
        std::fs::write(folder.path().join("ca.pem"), ca.certificate_pem()).unwrap();
        let server = keep(folder.path(), "server", &ca.issue_server(&[], validity()).unwrap());
        let running = running(folder.path(), &ca);
        let log_key = running.verifier_key.to_string();
        // The list goes stale before any certificate expires.
        let stale = Validity { not_after: "2090-01-01T00:00:00Z".parse().unwrap(), ..validity() };
        let list = folder.path().join("ca.crl");
        std::fs::write(&list, ca.revocation_list(1, stale, &[]).unwrap()).unwrap();
        let revocation = Revocation::Lists { files: vec![list], unknown: UnknownStatus::Refuse };
        let trust = ClientTrustFiles { authorities: folder.path().join("ca.pem"), revocation };
        let tls = Arc::new(MutualTls::load(server, trust).unwrap());
        let server = Server::bind(settings(limits), tls, None, running).unwrap();
        let (address, handle) = (server.addresses().mutual_tls, server.handle());
        let thread = Some(std::thread::spawn(|| server.run()));
        Self { folder, address, handle, wires: RefCell::default(), thread, log_key }
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

fn running(folder: &Path, ca: &DevelopmentCa) -> Running {
    for key in ["root.key", "log.key"] {
        create_key_file(&folder.join(key)).unwrap();
    }
    let settings = startup::Settings {
        origin: Origin::parse("test.example/log").unwrap(),
        data: folder.join("data"),
        root_key: KeyProvider::File(folder.join("root.key")),
        log_key: KeyProvider::File(folder.join("log.key")),
        tick: Duration::from_millis(20),
        queue_length: NonZeroUsize::new(64).unwrap(),
        refusals_per_minute: NonZeroU32::new(1000).unwrap(),
        torn_tail: TornTail::Ask,
    };
    let running = Running::start(&settings, Arc::new(Clock::system())).unwrap();
    keep(folder, "outsider", &ca.issue_client("outsider", validity()).unwrap());
    let (profile, register) = (toml::from_str(PROFILE).unwrap(), toml::from_str(REGISTER).unwrap());
    let events = first_events(&profile, &register, |entry| {
        let issued = ca.issue_client(entry.person.as_str(), validity()).unwrap();
        keep(folder, entry.person.as_str(), &issued);
        Ok(CredentialId(issued.credential().0))
    });
    let mut events = events.unwrap();
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

const PROFILE: &str = r#"
[profile]
name = "small"
time_zone = "Europe/London"
direction_addressee = "dcc"
party_categories = ["small_supplier"]
document_types = ["policy"]
document_sets = [{ set = "policies", name = "Policies", retention = "for ever" }]
purposes = [{ code = "operate", covers = "operation" }]
bank_holidays = []
[profile.needs]
WHITE = { hours = 24 }
GREEN = { hours = 24 }
AMBER = { hours = 24, reference = true }
RED = { hours = 1, reference = true, reference_begins_with = ["meeting"] }
[[bodies]]
body = "pma"
name = "The authority"
secretariat = "secas"
agreement = "I shall keep it to myself."
seats = [
    { handle = "chair", role = "chair", constituency = "chair" },
    { handle = "member", role = "voting", constituency = "members" },
]
"#;

const REGISTER: &str = r#"
organisations = [
    { organisation = "dcc", name = "The DCC", kind = "dcc" },
    { organisation = "secas", name = "The Secretariat", kind = "code_administrator" },
    { organisation = "members", name = "Members", kind = "stakeholder" },
    { organisation = "supplies", name = "Supplies", kind = "party", category = "small_supplier" },
    { organisation = "assay", name = "Assay", kind = "assurance" },
]
[[people]]
person = "chair"
name = "The Chair"
organisation = "members"
certificate = "chair.pem"
agreements = ["pma"]
seats = [{ body = "pma", seat = "chair", from = "2020-01-01T00:00:00Z", until = "2099-01-01T00:00:00Z", confirmed = true }]
[[people]]
person = "member"
name = "A member"
organisation = "members"
certificate = "member.pem"
agreements = ["pma"]
seats = [{ body = "pma", seat = "member", from = "2020-01-01T00:00:00Z", until = "2099-01-01T00:00:00Z", confirmed = true }]
[[people]]
person = "unsigned"
name = "A member who has not signed"
organisation = "members"
certificate = "unsigned.pem"
seats = [{ body = "pma", seat = "member", from = "2020-01-01T00:00:00Z", until = "2099-01-01T00:00:00Z", confirmed = true }]
[[people]]
person = "clerk"
name = "The clerk"
organisation = "secas"
certificate = "clerk.pem"
[[people]]
person = "operator"
name = "The operator"
organisation = "dcc"
certificate = "operator.pem"
[[people]]
person = "supplier"
name = "A supplier"
organisation = "supplies"
certificate = "supplier.pem"
[[people]]
person = "suspended"
name = "A supplier who is suspended"
organisation = "supplies"
certificate = "suspended.pem"
[[people]]
person = "auditor"
name = "The auditor"
organisation = "assay"
certificate = "auditor.pem"
auditor = true
"#;
