//! `strongroom document`: register documents.

use clap::Subcommand;

use super::common::failure::Failure;
use super::common::output::Output;
use super::show::document_text;
use crate::edge::client::Client;
use crate::pure::wire::document::NewDocument;

/// What to do with documents.
#[derive(Debug, clap::Args)]
pub struct Document {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Register a document, so that versions can be lodged (PMA, Secretariat)
    Add(Add),
}

#[derive(Debug, clap::Args)]
struct Add {
    /// The name in URLs, for example `device-certificate-policy`
    document: String,
    /// The title
    #[arg(long)]
    title: String,
    /// The document type, one of the profile's
    #[arg(long = "type", value_name = "TYPE")]
    kind: String,
    /// The document set, one of the profile's
    #[arg(long)]
    set: String,
    /// The originating body, for example `pma`
    #[arg(long)]
    body: String,
}

impl Document {
    /// Registers.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        let Verb::Add(Add { document, title, kind, set, body }) = self.verb;
        let answer = client.register_document(&NewDocument { document, title, kind, set, body })?;
        output.answer(&answer, document_text);
        Ok(())
    }
}
