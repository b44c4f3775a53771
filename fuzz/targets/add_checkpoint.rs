//! A request to a witness prints as the bytes it was parsed from.
#![no_main]

use strongroom::pure::tlog::add_checkpoint::AddCheckpoint;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(request) = AddCheckpoint::parse(bytes) {
        assert_eq!(request.to_string().as_bytes(), bytes);
    }
});
