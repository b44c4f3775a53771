//! The log's URLs, to the byte (C2SP tlog-tiles): what a monitor builds from them, and what they answer to anything
//! else.

use sha2::{Digest as _, Sha256};
use strongroom::pure::tlog::checkpoint::Checkpoint;

use crate::support::deeds::NEED;
use crate::support::log::checkpoint;
use crate::support::wire::{Connection, assert_problem};
use crate::support::{Options, Server, eventually};

/// A server whose log has more than two full tiles, and a checkpoint of it.
fn grown(entries: u64) -> (Server, Checkpoint) {
    let server = Server::start(&Options { public: true, ..Options::default() });
    server.hold("policy", "A policy", "GREEN", b"what it says");
    let mut chair = server.connect("chair");
    let read = |chair: &mut Connection| chair.read_content("policy", "1.0", NEED).must_be(200).entry().unwrap();
    while read(&mut chair) < entries {}
    let key = server.directory.verifier_key();
    let shown = eventually("the checkpoint", || checkpoint(&mut server.public(), &key).filter(|c| c.size > entries));
    (server, shown)
}

#[test]
fn bundles_tiles_and_checkpoint_make_one_root_by_anyones_hashes() {
    let (server, shown) = grown(600);
    let size = shown.size as usize;
    let mut anyone = server.public();
    let mut outsider = server.connect("outsider");
    let mut fetch = |path: String| {
        let served = anyone.get(&path).must_be(200);
        assert_eq!(served.header("content-type"), Some("application/octet-stream"), "{path}");
        assert_eq!(outsider.get(&path).must_be(200).body, served.body, "{path}");
        served
    };

    let mut leaves = Vec::new();
    for bundle in 0..size.div_ceil(256) {
        let width = (size - bundle * 256).min(256);
        let of = |width| if width == 256 { String::new() } else { format!(".p/{width}") };
        let served = fetch(format!("/log/tile/entries/{bundle:03}{}", of(width)));
        assert_eq!(served.body.len(), width * 50);
        let hashes: Vec<[u8; 32]> = served.body.chunks(50).map(leaf_hash).collect();
        let tile = fetch(format!("/log/tile/0/{bundle:03}{}", of(width)));
        assert_eq!(tile.body, hashes.concat());
        let caching = tile.header("cache-control").unwrap();
        assert_eq!(caching.contains("immutable"), width == 256, "{caching}");
        // Every narrower tile is the same run, cut short: earlier checkpoints had them.
        for narrow in [1, width / 2, width - 1] {
            assert_eq!(fetch(format!("/log/tile/0/{bundle:03}.p/{narrow}")).body, tile.body[..narrow * 32]);
            let entries = fetch(format!("/log/tile/entries/{bundle:03}.p/{narrow}"));
            assert_eq!(entries.body, served.body[..narrow * 50]);
        }
        leaves.extend(hashes);
    }
    let above = fetch(format!("/log/tile/1/000.p/{}", size / 256));
    let roots: Vec<[u8; 32]> = leaves.chunks_exact(256).map(root).collect();
    assert_eq!(above.body, roots.concat());
    assert_eq!(root(&leaves), shown.root.0, "the root that is signed");
}

#[test]
fn full_tiles_and_bundles_are_files_that_a_restart_leaves_as_they_are_and_a_lost_one_comes_back() {
    let (server, _) = grown(520);
    let names = ["0/000", "0/001", "entries/000", "entries/001"];
    let fetched =
        |server: &Server| names.map(|name| server.public().get(&format!("/log/tile/{name}")).must_be(200).body);
    let served = fetched(&server);
    let directory = server.stop();
    let file = |name: &str| directory.data().join("tiles").join(name);
    let read = || names.map(|name| std::fs::read(file(name)).unwrap());
    let written = || names.map(|name| std::fs::metadata(file(name)).unwrap().modified().unwrap());
    assert_eq!(read(), served);
    assert!(!file("0/002").exists() && !file("entries/002").exists(), "partial ones are derived");

    let before = written();
    let server = Server::serve(directory.clone());
    assert_eq!((fetched(&server), written()), (served.clone(), before), "written once");
    // One that is damaged while the server runs is never served: it is made anew from the journal.
    crate::support::directory::flip(&file("entries/001"), 700);
    assert_eq!(fetched(&server), served);
    assert_eq!(read(), served);
    assert!(server.told().contains("made anew from the journal"), "{}", server.told());
    server.stop();

    std::fs::remove_file(file("entries/000")).unwrap();
    std::fs::remove_file(file("0/001")).unwrap();
    let server = Server::serve(directory.clone());
    assert_eq!((fetched(&server), read()), (served.clone(), served));
}

#[test]
fn what_is_no_tile_of_the_checkpoint_is_absent_on_both_listeners() {
    let (server, shown) = grown(300);
    let partial = shown.size - 256;
    let absent = [
        // Not there yet.
        "0/001".to_owned(),
        format!("0/001.p/{}", partial + 200),
        "entries/001".to_owned(),
        "1/000".to_owned(),
        "1/000.p/2".to_owned(),
        "1/001.p/1".to_owned(),
        "2/000.p/1".to_owned(),
        "63/000.p/1".to_owned(),
        // Widths and levels that no tile has.
        "0/000.p/0".to_owned(),
        "0/000.p/256".to_owned(),
        "0/000.p/257".to_owned(),
        "0/000.p/-1".to_owned(),
        "0/000.p/01".to_owned(),
        "0/000.p/99999999999999999999".to_owned(),
        "64/000".to_owned(),
        "-1/000".to_owned(),
        "99999999999999999999/000".to_owned(),
        // Other spellings.
        "00/000".to_owned(),
        "0/0".to_owned(),
        "0/0000".to_owned(),
        "0/x000/000".to_owned(),
        "0/-01".to_owned(),
        "0/000/".to_owned(),
        "0/000.p/".to_owned(),
        "0/000.p".to_owned(),
        "/0/000".to_owned(),
        "0//000".to_owned(),
        "0/./000".to_owned(),
        "0/../0/000".to_owned(),
        "../checkpoint".to_owned(),
        "..".to_owned(),
        "".to_owned(),
        "8/0/000".to_owned(),
        "data/000".to_owned(),
        "ENTRIES/000".to_owned(),
        "entries/000.p/1/".to_owned(),
        "%30/000".to_owned(),
        "0%2F000".to_owned(),
        "0/%300%30".to_owned(),
        "0/000%00".to_owned(),
        "0/000%".to_owned(),
        "0/%ff%fe%fd".to_owned(),
        "0/000.p%2f1".to_owned(),
        "0/..%2f..%2fcheckpoint".to_owned(),
        // Beyond 64 bits.
        "0/x018/x446/x744/x073/x709/x551/615".to_owned(),
        "0/x018/x446/x744/x073/x709/x551/616".to_owned(),
        "entries/x999/x999/x999/x999/x999/x999/999.p/255".to_owned(),
        "0/x001/x000/x000/x000/x000/x000/x000/000".to_owned(),
        format!("0/{}000", "x001/".repeat(300)),
    ];
    for mut connection in [server.public(), server.connect("outsider")] {
        for path in &absent {
            let answer = connection.get(&format!("/log/tile/{path}"));
            assert!(matches!(answer.status, 400 | 404), "{path}: {answer:?}");
            answer.problem();
        }
        for path in ["/log/checkpoint/", "/log/", "/log", "/log/tile", "/log/tiles/0/000", "/log//checkpoint"] {
            assert_problem(&connection.get(path), 404, "not_found");
        }
        // The log is where it was.
        connection.get("/log/tile/0/000").must_be(200);
    }
    assert!(!server.told().contains("panic"), "{}", server.told());
}

#[test]
fn the_log_is_read_alone_conditionally_and_as_a_whole() {
    let (server, _) = grown(260);
    for path in ["/log/tile/0/000", "/log/tile/entries/000", "/log/tile/entries/001.p/1", "/log/checkpoint"] {
        let mut anyone = server.public();
        let whole = anyone.get(path).must_be(200);
        let tag = whole.header("etag").unwrap().to_owned();
        let head = anyone.request("HEAD", path, &[]).must_be(200);
        for name in ["content-length", "content-type", "cache-control", "etag"] {
            assert_eq!(head.header(name), whole.header(name), "{path} {name}");
        }
        assert!(head.body.is_empty());
        if path != "/log/checkpoint" {
            let again = anyone.request("GET", path, &[("If-None-Match", &tag)]).must_be(304);
            assert_eq!((again.header("etag"), again.body.len()), (Some(tag.as_str()), 0));
            let other = anyone.request("GET", path, &[("If-None-Match", "\"other\", nonsense")]).must_be(200);
            assert_eq!(other.body, whole.body);
            for range in ["bytes=0-31", "bytes=999999-", "bytes=-0", "nonsense"] {
                let ranged = anyone.request("GET", path, &[("Range", range)]).must_be(200);
                assert_eq!(ranged.body, whole.body, "{range}: the whole is as good");
            }
        }
        for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"] {
            let refused = server.public().request(method, path, &[]);
            assert_problem(&refused, 405, "method_not_allowed");
            assert_eq!(refused.header("allow"), Some("GET, HEAD"), "{method}");
        }
    }
}

/// RFC 9162, section 2.1.1, from the item of a bundle: a length and the entry.
fn leaf_hash(item: &[u8]) -> [u8; 32] {
    assert_eq!(item[..2], [0, 48]);
    Sha256::new().chain_update([0]).chain_update(&item[2..]).finalize().into()
}

/// The same section's tree, straight from its recursive definition.
fn root(leaves: &[[u8; 32]]) -> [u8; 32] {
    if let [leaf] = leaves {
        return *leaf;
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    Sha256::new().chain_update([1]).chain_update(root(left)).chain_update(root(right)).finalize().into()
}
