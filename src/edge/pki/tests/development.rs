//! What the development CA makes is what others can read.

use p12_keystore::{KeyStore, Pkcs12ImportPolicy};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};

use super::*;

#[test]
fn a_pkcs12_file_holds_key_certificate_and_ca_under_its_password() {
    let ca = DevelopmentCa::create(good()).unwrap();
    let alice = ca.issue_client("alice", good()).unwrap();

    let file = alice.pkcs12("correct horse").unwrap();

    assert!(KeyStore::from_pkcs12(&file, "wrong", Pkcs12ImportPolicy::Strict).is_err());
    let store = KeyStore::from_pkcs12(&file, "correct horse", Pkcs12ImportPolicy::Strict).unwrap();
    let (name, chain) = store.private_key_chain().unwrap();
    assert_eq!(name, "alice");
    let key = PrivatePkcs8KeyDer::from_pem_slice(alice.key_pem().as_bytes()).unwrap();
    assert_eq!(chain.key().as_der(), key.secret_pkcs8_der());
    let certificates: Vec<_> = chain.certs().iter().map(|certificate| certificate.as_der().to_vec()).collect();
    let expected = [alice.certificate_pem(), ca.certificate_pem()]
        .map(|pem| CertificateDer::from_pem_slice(pem.as_bytes()).unwrap().to_vec());
    assert_eq!(certificates, expected);
}

#[test]
fn a_reopened_ca_issues_what_the_first_is_trusted_for() {
    let folder = Folder::new();
    let again = DevelopmentCa::reopen(folder.ca.certificate_pem(), &folder.ca.key_pem()).unwrap();
    assert_eq!(again.certificate_pem(), folder.ca.certificate_pem());
    let alice = again.issue_client("alice", good()).unwrap();
    let bob = again.issue_client("bob", good()).unwrap();
    folder.write("ca.crl", revocation_list(&again, 1, good(), &[&bob]));
    let mutual = folder.mutual(folder.trust_with_list());
    connect(folder.client(Some(folder.keep("alice", &alice))), mutual.config().unwrap()).unwrap();
    let bob = folder.client(Some(folder.keep("bob", &bob)));
    assert_eq!(refusal(bob, mutual.config().unwrap()), ClientCertificateError::Revoked);
}

#[test]
fn a_ca_is_reopened_only_with_its_own_key() {
    let ca = DevelopmentCa::create(good()).unwrap();
    let other = DevelopmentCa::create(good()).unwrap();
    let alice = ca.issue_client("alice", good()).unwrap();
    let reopen = |certificate: &str, key: &str| DevelopmentCa::reopen(certificate, key).unwrap_err();
    assert!(matches!(reopen(ca.certificate_pem(), &other.key_pem()), DevelopmentError::KeyMismatch));
    assert!(matches!(reopen(ca.certificate_pem(), "no key"), DevelopmentError::BadKey));
    assert!(matches!(reopen(alice.certificate_pem(), alice.key_pem()), DevelopmentError::BadCertificate));
}

#[test]
fn a_server_is_known_by_local_and_given_names() {
    let folder = Folder::new();
    let names = ["strongroom.example".to_owned(), "192.0.2.7".to_owned(), "localhost".to_owned()];
    folder.keep("server", &folder.ca.issue_server(&names, good()).unwrap());
    let public = PublicTls::load(folder.identity("server")).unwrap();
    for name in ["localhost", "127.0.0.1", "::1", "strongroom.example", "192.0.2.7"] {
        assert!(accepts_name(&folder, &public, name), "{name}");
    }
    assert!(!accepts_name(&folder, &public, "other.example"));
}

#[test]
fn names_and_dates_that_no_certificate_should_have_are_refused() {
    let ca = DevelopmentCa::create(good()).unwrap();
    for name in ["", "a\0b", "a\nb", &"x".repeat(65)] {
        assert!(matches!(ca.issue_client(name, good()), Err(DevelopmentError::BadName)), "{name:?}");
    }
    let reversed = Validity { not_before: good().not_after, not_after: good().not_before };
    assert!(matches!(ca.issue_client("alice", reversed), Err(DevelopmentError::BadValidity)));
}

#[test]
fn serial_numbers_are_positive_and_different() {
    let ca = DevelopmentCa::create(good()).unwrap();
    let issued: Vec<_> = (0..20).map(|_| ca.issue_client("alice", good()).unwrap()).collect();
    let serials: std::collections::HashSet<_> = issued.iter().map(|issued| issued.serial().clone()).collect();
    assert_eq!(serials.len(), issued.len());
    for issued in &issued {
        assert_eq!(issued.serial().as_bytes().len(), 16);
        assert_eq!(SerialNumber::of_certificate_pem(issued.certificate_pem().as_bytes()).as_ref(), Ok(issued.serial()));
    }
}

fn accepts_name(folder: &Folder, public: &PublicTls, name: &str) -> bool {
    let name = name.to_owned().try_into().unwrap();
    let mut client = ClientConnection::new(Arc::new(folder.client(None)), name).unwrap();
    let mut server = ServerConnection::new(Arc::new(public.config().unwrap())).unwrap();
    carry(|out| client.write_tls(out), |input| server.read_tls(input));
    server.process_new_packets().unwrap();
    carry(|out| server.write_tls(out), |input| client.read_tls(input));
    client.process_new_packets().is_ok()
}
