//! What every handler is given.

use std::sync::Arc;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio::sync::Semaphore;

use super::cursors::Cursors;
use super::limits::HttpLimits;
use super::metrics::Metrics;
use super::public::PublishedList;
use super::work::Work;
use crate::edge::pki::ClientVerifier;
use crate::pure::domain::id::CredentialId;
use crate::service::Repository;

/// What every handler is given, as `web::Data<State>`.
pub struct State {
    /// The repository.
    pub repository: Arc<Repository>,
    /// The limits.
    pub limits: HttpLimits,
    /// The cursors of lists.
    pub cursors: Cursors,
    /// What is under way, and whether the server drains.
    pub work: Work,
    /// The counters.
    pub metrics: Metrics,
    /// Who judges client certificates.
    pub verifier: Arc<ClientVerifier>,
    pub(super) published: PublishedList,
    /// Turns at making entry bundles.
    pub(super) bundles: Semaphore,
    requests: DefaultKeyedRateLimiter<CredentialId>,
}

impl State {
    /// The state of a server that begins.
    pub fn new(
        repository: Arc<Repository>,
        limits: HttpLimits,
        cursors: Cursors,
        verifier: Arc<ClientVerifier>,
    ) -> Self {
        let requests = RateLimiter::keyed(Quota::per_minute(limits.requests_per_minute));
        let metrics = Metrics::new(repository.clock().now().unix_seconds());
        Self {
            repository,
            limits,
            cursors,
            work: Work::default(),
            metrics,
            verifier,
            published: PublishedList::default(),
            bundles: Semaphore::new(BUNDLES_AT_ONCE),
            requests,
        }
    }

    /// Takes one request out of the credential's budget; if it is used up, the seconds until there is another.
    pub fn take_request(&self, credential: CredentialId) -> Result<(), u64> {
        self.requests
            .check_key(&credential)
            .map_err(|not_until| not_until.wait_time_from(DefaultClock::default().now()).as_secs().max(1))
    }

    /// Forgets credentials whose budget is whole again.
    pub fn tidy(&self) {
        self.requests.retain_recent();
    }
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("limits", &self.limits).field("work", &self.work).finish_non_exhaustive()
    }
}

/// How many entry bundles are made at a time.
const BUNDLES_AT_ONCE: usize = 2;
