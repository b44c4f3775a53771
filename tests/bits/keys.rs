//! The file of the root key: what is no key is refused, and another key opens nothing.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use strongroom::pure::tlog::leaf::{Entry, Opening, Origin};
use strongroom::storage::blobs::{BlobError, BlobId, BlobStore};
use strongroom::storage::disk::SimulatedDisk;
use strongroom::storage::journal::{Covered, Journal, JournalKeys, Options, SealedInput, TornTail};
use strongroom::storage::seal::keys::provider::{KeyProvider, create_key_file};
use strongroom::storage::seal::keys::{KeyEpoch, KeyLevel, RootKey};
use tempfile::TempDir;

use crate::{Met, Tally, on_two_threads};

#[test]
fn every_flipped_bit_and_cut_of_the_root_key_is_refused_or_opens_nothing() {
    let tally = Tally::of("root key file");
    let given = Given::make();
    let flips: Vec<_> = (0..8 * given.text.len()).collect();
    let place = || given.place();
    on_two_threads(&flips, place, |place, bit| {
        let mut text = given.text.clone();
        text[bit / 8] ^= 1 << (bit % 8);
        let met = tally.flip(given.met(place, &text));
        // Only the case of a hexadecimal digit says nothing.
        assert_eq!(met == Met::NoEffect, text.eq_ignore_ascii_case(&given.text), "bit {bit}");
    });
    let lengths: Vec<_> = (0..given.text.len()).collect();
    on_two_threads(&lengths, place, |place, length| {
        let met = tally.cut(given.met(place, &given.text[..*length]));
        let without_line_end = given.text.len() - 1;
        assert_eq!(met == Met::NoEffect, *length == without_line_end, "cut to {length}");
    });
    let twice = [given.text.as_slice(), given.text.as_slice()].concat();
    let zeros = vec![0; given.text.len()];
    let other = [b"0".repeat(64), b"\n".to_vec()].concat();
    for changed in [twice, zeros, other, [given.text.as_slice(), b"0"].concat()] {
        assert_eq!(tally.other(given.met(&place(), &changed)), Met::Named);
    }
    println!("{tally}");
}

/// A journal and a document under a root key.
struct Given {
    text: Vec<u8>,
    disk: SimulatedDisk,
    blob: BlobId,
}

/// A key file of one thread.
struct Place {
    directory: TempDir,
    runtime: tokio::runtime::Runtime,
}

impl Place {
    fn file(&self) -> PathBuf {
        self.directory.path().join("root.key")
    }
}

impl Given {
    fn make() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("root.key");
        create_key_file(&file).unwrap();
        let root = RootKey::new(KeyProvider::File(file.clone()).load().unwrap());
        let disk = SimulatedDisk::new(1);
        let mut journal = open(&disk, &root).unwrap();
        let (opening, record) = (Opening([1; 32]), b"a record".to_vec());
        let entry = Entry::commit(&origin(), &opening, &record);
        journal.commit(&[SealedInput { entry, opening, record }]).unwrap();
        journal.close().unwrap();
        let store = BlobStore::local(Arc::new(disk.clone()), "blobs", root, KeyEpoch::FIRST).unwrap();
        let blob = runtime().block_on(async {
            let mut writer = store.begin(KeyLevel::Red, 100).unwrap();
            writer.write(Bytes::from_static(b"a document")).await.unwrap();
            writer.finish().await.unwrap().id
        });
        Self { text: fs::read(file).unwrap(), disk, blob }
    }

    fn place(&self) -> Place {
        Place { directory: tempfile::tempdir().unwrap(), runtime: runtime() }
    }

    fn met(&self, place: &Place, text: &[u8]) -> Met {
        let file = place.file();
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        let root = match KeyProvider::File(file.clone()).load() {
            Ok(key) => RootKey::new(key),
            Err(error) => {
                assert!(error.to_string().contains(file.to_str().unwrap()), "no place in: {error}");
                return Met::Named;
            }
        };
        let disk = self.disk.copy();
        let journal = open(&disk, &root);
        let store = BlobStore::existing(Arc::new(disk), "blobs", root, KeyEpoch::FIRST).unwrap();
        let blob = place.runtime.block_on(store.open(self.blob, KeyLevel::Red));
        match (journal, blob) {
            (Ok(_), Ok(_)) => Met::NoEffect,
            (Err(journal), Err(BlobError::Damaged { .. })) => {
                assert!(journal.contains("root key"), "{journal}");
                Met::Named
            }
            (journal, _) => panic!("a wrong key opens one of two: {:?}", journal.err()),
        }
    }
}

fn open(disk: &SimulatedDisk, root: &RootKey) -> Result<Journal, String> {
    let keys = JournalKeys::new(1, root.journal_key(KeyEpoch::FIRST));
    let options = Options { segment_len: 8 << 10 };
    Journal::open(Arc::new(disk.clone()), keys, origin(), Covered::default(), TornTail::Ask, options)
        .map(|(journal, _)| journal)
        .map_err(|error| error.to_string())
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().unwrap()
}

fn origin() -> Origin {
    Origin::parse("log.example/bits").unwrap()
}
