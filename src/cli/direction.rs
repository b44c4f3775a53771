//! `strongroom direction`: what must be lodged by when.

use clap::{Subcommand, ValueEnum};
use jiff::civil::Date;

use super::common::failure::Failure;
use super::common::output::{Output, or_dash, record, table};
use super::common::pages;
use super::common::time::day;
use crate::edge::client::Client;
use crate::pure::wire::direction::{
    Direction as Issued, DirectionState, DirectionsQuery, NewAcceptance, NewDirection, Outcome,
};
use crate::pure::wire::page::{MAX_LIMIT, Page};

/// What to do with directions.
#[derive(Debug, clap::Args)]
pub struct Direction {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Direct the DCC to lodge a document (the Chair, or the Secretariat for the Chair)
    Issue(Issue),
    /// List the directions that you may know of
    List {
        /// Only those in this state
        #[arg(long)]
        state: Option<State>,
    },
    /// Accept the version that was lodged against a direction
    Accept(Judge),
    /// Return the version that was lodged: it must be lodged again
    Return(Judge),
}

#[derive(Debug, clap::Args)]
struct Issue {
    /// The document to lodge
    document: String,
    /// The title of the direction
    #[arg(long)]
    title: String,
    /// What the document must contain
    #[arg(long)]
    requirement: String,
    /// The day by whose end it is due (YYYY-MM-DD)
    #[arg(long, value_name = "DATE", value_parser = day)]
    due: Date,
    /// The decision that it rests on, for example `decision-77`
    #[arg(long, value_name = "ID")]
    decision: Option<String>,
}

#[derive(Debug, clap::Args)]
struct Judge {
    /// The direction's id, for example `direction-12`
    id: String,
    /// Why; the audit log keeps it
    #[arg(long)]
    reason: String,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum State {
    Open,
    Lodged,
    Accepted,
    Returned,
}

impl Direction {
    /// Issues, lists, accepts or returns.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        match self.verb {
            Verb::Issue(Issue { document, title, requirement, due, decision }) => {
                let direction = NewDirection { document, title, requirement, due, decision };
                output.answer(&client.issue_direction(&direction)?, direction_text);
            }
            Verb::List { state } => {
                let mut query = DirectionsQuery { state: state.map(Into::into), limit: Some(MAX_LIMIT), after: None };
                let answer = pages::all(|cursor| {
                    query.after = cursor;
                    client.directions(&query)
                })?;
                output.answer(&answer, list_text);
            }
            Verb::Accept(judge) => judge.give(Outcome::Accepted, client, output)?,
            Verb::Return(judge) => judge.give(Outcome::Returned, client, output)?,
        }
        Ok(())
    }
}

impl Judge {
    fn give(self, outcome: Outcome, client: &Client, output: &Output) -> Result<(), Failure> {
        let acceptance = NewAcceptance { outcome, reason: self.reason };
        output.answer(&client.accept_direction(&self.id, &acceptance)?, direction_text);
        Ok(())
    }
}

impl From<State> for DirectionState {
    fn from(state: State) -> Self {
        match state {
            State::Open => Self::Open,
            State::Lodged => Self::Lodged,
            State::Accepted => Self::Accepted,
            State::Returned => Self::Returned,
        }
    }
}

fn direction_text(direction: &Issued) -> String {
    record([
        ("direction", direction.id.clone()),
        ("document", direction.document.clone()),
        ("title", direction.title.clone()),
        ("requirement", direction.requirement.clone()),
        ("due", due(direction)),
        ("decision", or_dash(direction.decision.as_ref())),
        ("state", direction.state.to_string()),
        ("issued", format!("{} by {}", direction.issued_at, direction.issuer.handle)),
        ("to", direction.addressee.handle.clone()),
        ("version", or_dash(direction.version.as_ref())),
        ("outcome", or_dash(direction.acceptance.as_ref().map(|given| &given.reason))),
    ])
}

fn list_text(page: &Page<Issued>) -> String {
    if page.items.is_empty() {
        return "No directions that you may know of.".to_owned();
    }
    let rows = page.items.iter().map(|direction| {
        [
            direction.id.clone(),
            direction.document.clone(),
            direction.title.clone(),
            due(direction),
            direction.state.to_string(),
            direction.addressee.handle.clone(),
            or_dash(direction.version.as_ref()),
        ]
    });
    table(["DIRECTION", "DOCUMENT", "TITLE", "DUE", "STATE", "TO", "VERSION"], rows)
}

fn due(direction: &Issued) -> String {
    if direction.overdue { format!("{} (overdue)", direction.due) } else { direction.due.to_string() }
}
