//! What people and the server do in one life of the process, and how each answer is judged.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use jiff::SignedDuration;

use strongroom::pure::audit::evidence::verify_entry;
use strongroom::pure::audit::trust::Trust;
use strongroom::pure::domain::classification::Classification;
use strongroom::pure::domain::command::{AskedSubject, Command, NeedClaim, Selector};
use strongroom::pure::domain::decision::{DecisionKind, Vote};
use strongroom::pure::domain::event::Suspended;
use strongroom::pure::domain::id::{DecisionId, Digest, Handle, Label};
use strongroom::pure::domain::need::NeedReason;
use strongroom::pure::domain::suspension::SuspensionScope;
use strongroom::pure::record::Outcome;
use strongroom::pure::tlog::checkpoint::Checkpoint;
use strongroom::pure::tlog::hash::sha256;
use strongroom::pure::tlog::note::Note;
use strongroom::pure::tlog::policy::Policy;
use strongroom::service::lodging::{LodgeError, NewVersion};
use strongroom::service::registrar::{Answered, NotDone};
use strongroom::service::startup::ByHand;
use strongroom::storage::disk::Disk;

use crate::expected::{Disclosed, Expected, Lodged};
use crate::invariants::a_registrar_that_stands_still_enters_nothing;
use crate::place::{Place, RECORD, credential};
use crate::random::Random;
use crate::seen::Seen;

/// One life of the process.
pub struct Life<'a> {
    pub running: ByHand,
    pub random: &'a mut Random,
    pub place: &'a mut Place,
    pub expected: &'a mut Expected,
    pub runtime: &'a tokio::runtime::Runtime,
    pub seen: &'a mut Seen,
}

impl Life<'_> {
    pub fn live(&mut self) {
        for _ in 0..4 + self.random.below(22) {
            let longer = if self.random.one_in(12) { 90_000 } else { 0 };
            self.place.wait(Duration::from_secs(1 + self.random.below(60) + longer));
            match self.random.below(20) {
                0 => self.register(),
                1..=5 => self.lodge(),
                6 | 7 => self.determine(),
                8..=10 => self.read(),
                11 => self.one_act(),
                12 => self.several_acts_at_once(),
                13..=15 => self.publish(),
                16 => self.sweep(),
                17 => self.scrub(),
                18 => self.abandon_an_upload(),
                _ if self.random.one_in(2) => {
                    // On the real file system: nothing of it touches the disk.
                    self.running.view().flush().unwrap();
                    self.place.keep_view();
                }
                _ => self.beat(),
            }
            if self.place.disk.is_off() {
                return;
            }
            if self.running.repository.standstill().is_some() {
                self.seen.count("standstills");
                a_registrar_that_stands_still_enters_nothing(&mut self.running, &self.place.disk);
                return;
            }
        }
    }

    fn register(&mut self) {
        let command = Command::RegisterDocument {
            document: self.document(),
            title: "A policy".into(),
            document_kind: "policy".into(),
            set: handle("policies"),
            body: handle("pma"),
        };
        self.submit("chair", command);
    }

    fn lodge(&mut self) {
        let (document, label) = (self.document(), self.label());
        let key = (document.clone(), label.clone());
        // A second lodgement under the label brings the same bytes or others.
        let content = match self.expected.last.get(&key) {
            Some(digest) if self.random.one_in(2) => self.expected.contents[digest].clone(),
            _ => self.content(),
        };
        self.expected.last.insert(key, sha256(&content));
        self.expected.contents.insert(sha256(&content), content.clone());
        let is_large = content.len() > LARGE;
        let before = self.place.disk.faults();
        let repository = self.running.repository.clone();
        let new = new_version(document.clone(), label.clone());
        let sent = content.clone();
        let mut offered = false;
        let lodged = self.drive(async {
            let mut open = repository.begin_lodgement(credential("chair"), new, 1 << 30).await?;
            offered = true;
            for piece in sent.chunks(700_000) {
                open.write(Bytes::copy_from_slice(piece)).await?;
            }
            open.finish().await
        });
        let failed = self.place.disk.faults() > before;
        match lodged {
            Ok(lodged) => {
                let size = content.len() as u64;
                let digest = sha256(&content);
                assert_eq!(lodged.version.content.digest, Digest(digest));
                if let Some(entry) = lodged.entry {
                    self.seen.count_of("large lodgements", is_large.into());
                    self.acknowledge(entry, "lodge_version", Outcome::Done);
                }
                self.expected.lodged.push(Lodged { document, label, digest, size });
            }
            Err(LodgeError::NotDone(not_done)) => {
                let kind = if offered { "lodge_version" } else { "offer_version" };
                self.judge(kind, Err(not_done), failed);
            }
            Err(error) => {
                assert!(failed, "the disk is sound, and a lodgement came to: {error}");
                self.seen.count("failed lodgements");
            }
        }
    }

    fn determine(&mut self) {
        let levels = [Classification::Red, Classification::Green, Classification::White, Classification::White];
        let (document, label) = self.version();
        let command = Command::DetermineClassification {
            document,
            label,
            classification: self.random.pick(&levels),
            reason: "as discussed".into(),
            tlp: None,
        };
        self.submit("chair", command);
    }

    fn read(&mut self) {
        let person = self.random.pick(&["chair", "chair", "member", "supplier", "operator"]);
        let (document, label) = self.version();
        let command = Command::ReadContent {
            document: document.clone(),
            version: Selector::Label(label),
            need: Some(NeedClaim::Inline(need())),
            method: "GET".into(),
            range: None,
        };
        let Some(Answered::Content(permit)) = self.submit(person, command) else { return };
        let (repository, before) = (self.running.repository.clone(), self.place.disk.faults());
        let entry = permit.entry();
        // Whoever reads may go before the end.
        let pieces = if self.random.one_in(4) { 1 } else { usize::MAX };
        let digest = permit.version().content.digest.0;
        let (received, error) = self.drive(async move {
            let release = repository.release(permit).await.expect("reads wait for no witness");
            let disclosure = match repository.disclose(&release).await {
                Ok(disclosure) => disclosure,
                Err(error) => return (Vec::new(), Some(error.to_string())),
            };
            let mut stream = pin!(disclosure.bytes(0..disclosure.size()).take(pieces));
            let (mut received, mut error) = (Vec::new(), None);
            while let Some(piece) = stream.next().await {
                match piece {
                    Ok(piece) => received.extend_from_slice(&piece),
                    Err(failed) => error = Some(failed.to_string()),
                }
            }
            (received, error)
        });
        if !received.is_empty() {
            self.seen.count("bytes disclosed");
            self.expected.disclosed.push(Disclosed { entry, document: document.clone(), person });
        }
        let content = &self.expected.contents[&digest];
        assert!(content.starts_with(&received), "other bytes than the lodger's");
        match error {
            Some(error) => {
                assert!(self.place.disk.faults() > before, "the disk is sound, and a disclosure came to: {error}");
                self.seen.count("failed disclosures");
            }
            None => assert!(pieces == 1 || received.len() == content.len(), "a part, and no error"),
        }
    }

    fn one_act(&mut self) {
        let (person, command) = self.act();
        self.submit(person, command);
    }

    fn several_acts_at_once(&mut self) {
        let acts: Vec<_> = (0..2 + self.random.below(4)).map(|_| self.act()).collect();
        let before = self.place.disk.faults();
        let repository = self.running.repository.clone();
        let kinds: Vec<_> = acts.iter().map(|(_, command)| kind(command)).collect();
        let answers = self.drive(async move {
            let submitted =
                acts.into_iter().map(|(person, command)| repository.submit(credential(person), command, None));
            futures_util::future::join_all(submitted).await
        });
        let failed = self.place.disk.faults() > before;
        self.seen.count("batches");
        for (kind, answer) in kinds.into_iter().zip(answers) {
            self.judge(&kind, answer, failed);
        }
    }

    /// Something that takes an entry and nothing else.
    fn act(&mut self) -> (&'static str, Command) {
        let (document, label) = self.version();
        let reason = || "as discussed".to_owned();
        match self.random.below(8) {
            0 => ("chair", Command::PublishVersion { document, label, reason: reason() }),
            1 => ("chair", Command::WithdrawVersion { document, label, reason: reason() }),
            2 | 3 => {
                let person = self.random.pick(&["chair", "member", "supplier"]);
                (person, Command::RecordNeed { document, version: None, reason: need(), valid_until: None })
            }
            4 => {
                let organisation = handle("supplies");
                let person = handle(&format!("person-{}", self.random.below(1000)));
                ("clerk", Command::RegisterPerson { person, name: "A person".into(), organisation, system: false })
            }
            5 => (
                "clerk",
                Command::OpenDecision {
                    body: handle("pma"),
                    decision_kind: DecisionKind::Other,
                    subject: AskedSubject::Matter { matter: "whether".into() },
                    question: "Shall we?".into(),
                    meeting: None,
                },
            ),
            6 => {
                let decisions: Vec<_> = self.expected.entries.iter().collect();
                let opened = decisions
                    .iter()
                    .rev()
                    .find(|(_, (kind, outcome))| kind == "open_decision" && *outcome == Outcome::Done);
                let decision = DecisionId(opened.map_or(0, |(index, _)| **index));
                let person = self.random.pick(&["chair", "member"]);
                (person, Command::CastVote { decision, vote: Vote::For, seat: None })
            }
            _ => {
                let whom = Suspended::Person(handle("suspended"));
                let scope = SuspensionScope::ReadAll;
                ("chair", Command::ImposeSuspension { whom, scope, grounds: "an incident".into() })
            }
        }
    }

    fn beat(&mut self) {
        let (repository, before) = (self.running.repository.clone(), self.place.disk.faults());
        let answer = self.drive(async move { repository.beat().await });
        let failed = self.place.disk.faults() > before;
        self.judge("beat", answer, failed);
    }

    fn publish(&mut self) {
        let before = self.place.disk.faults();
        let published = self.running.publish();
        let failed = self.place.disk.faults() > before;
        self.remember_signed();
        match published {
            Ok(()) => {
                assert!(!failed, "a checkpoint was published although the disk failed");
                let latest = self.running.repository.publications().latest().expect("a published checkpoint");
                assert_eq!(latest.size, self.running.journal().next_index());
                self.seen.count("published checkpoints");
                self.expected.published = latest.size;
                let index = self.random.below(latest.size);
                match self.running.repository.evidence().under(&latest, index) {
                    Ok(proof) => {
                        let trust = Trust::new(self.running.verifier_keys.clone(), Policy::default());
                        assert_eq!(verify_entry(proof.as_bytes(), &trust).unwrap().index, index);
                        self.seen.count("evidence");
                    }
                    Err(error) => assert!(self.place.disk.faults() > before, "no evidence: {error}"),
                }
            }
            Err(error) => {
                assert!(failed, "the disk is sound, and no checkpoint was published: {error}");
                self.seen.count("failed checkpoints");
            }
        }
    }

    /// Every checkpoint that lies anywhere, durable or not: somebody may have seen it.
    fn remember_signed(&mut self) {
        if self.place.disk.is_off() {
            return;
        }
        self.place.disk.leave_in_peace(true);
        for file in [RECORD, "checkpoint"] {
            let Ok(bytes) = self.place.disk.read(file) else { continue };
            if !self.expected.notes.insert(bytes.clone()) {
                continue;
            }
            let note = Note::parse(&bytes).expect("a checkpoint is never torn");
            let (checkpoint, _) = Checkpoint::open(&note, &self.running.verifier_keys).expect("it is signed");
            if !self.expected.signed.contains(&checkpoint) {
                self.expected.signed.push(checkpoint);
            }
        }
        self.place.disk.leave_in_peace(false);
    }

    fn sweep(&mut self) {
        let (repository, before) = (self.running.repository.clone(), self.place.disk.faults());
        let age = SignedDuration::from_secs(self.random.pick(&[60, 3600, 86_400]));
        match self.drive(async move { repository.sweep(age).await }) {
            Ok(report) => {
                assert_eq!(report.foreign, 0);
                self.seen.count("sweeps");
                self.seen.count_of("orphans swept", report.blobs + report.keys);
                self.seen.count_of("unfinished swept", report.unfinished);
            }
            Err(error) => {
                assert!(self.place.disk.faults() > before, "the disk is sound, and a sweep came to: {error}");
                self.seen.count("failed sweeps");
            }
        }
    }

    fn scrub(&mut self) {
        let before = self.place.disk.faults();
        let scrubbed = self.running.scrub();
        assert_eq!(scrubbed.is_err(), self.place.disk.faults() > before, "{scrubbed:?}");
        self.seen.count(if scrubbed.is_ok() { "scrubs" } else { "failed scrubs" });
    }

    /// The lodger goes before the end.
    fn abandon_an_upload(&mut self) {
        let (new, content) = (new_version(self.document(), self.label()), self.content());
        let repository = self.running.repository.clone();
        let before = self.place.disk.faults();
        let answer = self.drive(async move {
            let mut open = repository.begin_lodgement(credential("chair"), new, 1 << 30).await?;
            for piece in content.chunks(700_000) {
                open.write(Bytes::copy_from_slice(piece)).await?;
            }
            Ok(())
        });
        let failed = self.place.disk.faults() > before;
        match answer {
            Ok(()) => self.seen.count("abandoned uploads"),
            Err(LodgeError::NotDone(not_done)) => drop(self.judge("offer_version", Err(not_done), failed)),
            Err(error) => assert!(failed, "the disk is sound, and an upload came to: {error}"),
        }
    }

    /// Has a command decided; what it came to, if it was done.
    fn submit(&mut self, person: &'static str, command: Command) -> Option<Answered> {
        let kind = kind(&command);
        let (repository, before) = (self.running.repository.clone(), self.place.disk.faults());
        let answer = self.drive(async move { repository.submit(credential(person), command, None).await });
        let failed = self.place.disk.faults() > before;
        self.judge(&kind, answer, failed)
    }

    /// What was answered is remembered, and what failed was reported.
    fn judge(&mut self, kind: &str, answer: Result<Answered, NotDone>, failed: bool) -> Option<Answered> {
        match answer {
            Ok(answered) => {
                if let Some(entry) = answered.entry() {
                    self.acknowledge(entry, kind, Outcome::Done);
                }
                return Some(answered);
            }
            Err(NotDone::Refused { entry, .. }) => {
                self.seen.count("refused");
                self.acknowledge(entry, kind, Outcome::Refused);
            }
            Err(NotDone::Hidden { entry }) => {
                self.seen.count("hidden");
                self.acknowledge(entry, kind, Outcome::NotFound);
            }
            Err(NotDone::LogFull(why)) => {
                assert!(failed, "the disk is sound, and the log is full: {why}");
                self.seen.count("log full");
            }
            Err(NotDone::LogUnavailable(why)) => {
                assert!(failed, "the disk is sound, and the log is unavailable: {why}");
            }
            Err(other) => panic!("{kind} came to {other}"),
        }
        None
    }

    fn acknowledge(&mut self, entry: u64, kind: &str, outcome: Outcome) {
        if outcome == Outcome::Done {
            self.seen.count(kind);
        }
        let is_new = self.expected.entries.insert(entry, (kind.to_owned(), outcome)).is_none();
        assert!(is_new, "entry {entry} was given twice");
    }

    /// Runs a future to its end; whenever it waits, the registrar decides what waits for it.
    fn drive<T>(&mut self, future: impl Future<Output = T>) -> T {
        let (runtime, running) = (self.runtime, &mut self.running);
        runtime.block_on(async {
            let mut future = pin!(future);
            std::future::poll_fn(|context| match future.as_mut().poll(context) {
                Poll::Ready(done) => Poll::Ready(done),
                Poll::Pending => {
                    running.decide();
                    context.waker().wake_by_ref();
                    Poll::Pending
                }
            })
            .await
        })
    }

    /// Mostly one that is lodged.
    fn version(&mut self) -> (Handle, Label) {
        let lodged = &self.expected.lodged;
        if lodged.is_empty() || self.random.one_in(6) {
            return (self.document(), self.label());
        }
        let lodged = &lodged[self.random.below(lodged.len() as u64) as usize];
        (lodged.document.clone(), lodged.label.clone())
    }

    fn document(&mut self) -> Handle {
        handle(self.random.pick(&["device-policy", "device-policy", "device-policy", "another-policy"]))
    }

    fn label(&mut self) -> Label {
        Label::parse(self.random.pick(&["1.0", "1.1", "2.0", "2.1", "3.0"])).unwrap()
    }

    /// Mostly small; now and then one that takes several parts.
    fn content(&mut self) -> Vec<u8> {
        let length =
            if self.random.one_in(16) { LARGE as u64 + self.random.below(300_000) } else { self.random.below(3000) };
        let period: Vec<_> = (0..1021).map(|_| self.random.next() as u8).collect();
        let mut content = period.repeat(length as usize / period.len() + 1);
        content.truncate(length as usize + 1);
        content
    }
}

fn new_version(document: Handle, label: Label) -> NewVersion {
    NewVersion {
        document,
        label,
        content_type: "text/plain".into(),
        digest: None,
        classification: None,
        tlp: None,
        incorporated: None,
        effective: None,
        note: None,
        direction: None,
        signature: None,
    }
}

fn need() -> NeedReason {
    NeedReason {
        purpose: "operate".into(),
        statement: "to run the meters by it".into(),
        reference: Some("meeting 1".into()),
    }
}

fn kind(command: &Command) -> String {
    serde_json::to_value(command).unwrap()["kind"].as_str().unwrap().to_owned()
}

fn handle(text: &str) -> Handle {
    Handle::parse(text).unwrap()
}

/// Over one part of an upload on the local store.
const LARGE: usize = 2 << 20;
