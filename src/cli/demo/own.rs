//! A document of the user's own.

use std::fs;
use std::path::Path;

use super::asking::{curl, inline};
use super::classifying::classify;
use super::lodging::lodge_file;
use super::reading::read_file;
use super::scenario::Props;
use super::stage::{DidNotHold, Stage, done};
use crate::pure::wire::classification::Classification;
use crate::pure::wire::document::NewDocument;
use crate::pure::wire::lodgement::LodgeQuery;

/// Lodges a file of the user's, and reads it back.
pub fn play(stage: &mut Stage<'_>, props: &Props, own: &Path) -> Result<(), DidNotHold> {
    let bytes = fs::read(own).map_err(|_| DidNotHold)?;
    let document = "your-document";
    let body = NewDocument {
        document: document.into(),
        title: "A document of your own".into(),
        kind: "other".into(),
        set: "governance".into(),
        body: "pma".into(),
    };
    let command = curl(stage, "secas", "/documents").json(&body);
    stage.step("secas", "registers a document for it", &command, |client| {
        done(client.register_document(&body), |answer| format!("{}", answer.status))
    })?;
    let query = LodgeQuery { classification: Some(Classification::Green.into()), ..LodgeQuery::default() };
    let what = format!("lodges {}", own.display());
    lodge_file(stage, "secas", &what, (document, content_type(own)), own, &bytes, &query)?;
    classify(stage, document, Classification::Green, "For parties and stakeholders.")?;
    let need = inline("compliance", "seeing that the very bytes come back", None);
    let name = own.file_name().map_or_else(|| "document".into(), |name| name.to_string_lossy().into_owned());
    let target = props.received.join(format!("manufacturer-{name}"));
    let what = "reads it back, byte for byte (GREEN)";
    read_file(stage, "manufacturer", what, document, &bytes, &target, &need).map(drop)
}

fn content_type(file: &Path) -> &'static str {
    let is_pdf = file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("pdf"));
    if is_pdf { "application/pdf" } else { "application/octet-stream" }
}
