//! What anyone sees without a certificate, what the operator sees, and what neither does.

use std::fs;

use serde_json::json;

use crate::support::deeds::{NEED, SECRETARIAT};
use crate::support::log::checkpoint;
use crate::support::wire::assert_problem;
use crate::support::{Options, Server, eventually};

fn public() -> Server {
    let server = Server::start(&Options { public: true, ..Options::default() });
    server.hold("white-policy", "A policy for everyone", "WHITE", b"for everyone");
    server.hold("other-white", "A policy that is WHITE and not published", "WHITE", b"not yet for everyone");
    server.hold("green-policy", "A policy for parties", "GREEN", b"for parties");
    server.hold("red-paper", "A paper for members", "RED", b"for members");
    server.connect("chair").publish("white-policy", "1.0").must_be(200);
    server
}

#[test]
fn the_public_listener_serves_what_is_published_and_nothing_else() {
    let server = public();
    let mut anyone = server.public();
    let read = anyone.get("/published/white-policy/1.0").must_be(200);
    assert_eq!(read.body, b"for everyone");
    assert_eq!((read.header("classification"), read.entry()), (Some("WHITE"), None));
    for slug in ["other-white", "green-policy", "red-paper", "absent"] {
        let answer = anyone.get(&format!("/published/{slug}/1.0"));
        assert_problem(&answer, 404, "not_found");
        assert_eq!(answer.body, anyone.get("/published/absent/1.0").body, "{slug}");
    }
    for path in [
        "/v1/me",
        "/v1/documents",
        "/v1/documents/white-policy/versions/1.0/content",
        "/v1/openapi.json",
        "/metrics",
        "/readyz",
        "/published/white-policy/latest",
        "/published/white-policy/1.0/content",
        "/published/..%2Fwhite-policy/1.0",
    ] {
        let answer = anyone.get(path);
        assert!(matches!(answer.status, 400 | 404), "{path}: {answer:?}");
    }
    for method in ["POST", "PUT", "DELETE"] {
        let answer = server.public().request(method, "/published/white-policy/1.0", &[]);
        assert!(matches!(answer.status, 404 | 405), "{method}: {answer:?}");
    }
    let listed = eventually("the list", || {
        let listed = server.public().get("/published/").must_be(200).json();
        (listed["items"].as_array().unwrap().len() == 1).then_some(listed)
    });
    assert_eq!(listed["items"][0]["document"], "white-policy");

    let withdrawn = json!({ "reason": "It was wrong." });
    server.connect("chair").post("/v1/documents/white-policy/versions/1.0/withdraw", &withdrawn).must_be(200);
    assert_problem(&server.public().get("/published/white-policy/1.0"), 404, "not_found");
}

#[test]
fn the_log_is_for_anyone_on_both_listeners() {
    let server = public();
    let key = server.directory.verifier_key();
    let mut anyone = server.public();
    let shown = eventually("a checkpoint", || checkpoint(&mut anyone, &key));
    crate::support::log::assert_extends(&mut anyone, &shown, &shown);
    let mut outsider = server.connect("outsider");
    let same = eventually("a checkpoint", || checkpoint(&mut outsider, &key));
    assert!(same.size >= shown.size);
    crate::support::log::assert_extends(&mut outsider, &shown, &same);
}

#[test]
fn the_operations_listener_says_nothing_about_content() {
    let server = public();
    server.connect("party-small-supplier").read_content("green-policy", "1.0", NEED).must_be(200);
    server.connect("party-small-supplier").get("/v1/documents/red-paper");
    for path in ["/metrics", "/readyz", "/healthz"] {
        let text = server.operations().get(path).must_be(200).text();
        for word in ["policy", "paper", "party-small", "supplier", "RED", "meeting"] {
            assert!(!text.contains(word), "{word} in {path}: {text}");
        }
    }
    for path in ["/v1/documents", "/log/checkpoint", "/published/", "/"] {
        let answer = server.operations().get(path);
        assert_eq!(answer.status, 404, "{path}: {answer:?}");
    }
}

#[test]
fn no_level_of_telling_tells_keys_titles_statements_or_content() {
    let server = Server::start(&Options { public: true, level: Some("trace"), ..Options::default() });
    let secrets = [
        "Zugspitze findings",
        "zugspitze content",
        "zugspitze statement of why",
        "zugspitze reference",
        "zugspitze reason",
        "zugspitze requirement",
    ];
    let [title, content, statement, reference, reason, requirement] = secrets;
    server.hold("policy", title, "AMBER", content.as_bytes());
    let need = format!("purpose=assurance, statement=\"{statement}\", reference=\"{reference}\"");
    let mut chair = server.connect("chair");
    chair.read_content("policy", "1.0", &need).must_be(200);
    chair.read_content("policy", "1.0", SECRETARIAT).must_be(403);
    let recorded = json!({
        "document": "policy", "purpose": "assurance", "statement": statement, "reference": reference,
    });
    chair.post("/v1/needs", &recorded).must_be(201);
    chair.post("/v1/needs", &json!({ "document": "policy", "statement": statement, "titel": title })).must_be(400);
    let direction = json!({ "document": "policy", "title": title, "requirement": requirement, "due": "2030-01-01" });
    chair.post("/v1/directions", &direction).must_be(201);
    chair.post("/v1/documents/policy/versions/1.0/withdraw", &json!({ "reason": reason })).must_be(200);
    let listed = chair.get("/v1/documents?q=zugspitze&limit=1").must_be(200);
    chair.get("/v1/audit/entries?limit=1").must_be(200);
    assert!(listed.text().contains(title), "it is shown to those who may know of it");
    server.connect("secas").lodge("policy", "1.0", b"zugspitze content, but other").must_be(409);
    server.terminate();
    let (keys, names) = (server.directory.path().join("keys"), ["root.key", "log.key"]);
    eventually("the end of the log", || server.told().contains("shutting down").then_some(()));
    let told = server.told();
    assert!(told.contains("strongroom::edge::http::guard: request"), "every request is told of");
    for secret in secrets {
        assert!(!told.to_lowercase().contains(&secret.to_lowercase()), "{secret:?} is told: {}", around(&told, secret));
    }
    for name in names {
        let key = fs::read(keys.join(name)).unwrap();
        let text = String::from_utf8_lossy(&key).trim().to_owned();
        for form in [text, hex::encode(&key)] {
            assert!(!told.contains(&form), "{name} is told");
        }
    }
    let clients = server.directory.path().join("certs/clients");
    for line in fs::read_to_string(clients.join("chair.key")).unwrap().lines().filter(|line| line.len() > 40) {
        assert!(!told.contains(line));
    }
    server.ended();
}

fn around(text: &str, secret: &str) -> String {
    let line = text.lines().find(|line| line.to_lowercase().contains(&secret.to_lowercase()));
    line.unwrap_or_default().chars().take(600).collect()
}
