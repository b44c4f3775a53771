//! NIST's Public Key Interoperability Test Suite (PKITS, 2011) against what the server judges client certificates with.
//!
//! ```text
//! cases.txt ──► certificates and lists of PKITS ──► ClientTrust::load ──► ClientVerifier::reverify ──► finding
//!                                             └──► rustls alone (for the count of what the profile adds)
//! ```
//!
//! Each case is a person's certificate, the CAs above it, and the lists, with the suite's default settings; lists are
//! required and an unknown status is refused. None of the suite's certificates names a purpose, which the profile asks last:
//! whoever is refused for the purpose alone was found good in everything else, and counts as accepted here. Whoever the
//! suite calls invalid must be refused for another reason.
//!
//! The suite is installed by `.ci/pkits/install`, and `STRONGROOM_PKITS` names its folder.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of a test may fail, as the test may")]

mod cases;
mod suite;

use std::collections::BTreeMap;

use cases::{Case, Outcome};
use suite::Suite;

#[test]
fn every_case_is_found_as_the_table_says_and_no_invalid_one_is_accepted() {
    let suite = Suite::open();
    let cases = Case::all();
    let mut wrong = Vec::new();
    let (mut tally, mut closed, mut reasons) = ([0; 4], 0, BTreeMap::<String, usize>::new());
    for case in &cases {
        let found = suite.finding(case);
        let accepted = found == ACCEPTED;
        if found != case.finding {
            wrong.push(format!("{} {:?} {}: {found}, not {}", case.number, case.outcome, case.person, case.finding));
        }
        match (case.outcome, accepted) {
            (Outcome::Valid, true) => tally[0] += 1,
            (Outcome::Valid, false) => {
                tally[1] += 1;
                *reasons.entry(found).or_default() += 1;
            }
            (Outcome::Invalid, true) => tally[2] += 1,
            (Outcome::Invalid, false) => {
                tally[3] += 1;
                closed += usize::from(suite.rustls_alone(case));
            }
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
    let [accepted, refused, let_in, kept_out] = tally;
    assert_eq!((cases.len(), let_in), (SUITE, 0));
    let reasons: Vec<_> = reasons.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
    println!(
        "pkits: {SUITE} tests: of {} invalid ones 0 accepted ({closed} of them rustls alone would accept); of {} valid ones \
         {accepted} accepted but for the purpose, {refused} refused ({})",
        let_in + kept_out,
        accepted + refused,
        reasons.join(", ")
    );
}

#[test]
fn nobody_without_a_purpose_gets_in() {
    let suite = Suite::open();
    for case in Case::all() {
        assert!(suite.judge(&case).is_err(), "{}", case.number);
    }
}

/// What is found of a certificate to which nothing is objected but that it names no purpose.
const ACCEPTED: &str = "accepted";

/// The tests of the suite's sections 4.1 to 4.16.
const SUITE: usize = 224;
