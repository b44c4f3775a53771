//! Every bit: each bit of a small journal, of documents, keys and tiles flipped, their files cut at each byte, and worse.
//!
//! Whatever changed is detected and named, or provably without effect: then everything reads as before. Nothing is ever
//! misread, and nothing panics. Only a flip in the last frame of an unclosed journal, which nothing signed covers, may be
//! ambiguous. What was signed, and the key that signed it, are in `service::startup`'s own test of the name.
//!
//! Each kind prints its line: `cargo test bits -- --nocapture`. What is large is sampled, and gone through whole with
//! `STRONGROOM_BITS=all`, best with `--release`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail it")]

mod blobs;
mod journal;
mod keys;
mod tiles;

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

/// How a change was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Met {
    /// It was refused, and the message says which file.
    Named,
    /// The operator is asked.
    Ambiguous,
    /// Everything reads as before.
    NoEffect,
}

/// What was done to the files of a kind, and how it was met.
struct Tally {
    kind: &'static str,
    flips: AtomicU64,
    cuts: AtomicU64,
    others: AtomicU64,
    named: AtomicU64,
    ambiguous: AtomicU64,
    without_effect: AtomicU64,
}

impl Tally {
    const fn of(kind: &'static str) -> Self {
        Self {
            kind,
            flips: AtomicU64::new(0),
            cuts: AtomicU64::new(0),
            others: AtomicU64::new(0),
            named: AtomicU64::new(0),
            ambiguous: AtomicU64::new(0),
            without_effect: AtomicU64::new(0),
        }
    }

    fn flip(&self, met: Met) -> Met {
        self.count(&self.flips, met)
    }

    fn cut(&self, met: Met) -> Met {
        self.count(&self.cuts, met)
    }

    /// Something else: files swapped, bytes added, sectors zeroed, frames twice.
    fn other(&self, met: Met) -> Met {
        self.count(&self.others, met)
    }

    fn count(&self, what: &AtomicU64, met: Met) -> Met {
        let how = match met {
            Met::Named => &self.named,
            Met::Ambiguous => &self.ambiguous,
            Met::NoEffect => &self.without_effect,
        };
        for counter in [what, how] {
            counter.fetch_add(1, Ordering::Relaxed);
        }
        met
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, .. } = self;
        let [flips, cuts, others, named, ambiguous, without_effect] =
            [&self.flips, &self.cuts, &self.others, &self.named, &self.ambiguous, &self.without_effect]
                .map(|counter| counter.load(Ordering::Relaxed));
        write!(f, "{kind}: {flips} bits flipped, {cuts} cuts, {others} other changes: ")?;
        write!(f, "{named} detected, {ambiguous} ambiguous, {without_effect} without effect")
    }
}

/// `sampled` unless everything is asked for.
fn step(sampled: usize) -> usize {
    if std::env::var("STRONGROOM_BITS").is_ok_and(|scale| scale == "all") { 1 } else { sampled }
}

/// Runs `work` on each of the items, on two threads, each with a place of its own from `make`.
fn on_two_threads<P, T: Sync>(items: &[T], make: impl Fn() -> P + Sync, work: impl Fn(&P, &T) + Sync) {
    std::thread::scope(|scope| {
        for half in 0..2 {
            let (make, work) = (&make, &work);
            scope.spawn(move || {
                let place = make();
                items.iter().skip(half).step_by(2).for_each(|item| work(&place, item));
            });
        }
    });
}
