//! Agreements and confirmations: over their exact text, with a signature or by the act alone, and what follows (GOV-1).

use serde_json::{Value, json};

use super::Desk;
use super::wire::Reply;

const TEXT: &str = "I shall keep it to myself.";
const NEED: (&str, &str) =
    ("Reasonable-Need", r#"purpose=operate, statement="to prepare the discussion", reference="meeting 1""#);

fn read(desk: &Desk, person: &str) -> Reply {
    desk.send(person, "GET", "/v1/documents/device-cp/versions/1.0/content", &[NEED], b"")
}

fn asked(desk: &Desk, person: &str) -> Value {
    desk.get(person, "/v1/agreements").done(200)["items"].clone()
}

fn sign(desk: &Desk, person: &str, digest: &Value) -> Reply {
    desk.post(person, "/v1/agreements", &json!({"text_digest": digest}))
}

#[test]
fn gov_1_amber_opens_at_the_instant_of_the_signature_and_an_amendment_asks_again() {
    let desk = Desk::open();
    desk.registered("device-cp");
    desk.lodged("device-cp", "1.0", b"for members", "AMBER");
    read(&desk, "unsigned").refused(403, "agreement_required");
    let asked_first = asked(&desk, "unsigned");
    assert_eq!((&asked_first[0]["text"], &asked_first[0]["signed"]), (&json!(TEXT), &json!(null)));
    let signed = sign(&desk, "unsigned", &asked_first[0]["text_digest"]);
    let shown = signed.done(200);
    assert_eq!(shown["items"][0]["signed"]["attested"], true);
    assert_eq!(shown["items"][0]["signed"]["entry"], signed.entry().unwrap());
    assert_eq!(read(&desk, "unsigned").status, 200);
    sign(&desk, "unsigned", &asked_first[0]["text_digest"]).refused(409, "conflict");

    let amended = json!({"body": "pma", "text": "I shall keep it to myself, and under lock."});
    desk.post("member", "/v1/agreements/texts", &amended).refused(403, "not_permitted");
    let adopted = desk.post("chair", "/v1/agreements/texts", &amended);
    assert_eq!(adopted.done(200)["text"], amended["text"]);
    desk.post("chair", "/v1/agreements/texts", &amended).refused(409, "conflict");
    read(&desk, "unsigned").refused(403, "agreement_required");
    sign(&desk, "unsigned", &asked_first[0]["text_digest"]).refused(422, "invalid");
    let asked_again = asked(&desk, "unsigned");
    assert_eq!(asked_again.as_array().unwrap().len(), 2, "the present text, and the one that was signed");
    assert_eq!((&asked_again[0]["signed"], &asked_again[1]["in_force"]), (&json!(null), &json!(false)));
    sign(&desk, "unsigned", &adopted.json()["text_digest"]).done(200);
    assert_eq!(read(&desk, "unsigned").status, 200);
}

#[test]
fn gov_1_the_command_line_s_signature_is_verified_kept_and_bound_to_its_text() {
    let desk = Desk::open();
    let client = desk.client("unsigned");
    let agreement = client.agreements().unwrap().value.items.remove(0);
    let now = jiff::Timestamp::now();
    let signature = client.sign_text(agreement.text.as_deref().unwrap().as_bytes(), now).unwrap();
    let others = desk.client("member").sign_text(TEXT.as_bytes(), now).unwrap();
    let over_another = client.sign_text(b"I shall tell everyone.", now).unwrap();
    let post = |der: &[u8]| {
        let base64 = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, der);
        desk.post("unsigned", "/v1/agreements", &json!({"text_digest": agreement.text_digest, "signature": base64}))
    };
    for (what, der) in [("another's key", &others), ("another text", &over_another), ("rubbish", &b"0\x80".to_vec())] {
        let refused = post(der);
        assert_eq!(refused.refused(422, "invalid")["rule"], "GOV-1", "{what}");
        assert!(refused.entry().is_some(), "{what} is on record");
    }
    post(&vec![0x30; 8193]).refused(400, "malformed");
    let not_base64 = json!({"text_digest": agreement.text_digest, "signature": ":MIIB:"});
    desk.post("unsigned", "/v1/agreements", &not_base64).refused(400, "malformed");
    let signed = post(&signature).done(200);
    let kept = signed["items"][0]["signed"]["signature"].as_str().unwrap();
    assert_eq!(base64::Engine::decode(&base64::engine::general_purpose::STANDARD, kept).unwrap(), signature);
    assert_eq!(signed["items"][0]["signed"]["attested"], false);
    assert_eq!(asked(&desk, "unsigned")[0]["signed"]["signature"], kept);
}

#[test]
fn gov_1_who_is_asked_for_nothing_undertakes_nothing() {
    let desk = Desk::open();
    let digest = asked(&desk, "member")[0]["text_digest"].clone();
    assert_eq!(asked(&desk, "supplier"), json!([]));
    sign(&desk, "supplier", &digest).refused(422, "invalid");
    let confirmation = desk.get("member", "/v1/confirmations").done(200)["items"][0].clone();
    assert_eq!((&confirmation["state"], &confirmation["seat"]), (&json!("confirmed"), &json!("member")));
    let text = json!({"text_digest": confirmation["text_digest"]});
    desk.post("member", "/v1/confirmations", &text).refused(409, "conflict");
    desk.post("supplier", "/v1/confirmations", &text).refused(422, "invalid");
    for body in [json!({}), json!({"text_digest": "abc"}), json!({"text_digest": digest, "as": "chair"})] {
        desk.post("member", "/v1/agreements", &body).refused(400, "malformed");
    }
    desk.post("chair", "/v1/agreements/texts", &json!({"body": "no-body", "text": "t"})).refused(404, "not_found");
}
