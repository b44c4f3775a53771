//! What a person may not know of cannot be told from what does not exist (READ-6), on any route.

use serde_json::{Value, json};

use crate::support::deeds::NEED;
use crate::support::{Answer, Options, Server};

/// A RED document, and one that does not exist. Names of one length, so that nothing differs by that.
const HIDDEN: &str = "hidden-paper";
const ABSENT: &str = "absent-paper";

/// People who may not know of it: a party's user, one whose term ended yesterday, a stakeholder, the host's, the DCC's.
const STRANGERS: [&str; 5] = ["party-small-supplier", "large-supplier-3", "manufacturer", "operator", "dcc-operator"];

#[test]
fn a_hidden_document_is_answered_for_like_an_absent_one() {
    let server = Server::start(&Options { limits: vec![("refusals_per_minute", 10_000)], ..Options::default() });
    server.hold(HIDDEN, "Findings nobody else may know of", "RED", b"what was found");
    for person in STRANGERS {
        for request in requests() {
            let hidden = request.ask(&server, person, HIDDEN);
            let absent = request.ask(&server, person, ABSENT);
            assert_eq!(shape(&hidden, HIDDEN), shape(&absent, ABSENT), "{person}: {request:?}");
            assert_eq!(hidden.entry().is_some(), absent.entry().is_some(), "{person}: {request:?}");
            assert!(matches!(hidden.status, 400..500), "{person}: {request:?}: {hidden:?}");
        }
        for query in ["", "?q=Findings", "?q=hidden", "?classification=RED", "?set=smki"] {
            let listed = server.connect(person).get(&format!("/v1/documents{query}")).must_be(200);
            assert!(!listed.text().contains(HIDDEN) && !listed.text().contains("Findings"), "{person} {query}");
        }
        assert_eq!(records_of(&server, person, HIDDEN), records_of(&server, person, ABSENT), "{person}");
    }
    // It is there, for those who may know of it.
    server.connect("chair").get(&format!("/v1/documents/{HIDDEN}")).must_be(200);
}

#[derive(Debug)]
struct Asked {
    method: &'static str,
    path: &'static str,
    headers: Vec<(&'static str, &'static str)>,
    body: Option<Value>,
}

impl Asked {
    fn ask(&self, server: &Server, person: &str, slug: &str) -> Answer {
        let path = self.path.replace("SLUG", slug);
        let body = self.body.as_ref().map(|body| body.to_string().replace("SLUG", slug));
        // A connection for each: a refused upload may close it.
        let mut connection = server.connect(person);
        connection.exchange(self.method, &path, &self.headers, body.as_ref().map(String::as_bytes)).unwrap()
    }
}

fn requests() -> Vec<Asked> {
    let mut requests = Vec::new();
    let asked = |method, path, headers: &[(&'static str, &'static str)], body: Option<Value>| Asked {
        method,
        path,
        headers: headers.to_vec(),
        body,
    };
    for path in [
        "/v1/documents/SLUG",
        "/v1/documents/SLUG?as_of=2026-01-01",
        "/v1/documents/SLUG?as_of=1990-01-01&known_at=2026-01-01T00:00:00Z",
        "/v1/documents/SLUG/versions/1.0",
        "/v1/documents/SLUG/versions/9.9",
        "/v1/documents/SLUG/versions/in-force",
        "/v1/documents/SLUG/versions/latest",
        "/v1/documents/SLUG/versions/1.0/content",
        "/v1/documents/SLUG/versions/latest/content",
        "/v1/documents/SLUG/versions/1.0/evidence",
        "/v1/documents/SLUG/versions/1.0/readers",
        "/v1/documents/SLUG/diff?from=1.0&to=1.0",
        "/v1/audit/entries?document=SLUG",
        "/published/SLUG/1.0",
    ] {
        for method in ["GET", "HEAD", "DELETE", "PUT", "POST"] {
            if path.starts_with("/v1/audit") && method != "DELETE" {
                continue;
            }
            requests.push(asked(method, path, &[], None));
        }
    }
    let content = "/v1/documents/SLUG/versions/1.0/content";
    for headers in [
        &[("Reasonable-Need", NEED)][..],
        &[("Reasonable-Need", NEED), ("Range", "bytes=0-3")],
        &[("Reasonable-Need", NEED), ("Range", "bytes=1000-")],
        &[("Reasonable-Need", NEED), ("If-None-Match", "*")],
        &[("Reasonable-Need", NEED), ("If-Match", "\"x\"")],
        &[("Reasonable-Need", "id=\"need-1\"")],
        &[("Reasonable-Need", "purpose=assurance, statement=\"short\"")],
    ] {
        requests.push(asked("GET", content, headers, None));
        requests.push(asked("HEAD", content, headers, None));
    }
    let text = [("Content-Type", "text/plain")];
    for path in [
        "/v1/documents/SLUG/versions/1.0",
        "/v1/documents/SLUG/versions/2.0?classification=RED",
        "/v1/documents/SLUG/versions/2.0?direction=direction-1",
    ] {
        requests.push(asked("PUT", path, &text, Some(json!("the bytes of a version"))));
    }
    let json_type = [("Content-Type", "application/json")];
    for (path, body) in [
        ("/v1/documents/SLUG/versions/1.0/classification", json!({ "classification": "WHITE", "reason": "So." })),
        ("/v1/documents/SLUG/versions/1.0/publish", json!({ "reason": "So." })),
        ("/v1/documents/SLUG/versions/1.0/withdraw", json!({ "reason": "So." })),
        ("/v1/documents/SLUG/versions/1.0/withdraw", json!({ "reason": "" })),
        ("/v1/needs", need(json!({}))),
        ("/v1/needs", need(json!({ "version": "1.0" }))),
        ("/v1/needs", need(json!({ "version": "9.9" }))),
        ("/v1/needs", need(json!({ "statement": "short" }))),
        ("/v1/needs", need(json!({ "valid_until": "2000-01-01T00:00:00Z" }))),
        (
            "/v1/directions",
            json!({ "document": "SLUG", "title": "A title", "requirement": "All of it.", "due": "2030-01-01" }),
        ),
        (
            "/v1/documents",
            json!({ "document": "SLUG", "title": "A", "type": "paper", "set": "pma-papers", "body": "pma" }),
        ),
    ] {
        requests.push(asked("POST", path, &json_type, Some(body)));
    }
    requests
}

fn need(also: Value) -> Value {
    let mut need = json!({
        "document": "SLUG", "purpose": "assurance", "statement": "annual assessment of the document",
        "reference": "meeting 2026-11",
    });
    need.as_object_mut().unwrap().extend(also.as_object().unwrap().clone());
    need
}

/// An answer but for its date, its entry's index, and the name that was asked for.
fn shape(answer: &Answer, slug: &str) -> (u16, Vec<(String, String)>, String) {
    let entry = answer.entry().map_or_else(String::new, |entry| entry.to_string());
    let length = answer.header("content-length").map_or(0, |length| length.parse::<usize>().unwrap());
    let headers = answer.headers.iter().map(|(name, value)| {
        let value = match name.as_str() {
            "date" => "a date".to_owned(),
            "audit-entry" => "an entry".to_owned(),
            // An index can have a digit more than another.
            "content-length" => (length - entry.len()).to_string(),
            _ => value.replace(slug, "SLUG"),
        };
        (name.clone(), value)
    });
    // Their order is another one in every answer.
    let mut headers: Vec<_> = headers.collect();
    headers.sort();
    let body = String::from_utf8_lossy(&answer.body).replace(slug, "SLUG");
    let body = if entry.is_empty() { body } else { body.replace(&format!("\"entry\":{entry}"), "\"entry\":N") };
    (answer.status, headers, body)
}

/// The person's own records that name the document, but for what is each one's own.
fn records_of(server: &Server, person: &str, slug: &str) -> Vec<Value> {
    let mut connection = server.connect(person);
    let mut path = "/v1/audit/entries?limit=500".to_owned();
    let mut records = Vec::new();
    loop {
        let page = connection.get(&path).must_be(200).json();
        for item in page["items"].as_array().unwrap() {
            let mut record = item["record"].clone();
            for own in ["index", "time", "request"] {
                record.as_object_mut().unwrap().remove(own);
            }
            let text = record.to_string();
            if text.contains(slug) {
                records.push(serde_json::from_str(&text.replace(slug, "SLUG")).unwrap());
            }
        }
        match page["next"].as_str() {
            Some(next) => path = format!("/v1/audit/entries?limit=500&after={next}"),
            None => return records,
        }
    }
}
