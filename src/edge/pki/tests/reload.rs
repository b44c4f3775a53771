//! What loading refuses, and that a reload takes good files and keeps what it had in place of bad ones.

use rustls::pki_types::CertificateRevocationListDer;
use rustls::pki_types::pem::PemObject;
use rustls::server::danger::ClientCertVerifier;

use super::*;

#[test]
fn nothing_changed_is_said_and_keeps_the_generation() {
    let folder = Folder::new();
    let mutual = folder.mutual(folder.trust());
    for reload in mutual.reload() {
        assert!(matches!(reload.outcome, Outcome::Unchanged), "{reload}");
    }
    assert_eq!(mutual.verifier().generation(), 1);
}

#[test]
fn a_new_server_certificate_is_shown_to_the_next_connection() {
    let folder = Folder::new();
    let identity = folder.keep("alice", &folder.ca.issue_client("alice", good()).unwrap());
    let mutual = folder.mutual(folder.trust());
    let server = mutual.config().unwrap();
    let renewed = folder.ca.issue_server(&["strongroom.example".into()], good()).unwrap();
    folder.keep("server", &renewed);

    let changed = outcome(&mutual, Part::ServerCertificate);

    let Outcome::Changed(files) = changed else { panic!("{changed:?}") };
    assert_eq!(files, [folder.path("server.pem"), folder.path("server.key")]);
    let connected = connect(folder.client(Some(identity)), server).unwrap();
    let shown = &connected.client.peer_certificates().unwrap()[0];
    assert_eq!(SpkiDigest::of_certificate_der(shown), Ok(renewed.credential()));
}

#[test]
fn a_half_renewed_server_certificate_keeps_the_old_and_does_not_hold_up_a_revocation() {
    let folder = Folder::new();
    let alice = folder.ca.issue_client("alice", good()).unwrap();
    let bob = folder.keep("bob", &folder.ca.issue_client("bob", good()).unwrap());
    folder.write_list(1, good(), &[]);
    let mutual = folder.mutual(folder.trust_with_list());
    folder.write("server.pem", folder.ca.issue_server(&[], good()).unwrap().certificate_pem());
    folder.write_list(2, good(), &[&alice]);

    let refused = outcome(&mutual, Part::ServerCertificate);

    let Outcome::Refused(LoadError::KeyMismatch { certificate, key }) = refused else { panic!("{refused:?}") };
    assert_eq!((certificate, key), (folder.path("server.pem"), folder.path("server.key")));
    connect(folder.client(Some(bob)), mutual.config().unwrap()).unwrap();
    let alice = folder.client(Some(folder.keep("alice", &alice)));
    assert_eq!(refusal(alice, mutual.config().unwrap()), ClientCertificateError::Revoked);
}

#[test]
fn a_bad_revocation_list_keeps_the_old_and_is_named() {
    let folder = Folder::new();
    let alice = folder.ca.issue_client("alice", good()).unwrap();
    folder.write_list(5, good(), &[&alice]);
    let mutual = folder.mutual(folder.trust_with_list());
    let impostor = namesake(&folder.ca);

    let foreign = DevelopmentCa::create(good()).unwrap();
    let future = Validity { not_before: at("2025-01-01T00:06:00Z"), ..good() };
    let der = |list: &str| CertificateRevocationListDer::from_pem_slice(list.as_bytes()).unwrap().to_vec();
    // The list's number (2.5.29.20), its extension made another one.
    let mut unnumbered = der(&revocation_list(&folder.ca, 6, good(), &[]));
    let at_number = unnumbered.windows(5).position(|bytes| bytes == [6, 3, 0x55, 0x1d, 20]).unwrap();
    unnumbered[at_number + 4] = 99;

    let bad: [(&str, Vec<u8>); 11] = [
        ("holds no revocation list", Vec::new()),
        ("holds no revocation list", b"nothing of the sort".to_vec()),
        ("may be cut short", b"-----BEGIN X509 CRL-----\nMIIB".to_vec()),
        ("not supported", b"-----BEGIN X509 CRL-----\nMIIB\n-----END X509 CRL-----\n".to_vec()),
        ("not supported", vec![0x30, 0x82]),
        ("older than the one in use", revocation_list(&folder.ca, 4, good(), &[]).into()),
        ("out of date since 2021-01-01T00:00:00Z", revocation_list(&folder.ca, 6, over(), &[]).into()),
        ("of the future", revocation_list(&folder.ca, 6, future, &[]).into()),
        ("no CRL number", unnumbered),
        ("no revocation list is by a CA in client_ca", revocation_list(&foreign, 6, good(), &[]).into()),
        ("not signed by the CA", revocation_list(&impostor, 6, good(), &[]).into()),
    ];
    for (why, content) in bad {
        let path = folder.write("ca.crl", content);
        let refused = outcome(&mutual, Part::ClientTrust);
        let Outcome::Refused(error) = refused else { panic!("{why}: {refused:?}") };
        let message = error.to_string();
        let named = message.starts_with(&path.display().to_string()) || why.starts_with("no revocation list is by");
        assert!(message.contains(why) && named, "{message}");
    }
    fs::remove_file(folder.path("ca.crl")).unwrap();
    assert!(matches!(outcome(&mutual, Part::ClientTrust), Outcome::Refused(LoadError::Unreadable { .. })));

    assert_eq!(mutual.verifier().generation(), 1);
    let alice = folder.client(Some(folder.keep("alice", &alice)));
    assert_eq!(refusal(alice, mutual.config().unwrap()), ClientCertificateError::Revoked);
}

#[test]
fn a_reloaded_ca_is_hinted_to_clients_and_an_old_set_of_names_is_found_again() {
    let folder = Folder::new();
    let mutual = folder.mutual(folder.trust());
    let first = hints(&mutual);
    let other = DevelopmentCa::create(good()).unwrap();

    folder.write("ca.pem", format!("{}{}", folder.ca.certificate_pem(), other.certificate_pem()));
    assert!(matches!(outcome(&mutual, Part::ClientTrust), Outcome::Changed(_)));
    assert_eq!(hints(&mutual).len(), 2);
    let bob = folder.keep("bob", &other.issue_client("bob", good()).unwrap());
    folder.write("server-ca.pem", folder.ca.certificate_pem());
    let files = ClientFiles { authorities: folder.path("server-ca.pem"), identity: Some(bob) };
    connect(ClientTls::load(&files).unwrap().config().unwrap(), mutual.config().unwrap()).unwrap();

    // More often than there is room for different sets.
    for round in 0..100 {
        let ca = if round % 2 == 0 { &folder.ca } else { &other };
        folder.write("ca.pem", ca.certificate_pem());
        assert!(matches!(outcome(&mutual, Part::ClientTrust), Outcome::Changed(_)));
    }
    folder.write("ca.pem", folder.ca.certificate_pem());
    mutual.reload();
    assert_eq!(hints(&mutual), first);
}

#[test]
fn revocation_checking_without_a_list_is_refused_at_the_start() {
    let folder = Folder::new();
    let lists = |files| folder.trust_files(Revocation::Lists { files, unknown: UnknownStatus::Accept });
    assert!(matches!(ClientTrust::load(&lists(Vec::new()), start()), Err(LoadError::NoRevocationFiles)));
    let empty = vec![folder.write("empty.crl", "")];
    assert!(matches!(ClientTrust::load(&lists(empty), start()), Err(LoadError::NoRevocationList { .. })));
}

#[test]
fn two_lists_of_one_ca_are_refused() {
    let folder = Folder::new();
    let old = revocation_list(&folder.ca, 1, good(), &[]);
    let new = revocation_list(&folder.ca, 2, good(), &[]);
    folder.write("ca.crl", format!("{old}{new}"));
    let error = ClientTrust::load(&folder.trust_with_list(), start()).unwrap_err();
    assert!(matches!(error, LoadError::SecondRevocationList { .. }), "{error}");
}

#[test]
fn a_list_in_der_is_read_too() {
    let folder = Folder::new();
    let list = revocation_list(&folder.ca, 1, good(), &[]);
    folder.write("ca.crl", CertificateRevocationListDer::from_pem_slice(list.as_bytes()).unwrap());
    assert_eq!(ClientTrust::load(&folder.trust_with_list(), start()).unwrap().fresh_until(), Some(good().not_after));
}

#[test]
fn a_persons_certificate_is_not_taken_for_a_ca() {
    let folder = Folder::new();
    let alice = folder.ca.issue_client("alice", good()).unwrap();
    folder.write("ca.pem", format!("{}{}", folder.ca.certificate_pem(), alice.certificate_pem()));
    let error = ClientTrust::load(&folder.trust(), start()).unwrap_err();
    assert!(matches!(error, LoadError::NotAnAuthority { position: 2, .. }), "{error}");
}

#[test]
fn a_bad_key_is_named_and_never_quoted() {
    let folder = Folder::new();
    let key = fs::read_to_string(folder.path("server.key")).unwrap();
    let secret = key.lines().nth(1).unwrap();
    let one_line = key.replacen("-----\n", "", 1);
    let half = key.get(..key.len() / 2).unwrap();
    let cases = [
        ("holds no private key", folder.ca.certificate_pem().to_owned()),
        ("holds no private key", key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY")),
        ("several private keys", format!("{key}{key}")),
        ("BEGIN line is malformed", one_line),
        ("cut short", half.to_owned()),
        ("is not base64", key.replacen(secret, &format!("!{secret}"), 1)),
        ("cannot be used", key.replacen(secret, &"A".repeat(secret.len()), 1)),
        ("not of the private key", folder.ca.key_pem().to_string()),
    ];
    for (why, content) in cases {
        folder.write("server.key", &content);
        let error = MutualTls::load(folder.identity("server"), folder.trust(), clock()).unwrap_err();
        let message = format!("{error} {error:?}");
        assert!(message.contains(why), "{why}: {message}");
        assert!(message.contains("server.key") && !message.contains(&secret[8..24]), "{message}");
    }
}

#[test]
fn a_client_with_the_wrong_key_is_told_so() {
    let folder = Folder::new();
    let mut identity = folder.keep("alice", &folder.ca.issue_client("alice", good()).unwrap());
    identity.key = folder.keep("bob", &folder.ca.issue_client("bob", good()).unwrap()).key;
    let files = ClientFiles { authorities: folder.path("ca.pem"), identity: Some(identity) };
    let error = ClientTls::load(&files).unwrap_err();
    assert!(matches!(error, LoadError::KeyMismatch { .. }), "{error}");
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let folder = Folder::new();
    folder.write("ca.pem", vec![b'\n'; (1 << 20) + 1]);
    assert!(matches!(ClientTrust::load(&folder.trust(), start()), Err(LoadError::TooLarge { .. })));
}

fn outcome(tls: &impl Reloadable, part: Part) -> Outcome {
    tls.reload().into_iter().find(|reload| reload.part == part).unwrap().outcome
}

fn hints(mutual: &MutualTls) -> Vec<Vec<u8>> {
    mutual.verifier().root_hint_subjects().iter().map(|name| AsRef::<[u8]>::as_ref(name).to_vec()).collect()
}

/// A CA with the same name and another key.
fn namesake(ca: &DevelopmentCa) -> DevelopmentCa {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(rcgen::DnType::CommonName, certificates::common_name(ca));
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let certificate = params.self_signed(&key).unwrap();
    DevelopmentCa::reopen(&certificate.pem(), &key.serialize_pem()).unwrap()
}
