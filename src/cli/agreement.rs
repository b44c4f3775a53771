//! `strongroom agreement`: the Confidentiality and Disclosure Agreement, over its exact text (GOV-1).

use std::path::PathBuf;

use clap::Subcommand;

use super::common::failure::Failure;
use super::common::output::{Output, table};
use super::common::undertaking::{ShowText, Undertake, of_body, text_file};
use crate::edge::client::Client;
use crate::pure::wire::page::Page;
use crate::pure::wire::undertaking::{Agreement as Asked, NewAgreementText};

/// What to do with agreements.
#[derive(Debug, clap::Args)]
pub struct Agreement {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Show the text in force that you are asked for, or have signed
    Show(ShowText),
    /// Sign the text in force with your certificate's key: until you have, AMBER and RED stay closed to you
    Sign(Undertake),
    /// List the agreements that you signed, and those that you are asked for
    List,
    /// Put another text of a body's agreement in force, which everyone is then asked to sign (a member of the body that
    /// it answers to, or else its Chair)
    Adopt {
        /// The body
        #[arg(long)]
        body: String,
        /// The file with the text, which is taken to the last byte
        #[arg(long)]
        file: PathBuf,
    },
}

impl Agreement {
    /// Shows, signs, lists or adopts.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        match self.verb {
            Verb::Show(show) => {
                let mut answer = client.agreements()?;
                answer.value.items.retain(|one| one.in_force);
                let agreement = of_body(answer.value.items, show.body.as_deref(), body_of, "agreements in force")?;
                let text = show.show(agreement.text_digest, agreement.text.as_deref())?;
                if output.is_json() {
                    output.value(&serde_json::json!(agreement));
                } else {
                    output.text(&text);
                }
            }
            Verb::Sign(undertake) => {
                let mut asked = client.agreements()?.value.items;
                asked.retain(|one| one.in_force && one.signed.is_none());
                let agreement = of_body(asked, undertake.body.as_deref(), body_of, "agreements left to sign")?;
                let signed = undertake.over(agreement.text_digest, agreement.text.as_deref(), client)?;
                output.answer(&client.sign_agreement(&signed)?, list_text);
            }
            Verb::List => output.answer(&client.agreements()?, list_text),
            Verb::Adopt { body, file } => {
                let adopted = client.adopt_agreement_text(&NewAgreementText { body, text: text_file(&file)? })?;
                output.answer(&adopted, |text| {
                    format!(
                        "In force for the body {}: the text with the SHA-256 {}. Everyone is asked to sign it.",
                        text.body, text.text_digest
                    )
                });
            }
        }
        Ok(())
    }
}

fn body_of(agreement: &Asked) -> &str {
    &agreement.body
}

fn list_text(page: &Page<Asked>) -> String {
    if page.items.is_empty() {
        return "You signed no agreement, and are asked for none.".to_owned();
    }
    let rows = page.items.iter().map(|one| {
        let how = match &one.signed {
            None => "asked for".to_owned(),
            Some(signed) => {
                let act = if signed.attested { "attested" } else { "signed" };
                format!("{act} at {}, entry {}", signed.at, signed.entry)
            }
        };
        [one.body.clone(), one.text_digest.to_string(), if one.in_force { "yes" } else { "no" }.to_owned(), how]
    });
    table(["AGREEMENT OF", "TEXT (SHA-256)", "IN FORCE", "STATE"], rows)
}
