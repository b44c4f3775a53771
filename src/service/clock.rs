//! The clock: the only place where Strongroom asks what time it is.
//!
//! Time never goes back: the registrar gives an entry the later of the clock and the last entry's time, and refuses
//! altogether while the clock cannot be right.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::SignedDuration;

use crate::pure::domain::time::Instant;

/// How far the clock may be behind the last entry before everything is refused.
pub const MAX_BEHIND: SignedDuration = SignedDuration::from_secs(2);

/// How far the clock may jump ahead of the time that really passed before everything is refused.
pub const MAX_JUMP: SignedDuration = SignedDuration::from_mins(5);

/// A source of time: what day and hour it is, and how much time passed.
pub struct Clock(Box<dyn Fn() -> Reading + Send + Sync>);

/// One look at a clock.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// The time of day.
    pub wall: Instant,
    /// Time that passed since some fixed moment, sleep included; it never jumps.
    pub elapsed: Duration,
}

impl Clock {
    /// The operating system's clock.
    pub fn system() -> Self {
        Self(Box::new(|| Reading { wall: wall(), elapsed: elapsed() }))
    }

    /// A clock that reads as `read` says: for tests that set it back or ahead.
    pub fn steered(read: impl Fn() -> Reading + Send + Sync + 'static) -> Self {
        Self(Box::new(read))
    }

    /// Looks at the clock.
    pub fn read(&self) -> Reading {
        (self.0)()
    }

    /// The time of day.
    pub fn now(&self) -> Instant {
        self.read().wall
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// Watches a clock for what cannot be right.
#[derive(Debug)]
pub struct ClockWatch {
    last: Option<Reading>,
    jumped: bool,
}

/// Why a clock is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClockFault {
    /// It is behind the last entry.
    #[error("the server's clock is over 2 s behind the last entry of the log; set the clock right")]
    Behind,
    /// It jumped ahead of the time that passed.
    #[error(
        "the server's clock jumped over 5 min ahead of the time that passed; if the new time is right, stop the server \
         and run 'strongroom clock accept'"
    )]
    JumpedAhead,
}

impl ClockWatch {
    /// Watches from now on; `jumped` tells whether an earlier jump is still to be accepted.
    pub fn new(jumped: bool) -> Self {
        Self { last: None, jumped }
    }

    /// Whether a jump is still to be accepted.
    pub fn has_jumped(&self) -> bool {
        self.jumped
    }

    /// The time of an entry made after one of time `last_entry`: the later of it and the clock, if the clock can be right.
    pub fn entry_time(&mut self, reading: Reading, last_entry: Option<Instant>) -> Result<Instant, ClockFault> {
        let jump = self.last.map_or(SignedDuration::ZERO, |last| {
            let passed = SignedDuration::try_from(reading.elapsed.saturating_sub(last.elapsed));
            reading.wall.since(last.wall) - passed.unwrap_or(SignedDuration::MAX)
        });
        self.jumped |= jump > MAX_JUMP;
        if self.jumped {
            return Err(ClockFault::JumpedAhead);
        }
        if last_entry.is_some_and(|last| last.since(reading.wall) > MAX_BEHIND) {
            // What cannot be right measures nothing: that it is set right again is no jump.
            return Err(ClockFault::Behind);
        }
        self.last = Some(reading);
        Ok(last_entry.map_or(reading.wall, |last| reading.wall.max(last)))
    }
}

fn wall() -> Instant {
    let micros = match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_micros()).map_or(i64::MIN, |micros| -micros),
    };
    // A clock beyond the years that can be written reads as the epoch, which the registrar refuses as behind.
    Instant::from_unix_micros(micros).unwrap_or(Instant::EPOCH)
}

/// Time since the machine started, sleep included, so that a laptop that slept has not jumped.
fn elapsed() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(wall: &str, elapsed: u64) -> Reading {
        Reading { wall: Instant::parse(wall).unwrap(), elapsed: Duration::from_secs(elapsed) }
    }

    #[test]
    fn an_entry_is_never_older_than_the_one_before() {
        let mut watch = ClockWatch::new(false);
        let last = Instant::parse("2026-11-24T09:00:01Z").unwrap();
        assert_eq!(watch.entry_time(reading("2026-11-24T09:00:00Z", 0), Some(last)), Ok(last));
    }

    #[test]
    fn a_clock_that_is_behind_is_refused_until_it_is_right() {
        let mut watch = ClockWatch::new(false);
        let last = Some(Instant::parse("2026-11-24T09:00:10Z").unwrap());
        assert_eq!(watch.entry_time(reading("2026-11-24T09:00:07Z", 0), last), Err(ClockFault::Behind));
        assert!(watch.entry_time(reading("2026-11-24T09:00:11Z", 4), last).is_ok());
    }

    #[test]
    fn a_clock_that_was_set_back_and_is_set_right_has_not_jumped() {
        let mut watch = ClockWatch::new(false);
        let last = Instant::parse("2026-11-24T09:00:00Z").unwrap();
        assert!(watch.entry_time(reading("2026-11-24T09:00:00Z", 0), Some(last)).is_ok());
        assert_eq!(watch.entry_time(reading("2026-11-24T08:00:01Z", 1), Some(last)), Err(ClockFault::Behind));
        assert!(watch.entry_time(reading("2026-11-24T09:00:02Z", 2), Some(last)).is_ok());
        let ahead = watch.entry_time(reading("2026-11-24T10:00:03Z", 3), Some(last));
        assert_eq!(ahead, Err(ClockFault::JumpedAhead), "what comes after is watched still");
    }

    #[test]
    fn a_jump_ahead_is_refused_until_it_is_accepted() {
        let mut watch = ClockWatch::new(false);
        assert!(watch.entry_time(reading("2026-11-24T09:00:00Z", 0), None).is_ok());
        assert!(watch.entry_time(reading("2026-11-24T10:00:00Z", 3600), None).is_ok(), "an hour really passed");
        let ahead = watch.entry_time(reading("2026-11-24T10:06:00Z", 3601), None);
        assert_eq!(ahead, Err(ClockFault::JumpedAhead));
        assert_eq!(watch.entry_time(reading("2026-11-24T10:06:01Z", 3602), None), Err(ClockFault::JumpedAhead));
    }
}
