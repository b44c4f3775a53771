//! The curl command that does what a step did, to be copied and pasted into a shell.

use std::path::Path;

use serde::Serialize;

use crate::cli::init::layout::Layout;

/// A command that is being put together.
#[derive(Clone, Debug)]
pub struct Curl {
    words: Vec<String>,
    url: String,
}

impl Curl {
    /// A GET of `path` under `/v1` by `person`.
    pub fn get(layout: &Layout, server: &str, person: &str, path: &str) -> Self {
        let certificate = layout.client(person);
        let show = |path: &Path| path.display().to_string();
        let words = [
            "curl",
            "-sS",
            "--cacert",
            &show(&layout.ca()),
            "--cert",
            &show(&certificate),
            "--key",
            &show(&certificate.with_extension("key")),
        ];
        Self { words: words.map(str::to_owned).to_vec(), url: format!("{server}/v1{path}") }
    }

    /// As a POST with a JSON body.
    #[must_use]
    pub fn json(self, body: &impl Serialize) -> Self {
        // The shapes of the wire serialise; one that did not would show as an empty body.
        let body = serde_json::to_string(body).unwrap_or_default();
        self.header("Content-Type: application/json").words(&["--data", &body])
    }

    /// As a DELETE.
    #[must_use]
    pub fn delete(self) -> Self {
        self.words(&["-X", "DELETE"])
    }

    /// As a PUT of a file.
    #[must_use]
    pub fn upload(self, file: &Path, content_type: &str, digest: &str) -> Self {
        self.header(&format!("Content-Type: {content_type}"))
            .header(&format!("Content-Digest: {digest}"))
            .words(&["-T", &file.display().to_string()])
    }

    /// With a header field.
    #[must_use]
    pub fn header(self, field: &str) -> Self {
        self.words(&["-H", field])
    }

    /// With the body of the answer in a file.
    #[must_use]
    pub fn into_file(self, file: &Path) -> Self {
        self.words(&["-o", &file.display().to_string()])
    }

    fn words(mut self, words: &[&str]) -> Self {
        self.words.extend(words.iter().map(|word| (*word).to_owned()));
        self
    }
}

impl std::fmt::Display for Curl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for word in &self.words {
            write!(f, "{} ", quoted(word))?;
        }
        f.write_str(&quoted(&self.url))
    }
}

/// A word as a POSIX shell takes it.
pub fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:=@%+,".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_survives_a_shell() {
        let layout = Layout::new("my demo");
        let curl = Curl::get(&layout, "https://127.0.0.1:8443", "chair", "/documents?q=a&limit=1")
            .json(&serde_json::json!({"reason": "it's public"}));
        assert_eq!(
            curl.to_string(),
            "curl -sS --cacert 'my demo/certs/ca.pem' --cert 'my demo/certs/clients/chair.pem' --key \
             'my demo/certs/clients/chair.key' -H 'Content-Type: application/json' --data \
             '{\"reason\":\"it'\\''s public\"}' 'https://127.0.0.1:8443/v1/documents?q=a&limit=1'"
        );
    }
}
