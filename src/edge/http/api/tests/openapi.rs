//! The OpenAPI document and the routes are of each other.

use std::collections::BTreeSet;

use actix_web::http::{Method, StatusCode, header};
use actix_web::{App, test};
use serde_json::{Value, json};

use super::Desk;
use crate::edge::http::api::{configure, openapi};
use crate::pure::wire::problem::Code;

fn document() -> Value {
    serde_json::from_str(&openapi::DOCUMENT).unwrap()
}

/// The methods of a path; a HEAD goes with every GET.
fn methods(path: &Value) -> BTreeSet<String> {
    let mut methods: BTreeSet<_> = path.as_object().unwrap().keys().map(|method| method.to_uppercase()).collect();
    if methods.contains("GET") {
        methods.insert("HEAD".into());
    }
    methods
}

#[actix_web::test]
async fn each_method_of_the_document_is_served_and_no_other() {
    let app = test::init_service(App::new().configure(configure)).await;
    for (path, item) in document()["paths"].as_object().unwrap() {
        let url = url_of(path);
        let documented = methods(item);
        for method in [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            let request = test::TestRequest::with_uri(&url).method(method.clone()).to_request();
            let response = test::call_service(&app, request).await;
            let served = !matches!(response.status(), StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED);
            assert_eq!(served, documented.contains(method.as_str()), "{method} {path}: {}", response.status());
            if !served {
                let allow = response.headers().get(header::ALLOW).unwrap().to_str().unwrap();
                assert_eq!(allow.split(", ").map(str::to_owned).collect::<BTreeSet<_>>(), documented, "{path}");
            }
        }
    }
}

/// The path with a name in each place that takes one.
fn url_of(path: &str) -> String {
    let segments = path.split('/').map(|segment| match segment {
        "{label}" => "1.0",
        "{id}" => "need-1",
        "{index}" => "1",
        named if named.starts_with('{') => "policy",
        segment => segment,
    });
    segments.collect::<Vec<_>>().join("/")
}

#[::core::prelude::v1::test]
fn each_url_of_the_room_is_in_the_document() {
    let sources = [
        include_str!("../mod.rs"),
        include_str!("../register/mod.rs"),
        include_str!("../register/credentials.rs"),
        include_str!("../undertakings.rs"),
        include_str!("../grants.rs"),
        include_str!("../decisions.rs"),
        include_str!("../measures/mod.rs"),
        include_str!("../explaining.rs"),
    ];
    let routed: BTreeSet<_> = sources
        .into_iter()
        .flat_map(|source| source.split("resource(\"").skip(1))
        .filter_map(|rest| rest.split('"').next())
        .map(|path| format!("/v1{path}"))
        .collect();
    let documented: BTreeSet<_> = document()["paths"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(routed, documented);
}

#[::core::prelude::v1::test]
fn each_part_of_the_document_is_json_and_names_what_the_others_do_not() {
    let mut seen = BTreeSet::new();
    for part in openapi::PARTS {
        let part: Value = serde_json::from_str(part).unwrap();
        for pointer in ["/paths", "/components/schemas"] {
            for name in part.pointer(pointer).unwrap().as_object().unwrap().keys() {
                assert!(seen.insert((pointer, name.clone())), "{name} stands in two parts");
            }
        }
    }
}

#[::core::prelude::v1::test]
fn each_reference_of_the_document_leads_somewhere() {
    fn check(document: &Value, value: &Value) {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(reference)) = members.get("$ref") {
                    assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
                }
                members.values().for_each(|member| check(document, member));
            }
            Value::Array(items) => items.iter().for_each(|item| check(document, item)),
            _ => {}
        }
    }
    check(&document(), &document());
}

#[::core::prelude::v1::test]
fn the_document_knows_every_code_of_a_problem() {
    let codes = &document()["components"]["schemas"]["Problem"]["properties"]["code"]["enum"];
    let known: Vec<_> = codes.as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect();
    assert_eq!(known, Code::ALL.iter().map(|code| code.as_str()).collect::<Vec<_>>());
}

#[::core::prelude::v1::test]
fn answers_have_the_members_that_the_document_says() {
    let desk = Desk::open();
    desk.registered("device-cp");
    desk.lodged("device-cp", "1.0", b"WHITE", "WHITE");
    let direction = json!({"document": "device-cp", "title": "t", "requirement": "r", "due": "2090-01-01"});
    let need = json!({"document": "device-cp", "purpose": "operate", "statement": "to run the meters by it"});
    let decision = json!({"body": "pma", "kind": "other", "subject": {"matter": "m"}, "question": "q"});
    let document = document();
    for (schema, answer) in [
        ("Me", desk.get("chair", "/v1/me")),
        ("DocumentDetail", desk.get("chair", "/v1/documents/device-cp")),
        ("Version", desk.get("chair", "/v1/documents/device-cp/versions/1.0")),
        ("Need", desk.post("chair", "/v1/needs", &need)),
        ("Direction", desk.post("chair", "/v1/directions", &direction)),
        ("Decision", desk.post("chair", "/v1/decisions", &decision)),
        ("Lodgement", desk.put("clerk", "/v1/documents/device-cp/versions/1.0", &[], b"WHITE")),
    ] {
        let described = &document["components"]["schemas"][schema]["properties"];
        assert_eq!(names(&answer.json()), names(described), "{schema}");
    }
    for (schema, list) in [("Document", "/v1/documents"), ("AuditEntry", "/v1/audit/entries")] {
        let page = desk.get("chair", list).done(200);
        assert_eq!(
            names(&page["items"][0]),
            names(&document["components"]["schemas"][schema]["properties"]),
            "{schema}"
        );
    }
}

fn names(object: &Value) -> BTreeSet<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}
