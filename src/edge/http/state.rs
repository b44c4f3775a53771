//! What every handler is given.

use std::sync::Arc;

use super::cursors::Cursors;
use super::limits::{CurrentLimits, HttpLimits};
use super::metrics::Metrics;
use super::public::PublishedList;
use super::transport::places::{Origin, Places};
use super::work::Work;
use crate::edge::pki::ClientVerifier;
use crate::pure::domain::id::CredentialId;
use crate::service::Repository;

/// What every handler is given, as `web::Data<State>`.
pub struct State {
    /// The repository.
    pub repository: Arc<Repository>,
    /// The cursors of lists.
    pub cursors: Cursors,
    /// What is under way, and whether the server drains.
    pub work: Work,
    /// The counters.
    pub metrics: Metrics,
    /// Who judges client certificates.
    pub verifier: Arc<ClientVerifier>,
    /// Who has how many connections.
    pub places: Places,
    pub(super) published: PublishedList,
    limits: Arc<CurrentLimits>,
}

impl State {
    /// The state of a server that begins.
    pub fn new(
        repository: Arc<Repository>,
        limits: Arc<CurrentLimits>,
        cursors: Cursors,
        verifier: Arc<ClientVerifier>,
    ) -> Self {
        let metrics = Metrics::new(repository.clock().now().unix_seconds());
        Self {
            repository,
            cursors,
            work: Work::default(),
            metrics,
            verifier,
            places: Places::default(),
            published: PublishedList::default(),
            limits,
        }
    }

    /// The limits as they are now.
    pub fn limits(&self) -> Arc<HttpLimits> {
        self.limits.get()
    }

    /// Takes one request out of the credential's budget; if it is used up, the seconds until there is another.
    pub fn take_request(&self, credential: CredentialId) -> Result<(), u64> {
        self.limits.take_request(credential)
    }

    /// The same for a request from an address, before it is known whose it is.
    pub fn take_request_from(&self, origin: Origin) -> Result<(), u64> {
        self.limits.take_request_from(origin)
    }

    /// The same for a handshake with an address.
    pub fn take_handshake(&self, origin: Origin) -> Result<(), u64> {
        self.limits.take_handshake(origin)
    }

    /// Forgets whose budget is whole again.
    pub fn tidy(&self) {
        self.limits.tidy();
    }
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("limits", &self.limits).field("work", &self.work).finish_non_exhaustive()
    }
}
