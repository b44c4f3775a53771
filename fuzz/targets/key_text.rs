//! The text of a key is one key in one of two spellings, and what is no key's text is refused without being quoted.
#![no_main]

use strongroom::storage::seal::keys::provider::KeyProvider;
use strongroom_fuzz::MemoryFile;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let file = MemoryFile::of(bytes);
    match KeyProvider::File(file.path()).load() {
        Ok(key) => {
            let digits: String = key.expose().iter().map(|byte| format!("{byte:02x}")).collect();
            let again = MemoryFile::of(digits.as_bytes());
            assert_eq!(KeyProvider::File(again.path()).load().expect("64 digits").expose(), key.expose());
            let text = bytes.trim_ascii();
            assert!(text.len() == 44 || text.eq_ignore_ascii_case(digits.as_bytes()));
        }
        Err(error) => assert!(error.to_string().contains("/proc/self/fd/")),
    }
});
