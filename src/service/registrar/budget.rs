//! A budget of refusals for each person, so that nobody fills the log with them (READ-7).

use std::num::NonZeroU32;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::pure::domain::id::Handle;

/// How many refusals of a person become entries in a while.
pub struct RefusalBudget(DefaultKeyedRateLimiter<Handle>);

impl RefusalBudget {
    /// `per_minute` refusals a person and minute, as many at once.
    pub fn new(per_minute: NonZeroU32) -> Self {
        Self(RateLimiter::keyed(Quota::per_minute(per_minute)))
    }

    /// Takes one refusal out of the person's budget; false if it is used up.
    pub fn take(&self, person: &Handle) -> bool {
        self.0.check_key(person).is_ok()
    }

    /// Forgets people whose budget is whole again.
    pub fn tidy(&self) {
        self.0.retain_recent();
    }
}
