//! Bootstrap: the register's first entries, from the profile of a policy authority and the list of its people.
//!
//! Afterwards people change the register; these files change nothing any more.

use serde::Deserialize;

use super::registrar::{Answered, NotDone};
use super::startup::Running;
use super::{Repository, request};
use crate::pure::domain::body::{Body, Seat};
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

/// What the files say that cannot hold. Each finding names the thing and the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct Contradictions(pub Vec<String>);

/// The register's first events, in order. `credential_of` gives the credential of a person's certificate.
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
            Err(finding) => findings.push(finding),
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
    });
    events.push(Event::CredentialBound { person: person.clone(), credential });
    events.push(Event::CredentialConfirmed { credential });
    for held in &entry.seats {
        let (body, seat) = (held.body.clone(), held.seat.clone());
        events.push(Event::AppointmentMade {
            person: person.clone(),
            body: body.clone(),
            seat: seat.clone(),
            from: held.from,
            until: held.until,
        });
        if held.confirmed {
            events.push(Event::MemberConfirmed { person: person.clone(), body, seat });
        }
    }
    for handle in &entry.agreements {
        if let Some(signed) = profile.bodies.iter().find(|body| body.body == *handle) {
            let text = agreement_text(signed);
            events.push(Event::AgreementSigned { person: person.clone(), body: handle.clone(), text });
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
    }
}

fn agreement_text(body: &BodyEntry) -> Digest {
    Digest(crate::pure::tlog::hash::sha256(body.agreement.as_bytes()))
}

/// What the shapes alone cannot rule out.
fn check(profile: &ProfileFile, register: &RegisterFile) -> Vec<String> {
    let mut findings = profile.profile.check().err().unwrap_or_default();
    let organisations: Vec<_> = register.organisations.iter().map(|entry| &entry.organisation).collect();
    let people: Vec<_> = register.people.iter().map(|entry| &entry.person).collect();
    let bodies: Vec<_> = profile.bodies.iter().map(|entry| &entry.body).collect();
    for (kind, names) in [("organisation", &organisations), ("person", &people), ("body", &bodies)] {
        let mut sorted = names.clone();
        sorted.sort_unstable();
        let twice = sorted.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]);
        findings.extend(twice.map(|name| format!("{kind} '{name}' stands twice; remove one")));
    }
    if !organisations.contains(&&profile.profile.direction_addressee) {
        findings.push(format!(
            "profile.direction_addressee: '{}' is not a registered organisation; register it",
            profile.profile.direction_addressee
        ));
    }
    for entry in &register.organisations {
        let known = |category| profile.profile.party_categories.contains(category);
        match (&entry.category, entry.kind) {
            (None, OrganisationKind::Party) => findings.push(format!(
                "organisation '{}' is a party without a category; give one of profile.party_categories",
                entry.organisation
            )),
            (Some(category), OrganisationKind::Party) if !known(category) => findings.push(format!(
                "organisation '{}': the profile knows no party category '{}'",
                entry.organisation, category.0
            )),
            (Some(_), kind) if kind != OrganisationKind::Party => findings.push(format!(
                "organisation '{}' has a category but is not a party; remove the category",
                entry.organisation
            )),
            _ => {}
        }
    }
    for entry in &profile.bodies {
        if entry.secretariat.as_ref().is_some_and(|handle| !organisations.contains(&handle)) {
            findings.push(format!("body '{}': its secretariat is not a registered organisation", entry.body));
        }
    }
    for entry in &register.people {
        if !organisations.contains(&&entry.organisation) {
            findings.push(format!(
                "person '{}': '{}' is not a registered organisation; register it",
                entry.person, entry.organisation
            ));
        }
        findings.extend(entry.seats.iter().filter_map(|held| check_seat(profile, entry, held)));
        for body in entry.agreements.iter().chain(&entry.named_secretariat) {
            if !bodies.contains(&body) {
                findings.push(format!("person '{}': '{body}' is not a body of the profile", entry.person));
            }
        }
    }
    findings
}

fn check_seat(profile: &ProfileFile, person: &PersonEntry, held: &SeatEntry) -> Option<String> {
    let body = profile.bodies.iter().find(|body| body.body == held.body);
    if !body.is_some_and(|body| body.seats.iter().any(|seat| seat.handle == held.seat)) {
        return Some(format!(
            "person '{}': the profile has no seat '{}' on a body '{}'",
            person.person, held.seat, held.body
        ));
    }
    (held.until <= held.from)
        .then(|| format!("person '{}': the term in seat '{}' ends before it begins", person.person, held.seat))
}
