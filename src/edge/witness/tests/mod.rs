//! Witnesses over HTTP: a log whose checkpoints are cosigned, late, falsely or not at all.
//!
//! ```text
//! Running ── publisher ── Asking ── HTTP ──► w0  w1  w2 (honest or not)
//! ```

mod fake;
mod misbehaving;
mod rolled_back;
mod stalled;
mod tls;
mod witnessed;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{Asking, Roots};
use crate::pure::tlog::note::Note;
use crate::pure::tlog::policy::Policy;
use crate::service::clock::Clock;
use crate::service::publishing::Published;
use crate::service::publishing::own_record::OwnRecord;
use crate::service::publishing::witnessing::{Outcome, Reads, Times, Witness, Witnessing};
use crate::service::startup::{Running, Settings, StartError};
use crate::service::tests::fixture;
use fake::{Fake, Manner};

/// A log with three witnesses.
struct Stage {
    folder: TempDir,
    witnesses: Vec<Fake>,
    quorum: &'static str,
    reads: Reads,
    times: Times,
}

impl Stage {
    /// An established log. The quorum is a line or two of a policy, over `w0`, `w1` and `w2`.
    async fn new(quorum: &'static str, manners: [Manner; 3]) -> Self {
        let witnesses = manners
            .into_iter()
            .enumerate()
            .map(|(place, manner)| Fake::start(&format!("w{place}.example"), place as u8, place == 1, manner));
        let stage = Self {
            folder: tempfile::tempdir().unwrap(),
            witnesses: witnesses.collect(),
            quorum,
            reads: Reads::Wait,
            times: Times {
                deadline: Duration::from_secs(10),
                grace: Duration::from_secs(5),
                first_pause: Duration::from_millis(5),
                longest_pause: Duration::from_millis(20),
            },
        };
        fixture::make_keys(stage.folder.path());
        // Before there is a policy, as `init` does.
        let settings = Settings { witnessing: Witnessing::default(), ..stage.settings() };
        blocking(move || {
            let running = Running::start(&settings, Arc::new(Clock::system())).unwrap();
            running.establish(fixture::first_events(fixture::credential)).unwrap();
            running.stop();
        })
        .await;
        stage
    }

    fn policy(&self) -> Policy {
        let mut text = String::new();
        for (place, witness) in self.witnesses.iter().enumerate() {
            text += &format!("witness w{place} {} http://{}/w/\n", witness.key, witness.address);
        }
        Policy::parse(format!("{text}{}\n", self.quorum).as_bytes()).unwrap()
    }

    fn witnessing(&self) -> Witnessing {
        let policy = self.policy();
        let way = |url: &str| -> Arc<dyn Witness> { Arc::new(Asking::new(url, &Roots::none(), PATIENCE).unwrap()) };
        let ways = policy.witnesses().iter().map(|witness| way(witness.url.as_ref().unwrap())).collect();
        Witnessing { policy, ways, reads: self.reads, times: self.times }
    }

    fn settings(&self) -> Settings {
        let settings = fixture::settings(self.folder.path(), Duration::from_millis(20));
        Settings { witnessing: self.witnessing(), ..settings }
    }

    async fn start(&self) -> Running {
        self.try_start().await.unwrap()
    }

    async fn try_start(&self) -> Result<Running, StartError> {
        let settings = self.settings();
        blocking(move || Running::start(&settings, Arc::new(Clock::system()))).await
    }

    fn data(&self, name: &str) -> PathBuf {
        self.folder.path().join("data").join(name)
    }

    fn record(&self) -> PathBuf {
        let settings = self.settings();
        OwnRecord::of(&settings.log_key, &settings.data).path().to_owned()
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

async fn stop(running: Running) {
    blocking(move || running.stop()).await;
}

/// Makes an entry, and gives its index.
async fn beat(running: &Running) -> u64 {
    running.repository.beat().await.unwrap().entry().unwrap()
}

/// The first published checkpoint that covers an entry.
async fn covering(running: &Running, entry: u64) -> Arc<Published> {
    running.repository.publications().covering(entry, LONG).await.expect("a checkpoint is published")
}

/// The names of the witnesses who cosigned a published checkpoint, their signatures verified.
fn cosigners(stage: &Stage, published: &Published) -> Vec<String> {
    let keys: Vec<_> = stage.witnesses.iter().map(|witness| witness.key.clone()).collect();
    let note = Note::parse(published.note.as_bytes()).unwrap();
    let mut names: Vec<_> =
        note.verify(&keys).map_or(Vec::new(), |keys| keys.iter().map(|key| key.name().to_string()).collect());
    names.sort_unstable();
    names
}

/// How often an outcome came with one witness.
fn count(running: &Running, place: usize, outcome: Outcome) -> u64 {
    let at = Outcome::ALL.iter().position(|one| *one == outcome).unwrap();
    running.repository.witnessing().witnesses[place].outcomes[at]
}

/// Waits until something holds; fails if it does not for long.
async fn until(what: &str, holds: impl Fn() -> bool) {
    let end = Instant::now() + LONG;
    while !holds() {
        assert!(Instant::now() < end, "{what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// How long a witness has for an answer.
const PATIENCE: Duration = Duration::from_millis(400);

/// What takes longer has failed.
const LONG: Duration = Duration::from_secs(30);

const TWO_OF_THREE: &str = "group two 2 w0 w1 w2\nquorum two";
const ALL: &str = "group all all w0 w1 w2\nquorum all";
