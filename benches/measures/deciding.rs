//! Deciding by itself, on one core and in this process: how many decisions a second, and what a large register and many
//! needs cost.

use std::collections::{BTreeSet, HashMap};
use std::hint::black_box;
use std::time::{Duration, Instant};

use strongroom::pure::domain::apply::{Occurrence, apply};
use strongroom::pure::domain::classification::Classification;
use strongroom::pure::domain::command::{Actor, Command, NeedClaim, Request, Selector};
use strongroom::pure::domain::decide::{At, Decision, decide};
use strongroom::pure::domain::event::Event;
use strongroom::pure::domain::facts::{Change, Fact, FactKey, FactList, Facts, FactsDamaged};
use strongroom::pure::domain::id::{CredentialId, Digest, Handle, Label, NeedId};
use strongroom::pure::domain::need::NeedReason;
use strongroom::pure::domain::organisation::OrganisationKind;
use strongroom::pure::domain::time;
use strongroom::pure::domain::version::Content;
use strongroom::service::bootstrap::{ProfileFile, RegisterFile, first_events};
use strongroom::storage::seal::secret::SecretKey;
use strongroom::storage::view::{Position, View, ViewOptions};

use super::settings::Settings;
use super::table::Table;

/// Reads, refusals and hidden things over facts in memory with few needs and with many, and over a view on the disk.
pub fn measure(settings: &Settings, table: &mut Table) {
    let mut register = Register::make();
    register.add_needs(FEW_NEEDS);
    let few = rate(settings, &register.facts, &register.reads(), is_read);
    table.value(&format!("read decided, {FEW_NEEDS} needs"), per_second(few), REGISTER);

    register.add_needs(settings.needs);
    let many = rate(settings, &register.facts, &register.reads(), is_read);
    let remark = format!("{:.2} times as long as with {FEW_NEEDS} needs", few / many);
    table.value(&format!("read decided, {} needs", settings.needs), per_second(many), &remark);
    let refused = rate(settings, &register.facts, &register.refused(), |one| matches!(one, Decision::Refuse(_)));
    table.value("refused for want of a need", per_second(refused), "");
    let hidden = rate(settings, &register.facts, &register.hidden(), |one| matches!(one, Decision::Hide));
    table.value("hidden: RED of a body without a seat there", per_second(hidden), "");
    over_a_view(settings, table);
}

/// The same where the facts come from: sealed, on the disk, behind the view's cache.
fn over_a_view(settings: &Settings, table: &mut Table) {
    let mut register = Register::make();
    register.add_needs(FEW_NEEDS);
    let folder = tempfile::Builder::new().prefix("bench-view-").tempdir_in(&settings.folder).expect("a folder");
    let view = register.in_view(folder.path());
    let requests = register.reads();
    drop(register);
    let rate = rate(settings, &view, &requests, is_read);
    table.value(&format!("read decided over a view, {FEW_NEEDS} needs"), per_second(rate), "unsealed, decoded, cached");
}

fn is_read(decision: &Decision) -> bool {
    matches!(decision, Decision::Enter(_))
}

fn per_second(rate: f64) -> String {
    format!("{rate:.0}/s")
}

/// The median of the rounds: decisions a second. All come out as expected, which is checked beforehand.
fn rate(settings: &Settings, facts: &dyn Facts, requests: &[Request], expected: impl Fn(&Decision) -> bool) -> f64 {
    let at = At { index: u64::MAX >> 12, now: now() };
    for request in requests.iter().step_by(97) {
        let decided = decide(facts, request, at).expect("the facts are sound");
        assert!(expected(&decided.decision), "{request:?} is {:?}", decided.decision);
    }
    let round = || {
        let (begun, mut decided, mut took) = (Instant::now(), 0_u64, Duration::ZERO);
        while begun.elapsed() < settings.round {
            for some in requests.chunks(AT_ONCE) {
                // A request was read from the wire just now, so that it is at hand; what it asks about need not be.
                let fresh = some.to_vec();
                let begun = Instant::now();
                for request in &fresh {
                    black_box(decide(facts, black_box(request), at).is_ok());
                }
                took += begun.elapsed();
            }
            decided += requests.len() as u64;
        }
        decided as f64 / took.as_secs_f64()
    };
    let mut rates: Vec<f64> = (0..settings.rounds).map(|_| round()).collect();
    rates.sort_unstable_by(f64::total_cmp);
    rates[rates.len() / 2]
}

/// A register, documents and needs, as the entries that made them amount to.
struct Register {
    facts: InMemory,
    index: u64,
    /// The needs, in the order in which they were recorded.
    needs: Vec<NeedId>,
}

/// Facts in memory: looked up by a hash, listed in order.
#[derive(Default)]
struct InMemory {
    held: HashMap<FactKey, Fact>,
    ordered: BTreeSet<FactKey>,
}

impl InMemory {
    fn lay(&mut self, changes: Vec<Change>) {
        for (key, fact) in changes {
            match fact {
                Some(fact) => {
                    self.ordered.insert(key.clone());
                    self.held.insert(key, fact);
                }
                None => {
                    self.ordered.remove(&key);
                    self.held.remove(&key);
                }
            }
        }
    }
}

impl Facts for InMemory {
    fn fact(&self, key: &FactKey) -> Result<Option<Fact>, FactsDamaged> {
        Ok(self.held.get(key).cloned())
    }

    fn list(&self, list: &FactList, after: Option<u64>, limit: usize) -> Result<Vec<(u64, Fact)>, FactsDamaged> {
        // The index ends a key, so that a family's members follow each other.
        let first = list.at(after.map_or(0, |after| after.saturating_add(1)));
        let members = self.ordered.range(first..=list.at(u64::MAX)).take(limit);
        Ok(members.filter_map(|key| Some((list.index_of(key)?, self.held.get(key)?.clone()))).collect())
    }
}

impl Register {
    fn make() -> Self {
        let mut register = Self { facts: InMemory::default(), index: 0, needs: Vec::new() };
        for event in smki() {
            register.enter(None, &event);
        }
        for number in 0..ORGANISATIONS {
            register.enter(None, &organisation(number));
        }
        for number in 0..PEOPLE {
            let (person, credential) = (person(number), credential(&person(number)));
            register.enter(
                None,
                &Event::PersonRegistered {
                    person: person.clone(),
                    name: person.to_string(),
                    organisation: handle("organisation", number % ORGANISATIONS),
                    system: false,
                },
            );
            let (replaces, overlap_until) = (None, None);
            register.enter(None, &Event::CredentialBound { person, credential, replaces, overlap_until });
            register.enter(None, &Event::CredentialConfirmed { credential });
        }
        for number in 0..VERSIONS {
            register.lodge(number);
        }
        register
    }

    fn lodge(&mut self, number: u64) {
        let (document, label) = version(number);
        if number < DOCUMENTS {
            self.enter(
                Some("chair"),
                &Event::DocumentRegistered {
                    document: document.clone(),
                    title: document.to_string(),
                    document_kind: "certificate_policy".into(),
                    set: Handle::parse("smki").expect("a set"),
                    body: Handle::parse("pma").expect("a body"),
                },
            );
        }
        let content = Content {
            blob: "0f".repeat(16),
            digest: Digest::of(&number.to_be_bytes()),
            size: 4096,
            content_type: "application/pdf".into(),
        };
        self.enter(
            Some("chair"),
            &Event::VersionLodged {
                document: document.clone(),
                label: label.clone(),
                content,
                proposed: None,
                tlp: None,
                incorporated: None,
                effective: "2026-01-01".parse().expect("a day"),
                note: None,
                direction: None,
                signature: None,
            },
        );
        // One in ten is RED, and the others are for whoever belongs to a party.
        let classification = if number / DOCUMENTS == RED_LABEL { Classification::Red } else { Classification::Green };
        let reason = "as the meeting resolved".into();
        self.enter(
            Some("chair"),
            &Event::ClassificationDetermined { document, label, classification, reason, tlp: None },
        );
    }

    /// Has needs recorded until there are `count`, all over the people and the versions.
    fn add_needs(&mut self, count: u64) {
        for number in self.needs.len() as u64..count {
            let need = NeedId(self.index);
            let (person, (document, label)) = needed(number);
            let event = Event::NeedRecorded {
                need,
                document,
                version: Some(label),
                reason: reason(),
                valid_until: now().saturating_add(jiff::SignedDuration::from_hours(24)),
            };
            self.enter(Some(person.as_str()), &event);
            self.needs.push(need);
        }
    }

    fn enter(&mut self, person: Option<&str>, event: &Event) {
        let person = person.map(|person| Handle::parse(person).expect("a person"));
        let organisation = person.as_ref().map(|_| handle("organisation", 0));
        let occurrence = Occurrence {
            index: self.index,
            time: now(),
            person: person.as_ref(),
            organisation: organisation.as_ref(),
            document: None,
            events: std::slice::from_ref(event),
            made: None,
        };
        let changes = apply(&self.facts, &occurrence).expect("the facts are sound");
        self.facts.lay(changes);
        self.index += 1;
    }

    /// The same facts in a view on the disk.
    fn in_view(&self, folder: &std::path::Path) -> View {
        let options = ViewOptions { verify_on_open: false, ..ViewOptions::default() };
        let view = View::open(folder, &SecretKey::from_bytes([3; 32]), options).expect("a view");
        let facts: Vec<_> = self.facts.held.iter().map(|(key, fact)| (key.clone(), Some(fact.clone()))).collect();
        for (position, changes) in (1..).zip(facts.chunks(4096)) {
            view.apply(changes.to_vec(), Position { next_index: position, chain: [0; 32] }).expect("applied");
        }
        view.flush().expect("flushed");
        view
    }

    /// Reads, each on a need of its own, in no order.
    fn reads(&self) -> Vec<Request> {
        let count = self.needs.len() as u64;
        let read = |place: u64| {
            let number = scattered(place) % count;
            let (person, version) = needed(number);
            request(&person, version, Some(NeedClaim::Recorded(self.needs[number as usize])))
        };
        (0..REQUESTS).map(read).collect()
    }

    fn refused(&self) -> Vec<Request> {
        let read = |place: u64| {
            let (person, version) = needed(scattered(place));
            request(&person, version, None)
        };
        (0..REQUESTS).map(read).collect()
    }

    fn hidden(&self) -> Vec<Request> {
        let read = |place: u64| {
            let number = scattered(place);
            request(&person(number % PEOPLE), version(RED_LABEL * DOCUMENTS + number % DOCUMENTS), None)
        };
        (0..REQUESTS).map(read).collect()
    }
}

fn request(person: &Handle, (document, label): (Handle, Label), need: Option<NeedClaim>) -> Request {
    let version = Selector::Label(label);
    let command = Command::ReadContent { document, version, need, method: "GET".into(), range: None };
    Request {
        actor: Actor::Credential(credential(person)),
        command,
        request: "0c9f8f0f2b0a4b5fb9d5f0a1c2d3e4f5".into(),
    }
}

/// Who needs what: the needs lie all over the people and the GREEN versions.
fn needed(number: u64) -> (Handle, (Handle, Label)) {
    (person(scattered(number) % PEOPLE), version(scattered(number ^ 0x5555) % (RED_LABEL * DOCUMENTS)))
}

/// The SMKI profile and its people.
fn smki() -> Vec<Event> {
    let profile: ProfileFile = toml::from_str(include_str!("../../config/smki/profile.toml")).expect("a profile");
    let register = include_str!("../../config/smki/register.toml");
    let dates = [
        ("TERM_FROM", "2026-01-01"),
        ("TERM_UNTIL", "2028-01-01"),
        ("ENDED_FROM", "2024-01-01"),
        ("ENDED_UNTIL", "2026-01-01"),
    ];
    let dated = dates.into_iter().fold(register.to_owned(), |text, (name, day)| {
        text.replace(&format!("{{{name}}}"), &format!("{day}T00:00:00Z"))
    });
    let register: RegisterFile = toml::from_str(&dated).expect("a register");
    first_events(&profile, &register, |one| Ok(credential(&one.person))).expect("no contradictions")
}

fn organisation(number: u64) -> Event {
    let organisation = handle("organisation", number);
    let (name, organisation_kind) = (organisation.to_string(), OrganisationKind::Stakeholder);
    Event::OrganisationRegistered { organisation, name, organisation_kind, category: None }
}

/// Versions are counted label by label: first of each document its first one.
fn version(number: u64) -> (Handle, Label) {
    (handle("document", number % DOCUMENTS), Label::parse(&format!("{}.0", number / DOCUMENTS)).expect("a label"))
}

fn person(number: u64) -> Handle {
    handle("person", number)
}

fn handle(kind: &str, number: u64) -> Handle {
    Handle::parse(&format!("{kind}-{number}")).expect("a handle")
}

fn credential(person: &Handle) -> CredentialId {
    CredentialId(Digest::of(person.as_str().as_bytes()).0)
}

fn reason() -> NeedReason {
    let statement = "running the meters that the policy governs".into();
    NeedReason { purpose: "operate".into(), statement, reference: None }
}

fn now() -> time::Instant {
    time::Instant::parse("2026-11-24T09:30:00Z").expect("an instant")
}

/// A number that looks like no other: SplitMix64.
fn scattered(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

const ORGANISATIONS: u64 = 1_000;
const PEOPLE: u64 = 10_000;
const DOCUMENTS: u64 = 10_000;
const VERSIONS: u64 = 100_000;
/// The label whose versions are RED.
const RED_LABEL: u64 = VERSIONS / DOCUMENTS - 1;
const FEW_NEEDS: u64 = 1_000;
/// How many requests are decided in a row.
const AT_ONCE: usize = 64;
/// How many different requests go round.
const REQUESTS: u64 = 200_000;

const REGISTER: &str = "1,000 organisations, 10,000 people, 100,000 versions; one core, facts in memory";
