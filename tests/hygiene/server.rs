//! A server that is told hostile and secret words in every place of every request.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::{Map, Value, json};

use crate::keys;
use crate::search::Secrets;
use crate::support::deeds::{NEED, SECRETARIAT, version};
use crate::support::{Answer, Options, Server, eventually};

/// Words that must not be told, each with what would begin a line, steer a terminal or turn its writing. Every one is
/// another, so that what leaks says where it was put in.
#[derive(Default)]
struct Words {
    secrets: Secrets,
    count: u32,
}

impl Words {
    /// A word that no parser takes for anything.
    fn hostile(&mut self, place: &str) -> String {
        let core = self.secret(place);
        format!("{core}\r\nFAKE \u{1b}[31m\u{202e}\u{2066}\"\\{{}}<é>")
    }

    /// A word of letters, to be taken.
    fn secret(&mut self, place: &str) -> String {
        self.count += 1;
        let mut state = u64::from(self.count).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut core = String::from("zq");
        for _ in 0..14 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            core.push(char::from(b'a' + (state >> 59) as u8 % 26));
        }
        self.secrets.add(place, &core);
        core
    }

    /// The same as a value of a header field, which cannot hold a line's end.
    fn field(&mut self, place: &str) -> String {
        format!("{}\t\u{202e}\"\\<é>", self.secret(place))
    }
}

#[test]
fn hostile_words_in_every_place_are_never_told_as_text() {
    let (told, requests, secrets) = told_at_trace(false);
    let text = assert_lines(&told, |line| {
        let time = line.split(' ').next().unwrap();
        assert!(time.ends_with('Z') && time.contains('T') && time.starts_with("20"), "no line of ours: {line}");
    });
    println!("hygiene: {requests} requests with hostile words, told as text: {text}, {secrets}, none found");
}

#[test]
fn hostile_words_in_every_place_are_never_told_as_json() {
    let (told, requests, secrets) = told_at_trace(true);
    let text = assert_lines(&told, |line| {
        let event: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(event["timestamp"].is_string() && event["level"].is_string(), "{line}");
    });
    println!("hygiene: {requests} requests with hostile words, told as JSON: {text}, {secrets}, none found");
}

/// What a server told at trace, how many requests it had, and what was looked for in it.
fn told_at_trace(as_json: bool) -> (String, usize, String) {
    let server = start(as_json);
    let mut words = Words::default();
    let mut requests = 0;
    // First what is taken, so that titles, statements and contents are there to be told.
    let mut answers_to_others = accepted(&server, &mut words, &mut requests);
    answers_to_others.extend(every_route(&server, &mut words, &mut requests));
    for (person, answers) in [("an outsider", &answers_to_others)] {
        for answer in answers {
            let body = [answer.body.as_slice(), format!("{:?}", answer.headers).as_bytes()].concat();
            assert_eq!(words.secrets.found_in(&body), None, "told to {person}");
        }
    }
    keys::add(&mut words.secrets, server.directory.path());
    for path in ["/metrics", "/readyz", "/healthz"] {
        let text = server.operations().get(path).must_be(200).text();
        assert_eq!(words.secrets.found_in(text.as_bytes()), None, "{path}");
    }
    server.hang_up();
    eventually("the reload", || server.told().contains("reload").then_some(()));
    server.terminate();
    eventually("the end of the log", || server.told().contains("shutting down").then_some(()));
    let told = server.told();
    assert_eq!(words.secrets.found_in(told.as_bytes()), None);
    let looked_for = format!("{} secrets in {} spellings", words.secrets.count(), words.secrets.spellings());
    server.ended();
    (told, requests, looked_for)
}

fn start(as_json: bool) -> Server {
    let limits = vec![("requests_per_minute", 1_000_000), ("refusals_per_minute", 1_000_000)];
    let directory = crate::support::Directory::new();
    let options = Options { public: true, level: Some("trace"), limits, ..Options::default() };
    crate::support::server::configure(&directory, &options);
    if as_json {
        directory.edit_config(|text| text.replace("format = \"text\"", "format = \"json\""));
    }
    let server = Server::serve(directory);
    assert!(!as_json || eventually("a line", || server.told().lines().next().map(str::to_owned)).starts_with('{'));
    server
}

/// Acts that are taken, each with a secret in every text; the answers that others get about the same things.
fn accepted(server: &Server, words: &mut Words, requests: &mut usize) -> Vec<Answer> {
    let mut secret = |place: &str| words.secret(place);
    let (title, body) = (secret("a title"), secret("a content"));
    server.hold("policy", &title, "RED", body.as_bytes());
    let (mut chair, mut secretariat) = (server.connect("chair"), server.connect("secas"));
    let need = format!(
        "purpose=assurance, statement=\"annual assessment {}\", reference=\"meeting {}\"",
        secret("a statement"),
        secret("a reference")
    );
    chair.read_content("policy", "1.0", &need).must_be(200);
    chair.read_content("policy", "1.0", SECRETARIAT).must_be(403);
    let need = json!({
        "document": "policy", "purpose": "assurance", "statement": format!("annual assessment {}", secret("a need's statement")),
        "reference": format!("meeting {}", secret("a need's reference")),
    });
    chair.post("/v1/needs", &need).must_be(201);
    let direction = json!({
        "document": "policy", "title": secret("a direction's title"), "requirement": secret("a requirement"),
        "due": "2090-01-01",
    });
    chair.post("/v1/directions", &direction).must_be(201);
    let decision = json!({
        "body": "pma", "kind": "other", "subject": {"matter": secret("a decision's matter")},
        "question": secret("a decision's question"),
    });
    chair.post("/v1/decisions", &decision).must_be(201);
    let note = secret("a note");
    let bytes = secret("another content");
    let path = format!("{}?note={note}", version("policy", "2.0"));
    secretariat.exchange("PUT", &path, &[("Content-Type", "text/plain")], Some(bytes.as_bytes())).unwrap().must_be(201);
    let classification = json!({ "classification": "RED", "reason": secret("a classification's reason") });
    chair.post(&format!("{}/classification", version("policy", "2.0")), &classification).must_be(200);
    chair.request("GET", &format!("/v1/documents?q={title}"), &[]).must_be(200);
    let withdrawn = json!({ "reason": secret("a withdrawal's reason") });
    chair.post(&format!("{}/withdraw", version("policy", "1.0")), &withdrawn).must_be(200);
    *requests += 14;

    let mut answers = Vec::new();
    for person in ["outsider", "party-small-supplier"] {
        // Who is nobody here loses the connection with each answer.
        let other = || server.connect(person);
        let digest = [("Content-Type", "text/plain")];
        for path in
            ["/v1/documents/policy", "/v1/documents", &version("policy", "1.0"), "/v1/directions", "/v1/decisions"]
        {
            answers.push(other().request("GET", path, &[]));
        }
        answers.push(other().read_content("policy", "1.0", NEED));
        answers.push(other().exchange("PUT", &version("policy", "2.0"), &digest, Some(b"other bytes")).unwrap());
        answers.push(other().register("policy", "A policy of that name"));
    }
    answers.push(server.connect("secas").lodge("policy", "2.0", b"other bytes under the same label"));
    *requests += answers.len();
    answers
}

/// Every operation of the API, with a hostile word in each of its places in turn; the answers that an outsider gets.
fn every_route(server: &Server, words: &mut Words, requests: &mut usize) -> Vec<Answer> {
    let document = server.connect("chair").get("/v1/openapi.json").must_be(200).json();
    let mut answers = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let method = method.to_uppercase();
            for attempt in attempts(&document, path, operation, words, *requests) {
                let headers: Vec<_> =
                    attempt.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                let exchanged =
                    server.connect("chair").exchange(&method, &attempt.target, &headers, attempt.body.as_deref());
                *requests += 1;
                // What it says itself, an asker may get back; another's it must not.
                let answer = exchanged.unwrap_or_else(|error| panic!("{method} {}: {error}", attempt.target));
                assert!(answer.status < 500, "{method} {}: {answer:?}", attempt.target);
                if answer.status >= 400 && answer.header("content-type").is_some_and(|kind| kind.ends_with("+json")) {
                    assert_shown(&answer);
                }
            }
            // Without a word of its own.
            answers.push(server.connect("outsider").exchange(&method, &filled(path), &[], None).unwrap());
        }
    }
    assert!(*requests > 700, "{requests}");
    answers
}

/// A request with hostile words in it.
struct Attempt {
    target: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

/// The attempts at an operation. Of the fields that end a request by themselves it is one at a time, `turn` says which.
fn attempts(document: &Value, path: &str, operation: &Value, words: &mut Words, turn: usize) -> Vec<Attempt> {
    let mut attempts = Vec::new();
    let mut attempt = |target: String, headers: &[(&str, String)], body: Option<Vec<u8>>| {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        attempts.push(Attempt { target, headers, body });
    };
    if path.contains('{') {
        let named = path.split('/').map(|segment| match segment.starts_with('{') {
            true => encoded(&words.hostile(&format!("{path}: {segment}"))),
            false => segment.to_owned(),
        });
        attempt(named.collect::<Vec<_>>().join("/"), &[], None);
    }
    let mut query = String::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let parameter = resolved(document, parameter);
        if parameter["in"] == "query" {
            let name = parameter["name"].as_str().unwrap();
            write!(query, "{name}={}&", encoded(&words.hostile(&format!("{path}?{name}")))).unwrap();
            attempt(format!("{}?{query}", filled(path)), &[], None);
        }
    }
    attempt(format!("{}?{}=1", filled(path), encoded(&words.hostile(&format!("{path}: a query's name")))), &[], None);
    let quiet: Vec<_> = QUIET.iter().map(|name| (*name, words.field(&format!("{path}: {name}")))).collect();
    attempt(filled(path), &quiet, None);
    for name in [ENDING[turn % ENDING.len()], ENDING[(turn + ENDING.len() / 2) % ENDING.len()]] {
        attempt(filled(path), &[(name, words.field(&format!("{path}: {name}")))], None);
    }
    let needed = format!("purpose=operate, statement=\"{}\", x={}", words.secret("need"), words.secret("need"));
    attempt(filled(path), &[("Reasonable-Need", needed)], None);
    let json = [("Content-Type", "application/json".to_owned())];
    let schema = &resolved(document, &operation["requestBody"])["content"]["application/json"]["schema"];
    if schema.is_object() {
        let schema = resolved(document, schema);
        let members = schema["properties"].as_object().cloned().unwrap_or_default();
        let each = |words: &mut Words, hostile: bool| {
            let value = |name: &String| {
                let place = format!("{path}: {name}");
                (name.clone(), Value::from(if hostile { words.hostile(&place) } else { words.secret(&place) }))
            };
            Value::Object(members.keys().map(value).collect::<Map<_, _>>())
        };
        for body in [each(words, true), each(words, false)] {
            attempt(filled(path), &json, Some(body.to_string().into_bytes()));
        }
        let unknown = json!({ words.hostile("a member's name"): words.hostile("an unknown member") });
        attempt(filled(path), &json, Some(unknown.to_string().into_bytes()));
    }
    let broken = format!("{{\"title\": \"{}\", {}", words.secret("broken JSON"), words.secret("broken JSON"));
    attempt(filled(path), &json, Some(broken.into_bytes()));
    attempts
}

/// That a problem shows no control and no turn of writing of what was asked.
fn assert_shown(answer: &Answer) {
    let raw = String::from_utf8(answer.body.clone()).unwrap();
    assert!(!raw.contains(['\u{1b}', '\r', '\n']), "{raw}");
}

/// That every line is one of ours, and shows all that is in it; how many there were.
fn assert_lines(told: &str, is_ours: impl Fn(&str)) -> String {
    let hidden = ['\u{1b}', '\r', '\u{202e}', '\u{2066}', '\u{9b}', '\0'];
    for line in told.lines() {
        assert!(!line.contains(hidden), "{line:?}");
        assert!(!line.starts_with("FAKE"), "{line:?}");
        is_ours(line);
    }
    let targets: BTreeSet<_> = told.split_whitespace().filter(|word| word.starts_with("strongroom::")).collect();
    assert!(told.contains("request"), "requests are told of: {targets:?}");
    format!("{} lines, {} bytes", told.lines().count(), told.len())
}

fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

/// A path of the document with names in it, each of the kind that stands there.
fn filled(path: &str) -> String {
    let mut filled: Vec<String> = Vec::new();
    for segment in path.split('/') {
        let named = match (segment, filled.last().map(String::as_str)) {
            ("{doc}", _) => "policy".to_owned(),
            ("{label}", _) => "2.0".to_owned(),
            ("{id}", Some("credentials")) => "0".repeat(64),
            ("{id}", Some("breaches")) => "breach-1".to_owned(),
            ("{id}", Some(kind)) => format!("{}-1", kind.trim_end_matches('s')),
            ("{index}", _) => "1".to_owned(),
            (named, _) if named.starts_with('{') => "chair".to_owned(),
            (other, _) => other.to_owned(),
        };
        filled.push(named);
    }
    filled.join("/")
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => encoded.push(byte.into()),
            _ => write!(encoded, "%{byte:02X}").unwrap(),
        }
        encoded
    })
}

/// Header fields that no part of the server needs to understand.
const QUIET: [&str; 12] = [
    "Accept",
    "Accept-Language",
    "Range",
    "If-Range",
    "If-None-Match",
    "If-Modified-Since",
    "Referer",
    "User-Agent",
    "Cookie",
    "Authorization",
    "Forwarded",
    "X-Forwarded-For",
];

/// Header fields that are refused with what is in them.
const ENDING: [&str; 11] = [
    "Reasonable-Need",
    "Idempotency-Key",
    "Lodger-Signature",
    "Content-Digest",
    "Content-Type",
    "Content-Encoding",
    "If-Match",
    "Origin",
    "Sec-Fetch-Site",
    "Sec-Fetch-Dest",
    "Connection",
];
