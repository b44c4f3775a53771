//! A budget of refusals for each person, so that nobody fills the log with them (READ-7).

use std::cell::RefCell;
use std::collections::HashMap;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::pure::domain::id::{CredentialId, Handle};

/// How many refusals of a person become entries in a while. It belongs to the registrar's thread.
pub struct RefusalBudget {
    refusals: DefaultKeyedRateLimiter<Handle>,
    /// How long it takes until one more refusal is within the budget.
    replenishment: Duration,
    /// Until when a credential whose person's budget was used up is not heard at all. Deciding for it would make no entry,
    /// and the time it takes would still tell what exists (READ-6).
    unheard: RefCell<HashMap<CredentialId, Instant>>,
}

impl RefusalBudget {
    /// `per_minute` refusals a person and minute, as many at once.
    pub fn new(per_minute: NonZeroU32) -> Self {
        let quota = Quota::per_minute(per_minute);
        Self {
            refusals: RateLimiter::keyed(quota),
            replenishment: quota.replenish_interval(),
            unheard: RefCell::new(HashMap::new()),
        }
    }

    /// Whether requests under `credential` are heard at present.
    pub fn hears(&self, credential: CredentialId) -> bool {
        let mut unheard = self.unheard.borrow_mut();
        match unheard.get(&credential) {
            Some(until) if Instant::now() < *until => false,
            Some(_) => {
                unheard.remove(&credential);
                true
            }
            None => true,
        }
    }

    /// Takes one refusal out of the person's budget; false if it is used up, and then the credential is not heard until
    /// there is one again.
    pub fn take(&self, person: &Handle, credential: CredentialId) -> bool {
        let within = self.refusals.check_key(person).is_ok();
        if !within {
            self.unheard.borrow_mut().insert(credential, Instant::now() + self.replenishment);
        }
        within
    }

    /// Forgets people whose budget is whole again.
    pub fn tidy(&self) {
        self.refusals.retain_recent();
        let now = Instant::now();
        self.unheard.borrow_mut().retain(|_, until| now < *until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_6_whoever_used_the_budget_up_is_not_heard_at_all() {
        let budget = RefusalBudget::new(NonZeroU32::MIN);
        let (person, credential) = (Handle::parse("prober").unwrap(), CredentialId([1; 32]));
        assert!(budget.hears(credential) && budget.take(&person, credential));
        assert!(budget.hears(credential), "the budget is not overdrawn yet");
        assert!(!budget.take(&person, credential));
        assert!(!budget.hears(credential));
        assert!(budget.hears(CredentialId([2; 32])), "another person is heard");
    }
}
