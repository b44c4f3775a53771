//! `strongroom register`: who is who, and who sits where. One file a noun.

mod alternate;
mod appointment;
mod body;
mod office;
mod organisation;
mod person;
mod seat;

use clap::Subcommand;

use super::common::failure::Failure;
use super::common::output::Output;
use crate::edge::client::Client;
use crate::pure::wire::reason::Reason;

/// What to do with the register.
#[derive(Debug, clap::Args)]
pub struct Register {
    #[command(subcommand)]
    noun: Noun,
}

#[derive(Debug, Subcommand)]
enum Noun {
    /// Companies and public bodies
    #[command(subcommand)]
    Organisation(organisation::Organisation),
    /// People, and named systems of an organisation
    #[command(subcommand)]
    Person(person::Person),
    /// Governance bodies, their words and their reviews
    #[command(subcommand)]
    Body(Box<body::Body>),
    /// Seats on bodies
    #[command(subcommand)]
    Seat(seat::Seat),
    /// People in seats, for a term
    #[command(subcommand)]
    Appointment(appointment::Appointment),
    /// Who acts for a member
    #[command(subcommand)]
    Alternate(alternate::Alternate),
    /// Auditors, whom the Chair appoints
    #[command(subcommand)]
    Auditor(office::Auditor),
    /// Staff of a Secretariat who handle a body's RED papers, whom the Chair names
    #[command(subcommand)]
    Secretariat(office::Secretariat),
}

impl Register {
    /// Lists, shows and changes.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        match self.noun {
            Noun::Organisation(verb) => verb.run(client, output),
            Noun::Person(verb) => verb.run(client, output),
            Noun::Body(verb) => verb.run(client, output),
            Noun::Seat(verb) => verb.run(client, output),
            Noun::Appointment(verb) => verb.run(client, output),
            Noun::Alternate(verb) => verb.run(client, output),
            Noun::Auditor(verb) => verb.run(client, output),
            Noun::Secretariat(verb) => verb.run(client, output),
        }
    }
}

/// Why something is ended.
#[derive(Debug, clap::Args)]
struct Because {
    /// Why; the audit log keeps it
    #[arg(long)]
    reason: String,
}

impl From<Because> for Reason {
    fn from(because: Because) -> Self {
        Self { reason: because.reason }
    }
}

fn yes_or_no(whether: bool) -> String {
    if whether { "yes" } else { "no" }.to_owned()
}
