//! A signature that a lodger made over one text is none over another.
#![no_main]

use strongroom::pure::detached::verify;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if verify(bytes, b"strongroom/lodgement/v1\n").is_ok() {
        assert!(verify(bytes, b"strongroom/lodgement/v2\n").is_err());
    }
});
