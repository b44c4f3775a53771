//! Given, when, then: the one place that touches the interface of `decide` and `apply`.

use std::collections::BTreeMap;

use crate::pure::domain::apply::{Occurrence, apply};
use crate::pure::domain::command::{Actor, Command, Request};
use crate::pure::domain::decide::{Answer, At, Decision, decide};
use crate::pure::domain::event::Event;
use crate::pure::domain::facts::{Fact, FactKey, Facts, FactsExt, NoFacts, Overlay};
use crate::pure::domain::id::{CredentialId, Handle};
use crate::pure::domain::refusal::{RefusalCode, Unrecognised};
use crate::pure::domain::rule::Rule;
use crate::pure::domain::standing::{Standing, Undecided};
use crate::pure::domain::time::Instant;

/// What has happened so far, and what time it is.
pub struct World {
    facts: Overlay<'static>,
    index: u64,
    now: Instant,
    entries: Vec<Entry>,
}

/// What became of a command.
pub struct Outcome {
    asked: String,
    pub result: Result<Decision, Undecided>,
}

impl World {
    /// Nothing happened yet.
    pub fn empty(now: &str) -> Self {
        Self { facts: Overlay::over(&NoFacts), index: 0, now: instant(now), entries: Vec::new() }
    }

    /// An event of the register's own.
    pub fn given(mut self, event: Event) -> Self {
        self.enter(None, None, &[event]);
        self
    }

    /// An event of an entry that `person` made.
    pub fn given_by(mut self, person: &str, event: Event) -> Self {
        self.enter(Some(person), None, &[event]);
        self
    }

    /// From here on it is `now`.
    pub fn at(mut self, now: &str) -> Self {
        self.now = instant(now);
        self
    }

    /// `person` asks, it is done, and its events happen.
    pub fn done(self, person: &str, command: Command) -> Self {
        let request = format!("request-{}", self.index);
        self.done_as(person, command, &request)
    }

    /// The same under an idempotency key.
    pub fn done_as(mut self, person: &str, command: Command, key: &str) -> Self {
        let fingerprint = command.fingerprint();
        let events = self.when_as(person, command, key).events();
        self.enter(Some(person), Some((key, fingerprint)), &events);
        self
    }

    /// `person` asks.
    pub fn when(&self, person: &str, command: Command) -> Outcome {
        self.when_as(person, command, "fresh")
    }

    /// `person` asks under an idempotency key.
    pub fn when_as(&self, person: &str, command: Command, key: &str) -> Outcome {
        self.check(Actor::Credential(credential(person)), command, key)
    }

    /// Strongroom itself or anyone else asks.
    pub fn check(&self, actor: Actor, command: Command, key: &str) -> Outcome {
        let asked = format!("{actor:?} at {}: {command:?}", self.now);
        let request = Request { actor, command, request: key.into() };
        let decided = decide(&self.facts, &request, At { index: self.index, now: self.now });
        Outcome { asked, result: decided.map(|decided| decided.decision) }
    }

    /// The index of the next entry.
    pub fn next_index(&self) -> u64 {
        self.index
    }

    /// Where the person stands, and the facts, for questions that no command asks.
    pub fn ask<T>(&self, person: &str, question: impl FnOnce(&dyn Facts, &Standing) -> T) -> T {
        question(&self.facts, &Standing::of(&self.facts, credential(person), self.now).unwrap())
    }

    /// Every fact.
    pub fn facts(self) -> BTreeMap<FactKey, Option<Fact>> {
        self.facts.into_changes()
    }

    /// The same entries again over no facts, so that a world can be compared with what its events amount to.
    pub fn replayed(&self) -> Self {
        let mut again = Self { facts: Overlay::over(&NoFacts), index: 0, now: self.now, entries: Vec::new() };
        for entry in self.entries.clone() {
            again.apply(entry);
        }
        again
    }

    /// The command is decided, and if it is done, its events happen; whether it was done.
    pub fn attempt(&mut self, person: &str, command: &Command) -> bool {
        let key = format!("request-{}", self.index);
        let Ok(Decision::Enter(grant)) = self.when_as(person, command.clone(), &key).result else { return false };
        self.enter(Some(person), Some((&key, command.fingerprint())), &grant.events);
        true
    }

    fn enter(&mut self, person: Option<&str>, made: Option<(&str, [u8; 32])>, events: &[Event]) {
        let person = person.map(handle);
        let organisation = person.as_ref().map(|one| self.facts.person(one).unwrap().unwrap().organisation.clone());
        let made = made.map(|(key, fingerprint)| (key.to_owned(), fingerprint));
        self.apply(Entry { time: self.now, person, organisation, made, events: events.to_vec() });
    }

    fn apply(&mut self, entry: Entry) {
        let occurrence = Occurrence {
            index: self.index,
            time: entry.time,
            person: entry.person.as_ref(),
            organisation: entry.organisation.as_ref(),
            document: None,
            events: &entry.events,
            made: entry.made.as_ref().map(|(key, fingerprint)| (key.as_str(), *fingerprint)),
        };
        let changes = apply(&self.facts, &occurrence).unwrap();
        self.facts.lay(changes);
        self.index += 1;
        self.entries.push(entry);
    }
}

#[derive(Clone)]
struct Entry {
    time: Instant,
    person: Option<Handle>,
    organisation: Option<Handle>,
    made: Option<(String, [u8; 32])>,
    events: Vec<Event>,
}

impl Outcome {
    /// It is entered; the events.
    #[track_caller]
    pub fn events(self) -> Vec<Event> {
        match self.result {
            Ok(Decision::Enter(grant)) => grant.events,
            other => panic!("{}\nshould be entered, and is {other:?}", self.asked),
        }
    }

    /// These events are entered.
    #[track_caller]
    pub fn then_enters<const N: usize>(self, events: [Event; N]) {
        assert_eq!(self.events(), events);
    }

    /// The content is released under the rule of that audience.
    #[track_caller]
    pub fn then_reads(self, audience: Rule) {
        let Ok(Decision::Enter(grant)) = &self.result else {
            panic!("{}\nshould be read, and is {:?}", self.asked, self.result);
        };
        assert_eq!(grant.rules, [Rule::Read1, audience, Rule::Read3], "{}", self.asked);
        assert!(matches!(grant.events.last(), Some(Event::ContentReleased { .. })), "{}", self.asked);
        assert!(matches!(grant.answer, Answer::Content(..)), "{}", self.asked);
    }

    /// The rule refuses with that code, in words, and nothing happens.
    #[track_caller]
    pub fn then_refused(self, code: RefusalCode, rule: Rule) {
        let Ok(Decision::Refuse(refusal)) = &self.result else {
            panic!("{}\nshould be refused, and is {:?}", self.asked, self.result);
        };
        assert_eq!((refusal.code, refusal.rule), (code, rule), "{}\n{}", self.asked, refusal.detail);
        assert!(!refusal.detail.is_empty() && !refusal.satisfy.is_empty(), "{}", self.asked);
    }

    /// The thing does not exist for the one who asked.
    #[track_caller]
    pub fn then_hidden(self) {
        assert!(
            matches!(self.result, Ok(Decision::Hide)),
            "{}\nshould be hidden, and is {:?}",
            self.asked,
            self.result
        );
    }

    /// It is answered without an entry.
    #[track_caller]
    pub fn then_answers(self) -> Answer {
        match self.result {
            Ok(Decision::Answer(answer)) => answer,
            other => panic!("{}\nshould be answered, and is {other:?}", self.asked),
        }
    }

    /// The version of that label is the answer.
    #[track_caller]
    pub fn then_shows(self, label: &str) {
        match self.then_answers() {
            Answer::Version(_, version) => assert_eq!(version.label.as_str(), label),
            other => panic!("a version should be the answer, and it is {other:?}"),
        }
    }

    /// Nobody known asks.
    #[track_caller]
    pub fn then_unrecognised(self, why: Unrecognised) {
        assert_eq!(self.result, Err(Undecided::Unrecognised(why)), "{}", self.asked);
    }

    /// Both are decided alike.
    #[track_caller]
    pub fn then_like(self, other: Self) {
        assert_eq!(self.result, other.result, "{}\n{}", self.asked, other.asked);
    }
}

/// An instant from RFC 3339.
pub fn instant(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

/// A handle or slug.
pub fn handle(text: &str) -> Handle {
    Handle::parse(text).unwrap()
}

/// The credential of the person of that handle.
pub fn credential(person: &str) -> CredentialId {
    let mut id = [0; 32];
    id.copy_from_slice(ring::digest::digest(&ring::digest::SHA256, person.as_bytes()).as_ref());
    CredentialId(id)
}
