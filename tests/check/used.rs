//! A directory that was used, made once for all tests, and copies of it to be changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use strongroom::cli::common::opening;
use strongroom::cli::config::Config;
use strongroom::service::checking::{self, Report};
use strongroom::service::startup::Settings;
use strongroom::storage::journal::TornTail;

use crate::support::deeds::{NEED, bytes, version};
use crate::support::directory::{copy, files};
use crate::support::{Directory, Options, Server};

/// A copy of the used directory.
pub struct Copy(pub Directory);

impl Copy {
    pub fn new() -> Self {
        static USED: OnceLock<Directory> = OnceLock::new();
        let used = USED.get_or_init(used);
        let directory = Directory::empty();
        copy(used.path(), directory.path());
        Self(directory)
    }

    pub fn data(&self) -> PathBuf {
        self.0.data()
    }

    /// Every file of the data directory.
    pub fn files(&self) -> Vec<PathBuf> {
        let mut files = files(&self.data());
        files.sort();
        files
    }

    pub fn settings(&self) -> Settings {
        opening::settings(&Config::load(&self.0.config()).unwrap(), TornTail::Ask).unwrap()
    }

    /// What a check says of it.
    pub fn check(&self) -> Report {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let scratch = tempfile::tempdir().unwrap();
        let report =
            runtime.block_on(checking::check(&self.settings(), scratch.path().to_owned(), &mut |_| {})).unwrap();
        assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 0, "nothing of the check is left");
        report
    }

    /// That a check finds something, in which all of `words` are.
    #[track_caller]
    pub fn is_found(&self, words: &[&str]) {
        let report = self.check();
        let found = |finding: &String| words.iter().all(|word| finding.contains(word));
        assert!(report.findings.iter().any(found), "{words:?} in {report:?}");
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.data().join(name)
    }
}

/// Works through `items` on as many threads as the machine has for it.
pub fn each<T: Sync>(items: &[T], work: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(2, Into::into);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    work(item);
                }
            });
        }
    });
}

/// What the path is called below the data directory.
pub fn name(data: &Path, file: &Path) -> String {
    file.strip_prefix(data).unwrap().to_str().unwrap().to_owned()
}

/// Documents of every level, one reclassified, one withdrawn, one published, one of several segments; needs; reads
/// enough for full tiles; a crash and several starts.
fn used() -> Directory {
    let mut server = Server::start(&Options::default());
    for (slug, level) in [("white", "WHITE"), ("green", "GREEN"), ("amber", "AMBER"), ("red", "RED")] {
        server.hold(slug, &format!("A {slug} document"), level, slug.as_bytes());
    }
    server.hold("long", "A document of several segments", "AMBER", &bytes(200_000, 1));
    let mut chair = server.connect("chair");
    chair.classify("amber", "1.0", "GREEN").must_be(200);
    chair.publish("white", "1.0").must_be(200);
    let withdrawn = json!({ "reason": "It was wrong." });
    chair.post(&format!("{}/withdraw", version("green", "1.0")), &withdrawn).must_be(200);
    let mut secretariat = server.connect("secas");
    secretariat.register("open", "A document that is not determined").must_be(201);
    secretariat.lodge("open", "0.1", b"not determined").must_be(201);
    let need = json!({ "document": "amber", "purpose": "assurance", "statement": "annual assessment of the document", "reference": "meeting 2026-11" });
    chair.post("/v1/needs", &need).must_be(201);
    drop((chair, secretariat));
    // A crash leaves a segment without a close mark.
    let server = Server::serve(server.kill());
    let mut chair = server.connect("chair");
    for _ in 0..280 {
        chair.read_content("amber", "1.0", NEED).must_be(200);
    }
    drop(chair);
    Server::serve(server.stop()).stop()
}
