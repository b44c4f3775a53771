//! `strongroom suspension`: suspensions in an emergency, and appeals to the regulator against an instruction.

use clap::{Subcommand, ValueEnum};

use super::common::appeals::{AppealArgs, LiftArgs, SettleArgs, appeals_text, instruction_text};
use super::common::failure::Failure;
use super::common::output::{Output, record, table};
use super::common::pages;
use crate::edge::client::Client;
use crate::pure::wire::page::{MAX_LIMIT, Page, PageQuery};
use crate::pure::wire::suspension::{NewSuspension, Scope as WireScope, Suspension as Imposed};

/// What to do with suspensions.
#[derive(Debug, clap::Args)]
pub struct Suspension {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Suspend a person, an organisation or the whole service at once (the Chair)
    Impose(Impose),
    /// List the suspensions that you may know of
    List,
    /// Name the carried decision that lifts a suspension; it does so at its close
    Lift(Lift),
    /// Appeal against a suspension that concerns you, or to the regulator against an instruction (`decision-77`)
    Appeal(AppealArgs),
    /// Say what becomes of appeals to the regulator against an instruction (`decision-77`); a suspension's are settled by
    /// the decision on lifting it
    Settle(SettleArgs),
}

#[derive(Debug, clap::Args)]
struct Impose {
    #[command(flatten)]
    whom: Whom,
    /// What is stopped
    #[arg(long, value_enum)]
    scope: Scope,
    /// Why; the audit log keeps it
    #[arg(long)]
    grounds: String,
}

/// Whom a suspension concerns: one of the three.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Whom {
    /// Suspend this person
    #[arg(long)]
    person: Option<String>,
    /// Suspend everyone of this organisation
    #[arg(long)]
    organisation: Option<String>,
    /// Suspend everyone
    #[arg(long)]
    service: bool,
}

#[derive(Debug, clap::Args)]
struct Lift {
    #[command(flatten)]
    lift: LiftArgs,
    /// The carried decision of the kind lift_suspension on it, for example `decision-77`
    #[arg(long, value_name = "ID")]
    decision: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Scope {
    /// Lodging
    #[value(name = "lodge")]
    Lodge,
    /// Reading AMBER and RED
    #[value(name = "read_amber_red")]
    ReadAmberRed,
    /// Reading content of any level
    #[value(name = "read_all")]
    ReadAll,
    /// Everything but one's own record and trail, an appeal, and what lifts it
    #[value(name = "all")]
    All,
}

impl Suspension {
    /// Imposes, lists, lifts, appeals or settles.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        match self.verb {
            Verb::Impose(Impose { whom: Whom { person, organisation, service }, scope, grounds }) => {
                let service = service.then_some(true);
                let suspension = NewSuspension { person, organisation, service, scope: scope.into(), grounds };
                output.answer(&client.impose_suspension(&suspension)?, text);
            }
            Verb::List => {
                let mut query = PageQuery { limit: Some(MAX_LIMIT), after: None };
                let answer = pages::all(|cursor| {
                    query.after = cursor;
                    client.suspensions(&query)
                })?;
                output.answer(&answer, list_text);
            }
            Verb::Lift(Lift { lift, decision }) => {
                output.answer(&client.lift_suspension(&lift.id, &lift.lift(decision))?, text);
            }
            Verb::Appeal(appeal) if is_decision(&appeal.id) => {
                output.answer(&client.appeal_instruction(&appeal.id, &appeal.appeal())?, instruction_text);
            }
            Verb::Appeal(appeal) => output.answer(&client.appeal_suspension(&appeal.id, &appeal.appeal())?, text),
            Verb::Settle(settle) if is_decision(&settle.id) => {
                output.answer(&client.settle_instruction(&settle.id, &settle.outcome())?, instruction_text);
            }
            Verb::Settle(settle) => output.answer(&client.settle_suspension(&settle.id, &settle.outcome())?, text),
        }
        Ok(())
    }
}

impl From<Scope> for WireScope {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Lodge => Self::Lodge,
            Scope::ReadAmberRed => Self::ReadAmberRed,
            Scope::ReadAll => Self::ReadAll,
            Scope::All => Self::All,
        }
    }
}

fn is_decision(id: &str) -> bool {
    id.starts_with("decision-")
}

fn text(suspension: &Imposed) -> String {
    let own = record([
        ("suspension", suspension.id.clone()),
        ("of", whom(suspension)),
        ("scope", suspension.scope.to_string()),
        ("grounds", suspension.grounds.clone()),
        ("imposed", imposed(suspension)),
        ("state", suspension.state.to_string()),
    ]);
    own + &appeals_text(&suspension.appeals)
}

fn list_text(page: &Page<Imposed>) -> String {
    if page.items.is_empty() {
        return "No suspensions that you may know of.".to_owned();
    }
    let rows = page.items.iter().map(|suspension| {
        [
            suspension.id.clone(),
            whom(suspension),
            suspension.scope.to_string(),
            suspension.imposed_at.to_string(),
            suspension.state.to_string(),
        ]
    });
    table(["SUSPENSION", "OF", "SCOPE", "IMPOSED", "STATE"], rows)
}

fn whom(suspension: &Imposed) -> String {
    match (&suspension.person, &suspension.organisation) {
        (Some(person), _) => person.clone(),
        (None, Some(organisation)) => format!("{organisation} (organisation)"),
        (None, None) => "the whole service".to_owned(),
    }
}

fn imposed(suspension: &Imposed) -> String {
    match &suspension.imposed_by {
        Some(by) => format!("{} by {}", suspension.imposed_at, by.handle),
        None => suspension.imposed_at.to_string(),
    }
}
