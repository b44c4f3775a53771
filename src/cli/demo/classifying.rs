//! The Chair determines who may read, and a member publishes what is WHITE.

use super::asking::{LABEL, curl, version};
use super::samples;
use super::stage::{DidNotHold, Stage, done, holds};
use crate::pure::wire::classification::{Classification, NewClassification, Standing};
use crate::pure::wire::reason::Reason;

/// The Chair determines the level of a document's version.
pub fn classify(stage: &mut Stage<'_>, document: &str, level: Classification, reason: &str) -> Result<(), DidNotHold> {
    let body = NewClassification { classification: level.into(), reason: reason.into() };
    let curl = curl(stage, "chair", &format!("{}/classification", version(document))).json(&body);
    stage.step("chair", &format!("determines {document} {LABEL}: {level}"), &curl, |client| {
        let (version, shown) = done(client.classify(document, LABEL, &body), |answer| {
            format!("{}: {}", answer.status, answer.value.classification)
        })?;
        holds(version.classification == Standing::Determined(level), level.as_str(), || {
            version.classification.to_string()
        })?;
        Ok(((), shown))
    })
}

/// A member publishes the WHITE sample.
pub fn publish(stage: &mut Stage<'_>) -> Result<(), DidNotHold> {
    let document = samples::DEVICE.document;
    let body = Reason { reason: "Whoever makes devices should find it.".into() };
    let curl = curl(stage, "smki-specialist", &format!("{}/publish", version(document))).json(&body);
    stage.step("smki-specialist", &format!("publishes {document} {LABEL}"), &curl, |client| {
        let (version, shown) = done(client.publish(document, LABEL, &body), |answer| {
            format!("{}: anyone can read it on the public listener", answer.status)
        })?;
        holds(version.published_at.is_some(), "a published version", || "one that is not".into())?;
        Ok(((), shown))
    })
}
