//! `GET /openapi.json`: what this room offers, for programs (OpenAPI 3.1). It is the same for everyone.

use std::sync::LazyLock;

use actix_web::{HttpResponse, web};
use serde_json::Value;

use super::super::peer::Peer;
use super::super::problem::ApiProblem;
use super::super::state::State;

/// The document, as it is served: the parts of the rooms in one.
pub(super) static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
    let mut document = Value::Null;
    for part in PARTS {
        // Every part is JSON: the tests of this room read each of them.
        merge(&mut document, serde_json::from_str(part).unwrap_or_default());
    }
    document.to_string()
});

/// The document in parts. Each but the first has paths and components that the others lack.
pub(super) const PARTS: &[&str] = &[
    include_str!("core.json"),
    include_str!("register.json"),
    include_str!("undertakings.json"),
    include_str!("grants.json"),
    include_str!("decisions.json"),
    include_str!("measures.json"),
    include_str!("explaining.json"),
];

/// Lays `part` over `document`: members are added, at every depth; arrays go on.
fn merge(document: &mut Value, part: Value) {
    match (document, part) {
        (Value::Object(members), Value::Object(added)) => {
            for (name, value) in added {
                merge(members.entry(name).or_insert(Value::Null), value);
            }
        }
        (Value::Array(items), Value::Array(added)) => items.extend(added),
        (document, part) => *document = part,
    }
}

/// `GET /openapi.json`.
pub(super) async fn show(peer: Peer, state: web::Data<State>) -> Result<HttpResponse, ApiProblem> {
    // READ-1: nothing at all for a certificate that is bound to nobody.
    state.repository.standing(peer.credential)?;
    Ok(HttpResponse::Ok().content_type("application/json").body(DOCUMENT.as_str()))
}
