//! What the fuzzer asks of this room.

use super::error::ClientError;

/// What an answer with this status and text is, which is no success.
pub fn refused(status: u16, text: &str) -> ClientError {
    super::connection::refused("https://host".into(), status, text, None)
}
