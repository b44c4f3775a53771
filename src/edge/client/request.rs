//! The parts of a request: paths and queries.

use serde::Serialize;
use serde_json::Value;

/// The server when none is given: the mutual TLS listener's default.
pub const DEFAULT_SERVER: &str = "https://127.0.0.1:8443";

/// One path segment, percent-encoded but for RFC 3986's unreserved characters, so that a label can hold anything.
pub fn segment(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// The pairs of a query shape of `pure::wire`, in the order of their names.
pub(super) fn pairs(query: &impl Serialize) -> Result<Vec<(String, String)>, serde_json::Error> {
    let Value::Object(members) = serde_json::to_value(query)? else { return Ok(Vec::new()) };
    Ok(members
        .into_iter()
        .filter_map(|(name, value)| match value {
            Value::Null => None,
            Value::String(text) => Some((name, text)),
            other => Some((name, other.to_string())),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pure::wire::classification::Classification;
    use crate::pure::wire::document::DocumentsQuery;

    #[test]
    fn a_segment_cannot_leave_its_place() {
        assert_eq!(segment("3.0"), "3.0");
        assert_eq!(segment("a/b?c#d é"), "a%2Fb%3Fc%23d%20%C3%A9");
    }

    #[test]
    fn a_query_holds_what_was_asked_and_nothing_else() {
        let query = DocumentsQuery {
            classification: Some(Classification::Amber),
            kind: Some("certificate_policy".into()),
            limit: Some(500),
            ..DocumentsQuery::default()
        };
        let expected = [("classification", "AMBER"), ("limit", "500"), ("type", "certificate_policy")];
        let mut asked = pairs(&query).unwrap();
        asked.sort_unstable();
        assert_eq!(asked, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
