//! Days and instants as people type them.

use jiff::Timestamp;
use jiff::civil::Date;

/// A day in Europe/London.
pub fn day(text: &str) -> Result<Date, &'static str> {
    text.parse().map_err(|_| "write a day as YYYY-MM-DD, for example 2019-06-03")
}

/// An instant, with its offset from UTC.
pub fn instant(text: &str) -> Result<Timestamp, &'static str> {
    text.parse().map_err(|_| "write an instant with its offset (RFC 3339), for example 2019-06-03T09:30:00Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_day_or_instant_is_answered_with_one() {
        assert_eq!(day("2019-06-03").unwrap().to_string(), "2019-06-03");
        assert!(day("3 June 2019").unwrap_err().contains("YYYY-MM-DD"));
        assert_eq!(instant("2019-06-03T10:30:00+01:00").unwrap().to_string(), "2019-06-03T09:30:00Z");
        assert!(instant("2019-06-03").unwrap_err().contains("RFC 3339"));
    }
}
