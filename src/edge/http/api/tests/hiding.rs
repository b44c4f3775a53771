//! READ-6: what a person may not know of answers like what does not exist, on every path, to the byte.

use serde_json::json;

use super::Desk;
use super::wire::Reply;

/// The answer without what differs between any two: the date and the entry's index.
pub(super) fn essence(reply: &Reply) -> (u16, Vec<(String, String)>, String) {
    let entry = reply.entry().map_or_else(|| "none".to_owned(), |entry| entry.to_string());
    let differing = ["date", "audit-entry", "content-length"];
    let headers = reply.headers.iter().filter(|(name, _)| !differing.contains(&name.as_str())).cloned().collect();
    let body = String::from_utf8(reply.body.clone()).unwrap();
    (reply.status, headers, body.replace(&format!("\"entry\":{entry}"), "\"entry\":_"))
}

#[test]
fn a_hidden_thing_answers_like_an_absent_one() {
    let desk = Desk::open();
    for document in ["secret", "open"] {
        desk.registered(document);
    }
    desk.lodged("secret", "1.0", b"RED", "RED");
    desk.lodged("open", "1.0", b"WHITE", "WHITE");
    desk.lodged("open", "2.0", b"RED", "RED");
    let need = ("Reasonable-Need", r#"purpose=operate, statement="to run the meters by it", reference="meeting 1""#);
    let json_type = ("Content-Type", "application/json");
    let classified = json!({"classification": "WHITE", "reason": "why not"}).to_string();
    let reason = json!({"reason": "why not"}).to_string();
    let mut wire = desk.wire("supplier");
    // A document that is hidden and one that is absent; then a version of a document that the person may know of.
    for (document, label, absent_document, absent_label) in
        [("secret", "1.0", "absent", "1.0"), ("open", "2.0", "open", "9.0")]
    {
        let version = |suffix: &str| {
            let path = |document: &str, label: &str| format!("/v1/documents/{document}/versions/{label}{suffix}");
            (path(document, label), path(absent_document, absent_label))
        };
        let mut asked = vec![
            ("GET", version(""), vec![], ""),
            ("HEAD", version(""), vec![], ""),
            ("GET", version("/content"), vec![], ""),
            ("GET", version("/content"), vec![need], ""),
            ("GET", version("/content"), vec![need, ("Range", "bytes=0-0")], ""),
            ("GET", version("/content"), vec![need, ("If-None-Match", "*")], ""),
            ("GET", version("/content?need=need-1"), vec![], ""),
            ("HEAD", version("/content"), vec![need], ""),
            ("GET", version("/evidence"), vec![], ""),
            ("POST", version("/classification"), vec![json_type], classified.as_str()),
            ("POST", version("/publish"), vec![json_type], reason.as_str()),
            ("POST", version("/withdraw"), vec![json_type], reason.as_str()),
        ];
        if document != absent_document {
            let document = |suffix: &str| {
                let path = |document: &str| format!("/v1/documents/{document}{suffix}");
                (path(document), path(absent_document))
            };
            asked.extend([
                ("GET", document(""), vec![], ""),
                ("GET", document("?as_of=2020-01-01"), vec![], ""),
                ("GET", document("/versions/in-force"), vec![], ""),
                ("GET", document("/versions/latest/content"), vec![need], ""),
                ("PUT", document("/versions/3.0"), vec![], "bytes"),
                ("PUT", document("/versions/1.0"), vec![], "RED"),
            ]);
        }
        for (method, (hidden, absent), headers, body) in asked {
            let hidden_reply = wire.send(method, &hidden, &headers, body.as_bytes());
            let absent_reply = wire.send(method, &absent, &headers, body.as_bytes());
            assert_eq!(essence(&hidden_reply), essence(&absent_reply), "{method} {hidden}");
            assert_eq!(hidden_reply.status, 404, "{method} {hidden}");
            assert!(hidden_reply.entry().is_some(), "{method} {hidden} is an entry");
            assert!(hidden_reply.header("etag").is_none() && hidden_reply.header("location").is_none());
        }
    }
    for (path, hidden, absent) in [
        ("/v1/needs", json!({"document": "secret"}), json!({"document": "absent"})),
        ("/v1/needs", json!({"document": "open", "version": "2.0"}), json!({"document": "open", "version": "9.0"})),
        ("/v1/directions", json!({"document": "secret"}), json!({"document": "absent"})),
    ] {
        let whole = |mut body: serde_json::Value| {
            let rest = match path {
                "/v1/needs" => json!({"purpose": "operate", "statement": "to run the meters by it"}),
                _ => json!({"title": "Lodge", "requirement": "All of it", "due": "2090-01-01"}),
            };
            body.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
            body
        };
        let (hidden, absent) = (wire.post(path, &whole(hidden)), wire.post(path, &whole(absent)));
        assert_eq!(essence(&hidden), essence(&absent), "{path}");
        assert_eq!(hidden.status, 404);
    }
}

#[test]
fn the_record_of_a_hidden_thing_tells_its_subject_nothing() {
    let desk = Desk::open();
    desk.registered("secret");
    desk.lodged("secret", "1.0", b"RED", "RED");
    let content = |document: &str| format!("/v1/documents/{document}/versions/1.0/content");
    let mut wire = desk.wire("supplier");
    let entries = ["secret", "absent"].map(|document| wire.get(&content(document)).entry().unwrap());
    let records = entries.map(|entry| {
        let page = wire.get(&format!("/v1/audit/entries?after={}&limit=1", entry - 1)).done(200);
        let mut record = page["items"][0]["record"].clone();
        assert_eq!(page["items"][0]["index"], entry);
        for differing in ["index", "time", "request"] {
            record.as_object_mut().unwrap().remove(differing);
        }
        record.to_string().replace("secret", "absent")
    });
    assert_eq!(records[0], records[1]);
}

#[test]
fn lists_do_not_tell_of_what_is_hidden() {
    let desk = Desk::open();
    for document in ["first", "second", "third"] {
        desk.registered(document);
    }
    desk.lodged("first", "1.0", b"WHITE", "WHITE");
    desk.lodged("second", "1.0", b"RED", "RED");
    let page = desk.get("supplier", "/v1/documents?limit=1").done(200);
    assert_eq!(page["items"][0]["document"], "first");
    assert!(page["next"].is_null(), "what follows is hidden: {page}");
    assert_eq!(desk.get("member", "/v1/documents?limit=500").done(200)["items"].as_array().unwrap().len(), 3);
    desk.get("supplier", "/v1/directions/direction-3").refused(404, "not_found");
    desk.get("supplier", "/v1/needs/need-3").refused(404, "not_found");
}

#[test]
fn ids_of_others_answer_like_ids_of_nothing() {
    let desk = Desk::open();
    desk.registered("secret");
    desk.lodged("secret", "1.0", b"RED", "RED");
    let new = json!({"document": "secret", "title": "Lodge", "requirement": "All of it", "due": "2090-01-01"});
    let direction = desk.post("chair", "/v1/directions", &new).done(201)["id"].as_str().unwrap().to_owned();
    let new = json!({"document": "secret", "purpose": "operate", "statement": "to run the meters by it"});
    let need = desk.post("chair", "/v1/needs", &new).done(201);
    let (need, entry) = (need["id"].as_str().unwrap(), need["entry"].as_u64().unwrap());
    let settled = json!({"outcome": "accepted", "reason": "why not"}).to_string();
    let json_type = ("Content-Type", "application/json");
    for (method, hidden, absent, body) in [
        ("GET", format!("/v1/directions/{direction}"), "/v1/directions/direction-9999", ""),
        (
            "POST",
            format!("/v1/directions/{direction}/acceptance"),
            "/v1/directions/direction-9999/acceptance",
            &settled,
        ),
        ("GET", format!("/v1/needs/{need}"), "/v1/needs/need-9999", ""),
        ("DELETE", format!("/v1/needs/{need}"), "/v1/needs/need-9999", ""),
        ("GET", format!("/v1/audit/entries/{entry}/evidence"), "/v1/audit/entries/9999/evidence", ""),
    ] {
        let hidden_reply = desk.send("supplier", method, &hidden, &[json_type], body.as_bytes());
        let absent_reply = desk.send("supplier", method, absent, &[json_type], body.as_bytes());
        assert_eq!(essence(&hidden_reply), essence(&absent_reply), "{method} {hidden}");
        assert_eq!(hidden_reply.status, 404, "{method} {hidden}");
    }
}
