//! A document and its key object.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::TryStreamExt;
use strongroom::storage::blobs::{BlobError, BlobId, BlobStore};
use strongroom::storage::disk::{Disk, SimulatedDisk};
use strongroom::storage::seal::keys::{KeyEpoch, KeyLevel, RootKey};
use strongroom::storage::seal::secret::SecretKey;
use strongroom::storage::seal::stream::SEGMENT_LEN;

use crate::{Met, Tally, on_two_threads, step};

#[test]
fn every_flipped_bit_and_cut_of_a_document_is_named_and_nothing_of_it_is_misread() {
    let tally = Tally::of("document");
    go_over(&tally, 300, Part::Blob, 1);
    println!("{tally}");
}

#[test]
fn every_flipped_bit_and_cut_of_a_key_object_is_named() {
    let tally = Tally::of("key object");
    go_over(&tally, 300, Part::Key, 1);
    println!("{tally}");
}

#[test]
fn flipped_bits_and_cuts_of_a_document_of_several_segments_are_named() {
    let tally = Tally::of("document of three segments");
    go_over(&tally, 2 * SEGMENT_LEN + 100, Part::Blob, step(1499));
    println!("{tally}");
}

#[test]
fn files_in_others_places_added_bytes_and_zeroed_sectors_are_named() {
    let tally = Tally::of("documents swapped, extended and zeroed");
    let given = Given::of(&[300, 2 * SEGMENT_LEN + 100, 300]);
    let [one, long, two] = [0, 1, 2].map(|nth| given.documents[nth].0);
    for part in [Part::Blob, Part::Key] {
        for (of, by) in [(one, two), (two, one), (one, long), (long, one)] {
            let other = given.read_file(by, part);
            assert_eq!(tally.other(given.changed(of, part, |bytes| *bytes = other)), Met::Named);
        }
        for id in [one, long] {
            for more in [1, 16, 17, 512, SEGMENT_LEN] {
                assert_eq!(
                    tally.other(given.changed(id, part, |bytes| bytes.resize(bytes.len() + more, 0))),
                    Met::Named
                );
            }
            for sector in 0..given.read_file(id, part).len().div_ceil(512) {
                let zeroed =
                    |bytes: &mut Vec<u8>| bytes.iter_mut().skip(512 * sector).take(512).for_each(|byte| *byte = 0);
                assert_eq!(tally.other(given.changed(id, part, zeroed)), Met::Named);
            }
            assert_eq!(tally.other(given.changed(id, part, Vec::clear)), Met::Named);
        }
    }
    // A segment twice, and two in each other's place.
    let twice =
        |bytes: &mut Vec<u8>| bytes.splice(SEGMENT_LEN..SEGMENT_LEN, bytes[..SEGMENT_LEN].to_vec()).for_each(drop);
    assert_eq!(tally.other(given.changed(long, Part::Blob, twice)), Met::Named);
    let swapped = |bytes: &mut Vec<u8>| bytes[SEGMENT_LEN - 1000..SEGMENT_LEN + 1000].rotate_left(1000);
    assert_eq!(tally.other(given.changed(long, Part::Blob, swapped)), Met::Named);
    println!("{tally}");
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Blob,
    Key,
}

/// Flips every `step`-th bit of the part, the first and last 64 bytes of each segment whole, and cuts as often.
fn go_over(tally: &Tally, length: usize, part: Part, step: usize) {
    let make = || Given::of(&[length]);
    let first = make();
    let file_length = first.read_file(first.documents[0].0, part).len();
    let is_edge = |offset: usize| offset % SEGMENT_LEN < 64 || offset % SEGMENT_LEN >= SEGMENT_LEN - 64;
    let bits: Vec<_> = (0..8 * file_length).filter(|bit| bit % step == 0 || is_edge(bit / 8)).collect();
    on_two_threads(&bits, make, |given, bit| {
        let id = given.documents[0].0;
        let met = given.changed(id, part, |bytes| bytes[bit / 8] ^= 1 << (bit % 8));
        assert_eq!(tally.flip(met), Met::Named, "bit {bit}");
    });
    let cuts: Vec<_> = (0..file_length).filter(|cut| cut % step == 0 || is_edge(*cut)).collect();
    on_two_threads(&cuts, make, |given, length| {
        let id = given.documents[0].0;
        assert_eq!(tally.cut(given.changed(id, part, |bytes| bytes.truncate(*length))), Met::Named, "cut to {length}");
    });
}

/// A store of documents, and what each of them says.
struct Given {
    disk: SimulatedDisk,
    store: BlobStore,
    runtime: tokio::runtime::Runtime,
    documents: Vec<(BlobId, Vec<u8>)>,
}

impl Given {
    fn of(lengths: &[usize]) -> Self {
        let disk = SimulatedDisk::new(1);
        let root = RootKey::new(SecretKey::from_bytes([7; 32]));
        let store = BlobStore::local(Arc::new(disk.clone()), "blobs", root, KeyEpoch::FIRST).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut documents = Vec::new();
        for (nth, length) in lengths.iter().enumerate() {
            let content: Vec<u8> = (0..*length).map(|byte| ((byte + nth) % 251) as u8).collect();
            let id = runtime.block_on(async {
                let mut writer = store.begin(KeyLevel::Amber, *length as u64).unwrap();
                writer.write(Bytes::from(content.clone())).await.unwrap();
                writer.finish().await.unwrap().id
            });
            documents.push((id, content));
        }
        Self { disk, store, runtime, documents }
    }

    fn file(&self, id: BlobId, part: Part) -> String {
        let blob = format!("blobs/{}/{id}", &id.to_string()[..2]);
        match part {
            Part::Blob => blob,
            Part::Key => format!("{blob}.key.amber.1"),
        }
    }

    fn read_file(&self, id: BlobId, part: Part) -> Vec<u8> {
        self.disk.read(&self.file(id, part)).unwrap()
    }

    /// How a change of a document's file is met; the file is as before afterwards.
    fn changed(&self, id: BlobId, part: Part, change: impl FnOnce(&mut Vec<u8>)) -> Met {
        let (file, whole) = (self.file(id, part), self.read_file(id, part));
        assert!(self.disk.tamper(&file, change));
        assert!(self.read_file(id, part) != whole, "nothing was changed");
        let met = self.met(id);
        self.disk.tamper(&file, |bytes| *bytes = whole);
        met
    }

    /// Reads the whole and ranges: all of it, the first byte, the last, and what lies across two segments.
    fn met(&self, id: BlobId) -> Met {
        let (_, content) = self.documents.iter().find(|(known, _)| *known == id).unwrap();
        let length = content.len() as u64;
        let middle = (SEGMENT_LEN as u64).min(length / 2);
        let read = |range: Range<u64>| self.runtime.block_on(self.read(id, range));
        for range in [0..1, length - 1..length, middle.saturating_sub(200)..middle] {
            match read(range.clone()) {
                Ok(bytes) => assert!(bytes == content[range.start as usize..range.end as usize], "misread"),
                Err(error) => assert_is_named(&error, id),
            }
        }
        match read(0..length) {
            Ok(bytes) => {
                assert!(bytes == *content, "misread");
                Met::NoEffect
            }
            Err(error) => {
                assert_is_named(&error, id);
                Met::Named
            }
        }
    }

    async fn read(&self, id: BlobId, range: Range<u64>) -> Result<Vec<u8>, BlobError> {
        let blob = self.store.open(id, KeyLevel::Amber).await?;
        let released = std::cell::RefCell::new(Vec::new());
        let read = blob.read(range.clone()).try_for_each(|bytes| {
            released.borrow_mut().extend_from_slice(&bytes);
            std::future::ready(Ok(()))
        });
        let read = read.await;
        let released = released.into_inner();
        // Also what left before an error is of the document.
        let (_, content) = self.documents.iter().find(|(known, _)| *known == id).unwrap();
        assert!(content[range.start as usize..].starts_with(&released), "misread before the error");
        read.map(|()| released)
    }
}

fn assert_is_named(error: &BlobError, id: BlobId) {
    assert!(matches!(error, BlobError::Damaged { .. }), "{error}");
    assert!(error.to_string().contains(&id.to_string()), "no place in: {error}");
}
