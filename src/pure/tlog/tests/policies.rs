//! Policies: what is accepted counts as the specification says, and every other line has its own fault.

use proptest::prelude::*;

use crate::pure::tlog::policy::{Policy, PolicyFault};
use crate::pure::tlog::signer::{Ed25519Cosigner, Ed25519Signer, MlDsa44Signer};
use crate::pure::tlog::verifier_key::{KeyName, VerifierKey};

fn witness(seed: u8) -> VerifierKey {
    let name = KeyName::parse(&format!("witness-{seed}.example")).unwrap();
    Ed25519Cosigner::from_seed(name, &[seed; 32]).unwrap().verifier_key().clone()
}

fn log(seed: u8) -> VerifierKey {
    Ed25519Signer::from_seed(KeyName::parse("log.example").unwrap(), &[seed; 32]).unwrap().verifier_key().clone()
}

/// Six witnesses, of whom two of the first three and any of the others are asked for.
fn nested() -> String {
    let mut text = format!("# two houses\n\n  log {}\thttps://log.example/\n", log(99));
    for (name, seed) in [("X1", 1), ("X2", 2), ("X3", 3), ("Y1", 4), ("Y2", 5), ("Y3", 6)] {
        text += &format!("witness {name} {}\n", witness(seed));
    }
    text + "group X 2 X1 X2 X3\ngroup Y any Y1 Y2 Y3\n\t# both\ngroup both all X Y\nquorum both\n"
}

fn fault(text: &str) -> (usize, PolicyFault) {
    let invalid = Policy::parse(text.as_bytes()).unwrap_err();
    (invalid.line, invalid.fault)
}

#[test]
fn a_group_of_groups_counts_each_witness_once() {
    let policy = Policy::parse(nested().as_bytes()).unwrap();
    assert_eq!((policy.logs().len(), policy.witnesses().len()), (1, 6));
    assert_eq!(policy.logs()[0].url.as_deref(), Some("https://log.example/"));
    let met = |seeds: &[u8]| {
        let keys: Vec<_> = seeds.iter().map(|seed| witness(*seed)).collect();
        policy.is_met_by(&keys.iter().collect::<Vec<_>>())
    };
    assert!(met(&[1, 2, 4]) && met(&[1, 3, 6]) && met(&[1, 2, 3, 4, 5, 6]));
    assert!(!met(&[]) && !met(&[1, 2]) && !met(&[4, 5, 6]) && !met(&[1, 4, 5, 6]) && !met(&[1, 1, 4]));
}

#[test]
fn no_quorum_asks_for_nobody_and_one_witness_may_be_the_quorum() {
    let none = Policy::parse(b"quorum none").unwrap();
    assert!(!none.asks_for_witnesses() && none.is_met_by(&[]));
    let one = Policy::parse(format!("witness w {}\nquorum w\n", witness(1)).as_bytes()).unwrap();
    assert!(one.asks_for_witnesses() && !one.is_met_by(&[]) && one.is_met_by(&[&witness(1)]));
    assert!(!one.is_met_by(&[&witness(2)]));
}

#[test]
fn each_fault_is_named_with_its_line() {
    let w = |seed| witness(seed).to_string();
    let both = MlDsa44Signer::from_seed(KeyName::parse("log.example").unwrap(), &[1; 32]).unwrap();
    let both = both.verifier_key();
    for (text, line, expected) in [
        ("quorum a\n".into(), 1, PolicyFault::Undefined("a".into())),
        ("group a all b\nquorum a\n".into(), 1, PolicyFault::Undefined("b".into())),
        ("group a all a\nquorum a\n".into(), 1, PolicyFault::Undefined("a".into())),
        ("group a all\nquorum a\n".into(), 1, PolicyFault::Threshold),
        (format!("witness a {}\ngroup g 2 a\nquorum g\n", w(1)), 2, PolicyFault::Threshold),
        (format!("witness a {}\ngroup g 0 a\nquorum g\n", w(1)), 2, PolicyFault::Threshold),
        (format!("witness a {}\ngroup g 01 a\nquorum g\n", w(1)), 2, PolicyFault::Threshold),
        (format!("witness a {}\ngroup g -1 a\nquorum g\n", w(1)), 2, PolicyFault::Threshold),
        (format!("witness a {}\ngroup g any a a\nquorum g\n", w(1)), 2, PolicyFault::CountedTwice("a".into())),
        (
            format!("witness a {}\ngroup g any a\ngroup h any a\nquorum h\n", w(1)),
            3,
            PolicyFault::CountedTwice("a".into()),
        ),
        (format!("witness a {}\ngroup g any none\nquorum g\n", w(1)), 2, PolicyFault::Undefined("none".into())),
        (format!("witness none {}\nquorum none\n", w(1)), 1, PolicyFault::NameTaken("none".into())),
        (format!("witness a {}\nwitness a {}\nquorum a\n", w(1), w(2)), 2, PolicyFault::NameTaken("a".into())),
        (format!("witness a {}\nwitness b {}\nquorum a\n", w(1), w(1)), 2, PolicyFault::Duplicate),
        (format!("log {}\nlog {}\nquorum none\n", log(1), log(1)), 2, PolicyFault::Duplicate),
        (format!("log {both}\nwitness a {both}\nquorum a\n"), 2, PolicyFault::Duplicate),
        (format!("log {}\nquorum none\n", w(1)), 1, PolicyFault::KeyType),
        (format!("witness a {}\nquorum a\n", log(1)), 1, PolicyFault::KeyType),
        ("quorum none\nquorum none\n".into(), 2, PolicyFault::SecondQuorum),
        ("# nothing\n".into(), 2, PolicyFault::NoQuorum),
        ("quorum none\r\n".into(), 1, PolicyFault::Characters),
        ("quorum\n".into(), 1, PolicyFault::Form),
        ("trust everyone\n".into(), 1, PolicyFault::Form),
        ("quorum none extra\n".into(), 1, PolicyFault::Form),
    ] {
        assert_eq!(fault(&text), (line, expected), "{text}");
    }
    assert_eq!(Policy::parse(b"quorum none\n# \xff\n").unwrap_err().line, 2);
    assert!(matches!(fault("witness a b+c\nquorum a\n").1, PolicyFault::Key(_)));
    assert_eq!(fault(&"#".repeat(1_000_001)).1, PolicyFault::TooLong);
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in "(log|witness|group|quorum|none|all|any|[0-9]|a|b| |\t|\n|#){0,40}") {
        if let Ok(policy) = Policy::parse(text.as_bytes()) {
            let _ = policy.is_met_by(&[]);
        }
    }

    /// More cosignatures never make a policy unmet.
    #[test]
    fn a_policy_is_monotonic(some in prop::collection::vec(1_u8..7, 0..6), more in 1_u8..7) {
        let policy = Policy::parse(nested().as_bytes()).unwrap();
        let mut keys: Vec<_> = some.iter().map(|seed| witness(*seed)).collect();
        let before = policy.is_met_by(&keys.iter().collect::<Vec<_>>());
        keys.push(witness(more));
        prop_assert!(!before || policy.is_met_by(&keys.iter().collect::<Vec<_>>()));
    }
}
