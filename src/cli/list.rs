//! `strongroom list`: the documents that you may know of.

use jiff::Timestamp;
use jiff::civil::Date;

use super::common::failure::Failure;
use super::common::output::{Output, or_dash, table};
use super::common::pages;
use super::common::time::{day, instant};
use crate::edge::client::Client;
use crate::pure::wire::classification::Classification;
use crate::pure::wire::document::{Document, DocumentsQuery};
use crate::pure::wire::page::{MAX_LIMIT, Page};

/// The filters.
#[derive(Debug, clap::Args)]
pub struct List {
    /// Only this document set
    #[arg(long)]
    set: Option<String>,
    /// Only this document type
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// Only documents whose version in force is RED, AMBER, GREEN or WHITE
    #[arg(long)]
    classification: Option<Classification>,
    /// Words to look for in names and titles
    #[arg(short, long, value_name = "WORDS")]
    q: Option<String>,
    /// The version in force on this day (YYYY-MM-DD, in Europe/London)
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Date>,
    /// Only what the repository knew at this instant (RFC 3339)
    #[arg(long, value_name = "TIME", value_parser = instant)]
    known_at: Option<Timestamp>,
}

impl List {
    /// Asks for every page and shows one list.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        let mut query = DocumentsQuery {
            set: self.set,
            kind: self.kind,
            classification: self.classification,
            q: self.q,
            as_of: self.as_of,
            known_at: self.known_at,
            limit: Some(MAX_LIMIT),
            after: None,
        };
        let answer = pages::all(|cursor| {
            query.after = cursor;
            client.documents(&query)
        })?;
        output.answer(&answer, text);
        Ok(())
    }
}

fn text(page: &Page<Document>) -> String {
    if page.items.is_empty() {
        return "No documents that you may know of.".to_owned();
    }
    let rows = page.items.iter().map(|document| {
        let version = document.in_force.as_ref();
        [
            document.document.clone(),
            document.title.clone(),
            document.set.clone(),
            or_dash(version.map(|version| &version.label)),
            or_dash(version.map(|version| version.classification)),
            or_dash(version.and_then(|version| version.effective)),
        ]
    });
    table(["DOCUMENT", "TITLE", "SET", "IN FORCE", "CLASSIFICATION", "EFFECTIVE"], rows)
}
