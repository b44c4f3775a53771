//! A signed note prints as the bytes it was parsed from.
#![no_main]

use strongroom::pure::tlog::note::Note;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(note) = Note::parse(bytes) {
        assert_eq!(note.to_string().as_bytes(), bytes);
    }
});
