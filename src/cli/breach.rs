//! `strongroom breach`: breaches of an information-sharing rule.

use clap::Subcommand;

use super::common::appeals::{AppealArgs, LiftArgs, SettleArgs, appeals_text};
use super::common::failure::Failure;
use super::common::output::{Output, record, table};
use super::common::pages;
use crate::edge::client::Client;
use crate::pure::wire::breach::{Breach as Recorded, NewBreach};
use crate::pure::wire::page::{MAX_LIMIT, Page, PageQuery};

/// What to do with breaches.
#[derive(Debug, clap::Args)]
pub struct Breach {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Record a breach: RED and AMBER close to the person at once (the Chair; the Chair's own: the body above)
    Record(Record),
    /// List the breaches that you may know of
    List,
    /// Restore the person's access with a reason (whoever may record the breach)
    Lift(LiftArgs),
    /// Appeal against a breach that was recorded against you
    Appeal(AppealArgs),
    /// Say what becomes of the open appeal (whoever may lift the breach); an upheld one lifts it
    Settle(SettleArgs),
}

#[derive(Debug, clap::Args)]
struct Record {
    /// The person whose breach it is
    person: String,
    /// What happened; the audit log keeps it
    #[arg(long)]
    statement: String,
}

impl Breach {
    /// Records, lists, lifts, appeals or settles.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        match self.verb {
            Verb::Record(Record { person, statement }) => {
                output.answer(&client.record_breach(&NewBreach { person, statement })?, text);
            }
            Verb::List => {
                let mut query = PageQuery { limit: Some(MAX_LIMIT), after: None };
                let answer = pages::all(|cursor| {
                    query.after = cursor;
                    client.breaches(&query)
                })?;
                output.answer(&answer, list_text);
            }
            Verb::Lift(lift) => output.answer(&client.lift_breach(&lift.id, &lift.lift(None))?, text),
            Verb::Appeal(appeal) => output.answer(&client.appeal_breach(&appeal.id, &appeal.appeal())?, text),
            Verb::Settle(settle) => output.answer(&client.settle_breach(&settle.id, &settle.outcome())?, text),
        }
        Ok(())
    }
}

fn text(breach: &Recorded) -> String {
    let own = record([
        ("breach", breach.id.clone()),
        ("of", format!("{} ({})", breach.person.handle, breach.person.name)),
        ("statement", breach.statement.clone()),
        ("recorded", breach.recorded_at.to_string()),
        ("state", breach.state.to_string()),
    ]);
    own + &appeals_text(&breach.appeals)
}

fn list_text(page: &Page<Recorded>) -> String {
    if page.items.is_empty() {
        return "No breaches that you may know of.".to_owned();
    }
    let rows = page.items.iter().map(|breach| {
        [breach.id.clone(), breach.person.handle.clone(), breach.recorded_at.to_string(), breach.state.to_string()]
    });
    table(["BREACH", "OF", "RECORDED", "STATE"], rows)
}
