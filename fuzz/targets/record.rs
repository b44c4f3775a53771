//! A record that this release reads is written canonically, and read back as the same.
#![no_main]

use strongroom::pure::record::{MAX_RECORD_LEN, Record};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(record) = Record::from_bytes(bytes) else { return };
    // A number may be one that canonical JSON has no exact form for: then it cannot be written, and never was.
    let Ok(written) = record.to_bytes() else { return };
    assert!(written.len() <= MAX_RECORD_LEN);
    let again = Record::from_bytes(&written).expect("what was written is read");
    assert_eq!(again.to_bytes().as_ref(), Ok(&written));
    let names = record.occurrence_names();
    let occurrence = record.occurrence(&names);
    assert_eq!((occurrence.index, occurrence.time), (again.index, again.time));
});
