//! Metrics: counts and durations, nothing about content.

/// The counters of the HTTP room.
#[derive(Debug, Default)]
pub struct Metrics {}
