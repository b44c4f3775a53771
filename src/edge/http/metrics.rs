//! Metrics in the OpenMetrics text format: counts and durations, nothing about content.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use super::transport::metrics::ConnectionMetrics;
use super::witness_metrics::WitnessMetrics;
use crate::pure::wire::problem::Code;
use crate::service::publishing::witnessing::WitnessingStatus;

/// The media type of [`Metrics::text`].
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The metrics of a server. Clones count together.
#[derive(Clone, Debug)]
pub struct Metrics(Arc<Kept>);

#[derive(Debug)]
struct Kept {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    refusals: Family<CodeLabel, Counter>,
    durations: Family<ListenerLabel, Histogram>,
    connections: ConnectionMetrics,
    received: Counter,
    sent: Counter,
    under_way: Gauge,
    entries: Gauge<u64, AtomicU64>,
    published: Gauge<u64, AtomicU64>,
    started: Gauge,
    ready: Gauge,
    files_refused: Family<PartLabel, Gauge>,
    witnesses: WitnessMetrics,
}

/// What a request was, as a metric tells it: patterns, never names.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RequestLabels {
    /// The listener.
    pub listener: &'static str,
    /// The method, or `OTHER`.
    pub method: &'static str,
    /// The pattern of the URL, or `unmatched`.
    pub route: String,
    /// The status.
    pub status: u16,
}

/// What a scrape looks up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Levels {
    /// Requests under way.
    pub under_way: usize,
    /// Entries in the tree.
    pub entries: u64,
    /// The size of the last published checkpoint.
    pub published: u64,
    /// Whether the server is ready.
    pub ready: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CodeLabel {
    code: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct PartLabel {
    part: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ListenerLabel {
    listener: &'static str,
}

impl Metrics {
    /// Metrics of a server that starts at `started`, in seconds since 1970.
    pub fn new(started: i64) -> Self {
        let mut kept = Kept {
            registry: Registry::with_prefix("strongroom"),
            requests: Family::default(),
            refusals: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(exponential_buckets(0.000_5, 2.0, 16))),
            connections: ConnectionMetrics::default(),
            received: Counter::default(),
            sent: Counter::default(),
            under_way: Gauge::default(),
            entries: Gauge::default(),
            published: Gauge::default(),
            started: Gauge::default(),
            ready: Gauge::default(),
            files_refused: Family::default(),
            witnesses: WitnessMetrics::default(),
        };
        kept.started.set(started);
        kept.register();
        Self(Arc::new(kept))
    }

    /// A request was answered after `took`; the time that a body takes to be sent does not count.
    pub fn answered(&self, request: RequestLabels, took: Duration) {
        let listener = ListenerLabel { listener: request.listener };
        self.0.durations.get_or_create(&listener).observe(took.as_secs_f64());
        self.0.requests.get_or_create(&request).inc();
    }

    /// A request was answered with a problem.
    pub fn refused(&self, code: Code) {
        self.0.refusals.get_or_create(&CodeLabel { code: code.as_str() }).inc();
    }

    /// The files of a part of the TLS configuration were read again: taken, or refused so that the old ones stay in use.
    pub fn reloaded(&self, part: &'static str, taken: bool) {
        self.0.files_refused.get_or_create(&PartLabel { part }).set((!taken).into());
    }

    /// So many bytes of an upload came.
    pub fn received(&self, bytes: u64) {
        self.0.received.inc_by(bytes);
    }

    /// So many bytes of content went.
    pub fn sent(&self, bytes: u64) {
        self.0.sent.inc_by(bytes);
    }

    /// Those of connections.
    pub fn connections(&self) -> &ConnectionMetrics {
        &self.0.connections
    }

    /// Everything as text, with the levels and the state of the witnesses of this moment.
    pub fn text(&self, levels: Levels, witnessing: &WitnessingStatus) -> String {
        let kept = &self.0;
        kept.under_way.set(i64::try_from(levels.under_way).unwrap_or(i64::MAX));
        kept.entries.set(levels.entries);
        kept.published.set(levels.published);
        kept.ready.set(levels.ready.into());
        kept.witnesses.set(witnessing);
        let mut text = String::new();
        // Writing into a String cannot fail.
        let _ = text::encode(&mut text, &kept.registry);
        text
    }
}

impl Kept {
    fn register(&mut self) {
        let registry = &mut self.registry;
        registry.register("http_requests", "Requests answered", self.requests.clone());
        registry.register("http_problems", "Requests answered with a problem, by its code", self.refusals.clone());
        let durations = self.durations.clone();
        registry.register_with_unit("http_request_duration", "Time to the head of an answer", Unit::Seconds, durations);
        self.connections.register(registry);
        registry.register("http_requests_under_way", "Requests under way", self.under_way.clone());
        registry.register_with_unit("upload", "Bytes of uploads received", Unit::Bytes, self.received.clone());
        registry.register_with_unit("download", "Bytes of documents sent", Unit::Bytes, self.sent.clone());
        registry.register("log_entries", "Entries in the log's tree", self.entries.clone());
        registry.register("log_published_size", "Size of the last published checkpoint", self.published.clone());
        registry.register_with_unit("start_time", "When the server started", Unit::Seconds, self.started.clone());
        registry.register("ready", "1 if the server is ready, else 0", self.ready.clone());
        let refused = "1 while files of this part are refused and what was read before is in use, else 0";
        registry.register("files_refused", refused, self.files_refused.clone());
        self.witnesses.register(registry);
    }
}
