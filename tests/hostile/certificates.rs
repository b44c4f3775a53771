//! Who has no certificate that is taken gets no further than the handshake; who has one that is nobody's, no answer
//! but that.

use std::fs;

use strongroom::edge::pki::{DevelopmentCa, Revoked, SerialNumber};

use crate::support::certificates::{around, now, valid};
use crate::support::server::configure;
use crate::support::wire::assert_problem;
use crate::support::{Credential, Directory, Options, Server};

/// What the server's alert says to a client under this certificate.
#[track_caller]
fn refused_in_the_handshake(server: &Server, credential: Option<&Credential>) -> String {
    // In TLS 1.3 a client has finished its handshake before the server has seen its certificate.
    let asked = server.connect_with(credential).and_then(|mut open| open.exchange("GET", "/v1/me", &[], None));
    asked.map(|answer| answer.status).unwrap_err().to_string()
}

#[test]
fn without_a_certificate_that_is_taken_there_is_no_connection() {
    let server = Server::start(&Options::default());
    let alert = refused_in_the_handshake(&server, None);
    assert!(alert.contains("CertificateRequired"), "{alert}");

    let other = DevelopmentCa::create(valid()).unwrap().issue_client("chair", valid()).unwrap();
    let alert = refused_in_the_handshake(&server, Some(&Credential::of(&other)));
    assert!(alert.contains("UnknownCA") || alert.contains("DecryptError"), "{alert}");

    let ca = server.directory.ca();
    for (validity, expected) in [(around(-2, -1), "CertificateExpired"), (around(1, 2), "CertificateExpired")] {
        let issued = ca.issue_client("chair", validity).unwrap();
        let alert = refused_in_the_handshake(&server, Some(&Credential::of(&issued)));
        assert!(alert.contains(expected) || alert.contains("BadCertificate"), "{alert}");
    }

    let for_a_server = ca.issue_server(&[], valid()).unwrap();
    refused_in_the_handshake(&server, Some(&Credential::of(&for_a_server)));

    server.connect("chair").get("/v1/me").must_be(200);
}

#[test]
fn a_revoked_certificate_is_refused_also_on_a_connection_that_is_open() {
    let directory = Directory::new();
    let ca = directory.ca();
    let credential = directory.credential("party-small-supplier");
    let taken_back = SerialNumber::of_certificate_pem(credential.certificate.as_bytes()).unwrap();
    let crl = directory.path().join("certs/ca.crl");
    let list = |number, revoked: &[Revoked]| fs::write(&crl, ca.revocation_list(number, valid(), revoked).unwrap());
    list(1, &[]).unwrap();
    configure(&directory, &Options { crl: Some(crl.clone()), ..Options::default() });
    let server = Server::serve(directory);

    let mut open = server.connect_with(Some(&credential)).unwrap();
    open.get("/v1/me").must_be(200);
    list(2, &[Revoked { serial: taken_back, at: now() }]).unwrap();
    server.hang_up();
    crate::support::eventually("the new list", || server.told().contains("reload").then_some(()));

    let alert = crate::support::eventually("the refusal", || {
        let asked = server.connect_with(Some(&credential)).and_then(|mut new| new.exchange("GET", "/v1/me", &[], None));
        asked.err().map(|error| error.to_string())
    });
    assert!(alert.contains("CertificateRevoked"), "{alert}");
    match open.exchange("GET", "/v1/me", &[], None) {
        Ok(answer) => assert_problem(&answer, 403, "credential_revoked"),
        Err(error) => panic!("an open connection hears why: {error}"),
    }
    server.connect("chair").get("/v1/me").must_be(200);
}

#[test]
fn a_certificate_that_is_bound_to_nobody_opens_nothing() {
    let server = Server::start(&Options::default());
    server.hold("open-policy", "An open policy", "WHITE", b"open to everyone");
    for path in
        ["/v1/me", "/v1/documents", "/v1/documents/open-policy", "/v1/documents/open-policy/versions/1.0/content"]
    {
        // A connection ends with the refusal, so that it holds no place.
        let mut outsider = server.connect("outsider");
        let answer = outsider.get(path);
        assert_problem(&answer, 403, "credential_unknown");
        assert_eq!(answer.json()["rule"], "READ-1");
        assert_eq!(answer.entry(), None, "what nobody asks makes no entry");
    }
    let mut outsider = server.connect("outsider");
    assert_problem(&outsider.lodge("open-policy", "2.0", b"by nobody"), 403, "credential_unknown");
    server.assert_nothing_lodged("open-policy", "2.0");
    // The log is for anyone, and says nothing of content.
    server.connect("outsider").get("/log/checkpoint").must_be(200);
}
