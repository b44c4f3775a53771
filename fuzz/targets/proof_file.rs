//! A proof file prints as the bytes it was parsed from.
#![no_main]

use strongroom::pure::tlog::proof_file::ProofFile;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(proof) = ProofFile::parse(bytes) {
        assert_eq!(proof.to_string().as_bytes(), bytes);
    }
});
