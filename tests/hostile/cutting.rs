//! READ-8 from outside: whoever may not read any more gets no more of a download that is under way.

use std::fs;

use serde_json::json;
use strongroom::edge::pki::{Revoked, SerialNumber, SpkiDigest};

use crate::support::certificates::{now, valid};
use crate::support::deeds::{NEED, bytes, content, version};
use crate::support::server::configure;
use crate::support::{Directory, Options, Server, eventually};

const READER: &str = "party-small-supplier";

/// More than a connection's buffers hold.
const SIZE: usize = 24 << 20;

/// Has the reader take the beginning of a download, then `act` against them; the download must end without its end.
fn cut_by(server: &Server, act: impl FnOnce(&Server)) {
    let reason = "strongroom_http_connections_cut_total{listener=\"mutual_tls\",reason=\"not_allowed\"}";
    let before = server.labelled_metric(reason);
    let mut reader = server.connect(READER);
    let request = reader.head("GET", &content("policy", "1.0"), &[("Reasonable-Need", NEED)]);
    reader.send(request.as_bytes()).unwrap();
    reader.answer_head().unwrap().must_be(200);
    act(server);
    eventually("the cut", || (server.labelled_metric(reason) == before + 1).then_some(()));
    assert!(reader.rest().len() < SIZE, "the whole content came all the same");
    eventually("the end of the request", || (server.metric("strongroom_http_requests_under_way") == 0).then_some(()));
}

fn holding(server: &Server) {
    server.hold("policy", "A policy", "GREEN", &bytes(SIZE, 13));
}

#[test]
fn a_suspension_a_revoked_binding_and_a_withdrawal_cut_a_download_that_is_under_way() {
    let acts: [fn(&Server); 3] = [
        |server| {
            let person = server.connect(READER).get("/v1/me").must_be(200).json()["person"]["handle"].clone();
            let suspension = json!({ "person": person, "scope": "read_all", "grounds": "An incident." });
            server.connect("chair").post("/v1/suspensions", &suspension).must_be(201);
        },
        |server| {
            let pem = server.directory.credential(READER).certificate;
            let id = SpkiDigest::of_certificate_pem(pem.as_bytes()).unwrap();
            let path = format!("/v1/register/credentials/{}/revocation", hex::encode(id.0));
            server.connect("chair").post(&path, &json!({ "reason": "The key is lost." })).must_be(200);
        },
        |server| {
            let path = format!("{}/withdraw", version("policy", "1.0"));
            server.connect("chair").post(&path, &json!({ "reason": "In error." })).must_be(200);
        },
    ];
    for act in acts {
        let server = Server::start(&Options::default());
        holding(&server);
        cut_by(&server, act);
    }
}

#[test]
fn a_new_revocation_list_cuts_a_download_that_is_under_way() {
    let directory = Directory::new();
    let ca = directory.ca();
    let taken_back = SerialNumber::of_certificate_pem(directory.credential(READER).certificate.as_bytes()).unwrap();
    let crl = directory.path().join("certs/ca.crl");
    let list = |number, revoked: &[Revoked]| fs::write(&crl, ca.revocation_list(number, valid(), revoked).unwrap());
    list(1, &[]).unwrap();
    configure(&directory, &Options { crl: Some(crl.clone()), ..Options::default() });
    let server = Server::serve(directory);
    holding(&server);
    cut_by(&server, |server| {
        list(2, &[Revoked { serial: taken_back, at: now() }]).unwrap();
        server.hang_up();
    });
}
