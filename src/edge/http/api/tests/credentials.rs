//! Credentials: bound by one, confirmed by another, and refused from the instant on at which they are withdrawn (SELF-1,
//! READ-8).

use serde_json::{Value, json};

use super::Desk;
use super::wire::Reply;
use crate::edge::http::api::openapi;
use crate::edge::pki::{DevelopmentCa, SpkiDigest, Validity};

const CREDENTIALS: &str = "/v1/register/credentials";

/// The id of the credential of a certificate.
fn id_of(pem: &str) -> String {
    SpkiDigest::of_certificate_pem(pem.as_bytes()).unwrap().to_string()
}

fn bind(desk: &Desk, person: &str, pem: &str) -> Reply {
    desk.post("clerk", CREDENTIALS, &json!({"person": person, "certificate": pem}))
}

/// A credential of that name in effect, beside the person's first.
fn second(desk: &Desk, person: &str, name: &str) -> String {
    let pem = desk.issued(name);
    let id = bind(desk, person, &pem).done(201)["id"].as_str().unwrap().to_owned();
    desk.post(person, &format!("{CREDENTIALS}/{id}/confirmation"), &json!({})).done(200);
    id
}

fn revoke(desk: &Desk, by: &str, id: &str) -> Reply {
    desk.post(by, &format!("{CREDENTIALS}/{id}/revocation"), &json!({"reason": "the card was lost"}))
}

#[test]
fn self_1_a_certificate_is_bound_by_one_confirmed_by_another_and_then_opens() {
    let desk = Desk::open();
    let pem = desk.issued("new-card");
    let bound = bind(&desk, "supplier", &pem);
    let shown = bound.done(201);
    let location = format!("{CREDENTIALS}/{}", id_of(&pem));
    assert_eq!(bound.header("location"), Some(location.as_str()));
    assert!(bound.entry().is_some());
    assert_eq!((&shown["state"], &shown["bound_by"]["handle"]), (&json!("proposed"), &json!("clerk")));
    desk.get("new-card", "/v1/me").refused(403, "credential_unknown");
    let me = desk.get("supplier", "/v1/me").done(200);
    assert_eq!(me["credentials"][1], shown);
    assert!(me["missing"].to_string().contains(&id_of(&pem)), "{me}");

    desk.post("clerk", &format!("{location}/confirmation"), &json!({})).refused(403, "not_permitted");
    desk.post("operator", &format!("{location}/confirmation"), &json!({})).refused(404, "not_found");
    let confirmed = desk.post("supplier", &format!("{location}/confirmation"), &json!({}));
    assert_eq!((&confirmed.done(200)["state"], confirmed.entry().is_some()), (&json!("confirmed"), true));
    assert_eq!(desk.get("new-card", "/v1/me").done(200)["person"]["handle"], "supplier");
    assert_eq!(desk.get("new-card", &location).done(200), confirmed.json());
    desk.post("supplier", &format!("{location}/confirmation"), &json!({})).refused(409, "conflict");
    desk.post("chair", &format!("{location}/confirmation"), &json!({})).refused(409, "conflict");
    bind(&desk, "member", &pem).refused(422, "invalid");
}

#[test]
fn self_1_the_list_is_one_s_own_but_for_those_who_keep_the_register() {
    let desk = Desk::open();
    let id = second(&desk, "supplier", "new-card");
    let ids = |person: &str, query: &str| -> Vec<String> {
        let items = desk.get(person, &format!("{CREDENTIALS}{query}")).done(200)["items"].clone();
        items.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    let own = ids("supplier", "");
    assert_eq!((own.len(), &own[1]), (2, &id));
    assert_eq!(ids("clerk", "?person=supplier"), own);
    assert_eq!(ids("chair", "?person=supplier"), own);
    assert_eq!(ids("operator", "?person=supplier"), Vec::<String>::new());
    assert_eq!(ids("operator", "?person=nobody"), Vec::<String>::new());
    let all = ids("clerk", "");
    assert!(own.iter().all(|one| all.contains(one)) && all.len() > 8, "{all:?}");
    let mut joined = Vec::new();
    let mut next = String::new();
    loop {
        let page = desk.get("clerk", &format!("{CREDENTIALS}?limit=3{next}")).done(200);
        joined.extend(page["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next"].as_str() else { break };
        next = format!("&after={cursor}");
    }
    assert_eq!(joined, all);
    desk.get("operator", &format!("{CREDENTIALS}/{id}")).refused(404, "not_found");
    // The record of what is hidden holds the name that was given, and neither the words nor why.
    let entry = revoke(&desk, "operator", &id).entry().unwrap();
    let trail = desk.get("operator", &format!("/v1/audit/entries?after={}&limit=1", entry - 1)).done(200);
    let command = &trail["items"][0]["record"]["command"];
    assert_eq!(command, &json!({"kind": "revoke_credential", "credential": id}));
    desk.get("operator", &format!("{CREDENTIALS}/{}", "0".repeat(64))).refused(404, "not_found");
    desk.get("operator", &format!("{CREDENTIALS}/{}", id.to_uppercase())).refused(400, "malformed");
}

#[test]
fn self_1_what_is_no_certificate_of_a_person_is_not_bound() {
    let desk = Desk::open();
    let validity = Validity {
        not_before: "2020-01-01T00:00:00Z".parse().unwrap(),
        not_after: "2100-01-01T00:00:00Z".parse().unwrap(),
    };
    let other_ca = DevelopmentCa::create(validity).unwrap();
    let foreign = other_ca.issue_client("supplier", validity).unwrap();
    let pem = desk.issued("new-card");
    let broken = pem.replace("MII", "MIJ");
    for (what, certificate) in [
        ("nothing", String::new()),
        ("rubbish", "rubbish".into()),
        ("a broken one", broken),
        ("another CA's", foreign.certificate_pem().to_owned()),
        ("a CA's own", other_ca.certificate_pem().to_owned()),
        ("with its key", format!("{pem}{}", foreign.key_pem().as_str())),
    ] {
        let refused = bind(&desk, "supplier", &certificate);
        let problem = refused.refused(422, "invalid");
        assert!(problem["satisfy"].is_string(), "{what}: {problem}");
        assert!(!problem.to_string().contains("BEGIN"), "{what}: {problem}");
    }
    desk.post("clerk", CREDENTIALS, &json!({"person": "supplier"})).refused(400, "malformed");
    desk.post("clerk", CREDENTIALS, &json!({"person": "No One", "certificate": pem})).refused(400, "malformed");
    desk.post("clerk", CREDENTIALS, &json!({"person": "nobody", "certificate": pem})).refused(404, "not_found");
    let lone = json!({"person": "supplier", "certificate": pem, "overlap_until": "2090-01-01T00:00:00Z"});
    desk.post("clerk", CREDENTIALS, &lone).refused(422, "invalid");
    let chairs = desk.get("chair", "/v1/me").done(200)["credential"]["spki_digest"].clone();
    let anothers = json!({"person": "supplier", "certificate": pem, "replaces": chairs});
    desk.post("clerk", CREDENTIALS, &anothers).refused(422, "invalid");
    for person in ["supplier", "chair"] {
        let mine = json!({"person": person, "certificate": pem});
        assert_eq!(desk.post(person, CREDENTIALS, &mine).refused(403, "not_permitted")["rule"], "SELF-1");
    }
}

#[test]
fn read_8_a_revoked_credential_is_refused_on_every_route_and_each_time_on_record() {
    let desk = Desk::open();
    desk.registered("device-cp");
    desk.lodged("device-cp", "1.0", b"WHITE", "WHITE");
    let id = second(&desk, "supplier", "new-card");
    let mut open = desk.wire("new-card");
    assert_eq!(open.get("/v1/documents").status, 200);
    let revoked = revoke(&desk, "clerk", &id);
    assert_eq!(revoked.done(200)["state"], "revoked");
    let problem = open.get("/v1/documents").refused(403, "credential_revoked");
    assert_eq!(problem["rule"], "READ-1");

    let document: Value = serde_json::from_str(&openapi::DOCUMENT).unwrap();
    let mut last = revoked.entry().unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        let own = if path.contains("/credentials/") { id.as_str() } else { "need-1" };
        let path = path.replace("{doc}", "device-cp").replace("{label}", "1.0").replace("{id}", own);
        let path = path.replace("{index}", "1");
        for method in item.as_object().unwrap().keys().map(|method| method.to_uppercase()) {
            // A body that is not understood, or none where one belongs, is no way around.
            let (headers, body): (&[_], &[u8]) = match method.as_str() {
                "GET" | "HEAD" => (&[], b""),
                _ => (&[("Content-Type", "application/json")], b"[]"),
            };
            let reply = desk.send("new-card", &method, &path, headers, body);
            let entry = reply.entry().unwrap_or_else(|| panic!("{method} {path} is on record: {reply:?}"));
            assert_eq!(reply.status, 403, "{method} {path}");
            if method != "HEAD" {
                reply.refused(403, "credential_revoked");
            }
            assert!(entry > last, "{method} {path}");
            last = entry;
        }
    }
    desk.get("new-card", "/v1/nowhere").refused(403, "credential_revoked");
    assert_eq!(desk.get("supplier", "/v1/me").done(200)["credentials"][1]["state"], "revoked");
    // The holder's own trail has them.
    let trail = desk.get("supplier", &format!("/v1/audit/entries?after={}&limit=500", last - 1)).done(200);
    assert_eq!(trail["items"][0]["index"], last, "{trail}");
}

#[test]
fn read_8_the_credential_in_use_can_be_revoked_and_that_is_the_last_that_it_does() {
    let desk = Desk::open();
    let id = second(&desk, "supplier", "new-card");
    let mut open = desk.wire("new-card");
    let path = format!("{CREDENTIALS}/{id}/revocation");
    assert_eq!(open.post(&path, &json!({"reason": "lost"})).done(200)["state"], "revoked");
    open.get("/v1/me").refused(403, "credential_revoked");
    revoke(&desk, "supplier", &id).refused(409, "conflict");
    revoke(&desk, "operator", &id).refused(404, "not_found");
}

#[test]
fn read_8_a_replaced_credential_ends_with_its_overlap_on_connections_that_are_open() {
    let desk = Desk::open();
    let old = desk.get("supplier", "/v1/me").done(200)["credential"]["spki_digest"].as_str().unwrap().to_owned();
    let pem = desk.issued("new-card");
    let until = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(2);
    let new = json!({"person": "supplier", "certificate": pem, "replaces": old, "overlap_until": until});
    let bound = desk.post("clerk", CREDENTIALS, &new).done(201);
    let mut open = desk.wire("supplier");
    let confirmed = open.post(&format!("{CREDENTIALS}/{}/confirmation", bound["id"].as_str().unwrap()), &json!({}));
    assert_eq!(confirmed.done(200)["replaces"], old.as_str());
    let refused = loop {
        let reply = open.get("/v1/needs");
        if reply.status != 200 {
            break reply;
        }
        assert!(jiff::Timestamp::now() < until + jiff::SignedDuration::from_secs(5), "the overlap never ends");
    };
    refused.refused(403, "credential_revoked");
    assert!(jiff::Timestamp::now() >= until && refused.entry().is_some());
    let states = desk.get("new-card", "/v1/me").done(200)["credentials"].clone();
    assert_eq!((&states[0]["state"], &states[1]["state"]), (&json!("replaced"), &json!("confirmed")));
}
