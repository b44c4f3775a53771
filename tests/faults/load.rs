//! People at work, and what they were told and shown: to be found again after a fault.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde_json::{Value, json};
use strongroom::pure::tlog::checkpoint::Checkpoint;
use strongroom::pure::tlog::hash::{TreeHash, sha256};
use strongroom::pure::tlog::tile::{TILE_WIDTH, Tile, TileKind, bundle_entries, width_in_tree};
use strongroom::pure::tlog::tree::Tree;

use crate::support::deeds::{NEED, SECRETARIAT, bytes, content};
use crate::support::log::checkpoint;
use crate::support::{Answer, Connection, Server, eventually};

/// The Secretariat and members: who may lodge for the PMA.
const LODGING: [&str; 4] = ["secas", "chair", "large-supplier-1", "small-supplier"];

/// Of GREEN's audience, in and outside the PMA.
const READING: [&str; 4] = ["party-small-supplier", "manufacturer", "ssc-rep", "dcc-operator"];

/// What clients were told and shown.
#[derive(Default)]
pub struct Seen {
    lodged: Mutex<Vec<Lodged>>,
    read: Mutex<Vec<Read>>,
    acts: Mutex<Vec<Act>>,
    checkpoints: Mutex<Vec<Checkpoint>>,
    /// How many answers there were.
    pub answers: AtomicUsize,
    /// Answers that were none of success: the status and code of each.
    pub refusals: Mutex<Vec<(u16, String)>>,
}

struct Lodged {
    slug: String,
    label: String,
    bytes: Vec<u8>,
}

struct Read {
    person: &'static str,
    entry: u64,
}

/// A need that was recorded, by the entry that says so.
struct Act {
    person: &'static str,
    entry: u64,
}

/// How much was acknowledged.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub lodged: usize,
    pub read: usize,
    pub acts: usize,
    pub checkpoints: usize,
}

/// What has been verified of a log so far, so that a later look has only the rest to do.
pub struct Verified {
    tree: Tree,
    counts: Counts,
}

/// The document that everyone reads.
pub fn policy() -> Vec<u8> {
    bytes(90_000, 8)
}

/// Registers what is read and what is lodged to.
pub fn prepare(server: &Server) {
    server.hold("policy", "A policy", "GREEN", &policy());
    let mut secretariat = server.connect("secas");
    for number in 0..LODGING.len() {
        secretariat.register(&format!("lodged-{number}"), "What is lodged").must_be(201);
    }
}

/// Has people work until their connections break, an answer is no success, or `stop` says so; `meanwhile` runs beside them.
pub fn work(server: &Server, round: usize, seen: &Seen, stop: &AtomicBool, meanwhile: impl FnOnce()) {
    let policy = &policy();
    let key = &server.directory.verifier_key();
    // The checkpoint is shown whatever happens, so that its watcher is told when the others are done.
    let done = &AtomicBool::new(false);
    std::thread::scope(|watching| {
        if let Ok(connection) = connect(server, "auditor") {
            watching.spawn(move || watch(connection, key, seen, done));
        }
        std::thread::scope(|scope| {
            for number in 0..LODGING.len() * 2 {
                let Ok(connection) = connect(server, LODGING[number % LODGING.len()]) else { break };
                scope.spawn(move || lodge(connection, round, number, seen, stop));
            }
            for person in READING {
                let Ok(connection) = connect(server, person) else { break };
                scope.spawn(move || read(connection, person, policy, seen, stop));
            }
            for person in ["chair", "manufacturer"] {
                let Ok(connection) = connect(server, person) else { break };
                scope.spawn(move || act(connection, person, seen, stop));
            }
            meanwhile();
        });
        done.store(true, Ordering::Relaxed);
    });
}

fn connect(server: &Server, person: &str) -> std::io::Result<Connection> {
    server.connect_with(Some(&server.directory.credential(person)))
}

impl Seen {
    pub fn counts(&self) -> Counts {
        Counts {
            lodged: self.lodged.lock().unwrap().len(),
            read: self.read.lock().unwrap().len(),
            acts: self.acts.lock().unwrap().len(),
            checkpoints: self.checkpoints.lock().unwrap().len(),
        }
    }

    /// Whether it succeeded; what did not is kept.
    fn succeeded(&self, answer: &Answer) -> bool {
        if answer.status < 400 {
            self.answers.fetch_add(1, Ordering::Relaxed);
            return true;
        }
        self.refusals.lock().unwrap().push(answer.problem());
        false
    }

    /// That everything is there which was acknowledged or shown since `verified`; with nothing verified, everything.
    pub fn assert_kept(&self, server: &Server, verified: &mut Verified) {
        let counts = self.counts();
        self.assert_lodged(server, verified.counts.lodged);
        self.assert_entered(server, verified.counts);
        self.assert_log_goes_on(server, verified);
        verified.counts = counts;
    }

    fn assert_lodged(&self, server: &Server, from: usize) {
        let mut connection = server.connect("secas");
        let mut digests = HashMap::new();
        for number in 0..LODGING.len() {
            let slug = format!("lodged-{number}");
            let document = connection.get(&format!("/v1/documents/{slug}")).must_be(200).json();
            for version in document["versions"].as_array().unwrap() {
                let label = version["label"].as_str().unwrap().to_owned();
                digests.insert((slug.clone(), label), version["digest"].as_str().unwrap().to_owned());
            }
        }
        for (position, lodged) in self.lodged.lock().unwrap().iter().enumerate() {
            let digest = digests.get(&(lodged.slug.clone(), lodged.label.clone()));
            assert_eq!(digest, Some(&hex::encode(sha256(&lodged.bytes))), "{} {}", lodged.slug, lodged.label);
            if position >= from {
                let read = connection.read_content(&lodged.slug, &lodged.label, SECRETARIAT);
                assert!(read.must_be(200).body == lodged.bytes, "{} {}: other bytes", lodged.slug, lodged.label);
            }
        }
    }

    fn assert_entered(&self, server: &Server, from: Counts) {
        let (read, acts) = (self.read.lock().unwrap(), self.acts.lock().unwrap());
        let (read, acts) = (&read[from.read..], &acts[from.acts..]);
        let Some(first) = read.iter().map(|read| read.entry).chain(acts.iter().map(|act| act.entry)).min() else {
            return;
        };
        let records = records(server, first);
        let record_of = |entry: u64, person: &str| {
            let record = records.get(&entry).unwrap_or_else(|| panic!("entry {entry} was shown and is gone"));
            assert_eq!(record["actor"]["person"], person, "{record}");
            assert_eq!(record["outcome"], "done", "{record}");
            record
        };
        let digest = hex::encode(sha256(&policy()));
        for Read { person, entry } in read {
            let record = record_of(*entry, person);
            let released = |event: &Value| event["kind"] == "content_released" && event["digest"] == digest;
            assert!(record["events"].as_array().unwrap().iter().any(released), "{record}");
        }
        for Act { person, entry } in acts {
            assert_eq!(record_of(*entry, person)["command"]["kind"], "record_need");
        }
    }

    /// The log as it is served holds every tree that was ever shown.
    fn assert_log_goes_on(&self, server: &Server, verified: &mut Verified) {
        let mut shown = self.checkpoints.lock().unwrap()[verified.counts.checkpoints..].to_vec();
        let mut connection = server.connect("party-small-supplier");
        let key = server.directory.verifier_key();
        let largest = shown.iter().map(|shown| shown.size).max().unwrap_or_default();
        let last = eventually("a checkpoint after the restart", || {
            checkpoint(&mut connection, &key).filter(|last| last.size >= largest)
        });
        shown.push(last.clone());
        // A tree that was shown before is of a size that was verified then: the log begins with the same entries still.
        let entries = entries(&mut connection, last.size);
        let mut tree = verified_again(&verified.tree, &entries);
        shown.sort_by_key(|shown| shown.size);
        shown.retain(|shown| shown.size >= tree.size());
        for shown in shown {
            while tree.size() < shown.size {
                tree.push(entries[usize::try_from(tree.size()).unwrap()]);
            }
            assert_eq!(tree.root(), shown.root, "the log of {} entries is another one", shown.size);
        }
        verified.tree = tree;
    }
}

/// The tree of the first entries, which must be the one that they made before.
fn verified_again(before: &Tree, entries: &[TreeHash]) -> Tree {
    let mut tree = Tree::empty();
    for entry in entries.iter().take(usize::try_from(before.size()).unwrap()) {
        tree.push(*entry);
    }
    assert_eq!((tree.size(), tree.root()), (before.size(), before.root()), "the log was rewritten");
    tree
}

impl Verified {
    pub fn nothing() -> Self {
        Self { tree: Tree::empty(), counts: Counts::default() }
    }
}

fn lodge(mut connection: Connection, round: usize, number: usize, seen: &Seen, stop: &AtomicBool) {
    let slug = format!("lodged-{}", number % LODGING.len());
    for attempt in 0.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let label = format!("{round}.{number}.{attempt}");
        let bytes = bytes([1, 700, 66_000][attempt % 3], (round * 1_000_000 + number * 10_000 + attempt) as u64);
        let Ok(answer) = connection.try_lodge(&slug, &label, &bytes) else { return };
        if !seen.succeeded(&answer) {
            return;
        }
        seen.lodged.lock().unwrap().push(Lodged { slug: slug.clone(), label, bytes });
    }
}

fn read(mut connection: Connection, person: &'static str, policy: &[u8], seen: &Seen, stop: &AtomicBool) {
    let request = connection.head("GET", &content("policy", "1.0"), &[("Reasonable-Need", NEED)]);
    while !stop.load(Ordering::Relaxed) {
        if connection.send(request.as_bytes()).is_err() {
            return;
        }
        let Ok(mut answer) = connection.answer_head() else { return };
        if answer.status >= 400 {
            let length = answer.header("content-length").unwrap().parse().unwrap();
            answer.body = connection.read(length);
            if answer.body.len() == length {
                seen.succeeded(&answer);
            }
            return;
        }
        let received = connection.read(policy.len());
        assert!(policy.starts_with(&received), "other bytes were disclosed");
        // With a part of the bytes, or the head alone, which tells their digest, something was disclosed.
        seen.read.lock().unwrap().push(Read { person, entry: answer.entry().unwrap() });
        seen.answers.fetch_add(1, Ordering::Relaxed);
        if received.len() < policy.len() {
            return;
        }
    }
}

fn act(mut connection: Connection, person: &'static str, seen: &Seen, stop: &AtomicBool) {
    let need =
        json!({ "document": "policy", "purpose": "assurance", "statement": "annual assessment of the document" });
    let json = [("Content-Type", "application/json")];
    while !stop.load(Ordering::Relaxed) {
        let body = need.to_string();
        let Ok(answer) = connection.exchange("POST", "/v1/needs", &json, Some(body.as_bytes())) else { return };
        if !seen.succeeded(&answer) {
            return;
        }
        seen.acts.lock().unwrap().push(Act { person, entry: answer.json()["entry"].as_u64().unwrap() });
    }
}

fn watch(mut connection: Connection, key: &str, seen: &Seen, stop: &AtomicBool) {
    let mut last = 0;
    while !stop.load(Ordering::Relaxed) {
        let Some(shown) = checkpoint(&mut connection, key) else { return };
        if shown.size != last {
            last = shown.size;
            seen.checkpoints.lock().unwrap().push(shown);
        }
        std::thread::yield_now();
    }
}

/// The auditor's records from that entry on.
pub fn records(server: &Server, first: u64) -> HashMap<u64, Value> {
    let mut connection = server.connect("auditor");
    let mut records = HashMap::new();
    let mut path = format!("/v1/audit/entries?limit=500&after={}", first.saturating_sub(1));
    loop {
        let page = connection.get(&path).must_be(200).json();
        for item in page["items"].as_array().unwrap() {
            records.insert(item["index"].as_u64().unwrap(), item["record"].clone());
        }
        match page["next"].as_str() {
            Some(next) => path = format!("/v1/audit/entries?limit=500&after={next}"),
            None => return records,
        }
    }
}

fn entries(connection: &mut Connection, size: u64) -> Vec<TreeHash> {
    let mut hashes = Vec::new();
    for index in 0..size.div_ceil(TILE_WIDTH.into()) {
        let width = width_in_tree(TileKind::Entries, index, size);
        let tile = Tile::new(TileKind::Entries, index, width).unwrap();
        let bundle = connection.get(&format!("/log/tile/{tile}")).must_be(200);
        hashes.extend(bundle_entries(&bundle.body).unwrap().iter().map(|entry| entry.leaf_hash()));
    }
    hashes
}
