//! One event of every kind, with who makes its entry and by which command.

use strongroom::pure::domain::body::{Body, Seat, SeatRole};
use strongroom::pure::domain::classification::Classification;
use strongroom::pure::domain::command::{Command, Settlement, System};
use strongroom::pure::domain::conflict::ConflictSubject;
use strongroom::pure::domain::event::{Event, Suspended};
use strongroom::pure::domain::grant::{GrantKind, Grantee};
use strongroom::pure::domain::id::{
    BreachId, ConflictId, CredentialId, Digest, DirectionId, GrantId, Handle, Label, NeedId, SuspensionId,
};
use strongroom::pure::domain::organisation::{OrganisationKind, PartyCategory};
use strongroom::pure::domain::profile::{DocumentSet, NeedLimit, NeedLimits, Profile, Purpose};
use strongroom::pure::domain::suspension::SuspensionScope;
use strongroom::pure::record::RecordActor;

use super::commands::{self, DOCUMENT, content, label, need, noon};
use super::{governance, handle, person};

/// The kind of an event, as it is stored. Without a catch-all, so that a new kind asks for its example here.
pub fn event_kind(event: &Event) -> &'static str {
    match event {
        Event::ProfileAdopted { .. } => "profile_adopted",
        Event::OrganisationRegistered { .. } => "organisation_registered",
        Event::BodyEstablished { .. } => "body_established",
        Event::PersonRegistered { .. } => "person_registered",
        Event::PersonRemoved { .. } => "person_removed",
        Event::CredentialBound { .. } => "credential_bound",
        Event::CredentialConfirmed { .. } => "credential_confirmed",
        Event::CredentialRevoked { .. } => "credential_revoked",
        Event::AppointmentMade { .. } => "appointment_made",
        Event::MemberConfirmed { .. } => "member_confirmed",
        Event::AppointmentEnded { .. } => "appointment_ended",
        Event::AlternateProposed { .. } => "alternate_proposed",
        Event::AlternateApproved { .. } => "alternate_approved",
        Event::AlternateEnded { .. } => "alternate_ended",
        Event::AgreementSigned { .. } => "agreement_signed",
        Event::AgreementTextAdopted { .. } => "agreement_text_adopted",
        Event::SecretariatNamed { .. } => "secretariat_named",
        Event::AuditorAppointed { .. } => "auditor_appointed",
        Event::RegisterEstablished => "register_established",
        Event::DocumentRegistered { .. } => "document_registered",
        Event::VersionLodged { .. } => "version_lodged",
        Event::ClassificationDetermined { .. } => "classification_determined",
        Event::VersionPublished { .. } => "version_published",
        Event::VersionWithdrawn { .. } => "version_withdrawn",
        Event::VersionTabled { .. } => "version_tabled",
        Event::NeedRecorded { .. } => "need_recorded",
        Event::NeedWithdrawn { .. } => "need_withdrawn",
        Event::ContentReleased { .. } => "content_released",
        Event::DirectionIssued { .. } => "direction_issued",
        Event::DirectionAccepted { .. } => "direction_accepted",
        Event::DirectionReturned { .. } => "direction_returned",
        Event::GrantGiven { .. } => "grant_given",
        Event::GrantRevoked { .. } => "grant_revoked",
        Event::ConflictDeclared { .. } => "conflict_declared",
        Event::ConflictLifted { .. } => "conflict_lifted",
        Event::BreachRecorded { .. } => "breach_recorded",
        Event::BreachLifted { .. } => "breach_lifted",
        Event::SuspensionImposed { .. } => "suspension_imposed",
        Event::SuspensionLifted { .. } => "suspension_lifted",
        Event::SeatEstablished { .. } => "seat_established",
        Event::SeatAbolished { .. } => "seat_abolished",
        Event::BodyReviewed { .. } => "body_reviewed",
        Event::AppointmentProposed { .. } => "appointment_proposed",
        Event::SecretariatUnnamed { .. } => "secretariat_unnamed",
        Event::AuditorDismissed { .. } => "auditor_dismissed",
        Event::ClassificationProposed { .. } => "classification_proposed",
        Event::GrantRequested { .. } => "grant_requested",
        Event::GrantDirected { .. } => "grant_directed",
        Event::Appealed { .. } => "appealed",
        Event::AppealSettled { .. } => "appeal_settled",
        Event::DecisionOpened { .. } => "decision_opened",
        Event::VoteCast { .. } => "vote_cast",
        Event::DecisionClosed { .. } => "decision_closed",
        Event::VersionResolved { .. } => "version_resolved",
        Event::AccessExplained { .. } => "access_explained",
        Event::ReadersListed { .. } => "readers_listed",
        Event::RecordsRead => "records_read",
        Event::Heartbeat => "heartbeat",
        Event::JournalRecovered { .. } => "journal_recovered",
        Event::ClockAccepted { .. } => "clock_accepted",
        Event::LogKeyRotated { .. } => "log_key_rotated",
        Event::LogSucceeded { .. } => "log_succeeded",
    }
}

/// One of every kind.
pub fn examples() -> Vec<(RecordActor, Command, Event)> {
    let by_people = acts().into_iter().chain(governance::acts()).map(|(command, event)| (person(), command, event));
    let system = |system, command, event| (RecordActor::System { system }, command, event);
    let mut examples: Vec<_> = by_people.collect();
    examples.extend(
        register()
            .into_iter()
            .chain(audiences())
            .map(|event| system(System::Bootstrap, Command::Establish { event: Box::new(event.clone()) }, event)),
    );
    examples.push(system(System::Heartbeat, Command::Beat, Event::Heartbeat));
    let recovered = Event::JournalRecovered { cut_bytes: 4096, moved_to: "journal/cut-0001".into() };
    examples.push(system(System::Recovery, commands::recovery(), recovered));
    let accepted = Event::ClockAccepted { clock: noon() };
    examples.push(system(System::Recovery, Command::AcceptClock { clock: noon() }, accepted));
    let (keys, note) = (commands::rotated_keys(), commands::rotation_note());
    examples.push(system(System::Recovery, commands::rotate(), Event::LogKeyRotated { epoch: 2, keys, note }));
    let (old_origin, new_origin) = ("log.example".to_owned(), "log.example/2".to_owned());
    let checkpoints = commands::last_checkpoints();
    let succeeded = Event::LogSucceeded { old_origin, new_origin, size: 1040, checkpoints };
    examples.push(system(System::Recovery, commands::succeed(), succeeded));
    let mut kinds: Vec<_> = examples.iter().map(|(_, _, event)| event_kind(event)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!((kinds.len(), examples.len()), (KINDS, KINDS), "one of every kind");
    examples
}

/// A lodgement that its lodger signed: the same kind of event, with one field more.
pub fn lodged_signed() -> (RecordActor, Command, Event) {
    let mut lodged =
        acts().into_iter().map(|(_, event)| event).find(|event| event_kind(event) == "version_lodged").unwrap();
    if let Event::VersionLodged { signature, .. } = &mut lodged {
        *signature = Some(commands::cms());
    }
    (person(), commands::lodge_signed(), lodged)
}

/// How many kinds of events there are: the arms of `event_kind`.
const KINDS: usize = 62;

/// What people do, with the command that does it.
fn acts() -> Vec<(Command, Event)> {
    let (document, label): (Handle, Label) = (handle(DOCUMENT), label());
    let reason = "as the meeting resolved".to_owned();
    let named = || (document.clone(), label.clone(), reason.clone());
    let direction = DirectionId(12);
    let need_recorded = Event::NeedRecorded {
        need: NeedId(1042),
        document: document.clone(),
        version: Some(label.clone()),
        reason: need(),
        valid_until: noon(),
    };
    let content_released = Event::ContentReleased {
        document: document.clone(),
        label: label.clone(),
        digest: content().digest,
        size: content().size,
        level: "RED".into(),
        need: NeedId(1000),
        method: "GET".into(),
        range: None,
    };
    let publish = |(document, label, reason)| Command::PublishVersion { document, label, reason };
    let published = |(document, label, reason)| Event::VersionPublished { document, label, reason };
    let withdraw = |(document, label, reason)| Command::WithdrawVersion { document, label, reason };
    let withdrawn = |(document, label, reason)| Event::VersionWithdrawn { document, label, reason };
    vec![
        (
            commands::register(),
            Event::DocumentRegistered {
                document: document.clone(),
                title: "Device Certificate Policy".into(),
                document_kind: "certificate_policy".into(),
                set: handle("smki"),
                body: handle("pma"),
            },
        ),
        (
            commands::lodge(),
            Event::VersionLodged {
                document: document.clone(),
                label: label.clone(),
                content: content(),
                proposed: Some(Classification::Green),
                incorporated: Some("2026-11-01".parse().unwrap()),
                effective: "2026-12-01".parse().unwrap(),
                note: Some("as modified".into()),
                direction: Some(direction),
                signature: None,
                tlp: None,
            },
        ),
        (
            commands::determine(),
            Event::ClassificationDetermined {
                document: document.clone(),
                label: label.clone(),
                classification: Classification::Amber,
                reason: "it names weaknesses".into(),
                tlp: None,
            },
        ),
        (publish(named()), published(named())),
        (withdraw(named()), withdrawn(named())),
        (commands::record_need(), need_recorded),
        (Command::WithdrawNeed { need: NeedId(1000) }, Event::NeedWithdrawn { need: NeedId(1000) }),
        (commands::read(), content_released),
        (
            commands::issue(),
            Event::DirectionIssued {
                direction: DirectionId(1042),
                document,
                title: "Lodge the policy".into(),
                requirement: "the text as approved".into(),
                due: "2026-12-31".parse().unwrap(),
                addressee: handle("dcc"),
                decision: None,
            },
        ),
        (
            commands::settle(Settlement::Accepted),
            Event::DirectionAccepted { direction, label: label.clone(), reason: "as required".into() },
        ),
        (
            commands::settle(Settlement::Returned),
            Event::DirectionReturned { direction, label, reason: "as required".into() },
        ),
        (Command::ReadRecords { after: None, limit: 100, person: None, document: None }, Event::RecordsRead),
    ]
}

fn register() -> Vec<Event> {
    let (person, body, seat) = (|| handle("deputy"), || handle("pma"), || handle("small-supplier"));
    let credential = CredentialId([0xc2; 32]);
    let text = Digest([0xa1; 32]);
    let member = || handle("small-supplier");
    let reason = || "left the company".to_owned();
    vec![
        Event::ProfileAdopted { profile: Box::new(profile()) },
        Event::OrganisationRegistered {
            organisation: handle("northern-power"),
            name: "Northern Power plc".into(),
            organisation_kind: OrganisationKind::Party,
            category: Some(PartyCategory("large_supplier".into())),
        },
        Event::BodyEstablished { body: Box::new(pma()) },
        Event::PersonRegistered {
            person: person(),
            name: "D. Deputy".into(),
            organisation: handle("northern-power"),
            system: false,
        },
        Event::PersonRemoved { person: person(), reason: reason() },
        Event::CredentialBound { person: person(), credential, overlap_until: None, replaces: None },
        Event::CredentialConfirmed { credential },
        Event::CredentialRevoked { credential, reason: "key lost".into() },
        Event::AppointmentMade {
            person: person(),
            body: body(),
            seat: seat(),
            from: noon(),
            until: noon(),
            appointment: None,
        },
        Event::MemberConfirmed {
            person: person(),
            body: body(),
            seat: seat(),
            appointment: None,
            signature: None,
            text: None,
        },
        Event::AppointmentEnded { person: person(), body: body(), seat: seat(), reason: reason(), appointment: None },
        Event::AlternateProposed { member: member(), alternate: person(), body: body() },
        Event::AlternateApproved { member: member(), alternate: person(), body: body(), proposal: None },
        Event::AlternateEnded { member: member(), alternate: person(), body: body(), proposal: None },
        Event::AgreementSigned { person: person(), body: body(), text, signature: None },
        Event::AgreementTextAdopted { body: body(), text, words: None },
        Event::SecretariatNamed { person: handle("secas"), body: body() },
        Event::AuditorAppointed { person: handle("auditor") },
        Event::RegisterEstablished,
    ]
}

/// What widens and closes audiences.
fn audiences() -> Vec<Event> {
    let (document, label) = (|| handle(DOCUMENT), label);
    let person = || handle("small-supplier");
    let grant = GrantId(1042);
    let (suspension, whom) = (SuspensionId(1042), || Suspended::Organisation(handle("dcc")));
    vec![
        Event::VersionTabled { document: document(), label: label(), body: handle("ssc") },
        Event::GrantGiven {
            grant,
            document: document(),
            label: label(),
            grant_kind: GrantKind::NeedToKnow,
            to: Grantee::Person(handle("manufacturer")),
            action: "action 12".into(),
            valid_until: Some(noon()),
            decision: None,
        },
        Event::GrantRevoked { grant, document: document(), label: label(), reason: None },
        Event::ConflictDeclared {
            conflict: ConflictId(1042),
            person: person(),
            about: ConflictSubject::Document(document()),
            statement: "we build it".into(),
        },
        Event::ConflictLifted { conflict: ConflictId(1042), person: person(), reason: "decided".into() },
        Event::BreachRecorded { breach: BreachId(1042), person: person(), statement: "shared it".into() },
        Event::BreachLifted { breach: BreachId(1042), person: person(), reason: "settled".into() },
        Event::SuspensionImposed {
            suspension,
            whom: whom(),
            scope: SuspensionScope::ReadAmberRed,
            grounds: "an incident".into(),
        },
        Event::SuspensionLifted { suspension, whom: whom(), reason: "settled".into(), decision: None },
    ]
}

fn pma() -> Body {
    let seat = |seat: &str, role| Seat { handle: handle(seat), role, constituency: seat.replace('-', "_") };
    Body {
        handle: handle("pma"),
        name: "SMKI Policy Management Authority".into(),
        seats: vec![
            seat("chair", SeatRole::Chair),
            seat("small-supplier", SeatRole::Voting),
            seat("dcc-rep", SeatRole::NonVoting),
        ],
        secretariat: Some(handle("secas")),
        receives_amber: false,
        agreement_text: Digest([0xa1; 32]),
        agreement: None,
        answers_to: None,
        confirmation: None,
        rules: Default::default(),
        reviews: Vec::new(),
    }
}

fn profile() -> Profile {
    let limit = |hours, words: &[&str]| NeedLimit {
        hours,
        reference: !words.is_empty(),
        reference_begins_with: words.iter().map(|word| (*word).to_owned()).collect(),
    };
    Profile {
        name: handle("smki"),
        time_zone: "Europe/London".into(),
        direction_addressee: handle("dcc"),
        party_categories: vec![PartyCategory("large_supplier".into())],
        document_types: vec!["certificate_policy".into()],
        document_sets: vec![DocumentSet {
            set: handle("smki"),
            name: "SMKI Document Set".into(),
            retention: "for ever".into(),
        }],
        purposes: vec![Purpose { code: "meeting".into(), covers: "a meeting".into(), secretariat_only: false }],
        needs: NeedLimits {
            white: limit(2160, &[]),
            green: limit(2160, &[]),
            amber: limit(720, &[]),
            red: limit(24, &["meeting", "decision"]),
        },
        bank_holidays: vec!["2026-12-25".parse().unwrap()],
        authority: None,
    }
}
