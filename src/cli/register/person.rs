//! `strongroom register person`.

use clap::Subcommand;

use super::super::common::failure::Failure;
use super::super::common::output::{Output, or_dash, record, table};
use super::super::common::pages;
use super::{Because, yes_or_no};
use crate::edge::client::Client;
use crate::pure::wire::page::{MAX_LIMIT, Page, PageQuery};
use crate::pure::wire::person::{NewPerson, RegisteredPerson};

/// What to do with people.
#[derive(Debug, Subcommand)]
pub(super) enum Person {
    /// List the people, removed ones included
    List,
    /// Show a person
    Show {
        /// The person's handle
        person: String,
    },
    /// Register a person, or a named system of an organisation (the Secretariat)
    Add {
        /// The handle, which nobody else is ever given
        person: String,
        /// The name as it is shown
        #[arg(long)]
        name: String,
        /// The handle of the organisation
        #[arg(long)]
        organisation: String,
        /// It is a named system of the organisation: it holds no seat, signs nothing and has no office
        #[arg(long)]
        system: bool,
    },
    /// Remove a person: access and seats end at that instant (the Secretariat)
    Remove {
        /// The person's handle
        person: String,
        #[command(flatten)]
        because: Because,
    },
}

impl Person {
    pub(super) fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        match self {
            Self::List => {
                let answer = pages::all(|after| client.people(&PageQuery { limit: Some(MAX_LIMIT), after }))?;
                output.answer(&answer, list_text);
            }
            Self::Show { person } => output.answer(&client.person(&person)?, text),
            Self::Add { person, name, organisation, system } => {
                let new = NewPerson { person, name, organisation, system };
                output.answer(&client.register_person(&new)?, text);
            }
            Self::Remove { person, because } => {
                output.answer(&client.remove_person(&person, &because.into())?, text);
            }
        }
        Ok(())
    }
}

/// A person with the offices that the asker may know of.
pub(super) fn text(person: &RegisteredPerson) -> String {
    let named = person.named_secretariat.as_ref().filter(|bodies| !bodies.is_empty());
    record([
        ("person", person.handle.clone()),
        ("name", person.name.clone()),
        ("organisation", format!("{} ({})", person.organisation.handle, person.organisation.name)),
        ("system", yes_or_no(person.system)),
        ("registered", yes_or_no(person.active)),
        ("auditor", or_dash(person.auditor.map(yes_or_no))),
        ("RED papers of", or_dash(named.map(|bodies| bodies.join(", ")))),
    ])
}

fn list_text(page: &Page<RegisteredPerson>) -> String {
    let rows = page.items.iter().map(|one| {
        [
            one.handle.clone(),
            one.name.clone(),
            one.organisation.handle.clone(),
            yes_or_no(one.system),
            yes_or_no(one.active),
        ]
    });
    table(["PERSON", "NAME", "ORGANISATION", "SYSTEM", "REGISTERED"], rows)
}
