//! How slow a peer may be. Pure: times and bytes come in.

use std::time::Duration;

/// A peer's credit of time: what it may still let the server wait. Bytes that move earn it back at a minimum rate, up to
/// the longest silence that is borne, so that neither silence nor drips can last, and nobody can save up for them by having
/// been fast before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    longest: Duration,
    credit: Duration,
}

impl Pace {
    /// Of a peer that has let nobody wait yet; `longest` is the longest silence that is borne.
    pub fn new(longest: Duration) -> Self {
        Self { longest, credit: longest }
    }

    /// For how long it may now let the server wait.
    pub fn patience(&self) -> Duration {
        self.credit
    }

    /// Whether it has been so slow before that less than the longest silence is left to it.
    pub fn is_in_arrears(&self) -> bool {
        self.credit < self.longest
    }

    /// After a wait, so many bytes moved; `minimum_rate` is in bytes a second on average.
    pub fn moved(&mut self, waited: Duration, bytes: usize, minimum_rate: u32) {
        if waited.is_zero() && !self.is_in_arrears() {
            return;
        }
        let earned = Duration::from_secs_f64(bytes as f64 / f64::from(minimum_rate.max(1)));
        self.credit = (self.credit.saturating_sub(waited) + earned).min(self.longest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn whoever_keeps_the_rate_is_borne_for_ever() {
        let mut pace = Pace::new(10 * SECOND);
        for _ in 0..10_000 {
            pace.moved(SECOND, 100, 100);
            assert!(pace.patience() >= 9 * SECOND);
        }
    }

    #[test]
    fn drips_use_the_credit_up_and_silence_does_at_once() {
        let mut pace = Pace::new(10 * SECOND);
        let drips = (1..).find(|_| {
            pace.moved(SECOND, 1, 100);
            pace.patience() < SECOND
        });
        assert_eq!(drips, Some(10));
        assert!(pace.is_in_arrears());
        pace.moved(60 * SECOND, 0, 100);
        assert_eq!(pace.patience(), Duration::ZERO);
    }

    #[test]
    fn having_been_fast_saves_nothing_up() {
        let mut pace = Pace::new(10 * SECOND);
        pace.moved(SECOND, 1 << 30, 1);
        assert_eq!(pace.patience(), 10 * SECOND);
        assert!(!pace.is_in_arrears());
    }
}
