//! `strongroom register seat`.

use clap::{Subcommand, ValueEnum};
use serde_json::Value;

use super::super::common::failure::Failure;
use super::super::common::output::{Output, or_dash, record, table};
use super::super::common::pages;
use super::Because;
use crate::edge::client::Client;
use crate::pure::wire::body::{NewSeatOfBody, Seat as Held, SeatRole, SeatsQuery};
use crate::pure::wire::page::{MAX_LIMIT, Page};

/// What to do with seats.
#[derive(Debug, Subcommand)]
pub(super) enum Seat {
    /// List the seats and who holds them
    List {
        /// Of this body alone
        #[arg(long)]
        body: Option<String>,
    },
    /// Show a seat
    Show {
        /// The body's handle
        body: String,
        /// The seat's handle on the body
        seat: String,
    },
    /// Add a seat to a body (the Secretariat)
    Add {
        /// The body's handle
        body: String,
        /// The seat's handle, unique on the body
        seat: String,
        /// What its holder may do
        #[arg(long)]
        role: Role,
        /// The constituency that it represents
        #[arg(long)]
        constituency: String,
    },
    /// Abolish a seat that nobody holds or is proposed for (the Secretariat)
    Abolish {
        /// The body's handle
        body: String,
        /// The seat's handle on the body
        seat: String,
        #[command(flatten)]
        because: Because,
    },
}

/// What the holder of a seat may do.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Role {
    Chair,
    Voting,
    #[value(name = "non_voting", alias = "non-voting")]
    NonVoting,
}

impl From<Role> for SeatRole {
    fn from(role: Role) -> Self {
        match role {
            Role::Chair => Self::Chair,
            Role::Voting => Self::Voting,
            Role::NonVoting => Self::NonVoting,
        }
    }
}

impl Seat {
    pub(super) fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        match self {
            Self::List { body } => {
                let mut query = SeatsQuery { body, limit: Some(MAX_LIMIT), after: None };
                let answer = pages::all(|after| {
                    query.after = after;
                    client.seats(&query)
                })?;
                output.answer(&answer, list_text);
            }
            Self::Show { body, seat } => output.answer(&client.seat(&body, &seat)?, text),
            Self::Add { body, seat, role, constituency } => {
                let new = NewSeatOfBody { body, seat, role: role.into(), constituency };
                output.answer(&client.establish_seat(&new)?, text);
            }
            Self::Abolish { body, seat, because } => {
                let answer = client.abolish_seat(&body, &seat, &because.into())?;
                output.answer(&answer, |_: &Value| format!("The seat {seat} of the body {body} is abolished."));
            }
        }
        Ok(())
    }
}

/// Seats as a table.
pub(super) fn rows(seats: &[Held]) -> String {
    let rows = seats.iter().map(|seat| {
        let holder = or_dash(seat.holder.as_ref().map(|holder| &holder.handle));
        [seat.body.clone(), seat.seat.clone(), seat.role.to_string(), seat.constituency.clone(), holder]
    });
    table(["BODY", "SEAT", "ROLE", "CONSTITUENCY", "HOLDER"], rows)
}

fn text(seat: &Held) -> String {
    record([
        ("body", seat.body.clone()),
        ("seat", seat.seat.clone()),
        ("role", seat.role.to_string()),
        ("constituency", seat.constituency.clone()),
        ("holder", or_dash(seat.holder.as_ref().map(|holder| &holder.handle))),
    ])
}

fn list_text(page: &Page<Held>) -> String {
    if page.items.is_empty() { "No seats that you may know of.".to_owned() } else { rows(&page.items) }
}
