//! A revocation list that is taken into use says until when it holds, and none in the name of our CA is another than the
//! CA signed.
#![no_main]

use std::sync::LazyLock;

use strongroom::edge::pki::{ClientTrust, ClientTrustFiles, LoadError, Revocation, UnknownStatus};
use strongroom_fuzz::MemoryFile;
use x509_cert::Certificate;
use x509_cert::certificate::Rfc5280;
use x509_cert::crl::CertificateList;
use x509_cert::der::{Decode, DecodePem, Encode};

const AUTHORITY: &str = include_str!("../fixtures/authority.pem");
const SIGNED: [&[u8]; 2] = [include_bytes!("../fixtures/empty.crl"), include_bytes!("../fixtures/one.crl")];

static NAME: LazyLock<Vec<u8>> =
    LazyLock::new(|| Certificate::from_pem(AUTHORITY).unwrap().tbs_certificate().subject().to_der().unwrap());
static TO_BE_SIGNED: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| SIGNED.iter().map(|list| to_be_signed(list)).collect());
static FILE: LazyLock<MemoryFile> = LazyLock::new(|| MemoryFile::of(AUTHORITY.as_bytes()));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let list = MemoryFile::of(bytes);
    let revocation = Revocation::Lists { files: vec![list.path()], unknown: UnknownStatus::Refuse };
    let files = ClientTrustFiles { authorities: FILE.path(), revocation };
    let trust = ClientTrust::load(&files, "2026-11-25T00:00:00Z".parse().unwrap());
    match (trust, CertificateList::<Rfc5280>::from_der(bytes)) {
        (Ok(_), Ok(list)) => {
            assert!(list.tbs_cert_list.next_update.is_some());
            let is_ours = list.tbs_cert_list.issuer.to_der().is_ok_and(|name| name == *NAME);
            assert!(!is_ours || TO_BE_SIGNED.contains(&to_be_signed(bytes)), "forged");
        }
        (Ok(_), Err(_)) | (Err(LoadError::ForeignRevocationLists), _) => {}
        (Err(error), _) => assert!(error.to_string().contains("/proc/self/fd/")),
    }
});

/// The bytes that the signature is over: the first element of the list.
fn to_be_signed(list: &[u8]) -> Vec<u8> {
    CertificateList::<Rfc5280>::from_der(list).unwrap().tbs_cert_list.to_der().unwrap()
}
