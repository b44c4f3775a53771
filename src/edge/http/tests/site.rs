//! A server in this process: a data directory with a small register, certificates, and handlers for tests.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use tempfile::TempDir;

use super::client::Client;
use crate::edge::http::limits::HttpLimits;
use crate::edge::http::listeners;
use crate::edge::http::peer::Peer;
use crate::edge::http::problem::ApiProblem;
use crate::edge::http::server::{Addresses, ServeError, Server, ServerHandle, Settings};
use crate::edge::http::state::State;
use crate::edge::http::transfer::{ContentResponse, Reader, limited_upload};
use crate::edge::pki::{
    ClientFiles, ClientTls, ClientTrustFiles, DevelopmentCa, IdentityFiles, Issued, MutualTls, PublicTls, Revocation,
    Revoked, UnknownStatus, Validity,
};
use crate::pure::domain::classification::Classification;
use crate::pure::domain::command::{Command, NeedClaim, Selector};
use crate::pure::domain::id::{CredentialId, Handle, Label};
use crate::pure::domain::need::NeedReason;
use crate::pure::tlog::verifier_key::VerifierKey;
use crate::service::Repository;
use crate::service::lodging::NewVersion;
use crate::service::registrar::Answered;
use crate::service::startup::Running;
use crate::service::tests::fixture;

/// A server that runs on a thread of its own until it is stopped.
pub(super) struct Site {
    pub(super) folder: TempDir,
    pub(super) addresses: Addresses,
    pub(super) handle: ServerHandle,
    pub(super) repository: Arc<Repository>,
    pub(super) log_keys: Vec<VerifierKey>,
    ca: DevelopmentCa,
    people: HashMap<&'static str, Issued>,
    thread: Option<JoinHandle<Result<(), ServeError>>>,
}

impl Site {
    /// A server with default limits.
    pub(super) fn start() -> Self {
        Self::start_with(HttpLimits::default())
    }

    pub(super) fn start_with(limits: HttpLimits) -> Self {
        let Prepared { folder, ca, people, tls, public, running } = Prepared::new();
        let (repository, log_keys) = (running.repository.clone(), running.verifier_keys.clone());
        let server = Server::bind_serving(serves, settings(limits), tls, Some(public), running).unwrap();
        let (addresses, handle) = (server.addresses(), server.handle());
        let thread = Some(std::thread::spawn(|| server.run()));
        Self { folder, addresses, handle, repository, log_keys, ca, people, thread }
    }

    /// A connection of that person to the main listener.
    pub(super) fn client(&self, person: &str) -> Client {
        let tls = self.client_tls(Some(person));
        Client::over_tls(self.addresses.mutual_tls, tls).unwrap()
    }

    /// A connection to the public listener.
    pub(super) fn visitor(&self) -> Client {
        Client::over_tls(self.addresses.public.unwrap(), self.client_tls(None)).unwrap()
    }

    /// A connection to the operations listener.
    pub(super) fn operator(&self) -> Client {
        Client::plain(self.addresses.operations)
    }

    pub(super) fn client_tls(&self, person: Option<&str>) -> rustls::ClientConfig {
        let identity = person.map(|person| identity(self.folder.path(), person));
        let files = ClientFiles { authorities: self.folder.path().join("ca.pem"), identity };
        ClientTls::load(&files).unwrap().config().unwrap()
    }

    pub(super) fn credential(&self, person: &str) -> CredentialId {
        CredentialId(self.people[person].credential().0)
    }

    /// Revokes a person's certificate, and has the server read the list.
    pub(super) fn revoke(&self, person: &str) {
        write_list(self.folder.path(), &self.ca, 2, &[&self.people[person]]);
        self.handle.reload();
    }

    /// Lodges a version of the document `policy` as the Chair, and determines its level.
    pub(super) fn lodge(&self, label: &str, content_type: &str, bytes: Vec<u8>, level: Classification) {
        let chair = self.credential("chair");
        let (document, label) = (handle("policy"), Label::parse(label).unwrap());
        block_on(async {
            let registering = Command::RegisterDocument {
                document: document.clone(),
                title: "A policy".into(),
                document_kind: "policy".into(),
                set: handle("policies"),
                body: handle("pma"),
            };
            // The second version's document is there.
            let _ = self.repository.submit(chair, registering, None).await;
            let new = NewVersion {
                document: document.clone(),
                label: label.clone(),
                content_type: content_type.into(),
                digest: None,
                classification: None,
                incorporated: None,
                effective: None,
                note: None,
                direction: None,
                signature: None,
                tlp: None,
            };
            let mut open = self.repository.begin_lodgement(chair, new, 1 << 30).await.unwrap();
            open.write(Bytes::from(bytes)).await.unwrap();
            open.finish().await.unwrap();
            let reason = "as discussed".into();
            let determining =
                Command::DetermineClassification { document, label, classification: level, reason, tlp: None };
            self.repository.submit(chair, determining, None).await.unwrap();
        });
    }

    /// Marks a version of `policy` as published.
    pub(super) fn publish(&self, label: &str) {
        let command = Command::PublishVersion {
            document: handle("policy"),
            label: Label::parse(label).unwrap(),
            reason: "for everyone".into(),
        };
        block_on(self.repository.submit(self.credential("chair"), command, None)).unwrap();
    }

    /// Waits until the thread of the server has ended by itself.
    pub(super) fn ended(mut self) -> Result<(), ServeError> {
        self.thread.take().unwrap().join().unwrap()
    }
}

/// Everything that a server is bound with.
pub(super) struct Prepared {
    pub(super) folder: TempDir,
    pub(super) tls: Arc<MutualTls>,
    pub(super) public: Arc<PublicTls>,
    pub(super) running: Running,
    ca: DevelopmentCa,
    people: HashMap<&'static str, Issued>,
}

impl Prepared {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ca = DevelopmentCa::create(validity()).unwrap();
        std::fs::write(folder.path().join("ca.pem"), ca.certificate_pem()).unwrap();
        let server = keep(folder.path(), "server", &ca.issue_server(&[], validity()).unwrap());
        let mut people = HashMap::new();
        for person in ["chair", "supplier", "outsider"] {
            let issued = ca.issue_client(person, validity()).unwrap();
            keep(folder.path(), person, &issued);
            people.insert(person, issued);
        }
        write_list(folder.path(), &ca, 1, &[]);
        let lists = vec![folder.path().join("ca.crl")];
        let trust = ClientTrustFiles {
            authorities: folder.path().join("ca.pem"),
            revocation: Revocation::Lists { files: lists, unknown: UnknownStatus::Refuse },
        };
        let tls = Arc::new(MutualTls::load(server.clone(), trust, crate::service::clock::Clock::system()).unwrap());
        let public = Arc::new(PublicTls::load(server).unwrap());
        let running = established(folder.path(), &people);
        Self { folder, tls, public, running, ca, people }
    }
}

impl Drop for Site {
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

pub(super) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

pub(super) fn handle(text: &str) -> Handle {
    Handle::parse(text).unwrap()
}

/// What the main listener serves in tests: everything, and handlers as those of the API are.
fn serves(config: &mut web::ServiceConfig) {
    listeners::everything(config);
    config
        .service(web::resource("/test/peer").route(web::get().to(peer)))
        .service(web::resource("/test/upload").route(web::put().to(upload)))
        .service(web::resource("/test/json").route(web::post().to(json)))
        .service(web::resource("/test/content/{label}").route(web::get().to(content)).route(web::head().to(content)));
}

async fn peer(peer: Peer, state: web::Data<State>) -> Result<String, ApiProblem> {
    Ok(state.repository.standing(peer.credential)?.person.handle.as_str().to_owned())
}

async fn upload(
    _: Peer,
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<State>,
) -> Result<String, ApiProblem> {
    let mut upload = limited_upload(payload, &state);
    while upload.next().await?.is_some() {}
    Peer::again(&request)?;
    Ok(upload.received().to_string())
}

async fn json(body: web::Json<Vec<u32>>) -> String {
    body.len().to_string()
}

async fn content(
    peer: Peer,
    label: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let reason = NeedReason {
        purpose: "operate".into(),
        statement: "to run the meters by it".into(),
        reference: Some("meeting 1".into()),
    };
    let command = Command::ReadContent {
        document: handle("policy"),
        version: Selector::Label(Label::parse(&label).map_err(|_| ApiProblem::no_such_url())?),
        need: Some(NeedClaim::Inline(reason)),
        method: request.method().to_string(),
        range: None,
    };
    let Answered::Content(permit) = state.repository.submit(peer.credential, command, None).await? else {
        return Err(ApiProblem::no_such_url());
    };
    let release = state.repository.release(permit).await?;
    ContentResponse::of(release.version(), Reader::Peer(peer))
        .entered(release.entry())
        .answer(&request, &state, state.repository.disclose(&release))
        .await
}

pub(super) fn settings(limits: HttpLimits) -> Settings {
    let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
    Settings {
        mutual_tls: any_port,
        public: Some(any_port),
        operations: any_port,
        names: vec!["pma.example.org".into()],
        limits,
        workers: Some(2),
        max_connections: 64,
        heartbeat: None,
        shutdown: Duration::from_secs(10),
    }
}

fn established(folder: &Path, people: &HashMap<&'static str, Issued>) -> Running {
    let running = open(folder);
    let events = fixture::first_events(|person| match people.get(person) {
        Some(issued) => CredentialId(issued.credential().0),
        None => fixture::credential(person),
    });
    running.establish(events).unwrap();
    running
}

/// Opens the data directory in `folder`.
pub(super) fn open(folder: &Path) -> Running {
    fixture::open(folder, Duration::from_millis(50))
}

fn keep(folder: &Path, name: &str, issued: &Issued) -> IdentityFiles {
    let files = identity(folder, name);
    std::fs::write(&files.certificate, issued.certificate_pem()).unwrap();
    std::fs::write(&files.key, issued.key_pem().as_bytes()).unwrap();
    files
}

fn identity(folder: &Path, name: &str) -> IdentityFiles {
    let path = |ending: &str| -> PathBuf { folder.join(format!("{name}.{ending}")) };
    IdentityFiles { certificate: path("pem"), key: path("key") }
}

fn write_list(folder: &Path, ca: &DevelopmentCa, number: u64, revoked: &[&Issued]) {
    let at = validity().not_before;
    let revoked: Vec<_> = revoked.iter().map(|issued| Revoked { serial: issued.serial().clone(), at }).collect();
    std::fs::write(folder.join("ca.crl"), ca.revocation_list(number, validity(), &revoked).unwrap()).unwrap();
}

fn validity() -> Validity {
    Validity { not_before: "2020-01-01T00:00:00Z".parse().unwrap(), not_after: "2100-01-01T00:00:00Z".parse().unwrap() }
}
