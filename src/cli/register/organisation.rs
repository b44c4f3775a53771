//! `strongroom register organisation`.

use clap::Subcommand;

use super::super::common::failure::Failure;
use super::super::common::output::{Output, or_dash, record, table};
use super::super::common::pages;
use crate::edge::client::Client;
use crate::pure::wire::organisation::{NewOrganisation, Organisation as Registered};
use crate::pure::wire::page::{MAX_LIMIT, Page, PageQuery};

/// What to do with organisations.
#[derive(Debug, Subcommand)]
pub(super) enum Organisation {
    /// List the organisations
    List,
    /// Show an organisation
    Show {
        /// The organisation's handle
        organisation: String,
    },
    /// Register an organisation (the Secretariat)
    Add {
        /// The handle, which it keeps for ever, for example `northern-power`
        organisation: String,
        /// The name as it is shown
        #[arg(long)]
        name: String,
        /// What it is: party, dcc, code_administrator, authority, government, stakeholder, assurance or host
        #[arg(long)]
        kind: String,
        /// The party category, for a party, for example `large_supplier`
        #[arg(long)]
        category: Option<String>,
    },
}

impl Organisation {
    pub(super) fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        match self {
            Self::List => {
                let answer = pages::all(|after| client.organisations(&PageQuery { limit: Some(MAX_LIMIT), after }))?;
                output.answer(&answer, list_text);
            }
            Self::Show { organisation } => output.answer(&client.organisation(&organisation)?, text),
            Self::Add { organisation, name, kind, category } => {
                let new = NewOrganisation { organisation, name, kind, category };
                output.answer(&client.register_organisation(&new)?, text);
            }
        }
        Ok(())
    }
}

fn text(organisation: &Registered) -> String {
    record([
        ("organisation", organisation.handle.clone()),
        ("name", organisation.name.clone()),
        ("kind", organisation.kind.clone()),
        ("category", or_dash(organisation.category.as_ref())),
    ])
}

fn list_text(page: &Page<Registered>) -> String {
    if page.items.is_empty() {
        return "No organisations that you may know of.".to_owned();
    }
    let rows = page
        .items
        .iter()
        .map(|one| [one.handle.clone(), one.name.clone(), one.kind.clone(), or_dash(one.category.as_ref())]);
    table(["ORGANISATION", "NAME", "KIND", "CATEGORY"], rows)
}
