//! Reads that wait for witnesses: while those are away, nothing of a document leaves by any path.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::Desk;
use crate::edge::http::limits::HttpLimits;
use crate::pure::tlog::add_checkpoint::AddCheckpoint;
use crate::pure::tlog::leaf::Origin;
use crate::pure::tlog::note::Note;
use crate::pure::tlog::policy::Policy;
use crate::pure::tlog::proof_file::ProofFile;
use crate::pure::tlog::signer::Ed25519Cosigner;
use crate::pure::tlog::verifier_key::KeyName;
use crate::service::publishing::witnessing::{Answer, AskError, Reads, Times, Witness, Witnessing};

const CONTENT: &str = "/v1/documents/device-cp/versions/1.0/content";
const BYTES: &[u8] = b"Each device has one certificate.\n";
const NEED: (&str, &str) = ("Reasonable-Need", r#"purpose=operate, statement="to run the meters by it""#);

/// A witness that is there or away.
struct Switch {
    is_there: AtomicBool,
    cosigner: Ed25519Cosigner,
}

impl Witness for Switch {
    fn add_checkpoint(&self, request: &AddCheckpoint) -> Result<Answer, AskError> {
        if !self.is_there.load(Ordering::SeqCst) {
            return Err(AskError::Unreachable("it is away".into()));
        }
        Ok(Answer::Cosigned(vec![self.cosigner.cosign(request.checkpoint.text(), 1_800_000_000)]))
    }

    fn latest(&self, _: &Origin) -> Result<Option<Note>, AskError> {
        Ok(None)
    }
}

/// A desk with one version, whose only witness is there.
fn desk(reads: Reads) -> (Desk, Arc<Switch>) {
    let cosigner = Ed25519Cosigner::from_seed(KeyName::parse("w.example").unwrap(), &[1; 32]).unwrap();
    let policy = format!("witness w {} http://w.example\nquorum w\n", cosigner.verifier_key());
    let switch = Arc::new(Switch { is_there: AtomicBool::new(true), cosigner });
    let times = Times {
        deadline: Duration::from_millis(200),
        grace: Duration::ZERO,
        first_pause: Duration::from_millis(5),
        longest_pause: Duration::from_millis(20),
    };
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let witnessing = Witnessing { policy, ways: vec![switch.clone()], reads, times };
    let desk = Desk::open_under(HttpLimits::default(), witnessing);
    desk.registered("device-cp");
    desk.lodged("device-cp", "1.0", BYTES, "WHITE");
    (desk, switch)
}

#[test]
fn evidence_waits_for_a_witnessed_checkpoint_and_says_when_to_ask_again() {
    let (desk, switch) = desk(Reads::Durable);
    switch.is_there.store(false, Ordering::SeqCst);
    let entry = desk.send("supplier", "GET", CONTENT, &[NEED], b"").entry().unwrap();
    let evidence = format!("/v1/audit/entries/{entry}/evidence");
    let late = desk.send("supplier", "GET", &evidence, &[], b"");
    late.refused(503, "log_unavailable");
    assert!(late.header("retry-after").is_some());
    switch.is_there.store(true, Ordering::SeqCst);
    // Each asking waits by itself; on a busy machine one may still be too short.
    let found = (0..50).map(|_| desk.send("supplier", "GET", &evidence, &[], b"")).find(|answer| answer.status == 200);
    let proof = ProofFile::parse(&found.unwrap().body).unwrap();
    assert_eq!(proof.index, entry);
    assert!(proof.checkpoint.signatures().iter().any(|signature| signature.name().as_str() == "w.example"));
}

#[test]
fn no_path_to_content_goes_round_the_witnesses() {
    let (desk, switch) = desk(Reads::Wait);
    let whole = desk.send("supplier", "GET", CONTENT, &[NEED], b"");
    assert_eq!((whole.status, whole.body.as_slice()), (200, BYTES));
    let tag = whole.header("etag").unwrap().to_owned();
    switch.is_there.store(false, Ordering::SeqCst);
    for headers in [&[NEED][..], &[NEED, ("Range", "bytes=0-3")], &[NEED, ("If-None-Match", &tag)]] {
        let refused = desk.send("supplier", "GET", CONTENT, headers, b"");
        let problem = refused.refused(503, "log_unavailable");
        assert!(problem["detail"].as_str().unwrap().contains("witnesses"), "{problem}");
        assert_eq!(problem["entry"].as_u64(), refused.entry());
        assert!(refused.entry().is_some(), "the read was entered, and not done");
        assert!(refused.header("retry-after").is_some() && refused.header("etag").is_none());
    }
    let head = desk.wire("supplier").send("HEAD", CONTENT, &[NEED], b"");
    assert_eq!((head.status, head.header("etag"), head.header("repr-digest")), (503, None, None));
    let (status, text) = operator(&desk, "/readyz");
    assert!(status == 503 && text.contains("w: it cannot be reached: it is away"), "{text}");
    let (_, metrics) = operator(&desk, "/metrics");
    assert!(metrics.contains("strongroom_log_publication_stalled 1"), "{metrics}");
    assert!(metrics.contains(r#"strongroom_witness_outcomes_total{witness="w",outcome="unreachable"}"#), "{metrics}");

    switch.is_there.store(true, Ordering::SeqCst);
    while operator(&desk, "/readyz").0 != 200 {}
    assert_eq!(desk.send("supplier", "GET", CONTENT, &[NEED], b"").body, BYTES);
    assert!(operator(&desk, "/metrics").1.contains("strongroom_log_publication_stalled 0"));
}

#[test]
fn what_is_refused_at_once_makes_no_entry() {
    let (desk, switch) = desk(Reads::Refuse);
    switch.is_there.store(false, Ordering::SeqCst);
    // The first is entered, and finds nobody.
    let first = desk.send("supplier", "GET", CONTENT, &[NEED], b"");
    first.refused(503, "log_unavailable");
    let refused = desk.send("supplier", "GET", CONTENT, &[NEED], b"");
    refused.refused(503, "log_unavailable");
    assert_eq!(refused.entry(), None);
}

fn operator(desk: &Desk, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(desk.operations).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", desk.operations).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    (answer[9..12].parse().unwrap(), answer)
}
