//! People read, at every level, under a need that is on record.

use std::fs;
use std::path::Path;

use super::asking::{content, curl, fetch, inline, need_field};
use super::samples::{self, Sample};
use super::scenario::Props;
use super::stage::{DidNotHold, Shown, Stage, Unexpected, done, holds, unexpected};
use crate::edge::client::Content;
use crate::pure::wire::document::DocumentsQuery;
use crate::pure::wire::need::NewNeed;
use crate::pure::wire::reasonable_need::ReasonableNeed;

/// Reads at every level. Gives the entry of the reading whose evidence is checked later.
pub fn play(stage: &mut Stage<'_>, props: &Props) -> Result<u64, DidNotHold> {
    let person = "party-small-supplier";
    let need = NewNeed {
        document: samples::DEVICE.document.into(),
        version: None,
        purpose: "compliance".into(),
        statement: "checking our meter installation against the policy".into(),
        reference: None,
        valid_until: None,
    };
    let record = curl(stage, person, "/needs").json(&need);
    let recorded = stage.step(person, "records a need for the Device Certificate Policy", &record, |client| {
        done(client.record_need(&need), |answer| {
            format!("{}: {}, valid until {}", answer.status, answer.value.id, answer.value.valid_until)
        })
    })?;
    let by_id = ReasonableNeed::Recorded(recorded.id.clone());
    let what = "reads it under that need (WHITE)";
    let entry = read(stage, props, person, what, &samples::DEVICE, &by_id)?;

    let need = inline("compliance", "our certificate requests have to follow the policy", None);
    let what = "reads the first 100 bytes of the Organisation Certificate Policy (GREEN)";
    read_range(stage, props, person, what, &samples::ORGANISATION, &need).ok();

    let need = inline("assurance", "preparing the yearly assessment of our own keys", Some("assessment 2026"));
    let what = "reads the Compliance Policy, the need with the reading in one entry (AMBER)";
    read(stage, props, "large-supplier-1", what, &samples::COMPLIANCE, &need).ok();

    let need = inline("meeting", "deciding on the findings at the next meeting", Some("meeting 2026-12"));
    read(stage, props, "smki-specialist", "reads the paper for the meeting (RED)", &samples::PAPER, &need).ok();

    let need = inline("secretariat_processing", "circulating the paper to the members", Some("meeting 2026-12"));
    read(stage, props, "secas", "reads it as named staff of the Secretariat (RED)", &samples::PAPER, &need).ok();
    listed(stage, person).ok();
    Ok(entry)
}

fn read(
    stage: &mut Stage<'_>,
    props: &Props,
    person: &str,
    what: &str,
    sample: &Sample,
    need: &ReasonableNeed,
) -> Result<u64, DidNotHold> {
    let target = props.received.join(format!("{person}-{}", sample.file));
    read_file(stage, person, what, sample.document, sample.bytes, &target, need)
}

/// A person reads a document and expects the bytes that were lodged. Gives the entry of the reading.
pub fn read_file(
    stage: &mut Stage<'_>,
    person: &str,
    what: &str,
    document: &str,
    expected: &[u8],
    target: &Path,
    need: &ReasonableNeed,
) -> Result<u64, DidNotHold> {
    let command = curl(stage, person, &content(document)).header(&need_field(need)).into_file(target);
    stage.step(person, what, &command, |client| {
        let (content, bytes) =
            fetch(client, document, Some(need), None).map_err(|error| unexpected("content", &error))?;
        holds(bytes == expected, "the bytes that were lodged", || format!("{} other bytes", bytes.len()))?;
        holds(content.verified, "a digest that verifies", || "no digest".into())?;
        let entry = entry_of(&content)?;
        fs::write(target, &bytes).map_err(|error| unexpected("a file", &error))?;
        let text = format!("{}: {} bytes, the ones that were lodged, {}", content.status, bytes.len(), level(&content));
        Ok((entry, Shown { text, entry: Some(entry) }))
    })
}

fn read_range(
    stage: &mut Stage<'_>,
    props: &Props,
    person: &str,
    what: &str,
    sample: &Sample,
    need: &ReasonableNeed,
) -> Result<(), DidNotHold> {
    let target = props.received.join(format!("{person}-first-100-of-{}", sample.file));
    let command = curl(stage, person, &content(sample.document)).header(&need_field(need)).header("Range: bytes=0-99");
    stage.step(person, what, &command.into_file(&target), |client| {
        let (content, bytes) = fetch(client, sample.document, Some(need), Some((0, Some(99))))
            .map_err(|error| unexpected("206", &error))?;
        holds(content.status == 206, "206", || content.status.to_string())?;
        let lodged = sample.bytes.get(..100).unwrap_or_default();
        holds(bytes == lodged, "the first 100 bytes that were lodged", || format!("{} other bytes", bytes.len()))?;
        fs::write(&target, &bytes).map_err(|error| unexpected("a file", &error))?;
        let text = format!("{}: {} bytes of {}", content.status, bytes.len(), sample.bytes.len());
        Ok(((), Shown { text, entry: Some(entry_of(&content)?) }))
    })
}

fn listed(stage: &mut Stage<'_>, person: &str) -> Result<(), DidNotHold> {
    let command = curl(stage, person, "/documents");
    stage.step(person, "lists what a party may know of", &command, |client| {
        let (page, shown) = done(client.documents(&DocumentsQuery::default()), |answer| {
            format!("{} documents, none of them AMBER or RED", answer.value.items.len())
        })?;
        let slugs: Vec<_> = page.items.iter().map(|item| item.document.as_str()).collect();
        let expected = [&samples::DEVICE, &samples::ORGANISATION, &samples::IKI, &samples::PROCEDURES];
        let complete = expected.iter().all(|sample| slugs.contains(&sample.document));
        holds(complete && slugs.len() == expected.len(), "the WHITE and GREEN ones", || slugs.join(", "))?;
        Ok(((), shown))
    })
}

fn entry_of(content: &Content) -> Result<u64, Unexpected> {
    content.entry.ok_or_else(|| Unexpected { expected: "an entry in Audit-Entry".into(), got: "none".into() })
}

fn level(content: &Content) -> String {
    content.classification.map_or_else(|| "no Classification header".to_owned(), |level| level.to_string())
}
