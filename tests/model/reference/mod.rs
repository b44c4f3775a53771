//! The reference: what the repository should hold and allow, written from the rules and not from the code that decides.
//!
//! It learns from commands that were acknowledged alone, never from events or facts. It is small because it is slow: every
//! question is a walk over everything.

mod audience;
mod effects;
mod judge;
mod meetings;
mod offices;

use std::collections::{BTreeMap, BTreeSet};

use strongroom::pure::domain::body::SeatRole;
use strongroom::pure::domain::classification::Classification;
use strongroom::pure::domain::conflict::ConflictSubject;
use strongroom::pure::domain::decision::{DecisionKind, DecisionOutcome, DecisionSubject, Vote};
use strongroom::pure::domain::event::{Event, Suspended};
use strongroom::pure::domain::grant::{GrantKind, Grantee};
use strongroom::pure::domain::id::{CredentialId, Digest, Handle, Label};
use strongroom::pure::domain::need::NeedReason;
use strongroom::pure::domain::organisation::OrganisationKind;
use strongroom::pure::domain::suspension::SuspensionScope;
use strongroom::pure::domain::time::Instant;

pub use audience::{Audience, Obstacle};
pub use judge::Verdict;
pub use meetings::Tally;

/// Everything that the rules speak of.
#[derive(Clone, Debug)]
pub struct Reference {
    pub now: Instant,
    /// The body that governs the PKI.
    pub authority: Handle,
    /// Who is directed to lodge.
    pub addressee: Handle,
    pub categories: Vec<String>,
    pub organisations: BTreeMap<Handle, Organisation>,
    pub bodies: BTreeMap<Handle, Body>,
    pub people: BTreeMap<Handle, Person>,
    pub credentials: BTreeMap<CredentialId, Credential>,
    pub appointments: BTreeMap<u64, Appointment>,
    pub alternates: BTreeMap<u64, Alternate>,
    pub documents: BTreeMap<Handle, Document>,
    pub versions: BTreeMap<(Handle, Label), Version>,
    pub grants: BTreeMap<u64, Grant>,
    pub needs: BTreeMap<u64, Need>,
    pub directions: BTreeMap<u64, Direction>,
    pub decisions: BTreeMap<u64, Decision>,
    pub conflicts: BTreeMap<u64, Conflict>,
    pub breaches: BTreeMap<u64, Breach>,
    pub suspensions: BTreeMap<u64, Suspension>,
}

#[derive(Clone, Debug)]
pub struct Organisation {
    pub kind: OrganisationKind,
    pub category: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Body {
    pub seats: Vec<(Handle, SeatRole, String)>,
    pub secretariat: Option<Handle>,
    pub receives_amber: bool,
    pub answers_to: Option<Handle>,
    pub agreement: Digest,
    pub confirmation: Digest,
}

#[derive(Clone, Debug)]
pub struct Person {
    pub organisation: Handle,
    pub active: bool,
    pub system: bool,
    pub auditor: bool,
    pub named_for: BTreeSet<Handle>,
    pub signed: BTreeSet<(Handle, Digest)>,
}

#[derive(Clone, Debug)]
pub struct Credential {
    pub person: Handle,
    pub confirmed: bool,
    pub revoked: bool,
    pub until: Option<Instant>,
    pub bound_by: Option<Handle>,
    pub replaces: Option<(CredentialId, Instant)>,
}

#[derive(Clone, Debug)]
pub struct Appointment {
    pub person: Handle,
    pub body: Handle,
    pub seat: Handle,
    pub proposed_by: Option<Handle>,
    pub approved: bool,
    pub from: Option<Instant>,
    pub until: Instant,
    pub confirmed: bool,
    pub ended: bool,
}

#[derive(Clone, Debug)]
pub struct Alternate {
    pub member: Handle,
    pub person: Handle,
    pub body: Handle,
    pub approved: bool,
    pub ended: bool,
}

#[derive(Clone, Debug)]
pub struct Document {
    pub body: Handle,
    pub lodgers: BTreeSet<Handle>,
    pub kind: String,
}

#[derive(Clone, Debug)]
pub struct Version {
    pub digest: Digest,
    pub lodger: Handle,
    pub lodger_organisation: Handle,
    pub direction: Option<u64>,
    pub level: Option<Classification>,
    pub strict: bool,
    pub published: bool,
    pub withdrawn: bool,
    pub tabled_to: BTreeSet<Handle>,
}

#[derive(Clone, Debug)]
pub struct Grant {
    pub version: (Handle, Label),
    pub kind: GrantKind,
    pub to: Grantee,
    pub by: Handle,
    pub until: Option<Instant>,
    pub given: bool,
    pub revoked: bool,
}

#[derive(Clone, Debug)]
pub struct Need {
    pub person: Handle,
    pub document: Handle,
    pub version: Option<Label>,
    pub reason: NeedReason,
    pub at: Instant,
    pub until: Instant,
    pub withdrawn: bool,
}

#[derive(Clone, Debug)]
pub struct Direction {
    pub document: Handle,
    pub lodged: Option<Label>,
    pub accepted: bool,
}

#[derive(Clone, Debug)]
pub struct Decision {
    pub body: Handle,
    pub kind: DecisionKind,
    pub subject: DecisionSubject,
    pub exceptional: bool,
    pub opened_by: Handle,
    pub opened_as_chair: bool,
    pub votes: Vec<Cast>,
    pub outcome: Option<DecisionOutcome>,
}

#[derive(Clone, Debug)]
pub struct Cast {
    pub seat: Handle,
    pub by: Handle,
    pub credential: CredentialId,
    pub vote: Vote,
}

#[derive(Clone, Debug)]
pub struct Conflict {
    pub person: Handle,
    pub about: ConflictSubject,
    pub lifted: bool,
}

#[derive(Clone, Debug)]
pub struct Breach {
    pub person: Handle,
    pub lifted: bool,
}

#[derive(Clone, Debug)]
pub struct Suspension {
    pub whom: Suspended,
    pub scope: SuspensionScope,
    pub lifted: bool,
}

/// A seat in which a person acts at present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acting {
    pub seat: Handle,
    pub role: SeatRole,
    pub constituency: String,
    /// The member, if the person is the member's alternate.
    pub member: Option<Handle>,
}

impl Acting {
    pub fn is_member(&self) -> bool {
        self.role != SeatRole::NonVoting
    }
}

impl Reference {
    /// What the first entries of a register amount to.
    pub fn of(first: &[Event], now: Instant) -> Self {
        let Some(Event::ProfileAdopted { profile }) = first.first() else {
            panic!("a register begins with its profile")
        };
        let mut reference = Self {
            now,
            authority: profile.authority().unwrap(),
            addressee: profile.direction_addressee.clone(),
            categories: profile.party_categories.iter().map(|category| category.0.clone()).collect(),
            organisations: BTreeMap::new(),
            bodies: BTreeMap::new(),
            people: BTreeMap::new(),
            credentials: BTreeMap::new(),
            appointments: BTreeMap::new(),
            alternates: BTreeMap::new(),
            documents: BTreeMap::new(),
            versions: BTreeMap::new(),
            grants: BTreeMap::new(),
            needs: BTreeMap::new(),
            directions: BTreeMap::new(),
            decisions: BTreeMap::new(),
            conflicts: BTreeMap::new(),
            breaches: BTreeMap::new(),
            suspensions: BTreeMap::new(),
        };
        for (index, event) in (0..).zip(first) {
            reference.begin(index, event);
        }
        reference
    }

    fn begin(&mut self, index: u64, event: &Event) {
        match event {
            Event::ProfileAdopted { .. } | Event::RegisterEstablished => {}
            Event::OrganisationRegistered { organisation, organisation_kind, category, .. } => {
                let category = category.as_ref().map(|category| category.0.clone());
                let registered = Organisation { kind: *organisation_kind, category };
                self.organisations.insert(organisation.clone(), registered);
            }
            Event::BodyEstablished { body } => {
                let seats = body.seats.iter();
                let established = Body {
                    seats: seats.map(|seat| (seat.handle.clone(), seat.role, seat.constituency.clone())).collect(),
                    secretariat: body.secretariat.clone(),
                    receives_amber: body.receives_amber,
                    answers_to: body.answers_to.clone(),
                    agreement: body.agreement_text,
                    confirmation: body.confirmation_text(),
                };
                self.bodies.insert(body.handle.clone(), established);
            }
            Event::PersonRegistered { person, organisation, system, .. } => {
                self.people.insert(person.clone(), new_person(organisation, *system));
            }
            Event::CredentialBound { person, credential, .. } => {
                self.credentials.insert(*credential, new_credential(person, None));
            }
            Event::CredentialConfirmed { credential } => {
                self.credentials.get_mut(credential).unwrap().confirmed = true;
            }
            Event::AppointmentMade { person, body, seat, from, until, .. } => {
                let made = Appointment {
                    person: person.clone(),
                    body: body.clone(),
                    seat: seat.clone(),
                    proposed_by: None,
                    approved: true,
                    from: Some(*from),
                    until: *until,
                    confirmed: false,
                    ended: false,
                };
                self.appointments.insert(index, made);
            }
            Event::MemberConfirmed { person, body, seat, .. } => {
                let made = self.appointments.values_mut();
                made.filter(|one| (&one.person, &one.body, &one.seat) == (person, body, seat))
                    .for_each(|one| one.confirmed = true);
            }
            Event::AgreementSigned { person, body, text, .. } => {
                self.people.get_mut(person).unwrap().signed.insert((body.clone(), *text));
            }
            Event::SecretariatNamed { person, body } => {
                self.people.get_mut(person).unwrap().named_for.insert(body.clone());
            }
            Event::AuditorAppointed { person } => self.people.get_mut(person).unwrap().auditor = true,
            other => panic!("a register begins with {other:?}"),
        }
    }

    /// The seats of `body` in which the person acts now, for oneself or as an alternate (ToR sections 7.6, 7.7, 7.9).
    pub fn acting(&self, person: &Handle, body: &Handle) -> Vec<Acting> {
        let mut acting = self.seats_in_force(person, body, None);
        let alternates = self.alternates.values();
        for one in alternates.filter(|one| one.person == *person && one.body == *body && one.approved && !one.ended) {
            if self.people[&one.member].active {
                acting.extend(self.seats_in_force(&one.member, body, Some(&one.member)));
            }
        }
        acting
    }

    /// The seats that are the person's own.
    pub fn own_seats(&self, person: &Handle, body: &Handle) -> Vec<Acting> {
        self.seats_in_force(person, body, None)
    }

    fn seats_in_force(&self, person: &Handle, body: &Handle, member: Option<&Handle>) -> Vec<Acting> {
        let held = self.appointments.values().filter(|one| one.person == *person && one.body == *body);
        held.filter(|one| one.confirmed && self.is_appointed(one))
            .filter_map(|one| self.bodies[body].seats.iter().find(|(seat, _, _)| *seat == one.seat))
            .map(|(seat, role, constituency)| Acting {
                seat: seat.clone(),
                role: *role,
                constituency: constituency.clone(),
                member: member.cloned(),
            })
            .collect()
    }

    /// Approved, within its term, and not ended (GOV-5).
    pub fn is_appointed(&self, one: &Appointment) -> bool {
        one.approved && !one.ended && one.from.is_some_and(|from| from <= self.now) && self.now < one.until
    }

    pub fn chairs(&self, person: &Handle, body: &Handle) -> bool {
        self.acting(person, body).iter().any(|acting| acting.role == SeatRole::Chair)
    }

    pub fn is_voting_member(&self, person: &Handle, body: &Handle) -> bool {
        self.acting(person, body).iter().any(Acting::is_member)
    }

    pub fn is_secretariat(&self, person: &Handle, body: &Handle) -> bool {
        self.bodies[body].secretariat.as_ref() == Some(&self.people[person].organisation)
    }

    /// A member, and no alternate, of the body to which `body` answers (SELF-1).
    pub fn speaks_over(&self, person: &Handle, body: &Handle) -> bool {
        let over = self.bodies[body].answers_to.as_ref();
        over.is_some_and(|over| self.own_seats(person, over).iter().any(Acting::is_member))
    }

    /// The same, and of a body that answers to none one of its own members: it has no one above.
    pub fn speaks_above(&self, person: &Handle, body: &Handle) -> bool {
        match &self.bodies[body].answers_to {
            Some(_) => self.speaks_over(person, body),
            None => self.own_seats(person, body).iter().any(Acting::is_member),
        }
    }

    pub fn has_signed(&self, person: &Handle, body: &Handle) -> bool {
        self.people[person].signed.contains(&(body.clone(), self.bodies[body].agreement))
    }

    pub fn sits_anywhere(&self, person: &Handle) -> bool {
        self.bodies.keys().any(|body| !self.acting(person, body).is_empty())
    }

    pub fn kind_of(&self, person: &Handle) -> OrganisationKind {
        self.organisations[&self.people[person].organisation].kind
    }

    /// AUDIT-1.
    pub fn is_auditor(&self, person: &Handle) -> bool {
        self.people[person].auditor && self.kind_of(person) == OrganisationKind::Assurance
    }

    /// GREEN-1.
    pub fn is_in_green_audience(&self, person: &Handle) -> bool {
        let by_organisation = !matches!(self.kind_of(person), OrganisationKind::Assurance | OrganisationKind::Host);
        by_organisation || self.sits_anywhere(person)
    }

    /// The scopes of the suspensions that stand for the person (EMERGENCY-1).
    pub fn scopes(&self, person: &Handle) -> Vec<SuspensionScope> {
        let organisation = &self.people[person].organisation;
        let concerns = |whom: &Suspended| match whom {
            Suspended::Person(one) => one == person,
            Suspended::Organisation(one) => one == organisation,
            Suspended::Service => true,
        };
        let standing = self.suspensions.values().filter(|one| !one.lifted && concerns(&one.whom));
        standing.map(|one| one.scope).collect()
    }

    pub fn is_in_breach(&self, person: &Handle) -> bool {
        self.breaches.values().any(|breach| breach.person == *person && !breach.lifted)
    }

    /// Whether a conflict of the person about the decision, or about the document, stands (CONFLICT-1).
    pub fn is_in_conflict(&self, person: &Handle, decision: Option<u64>, document: Option<&Handle>) -> bool {
        let own = self.conflicts.values().filter(|conflict| conflict.person == *person && !conflict.lifted);
        own.into_iter().any(|conflict| match &conflict.about {
            ConflictSubject::Decision(about) => decision == Some(about.0),
            ConflictSubject::Document(about) => document == Some(about),
        })
    }
}

pub fn new_person(organisation: &Handle, system: bool) -> Person {
    Person {
        organisation: organisation.clone(),
        active: true,
        system,
        auditor: false,
        named_for: BTreeSet::new(),
        signed: BTreeSet::new(),
    }
}

pub fn new_credential(person: &Handle, bound_by: Option<&Handle>) -> Credential {
    Credential {
        person: person.clone(),
        confirmed: false,
        revoked: false,
        until: None,
        bound_by: bound_by.cloned(),
        replaces: None,
    }
}
