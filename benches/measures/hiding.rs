//! Whether the time of an answer tells what is hidden from what does not exist (READ-6): the same request for a RED
//! document and for an absent one of a name as long, in random order over a kept connection, and tests of the two samples.
//!
//! Every route has a connection and a thread of its own, so that each is disturbed by the others as by other people.

use std::thread;
use std::time::Instant;

use serde_json::{Value, json};

use super::client::Client;
use super::settings::Settings;
use super::site::{READER, Server, Site, piece};
use super::statistics::{Comparison, Random};
use super::table::Table;

/// Every route for a hidden and an absent document, and for one that has very many hidden versions.
pub fn measure(settings: &Settings, table: &mut Table) {
    let site = Site::make(settings);
    let (server, _) = site.serve();
    hide(&server, HIDDEN, 1);
    let begun = Instant::now();
    hide(&server, CROWDED, settings.hidden);
    eprintln!("{} versions lodged and determined RED in {:.0?}", settings.hidden, begun.elapsed());
    let routes = routes();
    let compared: Vec<_> = thread::scope(|scope| {
        let comparing: Vec<_> = (1..)
            .zip(&routes)
            .map(|(seed, route)| {
                let (server, samples) = (&server, settings.samples);
                scope.spawn(move || compare(server, route, samples, seed))
            })
            .collect();
        comparing.into_iter().map(|thread| thread.join().expect("a comparison does not panic")).collect()
    });
    for (route, comparison) in routes.iter().zip(&compared) {
        table.value(route.name, comparison.verdict().to_owned(), &comparison.to_string());
    }
    let told = compared.iter().filter(|comparison| comparison.tells()).count();
    println!(
        "hiding: {} routes, {} samples of hidden and as many of absent each, {told} told apart",
        routes.len(),
        settings.samples
    );
    server.stop();
}

/// What is asked, with the place of the document's name.
struct Route {
    name: &'static str,
    hidden: &'static str,
    absent: &'static str,
    path: &'static str,
    fields: &'static str,
    body: Option<Value>,
    status: u16,
}

fn routes() -> Vec<Route> {
    let of = |name, path, fields| Route { name, hidden: HIDDEN, absent: ABSENT, path, fields, body: None, status: 404 };
    let crowded = |name, path, fields| Route { hidden: CROWDED, absent: UNCROWDED, ..of(name, path, fields) };
    let need = json!({
        "document": "NAME", "purpose": "assurance", "statement": "annual assessment of the document",
    });
    vec![
        of("document", "/documents/NAME", ""),
        of("version", "/documents/NAME/versions/1", ""),
        of("content", "/documents/NAME/versions/1/content", NEED),
        of("evidence", "/documents/NAME/versions/1/evidence", ""),
        of("diff", "/documents/NAME/diff?from=1&to=2", NEED),
        Route { body: Some(need), ..of("need", "/needs", "") },
        Route { status: 200, ..of("list", "/documents?q=NAME", "") },
        crowded("document with many hidden versions", "/documents/NAME", ""),
        crowded("latest of many hidden versions", "/documents/NAME/versions/latest/content", NEED),
    ]
}

/// As many samples of each kind as are wanted, in random order.
fn compare(server: &Server, route: &Route, samples: usize, seed: u64) -> Comparison {
    let mut client = server.connect(READER);
    let requests = [route.hidden, route.absent].map(|name| request(&client, route, name));
    let mut random = Random::seeded(seed);
    let mut took: [Vec<f64>; 2] = Default::default();
    for _ in 0..WARMING {
        for request in &requests {
            sample(&mut client, request, route);
        }
    }
    while took.iter().any(|kind| kind.len() < samples) {
        let kind = random.below(2);
        if let (Some(request), Some(took)) = (requests.get(kind), took.get_mut(kind))
            && took.len() < samples
        {
            took.push(sample(&mut client, request, route));
        }
    }
    let [hidden, absent] = took;
    Comparison::of(hidden, absent, &mut random)
}

fn request(client: &Client, route: &Route, name: &str) -> Vec<u8> {
    let path = route.path.replace("NAME", name);
    match &route.body {
        None => client.get(&path, route.fields),
        Some(body) => {
            let body = serde_json::from_str(&body.to_string().replace("NAME", name)).expect("JSON");
            client.posted(&path, &body)
        }
    }
}

/// Microseconds that an answer took.
fn sample(client: &mut Client, request: &[u8], route: &Route) -> f64 {
    let begun = Instant::now();
    let answer = client.exchange(request).expect("an answer");
    let took = begun.elapsed();
    assert_eq!(answer.status, route.status, "{}", route.name);
    took.as_secs_f64() * 1e6
}

/// Lodges so many versions, and has each determined RED.
fn hide(server: &Server, document: &str, versions: usize) {
    server.register(document);
    thread::scope(|scope| {
        for first in 0..LODGERS.min(versions) {
            scope.spawn(move || {
                let (mut lodger, mut chair) = (server.connect("secas"), server.connect("chair"));
                for label in (first..versions).step_by(LODGERS) {
                    let path = format!("/documents/{document}/versions/{}", label + 1);
                    lodger.lodge(&format!("{path}?classification=RED"), &piece(), 64).expect("it is lodged");
                    let determination = json!({ "classification": "RED", "reason": "For members alone." });
                    chair.post(&format!("{path}/classification"), &determination);
                }
            });
        }
    });
}

const HIDDEN: &str = "hidden-paper";

const ABSENT: &str = "absent-paper";

const CROWDED: &str = "crowded-paper";

const UNCROWDED: &str = "missing-paper";

const NEED: &str = "Reasonable-Need: purpose=assurance, statement=\"annual assessment of the document\"\r\n";

/// Requests of each kind before the first that counts: the second look-up finds what the first left in a cache.
const WARMING: usize = 50;

/// How many lodge at once.
const LODGERS: usize = 16;
