//! `strongroom classify`: determine a version's classification, or propose one.

use super::common::failure::Failure;
use super::common::output::Output;
use super::show::version_text;
use crate::edge::client::Client;
use crate::pure::wire::classification::NewClassification;
use crate::pure::wire::marking::Marking;

/// What is determined or proposed, and why.
#[derive(Debug, clap::Args)]
pub struct Classify {
    /// The document
    document: String,
    /// The version's label
    label: String,
    /// RED, AMBER, GREEN or WHITE; or a marking of the Traffic Light Protocol, for example TLP:AMBER+STRICT
    classification: Marking,
    /// Why; the audit log keeps it
    #[arg(long)]
    reason: String,
    /// Propose it: the Chair determines (anybody who may know of the version)
    #[arg(long)]
    propose: bool,
}

impl Classify {
    /// Determines or proposes.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        let body = NewClassification { classification: self.classification, reason: self.reason };
        let answer = if self.propose {
            client.propose_classification(&self.document, &self.label, &body)
        } else {
            client.classify(&self.document, &self.label, &body)
        };
        output.answer(&answer?, version_text);
        Ok(())
    }
}
