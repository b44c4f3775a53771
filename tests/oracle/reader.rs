//! The one who reads: how the person stands towards the governance bodies, and what is in the way.
//!
//! Each standing is said twice: as the events that bring it about, for the domain, and as the attributes that the policies
//! ask for, for Cedar. Both are written out from the words of the rules, and neither is computed from the other.

use std::collections::BTreeSet;

use strongroom::pure::domain::body::{Body, Seat as BodySeat, SeatRole};
use strongroom::pure::domain::conflict::ConflictSubject;
use strongroom::pure::domain::event::{Event, Suspended};
use strongroom::pure::domain::id::{BreachId, ConflictId, CredentialId, DecisionId, Digest, SuspensionId};
use strongroom::pure::domain::organisation::{OrganisationKind, PartyCategory};
use strongroom::pure::domain::suspension::SuspensionScope;

use crate::history::{ELSEWHERE, EMPLOYER, History, NEXT, NOW, POLICY, READER, handle, instant};
use crate::judge::{Attributes, flag, names, word};
use crate::paper::{CLOSED_DECISION, OPEN_DECISION};
use crate::profile::profile;

/// The bodies: the originating one, the Panel, which receives AMBER papers, and a working group.
pub const PMA: &str = "pma";
pub const PANEL: &str = "panel";
pub const GROUP: &str = "working-group";
pub const BODIES: [&str; 3] = [PMA, PANEL, GROUP];

/// The person who reads.
#[derive(Clone, Debug)]
pub struct Reader {
    pub kind: OrganisationKind,
    /// Whether the person's organisation is the Secretariat of the PMA.
    pub secretariat: bool,
    pub seats: Vec<Seat>,
    /// Bodies whose agreement the person signed, and over which text.
    pub signed: Vec<(&'static str, Text)>,
    pub named: Named,
    pub auditor: bool,
    pub obstacles: Vec<Obstacle>,
    pub credential: Credential,
}

/// A seat, and how the person comes to it.
#[derive(Clone, Copy, Debug)]
pub struct Seat {
    pub body: &'static str,
    pub role: SeatRole,
    pub hold: Hold,
}

/// How a person comes to a seat. The first three are in force, the others are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    Own,
    OwnUntilTheNextInstant,
    AsAlternate,
    Proposed,
    Unconfirmed,
    NotBegun,
    Expired,
    Ended,
    AlternateProposed,
    AlternateEnded,
    AlternateOfOneWhoseTermEnded,
    AlternateOfOneRemoved,
}

impl Hold {
    pub const ALL: [Self; 12] = [
        Self::Own,
        Self::OwnUntilTheNextInstant,
        Self::AsAlternate,
        Self::Proposed,
        Self::Unconfirmed,
        Self::NotBegun,
        Self::Expired,
        Self::Ended,
        Self::AlternateProposed,
        Self::AlternateEnded,
        Self::AlternateOfOneWhoseTermEnded,
        Self::AlternateOfOneRemoved,
    ];

    pub fn is_in_force(self) -> bool {
        matches!(self, Self::Own | Self::OwnUntilTheNextInstant | Self::AsAlternate)
    }
}

/// The text over which an agreement was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    Present,
    Earlier,
}

/// Whether the person is named for the PMA's RED papers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    No,
    Yes,
    NoMore,
}

/// The credential under which the person asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    InEffect,
    ReplacedUntilTheNextInstant,
    Replaced,
    Revoked,
    Proposed,
    OfOneRemoved,
    BoundToNobody,
}

impl Credential {
    pub const ALL: [Self; 7] = [
        Self::InEffect,
        Self::ReplacedUntilTheNextInstant,
        Self::Replaced,
        Self::Revoked,
        Self::Proposed,
        Self::OfOneRemoved,
        Self::BoundToNobody,
    ];
}

/// What may be in the way.
#[derive(Clone, Copy, Debug)]
pub enum Obstacle {
    ConflictOnTheDocument,
    ConflictOnAnOpenDecision,
    ConflictOnAClosedDecision,
    ConflictOnAnotherDocument,
    ConflictLifted,
    Breach,
    BreachLifted,
    Suspension(Whom, SuspensionScope),
    SuspensionLifted(Whom, SuspensionScope),
}

/// Whom a suspension is of.
#[derive(Clone, Copy, Debug)]
pub enum Whom {
    Person,
    Organisation,
    Service,
    SomebodyElse,
}

impl Reader {
    /// Somebody of an organisation of that kind, with nothing else to say.
    pub fn of(kind: OrganisationKind) -> Self {
        Self {
            kind,
            secretariat: false,
            seats: Vec::new(),
            signed: Vec::new(),
            named: Named::No,
            auditor: false,
            obstacles: Vec::new(),
            credential: Credential::InEffect,
        }
    }

    /// Somebody of the Secretariat.
    pub fn of_the_secretariat() -> Self {
        Self { secretariat: true, ..Self::of(OrganisationKind::CodeAdministrator) }
    }

    pub fn seated(mut self, body: &'static str, role: SeatRole, hold: Hold) -> Self {
        self.seats.push(Seat { body, role, hold });
        self
    }

    pub fn who_signed(mut self, body: &'static str) -> Self {
        self.signed.push((body, Text::Present));
        self
    }

    pub fn has_signed(&self, body: &str) -> bool {
        self.signed.contains(&(BODIES.into_iter().find(|one| *one == body).unwrap(), Text::Present))
    }

    /// Whether the person has a seat in force on any body.
    pub fn sits_anywhere(&self) -> bool {
        self.seats.iter().any(|seat| seat.hold.is_in_force())
    }

    /// Whether a suspension in force has that scope.
    pub fn is_suspended(&self, scope: SuspensionScope) -> bool {
        self.scopes().contains(scope.as_str())
    }

    fn scopes(&self) -> BTreeSet<&'static str> {
        let scopes = self.obstacles.iter().filter_map(|obstacle| match obstacle {
            Obstacle::Suspension(Whom::SomebodyElse, _) => None,
            Obstacle::Suspension(_, scope) => Some(scope.as_str()),
            _ => None,
        });
        scopes.collect()
    }

    /// For Cedar.
    pub fn attributes(&self) -> Attributes {
        let seats = |roles: &[SeatRole]| -> BTreeSet<&str> {
            let held = self.seats.iter().filter(|seat| seat.hold.is_in_force() && roles.contains(&seat.role));
            held.map(|seat| seat.body).collect()
        };
        let signed: BTreeSet<&str> =
            self.signed.iter().filter(|(_, text)| *text == Text::Present).map(|(body, _)| *body).collect();
        let members = seats(&[SeatRole::Chair, SeatRole::Voting]);
        let is_conflict = |obstacle: &&Obstacle| {
            matches!(obstacle, Obstacle::ConflictOnTheDocument | Obstacle::ConflictOnAnOpenDecision)
        };
        let credential = match self.credential {
            Credential::InEffect | Credential::ReplacedUntilTheNextInstant => "in effect",
            Credential::Replaced | Credential::Revoked => "withdrawn",
            Credential::Proposed | Credential::OfOneRemoved | Credential::BoundToNobody => "unknown",
        };
        vec![
            word("name", READER),
            word("organisation", EMPLOYER),
            word("organisationKind", self.kind.as_str()),
            word("credential", credential),
            names("chairOf", seats(&[SeatRole::Chair])),
            names("memberUnderAgreement", members.intersection(&signed).copied()),
            names("memberOf", members),
            names("representativeOn", seats(&[SeatRole::NonVoting])),
            names("signed", signed),
            names("secretariatOf", self.secretariat.then_some(PMA)),
            names("namedSecretariatOf", (self.named == Named::Yes).then_some(PMA)),
            flag("auditor", self.auditor),
            names("conflictOn", self.obstacles.iter().find(is_conflict).map(|_| POLICY)),
            flag("inBreach", self.obstacles.iter().any(|obstacle| matches!(obstacle, Obstacle::Breach))),
            names("suspensions", self.scopes()),
        ]
    }

    /// For the domain.
    pub fn history(&self) -> History {
        let mut history = History::default().then(Event::ProfileAdopted { profile: Box::new(profile()) });
        for (organisation, kind) in [(EMPLOYER, self.kind), (ELSEWHERE, OrganisationKind::Party)] {
            history = history.then(Event::OrganisationRegistered {
                organisation: handle(organisation),
                name: organisation.into(),
                organisation_kind: kind,
                category: (kind == OrganisationKind::Party).then(|| PartyCategory("large_supplier".into())),
            });
        }
        for body in BODIES {
            let secretariat = if self.secretariat && body == PMA { EMPLOYER } else { ELSEWHERE };
            history = history.then(Event::BodyEstablished { body: Box::new(established(body, secretariat)) });
        }
        let members = BODIES.map(|body| (member_of(body), ELSEWHERE));
        let people = [(READER.to_owned(), EMPLOYER), ("somebody-else".to_owned(), ELSEWHERE)];
        for (person, organisation) in people.into_iter().chain(members) {
            history = history.then(Event::PersonRegistered {
                person: handle(&person),
                name: person,
                organisation: handle(organisation),
                system: false,
            });
        }
        history = self.seats.iter().fold(history, |history, seat| seat.enter(history));
        for (body, text) in &self.signed {
            let text = if *text == Text::Present { agreement(body) } else { Digest([1; 32]) };
            let (person, body) = (handle(READER), handle(body));
            history = history.then(Event::AgreementSigned { person, body, text, signature: None });
        }
        let (person, body) = (handle(READER), handle(PMA));
        if self.named != Named::No {
            history = history.then(Event::SecretariatNamed { person: person.clone(), body: body.clone() });
        }
        if self.named == Named::NoMore {
            history = history.then(Event::SecretariatUnnamed { person, body, reason: "left".into() });
        }
        if self.auditor {
            history = history.then(Event::AuditorAppointed { person: handle(READER) });
        }
        let numbered = (0..).zip(&self.obstacles);
        history = numbered.fold(history, |history, (number, obstacle)| obstacle.enter(history, number));
        self.credential.enter(history)
    }
}

impl Seat {
    fn enter(self, history: History) -> History {
        let Self { body, role, hold } = self;
        let long = ("2025-06-01T00:00:00Z", "2027-06-01T00:00:00Z");
        match hold {
            Hold::Own => confirmed(appointed(history, READER, body, role, long), READER, body, role),
            Hold::OwnUntilTheNextInstant => {
                confirmed(appointed(history, READER, body, role, (long.0, NEXT)), READER, body, role)
            }
            Hold::Unconfirmed => appointed(history, READER, body, role, long),
            Hold::NotBegun => confirmed(appointed(history, READER, body, role, (NEXT, long.1)), READER, body, role),
            Hold::Expired => confirmed(appointed(history, READER, body, role, (long.0, NOW)), READER, body, role),
            Hold::Proposed => {
                let proposed = Event::AppointmentProposed {
                    appointment: strongroom::pure::domain::id::AppointmentId(700),
                    person: handle(READER),
                    body: handle(body),
                    seat: handle(seat_of(role)),
                    from: Some(instant(long.0)),
                    until: instant(long.1),
                };
                confirmed(history.then(proposed), READER, body, role)
            }
            Hold::Ended => {
                let history = confirmed(appointed(history, READER, body, role, long), READER, body, role);
                let (person, body, seat) = (handle(READER), handle(body), handle(seat_of(role)));
                let ended =
                    Event::AppointmentEnded { person, body, seat, reason: "resigned".into(), appointment: None };
                history.at(NOW).then(ended)
            }
            Hold::AsAlternate => approved(deputy(history, body, role, long), body),
            Hold::AlternateProposed => deputy(history, body, role, long),
            Hold::AlternateOfOneWhoseTermEnded => approved(deputy(history, body, role, (long.0, NOW)), body),
            Hold::AlternateOfOneRemoved => {
                let removed = Event::PersonRemoved { person: handle(&member_of(body)), reason: "left".into() };
                approved(deputy(history, body, role, long), body).then(removed)
            }
            Hold::AlternateEnded => {
                let (member, alternate, of) = (handle(&member_of(body)), handle(READER), handle(body));
                let ended = Event::AlternateEnded { member, alternate, body: of, proposal: None };
                approved(deputy(history, body, role, long), body).then(ended)
            }
        }
    }
}

/// The member for whom the reader may be alternate.
fn member_of(body: &str) -> String {
    format!("member-of-{body}")
}

/// The reader proposed as alternate of the member who holds the seat.
fn deputy(history: History, body: &str, role: SeatRole, term: (&str, &str)) -> History {
    let member = member_of(body);
    let history = confirmed(appointed(history, &member, body, role, term), &member, body, role);
    let (member, alternate, body) = (handle(&member_of(body)), handle(READER), handle(body));
    history.then(Event::AlternateProposed { member, alternate, body })
}

fn approved(history: History, body: &str) -> History {
    let (member, alternate, body) = (handle(&member_of(body)), handle(READER), handle(body));
    history.then(Event::AlternateApproved { member, alternate, body, proposal: None })
}

fn appointed(history: History, person: &str, body: &str, role: SeatRole, (from, until): (&str, &str)) -> History {
    let (person, body, seat) = (handle(person), handle(body), handle(seat_of(role)));
    let (from, until) = (instant(from), instant(until));
    history.then(Event::AppointmentMade { person, body, seat, from, until, appointment: None })
}

fn confirmed(history: History, person: &str, body: &str, role: SeatRole) -> History {
    let (person, body, seat) = (handle(person), handle(body), handle(seat_of(role)));
    history.then(Event::MemberConfirmed { person, body, seat, appointment: None, text: None, signature: None })
}

impl Obstacle {
    fn enter(self, history: History, number: u64) -> History {
        let declared = |about| {
            let (conflict, person) = (ConflictId(500 + number), handle(READER));
            Event::ConflictDeclared { conflict, person, about, statement: "we build it".into() }
        };
        let recorded = Event::BreachRecorded {
            breach: BreachId(500 + number),
            person: handle(READER),
            statement: "shared it".into(),
        };
        let suspension = SuspensionId(500 + number);
        let imposed = |whom: Whom, scope| Event::SuspensionImposed {
            suspension,
            whom: whom.suspended(),
            scope,
            grounds: "an incident".into(),
        };
        let reason = String::from("settled");
        match self {
            Self::ConflictOnTheDocument => history.then(declared(ConflictSubject::Document(handle(POLICY)))),
            Self::ConflictOnAnotherDocument => history.then(declared(ConflictSubject::Document(handle("another")))),
            Self::ConflictOnAnOpenDecision => {
                history.then(declared(ConflictSubject::Decision(DecisionId(OPEN_DECISION))))
            }
            Self::ConflictOnAClosedDecision => {
                history.then(declared(ConflictSubject::Decision(DecisionId(CLOSED_DECISION))))
            }
            Self::ConflictLifted => {
                let (conflict, person) = (ConflictId(500 + number), handle(READER));
                let history = history.then(declared(ConflictSubject::Document(handle(POLICY))));
                history.then(Event::ConflictLifted { conflict, person, reason })
            }
            Self::Breach => history.then(recorded),
            Self::BreachLifted => {
                let (breach, person) = (BreachId(500 + number), handle(READER));
                history.then(recorded).then(Event::BreachLifted { breach, person, reason })
            }
            Self::Suspension(whom, scope) => history.then(imposed(whom, scope)),
            Self::SuspensionLifted(whom, scope) => {
                let lifted = Event::SuspensionLifted { suspension, whom: whom.suspended(), reason, decision: None };
                history.then(imposed(whom, scope)).then(lifted)
            }
        }
    }
}

impl Whom {
    fn suspended(self) -> Suspended {
        match self {
            Self::Person => Suspended::Person(handle(READER)),
            Self::Organisation => Suspended::Organisation(handle(EMPLOYER)),
            Self::Service => Suspended::Service,
            Self::SomebodyElse => Suspended::Person(handle("somebody-else")),
        }
    }
}

impl Credential {
    fn enter(self, history: History) -> History {
        let (person, credential) = (handle(READER), CREDENTIAL);
        let bound = |credential, replaces: Option<CredentialId>, until: Option<&str>| {
            let (person, overlap_until) = (handle(READER), until.map(instant));
            Event::CredentialBound { person, credential, replaces, overlap_until }
        };
        let confirmed = |credential| Event::CredentialConfirmed { credential };
        let in_effect = |history: History| history.then(bound(credential, None, None)).then(confirmed(credential));
        let replaced = |history: History, until| {
            let next = CredentialId([43; 32]);
            in_effect(history).then(bound(next, Some(credential), Some(until))).then(confirmed(next))
        };
        match self {
            Self::InEffect => in_effect(history),
            Self::ReplacedUntilTheNextInstant => replaced(history, NEXT),
            Self::Replaced => replaced(history, NOW),
            Self::Revoked => in_effect(history).then(Event::CredentialRevoked { credential, reason: "lost".into() }),
            Self::Proposed => history.then(bound(credential, None, None)),
            Self::OfOneRemoved => in_effect(history).then(Event::PersonRemoved { person, reason: "left".into() }),
            Self::BoundToNobody => history,
        }
    }
}

/// The credential under which the reader asks.
pub const CREDENTIAL: CredentialId = CredentialId([42; 32]);

/// The present text of a body's agreement.
fn agreement(body: &str) -> Digest {
    Digest::of(body.as_bytes())
}

fn seat_of(role: SeatRole) -> &'static str {
    match role {
        SeatRole::Chair => "chair",
        SeatRole::Voting => "large-supplier",
        SeatRole::NonVoting => "representative",
    }
}

fn established(body: &str, secretariat: &str) -> Body {
    let seats = [SeatRole::Chair, SeatRole::Voting, SeatRole::NonVoting].map(|role| BodySeat {
        handle: handle(seat_of(role)),
        role,
        constituency: seat_of(role).into(),
    });
    Body {
        handle: handle(body),
        name: body.into(),
        seats: seats.into(),
        secretariat: Some(handle(secretariat)),
        receives_amber: body == PANEL,
        agreement_text: agreement(body),
        agreement: None,
        confirmation: None,
        answers_to: (body != PANEL).then(|| handle(PANEL)),
        rules: Default::default(),
        reviews: Vec::new(),
    }
}
