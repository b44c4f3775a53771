//! What is sent: bodies that name what is hidden, good ones and bad ones.

use serde_json::{Value, json};

use super::Asked;
use crate::house::{OPEN, in_a_week, need};
use crate::secrets::Names;

/// The POSTs to a URL.
pub fn posts(path: &str, url: &str, names: &Names) -> Vec<Asked> {
    let mut posts: Vec<_> = bodies(path, names).into_iter().map(|body| post(url, &body)).collect();
    posts.push(Asked { body: Some(b"{".to_vec()), headers: json_type(), ..Asked::of("POST", url) });
    posts.push(Asked { body: Some(b"{}".to_vec()), ..Asked::of("POST", url) });
    if matches!(path, "/v1/needs" | "/v1/grants" | "/v1/documents/{doc}/versions/{label}/classification") {
        let large = "x".repeat(300 << 10).into_bytes();
        posts.push(Asked { body: Some(large), headers: json_type(), ..Asked::of("POST", url) });
        // The same key again, with the same and with another body.
        let again: Vec<_> = posts.iter().take(2).cloned().collect();
        for mut post in again.iter().chain(&again).cloned() {
            post.headers.push(("Idempotency-Key", format!("key-of-{}", path.len())));
            posts.push(post);
        }
    }
    posts
}

/// The PUTs to a version's URL.
pub fn lodgements(url: &str) -> Vec<Asked> {
    let lodge = |query: &str, bytes: &[u8], digest: Option<&str>| {
        let digest = digest.map(|digest| ("Content-Digest", digest.to_owned()));
        let headers = [("Content-Type", "text/plain".to_owned())].into_iter().chain(digest).collect();
        Asked { headers, body: Some(bytes.to_vec()), ..Asked::of("PUT", &format!("{url}{query}")) }
    };
    let wrong = "sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:";
    vec![
        lodge("", b"other bytes\n", Some(wrong)),
        lodge("?classification=RED", b"other bytes\n", Some(wrong)),
        lodge("?direction=direction-1", b"other bytes\n", Some(wrong)),
        lodge("?classification=PINK", b"other bytes\n", None),
        lodge("?direction=direction-999999", b"other bytes\n", Some("no digest")),
    ]
}

/// Good bodies of a POST, and such as are refused only after the look-up. A path without a row fails the test.
fn bodies(path: &str, names: &Names) -> Vec<Value> {
    let reason = || vec![json!({ "reason": "For a good reason." }), json!({ "reason": "" })];
    let versions = || names.versions.iter().copied().chain([(OPEN, "9.9")]);
    let nothing = || vec![json!({})];
    match path {
        "/v1/documents" => ["an-own-paper"]
            .map(|slug| json!({ "document": slug, "title": "A", "type": "paper", "set": "smki", "body": "tabasc" }))
            .to_vec(),
        "/v1/documents/{doc}/versions/{label}/classification"
        | "/v1/documents/{doc}/versions/{label}/classification/proposals" => {
            let level = |level: &str, reason: &str| json!({ "classification": level, "reason": reason });
            vec![level("WHITE", "So."), level("RED", "So."), level("WHITE", ""), level("PINK", "So.")]
        }
        "/v1/documents/{doc}/versions/{label}/publish" | "/v1/documents/{doc}/versions/{label}/withdraw" => reason(),
        "/v1/documents/{doc}/versions/{label}/tabling" => {
            vec![json!({ "body": "panel" }), json!({ "body": "no-body" })]
        }
        "/v1/needs" => {
            let with = |(document, label): (&str, &str), also: Value| {
                let mut need = need(document);
                let members = need.as_object_mut().unwrap();
                members.insert("version".into(), label.into());
                members.extend(also.as_object().unwrap().clone());
                need
            };
            let hidden = versions().flat_map(|version| {
                let bad = [json!({}), json!({ "statement": "x" }), json!({ "valid_until": "2000-01-01T00:00:00Z" })];
                bad.map(|also| with(version, also))
            });
            hidden.chain(names.documents.iter().map(|document| need(document))).collect()
        }
        "/v1/grants" => {
            let grant = |(document, version): (&str, &str), kind: &str, to: Value| {
                json!({
                    "document": document, "version": version, "kind": kind, "to": to, "action": "action 7",
                    "valid_until": in_a_week(),
                })
            };
            versions()
                .flat_map(|version| {
                    [
                        grant(version, "need_to_know", json!({ "person": "manufacturer" })),
                        grant(version, "category_share", json!({ "organisation": "harbour-energy" })),
                        grant(version, "red_inclusion", json!({ "person": "dcc-rep" })),
                    ]
                })
                .collect()
        }
        "/v1/directions" => names
            .documents
            .iter()
            .chain([&"absent-paper"])
            .map(|slug| json!({ "document": slug, "title": "T", "requirement": "R", "due": "2090-01-01" }))
            .collect(),
        "/v1/directions/{id}/acceptance" => vec![json!({ "outcome": "accepted", "reason": "Good." })],
        "/v1/decisions" => {
            let decision = |kind: &str, subject: Value| {
                json!({
                    "body": "pma", "kind": kind, "subject": subject, "question": "Is it so?",
                })
            };
            let hidden = versions().flat_map(|(document, version)| {
                [
                    decision("other", json!({ "document": document, "version": version })),
                    decision("disclose_red", json!({ "document": document, "version": version, "to": "panel" })),
                ]
            });
            let documents =
                names.documents.iter().map(|document| decision("direct_dcc", json!({ "document": document })));
            let lifts = names.ids.iter().filter(|id| id.starts_with("suspension"));
            hidden
                .chain(documents)
                .chain(lifts.map(|id| decision("lift_suspension", json!({ "suspension": id }))))
                .collect()
        }
        "/v1/decisions/{id}/votes" => vec![json!({ "vote": "for" })],
        "/v1/conflicts" => {
            let about =
                names.documents.iter().map(|document| json!({ "document": document, "statement": "It is my own." }));
            let decisions = names.ids.iter().filter(|id| id.starts_with("decision"));
            about
                .chain(decisions.map(|id| json!({ "decision": id, "statement": "It is my own." })))
                .chain([json!({ "decision": "decision-999999", "statement": "It is my own." })])
                .collect()
        }
        "/v1/breaches" => vec![json!({ "person": "beis-rep", "statement": "A paper was found." })],
        "/v1/suspensions" => vec![json!({ "person": "beis-rep", "scope": "lodge", "grounds": "Good grounds." })],
        "/v1/register/credentials" => vec![json!({ "person": "beis-rep", "certificate": "no certificate" })],
        "/v1/register/organisations" => vec![json!({ "organisation": "new", "name": "New", "kind": "stakeholder" })],
        "/v1/register/people" => vec![json!({ "person": "new", "name": "New", "organisation": "harbour-energy" })],
        "/v1/register/bodies" => vec![json!({ "body": "new", "name": "New", "agreement": "Text." })],
        "/v1/register/bodies/{body}/reviews" => vec![json!({ "of": "membership", "outcome": "Kept." })],
        "/v1/register/bodies/{body}/secretariat" | "/v1/register/auditors" => vec![json!({ "person": "beis-rep" })],
        "/v1/register/seats" => vec![json!({ "body": "pma", "seat": "new", "role": "voting", "constituency": "none" })],
        "/v1/register/appointments" => vec![json!({
            "person": "beis-rep", "body": "ssc", "seat": "ssc-member", "until": "2027-01-01T00:00:00Z",
        })],
        "/v1/register/alternates" => vec![json!({ "body": "no-body", "person": "beis-rep" })],
        "/v1/agreements" | "/v1/confirmations" => vec![json!({ "text_digest": "0".repeat(64) })],
        "/v1/agreements/texts" => vec![json!({ "body": "no-body", "text": "Another text." })],
        path if path.ends_with("/appeal/outcome") => vec![json!({ "outcome": "upheld", "reason": "So." })],
        path if path.ends_with("/appeal") => vec![json!({ "statement": "It is not so." })],
        path if path.ends_with("/lift") || path.ends_with("/removal") || path.ends_with("/abolition") => reason(),
        path if path.ends_with("/revocation") || path.ends_with("/end") => reason(),
        path if path.ends_with("/approval") || path.ends_with("/confirmation") => nothing(),
        "/v1/decisions/{id}/close" | "/v1/grants/{id}/direction" => nothing(),
        other => panic!("no row for POST {other}: say here what is asked of it"),
    }
}

fn post(url: &str, body: &Value) -> Asked {
    Asked { headers: json_type(), body: Some(body.to_string().into_bytes()), ..Asked::of("POST", url) }
}

fn json_type() -> Vec<(&'static str, String)> {
    vec![("Content-Type", "application/json".to_owned())]
}
