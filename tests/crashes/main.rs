//! Crashes of the whole repository: whatever the disk does, and whenever it ends, the promise holds.
//!
//! Registrar, documents, tiles, checkpoints, own record and start run on a simulated disk, by hand, so that a seed gives
//! the same history again, call by call. Each history is some lives of a process: people lodge, determine, read, publish,
//! withdraw, record needs and vote; checkpoints are signed, orphans swept, the journal scrubbed; calls of the disk fail
//! (EIO, ENOSPC, short writes, failed syncs), and a life ends with a stop, a kill, or the power going at any call, the
//! start's own included. After every restart every invariant is checked (`invariants.rs`).
//!
//! What is modelled otherwise: the view lies on the real file system, where its engine keeps it. A crash leaves it as it
//! was, takes it back to an earlier position, or wipes it. The keys are read from real files at each start.
//!
//! `STRONGROOM_CRASHES` sets the number of histories, `STRONGROOM_SEED` runs one again and prints the last calls of the
//! disk if it fails.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail it")]
#![allow(missing_docs, reason = "a test, not an interface")]

mod deeds;
mod expected;
mod history;
mod invariants;
mod place;
mod random;
mod seen;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::Instant;

use history::History;
use place::Base;
use seen::Seen;

/// The histories of an ordinary run, in a build that is not optimised.
const HISTORIES: u64 = 150;

/// So many histories reach every kind of end.
const CAMPAIGN: u64 = 2_000;

#[test]
fn no_crash_breaks_the_promise() {
    let number = |name| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let one = number("STRONGROOM_SEED");
    let seeds = match one {
        Some(seed) => seed..seed + 1,
        None => 0..number("STRONGROOM_CRASHES").unwrap_or(HISTORIES),
    };
    let count = seeds.end - seeds.start;
    let base = std::thread::scope(|scope| in_thread(scope, Base::new).join().expect("a base"));
    let begun = Instant::now();
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut seen = Seen::default();
    std::thread::scope(|scope| {
        let shares: Vec<_> = (0..threads)
            .map(|share| (seeds.clone().skip(share).step_by(threads), &base))
            .map(|(seeds, base)| in_thread(scope, move || run(base, seeds, one.is_some())))
            .collect();
        shares.into_iter().for_each(|share| seen.add(&share.join().expect("no history fails")));
    });
    let seconds = begun.elapsed().as_secs_f64();
    println!("crashes: {count} histories in {seconds:.0} s, {:.0} a second; {seen}", count as f64 / seconds);
    if count >= CAMPAIGN {
        let missing = seen.missing();
        assert!(missing.is_empty(), "the histories no longer reach {missing:?}");
    }
}

#[test]
fn a_seed_gives_the_same_history_again_call_by_call() {
    std::thread::scope(|scope| in_thread(scope, || repeat(&Base::new())).join().expect("no history fails"));
}

fn repeat(base: &Base) {
    for seed in 0..40 {
        let [once, again] = [(), ()].map(|()| {
            let mut history = History::new(base, seed);
            history.write_down();
            history.run();
            history.written_down()
        });
        assert!(once.len() > 100, "{} calls", once.len());
        let differing = once.iter().zip(&again).position(|(one, other)| one != other);
        assert_eq!(differing.map(|at| (at, &once[at], &again[at])), None, "seed {seed}");
        assert_eq!(once.len(), again.len(), "seed {seed}");
    }
}

/// A thread with room for the frames of unoptimised futures.
fn in_thread<'scope, T: Send + 'scope>(
    scope: &'scope std::thread::Scope<'scope, '_>,
    work: impl FnOnce() -> T + Send + 'scope,
) -> std::thread::ScopedJoinHandle<'scope, T> {
    std::thread::Builder::new().stack_size(64 << 20).spawn_scoped(scope, work).expect("a thread")
}

fn run(base: &Base, seeds: impl Iterator<Item = u64>, written_down: bool) -> Seen {
    let mut seen = Seen::default();
    for seed in seeds {
        let mut history = History::new(base, seed);
        if written_down {
            history.write_down();
        }
        match catch_unwind(AssertUnwindSafe(|| history.run())) {
            Ok(()) => seen.add(history.seen()),
            Err(panic) => {
                let calls = history.written_down();
                calls.iter().skip(calls.len().saturating_sub(60)).for_each(|call| eprintln!("{call}"));
                eprintln!("failed: run again with STRONGROOM_SEED={seed}");
                resume_unwind(panic);
            }
        }
    }
    seen
}
