//! Bootstrap: the register's first entries, from the profile of a policy authority and the list of its people.
//!
//! Afterwards people change the register; these files change nothing any more.

use serde::Deserialize;

use super::registrar::{Answered, NotDone};
use super::startup::Running;
use super::{Repository, request};
use crate::pure::domain::body::{Body, BodyRules, Seat, SeatRole};
use crate::pure::domain::command::{Actor, Command, System};
use crate::pure::domain::event::Event;
use crate::pure::domain::id::{CredentialId, Digest, Handle};
use crate::pure::domain::organisation::{OrganisationKind, PartyCategory};
use crate::pure::domain::profile::Profile;
use crate::pure::domain::time::Instant;

/// The file of a policy authority: what it decides as data, and its bodies.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileFile {
    /// Sets, types, purposes, limits, calendar.
    pub profile: Profile,
    /// The bodies with their seats.
    pub bodies: Vec<BodyEntry>,
}

/// A body in a profile's file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BodyEntry {
    /// Its handle.
    pub body: Handle,
    /// Its name.
    pub name: String,
    /// The organisation that is its Secretariat.
    #[serde(default)]
    pub secretariat: Option<Handle>,
    /// Whether its members receive every body's AMBER papers, as the SEC Panel does.
    #[serde(default)]
    pub receives_amber: bool,
    /// The text of the Confidentiality and Disclosure Agreement that its members sign; its SHA-256 is what they agree to.
    pub agreement: String,
    /// The text by which a member confirms to serve; the common one if absent.
    #[serde(default)]
    pub confirmation: Option<String>,
    /// The body that it answers to, which speaks where its Chair would speak for themself.
    #[serde(default)]
    pub answers_to: Option<Handle>,
    /// How it decides, and for how long its members serve; what is left out is as for the SMKI PMA.
    #[serde(default)]
    pub rules: BodyRules,
    /// Its seats.
    pub seats: Vec<Seat>,
}

/// The file of people: who is in the register from the first entry on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterFile {
    /// The organisations.
    pub organisations: Vec<OrganisationEntry>,
    /// The people.
    pub people: Vec<PersonEntry>,
}

/// An organisation in the file of people.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganisationEntry {
    /// Its handle.
    pub organisation: Handle,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// The party category, for a party.
    #[serde(default)]
    pub category: Option<PartyCategory>,
}

/// A person in the file of people.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonEntry {
    /// The person's handle.
    pub person: Handle,
    /// The person's name.
    pub name: String,
    /// The person's organisation.
    pub organisation: Handle,
    /// Whether it is a named system of the organisation and no natural person.
    #[serde(default)]
    pub system: bool,
    /// The person's client certificate, a PEM file relative to this file.
    pub certificate: String,
    /// The seats to which the person is appointed.
    #[serde(default)]
    pub seats: Vec<SeatEntry>,
    /// The bodies whose agreement the person signed.
    #[serde(default)]
    pub agreements: Vec<Handle>,
    /// The bodies whose RED papers the person handles as named staff of the Secretariat.
    #[serde(default)]
    pub named_secretariat: Vec<Handle>,
    /// Whether the person is the auditor.
    #[serde(default)]
    pub auditor: bool,
}

/// An appointment in the file of people.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeatEntry {
    /// The body.
    pub body: Handle,
    /// The seat.
    pub seat: Handle,
    /// The first instant of the term.
    pub from: Instant,
    /// The first instant after the term.
    pub until: Instant,
    /// Whether the member gave the confirmation of ToR section 7.9.
    #[serde(default)]
    pub confirmed: bool,
}

/// What the files say that cannot hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct Contradictions(pub Vec<Finding>);

/// One thing that cannot hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{about}: {what}")]
pub struct Finding {
    /// Where it is said.
    pub about: About,
    /// What cannot hold, then the remedy after a semicolon.
    pub what: String,
}

/// The part of the two files that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// A key under `profile` in the profile's file, with dots between its parts.
    Profile(String),
    /// A body in the profile's file.
    Body(Handle),
    /// An organisation in the file of people.
    Organisation(Handle),
    /// A person in the file of people.
    Person(Handle),
}

impl std::fmt::Display for About {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Profile(key) => write!(f, "profile.{key}"),
            Self::Body(handle) => write!(f, "body '{handle}'"),
            Self::Organisation(handle) => write!(f, "organisation '{handle}'"),
            Self::Person(handle) => write!(f, "person '{handle}'"),
        }
    }
}

/// The register's first events, in order. `credential_of` gives the credential of a person's certificate, or says what
/// is wrong with it and the remedy.
pub fn first_events(
    profile: &ProfileFile,
    register: &RegisterFile,
    credential_of: impl Fn(&PersonEntry) -> Result<CredentialId, String>,
) -> Result<Vec<Event>, Contradictions> {
    let mut findings = check(profile, register);
    let mut events = vec![Event::ProfileAdopted { profile: Box::new(profile.profile.clone()) }];
    for entry in &register.organisations {
        events.push(Event::OrganisationRegistered {
            organisation: entry.organisation.clone(),
            name: entry.name.clone(),
            organisation_kind: entry.kind,
            category: entry.category.clone(),
        });
    }
    events.extend(profile.bodies.iter().map(|entry| Event::BodyEstablished { body: Box::new(body(entry)) }));
    for entry in &register.people {
        match credential_of(entry) {
            Ok(credential) => person(&mut events, profile, entry, credential),
            Err(what) => findings.push(Finding { about: About::Person(entry.person.clone()), what }),
        }
    }
    events.push(Event::RegisterEstablished);
    if findings.is_empty() { Ok(events) } else { Err(Contradictions(findings)) }
}

impl Running {
    /// Makes the register's first entries.
    pub fn establish(&self, events: Vec<Event>) -> Result<u64, NotDone> {
        let mut entries = 0;
        for event in events {
            self.repository.establish(event)?;
            entries += 1;
        }
        Ok(entries)
    }
}

impl Repository {
    fn establish(&self, event: Event) -> Result<Answered, NotDone> {
        let command = Command::Establish { event: Box::new(event) };
        self.registrar.submit_blocking(request(Actor::System(System::Bootstrap), command, None)?)
    }
}

fn person(events: &mut Vec<Event>, profile: &ProfileFile, entry: &PersonEntry, credential: CredentialId) {
    let person = &entry.person;
    events.push(Event::PersonRegistered {
        person: person.clone(),
        name: entry.name.clone(),
        organisation: entry.organisation.clone(),
        system: entry.system,
    });
    let bound = Event::CredentialBound { person: person.clone(), credential, replaces: None, overlap_until: None };
    events.push(bound);
    events.push(Event::CredentialConfirmed { credential });
    for held in &entry.seats {
        let (body, seat) = (held.body.clone(), held.seat.clone());
        events.push(Event::AppointmentMade {
            person: person.clone(),
            body: body.clone(),
            seat: seat.clone(),
            from: held.from,
            until: held.until,
            appointment: None,
        });
        if held.confirmed {
            let (person, text, appointment, signature) = (person.clone(), None, None, None);
            events.push(Event::MemberConfirmed { person, body, seat, appointment, text, signature });
        }
    }
    for handle in &entry.agreements {
        if let Some(signed) = profile.bodies.iter().find(|body| body.body == *handle) {
            let text = agreement_text(signed);
            let (person, body, signature) = (person.clone(), handle.clone(), None);
            events.push(Event::AgreementSigned { person, body, text, signature });
        }
    }
    for body in &entry.named_secretariat {
        events.push(Event::SecretariatNamed { person: person.clone(), body: body.clone() });
    }
    if entry.auditor {
        events.push(Event::AuditorAppointed { person: person.clone() });
    }
}

fn body(entry: &BodyEntry) -> Body {
    Body {
        handle: entry.body.clone(),
        name: entry.name.clone(),
        seats: entry.seats.clone(),
        secretariat: entry.secretariat.clone(),
        receives_amber: entry.receives_amber,
        agreement_text: agreement_text(entry),
        agreement: Some(entry.agreement.clone()),
        confirmation: entry.confirmation.clone(),
        answers_to: entry.answers_to.clone(),
        rules: entry.rules.clone(),
        reviews: Vec::new(),
    }
}

fn agreement_text(body: &BodyEntry) -> Digest {
    Digest(crate::pure::tlog::hash::sha256(body.agreement.as_bytes()))
}

/// What the shapes alone cannot rule out.
fn check(profile: &ProfileFile, register: &RegisterFile) -> Vec<Finding> {
    let mut findings = check_profile(profile, register);
    for entry in &profile.bodies {
        findings.extend(check_body(entry, profile, register));
    }
    for entry in &register.organisations {
        findings.extend(check_organisation(entry, profile, register));
    }
    for entry in &register.people {
        findings.extend(check_person(entry, profile, register));
    }
    findings
}

fn check_profile(profile: &ProfileFile, register: &RegisterFile) -> Vec<Finding> {
    // Each of these begins with the key and a colon.
    let of_key = |text: String| {
        let (key, what) = text.split_once(": ").unwrap_or(("", &text));
        Finding { about: About::Profile(key.into()), what: what.into() }
    };
    let mut findings: Vec<_> = profile.profile.check().err().unwrap_or_default().into_iter().map(of_key).collect();
    let authority = profile.profile.authority();
    if !authority.as_ref().is_some_and(|authority| profile.bodies.iter().any(|one| one.body == *authority)) {
        let what = "is not a body of the profile; name the one that governs the PKI".into();
        findings.push(Finding { about: About::Profile("authority".into()), what });
    }
    let addressee = &profile.profile.direction_addressee;
    if !is_registered(register, addressee) {
        let what = format!("'{addressee}' is not a registered organisation; register it");
        findings.push(Finding { about: About::Profile("direction_addressee".into()), what });
    }
    findings
}

fn check_body(entry: &BodyEntry, profile: &ProfileFile, register: &RegisterFile) -> Vec<Finding> {
    let mut whats = Vec::new();
    if profile.bodies.iter().filter(|other| other.body == entry.body).count() > 1 {
        whats.push("stands twice; remove one".into());
    }
    if let Some(secretariat) = entry.secretariat.as_ref().filter(|handle| !is_registered(register, handle)) {
        whats.push(format!("its secretariat '{secretariat}' is not a registered organisation; register it"));
    }
    let over = entry.answers_to.as_ref();
    if let Some(over) = over.filter(|over| **over == entry.body || !profile.bodies.iter().any(|one| one.body == **over))
    {
        whats.push(format!("it answers to '{over}', which is not another body of the profile; name one of its bodies"));
    }
    let mut seats: Vec<_> = entry.seats.iter().map(|seat| &seat.handle).collect();
    seats.sort_unstable();
    let twice = seats.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]);
    whats.extend(twice.map(|seat| format!("its seat '{seat}' stands twice; remove one")));
    if entry.seats.iter().filter(|seat| seat.role == SeatRole::Chair).count() > 1 {
        whats.push("has more than one seat with the role chair; make the others voting".into());
    }
    about(&About::Body(entry.body.clone()), whats)
}

fn check_organisation(entry: &OrganisationEntry, profile: &ProfileFile, register: &RegisterFile) -> Vec<Finding> {
    let mut whats = Vec::new();
    if register.organisations.iter().filter(|other| other.organisation == entry.organisation).count() > 1 {
        whats.push("stands twice; remove one".into());
    }
    let categories = &profile.profile.party_categories;
    match (&entry.category, entry.kind) {
        (None, OrganisationKind::Party) => {
            whats.push("is a party without a category; give one of profile.party_categories".into());
        }
        (Some(category), OrganisationKind::Party) if !categories.contains(category) => {
            whats.push(format!("the profile knows no party category '{}'; give one of its own", category.0));
        }
        (Some(_), kind) if kind != OrganisationKind::Party => {
            whats.push("has a category but is not a party; remove the category".into());
        }
        _ => {}
    }
    about(&About::Organisation(entry.organisation.clone()), whats)
}

fn check_person(entry: &PersonEntry, profile: &ProfileFile, register: &RegisterFile) -> Vec<Finding> {
    let mut whats = Vec::new();
    if register.people.iter().filter(|other| other.person == entry.person).count() > 1 {
        whats.push("stands twice; remove one".into());
    }
    if !is_registered(register, &entry.organisation) {
        whats.push(format!("'{}' is not a registered organisation; register it", entry.organisation));
    }
    whats.extend(entry.seats.iter().filter_map(|held| check_seat(profile, held)));
    for body in entry.agreements.iter().chain(&entry.named_secretariat) {
        if !profile.bodies.iter().any(|known| known.body == *body) {
            whats.push(format!("'{body}' is not a body of the profile; name one of its bodies"));
        }
    }
    about(&About::Person(entry.person.clone()), whats)
}

fn check_seat(profile: &ProfileFile, held: &SeatEntry) -> Option<String> {
    let body = profile.bodies.iter().find(|body| body.body == held.body);
    if !body.is_some_and(|body| body.seats.iter().any(|seat| seat.handle == held.seat)) {
        return Some(format!(
            "the profile has no seat '{}' on a body '{}'; name one that it has",
            held.seat, held.body
        ));
    }
    (held.until <= held.from)
        .then(|| format!("the term in seat '{}' ends before it begins; give a later until", held.seat))
}

fn about(about: &About, whats: Vec<String>) -> Vec<Finding> {
    whats.into_iter().map(|what| Finding { about: about.clone(), what }).collect()
}

fn is_registered(register: &RegisterFile, handle: &Handle) -> bool {
    register.organisations.iter().any(|known| known.organisation == *handle)
}
