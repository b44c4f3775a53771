//! `strongroom classify`: determine a version's classification.

use super::common::failure::Failure;
use super::common::output::Output;
use super::show::version_text;
use crate::edge::client::Client;
use crate::pure::wire::classification::{Classification, NewClassification};

/// What is determined, and why.
#[derive(Debug, clap::Args)]
pub struct Classify {
    /// The document
    document: String,
    /// The version's label
    label: String,
    /// RED, AMBER, GREEN or WHITE
    classification: Classification,
    /// Why; the audit log keeps it
    #[arg(long)]
    reason: String,
}

impl Classify {
    /// Determines.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        let body = NewClassification { classification: self.classification, reason: self.reason };
        output.answer(&client.classify(&self.document, &self.label, &body)?, version_text);
        Ok(())
    }
}
