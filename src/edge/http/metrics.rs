//! Metrics: counts and durations, nothing about content.

/// The counters of the HTTP room. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct Metrics {}

impl Metrics {
    /// So many bytes of an upload came.
    pub fn received(&self, _bytes: u64) {}
    /// So many bytes of content went.
    pub fn sent(&self, _bytes: u64) {}
}
