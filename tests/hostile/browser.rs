//! What other sites can have a person's browser do, which sends the person's certificate along by itself.
//!
//! The requests are those that browsers make (Fetch, Fetch Metadata): every combination of what they say of where a
//! request comes from, at every class of route, as a person who may do and read everything that is asked for.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::deeds::{content, version};
use crate::support::wire::assert_problem;
use crate::support::{Answer, Connection, Options, Server};

const SITES: [Option<&str>; 6] =
    [None, Some("none"), Some("same-origin"), Some("same-site"), Some("cross-site"), Some("nonsense")];

const MODES: [Option<&str>; 2] = [Some("no-cors"), Some("navigate")];

const DESTINATIONS: [Option<&str>; 4] = [None, Some("document"), Some("iframe"), Some("script")];

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];

/// Where a request may say that it comes from; `OWN` stands for this server.
const ORIGINS: [Option<&str>; 4] = [None, Some("OWN"), Some("null"), Some("https://localhost.evil.example")];

/// What is said of where a request comes from.
#[derive(Clone, Copy, Debug)]
struct Said<'a> {
    site: Option<&'a str>,
    mode: Option<&'a str>,
    destination: Option<&'a str>,
    origin: Option<&'a str>,
}

/// What must come of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Passes,
    Problem,
    Page,
}

impl<'a> Said<'a> {
    fn headers(&self, own: &'a str) -> Vec<(&'static str, &'a str)> {
        let origin = self.origin.map(|origin| if origin == "OWN" { own } else { origin });
        [
            ("Sec-Fetch-Site", self.site),
            ("Sec-Fetch-Mode", self.mode),
            ("Sec-Fetch-Dest", self.destination),
            ("Origin", origin),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }

    /// The rules once more, in the words of the promise.
    fn due(&self, method: &str, path: &str) -> Due {
        let is_read = matches!(method, "GET" | "HEAD");
        let from_here = match self.site {
            None | Some("same-origin") => true,
            Some("none") => is_read,
            _ => false,
        };
        let own = self.origin.is_none_or(|origin| origin == "OWN");
        let embedded = path.starts_with("/v1/")
            && self.destination.is_some_and(|destination| destination != "document" && destination != "empty");
        let opened = method == "GET"
            && self.mode == Some("navigate")
            && self.destination == Some("document")
            && self.origin.is_none();
        match (from_here && own, embedded, opened) {
            (true, false, _) => Due::Passes,
            (false, _, true) => Due::Page,
            _ => Due::Problem,
        }
    }
}

fn server() -> Server {
    let limits = vec![("requests_per_minute", 1_000_000), ("refusals_per_minute", 1_000_000)];
    let server = Server::start(&Options { public: true, limits, ..Options::default() });
    server.hold("policy", "A policy", "GREEN", b"for parties");
    server.hold("open-policy", "A policy for everyone", "WHITE", b"for everyone");
    server.connect("chair").publish("open-policy", "1.0").must_be(200);
    server
}

/// A need on record, which is all that another site would have to know to have a document opened.
fn need(chair: &mut Connection) -> String {
    let need = serde_json::json!({
        "document": "policy", "purpose": "assurance", "statement": "annual assessment of the document",
        "reference": "meeting 2026-11",
    });
    chair.post("/v1/needs", &need).must_be(201).json()["id"].as_str().unwrap().to_owned()
}

fn entries(chair: &mut Connection) -> u64 {
    // A list is no entry; every lookup that is one says so.
    chair.request("GET", "/v1/documents/absent", &[]).entry().unwrap()
}

#[test]
fn no_combination_of_what_browsers_say_lets_another_site_act_or_read() {
    let server = server();
    let own = format!("https://localhost:{}", server.address().port());
    let mut chair = server.connect("chair");
    let read = format!("{}?need={}", content("policy", "1.0"), need(&mut chair));
    let routes = [
        ("content", read.as_str()),
        ("version", &version("policy", "1.0")),
        ("person", "/v1/me"),
        ("absent", "/v1/documents/absent/versions/1.0/content"),
        ("nothing", "/nowhere\"'onload='alert(1)"),
        ("log", "/log/checkpoint"),
    ];
    let mut counts = BTreeMap::new();
    let mut pages = BTreeMap::new();
    let before = entries(&mut chair);
    let mut entered = 0;
    for (class, path) in routes {
        for method in METHODS {
            for site in SITES {
                for mode in MODES {
                    for destination in DESTINATIONS {
                        for origin in ORIGINS {
                            let said = Said { site, mode, destination, origin };
                            let due = said.due(method, path);
                            let answer = exchange(&server, &mut chair, method, path, &said.headers(&own));
                            let got = judged(&answer);
                            assert_eq!(got, due, "{method} {class} {said:?}: {answer:?}");
                            if due != Due::Passes {
                                assert_eq!(answer.entry(), None, "{method} {class} {said:?}: {answer:?}");
                            }
                            if due == Due::Page {
                                let text = answer.text();
                                pages.entry(text.replace(&linked(&text), "ADDRESS")).or_insert(class);
                            }
                            entered += u64::from(answer.entry().is_some());
                            assert_no_permission(&answer);
                            *counts.entry(due).or_insert(0_usize) += 1;
                        }
                    }
                }
            }
        }
    }
    assert_eq!(pages.len(), 1, "the page is the same everywhere: {pages:?}");
    assert_eq!(entries(&mut chair), before + entered + 1, "what was refused made no entry");
    let count = |due| counts.get(&due).copied().unwrap_or_default();
    println!(
        "browser: {} requests (site x mode x destination x origin x method x route class): {} passed, {} refused, {} got the page for people",
        counts.values().sum::<usize>(),
        count(Due::Passes),
        count(Due::Problem),
        count(Due::Page),
    );
}

/// The answer, over a new connection where the old one was closed.
fn exchange(
    server: &Server,
    connection: &mut Connection,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> Answer {
    let answer = match connection.exchange(method, path, headers, None) {
        Ok(answer) => answer,
        Err(_) => {
            *connection = server.connect("chair");
            connection.exchange(method, path, headers, None).unwrap()
        }
    };
    if answer.header("connection").is_some_and(|connection| connection.eq_ignore_ascii_case("close")) {
        *connection = server.connect("chair");
    }
    answer
}

fn judged(answer: &Answer) -> Due {
    match (answer.status, answer.header("content-type")) {
        (403, Some("text/html; charset=utf-8")) => Due::Page,
        // A HEAD's answer does not say which problem it is; the Chair's are refused for nothing else here.
        (403, _) if answer.body.is_empty() || answer.problem().1 == "cross_origin" => Due::Problem,
        _ => Due::Passes,
    }
}

fn assert_no_permission(answer: &Answer) {
    let cors =
        answer.headers.iter().find(|(name, _)| name.starts_with("access-control-") || name == "timing-allow-origin");
    assert!(cors.is_none(), "{answer:?}");
}

/// The address in the page's only link.
fn linked(page: &str) -> String {
    let (_, rest) = page.split_once("href=\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

/// As a browser opens an address that another site sent it to.
const SENT: [(&str, &str); 4] = [
    ("Sec-Fetch-Site", "cross-site"),
    ("Sec-Fetch-Mode", "navigate"),
    ("Sec-Fetch-Dest", "document"),
    ("Sec-Fetch-User", "?1"),
];

#[test]
fn a_person_whom_another_site_sent_gets_a_page_that_says_so_and_nothing_else() {
    let server = server();
    let mut chair = server.connect("chair");
    let own = format!("https://localhost:{}", server.address().port());
    let read = format!("{}?need={}", content("policy", "1.0"), need(&mut chair));
    for (path, link) in [
        (read.as_str(), read.as_str()),
        ("/v1/documents?q=a&set=smki", "/v1/documents?q=a&amp;set=smki"),
        ("//evil.example/x", "//evil.example/x"),
        ("/x\"'onload='alert(1)", "/x%22%27onload=%27alert(1)"),
    ] {
        let page = chair.request("GET", path, &SENT).must_be(403);
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        let policy = page.header("content-security-policy").unwrap();
        assert_eq!(policy, "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        assert_eq!((page.entry(), page.header("cache-control")), (None, Some("no-store")));
        assert_eq!(linked(&page.text()), format!("{own}{link}"));
        assert!(!page.text().contains("<script") && !page.text().contains("onload='"), "{}", page.text());
    }
    // The link is then followed from this site's own page.
    let followed = [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")];
    let opened = chair.request("GET", &read, &followed).must_be(200);
    assert!(opened.body == b"for parties" && opened.entry().is_some());
    // Nobody is asked who they are before it: the page is the same for somebody who is nobody here.
    let text = chair.request("GET", "/v1/documents/policy", &SENT).text();
    for person in ["outsider", "party-small-supplier"] {
        assert_eq!(server.connect(person).request("GET", "/v1/documents/policy", &SENT).text(), text, "{person}");
    }
    assert!(server.operations().get("/metrics").text().contains("code=\"cross_origin\""), "they are counted");
}

#[test]
fn no_form_of_another_page_is_a_change_even_where_the_browser_says_nothing_of_it() {
    let server = server();
    let mut chair = server.connect("chair");
    let document = server.connect("chair").get("/v1/openapi.json").must_be(200).json();
    let mut tried = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        if item.get("post").is_none() {
            continue;
        }
        let path = format!("{}{}", base(&document), filled(path));
        for kind in [
            "text/plain",
            "text/plain;charset=UTF-8",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
        ] {
            for body in [&b""[..], b"{}", b"{\"reason\":\"=\"}"] {
                let answer = chair.exchange("POST", &path, &[("Content-Type", kind)], Some(body)).unwrap();
                assert_problem(&answer, 415, "unsupported_media_type");
                assert_eq!(answer.entry(), None);
                tried += 1;
            }
        }
    }
    assert!(tried > 300, "{tried}");
    println!("browser: {tried} form posts without Origin or Sec-Fetch-Site: all refused with 415, no entry");
}

#[test]
fn a_preflight_gets_no_permission_anywhere() {
    let server = server();
    let document = server.connect("chair").get("/v1/openapi.json").must_be(200).json();
    let paths: Vec<_> = document["paths"]
        .as_object()
        .unwrap()
        .keys()
        .map(|path| format!("{}{}", base(&document), filled(path)))
        .collect();
    let preflight = [
        ("Origin", "https://evil.example"),
        ("Access-Control-Request-Method", "PUT"),
        ("Access-Control-Request-Headers", "content-type"),
        ("Access-Control-Request-Private-Network", "true"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Mode", "cors"),
        ("Sec-Fetch-Dest", "empty"),
    ];
    let mut asked = 0;
    for path in paths.iter().map(String::as_str).chain(["/", "/log/checkpoint", "/published/", "/metrics", "*"]) {
        for mut connection in [server.connect("chair"), server.public(), server.operations()] {
            let answer = connection.request("OPTIONS", path, &preflight);
            assert!(answer.status >= 400, "{path}: {answer:?}");
            assert_no_permission(&answer);
            asked += 1;
        }
    }
    println!("browser: {asked} preflights: none got a permission");
}

#[test]
fn every_answer_of_every_listener_tells_browsers_to_do_nothing_with_it() {
    let server = server();
    let document = server.connect("chair").get("/v1/openapi.json").must_be(200).json();
    let read = format!("{}?need={}", content("policy", "1.0"), need(&mut server.connect("chair")));
    let mut urls: Vec<String> = document["paths"]
        .as_object()
        .unwrap()
        .keys()
        .map(|path| format!("{}{}", base(&document), filled(path)))
        .collect();
    urls.extend(
        [
            &read,
            "/",
            "/nowhere",
            "/log/checkpoint",
            "/log/tile/0/000.p/1",
            "/log/tile/9/999",
            "/published/",
            "/published/open-policy/1.0",
            "/published/absent/1.0",
            "/healthz",
            "/readyz",
            "/metrics",
            &format!("/{}", "x".repeat(9_000)),
        ]
        .map(str::to_owned),
    );
    let mut answers = 0;
    type Connect = fn(&Server) -> Connection;
    let connect: [(&str, bool, Connect); 4] = [
        ("mutual_tls", true, |server| server.connect("chair")),
        ("mutual_tls of an outsider", true, |server| server.connect("outsider")),
        ("public", true, Server::public),
        ("operations", false, Server::operations),
    ];
    for (listener, over_tls, connect) in connect {
        let mut connection = connect(&server);
        for url in &urls {
            for method in METHODS {
                let answer = connection.request(method, url, &[("If-None-Match", "\"x\"")]);
                if answer.header("connection").is_some_and(|connection| connection.eq_ignore_ascii_case("close")) {
                    connection = connect(&server);
                }
                assert_closed_to_browsers(&answer, over_tls, &format!("{listener} {method} {url}"));
                answers += 1;
            }
        }
    }
    let foreign = server.connect("chair").request("GET", "/v1/me", &[("Sec-Fetch-Site", "cross-site")]);
    assert_closed_to_browsers(&foreign, true, "another site's");
    println!("browser: {answers} answers of {} URLs on 3 listeners: every one has every header field", urls.len());
}

#[test]
fn what_the_library_answers_by_itself_is_nothing_that_a_browser_could_use() {
    let server = server();
    for bytes in
        ["nonsense\r\n\r\n", "GET / HTTP/1.1\r\nHost: localhost\r\nBad Name: x\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"]
    {
        for mut connection in [server.connect("chair"), server.public(), server.operations()] {
            connection.send(bytes.as_bytes()).unwrap();
            let answer = connection.answer().unwrap();
            assert_eq!((answer.status, answer.body.len()), (400, 0), "{bytes:?}: {answer:?}");
            assert_eq!(answer.header("content-type"), None, "{answer:?}");
            assert_no_permission(&answer);
        }
    }
}

fn assert_closed_to_browsers(answer: &Answer, over_tls: bool, what: &str) {
    let one = |name: &str| {
        let mut values = answer.headers.iter().filter(|(held, _)| held == name).map(|(_, value)| value.as_str());
        let value = values.next();
        assert!(values.next().is_none(), "{what}: {name} twice: {answer:?}");
        value
    };
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("origin-agent-cluster", "?1"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        ("x-permitted-cross-domain-policies", "none"),
    ] {
        assert_eq!(one(name), Some(value), "{what}: {answer:?}");
    }
    let policy = one("content-security-policy").unwrap_or_default();
    for part in ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"] {
        assert!(policy.split("; ").any(|held| held == part), "{what}: {part}: {answer:?}");
    }
    assert!(one("permissions-policy").is_some_and(|policy| policy.contains("camera=()")), "{what}: {answer:?}");
    assert!(one("cache-control").is_some(), "{what}: {answer:?}");
    assert_eq!(one("strict-transport-security"), over_tls.then_some("max-age=31536000"), "{what}: {answer:?}");
    assert_eq!((one("server"), one("x-powered-by")), (None, None), "{what}: {answer:?}");
    assert_no_permission(answer);
}

/// What the paths of the document are relative to.
fn base(document: &Value) -> String {
    let server = document["servers"][0]["url"].as_str().unwrap_or_default();
    server.trim_end_matches('/').to_owned()
}

/// A path of the document with names in it, each of the kind that stands there.
fn filled(path: &str) -> String {
    let mut filled: Vec<String> = Vec::new();
    for segment in path.split('/') {
        let named = match (segment, filled.last().map(String::as_str)) {
            ("{doc}", _) => "policy".to_owned(),
            ("{label}", _) => "1.0".to_owned(),
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
