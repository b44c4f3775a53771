//! The log's tiles and bundles: what a start and a reader make of damaged ones.

use std::convert::Infallible;
use std::ops::Range;
use std::sync::Arc;

use strongroom::pure::tlog::hash::TreeHash;
use strongroom::pure::tlog::leaf::{ENTRY_LEN, Entry};
use strongroom::pure::tlog::tree::Tree;
use strongroom::storage::disk::{Disk, SimulatedDisk};
use strongroom::storage::tiles::comparison::Comparison;
use strongroom::storage::tiles::error::TileError;
use strongroom::storage::tiles::files::TileFolder;
use strongroom::storage::tiles::store::TileStore;

use crate::{Met, Tally, on_two_threads, step};

/// Two full tiles and bundles, and some entries more.
const SIZE: u64 = 530;

#[test]
fn flipped_bits_and_cuts_of_tiles_are_named_and_mended_and_never_served() {
    let tally = Tally::of("tiles and bundles");
    let given = Given::make();
    let step = step(997);
    for (path, whole) in &given.files {
        // The ends of the file in any case.
        let is_end = |offset: usize| offset < 2 || offset >= whole.len() - 2;
        let bits: Vec<_> = (0..8 * whole.len()).filter(|bit| bit % step == 0 || is_end(bit / 8)).collect();
        on_two_threads(
            &bits,
            || (),
            |(), bit| {
                let met = given.changed(path, |bytes| bytes[bit / 8] ^= 1 << (bit % 8));
                assert_eq!(tally.flip(met), Met::Named, "bit {bit} of {path}");
            },
        );
        let cuts: Vec<_> = (0..whole.len()).filter(|cut| cut % step == 0 || is_end(*cut)).collect();
        on_two_threads(
            &cuts,
            || (),
            |(), length| {
                assert_eq!(
                    tally.cut(given.changed(path, |bytes| bytes.truncate(*length))),
                    Met::Named,
                    "{path} to {length}"
                );
            },
        );
    }
    println!("{tally}");
}

#[test]
fn tiles_in_others_places_added_bytes_and_zeroed_sectors_are_named_and_mended_and_never_served() {
    let tally = Tally::of("tiles and bundles swapped, extended and zeroed");
    let given = Given::make();
    for (path, whole) in &given.files {
        for (_, other) in given.files.iter().filter(|(other, _)| other != path) {
            assert_eq!(tally.other(given.changed(path, |bytes| bytes.clone_from(other))), Met::Named, "{path}");
        }
        for more in [1, 32, ENTRY_LEN, 512] {
            assert_eq!(tally.other(given.changed(path, |bytes| bytes.resize(bytes.len() + more, 0))), Met::Named);
        }
        for sector in 0..whole.len().div_ceil(512) {
            let zero = |bytes: &mut Vec<u8>| bytes.iter_mut().skip(512 * sector).take(512).for_each(|byte| *byte = 0);
            assert_eq!(tally.other(given.changed(path, zero)), Met::Named, "sector {sector} of {path}");
        }
        // An item in its neighbour's place.
        let swap = |bytes: &mut Vec<u8>| bytes[..2 * whole.len() / 256].rotate_left(whole.len() / 256);
        assert_eq!(tally.other(given.changed(path, swap)), Met::Named, "{path}");
    }
    println!("{tally}");
}

/// The files of a log's tree, and the entries that a journal would give.
struct Given {
    disk: SimulatedDisk,
    entries: Vec<Entry>,
    root: TreeHash,
    files: Vec<(String, Vec<u8>)>,
}

impl Given {
    fn make() -> Self {
        let disk = SimulatedDisk::new(1);
        let entries: Vec<_> = (0..SIZE).map(entry).collect();
        let mut tree = Tree::empty();
        entries.iter().for_each(|entry| tree.push(entry.leaf_hash()));
        let mut store = TileStore::open(folder(&disk), 0, |_| Ok::<_, Infallible>(Vec::new())).unwrap();
        store.append(&entries).unwrap();
        let names = ["tile/0/000", "tile/0/001", "tile/entries/000", "tile/entries/001"];
        let names = names.map(|name| ["tiles", name].join("/"));
        let names = names.map(|name| if disk.read(&name).is_ok() { name } else { name.replace("/tile/", "/") });
        let files = names.map(|name| (name.clone(), disk.read(&name).unwrap())).to_vec();
        Self { disk, entries, root: tree.root(), files }
    }

    /// How a change of a file is met: the comparison that a check makes names it; a start makes it anew, or the reader
    /// names it and then restores it.
    fn changed(&self, path: &str, change: impl FnOnce(&mut Vec<u8>)) -> Met {
        let disk = self.disk.copy();
        let mut different = false;
        assert!(disk.tamper(path, |bytes| {
            let before = bytes.clone();
            change(bytes);
            different = *bytes != before;
        }));
        assert!(different, "nothing was changed");
        let mut comparison = Comparison::of(TileFolder::existing(Arc::new(disk.clone()), "tiles"));
        let faults: Vec<_> = self.entries.iter().flat_map(|entry| comparison.push(*entry)).collect();
        let [fault] = faults.as_slice() else { panic!("{faults:?}") };
        assert!(path.ends_with(&fault.path), "{fault:?} for {path}");

        let entries =
            |range: Range<u64>| Ok::<_, Infallible>(self.entries[range.start as usize..range.end as usize].to_vec());
        // As a start does it: the journal's root is the measure.
        let mut store = TileStore::open(folder(&disk), SIZE, entries).unwrap();
        if store.root() != self.root {
            store = TileStore::rebuild(folder(&disk), SIZE, entries).unwrap();
        }
        assert_eq!(store.root(), self.root);
        let reader = store.reader();
        for index in 0..2 {
            match reader.bundle(index, 256) {
                Ok(bundle) => assert!(bundle.unwrap() == self.bundle(index), "misread"),
                Err(TileError::Damaged { tile }) => {
                    assert!(path.ends_with(&tile), "{tile} for {path}");
                    let range = index * 256..(index + 1) * 256;
                    reader
                        .restore_bundle(index, || entries(range).map_err(|never| match never {}))
                        .map_err(|error: TileError| error)
                        .unwrap();
                    assert!(reader.bundle(index, 256).unwrap().unwrap() == self.bundle(index));
                }
                Err(error) => panic!("{error}"),
            }
            let hashes = reader.tile(0, index, 256).unwrap().unwrap();
            let expected = self.entries[index as usize * 256..][..256].iter().flat_map(|entry| entry.leaf_hash().0);
            assert!(hashes.iter().copied().eq(expected), "misread");
        }
        assert!(disk.read(path).unwrap() == self.disk.read(path).unwrap(), "{path} is not mended");
        Met::Named
    }

    fn bundle(&self, index: u64) -> Vec<u8> {
        self.files.iter().find(|(name, _)| name.ends_with(&format!("entries/00{index}"))).unwrap().1.clone()
    }
}

fn folder(disk: &SimulatedDisk) -> TileFolder {
    TileFolder::open(Arc::new(disk.clone()), "tiles").unwrap()
}

fn entry(number: u64) -> Entry {
    Entry(std::array::from_fn(|byte| number.to_be_bytes()[byte % 8] ^ byte as u8))
}
