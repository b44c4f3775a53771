//! `strongroom conflict`: conflicts of interest.

use clap::Subcommand;

use super::common::appeals::{AppealArgs, LiftArgs, SettleArgs, appeals_text};
use super::common::failure::Failure;
use super::common::output::{Output, or_dash, record, table};
use super::common::pages;
use crate::edge::client::Client;
use crate::pure::wire::conflict::{Conflict as Declared, NewConflict};
use crate::pure::wire::page::{MAX_LIMIT, Page, PageQuery};

/// What to do with conflicts of interest.
#[derive(Debug, clap::Args)]
pub struct Conflict {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Declare a conflict of interest of your own: you neither vote nor read its RED and AMBER papers until it is recorded
    Declare(Declare),
    /// List the conflicts that you may know of
    List,
    /// Lift a conflict with a reason (the Chair; the Chair's own: the body that it answers to)
    Lift(LiftArgs),
    /// Appeal against a conflict of your own
    Appeal(AppealArgs),
    /// Say what becomes of the open appeal (whoever may lift the conflict); an upheld one lifts it
    Settle(SettleArgs),
}

#[derive(Debug, clap::Args)]
struct Declare {
    #[command(flatten)]
    about: About,
    /// Why; the audit log keeps it
    #[arg(long)]
    statement: String,
}

/// What a conflict is about: one of the two.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct About {
    /// The decision that it is about, for example `decision-77`
    #[arg(long, value_name = "ID")]
    decision: Option<String>,
    /// The document that it is about
    #[arg(long)]
    document: Option<String>,
}

impl Conflict {
    /// Declares, lists, lifts, appeals or settles.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        match self.verb {
            Verb::Declare(Declare { about: About { decision, document }, statement }) => {
                let conflict = NewConflict { decision, document, statement };
                output.answer(&client.declare_conflict(&conflict)?, text);
            }
            Verb::List => {
                let mut query = PageQuery { limit: Some(MAX_LIMIT), after: None };
                let answer = pages::all(|cursor| {
                    query.after = cursor;
                    client.conflicts(&query)
                })?;
                output.answer(&answer, list_text);
            }
            Verb::Lift(lift) => output.answer(&client.lift_conflict(&lift.id, &lift.lift(None))?, text),
            Verb::Appeal(appeal) => output.answer(&client.appeal_conflict(&appeal.id, &appeal.appeal())?, text),
            Verb::Settle(settle) => output.answer(&client.settle_conflict(&settle.id, &settle.outcome())?, text),
        }
        Ok(())
    }
}

fn text(conflict: &Declared) -> String {
    let own = record([
        ("conflict", conflict.id.clone()),
        ("of", format!("{} ({})", conflict.person.handle, conflict.person.name)),
        ("decision", or_dash(conflict.decision.as_ref())),
        ("document", or_dash(conflict.document.as_ref())),
        ("statement", conflict.statement.clone()),
        ("declared", conflict.declared_at.to_string()),
        ("state", conflict.state.to_string()),
    ]);
    own + &appeals_text(&conflict.appeals)
}

fn list_text(page: &Page<Declared>) -> String {
    if page.items.is_empty() {
        return "No conflicts of interest that you may know of.".to_owned();
    }
    let rows = page.items.iter().map(|conflict| {
        [
            conflict.id.clone(),
            conflict.person.handle.clone(),
            or_dash(conflict.decision.as_ref().or(conflict.document.as_ref())),
            conflict.declared_at.to_string(),
            conflict.state.to_string(),
        ]
    });
    table(["CONFLICT", "OF", "ABOUT", "DECLARED", "STATE"], rows)
}
