//! The matrix: for every route of the OpenAPI document, what is asked of it.

mod bodies;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;

use crate::house::OPEN;
use crate::secrets::Names;
use crate::support::Server;
use crate::support::deeds::NEED;

/// The methods of each path, as the server says, and whether it is a list in pages.
pub struct Routes(BTreeMap<String, (BTreeSet<&'static str>, bool)>);

/// One request, or one walk through the pages of a list.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: &'static str,
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Option<Vec<u8>>,
    /// Of the public listener.
    pub public: bool,
    /// Whether `next` is followed, and over how many pages at most.
    pub pages: usize,
}

impl Routes {
    /// Asks the server.
    pub fn of(server: &Server) -> Self {
        let document = server.connect("chair").get("/v1/openapi.json").must_be(200).json();
        let routes = document["paths"].as_object().unwrap().iter().map(|(path, item)| {
            let declared: BTreeSet<_> =
                METHODS.into_iter().filter(|method| item.get(method.to_lowercase()).is_some()).collect();
            let after = |parameter: &Value| {
                parameter["name"] == "after" || parameter["$ref"].as_str().is_some_and(|name| name.ends_with("/After"))
            };
            let pages = item["get"]["parameters"].as_array().is_some_and(|parameters| parameters.iter().any(after));
            (path.clone(), (declared, pages))
        });
        Self(routes.collect())
    }

    /// How many paths.
    pub fn paths(&self) -> usize {
        self.0.len()
    }

    /// How many methods of them all.
    pub fn methods(&self) -> usize {
        self.0.values().map(|(methods, _)| methods.len()).sum()
    }
}

/// Everything that is asked as that person.
pub fn requests(routes: &Routes, names: &Names, person: &str) -> Vec<Asked> {
    let mut requests = Vec::new();
    for (path, (declared, pages)) in &routes.0 {
        if person == "auditor" && is_for_auditors(path) {
            continue;
        }
        let urls = urls(path, names);
        for method in METHODS {
            if declared.contains(method) || method == "HEAD" && declared.contains("GET") {
                for url in &urls {
                    requests.extend(of_route(method, path, url, names));
                }
            } else {
                // What a URL takes does not depend on what it names.
                requests.extend(urls.iter().take(1).map(|url| Asked::of(method, url)));
            }
        }
        if *pages {
            requests.extend(urls.iter().map(|url| walk(path, url)));
        }
    }
    for (document, label) in &names.versions {
        let published = format!("/published/{document}/{label}");
        requests.extend(["GET", "HEAD", "POST"].map(|method| Asked::of(method, &published)));
        requests.push(Asked { public: true, ..Asked::of("GET", &published) });
    }
    requests.push(Asked { public: true, ..Asked::of("GET", "/published/") });
    requests.retain(|request| !meets_a_taken_label(request, names, person));
    requests
}

/// LODGE-3: a label names one version, so that who may lodge learns that it is taken, whoever lodged under it. What they
/// learn is in a test of its own.
fn meets_a_taken_label(request: &Asked, names: &Names, person: &str) -> bool {
    let is_taken = |(document, label): &(&str, &str)| {
        *document == OPEN
            && request.path.split('?').next() == Some(&format!("/v1/documents/{document}/versions/{label}"))
    };
    request.method == "PUT" && MEMBERS.contains(&person) && names.versions.iter().any(is_taken)
}

/// AUDIT-1: an auditor is told of everything there.
fn is_for_auditors(path: &str) -> bool {
    ["/v1/audit/", "/v1/explain", "/v1/needs"].iter().any(|start| path.starts_with(start)) || path.ends_with("/readers")
}

/// The URLs of a path: with every hidden name where one fits, and with names beside which something is hidden.
fn urls(path: &str, names: &Names) -> Vec<String> {
    if path.contains("{label}") {
        let selectors = ["in-force", "latest", "9.9"];
        let of_hidden = names.documents.iter().flat_map(|document| selectors.map(|label| (*document, label)));
        let beside = selectors.map(|label| (OPEN, label));
        let all = names.versions.iter().copied().chain(of_hidden).chain(beside);
        return all.map(|(document, label)| path.replace("{doc}", document).replace("{label}", label)).collect();
    }
    if path.contains("{doc}") {
        return names.documents.iter().chain([&OPEN]).map(|document| path.replace("{doc}", document)).collect();
    }
    if path.contains("{index}") {
        let indexes = names.ids.iter().filter_map(|id| id.rsplit('-').next());
        return indexes.chain(["0", "999999"]).map(|index| path.replace("{index}", index)).collect();
    }
    if path.contains("{id}") {
        let kind = path.split('/').find(|segment| segment.ends_with('s') && *segment != "seats").unwrap_or_default();
        let own = names.ids.iter().filter(|id| kind.starts_with(id.split('-').next().unwrap_or_default()));
        // An index that is another thing's, and one that is none's.
        let other = names.ids.first().and_then(|id| id.rsplit('-').next()).unwrap_or("1");
        let absent = [format!("{}-{other}", &kind[..kind.len() - 1]), format!("{}-999999", &kind[..kind.len() - 1])];
        return own.cloned().chain(absent).map(|id| path.replace("{id}", &id)).collect();
    }
    let named =
        [("{organisation}", "harbour-energy"), ("{person}", "beis-rep"), ("{body}", "pma"), ("{seat}", "chair")];
    let filled = named.iter().fold(path.to_owned(), |path, (place, name)| path.replace(place, name));
    assert!(!filled.contains('{'), "no name for {path}");
    vec![filled]
}

/// What is asked of a URL by a method that it takes.
fn of_route(method: &'static str, path: &str, url: &str, names: &Names) -> Vec<Asked> {
    match method {
        "POST" => bodies::posts(path, url, names),
        "PUT" => bodies::lodgements(url),
        "DELETE" => vec![Asked::of(method, url)],
        _ => reads(method, path, url, names),
    }
}

fn reads(method: &'static str, path: &str, url: &str, names: &Names) -> Vec<Asked> {
    let plain = Asked::of(method, url);
    if path.ends_with("/content") {
        let tag = names.tags.first().cloned().unwrap_or_else(|| "\"a tag\"".into());
        let with = |headers: &[(&'static str, &str)]| {
            let own = headers.iter().map(|(name, value)| (*name, (*value).to_owned()));
            let need = [("Reasonable-Need", NEED.to_owned())];
            Asked { headers: need.into_iter().chain(own).collect(), ..plain.clone() }
        };
        let mut all = vec![
            plain.clone(),
            with(&[]),
            with(&[("Range", "bytes=0-3")]),
            with(&[("Range", "bytes=100000-")]),
            with(&[("If-None-Match", "*")]),
            with(&[("If-None-Match", &tag)]),
            with(&[("If-Match", &tag)]),
            with(&[("If-Modified-Since", "Sat, 01 Jan 2050 00:00:00 GMT")]),
            with(&[("Accept", "image/png")]),
        ];
        for need in [r#"id="need-1""#, r#"purpose=assurance, statement="short""#, "no need at all, please"] {
            all.push(Asked { headers: vec![("Reasonable-Need", need.to_owned())], ..plain.clone() });
        }
        all.extend(names.ids.first().map(|id| Asked { path: format!("{url}?need={id}"), ..plain.clone() }));
        return all;
    }
    let queries: Vec<String> = match path {
        "/v1/documents" => [
            "",
            "?q=hidden",
            "?q=Findings",
            "?classification=RED",
            "?classification=UNDETERMINED",
            "?classification=AMBER",
            "?set=smki",
            "?type=paper",
            "?as_of=2090-01-01",
            "?known_at=2090-01-01T00:00:00Z",
        ]
        .map(String::from)
        .to_vec(),
        "/v1/documents/{doc}" => [
            "",
            "?as_of=1990-01-01",
            "?as_of=2090-01-01",
            "?as_of=2026-01-01&known_at=2026-01-01T00:00:00Z",
            "?as_of=never",
        ]
        .map(String::from)
        .to_vec(),
        "/v1/documents/{doc}/versions/{label}" => ["", "?as_of=2090-01-01"].map(String::from).to_vec(),
        "/v1/documents/{doc}/diff" => {
            let label = names.versions.first().map_or("1.0", |(_, label)| label);
            return ["1.0", label, "9.9"]
                .iter()
                .flat_map(|to| [format!("{url}?from=1.0&to={to}"), format!("{url}?from={to}&to=1.0")])
                .map(|path| Asked { path, headers: vec![("Reasonable-Need", NEED.into())], ..plain.clone() })
                .collect();
        }
        "/v1/grants" => {
            let of_hidden =
                names.versions.iter().map(|(document, label)| format!("?document={document}&version={label}"));
            [String::new(), "?person=party-large-supplier".into(), "?kind=need_to_know".into()]
                .into_iter()
                .chain(of_hidden)
                .collect()
        }
        "/v1/decisions" => ["", "?body=pma", "?state=open", "?kind=disclose_red"].map(String::from).to_vec(),
        "/v1/directions" => ["", "?state=open", "?state=overdue"].map(String::from).to_vec(),
        "/v1/needs" => ["", "?person=chair"].map(String::from).to_vec(),
        "/v1/audit/entries" => {
            let about = names.documents.iter().map(|document| format!("?document={document}&limit=500"));
            ["?limit=500".to_owned(), format!("?document={OPEN}&limit=500"), "?person=chair".into()]
                .into_iter()
                .chain(about)
                .collect()
        }
        "/v1/explain" => {
            let of_hidden =
                names.versions.iter().map(|(document, label)| format!("?document={document}&version={label}"));
            let of_documents = names.documents.iter().map(|document| format!("?document={document}"));
            let other = format!("?document={OPEN}&person=beis-rep");
            of_hidden.chain(of_documents).chain([format!("?document={OPEN}"), other]).collect()
        }
        "/v1/register/appointments" | "/v1/register/alternates" => {
            ["", "?body=pma", "?body=ssc", "?person=party-large-supplier"].map(String::from).to_vec()
        }
        "/v1/register/credentials" => ["", "?person=beis-rep"].map(String::from).to_vec(),
        _ => vec![String::new()],
    };
    queries.iter().map(|query| Asked { path: format!("{url}{query}"), ..plain.clone() }).collect()
}

/// A list from its first page to its last: an item a page, where that is not too many.
fn walk(path: &str, url: &str) -> Asked {
    let (limit, pages) = match path {
        // Every page that is read adds an entry.
        "/v1/audit/entries" => (100, 3),
        path if path.starts_with("/v1/register/") => (10, 10),
        _ => (1, 100),
    };
    Asked { path: format!("{url}?limit={limit}"), pages, ..Asked::of("GET", url) }
}

impl Asked {
    /// A request with nothing but its method and URL.
    pub fn of(method: &'static str, path: &str) -> Self {
        Self { method, path: path.to_owned(), headers: Vec::new(), body: None, public: false, pages: 1 }
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = self.body.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
        let short: String = body.chars().take(200).collect();
        write!(f, "{} {} {:?} {short}", self.method, self.path, self.headers)
    }
}

/// Members of the PMA who are among those compared: they may lodge.
pub const MEMBERS: [&str; 5] = ["smki-specialist", "large-supplier-2", "gas-networks", "ssc-rep", "tabasc-rep"];

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];
