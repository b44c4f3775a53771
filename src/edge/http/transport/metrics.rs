//! The metrics of connections.

use std::num::NonZeroU32;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::hold::Cut;

/// What is told of connections: counts by listener and reason, never who.
#[derive(Debug)]
pub struct ConnectionMetrics {
    open: Family<ListenerLabel, Gauge>,
    turned_away: Family<ReasonLabels, Counter>,
    handshakes_failed: Family<ReasonLabels, Counter>,
    malformed: Family<ReasonLabels, Counter>,
    cut: Family<ReasonLabels, Counter>,
    late: Family<ReasonLabels, Counter>,
    limited: Family<ReasonLabels, Counter>,
    /// How many lines about connections there may be, so that nobody can fill the log by connecting.
    lines: DefaultDirectRateLimiter,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ListenerLabel {
    listener: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReasonLabels {
    listener: &'static str,
    reason: &'static str,
}

impl Default for ConnectionMetrics {
    fn default() -> Self {
        Self {
            open: Family::default(),
            turned_away: Family::default(),
            handshakes_failed: Family::default(),
            malformed: Family::default(),
            cut: Family::default(),
            late: Family::default(),
            limited: Family::default(),
            lines: RateLimiter::direct(Quota::per_minute(LINES_PER_MINUTE)),
        }
    }
}

impl ConnectionMetrics {
    /// Counts a connection of `listener` until the result is dropped.
    pub(in crate::edge::http) fn connected(&self, listener: &'static str) -> OpenConnection {
        let gauge = self.open.get_or_create(&ListenerLabel { listener }).clone();
        gauge.inc();
        OpenConnection(gauge)
    }

    /// A connection was closed before its handshake, or is to be closed with its first answer.
    pub(in crate::edge::http) fn turned_away(&self, listener: &'static str, reason: &'static str) {
        count(&self.turned_away, listener, reason);
        if self.may_tell() {
            tracing::info!(listener, reason, "a connection was turned away");
        }
    }

    /// A handshake came to nothing.
    pub(in crate::edge::http) fn handshake_failed(&self, listener: &'static str, reason: &'static str) {
        count(&self.handshakes_failed, listener, reason);
        if self.may_tell() {
            tracing::info!(listener, reason, "a handshake failed");
        }
    }

    /// A request was not HTTP/1.1 to the letter.
    pub(in crate::edge::http) fn malformed(&self, listener: &'static str, reason: &'static str) {
        count(&self.malformed, listener, reason);
        if self.may_tell() {
            tracing::info!(listener, reason, "a malformed request was refused");
        }
    }

    /// A connection was cut in the middle of an answer.
    pub(in crate::edge::http) fn cut(&self, listener: &'static str, why: Cut) {
        let reason = why.reason();
        count(&self.cut, listener, reason);
        if self.may_tell() {
            tracing::info!(listener, reason, "a download was cut off");
        }
    }

    /// The rest of a request did not come in time.
    pub(in crate::edge::http) fn late(&self, listener: &'static str, reason: &'static str) {
        count(&self.late, listener, reason);
    }

    /// A request was answered with 429.
    pub(in crate::edge::http) fn limited(&self, listener: &'static str, reason: &'static str) {
        count(&self.limited, listener, reason);
    }

    pub(in crate::edge::http) fn register(&self, registry: &mut Registry) {
        registry.register("http_connections", "Connections open", self.open.clone());
        let turned_away = self.turned_away.clone();
        registry.register("http_connections_turned_away", "Connections over a limit, by its name", turned_away);
        let failed = self.handshakes_failed.clone();
        registry.register("tls_handshakes_failed", "Handshakes that came to nothing, by reason", failed);
        let malformed = self.malformed.clone();
        registry.register("http_requests_malformed", "Requests that are not HTTP/1.1 to the letter", malformed);
        let cut = self.cut.clone();
        registry.register("http_connections_cut", "Connections cut in the middle of an answer, by reason", cut);
        registry.register("http_requests_late", "Requests whose rest did not come in time", self.late.clone());
        registry.register("http_requests_limited", "Requests over a limit, by its name", self.limited.clone());
    }

    fn may_tell(&self) -> bool {
        self.lines.check().is_ok()
    }
}

/// A connection that is counted.
#[derive(Debug)]
pub struct OpenConnection(Gauge);

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.dec();
    }
}

fn count(family: &Family<ReasonLabels, Counter>, listener: &'static str, reason: &'static str) {
    family.get_or_create(&ReasonLabels { listener, reason }).inc();
}

const LINES_PER_MINUTE: NonZeroU32 = NonZeroU32::MIN.saturating_add(119);
