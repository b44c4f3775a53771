//! Documents are registered and lodged.

use std::path::Path;

use jiff::civil::{Date, date};

use super::asking::{LABEL, curl, version};
use super::samples::Sample;
use super::scenario::Props;
use super::stage::{DidNotHold, Shown, Stage, done, holds};
use crate::edge::client::{Upload, segment};
use crate::pure::tlog::hash::sha256;
use crate::pure::wire::classification::Classification;
use crate::pure::wire::digest::Digest;
use crate::pure::wire::document::NewDocument;
use crate::pure::wire::lodgement::LodgeQuery;

/// The Secretariat registers the document of a sample.
pub fn register(stage: &mut Stage<'_>, sample: &Sample) -> Result<(), DidNotHold> {
    let document = NewDocument {
        document: sample.document.into(),
        title: sample.title.into(),
        kind: sample.kind.into(),
        set: sample.set.into(),
        body: "pma".into(),
    };
    let curl = curl(stage, "secas", "/documents").json(&document);
    stage.step("secas", &format!("registers the document {}", sample.document), &curl, |client| {
        let answer = client.register_document(&document);
        let (_, shown) = done(answer, |answer| format!("{}: in the set {}", answer.status, answer.value.set))?;
        Ok(((), shown))
    })
}

/// A person lodges a sample, perhaps under a direction.
pub fn lodge(
    stage: &mut Stage<'_>,
    props: &Props,
    person: &str,
    sample: &Sample,
    proposed: Classification,
    direction: Option<String>,
) -> Result<(), DidNotHold> {
    let what = format!("lodges {} {LABEL} and proposes {proposed}", sample.document);
    let query = LodgeQuery {
        classification: Some(proposed),
        incorporated: Some(INCORPORATED),
        effective: None,
        note: None,
        direction,
    };
    let file = props.samples.join(sample.file);
    lodge_file(stage, person, &what, (sample.document, sample.content_type), &file, sample.bytes, &query)
}

/// A person lodges a file that holds `bytes`.
pub fn lodge_file(
    stage: &mut Stage<'_>,
    person: &str,
    what: &str,
    (document, content_type): (&str, &str),
    file: &Path,
    bytes: &[u8],
    query: &LodgeQuery,
) -> Result<(), DidNotHold> {
    let digest = Digest(sha256(bytes));
    let mut path =
        format!("{}?classification={}", version(document), query.classification.map_or("", |level| level.as_str()));
    for (name, value) in
        [("incorporated", query.incorporated.map(|day| day.to_string())), ("direction", query.direction.clone())]
    {
        if let Some(value) = value {
            path += &format!("&{name}={}", segment(&value));
        }
    }
    let curl = curl(stage, person, &path).upload(file, content_type, &digest.to_field());
    stage.step(person, what, &curl, |client| {
        let upload = Upload { document, label: LABEL, file, content_type, query };
        let answer = client.lodge(&upload, &mut |_, _| {});
        let (lodged, shown) = done(answer, |answer| {
            format!("{}: {} bytes, SHA-256 {}", answer.status, answer.value.version.size, answer.value.version.digest)
        })?;
        holds(lodged.version.digest == digest, &format!("SHA-256 {digest}"), || lodged.version.digest.to_string())?;
        Ok(((), Shown { entry: shown.entry.or(Some(lodged.entry)), ..shown }))
    })
}

/// The day on which the Code changed, for the samples.
const INCORPORATED: Date = date(2026, 6, 1);
