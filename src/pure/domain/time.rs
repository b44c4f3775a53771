//! Instants and days, as values: the domain never asks a clock.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant in UTC with microsecond resolution. Its text is RFC 3339 with exactly six fractional digits, so that a
/// record of an instant has one spelling.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(Timestamp);

impl Instant {
    /// The Unix epoch.
    pub const EPOCH: Self = Self(Timestamp::UNIX_EPOCH);

    /// The instant `micros` microseconds after the Unix epoch; `None` outside the years -9999 to 9999.
    pub fn from_unix_micros(micros: i64) -> Option<Self> {
        Timestamp::from_microsecond(micros).ok().map(Self)
    }

    /// Microseconds since the Unix epoch.
    pub fn unix_micros(self) -> i64 {
        self.0.as_microsecond()
    }

    /// Whole seconds since the Unix epoch.
    pub fn unix_seconds(self) -> i64 {
        self.0.as_second()
    }

    /// Parses RFC 3339; anything finer than a microsecond is cut off.
    pub fn parse(text: &str) -> Result<Self, InvalidInstant> {
        let parsed: Timestamp = text.parse().map_err(|_| InvalidInstant)?;
        Self::from_unix_micros(parsed.as_microsecond()).ok_or(InvalidInstant)
    }

    /// This instant moved by `duration`, or the last instant that can be written if that lies beyond it.
    pub fn saturating_add(self, duration: SignedDuration) -> Self {
        Self(self.0.saturating_add(duration).unwrap_or(Timestamp::MAX))
    }

    /// The same time of day in `zone` so many calendar months later, or the last instant that can be written if that
    /// lies beyond it. A day that the month lacks is its last one.
    pub fn months_later(self, months: u32, zone: &TimeZone) -> Self {
        let span = Span::new().try_months(months);
        let later = span.and_then(|span| self.0.to_zoned_datetime(zone.clone()).checked_add(span));
        later.map_or(Self(Timestamp::MAX), |later| Self::from(later.timestamp()))
    }

    /// How long it is from `earlier` to this instant; negative if it is not earlier.
    pub fn since(self, earlier: Self) -> SignedDuration {
        self.0.duration_since(earlier.0)
    }

    /// The civil day of this instant in `zone`.
    pub fn day_in(self, zone: &TimeZone) -> Date {
        self.0.to_zoned_datetime(zone.clone()).date()
    }

    /// The same instant for interfaces that speak jiff.
    pub fn to_timestamp(self) -> Timestamp {
        self.0
    }
}

impl From<Timestamp> for Instant {
    fn from(timestamp: Timestamp) -> Self {
        // Every `Timestamp` lies within the range that `from_microsecond` accepts.
        Self(Timestamp::from_microsecond(timestamp.as_microsecond()).unwrap_or(timestamp))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}", self.0)
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// The text is not an RFC 3339 instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an instant is written as in RFC 3339, for example 2026-11-24T09:30:00Z")]
pub struct InvalidInstant;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_has_one_spelling() {
        for text in ["2026-11-24T09:30:00Z", "2026-11-24T10:30:00+01:00", "2026-11-24T09:30:00.0000009Z"] {
            assert_eq!(Instant::parse(text).unwrap().to_string(), "2026-11-24T09:30:00.000000Z");
        }
    }

    #[test]
    fn months_are_those_of_the_calendar() {
        let london = TimeZone::get("Europe/London").unwrap();
        let midnight = Instant::parse("2026-05-31T00:00:00+01:00").unwrap();
        assert_eq!(midnight.months_later(6, &london), Instant::parse("2026-11-30T00:00:00Z").unwrap());
        assert_eq!(midnight.months_later(24, &london), Instant::parse("2028-05-31T00:00:00+01:00").unwrap());
        assert!(midnight.months_later(u32::MAX, &london) > Instant::parse("9999-12-30T00:00:00Z").unwrap());
    }

    #[test]
    fn a_day_is_a_day_in_london() {
        let london = TimeZone::get("Europe/London").unwrap();
        let late_evening_utc = Instant::parse("2026-07-01T23:30:00Z").unwrap();
        assert_eq!(late_evening_utc.day_in(&london).to_string(), "2026-07-02");
    }
}
