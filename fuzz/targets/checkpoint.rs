//! A checkpoint prints as the text it was parsed from, and that text can be signed.
#![no_main]

use strongroom::pure::tlog::checkpoint::Checkpoint;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(checkpoint) = Checkpoint::parse(text) {
        assert_eq!(checkpoint.to_string(), text);
        assert_eq!(checkpoint.to_note().as_ref().map(|note| note.text()), Ok(text));
    }
});
