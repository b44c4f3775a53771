//! The history that both worlds have: a house with something of everything, so that no list is empty.

use serde_json::json;

use crate::support::Server;

/// A document with a GREEN version, beside which others are hidden.
pub const OPEN: &str = "open-policy";

/// A RED document of the PMA, known to both worlds' insiders.
pub const KNOWN: &str = "known-paper";

/// Furnishes a server.
pub fn furnish(server: &Server) {
    server.hold(OPEN, "A policy for parties", "GREEN", b"for parties\n");
    server.hold("white-policy", "A policy for everyone", "WHITE", b"for everyone\n");
    server.connect("chair").publish("white-policy", "1.0").must_be(200);
    server.hold("amber-policy", "A draft of a policy", "AMBER", b"for members\n");
    server.hold(KNOWN, "What was found", "RED", b"for voting members\n");
    let grant = json!({
        "document": "amber-policy", "version": "1.0", "kind": "need_to_know", "to": { "person": "manufacturer" },
        "action": "action 7", "valid_until": in_a_week(),
    });
    server.connect("chair").post("/v1/grants", &grant).must_be(201);
    let direction = json!({
        "document": OPEN, "title": "Lodge it again", "requirement": "All of it.", "due": "2090-01-01",
    });
    server.connect("chair").post("/v1/directions", &direction).must_be(201);
    for person in ["party-small-supplier", "manufacturer", "panel-member", "ofgem-rep", "large-supplier-2"] {
        server.connect(person).post("/v1/needs", &need(OPEN)).must_be(201);
    }
}

/// An entry that nobody but the Chair and the auditor sees; its index.
pub fn filler(server: &Server) -> u64 {
    server.connect("chair").post("/v1/needs", &need(OPEN)).must_be(201).entry().unwrap()
}

/// A need that suffices at every level.
pub fn need(document: &str) -> serde_json::Value {
    json!({
        "document": document, "purpose": "assurance", "statement": "annual assessment of the document",
        "reference": "meeting 2026-11",
    })
}

/// A week from now.
pub fn in_a_week() -> String {
    (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(7 * 24)).to_string()
}
