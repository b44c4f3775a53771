//! A segment written by another program that has the key, soundly or with one field or another wrong: what was sound is
//! read as it was written, nothing is read behind the first fault, and without the key nothing is read at all.
#![no_main]

use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock};

use strongroom::pure::tlog::hash::sha256;
use strongroom::pure::tlog::leaf::{Entry, Opening, Origin};
use strongroom::pure::tlog::tree::Tree;
use strongroom::storage::disk::{Disk, SimulatedDisk};
use strongroom::storage::journal::{
    ChainHash, Covered, Examined, Journal, JournalKeys, Options, Reader, Stored, TornTail, examine, scrub,
};
use strongroom::storage::seal::frame::FrameSealer;
use strongroom::storage::seal::secret::SecretKey;
use strongroom_fuzz::{Choices, damage};

const SALT: [u8; 32] = [9; 32];
const LENGTH: usize = 8192;
const NAME: &str = "journal/00000000000000000000-0000000000.segment";

static ORIGIN: LazyLock<Origin> = LazyLock::new(|| Origin::parse("log.example/fuzz").unwrap());
static DISK: LazyLock<SimulatedDisk> = LazyLock::new(|| {
    let disk = SimulatedDisk::new(1);
    disk.create_directory("journal").unwrap();
    disk.create(NAME).unwrap().sync_data().unwrap();
    disk
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut choices = Choices(bytes);
    let written = Written::by(&mut choices);
    let disk = DISK.copy();
    assert!(disk.tamper(NAME, |file| *file = written.file.clone()));

    let looked = look(&disk, 7);
    let opened = open(&disk.copy(), 7);
    match &opened {
        Some(read) => {
            let sound = written.sound.len().min(read.len());
            assert_eq!(read[..sound], written.sound[..sound], "misread");
            assert!(read.len() >= written.sound.len() || written.damaged, "lost");
            assert!(looked.is_some_and(|looked| looked == *read), "an examination reads something else");
        }
        None => assert!(written.hostile, "a sound segment is refused"),
    }
    assert_eq!(open(&disk, 8), None);
    assert_eq!(look(&disk, 8), None);
});

/// A segment, and the entries of the frames before the first that is not sound.
struct Written {
    file: Vec<u8>,
    sound: Vec<Stored>,
    /// Something in it is not as the journal writes it.
    hostile: bool,
    /// The whole file was damaged after it was written.
    damaged: bool,
}

impl Written {
    fn by(choices: &mut Choices) -> Self {
        let mut sealer = FrameSealer::new(&key(7), &SALT).unwrap();
        let mut chain = ChainHash::first(&ORIGIN);
        let mut tree = Tree::empty();
        let flags = choices.byte();
        let mut header = header(chain);
        let mut hostile = flags & 1 != 0 && changed(choices, &mut header);
        let tag = sealer.seal(&header, &mut []).unwrap();
        let mut file = [header.as_slice(), &tag].concat();
        let mut sound = Vec::new();

        for _ in 0..flags >> 4 & 3 {
            let flags = choices.byte();
            let (mut entries, mut plaintext, mut stored) = (Vec::new(), Vec::new(), Vec::new());
            for number in 0..=flags >> 6 {
                let length = usize::from(choices.byte());
                let (opening, record) = (Opening([number; 32]), choices.take(length).to_vec());
                let entry = Entry::commit(&ORIGIN, &opening, &record);
                entries.extend(entry.0);
                plaintext.extend(opening.0);
                plaintext.extend((record.len() as u16).to_be_bytes());
                plaintext.extend(&record);
                tree.push(entry.leaf_hash());
                stored.push(Stored { entry, opening, record });
            }
            plaintext.resize(plaintext.len().next_multiple_of(16), 0);
            let mut head = frame_header(b"SRb1", &sealer, chain, &tree, stored.len(), plaintext.len() + 16);
            hostile |= flags & 1 != 0 && changed(choices, &mut head);
            hostile |= flags & 2 != 0 && changed(choices, &mut entries);
            hostile |= flags & 4 != 0 && changed(choices, &mut plaintext);
            let frame = sealed(&mut sealer, head, &entries, plaintext, flags & 8 == 0);
            hostile |= flags & 8 != 0;
            chain = ChainHash(sha256(&[chain.0.as_slice(), &frame].concat()));
            file.extend(frame);
            if !hostile {
                sound.extend(stored);
            }
        }
        if flags & 2 != 0 {
            let mut head = frame_header(b"SRc1", &sealer, chain, &tree, 0, 16);
            head[64..80].fill(0);
            hostile |= flags & 4 != 0 && changed(choices, &mut head);
            file.extend(sealed(&mut sealer, head, &[], Vec::new(), true));
        }
        file.resize(LENGTH.max(file.len()), 0);
        let damaged = flags & 8 != 0 && changed(choices, &mut file);
        Self { file, sound, hostile: hostile || damaged, damaged }
    }
}

/// The header of the first segment, without its tag.
fn header(chain: ChainHash) -> Vec<u8> {
    let mut bytes = b"strongroom/seg1\n".to_vec();
    bytes.extend(512_u32.to_be_bytes());
    bytes.extend(1_u32.to_be_bytes());
    bytes.extend(SALT);
    bytes.extend([0; 16]);
    bytes.extend(chain.0);
    bytes.extend((LENGTH as u64).to_be_bytes());
    bytes.extend([0; 8 + 8 + 32 + 1 + 1]);
    bytes.push(ORIGIN.as_str().len() as u8);
    bytes.extend(ORIGIN.as_str().as_bytes());
    bytes.resize(512 - 16, 0);
    bytes
}

/// The header of a frame, without its check.
fn frame_header(
    kind: &[u8; 4],
    sealer: &FrameSealer,
    chain: ChainHash,
    tree: &Tree,
    count: usize,
    sealed: usize,
) -> Vec<u8> {
    let mut bytes = ((128 + 48 * count + sealed) as u32).to_be_bytes().to_vec();
    bytes.extend(kind);
    bytes.extend(sealer.next_counter().to_be_bytes());
    bytes.extend((tree.size() - count as u64).to_be_bytes());
    bytes.extend((count as u32).to_be_bytes());
    bytes.extend((sealed as u32).to_be_bytes());
    bytes.extend(chain.0);
    bytes.extend([0x40; 16]);
    bytes.extend(tree.size().to_be_bytes());
    bytes.extend(tree.root().0);
    bytes
}

fn sealed(sealer: &mut FrameSealer, mut head: Vec<u8>, entries: &[u8], mut plaintext: Vec<u8>, check: bool) -> Vec<u8> {
    let check_bytes = if check { sha256(&head) } else { [0; 32] };
    head.extend(&check_bytes[..8]);
    head.extend(entries);
    let tag = sealer.seal(&head, &mut plaintext).unwrap();
    [head.as_slice(), &plaintext, &tag].concat()
}

fn changed(choices: &mut Choices, bytes: &mut Vec<u8>) -> bool {
    let before = bytes.clone();
    damage(choices, bytes);
    *bytes != before
}

fn open(disk: &SimulatedDisk, number: u8) -> Option<Vec<Stored>> {
    let options = Options { segment_len: LENGTH as u64 };
    let disk: Arc<dyn Disk> = Arc::new(disk.clone());
    let (journal, _) =
        Journal::open(disk, keys(number), ORIGIN.clone(), Covered::default(), TornTail::Ask, options).ok()?;
    let reader = journal.reader();
    let _ = scrub(&reader, |_| ControlFlow::Continue(()));
    Some(entries(&reader))
}

fn look(disk: &SimulatedDisk, number: u8) -> Option<Vec<Stored>> {
    let Examined { reader, .. } = examine(Arc::new(disk.clone()), keys(number), ORIGIN.clone()).ok()?;
    Some(entries(&reader))
}

fn entries(reader: &Reader) -> Vec<Stored> {
    reader.replay(0).map_while(Result::ok).flat_map(|batch| batch.stored).collect()
}

fn keys(number: u8) -> JournalKeys {
    JournalKeys::new(1, key(number))
}

fn key(number: u8) -> SecretKey {
    SecretKey::from_bytes([number; 32])
}
