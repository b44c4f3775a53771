//! Who gets through the handshake, and who does not.

use rustls::client::Resumption;
use rustls::{HandshakeKind, PeerIncompatible, ProtocolVersion};

use super::*;

#[test]
fn a_certificate_of_the_ca_is_accepted_over_tls_1_3_and_http_1_1() {
    let folder = Folder::new();
    let alice = folder.ca.issue_client("alice", good()).unwrap();
    let mutual = folder.mutual(folder.trust());

    let connected = connect(folder.client(Some(folder.keep("alice", &alice))), mutual.config().unwrap()).unwrap();

    assert_eq!(connected.server.protocol_version(), Some(ProtocolVersion::TLSv1_3));
    assert_eq!(connected.server.alpn_protocol(), Some(b"http/1.1".as_slice()));
    let chain = peer_chain(&connected.server);
    assert_eq!(SpkiDigest::of_certificate_der(&chain[0]), Ok(alice.credential()));
    assert_eq!(mutual.verifier().reverify(&chain, noon()).unwrap().credential, alice.credential());
}

#[test]
fn the_peer_is_the_first_certificate_even_if_the_ca_is_sent_along() {
    let folder = Folder::new();
    let alice = folder.ca.issue_client("alice", good()).unwrap();
    let files = folder.keep("alice", &alice);
    folder.write("alice.pem", format!("{}{}", alice.certificate_pem(), folder.ca.certificate_pem()));
    let mutual = folder.mutual(folder.trust());

    let connected = connect(folder.client(Some(files)), mutual.config().unwrap()).unwrap();

    let chain = peer_chain(&connected.server);
    assert_eq!(chain.len(), 2);
    assert_eq!(mutual.verifier().reverify(&chain, noon()).unwrap().credential, alice.credential());
}

#[test]
fn a_client_without_a_certificate_is_refused() {
    let folder = Folder::new();
    let mutual = folder.mutual(folder.trust());
    assert_eq!(refusal(folder.client(None), mutual.config().unwrap()), ClientCertificateError::NoCertificate);
}

#[test]
fn a_certificate_of_another_ca_is_refused() {
    let folder = Folder::new();
    let stranger = DevelopmentCa::create(good()).unwrap().issue_client("alice", good()).unwrap();
    let identity = folder.keep("stranger", &stranger);
    // Without CA names to choose by, the client sends what it has.
    let mut client = folder.client(None);
    client.client_auth_cert_resolver = AlwaysThis::of(&identity);
    let refused = refusal(client, folder.mutual(folder.trust()).config().unwrap());
    assert_eq!(refused, ClientCertificateError::UnknownAuthority);
}

#[test]
fn an_expired_certificate_is_refused() {
    let folder = Folder::new();
    let identity = folder.keep("alice", &folder.ca.issue_client("alice", over()).unwrap());
    let refused = refusal(folder.client(Some(identity)), folder.mutual(folder.trust()).config().unwrap());
    assert_eq!(refused, ClientCertificateError::Expired);
}

#[test]
fn a_revoked_certificate_is_refused_and_another_is_not() {
    let folder = Folder::new();
    let alice = folder.ca.issue_client("alice", good()).unwrap();
    let bob = folder.ca.issue_client("bob", good()).unwrap();
    folder.write_list(1, good(), &[&alice]);
    let mutual = folder.mutual(folder.trust_with_list());

    let refused = refusal(folder.client(Some(folder.keep("alice", &alice))), mutual.config().unwrap());

    assert_eq!(refused, ClientCertificateError::Revoked);
    connect(folder.client(Some(folder.keep("bob", &bob))), mutual.config().unwrap()).unwrap();
}

#[test]
fn a_stale_revocation_list_refuses_everybody() {
    let folder = Folder::new();
    let identity = folder.keep("alice", &folder.ca.issue_client("alice", good()).unwrap());
    folder.write_list(1, over(), &[]);
    // It was good when it was loaded.
    let wall = at("2020-06-01T00:00:00Z").into();
    let clock = Clock::steered(move || Reading { wall, elapsed: std::time::Duration::ZERO });
    let mutual = MutualTls::load(folder.identity("server"), folder.trust_with_list(), clock).unwrap();
    assert_eq!(mutual.verifier().revocation_fresh_until(), Some(over().not_after));
    let refused = refusal(folder.client(Some(identity)), mutual.config().unwrap());
    assert_eq!(refused, ClientCertificateError::RevocationListStale);
}

#[test]
fn a_certificate_that_no_list_covers_is_refused_or_accepted_as_configured() {
    let folder = Folder::new();
    let identity = folder.keep("alice", &folder.ca.issue_client("alice", good()).unwrap());
    let other = DevelopmentCa::create(good()).unwrap();
    folder.write("ca.pem", format!("{}{}", folder.ca.certificate_pem(), other.certificate_pem()));
    let files = vec![folder.write("other.crl", revocation_list(&other, 1, good(), &[]))];
    let lists = |unknown| folder.trust_files(Revocation::Lists { files: files.clone(), unknown });

    let strict = folder.mutual(lists(UnknownStatus::Refuse));
    let refused = refusal(folder.client(Some(identity.clone())), strict.config().unwrap());
    assert_eq!(refused, ClientCertificateError::RevocationUnknown);

    let lenient = folder.mutual(lists(UnknownStatus::Accept));
    connect(folder.client(Some(identity)), lenient.config().unwrap()).unwrap();
}

#[test]
fn a_servers_certificate_is_not_a_clients() {
    let folder = Folder::new();
    let mutual = folder.mutual(folder.trust());
    let refused = refusal(folder.client(Some(folder.identity("server"))), mutual.config().unwrap());
    assert_eq!(refused, ClientCertificateError::NotForClients);
}

#[test]
fn a_certificate_outside_the_profile_is_refused_in_the_handshake_with_its_reason() {
    let folder = Folder::new();
    let (certificate, key) = certificates::signed_by(&folder.ca, |params| params.extended_key_usages.clear());
    folder.write("odd.pem", certificate.pem());
    folder.write("odd.key", key.serialize_pem());
    let refused = refusal(folder.client(Some(folder.identity("odd"))), folder.mutual(folder.trust()).config().unwrap());
    assert_eq!(refused, ClientCertificateError::Profile(ProfileBreach::NoExtendedKeyUsage));
}

#[test]
fn tls_1_2_is_refused() {
    let folder = Folder::new();
    let client = ClientConfig::builder_with_provider(super::super::tls::provider())
        .with_protocol_versions(&[&rustls::version::TLS12])
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    let refused = connect(client, folder.mutual(folder.trust()).config().unwrap()).unwrap_err();
    assert_eq!(refused, PeerIncompatible::Tls12NotOfferedOrEnabled.into());
}

#[test]
fn nothing_is_resumed() {
    let folder = Folder::new();
    let mut client = folder.client(Some(folder.keep("alice", &folder.ca.issue_client("alice", good()).unwrap())));
    client.resumption = Resumption::in_memory_sessions(8);
    client.enable_early_data = true;
    let client = Arc::new(client);
    let server = folder.mutual(folder.trust()).config().unwrap();
    for _ in 0..2 {
        let mut connected = connect(Arc::clone(&client), server.clone()).unwrap();
        assert_eq!(connected.server.handshake_kind(), Some(HandshakeKind::Full));
        assert_eq!(connected.client.handshake_kind(), Some(HandshakeKind::Full));
        assert_eq!(connected.client.tls13_tickets_received(), 0);
        assert!(connected.client.early_data().is_none());
    }
}

#[test]
fn the_public_listener_asks_for_no_certificate() {
    let folder = Folder::new();
    let identity = folder.keep("alice", &folder.ca.issue_client("alice", good()).unwrap());
    let public = PublicTls::load(folder.identity("server")).unwrap();
    for client in [folder.client(None), folder.client(Some(identity))] {
        let connected = connect(client, public.config().unwrap()).unwrap();
        assert_eq!(connected.server.protocol_version(), Some(ProtocolVersion::TLSv1_3));
        assert!(peer_chain(&connected.server).is_empty());
    }
}

#[test]
fn a_client_refuses_a_server_of_another_ca() {
    let folder = Folder::new();
    let other = Folder::new();
    let identity = folder.keep("alice", &folder.ca.issue_client("alice", good()).unwrap());
    let error = connect(other.client(Some(identity)), folder.mutual(folder.trust()).config().unwrap()).unwrap_err();
    assert_eq!(error, rustls::CertificateError::UnknownIssuer.into());
}

/// Sends its certificate whatever CA names the server asks for.
#[derive(Debug)]
struct AlwaysThis(Arc<rustls::sign::CertifiedKey>);

impl AlwaysThis {
    fn of(files: &IdentityFiles) -> Arc<Self> {
        Arc::new(Self(super::super::identity::Identity::load(files).unwrap().certified))
    }
}

impl rustls::client::ResolvesClientCert for AlwaysThis {
    fn resolve(&self, _: &[&[u8]], _: &[rustls::SignatureScheme]) -> Option<Arc<rustls::sign::CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}
