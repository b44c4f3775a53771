//! The front desk on real files: what one data directory goes through, from its first entry to a damaged view.

mod checking;
mod clock;
mod durability;
pub(crate) mod fixture;
mod story;
mod sweeping;

use std::sync::Arc;
use std::time::Duration;

use super::clock::Clock;
use super::lodging::{LodgeError, Lodged, NewVersion};
use super::registrar::{Answered, NotDone, ReadPermit};
use super::startup::{Running, Settings, StartError};
use crate::pure::domain::command::{Command, NeedClaim, Selector};
use crate::pure::domain::id::{Handle, Label};
use crate::pure::domain::need::NeedReason;
use fixture::credential;

/// A data directory with its keys, and the people of a small register.
pub(super) struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    /// A directory with an established register.
    pub(super) async fn established() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        fixture::make_keys(desk.folder.path());
        let running = desk.open_async().await;
        let events = fixture::first_events(fixture::credential);
        let establishing = move || {
            running.establish(events).unwrap();
            running.stop();
        };
        tokio::task::spawn_blocking(establishing).await.unwrap();
        desk
    }

    pub(super) fn settings(&self) -> Settings {
        fixture::settings(self.folder.path(), Duration::from_millis(50))
    }

    pub(super) fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// Opens it on a thread that may block, as a start does.
    pub(super) async fn open_async(&self) -> Running {
        self.open_async_with(Clock::system()).await
    }

    pub(super) async fn open_async_with(&self, clock: Clock) -> Running {
        self.start_apart(clock).await.unwrap()
    }

    /// Why it cannot be opened.
    pub(super) async fn refused(&self) -> StartError {
        self.start_apart(Clock::system()).await.err().expect("the start was to be refused")
    }

    async fn start_apart(&self, clock: Clock) -> Result<Running, StartError> {
        let settings = self.settings();
        tokio::task::spawn_blocking(move || Running::start(&settings, Arc::new(clock))).await.unwrap()
    }
}

impl Running {
    pub(super) async fn stop_async(self) {
        tokio::task::spawn_blocking(move || self.stop()).await.unwrap();
    }
}

pub(crate) fn handle(text: &str) -> Handle {
    Handle::parse(text).unwrap()
}

pub(crate) fn label(text: &str) -> Label {
    Label::parse(text).unwrap()
}

pub(crate) async fn register_document(running: &Running, document: &str) -> Result<Answered, NotDone> {
    let command = Command::RegisterDocument {
        document: handle(document),
        title: "A policy".into(),
        document_kind: "policy".into(),
        set: handle("policies"),
        body: handle("pma"),
    };
    running.repository.submit(credential("chair"), command, None).await
}

pub(crate) async fn lodge(
    running: &Running,
    document: &str,
    version: &str,
    bytes: &[u8],
) -> Result<Lodged, LodgeError> {
    let new = NewVersion {
        document: handle(document),
        label: label(version),
        content_type: "text/plain".into(),
        digest: None,
        classification: None,
        incorporated: None,
        effective: None,
        note: None,
        direction: None,
        signature: None,
        tlp: None,
    };
    let mut open = running.repository.begin_lodgement(credential("chair"), new, 1 << 20).await?;
    open.write(bytes::Bytes::copy_from_slice(bytes)).await?;
    open.finish().await
}

pub(crate) async fn determine(
    running: &Running,
    document: &str,
    version: &str,
    level: &str,
) -> Result<Answered, NotDone> {
    let command = Command::DetermineClassification {
        document: handle(document),
        label: label(version),
        classification: crate::pure::domain::classification::Classification::parse(level).unwrap(),
        reason: "as discussed".into(),
        tlp: None,
    };
    running.repository.submit(credential("chair"), command, None).await
}

pub(crate) async fn read(running: &Running, person: &str, document: &str) -> Result<ReadPermit, NotDone> {
    let reason = NeedReason {
        purpose: "operate".into(),
        statement: "to run the meters by it".into(),
        reference: Some("meeting 1".into()),
    };
    let command = Command::ReadContent {
        document: handle(document),
        version: Selector::Latest,
        need: Some(NeedClaim::Inline(reason)),
        method: "GET".into(),
        range: None,
    };
    match running.repository.submit(credential(person), command, None).await? {
        Answered::Content(permit) => Ok(permit),
        other => panic!("a read was answered with {other:?}"),
    }
}

pub(super) async fn bytes_of(running: &Running, permit: ReadPermit) -> Vec<u8> {
    use futures_util::TryStreamExt;
    let release = running.repository.release(permit).await.unwrap();
    let disclosure = running.repository.disclose(&release).await.unwrap();
    let portions: Vec<_> = disclosure.bytes(0..disclosure.size()).try_collect().await.unwrap();
    portions.concat()
}
