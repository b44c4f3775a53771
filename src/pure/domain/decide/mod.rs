//! Decide: from a command and the facts at an instant to what happens, or to a refusal. It changes nothing.
//!
//! Time and the index of the entry that the decision would make come in as arguments, so that any decision can be
//! replayed. New rules are added here only: events of the past already happened.

mod audit;
mod classification;
mod decisions;
mod directions;
mod documents;
mod exemptions;
mod explaining;
mod grants;
mod log_life;
mod measures;
mod needs;
mod reading;
mod register;
mod system;
mod undertakings;
mod versions;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::command::{Actor, Command, Request, System};
use super::document::Document;
use super::event::Event;
use super::explanation::Explanation;
use super::facts::{Facts, FactsDamaged, FactsExt};
use super::id::{CredentialId, Handle};
use super::may::Denied;
use super::readers::Readers;
use super::refusal::{Refusal, RefusalCode, Unrecognised};
use super::rule::Rule;
use super::standing::{Standing, Undecided};
use super::time::Instant;
use super::version::Version;

/// Where and when a decision is made: the index of the entry that it would make, and the entry's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// The index of the entry.
    pub index: u64,
    /// The time of the entry.
    pub now: Instant,
}

/// What a command comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Events, which become one entry.
    Enter(Grant),
    /// An answer without an entry: nothing happened that was not entered before, and no content is disclosed.
    Answer(Answer),
    /// A refusal that may be explained; it becomes one entry (READ-7).
    Refuse(Refusal),
    /// For this person the thing does not exist; that becomes one entry, which tells its subject nothing (READ-6).
    Hide,
}

/// What is done, and what the decision rested on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The events.
    pub events: Vec<Event>,
    /// The rules that permitted them.
    pub rules: Vec<Rule>,
    /// The few facts that the decision rested on.
    pub grounds: Grounds,
    /// What the one who asked gets.
    pub answer: Answer,
}

/// Facts that a decision rested on, by name.
pub type Grounds = BTreeMap<String, String>;

/// What the one who asked gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The entry is the answer.
    Entered,
    /// The same request made that entry before.
    EnteredBefore {
        /// The index of the entry.
        entry: u64,
    },
    /// A document that the person may know of.
    Document(Arc<Document>),
    /// A version that the person may know of.
    Version(Arc<Document>, Arc<Version>),
    /// The content of a version.
    Content(Arc<Document>, Arc<Version>),
    /// The bytes are welcome.
    Welcome,
    /// The same version was lodged before (LODGE-3).
    LodgedBefore(Arc<Document>, Arc<Version>),
    /// Why somebody may read, or may not.
    Explained(Arc<Explanation>),
    /// Who may read a version, and who has.
    Readers(Arc<Readers>),
}

/// A decision, and who it was made for.
#[derive(Clone, Debug)]
pub struct Decided {
    /// Whoever gave the command.
    pub by: By,
    /// What it comes to.
    pub decision: Decision,
}

/// Whoever gave a command, as the facts had them at that instant.
#[derive(Clone, Debug)]
pub enum By {
    /// A person.
    Person(Standing),
    /// A person under a credential that was withdrawn: whatever is asked for is refused, and that is entered.
    Withdrawn {
        /// The person to whom the credential was bound.
        person: Handle,
        /// The credential.
        credential: CredentialId,
    },
    /// Strongroom itself.
    System(System),
}

/// Decides a command. Only where nobody known asks, or the facts are damaged, is there no decision.
pub fn decide(facts: &dyn Facts, request: &Request, at: At) -> Result<Decided, Undecided> {
    let (by, decided) = match request.actor {
        Actor::System(system) => (By::System(system), system::by_system(facts, system, &request.command, at)),
        Actor::Credential(credential) => match Standing::of(facts, credential, at.now) {
            Ok(standing) => {
                let decided = by_person(facts, &standing, request, at);
                (By::Person(standing), decided)
            }
            Err(Undecided::Unrecognised(Unrecognised::Revoked)) => {
                let person = facts.credential(credential)?.ok_or(Unrecognised::Unknown)?.person.clone();
                (By::Withdrawn { person, credential }, Err(super::refusals::credential_withdrawn().into()))
            }
            Err(undecided) => return Err(undecided),
        },
    };
    let decision = match decided {
        Ok(decision) => decision,
        Err(Denied::Hidden) => Decision::Hide,
        Err(Denied::Refused(refusal)) => Decision::Refuse(refusal),
        Err(Denied::Damaged(damaged)) => return Err(damaged.into()),
    };
    Ok(Decided { by, decision })
}

fn by_person(facts: &dyn Facts, standing: &Standing, request: &Request, at: At) -> Result<Decision, Denied> {
    let context = Context { facts, standing, at };
    // A suspension says nothing about the thing asked for, so that it comes before every look-up.
    if standing.is_suspended(|scope| scope.stops_everything()) && !exemptions::covers(&context, &request.command)? {
        return Err(super::refusals::suspended("everything but your own record, your own trail and an appeal").into());
    }
    if let Some(made) = facts.made(standing.handle(), &request.request)? {
        return same_request_again(&request.command, &made);
    }
    match &request.command {
        Command::Browse { .. } => Ok(Decision::Answer(Answer::Welcome)),
        Command::ViewDocument { document } => reading::view_document(&context, document),
        Command::ViewVersion { document, version } => reading::view_version(&context, document, version),
        Command::ReadContent { document, version, need, method, range } => {
            reading::read(&context, document, version, need.as_ref(), method, range.as_deref())
        }
        Command::RegisterDocument { document, title, document_kind, set, body } => {
            documents::register(&context, document, title, document_kind, set, body)
        }
        Command::OfferVersion { document, label, digest, direction } => {
            versions::offer(&context, document, label, *digest, *direction)
        }
        Command::LodgeVersion { .. } => versions::lodge(&context, &request.command),
        Command::DetermineClassification { .. } | Command::ProposeClassification { .. } => {
            classification::decide(&context, &request.command)
        }
        Command::PublishVersion { document, label, reason } => versions::publish(&context, document, label, reason),
        Command::WithdrawVersion { document, label, reason } => versions::withdraw(&context, document, label, reason),
        Command::RecordNeed { document, version, reason, valid_until } => {
            needs::record(&context, document, version.as_ref(), reason, *valid_until)
        }
        Command::WithdrawNeed { need } => needs::withdraw(&context, *need),
        Command::IssueDirection { document, title, requirement, due, decision } => {
            directions::issue(&context, document, title, requirement, *due, decision.as_deref())
        }
        Command::SettleDirection { direction, outcome, reason } => {
            directions::settle(&context, *direction, *outcome, reason)
        }
        Command::GiveGrant { .. }
        | Command::DirectGrant { .. }
        | Command::RevokeGrant { .. }
        | Command::TableVersion { .. } => grants::decide(&context, &request.command),
        Command::RegisterOrganisation { .. }
        | Command::RegisterPerson { .. }
        | Command::RemovePerson { .. }
        | Command::EstablishBody { .. }
        | Command::EstablishSeat { .. }
        | Command::AbolishSeat { .. }
        | Command::RecordBodyReview { .. }
        | Command::ProposeAppointment { .. }
        | Command::ApproveAppointment { .. }
        | Command::EndAppointment { .. }
        | Command::ProposeAlternate { .. }
        | Command::ApproveAlternate { .. }
        | Command::EndAlternate { .. }
        | Command::NameSecretariat { .. }
        | Command::UnnameSecretariat { .. }
        | Command::AppointAuditor { .. }
        | Command::DismissAuditor { .. }
        | Command::BindCredential { .. }
        | Command::ConfirmCredential { .. }
        | Command::RevokeCredential { .. } => register::decide(&context, &request.command),
        Command::AdoptAgreementText { .. } | Command::SignAgreement { .. } | Command::ConfirmMembership { .. } => {
            undertakings::decide(&context, &request.command)
        }
        Command::OpenDecision { .. } | Command::CastVote { .. } | Command::CloseDecision { .. } => {
            decisions::decide(&context, &request.command)
        }
        Command::DeclareConflict { .. }
        | Command::RecordBreach { .. }
        | Command::ImposeSuspension { .. }
        | Command::Appeal { .. }
        | Command::SettleAppeal { .. }
        | Command::Lift { .. } => measures::decide(&context, &request.command),
        Command::ExplainAccess { .. } | Command::ListReaders { .. } => explaining::decide(&context, &request.command),
        Command::ReadRecords { person, .. } => audit::read_records(&context, person.as_ref()),
        Command::ReadEvidence { index } => audit::read_evidence(&context, *index),
        Command::Establish { .. }
        | Command::Beat
        | Command::EnterRecovery { .. }
        | Command::AcceptClock { .. }
        | Command::RotateLogKey { .. }
        | Command::SucceedLog { .. } => Err(system_only().into()),
    }
}

/// Everything that the decision of one person's command looks at.
struct Context<'a> {
    facts: &'a dyn Facts,
    standing: &'a Standing,
    at: At,
}

impl Context<'_> {
    /// The document, if this person may know of it.
    fn known_document(&self, slug: &Handle) -> Result<Arc<Document>, Denied> {
        let document = self.facts.document(slug)?.ok_or(Denied::Hidden)?;
        if super::audience::may_know_of(self.facts, self.standing, &document)? {
            Ok(document)
        } else {
            Err(Denied::Hidden)
        }
    }

    /// The adopted profile.
    fn profile(&self) -> Result<Arc<super::profile::Profile>, FactsDamaged> {
        self.facts.profile()?.ok_or_else(|| FactsDamaged("no profile was adopted".into()))
    }

    /// The body that governs the PKI.
    fn authority(&self) -> Result<Arc<super::body::Body>, FactsDamaged> {
        super::facts::authority(self.facts)?.ok_or_else(|| FactsDamaged("the authority's body is missing".into()))
    }

    /// The originating body of `document`.
    fn body_of(&self, document: &Document) -> Result<Arc<super::body::Body>, FactsDamaged> {
        super::audience::originating_body(self.facts, document)
    }
}

/// One entry with these events that is its own answer.
fn enter<const N: usize>(events: Vec<Event>, rules: [Rule; N], grounds: Grounds) -> Decision {
    Decision::Enter(Grant { events, rules: rules.to_vec(), grounds, answer: Answer::Entered })
}

/// Grounds from names and values.
fn grounds<const N: usize>(pairs: [(&str, String); N]) -> Grounds {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A reason, title or other free text: present, bounded, without control characters.
fn check_text(rule: Rule, name: &str, text: &str, longest: usize) -> Result<(), Refusal> {
    // Invisible characters, and those that turn the direction of writing, make a text look like another one.
    let misleads =
        |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let unusable = |c: char| c.is_control() && c != '\n' && c != '\t' || misleads(c);
    if text.trim().is_empty() || text.chars().count() > longest || text.contains(unusable) {
        return Err(super::refusals::invalid(
            rule,
            format!("The {name} is empty, too long or has control or invisible characters."),
            format!("Give a {name} of 1 to {longest} characters."),
        ));
    }
    Ok(())
}

/// A title stands in lists, feeds and file names: it is one line.
fn check_title(rule: Rule, title: &str) -> Result<(), Refusal> {
    check_text(rule, "title", title, MAX_TITLE)?;
    if title.contains(char::is_control) {
        return Err(super::refusals::invalid(
            rule,
            "The title has more than one line.",
            "Give a title of one line, without tabs.",
        ));
    }
    Ok(())
}

/// The longest title, in characters.
const MAX_TITLE: usize = 200;

/// The longest reason, requirement or note, in characters.
const MAX_REASON: usize = 4_000;

fn same_request_again(command: &Command, made: &super::facts::Made) -> Result<Decision, Denied> {
    if made.command == command.fingerprint() {
        return Ok(Decision::Answer(Answer::EnteredBefore { entry: made.entry }));
    }
    Err(super::refusals::invalid(
        Rule::Read7,
        "The idempotency key was used before for another request.",
        "Use a fresh key for each request, and the same key only to repeat the same request.",
    )
    .into())
}

/// A command that another room decides.
fn misrouted() -> Denied {
    FactsDamaged("a command reached a room that does not decide it".into()).into()
}

fn system_only() -> Refusal {
    Refusal {
        code: RefusalCode::NotPermitted,
        rule: Rule::Self1,
        detail: "Only the repository itself makes such an entry.".into(),
        satisfy: "Nothing that a person can do.".into(),
    }
}

/// Which system may give which command.
fn is_of(system: System, command: &Command) -> bool {
    match command {
        Command::Establish { .. } => system == System::Bootstrap,
        Command::Beat => system == System::Heartbeat,
        Command::EnterRecovery { .. }
        | Command::AcceptClock { .. }
        | Command::RotateLogKey { .. }
        | Command::SucceedLog { .. } => system == System::Recovery,
        _ => false,
    }
}
