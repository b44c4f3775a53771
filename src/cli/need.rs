//! `strongroom need`: why you read.

use clap::Subcommand;
use jiff::Timestamp;

use super::common::failure::Failure;
use super::common::output::{Output, or_dash, record, table};
use super::common::pages;
use super::common::time::instant;
use crate::edge::client::Client;
use crate::pure::wire::need::{Need as Recorded, NewNeed};
use crate::pure::wire::page::{MAX_LIMIT, Page, PageQuery};

/// What to do with needs.
#[derive(Debug, clap::Args)]
pub struct Need {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Record a need; its id goes with `strongroom read --need`
    Record(Record),
    /// List your needs
    List,
    /// Withdraw a need: it covers no further read
    Withdraw {
        /// The need's id, for example `need-1042`
        id: String,
    },
}

#[derive(Debug, clap::Args)]
struct Record {
    /// The document
    document: String,
    /// The one version, if the need is for one
    #[arg(long = "for-version", value_name = "LABEL")]
    version: Option<String>,
    /// The coded purpose, for example `assurance`
    #[arg(long)]
    purpose: String,
    /// Why you need to read it, in your words
    #[arg(long)]
    statement: String,
    /// The action, modification, assessment, meeting, decision or direction that it serves
    #[arg(long)]
    reference: Option<String>,
    /// When it ends (RFC 3339) [default: as late as the classification allows]
    #[arg(long, value_name = "TIME", value_parser = instant)]
    valid_until: Option<Timestamp>,
}

impl Need {
    /// Records, lists or withdraws.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        match self.verb {
            Verb::Record(need) => {
                let need = NewNeed {
                    document: need.document,
                    version: need.version,
                    purpose: need.purpose,
                    statement: need.statement,
                    reference: need.reference,
                    valid_until: need.valid_until,
                };
                output.answer(&client.record_need(&need)?, need_text);
            }
            Verb::List => {
                let mut query = PageQuery { limit: Some(MAX_LIMIT), after: None };
                let answer = pages::all(|cursor| {
                    query.after = cursor;
                    client.needs(&query)
                })?;
                output.answer(&answer, list_text);
            }
            Verb::Withdraw { id } => {
                output.answer(&client.withdraw_need(&id)?, |_| format!("Withdrawn: {id}."));
            }
        }
        Ok(())
    }
}

fn need_text(need: &Recorded) -> String {
    record([
        ("need", need.id.clone()),
        ("document", need.document.clone()),
        ("version", or_dash(need.version.as_ref())),
        ("purpose", need.purpose.clone()),
        ("statement", need.statement.clone()),
        ("reference", or_dash(need.reference.as_ref())),
        ("valid until", need.valid_until.to_string()),
    ])
}

fn list_text(page: &Page<Recorded>) -> String {
    if page.items.is_empty() {
        return "No needs.".to_owned();
    }
    let rows = page.items.iter().map(|need| {
        [
            need.id.clone(),
            need.person.clone(),
            need.document.clone(),
            or_dash(need.version.as_ref()),
            need.purpose.clone(),
            or_dash(need.reference.as_ref()),
            need.valid_until.to_string(),
            or_dash(need.withdrawn_at),
        ]
    });
    table(["NEED", "PERSON", "DOCUMENT", "VERSION", "PURPOSE", "REFERENCE", "VALID UNTIL", "WITHDRAWN"], rows)
}
