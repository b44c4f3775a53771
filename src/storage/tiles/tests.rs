//! The room's tests: on a real folder, and on files in memory that count and refuse.

use std::collections::HashMap;
use std::convert::Infallible;
use std::ops::Range;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::{fs, io, thread};

use proptest::prelude::*;

use super::error::{OpenError, TileError};

use super::files::{TileFiles, TileFolder};
use super::store::TileStore;
use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::leaf::Entry;
use crate::pure::tlog::proof::{verify_consistency, verify_inclusion};
use crate::pure::tlog::tile::{TileKind, entry_bundle, tile_bytes, width_in_tree};
use crate::pure::tlog::tree::Tree;
use crate::storage::disk::RealDisk;

/// What every test's log begins with.
static JOURNAL: LazyLock<Journal> = LazyLock::new(|| Journal::of(70_000));

/// Entries as a journal would give them, their leaf hashes, and the root after each.
struct Journal {
    entries: Vec<Entry>,
    leaves: Vec<TreeHash>,
    roots: Vec<TreeHash>,
}

impl Journal {
    fn of(size: u64) -> Self {
        let mut journal = Self { entries: Vec::new(), leaves: Vec::new(), roots: Vec::new() };
        journal.extend((0..size).map(entry));
        journal
    }

    fn extend(&mut self, entries: impl IntoIterator<Item = Entry>) {
        self.entries.extend(entries);
        self.leaves = self.entries.iter().map(Entry::leaf_hash).collect();
        let mut tree = Tree::empty();
        self.roots = vec![tree.root()];
        for leaf in &self.leaves {
            tree.push(*leaf);
            self.roots.push(tree.root());
        }
    }

    fn read(&self, range: Range<u64>) -> Result<Vec<Entry>, Infallible> {
        Ok(self.entries[range.start as usize..range.end as usize].to_vec())
    }

    fn root(&self, size: u64) -> TreeHash {
        self.roots[size as usize]
    }
}

fn entry(number: u64) -> Entry {
    Entry([number.to_be_bytes(); 6].concat().try_into().unwrap())
}

/// Files in memory that count what is read of them and can refuse to write.
#[derive(Default)]
struct MemoryFiles {
    files: Mutex<HashMap<String, Vec<u8>>>,
    reads: AtomicU64,
    full_disk: AtomicBool,
}

impl TileFiles for Arc<MemoryFiles> {
    fn len(&self, path: &str) -> io::Result<Option<u64>> {
        Ok(self.files.lock().unwrap().get(path).map(|bytes| bytes.len() as u64))
    }

    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        Ok(self.files.lock().unwrap().get(path).cloned())
    }

    fn write_durably(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        if self.full_disk.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.files.lock().unwrap().insert(path.to_owned(), bytes.to_vec());
        Ok(())
    }
}

impl MemoryFiles {
    fn flip(&self, path: &str) {
        self.files.lock().unwrap().get_mut(path).unwrap()[100] ^= 1;
    }
}

fn no_entries(range: Range<u64>) -> Result<Vec<Entry>, String> {
    Err(format!("{range:?}"))
}

/// A store in memory that holds the first `size` leaves of the JOURNAL.
fn filled(size: usize) -> (Arc<MemoryFiles>, TileStore<Arc<MemoryFiles>>) {
    let files = Arc::new(MemoryFiles::default());
    let mut store = TileStore::open(Arc::clone(&files), 0, no_entries).unwrap();
    store.append(&JOURNAL.entries[..size]).unwrap();
    (files, store)
}

fn folder(path: &Path) -> TileFolder {
    TileFolder::open(Arc::new(RealDisk::open(path).unwrap()), "tile").unwrap()
}

#[test]
fn a_folder_grows_by_batches_and_opens_again_with_the_same_tree() {
    let at = tempfile::tempdir().unwrap();
    let mut store = TileStore::open(folder(at.path()), 0, no_entries).unwrap();
    assert_eq!((store.size(), store.root()), (0, TreeHash::of_empty_tree()));
    for batch in JOURNAL.entries[..66_000].chunks(777) {
        store.append(batch).unwrap();
        assert_eq!(store.root(), JOURNAL.root(store.size()));
    }
    drop(store);

    let mut asked = Vec::new();
    let store = TileStore::open(folder(at.path()), 66_000, |range| {
        asked.push(range.clone());
        JOURNAL.read(range)
    });
    assert_eq!(store.unwrap().root(), JOURNAL.root(66_000));
    assert_eq!(asked, vec![Range { start: 65_792, end: 66_000 }]);
    assert_eq!(fs::read(at.path().join("tile/0/256")).unwrap(), tile_bytes(&JOURNAL.leaves[65_536..65_792]));
    assert_eq!(fs::read(at.path().join("tile/entries/256")).unwrap(), entry_bundle(&JOURNAL.entries[65_536..65_792]));
    assert!(at.path().join("tile/1/000").exists() && !at.path().join("tile/0/257").exists());
    assert!(!at.path().join("tile/entries/257").exists());
    let mode = |path: &str| fs::metadata(at.path().join(path)).unwrap().permissions().mode() & 0o7777;
    assert_eq!([mode("tile"), mode("tile/0"), mode("tile/0/000")], [0o700, 0o700, 0o600]);
}

#[test]
fn files_that_are_missing_or_cut_are_made_anew_from_the_journal() {
    let at = tempfile::tempdir().unwrap();
    TileStore::open(folder(at.path()), 0, no_entries).unwrap().append(&JOURNAL.entries[..66_000]).unwrap();
    let tile = |name: &str| at.path().join("tile").join(name);
    let names = ["0/003", "0/255", "1/000", "entries/004", "entries/007"];
    let whole = names.map(|name| fs::read(tile(name)).unwrap());
    fs::remove_file(tile("0/003")).unwrap();
    fs::write(tile("0/255"), &whole[1][..4096]).unwrap();
    fs::remove_file(tile("1/000")).unwrap();
    fs::write(tile("1/000.tmp"), b"left by a crash").unwrap();
    fs::remove_file(tile("entries/004")).unwrap();
    fs::write(tile("entries/007"), &whole[4][..50]).unwrap();

    let mut asked = Vec::new();
    let store = TileStore::open(folder(at.path()), 66_000, |range| {
        asked.push(range.clone());
        JOURNAL.read(range)
    })
    .unwrap();
    assert_eq!(store.root(), JOURNAL.root(66_000));
    assert_eq!(names.map(|name| fs::read(tile(name)).unwrap()), whole);
    assert_eq!(asked, [3 * 256..65_536, 65_792..66_000]);
}

#[test]
fn every_tile_of_every_size_is_served_as_wide_as_that_size_has_it() {
    let (_, store) = filled(1_300);
    let reader = store.reader();
    for size in [1, 255, 256, 257, 511, 512, 1_299, 1_300] {
        for index in 0..7 {
            let leaves = match width_in_tree(TileKind::Hashes(0), index, size) {
                0 => continue,
                width => &JOURNAL.leaves[index as usize * 256..][..usize::from(width)],
            };
            assert_eq!(reader.tile(0, index, leaves.len() as u16).unwrap(), Some(tile_bytes(leaves)));
        }
    }
    let first = JOURNAL.root(256);
    assert_eq!(reader.tile(1, 0, 1).unwrap(), Some(tile_bytes(&[first])));
    for (level, index, width) in
        [(0, 5, 21), (0, 6, 1), (1, 0, 6), (2, 0, 1), (0, 0, 0), (0, 0, 257), (64, 0, 1), (63, u64::MAX, 1)]
    {
        assert_eq!(reader.tile(level, index, width).unwrap(), None, "{level} {index} {width}");
    }
}

#[test]
fn every_bundle_of_every_size_is_served_as_wide_as_that_size_has_it() {
    let (_, store) = filled(1_300);
    let reader = store.reader();
    for size in [1, 255, 256, 257, 511, 512, 1_299, 1_300] {
        for index in 0..7 {
            let width = width_in_tree(TileKind::Entries, index, size);
            if width > 0 {
                let entries = &JOURNAL.entries[index as usize * 256..][..usize::from(width)];
                assert_eq!(reader.bundle(index, width).unwrap(), Some(entry_bundle(entries)));
            }
        }
    }
    for (index, width) in [(5, 21), (6, 1), (0, 0), (0, 257), (u64::MAX, 1), (u64::MAX, 256)] {
        assert_eq!(reader.bundle(index, width).unwrap(), None, "{index} {width}");
    }
}

#[test]
fn a_damaged_bundle_is_never_served_and_is_restored_from_the_journals_entries_alone() {
    let (files, store) = filled(66_000);
    let reader = store.reader();
    let whole = entry_bundle(&JOURNAL.entries[256..512]);
    files.flip("entries/001");
    for width in [256, 1] {
        let read = reader.bundle(1, width);
        assert!(matches!(read, Err(TileError::Damaged { tile }) if tile == "entries/001"), "{width}");
    }
    let restore = |entries: &[Entry]| reader.restore_bundle(1, || Ok(entries.to_vec()));
    assert!(matches!(restore(&JOURNAL.entries[..256]), Err(TileError::Damaged { tile }) if tile == "0/001"));
    restore(&JOURNAL.entries[256..512]).unwrap();
    assert_eq!(reader.bundle(1, 256).unwrap(), Some(whole.clone()));
    files.files.lock().unwrap().remove("entries/001");
    assert!(matches!(reader.bundle(1, 3), Err(TileError::Missing { tile }) if tile == "entries/001"));
    // Where the tile is damaged too, that is what has to be seen to.
    restore(&JOURNAL.entries[256..512]).unwrap();
    reader.restore_bundle::<TileError>(1, || panic!("it is whole")).unwrap();
    files.flip("0/001");
    assert!(matches!(reader.bundle(1, 3), Err(TileError::Damaged { tile }) if tile == "0/001"));
}

#[test]
fn a_million_entries_open_without_reading_the_full_tiles() {
    let entries: Vec<_> = (0..1_000_000).map(entry).collect();
    let files = Arc::new(MemoryFiles::default());
    let mut store = TileStore::open(Arc::clone(&files), 0, no_entries).unwrap();
    store.append(&entries).unwrap();
    let root = store.root();
    drop(store);
    assert_eq!(files.files.lock().unwrap().len(), 3_906 + 3_906 + 15);

    files.reads.store(0, Ordering::Relaxed);
    let read = |range: Range<u64>| Ok::<_, Infallible>(entries[range.start as usize..range.end as usize].to_vec());
    let store = TileStore::open(Arc::clone(&files), 1_000_000, read).unwrap();
    assert_eq!(store.root(), root);
    // 3,906 mod 256 tiles of leaves and the 15 tiles above them.
    assert_eq!(files.reads.load(Ordering::Relaxed), 66 + 15);
    let proof = store.reader().inclusion(500_000, 1_000_000).unwrap();
    verify_inclusion(&entries[500_000].leaf_hash(), 500_000, 1_000_000, &proof, &root).unwrap();
}

#[test]
fn a_damaged_tile_is_named_and_nothing_of_it_is_released() {
    let (files, store) = filled(66_000);
    let reader = store.reader();
    files.flip("0/007");
    let damaged = |result: Result<(), TileError>, name: &str| match result {
        Err(TileError::Damaged { tile }) => assert_eq!(tile, name),
        other => panic!("{other:?}"),
    };
    damaged(reader.tile(0, 7, 256).map(drop), "0/007");
    damaged(reader.tile(0, 7, 3).map(drop), "0/007");
    damaged(reader.inclusion(7 * 256, 66_000).map(drop), "0/007");
    damaged(reader.consistency(7 * 256 + 3, 66_000).map(drop), "0/007");
    reader.inclusion(8 * 256, 66_000).unwrap();
    files.flip("1/000");
    damaged(reader.inclusion(8 * 256, 66_000).map(drop), "1/000");
    files.files.lock().unwrap().remove("0/009");
    files.flip("1/000");
    assert!(matches!(reader.tile(0, 9, 256), Err(TileError::Missing { tile }) if tile == "0/009"));
}

#[test]
fn a_tile_damaged_before_opening_shows_in_the_root_and_a_rebuild_heals_it() {
    let (files, store) = filled(66_000);
    drop(store);
    files.flip("1/000");
    let store = TileStore::open(Arc::clone(&files), 66_000, |range| JOURNAL.read(range)).unwrap();
    assert_ne!(store.root(), JOURNAL.root(66_000));
    let store = TileStore::rebuild(files, 66_000, |range| JOURNAL.read(range)).unwrap();
    assert_eq!(store.root(), JOURNAL.root(66_000));
    store.reader().inclusion(3, 66_000).unwrap();
}

#[test]
fn after_a_cut_tail_other_leaves_replace_its_tiles() {
    let (files, store) = filled(600);
    drop(store);
    let mut kept = Journal::of(300);
    let other: Vec<_> = (1_000..1_300).map(entry).collect();
    let mut store = TileStore::open(files, 300, |range| kept.read(range)).unwrap();
    store.append(&other).unwrap();
    kept.extend(other);
    assert_eq!(store.root(), kept.root(600));
    assert_eq!(store.reader().tile(0, 1, 256).unwrap(), Some(tile_bytes(&kept.leaves[256..512])));
    assert_eq!(store.reader().bundle(1, 256).unwrap(), Some(entry_bundle(&kept.entries[256..512])));
}

#[test]
fn a_full_disk_leaves_the_tree_as_it_was() {
    let (files, mut store) = filled(200);
    let reader = store.reader();
    files.full_disk.store(true, Ordering::Relaxed);
    assert!(
        matches!(store.append(&JOURNAL.entries[200..600]), Err(TileError::Io { tile, .. }) if tile == "entries/000")
    );
    assert_eq!((store.size(), store.root(), reader.size()), (200, JOURNAL.root(200), 200));
    files.full_disk.store(false, Ordering::Relaxed);
    store.append(&JOURNAL.entries[200..600]).unwrap();
    assert_eq!(reader.root_at(600).unwrap(), JOURNAL.root(600));
}

#[test]
fn a_journal_that_fails_or_miscounts_stops_the_opening() {
    let files = || Arc::new(MemoryFiles::default());
    assert!(matches!(TileStore::open(files(), 300, no_entries), Err(OpenError::Entries(asked)) if asked == "0..256"));
    let two = |_| Ok::<_, Infallible>(vec![entry(1); 2]);
    assert!(matches!(TileStore::open(files(), 3, two), Err(OpenError::EntryCount { got: 2, .. })));
}

#[test]
fn what_lies_beyond_the_tree_is_refused() {
    let (_, store) = filled(10);
    let reader = store.reader();
    assert!(matches!(reader.inclusion(10, 10), Err(TileError::OutsideTree { asked: 10, size: 10 })));
    assert!(matches!(reader.inclusion(0, 11), Err(TileError::OutsideTree { asked: 11, size: 10 })));
    assert!(matches!(reader.consistency(8, 7), Err(TileError::OutsideTree { asked: 8, size: 7 })));
    assert!(matches!(reader.root_at(11), Err(TileError::OutsideTree { asked: 11, size: 10 })));
}

#[test]
fn readers_on_other_threads_see_whole_trees_while_the_store_grows() {
    let at = tempfile::tempdir().unwrap();
    let mut store = TileStore::open(folder(at.path()), 0, no_entries).unwrap();
    store.append(&JOURNAL.entries[..1]).unwrap();
    let threads: Vec<_> = (1..=2_u64)
        .map(|seed| {
            let reader = store.reader().clone();
            thread::spawn(move || {
                for round in 0.. {
                    let size = reader.size();
                    let index = (seed * 7919 * round) % size;
                    let proof = reader.inclusion(index, size).unwrap();
                    let leaf = &JOURNAL.leaves[index as usize];
                    verify_inclusion(leaf, index, size, &proof, &JOURNAL.root(size)).unwrap();
                    if size == 20_000 {
                        break;
                    }
                }
            })
        })
        .collect();
    JOURNAL.entries[1..20_000].chunks(300).for_each(|batch| store.append(batch).unwrap());
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    #[test]
    fn proofs_for_any_earlier_size_verify_against_the_journals_roots(
        total in 1_u64..=70_000,
        picks in prop::collection::vec(any::<(u64, u64)>(), 40),
    ) {
        let (_, store) = filled(total as usize);
        let reader = store.reader();
        for (a, b) in picks {
            let size = 1 + a % total;
            let index = b % size;
            let proof = reader.inclusion(index, size).unwrap();
            let leaf = &JOURNAL.leaves[index as usize];
            prop_assert_eq!(verify_inclusion(leaf, index, size, &proof, &JOURNAL.root(size)), Ok(()));
            prop_assert_eq!(reader.root_at(size).unwrap(), JOURNAL.root(size));
            let proof = reader.consistency(index, size).unwrap();
            let (old, new) = (JOURNAL.root(index), JOURNAL.root(size));
            prop_assert_eq!(verify_consistency(index, &old, size, &new, &proof), Ok(()));
        }
    }
}
