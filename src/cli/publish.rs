//! `strongroom publish`: publish a WHITE version.

use super::common::failure::Failure;
use super::common::output::Output;
use super::show::version_text;
use crate::edge::client::Client;
use crate::pure::wire::reason::Reason;

/// What is published, and why.
#[derive(Debug, clap::Args)]
pub struct Publish {
    /// The document
    document: String,
    /// The version's label
    label: String,
    /// Why; the audit log keeps it
    #[arg(long)]
    reason: String,
}

impl Publish {
    /// Publishes.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        let answer = client.publish(&self.document, &self.label, &Reason { reason: self.reason })?;
        output.answer(&answer, version_text);
        Ok(())
    }
}
