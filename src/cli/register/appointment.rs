//! `strongroom register appointment`.

use clap::Subcommand;
use jiff::Timestamp;

use super::super::common::failure::Failure;
use super::super::common::output::{Output, or_dash, record, table};
use super::super::common::pages;
use super::super::common::time::instant;
use super::{Because, yes_or_no};
use crate::edge::client::Client;
use crate::pure::wire::appointment::{Appointment as Held, AppointmentsQuery, NewAppointment};
use crate::pure::wire::page::{MAX_LIMIT, Page};

/// What to do with appointments.
#[derive(Debug, Subcommand)]
pub(super) enum Appointment {
    /// List the appointments, and the proposals that concern you
    List {
        /// On this body alone
        #[arg(long)]
        body: Option<String>,
        /// Of this person alone
        #[arg(long)]
        person: Option<String>,
        /// Only those whose term ends soon
        #[arg(long)]
        ending: bool,
    },
    /// Show an appointment
    Show {
        /// The appointment's id, for example `appointment-12`
        id: String,
    },
    /// Propose a person for a seat and a term (the Secretariat)
    #[command(alias = "add")]
    Propose {
        /// The person's handle
        person: String,
        /// The body's handle
        #[arg(long)]
        body: String,
        /// The seat's handle on the body
        #[arg(long)]
        seat: String,
        /// The first instant of the term (RFC 3339) [default: that of its approval]
        #[arg(long, value_name = "TIME", value_parser = instant)]
        from: Option<Timestamp>,
        /// The first instant after the term (RFC 3339)
        #[arg(long, value_name = "TIME", value_parser = instant)]
        until: Timestamp,
    },
    /// Approve an appointment: the Chair; for the Chair's seat, and for the Chair, a member of the body above
    Approve {
        /// The appointment's id, for example `appointment-12`
        id: String,
    },
    /// End an appointment: resign from your own, remove a member (the Chair), withdraw a proposal (the Secretariat)
    End {
        /// The appointment's id, for example `appointment-12`
        id: String,
        #[command(flatten)]
        because: Because,
    },
}

impl Appointment {
    pub(super) fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        let answer = match self {
            Self::List { body, person, ending } => {
                let ending = ending.then_some(true);
                let mut query = AppointmentsQuery { body, person, ending, limit: Some(MAX_LIMIT), after: None };
                let answer = pages::all(|after| {
                    query.after = after;
                    client.appointments(&query)
                })?;
                output.answer(&answer, list_text);
                return Ok(());
            }
            Self::Show { id } => client.appointment(&id)?,
            Self::Propose { person, body, seat, from, until } => {
                client.propose_appointment(&NewAppointment { person, body, seat, from, until })?
            }
            Self::Approve { id } => client.approve_appointment(&id)?,
            Self::End { id, because } => client.end_appointment(&id, &because.into())?,
        };
        output.answer(&answer, text);
        Ok(())
    }
}

fn text(held: &Held) -> String {
    record([
        ("appointment", held.id.clone()),
        ("person", format!("{} ({})", held.person.handle, held.person.name)),
        ("body", held.body.clone()),
        ("seat", held.seat.clone()),
        ("role", or_dash(held.role)),
        ("state", held.state.to_string()),
        ("proposed by", or_dash(held.proposed_by.as_ref().map(|by| &by.handle))),
        ("approved", or_dash(held.approved_at)),
        ("from", or_dash(held.from)),
        ("until", until(held)),
        ("confirmed", yes_or_no(held.confirmed)),
        ("ended", or_dash(held.ended_at)),
    ])
}

fn until(held: &Held) -> String {
    if held.ends_soon { format!("{} (soon)", held.until) } else { held.until.to_string() }
}

fn list_text(page: &Page<Held>) -> String {
    if page.items.is_empty() {
        return "No appointments that you may know of.".to_owned();
    }
    let rows = page.items.iter().map(|held| {
        [
            held.id.clone(),
            held.person.handle.clone(),
            held.body.clone(),
            held.seat.clone(),
            held.state.to_string(),
            until(held),
        ]
    });
    table(["APPOINTMENT", "PERSON", "BODY", "SEAT", "STATE", "UNTIL"], rows)
}
