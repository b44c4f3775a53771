//! `strongroom me`: who you are to the server.

use super::common::failure::Failure;
use super::common::output::{Output, or_dash, printable, record, table};
use crate::edge::client::Client;
use crate::pure::wire::me::Me as Answered;

/// No arguments of its own.
#[derive(Debug, clap::Args)]
pub struct Me {}

impl Me {
    /// Asks and shows.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        output.answer(&client.me()?, text);
        Ok(())
    }
}

fn text(me: &Answered) -> String {
    let organisation = &me.organisation;
    let kind = match &organisation.category {
        Some(category) => format!("{}, {category}", organisation.kind),
        None => organisation.kind.clone(),
    };
    let mut parts = vec![record([
        ("person", format!("{} ({})", me.person.handle, me.person.name)),
        ("organisation", format!("{} ({}; {kind})", organisation.handle, organisation.name)),
        ("credential", format!("{}, until {}", me.credential.spki_digest, me.credential.not_after)),
    ])];
    if !me.seats.is_empty() {
        let rows = me.seats.iter().map(|seat| {
            [
                seat.body.clone(),
                seat.seat.clone(),
                yes_or_no(seat.voting),
                or_dash(seat.term_from),
                or_dash(seat.term_until),
                if seat.proposed { "proposed".to_owned() } else { yes_or_no(seat.in_force) },
            ]
        });
        parts.push(table(["BODY", "SEAT", "VOTING", "FROM", "UNTIL", "IN FORCE"], rows));
    }
    // The one of this connection stands above.
    if me.credentials.len() > 1 {
        let rows = me.credentials.iter().map(|one| [one.id.to_string(), one.state.to_string(), or_dash(one.until)]);
        parts.push(table(["CREDENTIAL", "STATE", "UNTIL"], rows));
    }
    if !me.agreements.is_empty() {
        let rows = me
            .agreements
            .iter()
            .map(|agreement| [agreement.body.clone(), agreement.signed_at.to_string(), yes_or_no(agreement.in_force)]);
        parts.push(table(["AGREEMENT OF", "SIGNED", "IN FORCE"], rows));
    }
    for missing in &me.missing {
        parts.push(printable(&format!("Missing ({}): {} {}", missing.rule, missing.detail, missing.satisfy)));
    }
    for warning in &me.warnings {
        parts.push(printable(&format!("Soon ({}): {} {}", warning.rule, warning.detail, warning.satisfy)));
    }
    for held in &me.measures {
        let way = if held.appealed { "Your appeal is open.".to_owned() } else { appeal_line(&held.id) };
        let since = held.since;
        parts.push(printable(&format!(
            "Against you ({}, {}, since {since}): {} It says: {} {way}",
            held.rule, held.id, held.detail, held.statement
        )));
    }
    parts.join("\n\n")
}

/// How to appeal against the measure of that id, whose kind is the verb.
fn appeal_line(id: &str) -> String {
    let kind = id.split('-').next().unwrap_or(id);
    format!("To appeal: strongroom {kind} appeal {id} --statement ...")
}

fn yes_or_no(whether: bool) -> String {
    if whether { "yes" } else { "no" }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said_with_rule_and_remedy() {
        let me = serde_json::from_value(serde_json::json!({
            "person": {"handle": "gas-networks", "name": "G. Networks"},
            "organisation": {"handle": "gas", "name": "Gas plc", "kind": "party", "category": "gas_networks"},
            "seats": [{"body": "pma", "seat": "gas-networks", "voting": true, "alternate": false,
                       "term_from": "2026-01-01T00:00:00Z", "term_until": "2028-01-01T00:00:00Z",
                       "confirmed": true, "in_force": true}],
            "agreements": [],
            "credential": {"spki_digest": "44aff4ab2d7c3250525675a08f0cfa9591168cffe51791c5f5bbc417c15a6c38",
                           "not_after": "2027-01-01T00:00:00Z"},
            "missing": [{"detail": "Your agreement is not signed.", "rule": "GOV-1", "satisfy": "Sign it."}],
        }))
        .unwrap();
        insta::assert_snapshot!(text(&me));
    }
}
