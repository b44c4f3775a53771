//! What only one of the two worlds has.

use serde_json::{Value, json};

use crate::house::{KNOWN, OPEN, in_a_week, need};
use crate::support::Server;

/// What can be asked for by name: it exists in one world and in the other not.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Documents.
    pub documents: Vec<&'static str>,
    /// Versions, by document and label.
    pub versions: Vec<(&'static str, &'static str)>,
    /// Records by their ids, such as `decision-77`.
    pub ids: Vec<String>,
    /// The entity tags of hidden contents.
    pub tags: Vec<String>,
}

impl Names {
    fn version(&mut self, document: &'static str, label: &'static str, bytes: &[u8]) {
        self.versions.push((document, label));
        self.tags.push(format!("\"{}\"", hex::encode(strongroom::pure::tlog::hash::sha256(bytes))));
    }

    fn id(&mut self, made: &Value) -> String {
        let id = made["id"].as_str().unwrap().to_owned();
        self.ids.push(id.clone());
        id
    }
}

/// RED, withdrawn and undetermined versions of a document that is open.
pub fn hidden_versions(server: &Server, names: &mut Names) {
    let mut member = server.connect("large-supplier-1");
    for label in ["2.0", "3.0", "4.0"] {
        let bytes = format!("not for everyone: {label}\n");
        member.lodge(OPEN, label, bytes.as_bytes()).must_be(201);
        names.version(OPEN, label, bytes.as_bytes());
    }
    server.connect("chair").classify(OPEN, "2.0", "RED").must_be(200);
    server.connect("chair").classify(OPEN, "3.0", "RED").must_be(200);
    let withdraw = format!("/v1/documents/{OPEN}/versions/3.0/withdraw");
    member.post(&withdraw, &json!({ "reason": "It was wrong." })).must_be(200);
}

/// A document of which all is RED, with reads of it.
pub fn red_document(server: &Server, names: &mut Names) {
    let bytes = b"what nobody else may know of\n";
    server.hold("hidden-paper", "Findings that nobody else may know of", "RED", bytes);
    names.documents.push("hidden-paper");
    names.version("hidden-paper", "1.0", bytes);
    let mut chair = server.connect("chair");
    chair.read_content("hidden-paper", "1.0", crate::support::deeds::NEED).must_be(200);
    let recorded = chair.post("/v1/needs", &need("hidden-paper")).must_be(201);
    names.id(&recorded.json());
}

/// AMBER with all that widens its audience: to others than those who are compared.
pub fn amber(server: &Server, names: &mut Names) {
    let bytes = b"a draft for members\n";
    server.hold("hidden-draft", "A draft that others may not know of", "AMBER", bytes);
    names.documents.push("hidden-draft");
    names.version("hidden-draft", "1.0", bytes);
    server.connect("large-supplier-1").lodge(OPEN, "5.0", b"amber\n").must_be(201);
    server.connect("chair").classify(OPEN, "5.0", "AMBER").must_be(200);
    names.version(OPEN, "5.0", b"amber\n");
    for (person, kind, to) in [
        ("chair", "need_to_know", json!({ "person": "party-large-supplier" })),
        ("large-supplier-1", "category_share", json!({ "organisation": "harbour-energy" })),
    ] {
        let grant = json!({
            "document": "hidden-draft", "version": "1.0", "kind": kind, "to": to, "action": "action 8",
            "valid_until": in_a_week(),
        });
        names.id(&server.connect(person).post("/v1/grants", &grant).must_be(201).json());
    }
    let tabling = "/v1/documents/hidden-draft/versions/1.0/tabling";
    server.connect("chair").post(tabling, &json!({ "body": "ssc" })).must_be(200);
    let proposal = json!({ "classification": "GREEN", "reason": "It could be." });
    let proposals = format!("/v1/documents/{OPEN}/versions/5.0/classification/proposals");
    server.connect("large-supplier-1").post(&proposals, &proposal).must_be(200);
}

/// Decisions, measures, directions and proposals.
pub fn governance(server: &Server, names: &mut Names) {
    let mut chair = server.connect("chair");
    for subject in [json!({ "matter": "what is found" }), json!({ "document": KNOWN, "version": "1.0" })] {
        let question = json!({ "body": "pma", "kind": "other", "subject": subject, "question": "Is it so?" });
        names.id(&chair.post("/v1/decisions", &question).must_be(201).json());
    }
    let first = names.ids[names.ids.len() - 1].clone();
    let vote = format!("/v1/decisions/{first}/votes");
    server.connect("smki-specialist").post(&vote, &json!({ "vote": "for" })).must_be(200);
    let disclosure = json!({
        "body": "pma", "kind": "disclose_red", "subject": { "document": KNOWN, "version": "1.0", "to": "panel" },
        "question": "Is it disclosed to the Panel?",
    });
    names.id(&chair.post("/v1/decisions", &disclosure).must_be(201).json());
    let conflict = json!({ "document": KNOWN, "statement": "My company is the one that it is about." });
    names.id(&server.connect("small-supplier").post("/v1/conflicts", &conflict).must_be(201).json());
    let breach = json!({ "person": "electricity-networks", "statement": "A paper was found elsewhere." });
    names.id(&chair.post("/v1/breaches", &breach).must_be(201).json());
    let suspension =
        json!({ "person": "beis-rep", "scope": "read_amber_red", "grounds": "Grounds that are for others to know." });
    names.id(&chair.post("/v1/suspensions", &suspension).must_be(201).json());
    let direction = json!({
        "document": "hidden-paper", "title": "Lodge the findings", "requirement": "All of them.", "due": "2090-01-01",
    });
    names.id(&chair.post("/v1/directions", &direction).must_be(201).json());
    let alternate = json!({ "body": "pma", "person": "party-large-supplier" });
    names.id(&server.connect("large-supplier-1").post("/v1/register/alternates", &alternate).must_be(201).json());
}

/// GREEN, for those who are not of its audience.
pub fn green(server: &Server, names: &mut Names) {
    server.hold("green-policy", "A policy for parties alone", "GREEN", b"for parties alone\n");
    names.documents.push("green-policy");
    names.version("green-policy", "1.0", b"for parties alone\n");
}

/// What members have that other members may not know of.
pub fn of_other_bodies(server: &Server, names: &mut Names) {
    let mut member = server.connect("large-supplier-1");
    member.lodge(OPEN, "2.0", b"a proposal\n").must_be(201);
    names.version(OPEN, "2.0", b"a proposal\n");
    names.id(&member.post("/v1/needs", &need(OPEN)).must_be(201).json());
    let document = json!({
        "document": "hidden-paper", "title": "A paper of the Panel", "type": "paper", "set": "smki", "body": "panel",
    });
    let mut panel = server.connect("panel-member");
    panel.post("/v1/documents", &document).must_be(201);
    panel.lodge("hidden-paper", "1.0", b"of the Panel\n").must_be(201);
    names.documents.push("hidden-paper");
    names.version("hidden-paper", "1.0", b"of the Panel\n");
}
