//! Working days: Monday to Friday less the bank holidays of the profile; and the promptness that is counted in them
//! (LODGE-5).

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};

use super::document::Document;
use super::profile::Profile;
use super::version::Version;

/// The types of the documents that the Code itself incorporates (SEC L5.7): how promptly they are lodged is measured.
pub const INCORPORATED_TYPES: [&str; 2] = ["certificate_policy", "compliance_policy"];

/// The working days from a version's incorporation into the Code to its lodgement: 1 for the working day after, 0 for the
/// same day or an earlier one. `None` without a day of incorporation, and for a document that the Code does not
/// incorporate.
pub fn promptness(profile: &Profile, document: &Document, version: &Version) -> Option<u32> {
    let incorporated = version.incorporated.filter(|_| INCORPORATED_TYPES.contains(&document.kind.as_str()))?;
    let lodged = version.lodged_at.day_in(&profile.zone());
    Some(working_days_after(incorporated, lodged, &profile.bank_holidays))
}

/// The number of working days after `from`, up to and with `to`; 0 if `to` is not later.
pub fn working_days_after(from: Date, to: Date, bank_holidays: &[Date]) -> u32 {
    let days = to.duration_since(from).as_hours() / 24;
    let Ok(days) = u32::try_from(days) else { return 0 };
    let (weeks, rest) = (days / 7, days % 7);
    let mut weekday = from.weekday();
    let mut odd_days = 0;
    for _ in 0..rest {
        weekday = weekday.next();
        odd_days += u32::from(is_of_the_week(weekday));
    }
    // A calendar may name a day twice, or one at a weekend.
    let holidays: BTreeSet<_> = bank_holidays
        .iter()
        .filter(|holiday| from < **holiday && **holiday <= to && is_of_the_week(holiday.weekday()))
        .collect();
    (weeks * 5 + odd_days).saturating_sub(u32::try_from(holidays.len()).unwrap_or(u32::MAX))
}

fn is_of_the_week(weekday: Weekday) -> bool {
    !matches!(weekday, Weekday::Saturday | Weekday::Sunday)
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lodge_5_weekends_and_bank_holidays_are_no_working_days() {
        let holidays = [date(2026, 12, 25), date(2026, 12, 28), date(2026, 12, 28), date(2026, 12, 26)];
        let thursday = date(2026, 12, 24);
        for (day, expected) in [(24, 0), (25, 0), (27, 0), (28, 0), (29, 1), (31, 3)] {
            assert_eq!(working_days_after(thursday, date(2026, 12, day), &holidays), expected, "{day}");
        }
        assert_eq!(working_days_after(date(2026, 11, 20), date(2026, 11, 23), &[]), 1);
    }

    #[test]
    fn lodge_5_what_was_lodged_before_its_incorporation_is_prompt() {
        assert_eq!(working_days_after(date(2026, 11, 24), date(2026, 11, 2), &[]), 0);
        assert_eq!(working_days_after(date(9999, 12, 31), date(-9999, 1, 1), &[]), 0);
        assert!(working_days_after(date(-9999, 1, 1), date(9999, 12, 31), &[]) > 5_000_000);
    }

    proptest! {
        #[test]
        fn lodge_5_the_count_is_that_of_walking_day_by_day(start in 0..2_000_i64, days in 0..400_i64, off in prop::collection::vec(0..2_400_i64, 0..20)) {
            let epoch = date(2024, 1, 1);
            let on = |day: i64| epoch.saturating_add(day.days());
            let holidays: Vec<_> = off.into_iter().map(on).collect();
            let walked = (start + 1..=start + days).map(on).filter(|day| is_of_the_week(day.weekday()) && !holidays.contains(day));
            prop_assert_eq!(working_days_after(on(start), on(start + days), &holidays), u32::try_from(walked.count()).unwrap());
        }
    }
}
