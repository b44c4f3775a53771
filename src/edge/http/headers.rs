//! The header fields that every answer of every listener has, whatever it is and whoever asked.
//!
//! They tell a browser that nothing here is a page of ours to be trusted: nothing may be loaded, run, framed, or guessed
//! to be something else, by this site or another. Answers never carry a field of CORS, so that a preflight gets no
//! permission and no other site's script reads anything.
//!
//! Not here, on purpose: `Cross-Origin-Embedder-Policy`, which together with `Cross-Origin-Opener-Policy` would give a
//! script more (shared memory, precise clocks) than it has without; `Clear-Site-Data`, since nothing is kept;
//! `includeSubDomains`, since the hosts below this one are not ours to switch off.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// What may be done by, or with, an answer that is no stored document: nothing. `default-src` does not reach the last
/// three.
pub const NOTHING: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Adds the fields that an answer does not have yet. `over_tls`: whether it leaves over TLS, as only then a browser heeds
/// `Strict-Transport-Security` (RFC 6797, section 8.1).
pub fn complete(headers: &mut HeaderMap, over_tls: bool) {
    let secure = over_tls.then_some((header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"));
    for (name, value) in FIELDS.iter().cloned().chain(secure) {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}

static FIELDS: [(HeaderName, &str); 10] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CONTENT_SECURITY_POLICY, NOTHING),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("origin-agent-cluster"), "?1"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("permissions-policy"), NO_FEATURES),
    // For browsers that do not know frame-ancestors, and for the readers of PDF that know nothing else.
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("x-permitted-cross-domain-policies"), "none"),
    (header::CACHE_CONTROL, "no-store"),
];

/// The features of a browser that reach the person or the machine.
const NO_FEATURES: &str = "camera=(), clipboard-read=(), display-capture=(), geolocation=(), hid=(), microphone=(), \
                           midi=(), payment=(), publickey-credentials-get=(), serial=(), usb=()";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_answer_says_by_itself_stays() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
        complete(&mut headers, false);
        assert_eq!(headers.get(header::CACHE_CONTROL).unwrap(), "public, max-age=60");
        assert_eq!(headers.len(), FIELDS.len());
        complete(&mut headers, true);
        assert_eq!(headers.get(header::STRICT_TRANSPORT_SECURITY).unwrap(), "max-age=31536000");
    }
}
