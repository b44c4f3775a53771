//! The client against a real TLS server: real certificates, real sockets, one connection a test.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::{fs, io};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use super::error::ClientError;
use super::*;
use crate::pure::wire::digest::Digest;
use crate::pure::wire::document::DocumentsQuery;
use crate::pure::wire::lodgement::LodgeQuery;
use crate::pure::wire::problem::{Code, Problem};
use crate::pure::wire::reasonable_need::ReasonableNeed;

type Stream = StreamOwned<ServerConnection, TcpStream>;
type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A server that takes one connection and hands it to `handle`. Clients must come from `client_authority`.
fn serve(
    server_authority: &Authority,
    client_authority: &Authority,
    handle: impl FnOnce(Stream) + Send + 'static,
) -> (String, JoinHandle<()>) {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, server_authority).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(client_authority.der().to_vec())).unwrap();
    let provider = Arc::new(ring::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build().unwrap();
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
        )
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let server = thread::spawn(move || {
        let (socket, _) = listener.accept().unwrap();
        handle(StreamOwned::new(ServerConnection::new(Arc::new(config)).unwrap(), socket));
    });
    (url, server)
}

/// A client under a certificate of `client_authority` that trusts `server_authority`.
fn client(dir: &Path, url: &str, server_authority: &Authority, client_authority: &Authority) -> Client {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(Vec::new()).unwrap().signed_by(&key, client_authority).unwrap();
    let write = |name: &str, pem: String| {
        let path: PathBuf = dir.join(name);
        fs::write(&path, pem).unwrap();
        path
    };
    let settings = Settings {
        server: url.to_owned(),
        ca: write("ca.pem", server_authority.pem()),
        certificate: write("chair.pem", certificate.pem()),
        key: write("chair.key", key.serialize_pem()),
    };
    Client::new(settings).unwrap()
}

/// Runs `ask` against a server that answers with `response`; returns what it made of it, and the request's header.
fn exchange<T>(response: Vec<u8>, ask: impl FnOnce(&Client) -> T) -> (T, String) {
    let dir = tempfile::tempdir().unwrap();
    let authority = authority();
    let (sender, receiver) = std::sync::mpsc::channel();
    let (url, server) = serve(&authority, &authority, move |mut stream| {
        sender.send(header_of(&mut stream)).unwrap();
        stream.write_all(&response).unwrap();
        stream.conn.send_close_notify();
        stream.flush().unwrap();
        // A client that has read everything may be gone already.
        let _ = stream.sock.shutdown(Shutdown::Write);
        let _ = io::copy(&mut stream.sock, &mut io::sink());
    });
    let client = client(dir.path(), &url, &authority, &authority);
    let asked = ask(&client);
    drop(client);
    server.join().unwrap();
    (asked, receiver.recv().unwrap())
}

fn header_of(stream: &mut Stream) -> String {
    let mut header = Vec::new();
    let mut byte = [0];
    while !header.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        header.push(byte[0]);
    }
    String::from_utf8(header).unwrap()
}

fn response(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut response =
        format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n", body.len())
            .into_bytes();
    response.extend_from_slice(body);
    response
}

fn refusal(code: Code) -> Vec<u8> {
    let problem = Problem::new(code, "because of the test").with_rule("LODGE-3").with_entry(9);
    let body = serde_json::to_vec(&problem).unwrap();
    response(&format!("{} No", code.status()), "Content-Type: application/problem+json\r\nRetry-After: 3\r\n", &body)
}

#[test]
fn a_call_sends_its_query_and_reads_the_entry() {
    let query = DocumentsQuery { q: Some("device & policy".into()), ..DocumentsQuery::default() };
    let body = br#"{"items":[],"next":null,"more":"to come"}"#;
    let (answer, header) =
        exchange(response("200 OK", "Audit-Entry: 1042\r\n", body), |client| client.documents(&query));
    let answer = answer.unwrap();
    assert_eq!(answer.entry, Some(1042));
    assert_eq!(answer.json["more"], "to come");
    assert!(header.starts_with("GET /v1/documents?q=device%20%26%20policy HTTP/1.1\r\n"), "{header}");
}

#[test]
fn an_empty_answer_is_an_answer() {
    let (answer, header) = exchange(b"HTTP/1.1 204 No Content\r\nAudit-Entry: 8\r\n\r\n".to_vec(), |client| {
        client.withdraw_need("need-7")
    });
    assert_eq!(answer.unwrap().entry, Some(8));
    assert!(header.starts_with("DELETE /v1/needs/need-7 HTTP/1.1\r\n"), "{header}");
}

#[test]
fn a_refusal_is_the_server_s_problem() {
    let (answer, _) = exchange(refusal(Code::Conflict), Client::me);
    match answer.unwrap_err() {
        ClientError::Refused { problem, retry_after } => {
            assert_eq!((problem.code, problem.entry, retry_after), (Code::Conflict, Some(9), Some(3)));
        }
        other => panic!("{other}"),
    }
}

#[test]
fn an_answer_from_something_else_is_said_to_be_one() {
    let (answer, _) = exchange(response("502 Bad Gateway", "", b"<html>upstream</html>"), Client::me);
    let text = answer.unwrap_err().to_string();
    assert!(text.contains("status 502") && text.contains("<html>upstream</html>"), "{text}");
}

#[test]
fn a_file_goes_up_with_its_length_and_digest() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("policy.txt");
    fs::write(&file, b"policy").unwrap();
    let query = LodgeQuery { effective: Some(jiff::civil::date(2019, 6, 3)), ..LodgeQuery::default() };
    let upload = Upload {
        document: "device-policy",
        label: "3 0/b",
        file: &file,
        content_type: "text/plain",
        query: &query,
        signing: None,
    };
    let mut told = (0, 0);
    let (answer, header) =
        exchange(refusal(Code::Invalid), |client| client.lodge(&upload, &mut |sent, size| told = (sent, size)));
    assert!(matches!(answer, Err(ClientError::Refused { .. })));
    assert_eq!(told, (6, 6));
    let header = header.to_lowercase();
    assert!(header.starts_with("put /v1/documents/device-policy/versions/3%200%2fb?effective=2019-06-03 http/1.1"));
    assert!(header.contains("content-length: 6\r\n") && !header.contains("transfer-encoding"), "{header}");
    let digest = Digest(crate::pure::tlog::hash::sha256(b"policy")).to_field().to_lowercase();
    assert!(header.contains(&format!("content-digest: {digest}\r\n")), "{header}");
}

#[test]
fn a_refusal_is_heard_although_the_file_was_not_taken() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("large.bin");
    fs::write(&file, vec![7; 32 << 20]).unwrap();
    let query = LodgeQuery::default();
    let upload = Upload {
        document: "d",
        label: "1",
        file: &file,
        content_type: "application/pdf",
        query: &query,
        signing: None,
    };
    let authority = authority();
    let (url, server) = serve(&authority, &authority, |mut stream| {
        header_of(&mut stream);
        stream.write_all(&refusal(Code::Conflict)).unwrap();
        stream.flush().unwrap();
        // A server lingers, so that the answer arrives before the reset that a close with unread bytes sends. Then it
        // closes with most of the file unread: the client is cut off in the middle of sending.
        io::copy(&mut (&mut stream).take(4 << 20), &mut io::sink()).unwrap();
    });
    let client = client(dir.path(), &url, &authority, &authority);
    let error = client.lodge(&upload, &mut |_, _| {}).unwrap_err();
    server.join().unwrap();
    assert!(matches!(&error, ClientError::Refused { problem, .. } if problem.code == Code::Conflict), "{error}");
}

#[test]
fn what_arrives_is_checked_and_told() {
    let digest = Digest(crate::pure::tlog::hash::sha256(b"policy")).to_field();
    let headers = format!("Repr-Digest: {digest}\r\nClassification: AMBER\r\nAudit-Entry: 12\r\n");
    let need = ReasonableNeed::Recorded("need-7".into());
    let request = ContentRequest { document: "d", label: "in-force", need: Some(&need), range: None };
    let mut sink = Vec::new();
    let (content, header) =
        exchange(response("200 OK", &headers, b"policy"), |client| client.read(&request, &mut sink, &mut |_, _| {}));
    let content = content.unwrap();
    assert_eq!(sink, b"policy");
    assert!(content.verified);
    assert_eq!((content.size, content.entry), (6, Some(12)));
    assert_eq!(content.classification.unwrap().to_string(), "AMBER");
    assert!(header.to_lowercase().contains("reasonable-need: id=\"need-7\"\r\n"), "{header}");
    let (content, _) = exchange(response("200 OK", &headers, b"p0licy"), |client| {
        client.read(&request, &mut io::sink(), &mut |_, _| {})
    });
    assert!(matches!(content, Err(ClientError::Damaged(_))));
}

#[test]
fn a_range_is_asked_for_as_http_says() {
    let request = ContentRequest { document: "d", label: "1", need: None, range: Some((2, Some(4))) };
    let (content, header) =
        exchange(response("206 Partial Content", "Content-Range: bytes 2-4/6\r\n", b"lic"), |client| {
            client.read(&request, &mut io::sink(), &mut |_, _| {})
        });
    let content = content.unwrap();
    assert_eq!((content.status, content.size, content.verified), (206, 3, false));
    assert!(header.to_lowercase().contains("range: bytes=2-4\r\n"), "{header}");
}

#[test]
fn a_download_that_breaks_off_is_no_download() {
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 600\r\n\r\nhalf".to_vec();
    let request = ContentRequest { document: "d", label: "1", need: None, range: None };
    let (content, _) = exchange(cut, |client| client.read(&request, &mut io::sink(), &mut |_, _| {}));
    assert!(matches!(content, Err(ClientError::Interrupted { .. })), "{content:?}");
}

#[test]
fn a_certificate_that_the_server_does_not_take_says_how_to_choose_one() {
    let dir = tempfile::tempdir().unwrap();
    let (ours, theirs) = (authority(), authority());
    let (url, server) = serve(&ours, &theirs, |mut stream| {
        assert!(stream.read(&mut [0]).is_err());
    });
    let error = client(dir.path(), &url, &ours, &ours).me().unwrap_err();
    server.join().unwrap();
    assert!(matches!(error, ClientError::CertificateRefused { .. }), "{error}");
    assert!(error.to_string().contains("--cert FILE"), "{error}");
}

#[test]
fn a_server_under_another_authority_is_not_trusted() {
    let dir = tempfile::tempdir().unwrap();
    let (ours, theirs) = (authority(), authority());
    let (url, server) = serve(&theirs, &ours, |mut stream| {
        assert!(stream.read(&mut [0]).is_err());
    });
    let error = client(dir.path(), &url, &ours, &ours).me().unwrap_err();
    server.join().unwrap();
    assert!(matches!(error, ClientError::UntrustedServer { .. }), "{error}");
    assert!(error.to_string().contains("--ca"), "{error}");
}

#[test]
fn where_nothing_listens_the_address_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let authority = authority();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("https://127.0.0.1:{port}");
    let error = client(dir.path(), &url, &authority, &authority).me().unwrap_err();
    assert!(matches!(error, ClientError::Unreachable { .. }), "{error}");
    assert!(error.to_string().contains(&url), "{error}");
}
