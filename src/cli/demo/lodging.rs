//! Documents are registered and lodged.

use std::path::Path;

use jiff::civil::{Date, date};

use super::asking::{LABEL, curl, version};
use super::curl::quoted;
use super::samples::Sample;
use super::scenario::Props;
use super::stage::{DidNotHold, Shown, Stage, done, holds};
use crate::cli::init::DEVELOPMENT_ORIGIN;
use crate::edge::client::{Signing, Upload, segment};
use crate::pure::tlog::hash::sha256;
use crate::pure::wire::classification::Classification;
use crate::pure::wire::digest::Digest;
use crate::pure::wire::document::NewDocument;
use crate::pure::wire::lodgement::LodgeQuery;
use crate::service::clock::Clock;

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
        classification: Some(proposed.into()),
        incorporated: Some(INCORPORATED),
        effective: None,
        note: None,
        direction,
    };
    let file = props.samples.join(sample.file);
    lodge_file(stage, person, &what, (sample.document, sample.content_type), &file, sample.bytes, &query)
}

/// The Secretariat lodges a sample and signs the lodgement with its own key (LODGE-6).
pub fn lodge_signed(
    stage: &mut Stage<'_>,
    props: &Props,
    sample: &Sample,
    proposed: Classification,
) -> Result<(), DidNotHold> {
    let person = "secas";
    let what = format!("lodges {} {LABEL}, proposes {proposed}, and signs it with its own key", sample.document);
    let query =
        LodgeQuery { classification: Some(proposed.into()), incorporated: Some(INCORPORATED), ..LodgeQuery::default() };
    let file = props.samples.join(sample.file);
    let certificate = stage.layout.client(person);
    let words = [
        props.program.clone(),
        "lodge".into(),
        sample.document.into(),
        LABEL.into(),
        file.display().to_string(),
        format!("--classification={proposed}"),
        format!("--incorporated={INCORPORATED}"),
        "--sign".into(),
        format!("--origin={DEVELOPMENT_ORIGIN}"),
        format!("--server={}", stage.server),
        format!("--ca={}", stage.layout.ca().display()),
        format!("--cert={}", certificate.display()),
    ];
    let command = words.map(|word| quoted(&word)).join(" ");
    stage.step(person, &what, &command, |client| {
        let signing = Signing { origin: DEVELOPMENT_ORIGIN, now: Clock::system().now().to_timestamp() };
        let (document, content_type) = (sample.document, sample.content_type);
        let upload =
            Upload { document, label: LABEL, file: &file, content_type, query: &query, signing: Some(signing) };
        let (lodged, shown) = done(client.lodge(&upload, &mut |_, _| {}), |answer| {
            format!("{}: {} bytes, SHA-256 {}", answer.status, answer.value.version.size, answer.value.version.digest)
        })?;
        let signed = lodged.version.lodger_signature.is_some();
        holds(signed, "the lodger's signature with the version", || "none".into())?;
        Ok(((), Shown { entry: shown.entry.or(Some(lodged.entry)), ..shown }))
    })
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
    let mut path = format!(
        "{}?classification={}",
        version(document),
        query.classification.map_or("", |marking| marking.classification.as_str())
    );
    for (name, value) in
        [("incorporated", query.incorporated.map(|day| day.to_string())), ("direction", query.direction.clone())]
    {
        if let Some(value) = value {
            path += &format!("&{name}={}", segment(&value));
        }
    }
    let curl = curl(stage, person, &path).upload(file, content_type, &digest.to_field());
    stage.step(person, what, &curl, |client| {
        let upload = Upload { document, label: LABEL, file, content_type, query, signing: None };
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
