//! What people do, as sentences over a connection.

use serde_json::json;
use strongroom::pure::tlog::hash::sha256;
use strongroom::pure::wire::digest::Digest;

use super::server::Server;
use super::wire::{Answer, Connection};

/// A need that suffices at every level for those in the audience.
pub const NEED: &str =
    "purpose=assurance, statement=\"annual assessment of the document\", reference=\"meeting 2026-11\"";

/// A need that suffices for the Secretariat at every level.
pub const SECRETARIAT: &str =
    "purpose=secretariat_processing, statement=\"preparing the papers for circulation\", reference=\"meeting 2026-11\"";

impl Connection {
    /// Registers a document of the PMA.
    pub fn register(&mut self, slug: &str, title: &str) -> Answer {
        let document = json!({
            "document": slug, "title": title, "type": "certificate_policy", "set": "smki", "body": "pma",
        });
        self.post("/v1/documents", &document)
    }

    /// Lodges a version with its digest.
    pub fn lodge(&mut self, slug: &str, label: &str, bytes: &[u8]) -> Answer {
        self.try_lodge(slug, label, bytes).unwrap()
    }

    /// The same over a connection that may break.
    pub fn try_lodge(&mut self, slug: &str, label: &str, bytes: &[u8]) -> std::io::Result<Answer> {
        let digest = Digest(sha256(bytes)).to_field();
        let headers = [("Content-Type", "text/plain"), ("Content-Digest", digest.as_str())];
        self.exchange("PUT", &version(slug, label), &headers, Some(bytes))
    }

    /// Determines a classification.
    pub fn classify(&mut self, slug: &str, label: &str, level: &str) -> Answer {
        let body = json!({ "classification": level, "reason": "It is of that level." });
        self.post(&format!("{}/classification", version(slug, label)), &body)
    }

    /// Publishes a WHITE version.
    pub fn publish(&mut self, slug: &str, label: &str) -> Answer {
        self.post(&format!("{}/publish", version(slug, label)), &json!({ "reason": "Everyone should find it." }))
    }

    /// Reads content under a need that is stated with the request.
    pub fn read_content(&mut self, slug: &str, label: &str, need: &str) -> Answer {
        self.request("GET", &content(slug, label), &[("Reasonable-Need", need)])
    }
}

impl Server {
    /// Has the Secretariat register a document and lodge a version, and the Chair determine its level.
    pub fn hold(&self, slug: &str, title: &str, level: &str, bytes: &[u8]) {
        let mut secretariat = self.connect("secas");
        secretariat.register(slug, title).must_be(201);
        secretariat.lodge(slug, "1.0", bytes).must_be(201);
        self.connect("chair").classify(slug, "1.0", level).must_be(200);
    }

    /// That nothing is lodged under this label, in the eyes of the Secretariat, who would see it.
    #[track_caller]
    pub fn assert_nothing_lodged(&self, slug: &str, label: &str) {
        let answer = self.connect("secas").get(&version(slug, label));
        assert_eq!(answer.problem(), (404, "not_found".to_owned()), "{slug} {label}");
    }

    /// That exactly these bytes are lodged under this label.
    #[track_caller]
    pub fn assert_lodged(&self, slug: &str, label: &str, bytes: &[u8]) {
        let mut secretariat = self.connect("secas");
        let shown = secretariat.get(&version(slug, label)).must_be(200).json();
        assert_eq!(shown["digest"], hex::encode(sha256(bytes)), "{shown}");
        let read = secretariat.read_content(slug, label, SECRETARIAT).must_be(200);
        assert!(read.body == bytes, "{slug} {label}: other bytes than were lodged");
    }
}

/// The path of a version.
pub fn version(slug: &str, label: &str) -> String {
    format!("/v1/documents/{slug}/versions/{label}")
}

/// The path of a version's content.
pub fn content(slug: &str, label: &str) -> String {
    format!("{}/content", version(slug, label))
}

/// So many bytes that no run of them looks like another.
pub fn bytes(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    std::iter::repeat_with(|| {
        // xorshift64
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    })
    .flatten()
    .take(length)
    .collect()
}
