//! `strongroom table`: table a version to another body.

use super::common::failure::Failure;
use super::common::output::Output;
use super::show::version_text;
use crate::edge::client::Client;
use crate::pure::wire::grant::NewTabling;

/// What is tabled, and to whom.
#[derive(Debug, clap::Args)]
pub struct Table {
    /// The document
    document: String,
    /// The version's label
    label: String,
    /// The body to whose members the version is opened
    #[arg(long)]
    body: String,
}

impl Table {
    /// Tables.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        let tabling = NewTabling { body: self.body };
        output.answer(&client.table_version(&self.document, &self.label, &tabling)?, version_text);
        Ok(())
    }
}
