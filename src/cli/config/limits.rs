//! What bounds the work: everything from outside has a limit.

use std::num::{NonZeroU32, NonZeroU64};

use serde::{Deserialize, Serialize};

/// The limits. Sizes are in bytes, times in seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The largest document that can be lodged.
    pub max_document_bytes: NonZeroU64,
    /// The largest JSON body of any other request.
    pub max_body_bytes: NonZeroU32,
    /// The largest header of a request, all fields together.
    pub max_header_bytes: NonZeroU32,
    /// The longest URL.
    pub max_url_bytes: NonZeroU32,
    /// The longest wait for a request's header.
    pub header_seconds: NonZeroU32,
    /// The longest silence in an upload.
    pub upload_idle_seconds: NonZeroU32,
    /// The slowest upload that is borne, in bytes a second on average.
    pub upload_minimum_rate: NonZeroU32,
    /// The longest upload.
    pub upload_total_seconds: NonZeroU32,
    /// The longest time for which a reader takes no byte of an answer.
    pub download_idle_seconds: NonZeroU32,
    /// The slowest reader that is borne, in bytes a second on average.
    pub download_minimum_rate: NonZeroU32,
    /// The most connections at a time, all listeners together.
    pub max_connections: NonZeroU32,
    /// The most connections from one address at a time.
    pub connections_per_address: NonZeroU32,
    /// The most connections of one certificate's key at a time.
    pub connections_per_credential: NonZeroU32,
    /// The most handshakes with one address in a minute.
    pub handshakes_per_minute_per_address: NonZeroU32,
    /// The most commands that wait for the one writer.
    pub queue_length: NonZeroU32,
    /// The most requests of one person's certificate in a minute.
    pub requests_per_minute: NonZeroU32,
    /// The most requests from one address in a minute, whoever sends them.
    pub requests_per_minute_per_address: NonZeroU32,
    /// The most refusals of one person in a minute that make an entry.
    pub refusals_per_minute: NonZeroU32,
    /// The longest wait for what is under way when the server is asked to stop.
    pub shutdown_seconds: NonZeroU32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_document_bytes: large(2 << 30),
            max_body_bytes: small(256 << 10),
            max_header_bytes: small(32 << 10),
            max_url_bytes: small(8 << 10),
            header_seconds: small(10),
            upload_idle_seconds: small(30),
            upload_minimum_rate: small(16 << 10),
            upload_total_seconds: small(4 * 60 * 60),
            download_idle_seconds: small(60),
            download_minimum_rate: small(4 << 10),
            max_connections: small(1024),
            connections_per_address: small(512),
            connections_per_credential: small(384),
            handshakes_per_minute_per_address: small(12_000),
            queue_length: small(1024),
            requests_per_minute: small(60_000),
            requests_per_minute_per_address: small(240_000),
            refusals_per_minute: small(60),
            shutdown_seconds: small(30),
        }
    }
}

const fn small(value: u32) -> NonZeroU32 {
    match NonZeroU32::new(value) {
        Some(value) => value,
        None => NonZeroU32::MIN,
    }
}

const fn large(value: u64) -> NonZeroU64 {
    match NonZeroU64::new(value) {
        Some(value) => value,
        None => NonZeroU64::MIN,
    }
}
