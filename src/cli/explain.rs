//! `strongroom explain`: why somebody may read something, or may not, and what would change it.

use super::common::failure::Failure;
use super::common::output::{Output, or_dash, printable, record, table};
use crate::edge::client::Client;
use crate::pure::wire::explanation::{ExplainQuery, Explanation, Ground};

/// Whom and what to explain.
#[derive(Debug, clap::Args)]
pub struct Explain {
    /// The person; you if absent. Others' access is explained to the Chair of the document's body and to the auditor
    #[arg(long, value_name = "PERSON")]
    person: Option<String>,
    /// The document
    #[arg(long, value_name = "DOCUMENT")]
    document: String,
    /// The version: a label, `in-force` or `latest`; the one in force for that person if absent
    #[arg(long, value_name = "LABEL")]
    version: Option<String>,
}

impl Explain {
    /// Asks and shows.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        let query = ExplainQuery { person: self.person, document: self.document, version: self.version };
        output.answer(&client.explain(&query)?, text);
        Ok(())
    }
}

fn text(explained: &Explanation) -> String {
    let organisation = &explained.organisation;
    let mut parts = vec![
        printable(&explained.summary),
        record([
            ("person", format!("{} ({})", explained.person.handle, explained.person.name)),
            ("organisation", format!("{} ({}; {})", organisation.handle, organisation.name, organisation.kind)),
            ("document", explained.document.clone()),
            ("version", or_dash(explained.version.as_ref())),
            ("classification", or_dash(explained.classification)),
            ("as of", explained.at.to_string()),
        ]),
    ];
    parts.extend(block("The version:", explained.about.iter().map(ground_text)));
    let rows = explained.ways.iter().map(|way| {
        let result = match way.result.as_str() {
            "admits" => "yes",
            "agreement_unsigned" => "unsigned",
            _ => "no",
        };
        [way.rule.clone(), way.way.clone(), result.to_owned(), way.why.clone(), entries(&way.grounds)]
    });
    parts.push(format!("Ways in:\n{}", table(["RULE", "WAY", "OPEN", "WHY", "ENTRIES"], rows)));
    let facts = explained.ways.iter().flat_map(|way| &way.grounds).map(ground_text);
    parts.extend(block("What they rest on:", facts));
    let obstacles = explained.obstacles.iter();
    parts.extend(block("In the way:", obstacles.map(|one| format!("{}: {}", one.rule, ground_text(&one.ground)))));
    let needs = explained.needs.iter();
    let need = |id: &str, why: Option<&String>| match why {
        Some(why) => format!("{id} does not hold. {why}"),
        None => format!("{id} holds."),
    };
    parts.extend(block("Needs on record:", needs.map(|one| need(&one.id, one.why.as_ref()))));
    if let Some(refusal) = &explained.refusal {
        let answer = format!("A read would be answered ({}): {} {}", refusal.rule, refusal.detail, refusal.satisfy);
        parts.push(printable(&answer));
    }
    parts.extend(block("What would change it:", explained.satisfy.iter().cloned()));
    parts.join("\n\n")
}

/// A heading and its sentences, each once; nothing where there are none.
fn block(heading: &str, sentences: impl Iterator<Item = String>) -> Option<String> {
    let mut lines: Vec<String> = Vec::new();
    for sentence in sentences {
        let line = format!("- {}", printable(&sentence));
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    (!lines.is_empty()).then(|| format!("{heading}\n{}", lines.join("\n")))
}

/// A fact with where it is recorded.
fn ground_text(ground: &Ground) -> String {
    match (&ground.id, ground.entry) {
        (Some(id), _) => format!("{} ({id})", ground.fact),
        (None, Some(entry)) => format!("{} (entry {entry})", ground.fact),
        (None, None) => ground.fact.clone(),
    }
}

/// The entries of facts, each once.
pub(super) fn entries(grounds: &[Ground]) -> String {
    let mut entries: Vec<u64> = grounds.iter().filter_map(|ground| ground.entry).collect();
    entries.sort_unstable();
    entries.dedup();
    let entries: Vec<_> = entries.iter().map(u64::to_string).collect();
    if entries.is_empty() { "-".to_owned() } else { entries.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_explanation_reads_as_sentences_and_a_ledger() {
        let explained = serde_json::from_value(serde_json::json!({
            "person": {"handle": "gas-networks", "name": "G. Networks"},
            "organisation": {"handle": "gas", "name": "Gas plc", "kind": "party", "category": "gas_networks"},
            "document": "device-cp", "version": "3.0", "classification": "AMBER", "at": "2026-11-24T09:30:00Z",
            "outcome": "may_know_of",
            "summary": "gas-networks may know of version 3.0 of device-cp (AMBER-1), and may not read it: AMBER-1 refuses.",
            "audience": "AMBER-1",
            "refusal": {"code": "agreement_required", "rule": "AMBER-1", "detail": "You have not signed.",
                        "satisfy": "Sign the agreement."},
            "about": [{"fact": "Its classification was determined as AMBER.", "id": null, "entry": 71}],
            "ways": [
                {"rule": "AMBER-1", "way": "a seat on pma", "result": "agreement_unsigned", "why": "Not signed.",
                 "grounds": [{"fact": "The term is in force.", "id": "appointment-31", "entry": 31}],
                 "satisfy": "gas-networks signs the agreement of pma."},
                {"rule": "AMBER-2", "way": "a need to know", "result": "fails", "why": "No such grant.", "grounds": [],
                 "satisfy": null}],
            "obstacles": [{"rule": "GOV-1", "fact": "The agreement is unsigned.", "id": null, "entry": null,
                           "satisfy": "The person signs the agreement."}],
            "needs": [],
            "satisfy": ["The person signs the agreement."],
        }))
        .unwrap();
        insta::assert_snapshot!(text(&explained));
    }
}
