//! The list of logs, and files that someone else has touched.

use super::*;
use crate::pure::tlog::signer::Ed25519Cosigner;
use crate::service::witness::logs::{ListFault, MAX_KEYS};
use crate::service::witness::state::file_name;

fn parse(list: &str) -> Result<KnownLogs, (usize, ListFault)> {
    KnownLogs::parse(list.as_bytes(), &witness_name()).map_err(|invalid| (invalid.line, invalid.fault))
}

#[test]
fn a_list_has_keys_comments_and_empty_lines() {
    let (one, two) = (log_key(1), post_quantum_log_key(2));
    let logs = parse(&format!("# ours\n\n  {}  \r\n{}", one.verifier_key(), two.verifier_key())).unwrap();
    assert_eq!(logs.origins().collect::<Vec<_>>(), [(ORIGIN, 2)]);
    assert_eq!(logs.keys_of(ORIGIN).unwrap(), [one.verifier_key().clone(), two.verifier_key().clone()]);
    assert!(parse("").unwrap().is_empty());
}

#[test]
fn a_bad_line_is_named() {
    let key = log_key(1).verifier_key().to_string();
    let cosigner = Ed25519Cosigner::from_seed(KeyName::parse(ORIGIN).unwrap(), &[1; 32]).unwrap();
    let own = Ed25519Signer::from_seed(witness_name(), &[1; 32]).unwrap();
    let long = Ed25519Signer::from_seed(KeyName::parse(&"l".repeat(256)).unwrap(), &[1; 32]).unwrap();
    assert_eq!(parse(&format!("{key}\n{key}\n")), Err((2, ListFault::Duplicate)));
    assert_eq!(parse(&format!("#\n{}\n", cosigner.verifier_key())), Err((2, ListFault::KeyType)));
    assert_eq!(parse(&own.verifier_key().to_string()), Err((1, ListFault::Witness)));
    assert_eq!(parse(&long.verifier_key().to_string()), Err((1, ListFault::Origin)));
    assert!(matches!(parse(&format!("{key}\n\nlog {key}\n")), Err((3, ListFault::Key(_)))));
    let many: String = (0..=MAX_KEYS as u8).map(|seed| format!("{}\n", log_key(seed).verifier_key())).collect();
    assert_eq!(parse(&many), Err((MAX_KEYS + 1, ListFault::TooManyKeys)));
    let damaged = KnownLogs::parse(b"#\n# \xff", &witness_name()).unwrap_err();
    assert_eq!((damaged.line, damaged.fault), (2, ListFault::NotText));
}

#[test]
fn every_flipped_bit_and_every_cut_of_a_state_file_stops_the_start() {
    let disk = SimulatedDisk::new(1);
    cosigned(&open(&disk).unwrap(), &HONEST.request(0, 5)).unwrap();
    let name = file_name(ORIGIN);
    let length = disk.read(&name).unwrap().len();
    for at in (0..length).step_by(61).chain([length - 1]) {
        for cut in [false, true] {
            let copy = disk.copy();
            assert!(copy.tamper(&name, |bytes| if cut { bytes.truncate(at) } else { bytes[at] ^= 1 << (at % 8) }));
            match open(&copy) {
                Err(error @ DamagedState::Damaged { .. }) => assert!(error.to_string().contains(&name)),
                other => panic!("{at}: {other:?}"),
            }
        }
    }
}

#[test]
fn a_state_under_another_name_or_of_another_key_stops_the_start() {
    let disk = SimulatedDisk::new(1);
    cosigned(&open(&disk).unwrap(), &HONEST.request(0, 5)).unwrap();
    let other = Witness::open(Arc::new(disk.copy()), witness_keys(8), known_log(), Set::at(NOW).clock());
    assert!(matches!(other, Err(DamagedState::Damaged { .. })));
    let moved = disk.copy();
    moved.rename(&file_name(ORIGIN), &file_name("other.example/log")).unwrap();
    assert!(matches!(open(&moved), Err(DamagedState::Damaged { .. })));
}

#[test]
fn other_files_beside_the_states_are_left_alone() {
    let disk = SimulatedDisk::new(1);
    disk.swap("lock", b"").unwrap();
    disk.swap(&format!("{}.new", file_name(ORIGIN)), b"half").unwrap();
    let witness = open(&disk).unwrap();
    assert_eq!(witness.cosigned(), 0);
    cosigned(&witness, &HONEST.request(0, 5)).unwrap();
}
