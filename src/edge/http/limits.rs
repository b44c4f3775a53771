//! What bounds the work: everything from outside has a limit.

use std::num::NonZeroU32;
use std::time::Duration;

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
    /// The longest wait for a request's header.
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
