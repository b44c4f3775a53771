//! A model-based test: whatever people try, in whatever order, whatever ends the process, the repository does what the
//! rules say and keeps what it acknowledged.
//!
//! Random people try random things against the real registrar, which writes to a simulated disk, and against a small
//! reference that was written from the rules alone. After each attempt both agree on what became of it; after each
//! restart, kill and power failure every acknowledged entry is there, a view made from the journal alone is byte for byte
//! the live one, and both agree on who may read which version, which decisions are open or carried, which grants hold and
//! which suspensions stand.
//!
//! `STRONGROOM_MODEL_CASES` sets the number of histories. A history that fails is shrunk and printed, and its seed is
//! kept in `tests/model/regressions.txt`, from which every later run begins.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail it")]
#![allow(missing_docs, reason = "a test, not an interface")]

mod acts;
mod machine;
mod reference;
mod trial;

use std::cell::RefCell;
use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{FileFailurePersistence, TestRunner};

use acts::Deed;
use machine::End;
use trial::{Step, Trial};

#[test]
fn the_repository_does_what_the_rules_say() {
    let mut runner = TestRunner::new(config());
    let done = RefCell::new(BTreeMap::new());
    let outcome = runner.run(&(any::<u64>(), history()), |(seed, steps)| {
        let mut trial = Trial::new(seed);
        for step in &steps {
            trial.take(step);
        }
        for (kind, times) in trial.finish() {
            *done.borrow_mut().entry(kind).or_insert(0) += times;
        }
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}\n{runner}");
    }
    let done = done.into_inner();
    println!("what was done, and how often: {done:?}");
    if runner.config().cases >= CAMPAIGN {
        let never: Vec<_> = acts::DONE.into_iter().filter(|kind| !done.contains_key(*kind)).collect();
        assert!(never.is_empty(), "the histories no longer reach {never:?}");
    }
}

fn config() -> ProptestConfig {
    let cases = std::env::var("STRONGROOM_MODEL_CASES").ok().map(|text| text.parse().expect("a number of cases"));
    let kept = FileFailurePersistence::Direct(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/model/regressions.txt"));
    ProptestConfig {
        cases: cases.unwrap_or(CASES),
        failure_persistence: Some(Box::new(kept)),
        max_shrink_time: 60_000,
        ..ProptestConfig::default()
    }
}

/// The histories of an ordinary run.
const CASES: u32 = 12;

/// So many histories reach every kind of command.
const CAMPAIGN: u32 = 500;

fn history() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 10..100)
}

fn step() -> impl Strategy<Value = Step> {
    let end = prop_oneof![Just(End::Stop), Just(End::Kill), Just(End::PowerOff)];
    prop_oneof![
        60 => prop::collection::vec(deed(), 1..7).prop_map(Step::Try),
        2 => Just(Step::Again),
        6 => (1..400_u16).prop_map(Step::Wait),
        2 => (end, any::<bool>()).prop_map(|(end, rebuild)| Step::Restart { end, rebuild }),
        2 => (prop::collection::vec(deed(), 1..4), 0..12_u8, any::<bool>())
            .prop_map(|(deeds, calls, rebuild)| Step::PowerFails { deeds, calls, rebuild }),
        2 => Just(Step::Compare),
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    (any::<u8>(), any::<bool>(), any::<u16>(), any::<u8>(), any::<u8>(), any::<u8>())
        .prop_map(|(who, fitting, kind, a, b, c)| Deed { who, fitting, kind, a, b, c })
}
