//! An answer without what differs between any two: times, and what is random.

use crate::support::Answer;

/// What is compared of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Normal {
    pub status: u16,
    /// Sorted, since their order is another one in every answer.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Normal {
    /// Of an answer to a request. `is_proof`: the body is signed hashes over random openings.
    pub fn of(answer: &Answer, is_proof: bool) -> Self {
        let is_success = answer.status < 300;
        let headers = answer.headers.iter().map(|(name, value)| {
            let value = match name.as_str() {
                "date" | "last-modified" => "a date".to_owned(),
                // Times have as many digits as they need. The bodies are compared.
                "content-length" if is_success => "a length".to_owned(),
                _ => value.clone(),
            };
            (name.clone(), value)
        });
        let mut headers: Vec<_> = headers.collect();
        headers.sort();
        let text = String::from_utf8_lossy(&answer.body);
        let body = if is_proof && is_success { "a proof".to_owned() } else { without_chance(&text) };
        Self { status: answer.status, headers, body }
    }
}

/// Replaces times, and the random request ids and openings of records.
fn without_chance(text: &str) -> String {
    let mut kept = without_times(text);
    for name in ["\"request\":\"", "\"opening\":\""] {
        let mut rest = kept.as_str();
        let mut replaced = String::with_capacity(kept.len());
        while let Some(at) = rest.find(name) {
            let (before, value) = rest.split_at(at + name.len());
            let end = value.find('"').unwrap_or(value.len());
            replaced.push_str(before);
            replaced.push_str(&format!("{end} characters"));
            rest = &value[end..];
        }
        replaced.push_str(rest);
        kept = replaced;
    }
    kept
}

/// Replaces instants such as 2026-11-24T09:30:04.123456Z.
fn without_times(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut kept = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match length_of_time(&bytes[at..]) {
            Some(length) => {
                kept.extend_from_slice(b"a time");
                at += length;
            }
            None => {
                kept.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&kept).into_owned()
}

fn length_of_time(bytes: &[u8]) -> Option<usize> {
    let pattern = b"dddd-dd-ddTdd:dd:dd";
    let fits = |(wanted, byte): (&u8, &u8)| if *wanted == b'd' { byte.is_ascii_digit() } else { wanted == byte };
    if bytes.len() <= pattern.len() || !pattern.iter().zip(bytes).all(fits) {
        return None;
    }
    let fraction = bytes[pattern.len()..].iter().take_while(|byte| **byte == b'.' || byte.is_ascii_digit()).count();
    let length = pattern.len() + fraction;
    (bytes.get(length) == Some(&b'Z')).then_some(length + 1)
}
