//! `strongroom show`: a document with its versions, or one version.

use jiff::Timestamp;
use jiff::civil::Date;

use super::common::failure::Failure;
use super::common::output::{Output, or_dash, printable, record, table};
use super::common::time::{day, instant};
use crate::edge::client::Client;
use crate::pure::wire::document::{AsOfQuery, DocumentDetail};
use crate::pure::wire::version::{ClassificationActKind, Version};

/// What to show.
#[derive(Debug, clap::Args)]
pub struct Show {
    /// The document
    document: String,
    /// The version: a label, `in-force` or `latest`
    version: Option<String>,
    /// The version in force on this day (YYYY-MM-DD, in Europe/London)
    #[arg(long, value_name = "DATE", value_parser = day, conflicts_with = "version")]
    as_of: Option<Date>,
    /// Only what the repository knew at this instant (RFC 3339)
    #[arg(long, value_name = "TIME", value_parser = instant, conflicts_with = "version")]
    known_at: Option<Timestamp>,
}

impl Show {
    /// Asks and shows.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        let query = AsOfQuery { as_of: self.as_of, known_at: self.known_at };
        if let Some(label) = &self.version {
            output.answer(&client.version(&self.document, label)?, version_text);
        } else if query != AsOfQuery::default() {
            output.answer(&client.document_as_of(&self.document, &query)?, version_text);
        } else {
            output.answer(&client.document(&self.document)?, document_text);
        }
        Ok(())
    }
}

/// A document for people.
pub(super) fn document_text(document: &DocumentDetail) -> String {
    let head = record([
        ("document", document.document.clone()),
        ("title", document.title.clone()),
        ("type", document.kind.clone()),
        ("set", document.set.clone()),
        ("body", document.body.clone()),
        ("in force", or_dash(document.in_force.as_ref().map(|version| &version.label))),
    ]);
    if document.versions.is_empty() {
        return format!("{head}\n\nNo versions that you may know of.");
    }
    let in_force = document.in_force.as_ref().map(|version| version.label.as_str());
    let rows = document.versions.iter().map(|version| {
        let in_force = in_force == Some(version.label.as_str());
        [
            version.label.clone(),
            version.classification.to_string(),
            or_dash(version.effective),
            version.lodged_at.to_string(),
            if in_force { "in force".to_owned() } else { state(version) },
            version.size.to_string(),
            version.entry.to_string(),
        ]
    });
    format!(
        "{head}\n\n{}",
        table(["VERSION", "CLASSIFICATION", "EFFECTIVE", "LODGED", "STATE", "BYTES", "ENTRY"], rows)
    )
}

/// A version for people.
pub(super) fn version_text(version: &Version) -> String {
    record([
        ("document", version.document.clone()),
        ("version", version.label.clone()),
        ("classification", classification(version)),
        ("proposed", or_dash(version.proposed_classification)),
        ("incorporated", or_dash(version.incorporated)),
        ("effective", or_dash(version.effective)),
        ("lodged", format!("{} by {}", version.lodged_at, version.lodger.person.handle)),
        ("for", version.lodger.organisation.handle.clone()),
        ("state", state(version)),
        ("published", or_dash(version.published_at)),
        ("direction", or_dash(version.direction.as_ref())),
        ("resolved", or_dash(resolutions(version))),
        ("note", or_dash(version.note.as_ref())),
        ("content", format!("{}, {} bytes", version.content_type, version.size)),
        ("signed", if version.lodger_signature.is_some() { "by the lodger's own key" } else { "-" }.to_owned()),
        ("SHA-256", version.digest.to_string()),
        ("promptness", or_dash(version.promptness_working_days.map(|days| format!("{days} working days")))),
        ("entry", version.entry.to_string()),
    ]) + &history(version)
}

fn classification(version: &Version) -> String {
    match (&version.tlp, version.strict) {
        (Some(tlp), _) => format!("{} ({tlp} to others)", version.classification),
        (None, true) => format!("{} (strict: not shared within a party category)", version.classification),
        (None, false) => version.classification.to_string(),
    }
}

/// What was proposed and determined, a line each.
fn history(version: &Version) -> String {
    let mut text = String::new();
    for act in &version.classification_history {
        let what = match act.act {
            ClassificationActKind::Proposed => "proposed",
            ClassificationActKind::Determined => "determined",
        };
        let level = act.tlp.clone().unwrap_or_else(|| act.classification.to_string());
        let by = or_dash(act.by.as_ref().map(|by| &by.handle));
        let reason = act.reason.as_ref().map(|reason| format!(": {}", printable(reason))).unwrap_or_default();
        text.push_str(&format!("\n{} {what} {level} by {by}, entry {}{reason}", act.at, act.entry));
    }
    text
}

/// What decisions said about it, and by which vote.
fn resolutions(version: &Version) -> Option<String> {
    let said = version.resolutions.iter().map(|one| {
        let casting = one.casting.map(|vote| format!(", casting vote {vote}")).unwrap_or_default();
        let (votes_for, votes_against) = (one.votes_for, one.votes_against);
        format!("{} by {} ({votes_for} for, {votes_against} against{casting})", one.resolution, one.decision)
    });
    Some(said.collect::<Vec<_>>().join("; ")).filter(|said| !said.is_empty())
}

fn state(version: &Version) -> String {
    match (&version.withdrawn, version.superseded_at) {
        (Some(withdrawn), _) => format!("withdrawn {}: {}", withdrawn.at, withdrawn.reason),
        (None, Some(day)) => format!("superseded from {day}"),
        (None, None) => "-".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_shown_with_its_versions() {
        let version = |label: &str, superseded_at: Option<&str>| {
            serde_json::json!({
                "document": "device-certificate-policy", "label": label, "classification": "AMBER",
                "proposed_classification": "AMBER", "incorporated": null, "effective": "2026-01-01",
                "lodged_at": "2025-12-01T09:00:00Z", "superseded_at": superseded_at, "withdrawn": null,
                "published_at": null,
                "digest": "44aff4ab2d7c3250525675a08f0cfa9591168cffe51791c5f5bbc417c15a6c38",
                "size": 18, "content_type": "application/pdf",
                "lodger": {"person": {"handle": "secas", "name": "S"},
                           "organisation": {"handle": "secas", "name": "SECAS", "kind": "code_administrator",
                                            "category": null}},
                "note": null, "direction": null, "entry": 17,
                "resolutions": [{"decision": "decision-77", "resolution": "approved", "at": "2025-12-02T09:00:00Z",
                                 "entry": 84, "votes_for": 3, "votes_against": 3, "casting": "for"}],
            })
        };
        let document = serde_json::from_value(serde_json::json!({
            "document": "device-certificate-policy", "title": "Device Certificate Policy",
            "type": "certificate_policy", "set": "smki", "body": "pma", "in_force": version("3.0", None),
            "versions": [version("2.0", Some("2026-01-01")), version("3.0", None)], "entry": 3,
        }))
        .unwrap();
        insta::assert_snapshot!(document_text(&document));
        insta::assert_snapshot!("version", version_text(&document.versions[0]));
    }
}
