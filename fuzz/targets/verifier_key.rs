//! A verifier key prints as the text it was parsed from.
#![no_main]

use strongroom::pure::tlog::verifier_key::VerifierKey;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(key) = VerifierKey::parse(text) {
        assert_eq!(key.to_string(), text);
    }
});
