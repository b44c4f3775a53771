//! A file of client CAs that is taken into use holds no person's certificate, and is a client's file of CAs too.
#![no_main]

use strongroom::edge::pki::{ClientFiles, ClientTls, ClientTrust, ClientTrustFiles, EndEntity, Revocation};
use strongroom_fuzz::MemoryFile;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let file = MemoryFile::of(bytes);
    let trust = ClientTrustFiles { authorities: file.path(), revocation: Revocation::Unchecked };
    match ClientTrust::load(&trust, "2026-11-25T00:00:00Z".parse().unwrap()) {
        Ok(_) => {
            let client = ClientTls::load(&ClientFiles { authorities: file.path(), identity: None }).unwrap();
            assert!(!client.authorities().is_empty());
            assert!(client.authorities().iter().all(|der| EndEntity::from_der(der).is_err()));
        }
        Err(error) => assert!(error.to_string().contains("/proc/self/fd/")),
    }
});
