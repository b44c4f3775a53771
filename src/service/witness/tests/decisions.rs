//! What is answered to each kind of submission.

use super::*;
use crate::pure::tlog::add_checkpoint::MalformedRequest;
use crate::pure::tlog::checkpoint::MalformedCheckpoint;
use crate::pure::tlog::note::MalformedNote;
use crate::pure::tlog::proof::InvalidProof;
use crate::service::witness::decision::Refusal;
use crate::service::witness::state::file_name;

#[track_caller]
fn refused(witness: &Witness, body: &str) -> Refusal {
    match cosigned(witness, body) {
        Err(NotCosigned::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_log_that_grows_is_cosigned() {
    let witness = witness();
    let mut old = 0;
    for new in [0, 1, 1, 2, 7, 8, 8, 100] {
        let answer = cosigned(&witness, &HONEST.request(old, new)).unwrap();
        assert_eq!((answer.size, answer.time), (new, NOW as u64));
        old = new;
    }
    let latest = witness.latest(&file_name(ORIGIN)).unwrap();
    assert_eq!(latest.checkpoint, HONEST.checkpoint(100));
    let served = Note::parse(latest.note.as_bytes()).unwrap();
    assert_eq!(served.verify(&[log_key(1).verifier_key().clone()]).unwrap().len(), 1, "the log's signature is served");
    assert_eq!(served.verify(&witness.verifier_keys()).unwrap().len(), 2);
    assert_eq!(served.signatures().len(), 3);
}

#[test]
fn a_log_that_the_list_does_not_name_is_unknown() {
    let witness = witness();
    for origin in ["other.example/log", "go.sum database tree", "\u{e9}"] {
        let body = HONEST.request(0, 5).replace(ORIGIN, origin);
        // The signature line goes with the name, where the name is one of a key.
        let body = body.replace(&format!("\u{2014} {origin}"), &format!("\u{2014} {ORIGIN}"));
        assert_eq!(refused(&witness, &body), Refusal::UnknownLog, "{origin}");
    }
}

#[test]
fn a_signature_by_a_known_key_is_needed_and_others_are_ignored() {
    let witness = witness();
    let checkpoint = HONEST.checkpoint(5);
    let mut note = checkpoint.to_note().unwrap();
    note.add(log_key(2).sign(&checkpoint.to_string()));
    note.add(post_quantum_log_key(1).sign(&checkpoint, 7));
    let unknown = request(0, Vec::new(), note.clone());
    assert!(matches!(refused(&witness, &unknown), Refusal::Untrusted(_)));
    note.add(log_key(1).sign(&checkpoint.to_string()));
    cosigned(&witness, &request(0, Vec::new(), note)).unwrap();
    let served = witness.latest(&file_name(ORIGIN)).unwrap().note.clone();
    assert_eq!(Note::parse(served.as_bytes()).unwrap().signatures().len(), 3, "what nobody verified is not served");
}

#[test]
fn a_bad_signature_that_claims_a_known_key_is_refused_beside_a_good_one() {
    let (old, new) = (log_key(1), post_quantum_log_key(3));
    let keys = known(&[old.verifier_key(), new.verifier_key()]);
    let disk = Arc::new(SimulatedDisk::new(1));
    let witness = Witness::open(disk, witness_keys(9), keys, Set::at(NOW).clock()).unwrap();
    let checkpoint = HONEST.checkpoint(5);
    let mut note = signed(&checkpoint);
    note.add(new.sign(&HONEST.checkpoint(6), 7));
    assert!(matches!(refused(&witness, &request(0, Vec::new(), note.clone())), Refusal::Untrusted(_)));
    note.add(new.sign(&checkpoint, 7));
    cosigned(&witness, &request(0, Vec::new(), note)).unwrap();
    let mut only = HONEST.checkpoint(6).to_note().unwrap();
    only.add(new.sign(&HONEST.checkpoint(6), 8));
    cosigned(&witness, &request(5, HONEST.proof(5, 6), only)).expect("one of a log's keys is enough");
}

#[test]
fn an_old_size_beyond_the_checkpoint_is_a_mistake_of_the_client() {
    let witness = witness();
    assert_eq!(refused(&witness, &HONEST.request(6, 5)), Refusal::OldBeyond { old: 6, size: 5 });
    let largest = request(u64::MAX, Vec::new(), signed(&HONEST.checkpoint(5)));
    assert_eq!(refused(&witness, &largest), Refusal::OldBeyond { old: u64::MAX, size: 5 });
}

#[test]
fn an_old_size_that_is_not_the_latest_is_answered_with_the_latest() {
    let witness = witness();
    assert_eq!(refused(&witness, &HONEST.request(3, 5)), Refusal::NotLatest { latest: 0 });
    cosigned(&witness, &HONEST.request(0, 5)).unwrap();
    assert_eq!(refused(&witness, &HONEST.request(0, 9)), Refusal::NotLatest { latest: 5 });
    assert_eq!(refused(&witness, &HONEST.request(4, 4)), Refusal::NotLatest { latest: 5 });
    assert_eq!(refused(&witness, &HONEST.request(6, 9)), Refusal::NotLatest { latest: 5 });
}

#[test]
fn two_trees_of_one_size_are_never_both_cosigned() {
    let witness = witness();
    cosigned(&witness, &HONEST.request(0, 5)).unwrap();
    let other = History { fork: 4, number: 1 };
    assert_eq!(refused(&witness, &other.request(5, 5)), Refusal::OtherRoot { size: 5 });
    assert_eq!(refused(&witness, &other.request(5, 9)), Refusal::Proof(InvalidProof::OtherRoot));
}

#[test]
fn an_empty_tree_has_one_root() {
    let witness = witness();
    let wrong = Checkpoint { root: HONEST.checkpoint(1).root, ..HONEST.checkpoint(0) };
    assert_eq!(refused(&witness, &request(0, Vec::new(), signed(&wrong))), Refusal::EmptyTree);
    cosigned(&witness, &HONEST.request(0, 0)).unwrap();
    assert_eq!(refused(&witness, &request(0, Vec::new(), signed(&wrong))), Refusal::EmptyTree);
}

#[test]
fn a_proof_is_there_exactly_where_it_is_needed() {
    let witness = witness();
    let hash = HONEST.checkpoint(1).root;
    let needless = request(0, vec![hash], signed(&HONEST.checkpoint(5)));
    assert_eq!(refused(&witness, &needless), Refusal::Proof(InvalidProof::WrongLength));
    cosigned(&witness, &HONEST.request(0, 5)).unwrap();
    for proof in [Vec::new(), vec![hash], [HONEST.proof(5, 9), vec![hash]].concat(), vec![hash; 63]] {
        let body = request(5, proof, signed(&HONEST.checkpoint(9)));
        assert!(matches!(refused(&witness, &body), Refusal::Proof(_)), "{body}");
    }
    let needless = request(5, vec![hash], signed(&HONEST.checkpoint(5)));
    assert_eq!(refused(&witness, &needless), Refusal::Proof(InvalidProof::WrongLength));
}

#[test]
fn sizes_at_the_end_of_the_number_line_are_judged_like_others() {
    let witness = witness();
    let last = Checkpoint { size: u64::MAX, ..HONEST.checkpoint(5) };
    cosigned(&witness, &HONEST.request(0, 5)).unwrap();
    for proof in [Vec::new(), vec![last.root; 63]] {
        let body = request(5, proof, signed(&last));
        assert!(matches!(refused(&witness, &body), Refusal::Proof(_)));
    }
    let over = HONEST.request(5, 6).replace("\n6\n", "\n18446744073709551616\n");
    assert_eq!(refused(&witness, &over), Refusal::Checkpoint(MalformedCheckpoint::Size));
}

#[test]
fn extension_lines_and_blank_lines_are_refused() {
    let witness = witness();
    for text in [
        format!("{}extension\n", HONEST.checkpoint(5)),
        format!("{}\n", HONEST.checkpoint(5)),
        format!("{}\nmore\n", HONEST.checkpoint(5)),
    ] {
        let mut note = Note::unsigned(text.clone()).unwrap();
        note.add(log_key(1).sign(&text));
        let refusal = refused(&witness, &request(0, Vec::new(), note));
        assert_eq!(refusal, Refusal::Checkpoint(MalformedCheckpoint::Lines), "{text:?}");
        assert!(refusal.to_string().contains("extension lines"), "{refusal}");
    }
    let early = HONEST.request(0, 5).replacen("\n\n", "\n\n\n", 1);
    assert_eq!(refused(&witness, &early), Refusal::Checkpoint(MalformedCheckpoint::Origin));
}

#[test]
fn bodies_that_are_no_requests_are_refused_by_their_part() {
    use MalformedRequest::{Checkpoint, Hash, NoCheckpoint, OldSize};
    let witness = witness();
    let good = HONEST.request(0, 5);
    let cases = [
        ("", NoCheckpoint),
        ("old 0\n\n", Checkpoint(MalformedNote::Text)),
        (&good.replace("old 0", "old 00"), OldSize),
        (&good.replace("old 0", "old -1"), OldSize),
        (&good.replace("old 0", "old 18446744073709551616"), OldSize),
        (&good.replace("old 0", "old 0\nnot base64"), Hash),
        (&good.replace('\n', "\r\n"), NoCheckpoint),
        (&good.replace("\u{2014}", "-"), Checkpoint(MalformedNote::Signature)),
        (good.trim_end(), Checkpoint(MalformedNote::Signature)),
    ];
    for (body, expected) in cases {
        assert_eq!(refused(&witness, body), Refusal::Malformed(expected), "{body:?}");
    }
    let zeros = format!("{}=\n", "A".repeat(43));
    let many = good.replace("old 0\n", &format!("old 0\n{}", zeros.repeat(64)));
    assert_eq!(refused(&witness, &many), Refusal::Malformed(Hash));
    assert!(matches!(witness.add_checkpoint(b"old \xff\n\n"), Err(NotCosigned::Refused(Refusal::Malformed(OldSize)))));
}

#[test]
fn the_time_of_cosignatures_never_goes_back() {
    let (set, disk) = (Set::at(NOW), SimulatedDisk::new(1));
    let open = || Witness::open(Arc::new(disk.clone()), witness_keys(9), known_log(), set.clock()).unwrap();
    let mut witness = open();
    let times = [(NOW, NOW), (NOW + 5, NOW + 5), (NOW - 100, NOW + 5), (NOW + 6, NOW + 6)];
    for (size, (clock, expected)) in (0..).zip(times) {
        set.to(clock);
        let old = u64::saturating_sub(size, 1);
        assert_eq!(cosigned(&witness, &HONEST.request(old, size)).unwrap().time, expected as u64);
        drop(witness);
        witness = open();
    }
    for clock in [0, -1, 1_700_000_000] {
        set.to(clock);
        assert!(matches!(cosigned(&witness, &HONEST.request(3, 4)), Err(NotCosigned::Clock)));
    }
    assert_eq!(witness.latest(&file_name(ORIGIN)).unwrap().checkpoint.size, 3, "nothing was changed");
}

#[test]
fn a_log_that_comes_back_to_the_list_goes_on_where_it_was() {
    let witness = witness();
    cosigned(&witness, &HONEST.request(0, 5)).unwrap();
    witness.replace_logs(KnownLogs::default());
    assert_eq!(refused(&witness, &HONEST.request(5, 6)), Refusal::UnknownLog);
    witness.replace_logs(known_log());
    assert_eq!(refused(&witness, &HONEST.request(0, 6)), Refusal::NotLatest { latest: 5 });
    cosigned(&witness, &HONEST.request(5, 6)).unwrap();
}
