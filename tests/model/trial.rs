//! One history: the repository and the reference side by side.

use std::collections::BTreeMap;

use strongroom::pure::domain::appeal::Measure;
use strongroom::pure::domain::command::{Actor, Command, NeedClaim, Request, Selector};
use strongroom::pure::domain::decide::{At, Decided, Decision, decide};
use strongroom::pure::domain::facts::{Fact, FactKey, Facts, FactsExt};
use strongroom::pure::domain::grant::GrantState;
use strongroom::pure::domain::id::{CredentialId, DecisionId, GrantId, Handle, Label, NeedId, SuspensionId};
use strongroom::pure::domain::need::NeedReason;
use strongroom::pure::domain::refusal::{Refusal, RefusalCode};
use strongroom::pure::domain::time::Instant;
use strongroom::pure::record::Outcome;
use strongroom::service::bootstrap;
use strongroom::service::registrar::{Answered, NotDone};

use crate::acts::documents::{prepared, read_of};
use crate::acts::{self, Deed, first_credential};
use crate::machine::{End, Machine};
use crate::reference::{Audience, Obstacle, Reference, Tally, Verdict};

/// One step of a history.
#[derive(Clone, Debug)]
pub enum Step {
    /// People try things that are queued at once, so that one batch may hold them all.
    Try(Vec<Deed>),
    /// The last thing done is asked for again, under the same key.
    Again,
    /// Hours pass.
    Wait(u16),
    /// The process ends and starts again.
    Restart { end: End, rebuild: bool },
    /// The power fails within so many calls of the disk while people try things.
    PowerFails { deeds: Vec<Deed>, calls: u8, rebuild: bool },
    /// Everything is compared.
    Compare,
}

pub struct Trial {
    machine: Machine,
    reference: Reference,
    /// The entries that were acknowledged, with what became of their commands.
    acknowledged: BTreeMap<u64, Entry>,
    /// The index of the first entry that a person made.
    first: u64,
    /// The last thing done, with its key and entry.
    last: Option<(CredentialId, Command, String, u64)>,
    requests: u64,
    /// How often each kind of command was done.
    done: BTreeMap<String, u32>,
}

/// An entry as it must be found: its command, or of something hidden the command's kind.
struct Entry {
    command: serde_json::Value,
    outcome: Outcome,
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Saw {
    Done(u64),
    Before(u64),
    Shown,
    Refused(u64, Refusal),
    Hidden(u64),
    Unrecognised,
}

impl Trial {
    pub fn new(seed: u64) -> Self {
        let now = Instant::parse(BEGINNING).unwrap();
        let register = include_str!("../../config/smki/register.toml");
        let register = TERMS.into_iter().fold(register.to_owned(), |text, (name, date)| text.replace(name, date));
        let profile = toml::from_str(include_str!("../../config/smki/profile.toml")).unwrap();
        let register = toml::from_str(&register).unwrap();
        let first = bootstrap::first_events(&profile, &register, |one| Ok(first_credential(&one.person))).unwrap();
        let machine = Machine::establish(seed, now, &first);
        let reference = Reference::of(&first, now);
        let first = machine.next_index();
        let mut trial = Self {
            machine,
            reference,
            acknowledged: BTreeMap::new(),
            first,
            last: None,
            requests: 0,
            done: BTreeMap::new(),
        };
        trial.prepare();
        trial
    }

    /// Two documents with a version of every level, and a third whose versions nobody determines.
    fn prepare(&mut self) {
        for (number, (body, lodger)) in
            [("pma", "chair"), ("pma", "chair"), ("panel", "panel-member")].into_iter().enumerate()
        {
            let commands = prepared(number, body, body == "pma").into_iter();
            let requests = commands.map(|command| {
                self.requests += 1;
                (first_credential(&acts::handle(lodger)), command, format!("request-{}", self.requests))
            });
            let requests = requests.collect();
            self.submit_all(requests);
        }
    }

    pub fn take(&mut self, step: &Step) {
        match step {
            Step::Try(deeds) => self.attempt(deeds),
            Step::Again => self.again(),
            Step::Wait(hours) => self.reference.now = self.machine.wait(*hours),
            Step::Restart { end, rebuild } => self.restart(*end, *rebuild),
            Step::PowerFails { deeds, calls, rebuild } => {
                self.machine.power_off_in(u64::from(*calls));
                self.attempt(deeds);
                self.restart(End::PowerOff, *rebuild);
            }
            Step::Compare => self.compare(),
        }
    }

    /// Ends the history; how often each kind of command was done in it.
    pub fn finish(mut self) -> BTreeMap<String, u32> {
        self.restart(End::Stop, false);
        self.done
    }

    /// Submits what people try at once. What each is about is chosen before the first is decided.
    fn attempt(&mut self, deeds: &[Deed]) {
        let mut requests = Vec::new();
        for deed in deeds {
            if let Some((credential, command)) = deed.command(&self.reference) {
                self.requests += 1;
                requests.push((credential, command, format!("request-{}", self.requests)));
            }
        }
        self.submit_all(requests);
    }

    fn submit_all(&mut self, requests: Vec<(CredentialId, Command, String)>) {
        let of = |(credential, command, request): &(CredentialId, Command, String)| {
            (Actor::Credential(*credential), command.clone(), request.clone())
        };
        let answers = self.machine.submit(&requests.iter().map(of).collect::<Vec<_>>());
        let mut in_flight = Vec::new();
        for ((credential, command, request), answer) in requests.into_iter().zip(answers) {
            match saw(answer) {
                Some(saw) => self.agree(credential, &command, &request, saw),
                None => in_flight.push((credential, command, request)),
            }
        }
        if !in_flight.is_empty() {
            self.settle(in_flight);
        }
    }

    /// The power failed, and nobody was told what became of these: all of them are there as they should be, or, from the
    /// first that is not, none.
    fn settle(&mut self, in_flight: Vec<(CredentialId, Command, String)>) {
        let from = self.next_expected();
        let cuts = self.machine.restart(End::PowerOff, false);
        let mut index = from;
        let end = self.machine.next_index() - cuts;
        for (credential, command, request) in in_flight {
            if index >= end {
                break;
            }
            let record = self.machine.record(index);
            if record.request != request {
                // It was answered without an entry.
                continue;
            }
            let saw = match record.outcome {
                Outcome::Done => Saw::Done(index),
                Outcome::NotFound => Saw::Hidden(index),
                Outcome::Refused => Saw::Refused(index, refusal_of(&record)),
            };
            self.agree(credential, &command, &request, saw);
            index += 1;
        }
        assert_eq!(index, end, "entries that nobody asked for");
        self.remember_cuts(end);
        self.check();
    }

    /// The reference judges what was seen, and learns from it.
    fn agree(&mut self, credential: CredentialId, command: &Command, request: &str, saw: Saw) {
        let verdict = self.reference.judge(credential, command);
        let agrees = match (&verdict, &saw) {
            (Verdict::Done, Saw::Done(_))
            | (Verdict::Shown, Saw::Shown)
            | (Verdict::Refused, Saw::Refused(..))
            | (Verdict::Hidden, Saw::Hidden(_))
            | (Verdict::NotDone, Saw::Refused(..) | Saw::Hidden(_))
            | (Verdict::Unrecognised, Saw::Unrecognised) => true,
            (Verdict::Free, saw) => *saw != Saw::Unrecognised,
            _ => false,
        };
        let person = self.reference.credentials.get(&credential).map(|one| one.person.clone());
        assert!(
            agrees,
            "{person:?} tried {command:?}\nthe rules say {verdict:?}, and it was {saw:?}\nat {}",
            self.reference.now
        );
        match saw {
            Saw::Done(index) => {
                let kind = serde_json::to_value(command).unwrap()["kind"].as_str().unwrap().to_owned();
                *self.done.entry(kind).or_default() += 1;
                let person = person.unwrap();
                let tally = match command {
                    Command::CloseDecision { decision } => Some((*decision, self.reference.count(decision.0, &person))),
                    _ => None,
                };
                self.remember(index, command, Outcome::Done);
                self.reference.done(index, &person, credential, command);
                if let Some((decision, tally)) = tally {
                    self.compare_count(decision, &tally);
                }
                self.last = Some((credential, command.clone(), request.to_owned(), index));
            }
            Saw::Refused(index, _) => self.remember(index, command, Outcome::Refused),
            Saw::Hidden(index) => self.remember(index, command, Outcome::NotFound),
            Saw::Before(_) | Saw::Shown | Saw::Unrecognised => {}
        }
    }

    fn remember(&mut self, index: u64, command: &Command, outcome: Outcome) {
        let mut command = serde_json::to_value(command).unwrap();
        if outcome == Outcome::NotFound {
            // READ-6: what it asked for is recorded by its names alone.
            command = command["kind"].take();
        }
        assert!(self.acknowledged.insert(index, Entry { command, outcome }).is_none(), "entry {index} came twice");
    }

    /// The entries by which a start recorded what it cut.
    fn remember_cuts(&mut self, from: u64) {
        for index in from..self.machine.next_index() {
            let record = self.machine.record(index);
            assert_eq!(record.command["kind"], "enter_recovery");
            self.acknowledged.insert(index, Entry { command: record.command, outcome: record.outcome });
        }
    }

    fn next_expected(&self) -> u64 {
        let last = self.acknowledged.last_key_value().map(|(index, _)| *index);
        last.map_or(self.first, |last| last + 1)
    }

    /// READ-7 and idempotency: the same request again makes no entry, unless it discloses.
    fn again(&mut self) {
        let Some((credential, command, request, entry)) = self.last.clone() else { return };
        if matches!(command, Command::ReadContent { .. } | Command::ReadRecords { .. }) {
            return;
        }
        let answer =
            self.machine.submit(&[(Actor::Credential(credential), command.clone(), request.clone())]).pop().unwrap();
        let saw = saw(answer).expect("the power is on");
        let lasting = self.reference.judge(
            credential,
            &Command::Appeal { against: Measure::Decision(DecisionId(0)), statement: String::new() },
        );
        match saw {
            Saw::Before(before) => assert_eq!(before, entry),
            // The credential, or the person, may have been stopped since.
            Saw::Refused(index, refusal) => {
                assert!(
                    matches!(refusal.code, RefusalCode::CredentialRevoked | RefusalCode::Suspended),
                    "{command:?}: {refusal:?}"
                );
                self.remember(index, &command, Outcome::Refused);
            }
            other => assert_eq!((other, lasting), (Saw::Unrecognised, Verdict::Unrecognised)),
        }
    }

    fn restart(&mut self, end: End, rebuild: bool) {
        let before = self.machine.next_index();
        let cuts = self.machine.restart(end, rebuild);
        assert_eq!(self.machine.next_index(), before + cuts, "nothing was in flight");
        self.remember_cuts(before);
        self.check();
    }

    /// Everything acknowledged is there, and a view made anew is the live one.
    fn check(&mut self) {
        for (index, Entry { command, outcome }) in &self.acknowledged {
            let record = self.machine.record(*index);
            let hidden = *outcome == Outcome::NotFound;
            let held = if hidden { &record.command["kind"] } else { &record.command };
            assert_eq!((held, &record.outcome), (command, outcome), "entry {index}");
        }
        self.machine.check_rebuilt_view();
        self.compare();
    }

    fn compare(&self) {
        let facts = self.machine.view();
        for (id, decision) in &self.reference.decisions {
            let held = facts.decision(DecisionId(*id)).unwrap().expect("a decision");
            assert_eq!(held.closed.as_ref().map(|closing| closing.outcome), decision.outcome, "decision {id}");
        }
        for (id, grant) in &self.reference.grants {
            let version =
                strongroom::pure::domain::facts::granted_version(facts, GrantId(*id)).unwrap().expect("a grant");
            let held = version.grants.iter().find(|one| one.id.0 == *id).expect("a grant");
            assert_eq!(held.holds(self.reference.now), self.reference.holds(grant), "grant {id}");
            assert_eq!(held.state == GrantState::Revoked, grant.revoked, "grant {id}");
        }
        for (id, suspension) in &self.reference.suspensions {
            let whom = facts.suspended(SuspensionId(*id)).unwrap();
            assert_eq!(whom.as_ref(), Some(&suspension.whom), "suspension {id}");
            assert_eq!(is_lifted(facts, *id), suspension.lifted, "suspension {id}");
        }
        for (id, need) in &self.reference.needs {
            let held = facts.need(NeedId(*id)).unwrap().expect("a need");
            assert_eq!(
                (&held.person, held.withdrawn_at.is_some(), held.valid_until),
                (&need.person, need.withdrawn, need.until)
            );
        }
        for person in self.reference.people.keys() {
            for name in self.reference.versions.keys() {
                self.compare_reading(person, name);
            }
        }
    }

    /// Who may know of a version, and read it on words that suffice for it.
    fn compare_reading(&self, person: &Handle, name: &(Handle, Label)) {
        let credential = first_credential(person);
        let view = Command::ViewVersion { document: name.0.clone(), version: Selector::Label(name.1.clone()) };
        self.compare_decision(person, credential, &view);
        for purpose in ["meeting", "secretariat_processing"] {
            let statement = "preparing what the committee asked for".into();
            let reason = NeedReason { purpose: purpose.into(), statement, reference: Some("meeting 42".into()) };
            let read = read_of(name.0.clone(), name.1.clone(), Some(NeedClaim::Inline(reason)));
            let decision = self.compare_decision(person, credential, &read);
            let only = self.reference.only_obstacle(person, name).and_then(code_of);
            if let (Some(Decision::Refuse(refusal)), Some(code)) = (decision, only)
                && self.reference.scopes(person).is_empty()
                && self.reference.credential_holds(credential)
            {
                assert_eq!(refusal.code, code, "{person} and {name:?}: {refusal:?}");
            }
        }
    }

    /// Decides without asking the registrar, so that nothing is entered.
    fn compare_decision(&self, person: &Handle, credential: CredentialId, command: &Command) -> Option<Decision> {
        let request =
            Request { actor: Actor::Credential(credential), command: command.clone(), request: "compare".into() };
        let at = At { index: self.machine.next_index(), now: self.reference.now };
        let decided = decide(self.machine.view(), &request, at);
        let verdict = self.reference.judge(credential, command);
        let agrees = match (&decided, verdict) {
            (Err(_), Verdict::Unrecognised) => true,
            (Ok(Decided { decision, .. }), verdict) => matches!(
                (decision, verdict),
                (Decision::Enter(_), Verdict::Done)
                    | (Decision::Answer(_), Verdict::Shown)
                    | (Decision::Refuse(_), Verdict::Refused)
                    | (Decision::Hide, Verdict::Hidden)
            ),
            _ => false,
        };
        let audience = match command.document().zip(command.version_name()) {
            Some((document, label)) if self.reference.people[person].active => {
                Some(self.reference.audience(person, &(document.clone(), Label::parse(label).unwrap())))
            }
            _ => None::<Audience>,
        };
        assert!(
            agrees,
            "{person} asks for {command:?}\nthe rules say {verdict:?} ({audience:?}), and it is {decided:?}\nat {}",
            self.reference.now
        );
        decided.ok().map(|decided| decided.decision)
    }

    fn compare_count(&self, decision: DecisionId, tally: &Tally) {
        let held = self.machine.view().decision(decision).unwrap().expect("a decision");
        let closing = held.closed.as_ref().expect("it was closed");
        let count = &closing.count;
        let found = Tally {
            votes_for: count.votes_for,
            votes_against: count.votes_against,
            abstentions: count.abstentions,
            appointed: count.appointed,
            present: count.present,
            required: count.required,
            quorate: count.quorate,
            outcome: closing.outcome,
        };
        assert_eq!(&found, tally, "{held:?} at {}", self.reference.now);
    }
}

/// What was seen; `None` where the log was lost meanwhile.
fn saw(answer: Result<Answered, NotDone>) -> Option<Saw> {
    Some(match answer {
        Ok(Answered::EnteredBefore { entry }) => Saw::Before(entry),
        Ok(answered) => match answered.entry() {
            Some(entry) => Saw::Done(entry),
            None => Saw::Shown,
        },
        Err(NotDone::Refused { refusal, entry }) => Saw::Refused(entry, refusal),
        Err(NotDone::Hidden { entry }) => Saw::Hidden(entry),
        Err(NotDone::Unrecognised(_)) => Saw::Unrecognised,
        Err(NotDone::LogUnavailable(_) | NotDone::LogFull(_)) => return None,
        Err(other) => panic!("a request came to {other:?}"),
    })
}

fn refusal_of(record: &strongroom::pure::record::Record) -> Refusal {
    let code = record.facts.as_ref().and_then(|facts| facts.get("code")).expect("a refusal has a code");
    Refusal {
        code: serde_json::from_value(code.as_str().into()).unwrap(),
        rule: record.rules.as_ref().expect("a refusal has a rule")[0],
        detail: String::new(),
        satisfy: String::new(),
    }
}

fn code_of(obstacle: Obstacle) -> Option<RefusalCode> {
    match obstacle {
        Obstacle::Agreement => Some(RefusalCode::AgreementRequired),
        Obstacle::Conflict => Some(RefusalCode::ConflictOfInterest),
        Obstacle::Breach | Obstacle::Suspension => Some(RefusalCode::Suspended),
        Obstacle::Never => None,
    }
}

fn is_lifted(facts: &dyn Facts, id: u64) -> bool {
    use strongroom::pure::domain::event::Suspended;
    let whom = facts.suspended(SuspensionId(id)).unwrap().expect("a suspension");
    let suspensions = match &whom {
        Suspended::Person(person) => facts.person(person).unwrap().unwrap().suspensions.clone(),
        Suspended::Organisation(one) => facts.organisation(one).unwrap().unwrap().suspensions.clone(),
        Suspended::Service => match facts.fact(&FactKey::Service).unwrap() {
            Some(Fact::Service(service)) => service.suspensions.clone(),
            other => panic!("the service is {other:?}"),
        },
    };
    suspensions.iter().find(|one| one.id.0 == id).expect("a suspension").lifted
}

/// When a history begins.
const BEGINNING: &str = "2026-11-24T09:30:00Z";

/// The terms of the register's members: one ended, the others end in a year.
const TERMS: [(&str, &str); 4] = [
    ("{TERM_FROM}", "2026-06-01T00:00:00Z"),
    ("{TERM_UNTIL}", "2027-11-01T00:00:00Z"),
    ("{ENDED_FROM}", "2024-11-01T00:00:00Z"),
    ("{ENDED_UNTIL}", "2026-11-23T00:00:00Z"),
];
