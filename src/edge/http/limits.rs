//! What bounds the work: everything from outside has a limit.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::transport::places::Origin;
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
    /// The longest time for which a reader takes no byte of an answer.
    pub download_idle: Duration,
    /// The slowest reader that is borne, in bytes a second on average.
    pub download_minimum_rate: u32,
    /// The most requests of one credential in a minute.
    pub requests_per_minute: NonZeroU32,
    /// The most requests from one address in a minute, whoever sends them.
    pub requests_per_minute_per_address: NonZeroU32,
    /// The most handshakes with one address in a minute.
    pub handshakes_per_minute_per_address: NonZeroU32,
    /// The most connections from one address at a time.
    pub connections_per_address: u32,
    /// The most connections of one credential at a time.
    pub connections_per_credential: u32,
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
            download_minimum_rate: 4 << 10,
            requests_per_minute: NonZeroU32::MIN.saturating_add(59_999),
            requests_per_minute_per_address: NonZeroU32::MIN.saturating_add(239_999),
            handshakes_per_minute_per_address: NonZeroU32::MIN.saturating_add(11_999),
            connections_per_address: 512,
            connections_per_credential: 384,
        }
    }
}

/// The limits as they are now, with what has been used of rates. They can be replaced at any time.
pub struct CurrentLimits {
    limits: ArcSwap<HttpLimits>,
    requests: Budgets<CredentialId>,
    address_requests: Budgets<Origin>,
    handshakes: Budgets<Origin>,
}

impl CurrentLimits {
    /// The limits with which a server begins.
    pub fn new(limits: HttpLimits) -> Self {
        Self {
            requests: Budgets::new(limits.requests_per_minute),
            address_requests: Budgets::new(limits.requests_per_minute_per_address),
            handshakes: Budgets::new(limits.handshakes_per_minute_per_address),
            limits: ArcSwap::from_pointee(limits),
        }
    }

    /// The limits now. Whoever asks once for a request serves the whole of it under the same ones.
    pub fn get(&self) -> Arc<HttpLimits> {
        self.limits.load_full()
    }

    /// Puts other limits in their place, for everything that begins from now on. A rate's budgets begin anew if it is
    /// another one; otherwise what was used of them stays used.
    pub fn replace(&self, limits: HttpLimits) {
        self.requests.set_rate(limits.requests_per_minute);
        self.address_requests.set_rate(limits.requests_per_minute_per_address);
        self.handshakes.set_rate(limits.handshakes_per_minute_per_address);
        self.limits.store(Arc::new(limits));
    }

    /// Takes one request out of the credential's budget; if it is used up, the seconds until there is another.
    pub fn take_request(&self, credential: CredentialId) -> Result<(), u64> {
        self.requests.take(credential)
    }

    /// The same for a request from an address, whoever sends it.
    pub fn take_request_from(&self, origin: Origin) -> Result<(), u64> {
        self.address_requests.take(origin)
    }

    /// The same for a handshake with an address.
    pub fn take_handshake(&self, origin: Origin) -> Result<(), u64> {
        self.handshakes.take(origin)
    }

    /// Forgets whose budget is whole again.
    pub fn tidy(&self) {
        self.requests.tidy();
        self.address_requests.tidy();
        self.handshakes.tidy();
    }
}

impl std::fmt::Debug for CurrentLimits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("CurrentLimits").field(&self.limits.load()).finish()
    }
}

/// What each has left of a rate.
struct Budgets<K: Clone + Eq + Hash>(ArcSwap<Rated<K>>);

struct Rated<K: Clone + Eq + Hash> {
    rate: NonZeroU32,
    limiter: DefaultKeyedRateLimiter<K>,
    taken: AtomicUsize,
}

impl<K: Clone + Eq + Hash> Budgets<K> {
    fn new(rate: NonZeroU32) -> Self {
        Self(ArcSwap::from_pointee(Rated::new(rate)))
    }

    fn set_rate(&self, rate: NonZeroU32) {
        if self.0.load().rate != rate {
            self.0.store(Arc::new(Rated::new(rate)));
        }
    }

    fn take(&self, key: K) -> Result<(), u64> {
        let rated = self.0.load();
        // Many who come once each are forgotten between the regular times too, so that they never take much memory.
        if rated.taken.fetch_add(1, Ordering::Relaxed).is_multiple_of(LOOKED_AT_EVERY) && rated.limiter.len() > MANY {
            rated.tidy();
        }
        let taken = rated.limiter.check_key(&key);
        taken.map_err(|not_until| not_until.wait_time_from(DefaultClock::default().now()).as_secs().max(1))
    }

    fn tidy(&self) {
        self.0.load().tidy();
    }
}

impl<K: Clone + Eq + Hash> Rated<K> {
    fn new(rate: NonZeroU32) -> Self {
        Self { rate, limiter: RateLimiter::keyed(Quota::per_minute(rate)), taken: AtomicUsize::new(0) }
    }

    fn tidy(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }
}

/// How many budgets are so many that those which are whole are forgotten at once.
const MANY: usize = 16 << 10;

const LOOKED_AT_EVERY: usize = 1 << 10;

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

    #[test]
    fn many_who_come_once_each_are_forgotten_again() {
        let current = CurrentLimits::new(HttpLimits::default());
        for host in 0..100_000u32 {
            current.take_handshake(Origin::of(std::net::Ipv4Addr::from_bits(host).into())).unwrap();
        }
        let kept = current.handshakes.0.load().limiter.len();
        assert!(kept <= MANY + LOOKED_AT_EVERY + 1000, "{kept}");
    }
}
