//! SIGKILL in the middle of 64 lodgers and readers: nothing that a client was told or shown is lost.
//!
//! ```text
//! 32 lodgers ─┐            ┌─ every lodgement answered with 201 is there, with its bytes
//! 31 readers ─┼─► SIGKILL ─┼─ every read of which a byte arrived has its entry, and evidence
//!  1 watcher ─┘   restart  └─ the log extends every checkpoint that was shown
//! ```

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;
use strongroom::pure::audit::evidence::{FileDigest, verify_file};
use strongroom::pure::audit::report::EvidenceKind;
use strongroom::pure::audit::trust::Trust;
use strongroom::pure::tlog::checkpoint::Checkpoint;
use strongroom::pure::tlog::hash::sha256;

use crate::support::deeds::{NEED, bytes, content};
use crate::support::log::{assert_extends, checkpoint};
use crate::support::{Connection, Options, Server, eventually};

const LODGERS: usize = 32;
const READERS: usize = 31;

/// The Secretariat and members: who may lodge for the PMA.
const LODGING: [&str; 4] = ["secas", "chair", "large-supplier-1", "small-supplier"];

/// Of GREEN's audience, in and outside the PMA.
const READING: [&str; 4] = ["party-small-supplier", "manufacturer", "ssc-rep", "dcc-operator"];

/// What clients were told and shown.
#[derive(Default)]
struct Seen {
    lodged: Mutex<Vec<Lodged>>,
    read: Mutex<Vec<Read>>,
    checkpoint: Mutex<Option<Checkpoint>>,
    count: AtomicUsize,
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

#[test]
fn nothing_that_was_acknowledged_or_disclosed_is_lost() {
    let mut server = Server::start(&Options::default());
    let policy = bytes(90_000, 8);
    server.hold("policy", "A policy", "GREEN", &policy);
    let mut secretariat = server.connect("secas");
    for number in 0..LODGING.len() {
        secretariat.register(&format!("lodged-{number}"), "What is lodged").must_be(201);
    }
    drop(secretariat);
    let key = server.directory.verifier_key();
    let seen = Seen::default();
    let mut lodged_before = 0;
    let mut read_before = 0;
    // After very few answers, and after many.
    for (round, answers) in [3, 150, 400].into_iter().enumerate() {
        let target = seen.count.load(Ordering::Relaxed) + answers;
        std::thread::scope(|scope| {
            for number in 0..LODGERS {
                let connection = server.connect(LODGING[number % LODGING.len()]);
                let seen = &seen;
                scope.spawn(move || lodge_until_cut(connection, round, number, seen));
            }
            for number in 0..READERS {
                let person = READING[number % READING.len()];
                let connection = server.connect(person);
                let (seen, policy) = (&seen, &policy);
                scope.spawn(move || read_until_cut(connection, person, policy, seen));
            }
            let mut watching = server.connect("auditor");
            *seen.checkpoint.lock().unwrap() = checkpoint(&mut watching, &key);
            let (seen, key) = (&seen, &key);
            scope.spawn(move || watch_until_cut(watching, key, seen));
            eventually("enough answers", || (seen.count.load(Ordering::Relaxed) >= target).then_some(()));
            server.kill();
        });
        server = Server::serve(server.directory.clone());
        let lodged = seen.lodged.lock().unwrap();
        let read = seen.read.lock().unwrap();
        assert_lodged(&server, &lodged[lodged_before..]);
        assert_entered(&server, &read, &policy, read_before);
        assert_log_goes_on(&server, &seen, &key);
        (lodged_before, read_before) = (lodged.len(), read.len());
    }
    // What the first rounds left is there after the last one too.
    let lodged = seen.lodged.lock().unwrap();
    assert!(lodged.len() > 50 && seen.read.lock().unwrap().len() > 50, "both kinds of work were under way");
    assert_lodged(&server, &lodged);
    server.stop();
}

fn lodge_until_cut(mut connection: Connection, round: usize, number: usize, seen: &Seen) {
    let slug = format!("lodged-{}", number % LODGING.len());
    for attempt in 0.. {
        let label = format!("{round}.{number}.{attempt}");
        let length = [1, 700, 66_000][attempt % 3];
        let bytes = bytes(length, (round * 1_000_000 + number * 10_000 + attempt) as u64);
        let Ok(answer) = connection.try_lodge(&slug, &label, &bytes) else { return };
        answer.must_be(201);
        seen.lodged.lock().unwrap().push(Lodged { slug: slug.clone(), label, bytes });
        seen.count.fetch_add(1, Ordering::Relaxed);
    }
}

fn read_until_cut(mut connection: Connection, person: &'static str, policy: &[u8], seen: &Seen) {
    let request = connection.head("GET", &content("policy", "1.0"), &[("Reasonable-Need", NEED)]);
    loop {
        if connection.send(request.as_bytes()).is_err() {
            return;
        }
        let Ok(answer) = connection.answer_head() else { return };
        let entry = answer.must_be(200).entry().unwrap();
        let received = connection.read(policy.len());
        assert!(policy.starts_with(&received));
        // With a part of the bytes, or the head alone, which tells their digest, something was disclosed.
        seen.read.lock().unwrap().push(Read { person, entry });
        seen.count.fetch_add(1, Ordering::Relaxed);
        if received.len() < policy.len() {
            return;
        }
    }
}

fn watch_until_cut(mut connection: Connection, key: &str, seen: &Seen) {
    while let Some(shown) = checkpoint(&mut connection, key) {
        *seen.checkpoint.lock().unwrap() = Some(shown);
    }
}

fn assert_lodged(server: &Server, lodged: &[Lodged]) {
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
    for lodged in lodged {
        let digest = digests.get(&(lodged.slug.clone(), lodged.label.clone()));
        assert_eq!(digest, Some(&hex::encode(sha256(&lodged.bytes))), "{} {}", lodged.slug, lodged.label);
        let read = connection.read_content(&lodged.slug, &lodged.label, crate::support::deeds::SECRETARIAT);
        assert!(read.must_be(200).body == lodged.bytes, "{} {}: other bytes", lodged.slug, lodged.label);
    }
}

/// Every read has its entry in the auditor's eyes, and the last ones of this round have evidence for their readers.
fn assert_entered(server: &Server, read: &[Read], policy: &[u8], from: usize) {
    let records = records(server);
    for Read { person, entry } in read {
        let record = records.get(entry).unwrap_or_else(|| panic!("the read with entry {entry} has none"));
        assert_eq!(record["actor"]["person"], *person, "{record}");
        assert_eq!(record["outcome"], "done", "{record}");
        let released =
            |event: &Value| event["kind"] == "content_released" && event["digest"] == hex::encode(sha256(policy));
        assert!(record["events"].as_array().unwrap().iter().any(released), "{record}");
    }
    let file = FileDigest { sha256: sha256(policy), size: policy.len() as u64 };
    for person in READING {
        let client = server.client(person);
        for read in read[from..].iter().rev().filter(|read| read.person == person).take(5) {
            let proof = client.entry_evidence(read.entry).unwrap().value;
            let trust = Trust::in_keys(&server.directory.verifier_key()).unwrap();
            let evidence = verify_file(&file, proof.as_bytes(), &trust).unwrap();
            assert!(matches!(evidence.kind, EvidenceKind::Served), "{evidence:?}");
            assert_eq!(evidence.index, read.entry);
        }
    }
}

fn records(server: &Server) -> HashMap<u64, Value> {
    let mut connection = server.connect("auditor");
    let mut records = HashMap::new();
    let mut path = "/v1/audit/entries?limit=500".to_owned();
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

/// The log as it is served now holds all that was ever shown, and everything that was acknowledged.
fn assert_log_goes_on(server: &Server, seen: &Seen, key: &str) {
    let shown = seen.checkpoint.lock().unwrap().clone().unwrap();
    let mut connection = server.connect("party-small-supplier");
    let last = eventually("a checkpoint after the restart", || {
        checkpoint(&mut connection, key).filter(|last| last.size > shown.size)
    });
    assert_extends(&mut connection, &shown, &last);
}
