//! READ-8: what changes after the handshake takes effect on the open connection.

use jiff::SignedDuration;
use rustls::pki_types::CertificateDer;

use super::*;

#[test]
fn a_revocation_takes_effect_on_a_connection_that_is_open() {
    let folder = Folder::new();
    let alice = folder.ca.issue_client("alice", good()).unwrap();
    folder.write_list(1, good(), &[]);
    let mutual = folder.mutual(folder.trust_with_list());
    let client = folder.client(Some(folder.keep("alice", &alice)));
    let connected = connect(client, mutual.config().unwrap()).unwrap();
    let chain = peer_chain(&connected.server);
    let verdict = mutual.verifier().reverify(&chain, noon()).unwrap();
    assert!(mutual.verifier().still_holds(&verdict, noon()));

    folder.write_list(2, good(), &[&alice]);
    mutual.reload();

    assert!(!mutual.verifier().still_holds(&verdict, noon()));
    assert_eq!(mutual.verifier().reverify(&chain, noon()), Err(ClientCertificateError::Revoked));
}

#[test]
fn a_ca_that_is_no_longer_trusted_takes_effect_too() {
    let folder = Folder::new();
    let chain = chain(&folder, "alice", good());
    let mutual = folder.mutual(folder.trust());
    let verdict = mutual.verifier().reverify(&chain, noon()).unwrap();

    folder.write("ca.pem", DevelopmentCa::create(good()).unwrap().certificate_pem());
    mutual.reload();

    assert!(!mutual.verifier().still_holds(&verdict, noon()));
    assert_eq!(mutual.verifier().reverify(&chain, noon()), Err(ClientCertificateError::UnknownAuthority));
    assert_eq!(mutual.verifier().generation(), verdict.generation + 1);
}

#[test]
fn a_verdict_ends_with_the_certificate() {
    let folder = Folder::new();
    let ends = at("2030-06-01T13:00:00Z");
    let chain = chain(&folder, "alice", Validity { not_after: ends, ..good() });
    let mutual = folder.mutual(folder.trust());
    let verdict = mutual.verifier().reverify(&chain, noon()).unwrap();
    assert_eq!(verdict.not_after, ends);
    assert!(mutual.verifier().still_holds(&verdict, ends - SignedDuration::from_secs(1)));
    assert!(!mutual.verifier().still_holds(&verdict, ends));
    let after = ends + SignedDuration::from_secs(1);
    assert_eq!(mutual.verifier().reverify(&chain, after), Err(ClientCertificateError::Expired));
    let before = at("2019-12-31T23:59:59Z");
    assert_eq!(mutual.verifier().reverify(&chain, before), Err(ClientCertificateError::NotYetValid));
}

#[test]
fn a_verdict_ends_with_the_revocation_list() {
    let folder = Folder::new();
    let due = at("2030-06-01T12:30:00Z");
    let chain = chain(&folder, "alice", good());
    folder.write_list(1, Validity { not_after: due, ..good() }, &[]);
    let mutual = folder.mutual(folder.trust_with_list());
    let verdict = mutual.verifier().reverify(&chain, noon()).unwrap();
    assert_eq!(verdict.not_after, due);
    assert_eq!(mutual.verifier().reverify(&chain, due), Err(ClientCertificateError::RevocationListStale));
}

#[test]
fn a_list_of_another_ca_does_not_end_a_verdict() {
    let folder = Folder::new();
    let chain = chain(&folder, "alice", good());
    let other = DevelopmentCa::create(good()).unwrap();
    folder.write_list(1, good(), &[]);
    let soon = Validity { not_after: at("2030-01-01T00:00:00Z"), ..good() };
    folder.write("other.crl", revocation_list(&other, 1, soon, &[]));
    let files = vec![folder.path("ca.crl"), folder.path("other.crl")];
    let trust = folder.trust_files(Revocation::Lists { files, unknown: UnknownStatus::Refuse });
    let verdict = folder.mutual(trust).verifier().reverify(&chain, noon()).unwrap();
    assert_eq!(verdict.not_after, good().not_after);
}

#[test]
fn a_chain_has_a_length() {
    let folder = Folder::new();
    let verifier = ClientVerifier::new(ClientTrust::load(&folder.trust(), start()).unwrap());
    assert_eq!(verifier.reverify(&[], noon()), Err(ClientCertificateError::NoCertificate));
    let leaf = chain(&folder, "alice", good()).remove(0);
    let refused = verifier.reverify(&vec![leaf; 9], noon());
    assert_eq!(refused, Err(ClientCertificateError::ChainTooLong { limit: 8 }));
}

fn chain(folder: &Folder, handle: &str, validity: Validity) -> Vec<CertificateDer<'static>> {
    let identity = Some(folder.keep(handle, &folder.ca.issue_client(handle, validity).unwrap()));
    let files = ClientFiles { authorities: folder.path("ca.pem"), identity };
    ClientTls::load(&files).unwrap().chain().to_vec()
}
