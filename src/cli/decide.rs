//! `strongroom decide`: questions to a body, votes, and what came out.

use clap::builder::PossibleValuesParser;
use clap::{Subcommand, ValueEnum};

use super::common::failure::Failure;
use super::common::output::{Output, or_dash, record, table};
use super::common::pages;
use crate::edge::client::Client;
use crate::pure::domain::decision::DecisionKind;
use crate::pure::wire::decision::{
    Decision, DecisionState, DecisionsQuery, Effect, Meeting, NewDecision, NewMeeting, NewSubject, NewVote, Subject,
    Vote,
};
use crate::pure::wire::page::{MAX_LIMIT, Page};

/// What to do with decisions.
#[derive(Debug, clap::Args)]
pub struct Decide {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Put a question to a body (the Chair, a voting member or their alternate, or the Secretariat)
    Open(Box<Open>),
    /// List the decisions that you may know of
    List {
        /// Only those of this body
        #[arg(long)]
        body: Option<String>,
        /// Only those in this state
        #[arg(long)]
        state: Option<State>,
        /// Only those of this kind
        #[arg(long, value_parser = kinds())]
        kind: Option<String>,
    },
    /// Show a decision with its votes and its arithmetic
    Show {
        /// The decision's id, for example `decision-77`
        id: String,
    },
    /// Vote in your seat, once; the Chair votes to break a tie
    Vote {
        /// The decision's id, for example `decision-77`
        id: String,
        /// Your vote
        vote: Choice,
        /// The seat, if you act in several
        #[arg(long)]
        seat: Option<String>,
    },
    /// Close the vote and count it (the Chair or the Secretariat)
    Close {
        /// The decision's id, for example `decision-77`
        id: String,
    },
}

#[derive(Debug, clap::Args)]
struct Open {
    /// The body that decides
    body: String,
    /// The kind of decision
    #[arg(value_parser = kinds())]
    kind: String,
    /// The question
    #[arg(long)]
    question: String,
    /// The document that it is about
    #[arg(long, group = "subject")]
    document: Option<String>,
    /// The version of that document
    #[arg(long, value_name = "LABEL", requires = "document")]
    version: Option<String>,
    /// The body to which that RED version is disclosed (`disclose_red`)
    #[arg(long, value_name = "BODY", requires = "version")]
    to: Option<String>,
    /// The suspension to lift, for example `suspension-7` (`lift_suspension`)
    #[arg(long, value_name = "ID", group = "subject")]
    suspension: Option<String>,
    /// The organisation whose services are to be suspended (`instruct_dcc_suspension`)
    #[arg(long, group = "subject", requires = "services")]
    organisation: Option<String>,
    /// The service as a whole is to be suspended (`instruct_dcc_suspension`)
    #[arg(long, group = "subject", requires = "services")]
    service: bool,
    /// Which services are to be suspended
    #[arg(long)]
    services: Option<String>,
    /// Anything else that it is about, in words
    #[arg(long, group = "subject")]
    matter: Option<String>,
    /// The meeting at which it is put
    #[arg(long, value_name = "REFERENCE")]
    meeting: Option<String>,
    /// The meeting is an exceptional one, which is quorate whoever attends
    #[arg(long, requires = "meeting")]
    exceptional: bool,
    /// Somebody who takes part beside those who vote; can be given several times
    #[arg(long, value_name = "PERSON", requires = "meeting")]
    present: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum State {
    Open,
    Closed,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Choice {
    For,
    Against,
    Abstain,
}

impl Decide {
    /// Opens, lists, shows, votes or closes.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        match self.verb {
            Verb::Open(open) => output.answer(&client.open_decision(&NewDecision::from(*open))?, decision_text),
            Verb::List { body, state, kind } => {
                let state = state.map(|state| match state {
                    State::Open => DecisionState::Open,
                    State::Closed => DecisionState::Closed,
                });
                let mut query = DecisionsQuery { body, state, kind, limit: Some(MAX_LIMIT), after: None };
                let answer = pages::all(|cursor| {
                    query.after = cursor;
                    client.decisions(&query)
                })?;
                output.answer(&answer, list_text);
            }
            Verb::Show { id } => output.answer(&client.decision(&id)?, decision_text),
            Verb::Vote { id, vote, seat } => {
                let vote = match vote {
                    Choice::For => Vote::For,
                    Choice::Against => Vote::Against,
                    Choice::Abstain => Vote::Abstain,
                };
                output.answer(&client.vote(&id, &NewVote { vote, seat })?, decision_text);
            }
            Verb::Close { id } => output.answer(&client.close_decision(&id)?, decision_text),
        }
        Ok(())
    }
}

impl From<Open> for NewDecision {
    fn from(open: Open) -> Self {
        let (exceptional, present) = (open.exceptional, open.present);
        Self {
            body: open.body,
            kind: open.kind,
            subject: NewSubject {
                document: open.document,
                version: open.version,
                to: open.to,
                suspension: open.suspension,
                organisation: open.organisation,
                service: open.service,
                services: open.services,
                matter: open.matter,
            },
            question: open.question,
            meeting: open.meeting.map(|reference| NewMeeting::Held(Meeting { reference, exceptional, present })),
        }
    }
}

fn kinds() -> PossibleValuesParser {
    PossibleValuesParser::new(DecisionKind::ALL.map(DecisionKind::as_str))
}

fn decision_text(decision: &Decision) -> String {
    let head = record([
        ("decision", decision.id.clone()),
        ("body", decision.body.clone()),
        ("kind", decision.kind.clone()),
        ("subject", subject(&decision.subject)),
        ("question", decision.question.clone()),
        ("meeting", or_dash(decision.meeting.as_ref().map(meeting))),
        ("opened", format!("{} by {} (entry {})", decision.opened_at, decision.opened_by.handle, decision.entry)),
        (
            "closed",
            or_dash(
                decision
                    .closed
                    .as_ref()
                    .map(|closed| format!("{} by {} (entry {})", closed.at, closed.by.handle, closed.entry)),
            ),
        ),
        ("state", state(decision)),
        ("quorum", quorum(decision)),
        ("votes", votes(decision)),
        ("effect", or_dash(decision.effect.as_ref().map(effect))),
        ("directions", or_dash(Some(decision.directions.join(", ")).filter(|cited| !cited.is_empty()))),
    ]);
    if decision.votes.is_empty() {
        return format!("{head}\n\nNo votes yet.");
    }
    let rows = decision.votes.iter().map(|cast| {
        let by = if cast.alternate { format!("{} (alternate)", cast.by.handle) } else { cast.by.handle.clone() };
        let counted = cast.reason.as_ref().map_or_else(|| "yes".to_owned(), |reason| format!("no: {reason}"));
        [cast.seat.clone(), by, cast.vote.to_string(), counted, cast.entry.to_string()]
    });
    format!("{head}\n\n{}", table(["SEAT", "BY", "VOTE", "COUNTED", "ENTRY"], rows))
}

fn list_text(page: &Page<Decision>) -> String {
    if page.items.is_empty() {
        return "No decisions that you may know of.".to_owned();
    }
    let rows = page.items.iter().map(|decision| {
        [
            decision.id.clone(),
            decision.body.clone(),
            decision.kind.clone(),
            subject(&decision.subject),
            state(decision),
            votes(decision),
        ]
    });
    table(["DECISION", "BODY", "KIND", "SUBJECT", "STATE", "VOTES"], rows)
}

fn subject(subject: &Subject) -> String {
    let named = [&subject.document, &subject.version, &subject.suspension, &subject.organisation];
    let mut words: Vec<String> = named.into_iter().flatten().cloned().collect();
    words.extend(subject.service.then(|| "the service".to_owned()));
    words.extend(subject.services.as_ref().map(|services| format!("({services})")));
    words.extend(subject.to.as_ref().map(|to| format!("to {to}")));
    words.extend(subject.matter.clone());
    words.join(" ")
}

fn meeting(meeting: &Meeting) -> String {
    let exceptional = if meeting.exceptional { " (exceptional)" } else { "" };
    let present =
        if meeting.present.is_empty() { String::new() } else { format!(", with {}", meeting.present.join(", ")) };
    format!("{}{exceptional}{present}", meeting.reference)
}

fn state(decision: &Decision) -> String {
    decision.outcome.map_or_else(|| "open".to_owned(), |outcome| outcome.to_string())
}

fn quorum(decision: &Decision) -> String {
    let count = &decision.count;
    let made = if count.quorate { "quorate" } else { "no quorum" };
    let chair = match (count.chair_present, count.chair_required) {
        (true, _) => ", the Chair among them",
        (false, true) => ", without the Chair",
        (false, false) => "",
    };
    let exceptional = if count.exceptional { ", exceptional meeting" } else { "" };
    let (present, appointed, required) = (count.present, count.appointed, count.required);
    format!("{made}: {present} present of {appointed} appointed, {required} required{chair}{exceptional}")
}

fn votes(decision: &Decision) -> String {
    let count = &decision.count;
    let casting = count.casting.map(|vote| format!(", casting vote {vote}")).unwrap_or_default();
    format!("{} for, {} against, {} abstain{casting}", count.votes_for, count.votes_against, count.abstentions)
}

fn effect(effect: &Effect) -> String {
    match effect {
        Effect::VersionResolved { resolution } => format!("the version is {}", resolution.replace('_', " ")),
        Effect::RedDisclosed { grant, to } => format!("disclosed to {to} ({grant})"),
        Effect::SuspensionLifted { suspension } => format!("{suspension} is lifted"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_shown_with_its_arithmetic_and_its_votes() {
        let person = |handle: &str| serde_json::json!({"handle": handle, "name": "N"});
        let vote = |seat: &str, by: &str, vote: &str, reason: Option<&str>| {
            serde_json::json!({"seat": seat, "by": person(by), "alternate": seat != by, "vote": vote,
                               "counted": reason.is_none(), "reason": reason, "at": "2026-11-24T09:40:00Z", "entry": 80})
        };
        let decision: Decision = serde_json::from_value(serde_json::json!({
            "id": "decision-77", "body": "pma", "kind": "approve_cps",
            "subject": {"document": "device-cps", "version": "2.0",
                        "digest": "44aff4ab2d7c3250525675a08f0cfa9591168cffe51791c5f5bbc417c15a6c38"},
            "question": "Is the Device CPS 2.0 approved?",
            "meeting": {"reference": "PMA 42", "exceptional": false, "present": ["ofgem-rep"]},
            "state": "closed", "opened_at": "2026-11-24T09:30:00Z", "opened_by": person("chair"),
            "opened_as_chair": true,
            "votes": [vote("small-supplier", "small-supplier", "for", None), vote("ssc-rep", "deputy", "against", None),
                      vote("chair", "chair", "for", None),
                      vote("tabasc-rep", "tabasc-rep", "for", Some("credential_withdrawn"))],
            "count": {"votes_for": 1, "votes_against": 1, "abstentions": 0, "casting": "for", "appointed": 6,
                      "present": 3, "required": 3, "chair_present": true, "chair_required": true,
                      "exceptional": false, "quorate": true},
            "outcome": "carried", "closed": {"at": "2026-11-24T10:00:00Z", "by": person("secas"), "entry": 84},
            "effect": {"kind": "version_resolved", "resolution": "approved"}, "directions": [], "entry": 77,
        }))
        .unwrap();
        insta::assert_snapshot!(decision_text(&decision));
    }
}
