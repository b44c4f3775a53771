//! `strongroom confirmation`: the member confirmation, over its exact text (GOV-1).

use clap::Subcommand;

use super::common::failure::Failure;
use super::common::output::{Output, table};
use super::common::undertaking::{ShowText, Undertake, of_body};
use crate::edge::client::Client;
use crate::pure::wire::page::Page;
use crate::pure::wire::undertaking::{Confirmation as Asked, ConfirmationState};

/// What to do with confirmations.
#[derive(Debug, clap::Args)]
pub struct Confirmation {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Show the text that you are asked to confirm as a member
    Show(ShowText),
    /// Confirm to serve, with your certificate's key: an appointment is not in force before
    Sign(Undertake),
    /// List your appointments, and whether each is confirmed
    List,
}

impl Confirmation {
    /// Shows, signs or lists.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        match self.verb {
            Verb::Show(show) => {
                let items = client.confirmations()?.value.items;
                let confirmation = of_body(items, show.body.as_deref(), body_of, "appointments")?;
                let text = show.show(confirmation.text_digest, Some(&confirmation.text))?;
                if output.is_json() {
                    output.value(&serde_json::json!(confirmation));
                } else {
                    output.text(&text);
                }
            }
            Verb::Sign(undertake) => {
                let mut asked = client.confirmations()?.value.items;
                asked.retain(|one| one.state == ConfirmationState::Asked);
                let asked = of_body(asked, undertake.body.as_deref(), body_of, "appointments left to confirm")?;
                let confirmed = undertake.over(asked.text_digest, Some(&asked.text), client)?;
                output.answer(&client.confirm_membership(&confirmed)?, list_text);
            }
            Verb::List => output.answer(&client.confirmations()?, list_text),
        }
        Ok(())
    }
}

fn body_of(confirmation: &Asked) -> &str {
    &confirmation.body
}

fn list_text(page: &Page<Asked>) -> String {
    if page.items.is_empty() {
        return "You have no appointment, and are proposed for none.".to_owned();
    }
    let rows = page.items.iter().map(|one| {
        [
            one.appointment.clone(),
            one.body.clone(),
            one.seat.clone(),
            one.text_digest.to_string(),
            one.state.to_string(),
        ]
    });
    table(["APPOINTMENT", "BODY", "SEAT", "TEXT (SHA-256)", "STATE"], rows)
}
