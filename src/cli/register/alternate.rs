//! `strongroom register alternate`.

use clap::Subcommand;

use super::super::common::failure::Failure;
use super::super::common::output::{Output, record, table};
use super::super::common::pages;
use crate::edge::client::Client;
use crate::pure::wire::alternate::{Alternate as Held, AlternatesQuery, NewAlternate};
use crate::pure::wire::page::{MAX_LIMIT, Page};

/// What to do with alternates.
#[derive(Debug, Subcommand)]
pub(super) enum Alternate {
    /// List the alternates, and the proposed ones that concern you
    List {
        /// On this body alone
        #[arg(long)]
        body: Option<String>,
        /// For or as this person alone
        #[arg(long)]
        person: Option<String>,
    },
    /// Show an alternate
    Show {
        /// The alternate's id, for example `alternate-12`
        id: String,
    },
    /// Propose an alternate for yourself (a member)
    #[command(alias = "add")]
    Propose {
        /// The handle of whoever is to act for you
        person: String,
        /// The body on which you sit
        #[arg(long)]
        body: String,
    },
    /// Approve an alternate: the Chair; the Chair's own, a member of the body above
    Approve {
        /// The alternate's id, for example `alternate-12`
        id: String,
    },
    /// End an alternate: the member, the alternate or the Chair
    End {
        /// The alternate's id, for example `alternate-12`
        id: String,
    },
}

impl Alternate {
    pub(super) fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        let answer = match self {
            Self::List { body, person } => {
                let mut query = AlternatesQuery { body, person, limit: Some(MAX_LIMIT), after: None };
                let answer = pages::all(|after| {
                    query.after = after;
                    client.alternates(&query)
                })?;
                output.answer(&answer, list_text);
                return Ok(());
            }
            Self::Show { id } => client.alternate(&id)?,
            Self::Propose { person, body } => client.propose_alternate(&NewAlternate { body, person })?,
            Self::Approve { id } => client.approve_alternate(&id)?,
            Self::End { id } => client.end_alternate(&id)?,
        };
        output.answer(&answer, text);
        Ok(())
    }
}

fn text(held: &Held) -> String {
    record([
        ("alternate", held.id.clone()),
        ("body", held.body.clone()),
        ("for", format!("{} ({})", held.member.handle, held.member.name)),
        ("acts", format!("{} ({})", held.person.handle, held.person.name)),
        ("state", held.state.to_string()),
    ])
}

fn list_text(page: &Page<Held>) -> String {
    if page.items.is_empty() {
        return "No alternates that you may know of.".to_owned();
    }
    let rows = page.items.iter().map(|held| {
        [
            held.id.clone(),
            held.body.clone(),
            held.member.handle.clone(),
            held.person.handle.clone(),
            held.state.to_string(),
        ]
    });
    table(["ALTERNATE", "BODY", "FOR", "ACTS", "STATE"], rows)
}
