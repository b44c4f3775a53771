//! The log over HTTP, to the byte.

use super::*;
use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::note::Note;
use crate::pure::tlog::tile::{bundle_entries, tile_hashes};
use crate::pure::tlog::tree::Tree;

#[test]
fn the_checkpoint_commits_to_the_entries_that_are_served() {
    let site = Site::start();
    let entries = site.repository.evidence().records.next_index();
    let last = entries - 1;
    let waiting = site.repository.publications().covering(last, std::time::Duration::from_secs(10));
    site::block_on(waiting).unwrap();
    for mut client in [site.client("outsider"), site.visitor()] {
        let answer = client.get("/log/checkpoint");
        assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
        let note = Note::parse(&answer.body).unwrap();
        let (checkpoint, signed_by) = Checkpoint::open(&note, &site.log_keys).unwrap();
        assert_eq!(signed_by.len(), 2, "an Ed25519 key and an ML-DSA-44 key");
        assert_eq!(checkpoint.size, entries);

        let bundle = client.get(&format!("/log/tile/entries/000.p/{entries}"));
        assert_eq!(bundle.header("content-type"), Some("application/octet-stream"));
        let served = bundle_entries(&bundle.body).unwrap();
        let hashes: Vec<_> = served.iter().map(|entry| entry.leaf_hash()).collect();
        let tile = client.get(&format!("/log/tile/0/000.p/{entries}"));
        assert_eq!(tile_hashes(&tile.body).unwrap(), hashes);
        let mut tree = Tree::default();
        hashes.iter().for_each(|hash| tree.push(*hash));
        assert_eq!(tree.root(), checkpoint.root);

        let head = client.request("HEAD", "/log/checkpoint", &[]);
        assert_eq!((head.status, head.body.len()), (200, 0));
        assert_eq!(head.header("content-length"), answer.header("content-length"));
    }
}

#[test]
fn what_the_checkpoint_does_not_cover_is_absent() {
    let site = Site::start();
    let mut client = site.visitor();
    for path in ["0/000", "0/000.p/255", "0/001.p/1", "entries/000", "64/000", "0/0", "0/..%2f000", "", "8/0/000"] {
        let answer = client.get(&format!("/log/tile/{path}"));
        assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"), "{path}");
    }
}
