//! The two worlds, and asking both the same.

use std::collections::BTreeMap;

use crate::house;
use crate::matrix::{self, Asked};
use crate::normal::Normal;
use crate::secrets::Names;
use crate::support::{Connection, Options, Server};

/// Two servers in copies of one directory, with one history.
pub struct Worlds {
    with: Server,
    without: Server,
    names: Names,
    routes: matrix::Routes,
    counted: Counted,
    differences: Vec<String>,
}

#[derive(Default)]
struct Counted {
    cells: usize,
    statuses: BTreeMap<u16, usize>,
}

impl Worlds {
    /// Two furnished servers.
    pub fn begin() -> Self {
        let options = Options {
            limits: vec![("refusals_per_minute", 4_000_000), ("requests_per_minute", 4_000_000)],
            public: true,
            level: Some("error"),
            ..Options::default()
        };
        let (with, without) = (Server::start(&options), Server::start(&options));
        for server in [&with, &without] {
            house::furnish(server);
        }
        let routes = matrix::Routes::of(&with);
        Self { with, without, names: Names::default(), routes, counted: Counted::default(), differences: Vec::new() }
    }

    /// Does something in one world, and as many entries in the other that nobody compared can see.
    pub fn keep(&mut self, secret: fn(&Server, &mut Names)) {
        secret(&self.with, &mut self.names);
        let last = house::filler(&self.with);
        let mut filled = house::filler(&self.without);
        while filled < last {
            filled = house::filler(&self.without);
        }
        assert_eq!(filled, last, "the logs have one length");
    }

    /// Asks both worlds everything as each of the people, and compares the answers.
    pub fn compare(&mut self, what: &str, people: &[&'static str]) {
        for person in people {
            let requests = matrix::requests(&self.routes, &self.names, person);
            let answers = std::thread::scope(|scope| {
                let asked = [&self.with, &self.without].map(|server| scope.spawn(|| ask(server, person, &requests)));
                asked.map(|thread| thread.join().unwrap())
            });
            let [with, without] = answers;
            for ((request, with), without) in requests.iter().zip(with).zip(without) {
                self.counted.cells += 1;
                *self.counted.statuses.entry(with[0].status).or_default() += 1;
                if with != without {
                    self.differences
                        .push(format!("{what}, {person}: {request}\n  with    {with:?}\n  without {without:?}"));
                }
            }
        }
    }

    /// Prints the numbers, and fails if anything differed.
    pub fn say(&self, name: &str) {
        let Counted { cells, statuses } = &self.counted;
        let statuses: Vec<_> = statuses.iter().map(|(status, count)| format!("{status}: {count}")).collect();
        println!(
            "{name}: {} routes, {} methods of them, {cells} cells compared in two worlds, {} differences; {}",
            self.routes.paths(),
            self.routes.methods(),
            self.differences.len(),
            statuses.join(", ")
        );
        let first: Vec<_> = self.differences.iter().take(12).cloned().collect();
        assert!(self.differences.is_empty(), "{} differences, of which:\n{}", self.differences.len(), first.join("\n"));
    }

    /// That what was hidden is there, for those who may know of it: else nothing was compared.
    pub fn assert_insiders_see_it(&self, people: &[&'static str]) {
        for (document, label) in &self.names.versions {
            let path = format!("/v1/documents/{document}/versions/{label}");
            let seen = |server: &Server, person: &&str| server.connect(person).get(&path).status == 200;
            assert!(people.iter().any(|person| seen(&self.with, person)), "{path}");
            assert!(!people.iter().any(|person| seen(&self.without, person)), "{path}");
        }
    }
}

fn ask(server: &Server, person: &str, requests: &[Asked]) -> Vec<Vec<Normal>> {
    let mut connection = server.connect(person);
    requests.iter().map(|request| pages(server, person, &mut connection, request)).collect()
}

/// The answer to a request, or the pages of a list.
fn pages(server: &Server, person: &str, connection: &mut Connection, request: &Asked) -> Vec<Normal> {
    let mut public = request.public.then(|| server.public());
    let headers: Vec<_> = request.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let is_proof = request.path.split('?').next().is_some_and(|path| path.ends_with("/evidence"));
    let mut path = request.path.clone();
    let mut pages = Vec::new();
    loop {
        let asked = public.as_mut().unwrap_or(connection);
        let answer = asked.exchange(request.method, &path, &headers, request.body.as_deref());
        let answer = answer.unwrap_or_else(|error| panic!("{person} {request}: {error}"));
        if answer.header("connection") == Some("close") {
            *connection = server.connect(person);
        }
        pages.push(Normal::of(&answer, is_proof));
        let more = pages.len() < request.pages && answer.status == 200;
        let next = if more { answer.json()["next"].as_str().map(str::to_owned) } else { None };
        let Some(next) = next else { return pages };
        path = format!("{}&after={next}", request.path);
    }
}
