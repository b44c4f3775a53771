//! What a conditional request or a range gets is one of five answers, and a part lies within the whole; a range that a
//! record names bounds what is sent.
#![no_main]

use strongroom::edge::http::transfer::range_in_force;
use strongroom::fuzzing::transfer::{request, select};

const NAMES: [&str; 6] = ["range", "if-range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since"];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // The first line says how large the representation is; then a line for each field, its name by the first letter.
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let size =
        lines.next().unwrap_or_default().iter().fold(0_u64, |size, digit| size.wrapping_mul(10) ^ u64::from(*digit));
    let fields: Vec<_> = lines
        .filter_map(|line| line.split_first())
        .map(|(name, value)| (NAMES[usize::from(*name) % NAMES.len()], value))
        .take(8)
        .collect();
    let request = request(&fields);
    let (status, part) = select(&request, "abc", 1_795_510_800, size);
    match (status, &part) {
        (200, Some(whole)) => assert_eq!(*whole, 0..size),
        (206, Some(part)) => assert!(part.start < part.end && part.end <= size),
        (304 | 412 | 416, None) => {}
        other => panic!("{other:?}"),
    }
    if let Some(asked) = range_in_force(&request) {
        assert!(asked.contains('=') && status != 200, "a record would name {asked} and the whole go out");
    }
});
