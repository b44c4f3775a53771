//! Terms, and the dates that follow from them (ToR sections 7.4 and 7.7).

use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::super::body::{Body, BodyRules, ReviewSubject, SeatRole};
use super::super::facts::{Facts, FactsDamaged, FactsExt};
use super::super::person::Appointment;
use super::super::time::Instant;
use super::each_appointment;

/// Whether the holder is to be warned that the term ends: it has begun or will, and ends within the days of the rules.
pub fn ends_soon(held: &Appointment, rules: &BodyRules, now: Instant) -> bool {
    let warned = held.until.saturating_add(SignedDuration::from_hours(-24 * i64::from(rules.term_warning_days)));
    held.approved.is_some() && held.ended.is_none() && warned <= now && now < held.until
}

/// The end of the longest term that begins at `from`.
pub fn longest_term(from: Instant, rules: &BodyRules, zone: &TimeZone) -> Instant {
    from.months_later(rules.term_months, zone)
}

/// When a body's reviews are due, as days in the profile's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReviewsDue {
    /// The next review of the membership; `None` before anybody was appointed.
    pub membership: Option<Date>,
    /// The next review of the Chair's appointment; `None` while nobody holds the Chair's seat.
    pub chair: Option<Date>,
}

/// When the reviews of `body` are due: so many months after the last one, or after the first appointment and the start of
/// the Chair's present term.
pub fn reviews_due(facts: &dyn Facts, body: &Body, now: Instant) -> Result<ReviewsDue, FactsDamaged> {
    let zone = facts.profile()?.ok_or_else(|| FactsDamaged("no profile was adopted".into()))?.zone();
    let is_chairs = |held: &Appointment| body.seat(&held.seat).is_some_and(|seat| seat.role == SeatRole::Chair);
    let (mut first, mut chair_since) = (None::<Instant>, None::<Instant>);
    each_appointment(facts, |person, held| {
        let Some(from) = held.from.filter(|_| held.body == body.handle && held.approved.is_some()) else { return };
        first = Some(first.map_or(from, |first| first.min(from)));
        if person.active && is_chairs(held) && held.is_appointed(now) {
            chair_since = Some(chair_since.map_or(from, |since| since.max(from)));
        }
    })?;
    let last = |of| body.reviews.iter().filter(|review| review.of == of).map(|review| review.at).max();
    let due = |since: Instant, months| since.months_later(months, &zone).day_in(&zone);
    let membership = last(ReviewSubject::Membership).or(first);
    let chair = chair_since.map(|since| last(ReviewSubject::Chair).map_or(since, |last| last.max(since)));
    Ok(ReviewsDue {
        membership: membership.map(|since| due(since, body.rules.membership_review_months)),
        chair: chair.map(|since| due(since, body.rules.chair_review_months)),
    })
}
