//! What keeps the registrar from entering, as the operator is told of it.

use std::fmt;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant as Moment};

use crate::pure::domain::time::Instant;
use crate::service::clock::{ClockFault, MAX_BEHIND};

/// Why nothing is entered, for good or for the time being. The registrar's thread tells, anyone asks.
#[derive(Debug, Default)]
pub struct Conditions {
    /// Set once: a restart recovers.
    standstill: OnceLock<String>,
    passing: Mutex<Passing>,
}

/// What passes by itself, or when its operator has seen to it.
#[derive(Debug, Default)]
struct Passing {
    /// Since when the disk has had a batch to make durable.
    writing: Option<Moment>,
    /// When there was no space for an entry, if there has been none since.
    full: Option<Moment>,
    jumped: bool,
    last_entry: Option<Instant>,
}

/// Something that keeps the registrar from entering, with its remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Obstacle {
    Standstill(String),
    Silent(Duration),
    Full,
    Clock(ClockFault),
}

impl Conditions {
    /// Of a registrar whose last entry is of that time; `jumped` tells whether a jump of the clock is to be accepted.
    pub(super) fn new(last_entry: Option<Instant>, jumped: bool) -> Self {
        let passing = Passing { last_entry, jumped, ..Passing::default() };
        Self { standstill: OnceLock::new(), passing: Mutex::new(passing) }
    }

    /// The reason, if the registrar stands still until a restart.
    pub(super) fn standstill(&self) -> Option<String> {
        self.standstill.get().cloned()
    }

    /// Everything that is in the way at `now`, as sentences.
    pub(super) fn obstacles(&self, now: Instant) -> Vec<String> {
        self.found(now, Moment::now()).iter().map(ToString::to_string).collect()
    }

    pub(super) fn stand_still(&self, reason: String) {
        // The first reason is the one that matters.
        let _ = self.standstill.set(reason);
    }

    pub(super) fn jumped(&self) {
        self.passing().jumped = true;
    }

    /// The disk gets a batch.
    pub(super) fn write_begins(&self) {
        self.passing().writing = Some(Moment::now());
    }

    /// The disk has made it durable; the last entry is of that time.
    pub(super) fn written(&self, last_entry: Option<Instant>) {
        let mut passing = self.passing();
        (passing.writing, passing.full, passing.last_entry) = (None, None, last_entry);
    }

    /// There was no space for it.
    pub(super) fn full(&self) {
        let mut passing = self.passing();
        (passing.writing, passing.full) = (None, Some(Moment::now()));
    }

    /// It was not stored for another reason.
    pub(super) fn write_failed(&self) {
        self.passing().writing = None;
    }

    fn found(&self, now: Instant, moment: Moment) -> Vec<Obstacle> {
        let Passing { writing, full, jumped, last_entry } = *self.passing();
        let since = |then: Moment| moment.saturating_duration_since(then);
        let silent = writing.map(since).filter(|silence| *silence >= SILENCE);
        // It can be known only by another attempt, so that it must not keep others from making one for ever.
        let full = full.filter(|full| since(*full) < FULL_IS_TOLD);
        let behind = last_entry.is_some_and(|last| last.since(now) > MAX_BEHIND);
        let clock = if jumped { Some(ClockFault::JumpedAhead) } else { behind.then_some(ClockFault::Behind) };
        let standstill = self.standstill().map(Obstacle::Standstill);
        let passing = [silent.map(Obstacle::Silent), full.map(|_| Obstacle::Full), clock.map(Obstacle::Clock)];
        standstill.into_iter().chain(passing.into_iter().flatten()).collect()
    }

    fn passing(&self) -> MutexGuard<'_, Passing> {
        self.passing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standstill(reason) => write!(f, "audit log: nothing can be entered until a restart: {reason}"),
            Self::Silent(silence) => write!(
                f,
                "audit log: the disk has not confirmed a write for {} s, and everything waits for it; see to the disk of \
                 the data directory",
                silence.as_secs()
            ),
            Self::Full => f.write_str(
                "audit log: there is no space for entries; free space on the disk of the data directory, no restart is \
                 needed",
            ),
            Self::Clock(fault) => write!(f, "clock: {fault}"),
        }
    }
}

/// After which silence the disk is said not to answer: far beyond what a slow one takes.
const SILENCE: Duration = Duration::from_secs(5);

/// For how long it is told that there was no space.
const FULL_IS_TOLD: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    #[test]
    fn a_clock_that_is_behind_is_told_until_it_is_right() {
        let conditions = Conditions::new(Some(at("2026-11-24T09:00:10Z")), false);
        let found = |now| conditions.found(at(now), Moment::now());
        assert_eq!(found("2026-11-24T09:00:07Z"), [Obstacle::Clock(ClockFault::Behind)]);
        assert_eq!(found("2026-11-24T09:00:08Z"), []);
    }

    #[test]
    fn a_silent_disk_is_told_while_it_is_silent() {
        let conditions = Conditions::default();
        conditions.write_begins();
        let later = Moment::now() + SILENCE;
        assert!(matches!(conditions.found(Instant::EPOCH, later)[..], [Obstacle::Silent(_)]));
        assert_eq!(conditions.found(Instant::EPOCH, Moment::now()), []);
        conditions.written(None);
        assert_eq!(conditions.found(Instant::EPOCH, later), []);
    }

    #[test]
    fn a_full_disk_is_told_until_an_entry_finds_space_or_nobody_has_tried_for_long() {
        let conditions = Conditions::default();
        conditions.full();
        let now = Moment::now();
        assert_eq!(conditions.found(Instant::EPOCH, now), [Obstacle::Full]);
        assert_eq!(conditions.found(Instant::EPOCH, now + FULL_IS_TOLD), []);
        conditions.written(None);
        assert_eq!(conditions.found(Instant::EPOCH, now), []);
    }
}
