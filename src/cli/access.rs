//! `strongroom access report`: who may read a version and why, who has read it, and who has not.

use clap::Subcommand;
use serde_json::{Value, json};

use super::common::failure::Failure;
use super::common::output::{Output, or_dash, printable, table};
use super::explain::entries;
use crate::edge::client::{Answer, Client};
use crate::pure::wire::page::{MAX_LIMIT, PageQuery};
use crate::pure::wire::reader::{Reader, Readers};

/// What to do with access.
#[derive(Debug, clap::Args)]
pub struct Access {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Report who may read a version and why, who has read it and who has not
    Report {
        /// The document
        #[arg(long, value_name = "DOCUMENT")]
        document: String,
        /// The version: a label, `in-force` or `latest`
        #[arg(long, value_name = "LABEL")]
        version: String,
    },
}

impl Access {
    /// Asks for every page and shows them as one.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        let Verb::Report { document, version } = self.verb;
        output.answer(&all(client, &document, &version)?, text);
        Ok(())
    }
}

fn all(client: &Client, document: &str, version: &str) -> Result<Answer<Readers>, Failure> {
    let mut query = PageQuery { limit: Some(MAX_LIMIT), after: None };
    let mut whole = client.readers(document, version, &query)?;
    while let Some(cursor) = whole.value.next.take() {
        query.after = Some(cursor.clone());
        let mut page = client.readers(document, version, &query)?;
        whole.value.items.append(&mut page.value.items);
        if let (Some(Value::Array(items)), Some(Value::Array(more))) =
            (whole.json.get_mut("items"), page.json.get_mut("items"))
        {
            items.append(more);
        }
        // A cursor that leads to itself would be asked for ever.
        whole.value.next = page.value.next.filter(|next| *next != cursor);
        whole.entry = page.entry.or(whole.entry);
    }
    if let Value::Object(members) = &mut whole.json {
        members.insert("next".to_owned(), json!(null));
    }
    Ok(whole)
}

fn text(report: &Readers) -> String {
    let may_read = |reader: &&Reader| reader.access == "may_read";
    let has_read = |reader: &&Reader| reader.first_read.is_some();
    let able: Vec<_> = report.items.iter().filter(may_read).collect();
    let aware = able.iter().copied().filter(has_read).count();
    let others = report.items.iter().filter(|reader| !may_read(reader) && has_read(reader)).count();
    let mut head = format!(
        "Version {} of {} ({}): {} may read it under a need; {aware} of them read it, {} did not.",
        report.version,
        report.document,
        report.classification,
        people(able.len()),
        able.len() - aware,
    );
    if others > 0 {
        head.push_str(&format!(" Beside them, {} read it and may not read it now.", people(others)));
    }
    let rows = report.items.iter().map(|reader| {
        let may = match reader.access.as_str() {
            "may_read" => "yes",
            "may_know_of" => "no",
            _ => "no, and may not know of it",
        };
        let why = match &reader.refusal {
            Some(refusal) => {
                format!("{}: {}", refusal.rule, obstacles(reader).unwrap_or_else(|| refusal.detail.clone()))
            }
            None => reader.why.clone().or_else(|| obstacles(reader)).unwrap_or_else(|| "No rule admits them.".into()),
        };
        [
            reader.person.handle.clone(),
            reader.organisation.handle.clone(),
            may.to_owned(),
            or_dash(reader.rule.as_ref()),
            why,
            entries(&reader.grounds),
            reader
                .first_read
                .as_ref()
                .map_or_else(|| "no".into(), |read| format!("{} (entry {})", read.at, read.entry)),
        ]
    });
    let heading = ["PERSON", "ORGANISATION", "MAY READ", "RULE", "WHY", "ENTRIES", "HAS READ"];
    format!("{}\n\n{}", printable(&head), table(heading, rows))
}

/// The facts that stand in the way, with their ids.
fn obstacles(reader: &Reader) -> Option<String> {
    let facts = reader.obstacles.iter().map(|one| match &one.ground.id {
        Some(id) => format!("{} ({id})", one.ground.fact),
        None => one.ground.fact.clone(),
    });
    let facts: Vec<_> = facts.collect();
    (!facts.is_empty()).then(|| facts.join(" "))
}

fn people(number: usize) -> String {
    if number == 1 { "1 person".into() } else { format!("{number} people") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_counts_who_has_read_and_who_has_not() {
        let person = |handle: &str, access: &str, first_read: Value| {
            json!({
                "person": {"handle": handle, "name": handle},
                "organisation": {"handle": "members", "name": "Members", "kind": "stakeholder", "category": null},
                "access": access, "rule": "RED-1", "why": "A seat on pma is in force.",
                "grounds": [{"fact": "The term is in force.", "id": "appointment-12", "entry": 12}],
                "refusal": null, "obstacles": [], "first_read": first_read,
            })
        };
        let mut unsigned = person("unsigned", "may_know_of", json!(null));
        unsigned["refusal"] = json!({"code": "agreement_required", "rule": "RED-1", "detail": "Not signed.",
                                     "satisfy": "Sign."});
        let report = serde_json::from_value(json!({
            "document": "minutes", "version": "1.0", "classification": "RED",
            "items": [person("chair", "may_read", json!({"at": "2026-11-24T09:30:00Z", "entry": 81})),
                      person("member", "may_read", json!(null)), unsigned],
            "next": null,
        }))
        .unwrap();
        insta::assert_snapshot!(text(&report));
    }
}
