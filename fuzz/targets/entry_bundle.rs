//! An entry bundle holds nothing but its entries.
#![no_main]

use strongroom::pure::tlog::tile::{bundle_entries, entry_bundle};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Some(entries) = bundle_entries(bytes) {
        assert_eq!(entry_bundle(&entries), bytes);
    }
});
