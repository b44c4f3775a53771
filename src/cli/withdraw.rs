//! `strongroom withdraw`: hide a version's content.

use super::common::failure::Failure;
use super::common::output::Output;
use super::show::version_text;
use crate::edge::client::Client;
use crate::pure::wire::reason::Reason;

/// What is withdrawn, and why.
#[derive(Debug, clap::Args)]
pub struct Withdraw {
    /// The document
    document: String,
    /// The version's label
    label: String,
    /// Why; it is shown in the content's place
    #[arg(long)]
    reason: String,
}

impl Withdraw {
    /// Withdraws.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        let answer = client.withdraw(&self.document, &self.label, &Reason { reason: self.reason })?;
        output.answer(&answer, version_text);
        Ok(())
    }
}
