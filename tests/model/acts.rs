//! What people try: from a few small numbers to a command about what there is.

use strongroom::pure::domain::appeal::Measure;
use strongroom::pure::domain::body::{Seat, SeatRole};
use strongroom::pure::domain::classification::Classification;
use strongroom::pure::domain::command::{AskedSubject, Command, NeedClaim, Selector, Settlement};
use strongroom::pure::domain::conflict::ConflictSubject;
use strongroom::pure::domain::decision::{DecisionKind, Meeting, Vote};
use strongroom::pure::domain::event::Suspended;
use strongroom::pure::domain::grant::{GrantKind, Grantee};
use strongroom::pure::domain::id::{
    AlternateId, AppointmentId, BreachId, ConflictId, CredentialId, DecisionId, Digest,
};
use strongroom::pure::domain::id::{DirectionId, GrantId, Handle, Label, NeedId, SuspensionId};
use strongroom::pure::domain::need::NeedReason;
use strongroom::pure::domain::organisation::{OrganisationKind, PartyCategory};
use strongroom::pure::domain::suspension::SuspensionScope;
use strongroom::pure::domain::version::Content;

use crate::reference::{Reference, Verdict};

/// One attempt: who, what kind, and numbers that choose among what there is.
#[derive(Clone, Copy, Debug)]
pub struct Deed {
    pub who: u8,
    /// Whether the next one who may do it does it, if anybody may.
    pub fitting: bool,
    pub kind: u16,
    pub a: u8,
    pub b: u8,
    pub c: u8,
}

/// A room of `decide`, and the commands that it takes.
type Room = (&'static str, bool, &'static [fn(&Choice<'_>) -> Option<Command>]);

/// The rooms, whether each decides yet, and what is tried of it. A command of a room that does not would stop the
/// registrar.
const ROOMS: [Room; 8] = [
    (
        "reading",
        true,
        &[view_document, view_version, read, read, read, read_by_need, record_need, withdraw_need, read_records],
    ),
    (
        "lodging",
        true,
        &[register_document, lodge, lodge, lodge_as_directed, determine, determine, determine, publish, withdraw],
    ),
    ("directions", true, &[issue_direction, settle_direction]),
    ("grants", true, &[propose_classification, table, give_grant, give_grant, give_grant, direct_grant, revoke_grant]),
    (
        "register",
        true,
        &[
            register_organisation,
            register_person,
            remove_person,
            establish_seat,
            abolish_seat,
            propose_appointment,
            propose_appointment,
            approve_appointment,
            approve_appointment,
            end_appointment,
            propose_alternate,
            propose_alternate,
            approve_alternate,
            approve_alternate,
            end_alternate,
            name_secretariat,
            unname_secretariat,
            appoint_auditor,
            dismiss_auditor,
        ],
    ),
    (
        "credentials",
        true,
        &[bind_credential, bind_credential, confirm_credential, confirm_credential, revoke_credential],
    ),
    ("undertakings", true, &[adopt_text, sign, sign, sign, confirm, confirm]),
    (
        "decisions and measures",
        true,
        &[
            open_matter,
            open_on_version,
            open_on_suspension,
            vote,
            vote,
            vote,
            vote,
            close,
            close,
            declare_conflict,
            record_breach,
            impose_suspension,
            appeal,
            settle_appeal,
            lift,
        ],
    ),
];

/// How many kinds of deeds there are.
pub fn kinds() -> u16 {
    all().count() as u16
}

fn all() -> impl Iterator<Item = fn(&Choice<'_>) -> Option<Command>> {
    ROOMS.iter().filter(|(_, decides, _)| *decides).flat_map(|(_, _, commands)| commands.iter().copied())
}

/// The kinds of commands that a campaign is to get done at least once.
pub fn done_by_now() -> Vec<&'static str> {
    let rooms = ROOMS.iter().filter(|(_, decides, _)| *decides);
    rooms
        .flat_map(|(room, _, _)| match *room {
            "reading" => &["read_content", "record_need", "withdraw_need", "read_records"][..],
            "lodging" => &["register_document", "lodge_version", "determine_classification", "publish_version"],
            "directions" => &["issue_direction", "settle_direction"],
            "grants" => &["give_grant", "direct_grant", "revoke_grant"],
            "register" => &["register_person", "propose_appointment", "approve_appointment", "propose_alternate"],
            "credentials" => &["bind_credential", "confirm_credential"],
            "undertakings" => &["sign_agreement", "adopt_agreement_text"],
            _ => &[
                "open_decision",
                "cast_vote",
                "close_decision",
                "declare_conflict",
                "record_breach",
                "impose_suspension",
            ],
        })
        .copied()
        .collect()
}

impl Deed {
    /// The command, and under which credential it is given; `None` where there is nothing yet that it could be about.
    pub fn command(self, reference: &Reference) -> Option<(CredentialId, Command)> {
        let people: Vec<_> = reference.people.keys().cloned().collect();
        let first = usize::from(self.who) % people.len();
        let mut tried = None;
        for person in people.iter().cycle().skip(first).take(people.len()) {
            let by_this_one = self.command_of(reference, person);
            let permitted = by_this_one.as_ref().is_some_and(|(credential, command)| {
                let verdict = reference.judge(*credential, command);
                matches!(verdict, Verdict::Done | Verdict::Shown | Verdict::Free)
            });
            if permitted || !self.fitting {
                return by_this_one;
            }
            tried = tried.or(by_this_one);
        }
        tried
    }

    fn command_of(self, reference: &Reference, person: &Handle) -> Option<(CredentialId, Command)> {
        let choice = Choice { reference, deed: self, person };
        let command = all().nth(usize::from(self.kind % kinds()))?(&choice)?;
        let own = reference.credentials.iter().filter(|(_, one)| one.person == *person).map(|(id, _)| *id);
        // Mostly the first one, and now and then one that was bound since.
        let later = (self.c % 4 == 0).then(|| pick(own.clone(), self.b)).flatten();
        Some((later.or_else(|| own.clone().find(|id| *id == first_credential(person)))?, command))
    }
}

/// The credential with which a person begins.
pub fn first_credential(person: &Handle) -> CredentialId {
    CredentialId(Digest::of(person.as_str().as_bytes()).0)
}

struct Choice<'a> {
    reference: &'a Reference,
    deed: Deed,
    person: &'a Handle,
}

impl Choice<'_> {
    fn document(&self) -> Option<Handle> {
        pick(self.reference.documents.keys().cloned(), self.deed.a)
    }

    fn version(&self) -> Option<(Handle, Label)> {
        pick(self.reference.versions.keys().cloned(), self.deed.a)
    }

    /// The PMA mostly, where most of the people sit.
    fn body(&self) -> Handle {
        if self.deed.b % 3 == 0 {
            pick(self.reference.bodies.keys().cloned(), self.deed.a).unwrap()
        } else {
            handle("pma")
        }
    }

    fn someone(&self, by: u8) -> Handle {
        pick(self.reference.people.keys().cloned(), by).unwrap()
    }

    fn organisation(&self, by: u8) -> Handle {
        pick(self.reference.organisations.keys().cloned(), by).unwrap()
    }

    fn seat(&self, body: &Handle) -> Option<Handle> {
        pick(self.reference.bodies[body].seats.iter().map(|(seat, _, _)| seat.clone()), self.deed.c)
    }

    fn level(&self) -> Classification {
        pick(Classification::ALL.into_iter(), self.deed.b).unwrap()
    }

    /// Words that suffice at every level, for AMBER and below, for WHITE and GREEN, or for the Secretariat.
    fn reason(&self) -> NeedReason {
        let (purpose, reference) = match self.deed.c % 8 {
            0 => ("operate", None),
            1 => ("modification", Some("modification 7")),
            2 => ("secretariat_processing", Some("meeting 42")),
            _ => ("meeting", Some("meeting 42")),
        };
        let statement = "preparing what the committee asked for".into();
        NeedReason { purpose: purpose.into(), statement, reference: reference.map(Into::into) }
    }

    fn hours(&self, number: u8) -> strongroom::pure::domain::time::Instant {
        self.reference.after_hours(1 + i64::from(number) * 6)
    }
}

fn view_document(choice: &Choice<'_>) -> Option<Command> {
    Some(Command::ViewDocument { document: choice.document()? })
}

fn view_version(choice: &Choice<'_>) -> Option<Command> {
    let (document, label) = choice.version()?;
    Some(Command::ViewVersion { document, version: Selector::Label(label) })
}

fn read(choice: &Choice<'_>) -> Option<Command> {
    let (document, label) = choice.version()?;
    Some(read_of(document, label, Some(NeedClaim::Inline(choice.reason()))))
}

/// A read of one version.
pub fn read_of(document: Handle, label: Label, need: Option<NeedClaim>) -> Command {
    Command::ReadContent { document, version: Selector::Label(label), need, method: "GET".into(), range: None }
}

fn read_by_need(choice: &Choice<'_>) -> Option<Command> {
    let own = choice.reference.needs.iter().filter(|(_, need)| need.person == *choice.person || choice.deed.c % 8 == 1);
    let (id, need) = pick(own, choice.deed.b)?;
    let versions = choice.reference.versions.keys().filter(|name| name.0 == need.document);
    let (document, label) = pick(versions.cloned(), choice.deed.a)?;
    Some(read_of(document, label, Some(NeedClaim::Recorded(NeedId(*id)))))
}

fn record_need(choice: &Choice<'_>) -> Option<Command> {
    let (document, label) = choice.version()?;
    let version = (choice.deed.b % 2 == 0).then_some(label);
    Some(Command::RecordNeed { document, version, reason: choice.reason(), valid_until: None })
}

fn withdraw_need(choice: &Choice<'_>) -> Option<Command> {
    Some(Command::WithdrawNeed { need: NeedId(pick(choice.reference.needs.keys().copied(), choice.deed.a)?) })
}

fn read_records(choice: &Choice<'_>) -> Option<Command> {
    let person = (choice.deed.b % 2 == 0).then(|| choice.someone(choice.deed.a));
    Some(Command::ReadRecords { after: None, limit: 10, person, document: None })
}

fn register_document(choice: &Choice<'_>) -> Option<Command> {
    let (set, kind) = if choice.deed.c % 2 == 0 {
        ("smki", "certificate_policy")
    } else {
        ("smki-cps", "certification_practice_statement")
    };
    Some(Command::RegisterDocument {
        document: handle(&format!("document-{}", choice.deed.a % 4)),
        title: "A document".into(),
        document_kind: kind.into(),
        set: handle(set),
        body: choice.body(),
    })
}

fn lodge(choice: &Choice<'_>) -> Option<Command> {
    lodge_under(choice, None)
}

fn lodge_as_directed(choice: &Choice<'_>) -> Option<Command> {
    let direction = DirectionId(pick(choice.reference.directions.keys().copied(), choice.deed.b)?);
    lodge_under(choice, Some(direction))
}

fn lodge_under(choice: &Choice<'_>, direction: Option<DirectionId>) -> Option<Command> {
    let document = match direction {
        Some(direction) => choice.reference.directions[&direction.0].document.clone(),
        None => choice.document()?,
    };
    let label = Label::parse(&format!("{}.0", choice.deed.a % 8)).unwrap();
    Some(lodgement(document, label, choice.deed.c % 3, direction))
}

fn lodgement(document: Handle, label: Label, bytes: u8, direction: Option<DirectionId>) -> Command {
    let content = Content {
        blob: hex::encode([bytes; 16]),
        digest: Digest::of(&[bytes]),
        size: 1,
        content_type: "text/plain".into(),
    };
    Command::LodgeVersion {
        document,
        label,
        content,
        classification: None,
        tlp: None,
        incorporated: None,
        effective: None,
        note: None,
        direction,
        signature: None,
    }
}

fn determine(choice: &Choice<'_>) -> Option<Command> {
    let (document, label) = choice.version()?;
    Some(Command::DetermineClassification {
        document,
        label,
        classification: choice.level(),
        reason: reason(),
        tlp: None,
    })
}

fn publish(choice: &Choice<'_>) -> Option<Command> {
    let (document, label) = choice.version()?;
    Some(Command::PublishVersion { document, label, reason: reason() })
}

fn withdraw(choice: &Choice<'_>) -> Option<Command> {
    let (document, label) = choice.version()?;
    // Most versions stay.
    (choice.deed.b % 4 == 0).then(|| Command::WithdrawVersion { document, label, reason: reason() })
}

/// The commands that make a document of `body`, with a version of every level if somebody chairs the body.
pub fn prepared(number: usize, body: &str, determined: bool) -> Vec<Command> {
    let document = handle(&format!("document-{number}"));
    let mut commands = vec![Command::RegisterDocument {
        document: document.clone(),
        title: "A document".into(),
        document_kind: "certificate_policy".into(),
        set: handle("smki"),
        body: handle(body),
    }];
    for (place, level) in std::iter::once(None).chain(Classification::ALL.into_iter().map(Some)).enumerate() {
        let label = Label::parse(&format!("{place}.0")).unwrap();
        commands.push(lodgement(document.clone(), label.clone(), 0, None));
        if let Some(classification) = level.filter(|_| determined) {
            let document = document.clone();
            commands.push(Command::DetermineClassification {
                document,
                label,
                classification,
                reason: reason(),
                tlp: None,
            });
        }
    }
    commands
}

fn issue_direction(choice: &Choice<'_>) -> Option<Command> {
    Some(Command::IssueDirection {
        document: choice.document()?,
        title: "Lodge it".into(),
        requirement: "the text as approved".into(),
        due: "2099-12-31".parse().unwrap(),
        decision: None,
    })
}

fn settle_direction(choice: &Choice<'_>) -> Option<Command> {
    let direction = DirectionId(pick(choice.reference.directions.keys().copied(), choice.deed.a)?);
    let outcome = if choice.deed.b % 2 == 0 { Settlement::Accepted } else { Settlement::Returned };
    Some(Command::SettleDirection { direction, outcome, reason: reason() })
}

fn propose_classification(choice: &Choice<'_>) -> Option<Command> {
    let (document, label) = choice.version()?;
    Some(Command::ProposeClassification {
        document,
        label,
        classification: choice.level(),
        reason: reason(),
        tlp: None,
    })
}

fn table(choice: &Choice<'_>) -> Option<Command> {
    let (document, label) = choice.version()?;
    Some(Command::TableVersion { document, label, body: pick(choice.reference.bodies.keys().cloned(), choice.deed.c)? })
}

fn give_grant(choice: &Choice<'_>) -> Option<Command> {
    let (document, label) = choice.version()?;
    let kinds = [
        GrantKind::NeedToKnow,
        GrantKind::CategoryShare,
        GrantKind::WiderCirculation,
        GrantKind::RedInclusion,
        GrantKind::Invitation,
        GrantKind::RedDisclosure,
    ];
    let grant_kind = pick(kinds.into_iter(), choice.deed.b)?;
    let to = match grant_kind {
        GrantKind::NeedToKnow | GrantKind::RedInclusion | GrantKind::Invitation => {
            Grantee::Person(choice.someone(choice.deed.c))
        }
        GrantKind::CategoryShare => Grantee::Organisation(choice.organisation(choice.deed.c)),
        GrantKind::WiderCirculation if choice.deed.c % 2 == 0 => {
            Grantee::OrganisationKind(OrganisationKind::Stakeholder)
        }
        GrantKind::WiderCirculation => Grantee::Organisation(choice.organisation(choice.deed.c)),
        GrantKind::RedDisclosure => Grantee::Body(handle("panel")),
    };
    let valid_until =
        (grant_kind == GrantKind::NeedToKnow || choice.deed.c % 3 == 0).then(|| choice.hours(choice.deed.c));
    Some(Command::GiveGrant { document, label, grant_kind, to, action: "action 12".into(), valid_until })
}

fn direct_grant(choice: &Choice<'_>) -> Option<Command> {
    let waiting = choice.reference.grants.iter().filter(|(_, grant)| !grant.given);
    Some(Command::DirectGrant { grant: GrantId(pick(waiting.map(|(id, _)| *id), choice.deed.a)?) })
}

fn revoke_grant(choice: &Choice<'_>) -> Option<Command> {
    let grant = GrantId(pick(choice.reference.grants.keys().copied(), choice.deed.a)?);
    Some(Command::RevokeGrant { grant, reason: Some(reason()) })
}

fn register_organisation(choice: &Choice<'_>) -> Option<Command> {
    let category = PartyCategory("small_supplier".into());
    Some(Command::RegisterOrganisation {
        organisation: handle(&format!("organisation-{}", choice.deed.a % 3)),
        name: "An organisation".into(),
        organisation_kind: OrganisationKind::Party,
        category: Some(category),
    })
}

fn register_person(choice: &Choice<'_>) -> Option<Command> {
    Some(Command::RegisterPerson {
        person: handle(&format!("person-{}", choice.deed.a % 4)),
        name: "A person".into(),
        organisation: choice.organisation(choice.deed.c),
        system: choice.deed.b % 5 == 0,
    })
}

fn remove_person(choice: &Choice<'_>) -> Option<Command> {
    // Few, or nobody would be left.
    (choice.deed.b % 8 == 0).then(|| Command::RemovePerson { person: choice.someone(choice.deed.a), reason: reason() })
}

fn establish_seat(choice: &Choice<'_>) -> Option<Command> {
    let seat = Seat {
        handle: handle(&format!("seat-{}", choice.deed.a % 2)),
        role: if choice.deed.c % 2 == 0 { SeatRole::Voting } else { SeatRole::NonVoting },
        constituency: "large_supplier".into(),
    };
    Some(Command::EstablishSeat { body: choice.body(), seat })
}

fn abolish_seat(choice: &Choice<'_>) -> Option<Command> {
    let body = choice.body();
    let seat = choice.seat(&body)?;
    Some(Command::AbolishSeat { body, seat, reason: reason() })
}

fn propose_appointment(choice: &Choice<'_>) -> Option<Command> {
    let body = choice.body();
    let seat = choice.seat(&body)?;
    let from = (choice.deed.b % 4 == 0).then(|| choice.hours(choice.deed.c));
    let until = choice.reference.after_hours(24 * (2 + i64::from(choice.deed.c)) * 2);
    Some(Command::ProposeAppointment { person: choice.someone(choice.deed.a), body, seat, from, until })
}

fn approve_appointment(choice: &Choice<'_>) -> Option<Command> {
    let waiting = choice.reference.appointments.iter().filter(|(_, one)| !one.approved && !one.ended);
    let appointment = AppointmentId(pick(waiting.map(|(id, _)| *id), choice.deed.a)?);
    Some(Command::ApproveAppointment { appointment })
}

fn end_appointment(choice: &Choice<'_>) -> Option<Command> {
    let appointment = AppointmentId(pick(choice.reference.appointments.keys().copied(), choice.deed.a)?);
    (choice.deed.b % 4 == 0).then(|| Command::EndAppointment { appointment, reason: reason() })
}

fn propose_alternate(choice: &Choice<'_>) -> Option<Command> {
    Some(Command::ProposeAlternate { body: choice.body(), person: choice.someone(choice.deed.c) })
}

fn approve_alternate(choice: &Choice<'_>) -> Option<Command> {
    let waiting = choice.reference.alternates.iter().filter(|(_, one)| !one.approved && !one.ended);
    Some(Command::ApproveAlternate { alternate: AlternateId(pick(waiting.map(|(id, _)| *id), choice.deed.a)?) })
}

fn end_alternate(choice: &Choice<'_>) -> Option<Command> {
    Some(Command::EndAlternate {
        alternate: AlternateId(pick(choice.reference.alternates.keys().copied(), choice.deed.a)?),
    })
}

fn name_secretariat(choice: &Choice<'_>) -> Option<Command> {
    Some(Command::NameSecretariat { person: choice.someone(choice.deed.a), body: choice.body() })
}

fn unname_secretariat(choice: &Choice<'_>) -> Option<Command> {
    Some(Command::UnnameSecretariat { person: choice.someone(choice.deed.a), body: choice.body(), reason: reason() })
}

fn appoint_auditor(choice: &Choice<'_>) -> Option<Command> {
    Some(Command::AppointAuditor { person: choice.someone(choice.deed.a) })
}

fn dismiss_auditor(choice: &Choice<'_>) -> Option<Command> {
    Some(Command::DismissAuditor { person: choice.someone(choice.deed.a), reason: reason() })
}

fn bind_credential(choice: &Choice<'_>) -> Option<Command> {
    let person = choice.someone(choice.deed.a);
    let replaces = (choice.deed.b % 2 == 0).then(|| first_credential(&person));
    let overlap_until = replaces.map(|_| choice.hours(choice.deed.c % 90));
    let credential = CredentialId(Digest::of(&[choice.deed.a, choice.deed.b % 2, choice.deed.c]).0);
    Some(Command::BindCredential { person, credential, replaces, overlap_until })
}

fn confirm_credential(choice: &Choice<'_>) -> Option<Command> {
    let waiting = choice.reference.credentials.iter().filter(|(_, one)| !one.confirmed && !one.revoked);
    Some(Command::ConfirmCredential { credential: pick(waiting.map(|(id, _)| *id), choice.deed.a)? })
}

fn revoke_credential(choice: &Choice<'_>) -> Option<Command> {
    let credential = pick(choice.reference.credentials.keys().copied(), choice.deed.a)?;
    (choice.deed.b % 8 == 0).then(|| Command::RevokeCredential { credential, reason: reason() })
}

fn adopt_text(choice: &Choice<'_>) -> Option<Command> {
    let body = choice.body();
    let text = format!("The agreement of {body}, version {}.", choice.deed.c % 3);
    (choice.deed.b % 4 == 1).then(|| Command::AdoptAgreementText { body, text })
}

fn sign(choice: &Choice<'_>) -> Option<Command> {
    let text = choice.reference.bodies[&choice.body()].agreement;
    Some(Command::SignAgreement { text, signature: None })
}

fn confirm(choice: &Choice<'_>) -> Option<Command> {
    let text = choice.reference.bodies[&choice.body()].confirmation;
    Some(Command::ConfirmMembership { text, signature: None })
}

fn open_matter(choice: &Choice<'_>) -> Option<Command> {
    let subject = AskedSubject::Matter { matter: "whether to write to the Panel".into() };
    Some(open(choice, choice.body(), DecisionKind::Other, subject))
}

fn open_on_version(choice: &Choice<'_>) -> Option<Command> {
    let (document, version) = choice.version()?;
    let body = choice.reference.documents[&document].body.clone();
    let (kind, to) = match choice.deed.b % 3 {
        0 => (DecisionKind::DiscloseRed, Some(handle("panel"))),
        1 => (DecisionKind::ApproveCps, None),
        _ => (DecisionKind::Other, None),
    };
    Some(open(choice, body, kind, AskedSubject::Version { document, version, to }))
}

fn open_on_suspension(choice: &Choice<'_>) -> Option<Command> {
    let suspension = SuspensionId(pick(choice.reference.suspensions.keys().copied(), choice.deed.a)?);
    let subject = AskedSubject::Suspension { suspension };
    Some(open(choice, choice.reference.authority.clone(), DecisionKind::LiftSuspension, subject))
}

fn open(choice: &Choice<'_>, body: Handle, decision_kind: DecisionKind, subject: AskedSubject) -> Command {
    let meeting = (choice.deed.c % 2 == 0).then(|| Meeting {
        reference: "meeting 42".into(),
        exceptional: choice.deed.c % 4 == 0,
        present: Vec::new(),
    });
    Command::OpenDecision { body, decision_kind, subject, question: "Shall it be so?".into(), meeting }
}

fn vote(choice: &Choice<'_>) -> Option<Command> {
    let open = choice.reference.decisions.iter().filter(|(_, one)| one.outcome.is_none() || choice.deed.c % 8 == 0);
    let decision = DecisionId(pick(open.map(|(id, _)| *id), choice.deed.a)?);
    let vote = pick([Vote::For, Vote::For, Vote::For, Vote::Against, Vote::Abstain].into_iter(), choice.deed.b)?;
    let seat = choice.reference.seat_of_vote(choice.person, decision.0, None);
    Some(Command::CastVote { decision, vote, seat })
}

fn close(choice: &Choice<'_>) -> Option<Command> {
    let decision = DecisionId(pick(choice.reference.decisions.keys().copied(), choice.deed.a)?);
    Some(Command::CloseDecision { decision })
}

fn declare_conflict(choice: &Choice<'_>) -> Option<Command> {
    let about = if choice.deed.b % 2 == 0 {
        ConflictSubject::Document(choice.document()?)
    } else {
        ConflictSubject::Decision(DecisionId(pick(choice.reference.decisions.keys().copied(), choice.deed.a)?))
    };
    Some(Command::DeclareConflict { about, statement: "we build what it is about".into() })
}

fn record_breach(choice: &Choice<'_>) -> Option<Command> {
    Some(Command::RecordBreach { person: choice.someone(choice.deed.a), statement: "shared a paper".into() })
}

fn impose_suspension(choice: &Choice<'_>) -> Option<Command> {
    let whom = match choice.deed.b % 16 {
        0..11 => Suspended::Person(choice.someone(choice.deed.a)),
        11..15 => Suspended::Organisation(choice.organisation(choice.deed.a)),
        _ => Suspended::Service,
    };
    let scopes = [
        SuspensionScope::Lodge,
        SuspensionScope::ReadAmberRed,
        SuspensionScope::ReadAmberRed,
        SuspensionScope::ReadAll,
        SuspensionScope::All,
    ];
    let scope = pick(scopes.into_iter(), choice.deed.c)?;
    Some(Command::ImposeSuspension { whom, scope, grounds: "an incident".into() })
}

fn measure(choice: &Choice<'_>) -> Option<Measure> {
    let reference = choice.reference;
    match choice.deed.b % 4 {
        0 => pick(reference.conflicts.keys(), choice.deed.a).map(|id| Measure::Conflict(ConflictId(*id))),
        1 => pick(reference.breaches.keys(), choice.deed.a).map(|id| Measure::Breach(BreachId(*id))),
        2 => pick(reference.suspensions.keys(), choice.deed.a).map(|id| Measure::Suspension(SuspensionId(*id))),
        _ => pick(reference.decisions.keys(), choice.deed.a).map(|id| Measure::Decision(DecisionId(*id))),
    }
}

fn appeal(choice: &Choice<'_>) -> Option<Command> {
    Some(Command::Appeal { against: measure(choice)?, statement: "it was another one".into() })
}

fn settle_appeal(choice: &Choice<'_>) -> Option<Command> {
    Some(Command::SettleAppeal { against: measure(choice)?, upheld: choice.deed.c % 2 == 0, reason: reason() })
}

fn lift(choice: &Choice<'_>) -> Option<Command> {
    Some(Command::Lift { against: measure(choice)?, reason: reason(), decision: None })
}

fn reason() -> String {
    "as the committee resolved".into()
}

/// One of `choices`, and another for another number.
fn pick<T>(choices: impl Iterator<Item = T> + Clone, number: u8) -> Option<T> {
    let count = choices.clone().count();
    (count > 0).then(|| choices.into_iter().nth(usize::from(number) % count)).flatten()
}

/// A handle of the test's own.
pub fn handle(text: &str) -> Handle {
    Handle::parse(text).unwrap()
}
