//! The exhaustive oracle of the read decision: the rules written a second time, as Cedar policies that a lawyer can read
//! (`*.cedar`), against the domain's own decision over real facts.
//!
//! A fact of the register or of a version matters to a read only through a few predicates: which seats are in force,
//! which agreements are signed, which grants hold, what is in the way, whether the need suffices. The space of the
//! predicates is enumerated in two products, and what the products leave out is shown to leave nothing out:
//!
//! - **audiences**: every level, every combination of the reader's relations and of what widens the audience, with nothing
//!   in the way, on a need that suffices and on the Secretariat's;
//! - **gates**: every single way into an audience, and none, against every obstacle, withdrawal, office and need;
//! - **histories**: facts that differ while the predicates do not (a seat that lapsed is no seat, however it lapsed);
//! - **samples** from the whole space at once, several ways in, obstacles and grants together.
//!
//! Facts come from events through `apply`, and the question goes through `decide`, which asks `may_read`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, helpers included")]

mod bench;
mod history;
mod invariants;
mod judge;
mod need;
mod paper;
mod profile;
mod reader;
mod space;

use cedar_policy::{ValidationMode, Validator};
use strongroom::pure::domain::classification::Classification;

use bench::agree;
use judge::{Judge, schema};
use need::{Need, Words};
use paper::{Marking, Paper, version_in};

#[test]
fn the_policies_speak_of_what_the_schema_has() {
    let judged = Validator::new(schema()).validate(Judge::new().policies(), ValidationMode::Strict);
    let findings: Vec<_> = judged.validation_errors().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn audiences_are_as_the_policies_say() {
    let needs = [Need::stated(Words::Meeting), Need::stated(Words::SecretariatMeeting)];
    let tally = agree(&Judge::new(), &space::relations(), &space::audiences(), &needs);
    println!("audiences: {tally:?}");
}

#[test]
fn gates_are_as_the_policies_say_and_no_policy_is_idle() {
    let judge = Judge::new();
    for (readers, papers) in space::gates() {
        let tally = agree(&judge, &readers, &papers, &Need::all());
        println!("gates: {tally:?}");
    }
    let tally = agree(&judge, &space::credentials(), &space::one_a_level(), &Need::all());
    println!("credentials: {tally:?}");
    assert_eq!(judge.unused(), Vec::<String>::new(), "policies that determine nothing");
}

#[test]
fn histories_that_come_to_the_same_are_judged_the_same() {
    let needs = [Need::stated(Words::Meeting), Need::stated(Words::SecretariatMeeting)];
    for (readers, papers) in space::histories() {
        let tally = agree(&Judge::new(), &readers, &papers, &needs);
        println!("histories: {tally:?}");
    }
}

#[test]
fn samples_of_the_whole_space_are_as_the_policies_say() {
    let judge = Judge::new();
    let mut chance = space::Chance::from(2026);
    for _ in 0..SAMPLES {
        let (readers, papers, needs) = (chance.readers(12), chance.papers(12), chance.needs(4));
        agree(&judge, &readers, &papers, &needs);
    }
}

#[test]
fn white_1_only_white_is_published_and_nothing_withdrawn() {
    for marking in Marking::ALL {
        for withdrawn in [false, true] {
            for published in [false, true] {
                let paper = Paper { withdrawn, published, ..Paper::marked(marking) };
                let white = marking.classification() == Some(Classification::White);
                let version = version_in(&paper.history());
                assert_eq!(version.is_published(), white && published && !withdrawn, "{paper:?}");
            }
        }
    }
}

/// Each is a product of 12 readers, 12 papers and 4 needs.
const SAMPLES: usize = 60;
