//! Certificates, CAs and revocation lists change under a server that nobody signals, while people are connected.

use std::fs;
use std::os::unix::fs::symlink;

use strongroom::edge::pki::{Revoked, SerialNumber, SpkiDigest};

use crate::support::certificates::{around, now, valid};
use crate::support::deeds::{NEED, bytes, content};
use crate::support::server::{configure, refuses_to_serve};
use crate::support::{Directory, Options, Server, eventually};

/// A server that looks at its files every second, with an empty list behind a symbolic link.
fn watching() -> Server {
    let directory = Directory::new();
    let certs = directory.path().join("certs");
    fs::write(certs.join("1.crl"), directory.ca().revocation_list(1, valid(), &[]).unwrap()).unwrap();
    symlink("1.crl", certs.join("ca.crl")).unwrap();
    configure(&directory, &Options { crl: Some(certs.join("ca.crl")), ..Options::default() });
    directory.edit_config(|text| text.replace("require_crl = true", "require_crl = true\nwatch_seconds = 1"));
    Server::serve(directory)
}

fn told(server: &Server, words: &str) {
    eventually(words, || server.told().contains(words).then_some(()));
}

#[test]
fn new_files_are_taken_and_nobody_is_cut_off() {
    let server = watching();
    let certs = server.directory.path().join("certs");
    let ca = server.directory.ca();
    let large = bytes(24 << 20, 12);
    server.hold("policy", "A policy", "GREEN", &large);
    let mut kept = server.connect("chair");
    kept.get("/v1/me").must_be(200);
    let mut download = server.connect("chair");
    let request = download.head("GET", &content("policy", "1.0"), &[("Reasonable-Need", NEED)]);
    download.send(request.as_bytes()).unwrap();
    download.answer_head().unwrap().must_be(200);
    let mut read = download.read(1 << 20);

    // The server's certificate by a rename, the list by another link.
    let issued = ca.issue_server(&[], valid()).unwrap();
    fs::write(certs.join("new.key"), issued.key_pem().as_bytes()).unwrap();
    fs::write(certs.join("new.pem"), issued.certificate_pem()).unwrap();
    fs::rename(certs.join("new.key"), certs.join("server.key")).unwrap();
    fs::rename(certs.join("new.pem"), certs.join("server.pem")).unwrap();
    let credential = server.directory.credential("party-small-supplier");
    let serial = SerialNumber::of_certificate_pem(credential.certificate.as_bytes()).unwrap();
    let list = ca.revocation_list(2, valid(), &[Revoked { serial, at: now() }]).unwrap();
    fs::write(certs.join("2.crl"), list).unwrap();
    symlink("2.crl", certs.join("new")).unwrap();
    fs::rename(certs.join("new"), certs.join("ca.crl")).unwrap();
    told(&server, "server certificate: now in use");
    told(&server, "client CAs and revocation lists: now in use");

    let refused = server.connect_with(Some(&credential)).and_then(|mut new| new.exchange("GET", "/v1/me", &[], None));
    assert!(refused.is_err(), "{refused:?}");
    kept.get("/v1/me").must_be(200);
    read.extend(download.read(large.len() - read.len()));
    assert!(read == large, "the download that was under way is whole");
    let shown = shown_certificate(&server);
    assert_eq!(shown, issued.credential());
}

/// The key of the certificate that the server shows to a new connection.
fn shown_certificate(server: &Server) -> SpkiDigest {
    let tls = server.directory.client_tls(Some(&server.directory.credential("chair")));
    let mut session = rustls::ClientConnection::new(tls.into(), "localhost".try_into().unwrap()).unwrap();
    let mut socket = std::net::TcpStream::connect(server.address()).unwrap();
    while session.is_handshaking() {
        session.complete_io(&mut socket).unwrap();
    }
    SpkiDigest::of_certificate_der(&session.peer_certificates().unwrap()[0]).unwrap()
}

#[test]
fn a_bad_new_file_is_named_once_and_the_old_one_is_kept() {
    let server = watching();
    let certs = server.directory.path().join("certs");
    let ca = server.directory.ca();
    let list = |number| ca.revocation_list(number, valid(), &[]).unwrap();
    let refused = "client CAs and revocation lists: kept as it was";
    let metric = r#"strongroom_files_refused{part="client_trust"} "#;
    let level = || {
        let metrics = server.operations().get("/metrics").text();
        metrics.lines().find_map(|line| line.strip_prefix(metric).map(str::to_owned))
    };
    eventually("the first look", || (level().as_deref() == Some("0")).then_some(()));

    // Half a list, as a copy that is under way leaves it.
    let next = list(2);
    fs::write(certs.join("1.crl"), &next[..next.len() / 2]).unwrap();
    told(&server, refused);
    assert_eq!(level().as_deref(), Some("1"));
    server.connect("chair").get("/v1/me").must_be(200);
    // Each of these is found by a look that finds the bad list too.
    for name in ["one.example", "two.example"] {
        let issued = ca.issue_server(&[name.to_owned()], valid()).unwrap();
        fs::write(certs.join("server.pem"), issued.certificate_pem()).unwrap();
        fs::write(certs.join("server.key"), issued.key_pem().as_bytes()).unwrap();
        eventually(name, || (shown_certificate(&server) == issued.credential()).then_some(()));
    }
    assert_eq!(server.told().matches(refused).count(), 1, "{}", server.told());
    // The rest of it comes.
    fs::write(certs.join("1.crl"), &next).unwrap();
    told(&server, "client CAs and revocation lists: now in use");
    eventually("the metric", || (level().as_deref() == Some("0")).then_some(()));
    // A list of yesterday is none of today's.
    fs::write(certs.join("1.crl"), ca.revocation_list(3, around(-2, -1), &[]).unwrap()).unwrap();
    told(&server, "out of date since");
    server.connect("chair").get("/v1/me").must_be(200);
}

#[test]
fn a_server_starts_with_no_list_that_is_stale_foreign_or_missing() {
    let directory = Directory::new();
    let crl = directory.path().join("certs/ca.crl");
    let ca = directory.ca();
    configure(&directory, &Options { crl: Some(crl.clone()), ..Options::default() });
    let foreign = strongroom::edge::pki::DevelopmentCa::create(valid()).unwrap();
    let lists = [
        ("out of date since", ca.revocation_list(1, around(-2, -1), &[]).unwrap()),
        ("of the future", ca.revocation_list(1, around(1, 2), &[]).unwrap()),
        ("no revocation list is by a CA in client_ca", foreign.revocation_list(1, valid(), &[]).unwrap()),
        ("holds no revocation list", String::new()),
    ];
    for (why, list) in &lists {
        fs::write(&crl, list).unwrap();
        let (code, said) = refuses_to_serve(&directory);
        assert!(code != Some(0) && said.contains(why), "{why}: {said}");
    }
    directory.edit_config(|text| text.replace(&format!("crls = [{crl:?}]"), "crls = []"));
    let (_, said) = refuses_to_serve(&directory);
    assert!(said.contains("crls names no revocation list"), "{said}");
    println!("certificates: {} unfit revocation lists and none at all: 0 starts", lists.len());
}
