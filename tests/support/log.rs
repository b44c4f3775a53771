//! The log as anyone can fetch it: checkpoints, and the tree made of the entries themselves.

use strongroom::pure::tlog::checkpoint::Checkpoint;
use strongroom::pure::tlog::hash::TreeHash;
use strongroom::pure::tlog::note::Note;
use strongroom::pure::tlog::tile::{TILE_WIDTH, Tile, TileKind, bundle_entries, width_in_tree};
use strongroom::pure::tlog::tree::Tree;
use strongroom::pure::tlog::verifier_key::VerifierKey;

use super::wire::Connection;

/// The last checkpoint, which must be signed by the log's key; `None` if there is none or the connection broke.
pub fn checkpoint(connection: &mut Connection, key: &str) -> Option<Checkpoint> {
    let answer = connection.exchange("GET", "/log/checkpoint", &[], None).ok().filter(|answer| answer.status == 200)?;
    let note = Note::parse(&answer.body).unwrap();
    Some(Checkpoint::open(&note, &[VerifierKey::parse(key).unwrap()]).unwrap().0)
}

/// That the log which `later` signs holds all that `earlier` signs, by the entries themselves.
pub fn assert_extends(connection: &mut Connection, earlier: &Checkpoint, later: &Checkpoint) {
    assert!(earlier.size <= later.size, "a checkpoint of {} after one of {}", later.size, earlier.size);
    let mut tree = Tree::empty();
    for entry in entries(connection, later.size) {
        if tree.size() == earlier.size {
            assert_eq!(tree.root(), earlier.root, "the log of {} entries is another one", earlier.size);
        }
        tree.push(entry);
    }
    if later.size == earlier.size {
        assert_eq!(tree.root(), earlier.root);
    }
    assert_eq!(tree.root(), later.root, "the entries do not make the tree that is signed");
}

fn entries(connection: &mut Connection, size: u64) -> Vec<TreeHash> {
    let mut hashes = Vec::new();
    for index in 0..size.div_ceil(TILE_WIDTH.into()) {
        let width = width_in_tree(TileKind::Entries, index, size);
        let tile = Tile::new(TileKind::Entries, index, width).unwrap();
        let bundle = connection.get(&format!("/log/tile/{tile}")).must_be(200);
        hashes.extend(bundle_entries(&bundle.body).unwrap().iter().map(|entry| entry.leaf_hash()));
    }
    assert_eq!(hashes.len() as u64, size);
    hashes
}
