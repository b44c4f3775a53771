//! What bounds the work: everything from outside has a limit.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::pure::domain::id::CredentialId;

/// The limits of the HTTP room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpLimits {
    /// The largest document that can be lodged, in bytes.
    pub max_document_bytes: u64,
    /// The largest body of any other request, in bytes.
    pub max_body_bytes: usize,
    /// The largest header of a request, all fields together, in bytes.
    pub max_header_bytes: usize,
    /// The longest URL, in bytes.
    pub max_url_bytes: usize,
    /// The longest wait for a request's header. A listener keeps the one with which it began to listen.
    pub header_timeout: Duration,
    /// The longest silence in an upload.
    pub upload_idle: Duration,
    /// The slowest upload that is borne, in bytes a second on average.
    pub upload_minimum_rate: u32,
    /// The longest upload.
    pub upload_total: Duration,
    /// The longest time for which a reader takes no byte of a download.
    pub download_idle: Duration,
    /// The most requests of one credential in a minute.
    pub requests_per_minute: NonZeroU32,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            max_document_bytes: 2 << 30,
            max_body_bytes: 256 << 10,
            max_header_bytes: 32 << 10,
            max_url_bytes: 8 << 10,
            header_timeout: Duration::from_secs(10),
            upload_idle: Duration::from_secs(30),
            upload_minimum_rate: 16 << 10,
            upload_total: Duration::from_secs(4 * 60 * 60),
            download_idle: Duration::from_secs(60),
            requests_per_minute: NonZeroU32::MIN.saturating_add(59_999),
        }
    }
}

/// The limits as they are now, with what each credential has used of its requests. They can be replaced at any time.
pub struct CurrentLimits {
    limits: ArcSwap<HttpLimits>,
    requests: ArcSwap<DefaultKeyedRateLimiter<CredentialId>>,
}

impl CurrentLimits {
    /// The limits with which a server begins.
    pub fn new(limits: HttpLimits) -> Self {
        let requests = ArcSwap::from_pointee(whole_budgets(&limits));
        Self { limits: ArcSwap::from_pointee(limits), requests }
    }

    /// The limits now. Whoever asks once for a request serves the whole of it under the same ones.
    pub fn get(&self) -> Arc<HttpLimits> {
        self.limits.load_full()
    }

    /// Puts other limits in their place, for everything that begins from now on. Budgets of requests begin anew if the
    /// number of them is another one; otherwise what was used of them stays used.
    pub fn replace(&self, limits: HttpLimits) {
        let limits = Arc::new(limits);
        let before = self.limits.swap(Arc::clone(&limits));
        if before.requests_per_minute != limits.requests_per_minute {
            self.requests.store(Arc::new(whole_budgets(&limits)));
        }
    }

    /// Takes one request out of the credential's budget; if it is used up, the seconds until there is another.
    pub fn take_request(&self, credential: CredentialId) -> Result<(), u64> {
        let taken = self.requests.load().check_key(&credential);
        taken.map_err(|not_until| not_until.wait_time_from(DefaultClock::default().now()).as_secs().max(1))
    }

    /// Forgets credentials whose budget is whole again.
    pub fn tidy(&self) {
        self.requests.load().retain_recent();
    }
}

impl std::fmt::Debug for CurrentLimits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("CurrentLimits").field(&self.limits.load()).finish()
    }
}

fn whole_budgets(limits: &HttpLimits) -> DefaultKeyedRateLimiter<CredentialId> {
    RateLimiter::keyed(Quota::per_minute(limits.requests_per_minute))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_of_a_budget_stays_used_until_the_budget_is_another() {
        let credential = CredentialId([7; 32]);
        let limits = |requests: u32, url: usize| HttpLimits {
            requests_per_minute: NonZeroU32::new(requests).unwrap(),
            max_url_bytes: url,
            ..HttpLimits::default()
        };
        let current = CurrentLimits::new(limits(1, 100));
        assert!(current.take_request(credential).is_ok());
        current.replace(limits(1, 200));
        assert_eq!(current.get().max_url_bytes, 200);
        assert!(current.take_request(credential).is_err());
        current.replace(limits(2, 200));
        assert!(current.take_request(credential).is_ok());
    }
}
