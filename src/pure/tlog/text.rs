//! The small pieces of text that the formats share: base64, decimal numbers, hashes.

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::hash::{HASH_LEN, TreeHash};

/// Encodes in standard base64 with padding (RFC 4648, section 4).
pub fn to_base64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

/// Decodes standard base64; `None` unless it is exactly what [`to_base64`] prints.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(text).ok()
}

/// A hash as base64.
pub fn hash_to_base64(hash: &TreeHash) -> String {
    to_base64(&hash.0)
}

/// A hash from base64; `None` unless it is 32 bytes in canonical form.
pub fn hash_from_base64(text: &str) -> Option<TreeHash> {
    <[u8; HASH_LEN]>::try_from(from_base64(text)?).ok().map(TreeHash)
}

/// An unsigned decimal number without sign or leading zeros.
pub fn decimal(text: &str) -> Option<u64> {
    let canonical =
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    // The digits may still be more than 64 bits hold.
    canonical.then(|| text.parse().ok()).flatten()
}
