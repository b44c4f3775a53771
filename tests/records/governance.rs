//! What governance added: its commands, its events, and the fields that older events grew.

use strongroom::pure::domain::appeal::Measure;
use strongroom::pure::domain::body::{BodyRules, ReviewSubject, Seat, SeatRole};
use strongroom::pure::domain::classification::{Classification, Tlp};
use strongroom::pure::domain::command::{AskedSubject, Command, Selector};
use strongroom::pure::domain::conflict::ConflictSubject;
use strongroom::pure::domain::decision::{Count, DecisionKind, DecisionOutcome, DecisionSubject};
use strongroom::pure::domain::decision::{LeftOut, LeftOutReason, Meeting, Resolution, Vote};
use strongroom::pure::domain::event::{Event, Suspended};
use strongroom::pure::domain::grant::{GrantKind, Grantee};
use strongroom::pure::domain::id::{
    AlternateId, AppointmentId, BreachId, CredentialId, DecisionId, Digest, DirectionId,
};
use strongroom::pure::domain::id::{GrantId, Handle, SuspensionId};
use strongroom::pure::domain::organisation::{OrganisationKind, PartyCategory};
use strongroom::pure::domain::signature::{ExaminedSignature, SignatureFinding};
use strongroom::pure::domain::suspension::SuspensionScope;

use super::commands::{self, DOCUMENT, cms, content, label, noon};
use super::handle;

/// One of every kind that governance added.
pub fn commands() -> Vec<Command> {
    let mut commands = of_the_register();
    commands.extend(of_undertakings());
    commands.extend(of_audiences());
    commands.extend(of_decisions_and_measures());
    commands
}

fn of_the_register() -> Vec<Command> {
    vec![
        Command::RegisterOrganisation {
            organisation: handle("northern-power"),
            name: "Northern Power plc".into(),
            organisation_kind: OrganisationKind::Party,
            category: Some(PartyCategory("large_supplier".into())),
        },
        Command::RegisterPerson {
            person: person(),
            name: "D. Deputy".into(),
            organisation: handle("northern-power"),
            system: false,
        },
        Command::RemovePerson { person: person(), reason: "left the company".into() },
        Command::EstablishBody {
            body: handle("working-group"),
            name: "Working Group 1".into(),
            answers_to: Some(body()),
            agreement: "I keep what I read to myself.".into(),
            confirmation: Some("I serve.".into()),
            rules: Some(BodyRules { term_months: 12, ..BodyRules::default() }),
            seats: vec![seat()],
        },
        Command::EstablishSeat { body: body(), seat: seat() },
        Command::AbolishSeat { body: body(), seat: seat().handle, reason: "no longer in section 9".into() },
        Command::RecordBodyReview { body: body(), of: ReviewSubject::Membership, outcome: "all go on".into() },
        Command::ProposeAppointment {
            person: person(),
            body: body(),
            seat: seat().handle,
            from: Some(noon()),
            until: noon(),
        },
        Command::ApproveAppointment { appointment: AppointmentId(1000) },
        Command::EndAppointment { appointment: AppointmentId(1000), reason: "resigned".into() },
        Command::ProposeAlternate { body: body(), person: person() },
        Command::ApproveAlternate { alternate: AlternateId(1001) },
        Command::EndAlternate { alternate: AlternateId(1001) },
        Command::NameSecretariat { person: handle("secas"), body: body() },
        Command::UnnameSecretariat { person: handle("secas"), body: body(), reason: "moved on".into() },
        Command::AppointAuditor { person: handle("auditor") },
        Command::DismissAuditor { person: handle("auditor"), reason: "the audit ended".into() },
        Command::BindCredential {
            person: person(),
            credential: CredentialId([0xc3; 32]),
            replaces: Some(CredentialId([0xc2; 32])),
            overlap_until: Some(noon()),
        },
        Command::ConfirmCredential { credential: CredentialId([0xc3; 32]) },
        Command::RevokeCredential { credential: CredentialId([0xc3; 32]), reason: "key lost".into() },
    ]
}

fn of_undertakings() -> Vec<Command> {
    vec![
        Command::AdoptAgreementText { body: body(), text: "I keep what I read to myself.".into() },
        Command::SignAgreement { text: Digest([0xa1; 32]), signature: Some(signature()) },
        Command::ConfirmMembership { text: Digest([0xa2; 32]), signature: None },
    ]
}

fn of_audiences() -> Vec<Command> {
    vec![
        Command::ProposeClassification {
            document: document(),
            label: label(),
            classification: Classification::Amber,
            reason: "it came so marked".into(),
            tlp: Some(Tlp::AmberStrict),
        },
        Command::TableVersion { document: document(), label: label(), body: handle("ssc") },
        Command::GiveGrant {
            document: document(),
            label: label(),
            grant_kind: GrantKind::NeedToKnow,
            to: Grantee::Person(handle("manufacturer")),
            action: "action 12".into(),
            valid_until: Some(noon()),
        },
        Command::DirectGrant { grant: GrantId(1002) },
        Command::RevokeGrant { grant: GrantId(1002), reason: Some("the action is done".into()) },
        Command::ExplainAccess { person: person(), document: document(), version: Some(Selector::Label(label())) },
        Command::ListReaders { document: document(), version: Selector::Latest, after: None, limit: None },
    ]
}

fn of_decisions_and_measures() -> Vec<Command> {
    vec![
        Command::OpenDecision {
            body: body(),
            decision_kind: DecisionKind::DiscloseRed,
            subject: AskedSubject::Version { document: document(), version: label(), to: Some(handle("panel")) },
            question: "Is the policy to go to the Panel?".into(),
            meeting: Some(meeting()),
        },
        Command::CastVote { decision: DecisionId(1003), vote: Vote::For, seat: Some(seat().handle) },
        Command::CloseDecision { decision: DecisionId(1003) },
        Command::DeclareConflict { about: ConflictSubject::Document(document()), statement: "we build it".into() },
        Command::RecordBreach { person: person(), statement: "shared it".into() },
        Command::ImposeSuspension {
            whom: Suspended::Organisation(handle("dcc")),
            scope: SuspensionScope::ReadAmberRed,
            grounds: "an incident".into(),
        },
        Command::Appeal { against: Measure::Suspension(SuspensionId(1004)), statement: "it was not us".into() },
        Command::SettleAppeal {
            against: Measure::Breach(BreachId(1005)),
            upheld: true,
            reason: "it was not them".into(),
        },
        Command::Lift {
            against: Measure::Suspension(SuspensionId(1004)),
            reason: "as decided".into(),
            decision: Some(DecisionId(1003)),
        },
    ]
}

/// What governance added to what people do, with the command that does it.
pub fn acts() -> Vec<(Command, Event)> {
    let by = |kind: &str| {
        let mut all = commands().into_iter();
        all.find(|command| commands::command_kind(command) == kind).unwrap()
    };
    let grant = GrantId(1042);
    let request = Command::GiveGrant {
        document: document(),
        label: label(),
        grant_kind: GrantKind::NeedToKnow,
        to: Grantee::Person(handle("manufacturer")),
        action: "action 12".into(),
        valid_until: Some(noon()),
    };
    let decided = DecisionId(1003);
    vec![
        (by("establish_seat"), Event::SeatEstablished { body: body(), seat: seat() }),
        (
            by("abolish_seat"),
            Event::SeatAbolished { body: body(), seat: seat().handle, reason: "no longer in section 9".into() },
        ),
        (
            by("record_body_review"),
            Event::BodyReviewed { body: body(), of: ReviewSubject::Chair, outcome: "reappointed".into() },
        ),
        (
            by("propose_appointment"),
            Event::AppointmentProposed {
                appointment: AppointmentId(1042),
                person: person(),
                body: body(),
                seat: seat().handle,
                from: Some(noon()),
                until: noon(),
            },
        ),
        (
            by("unname_secretariat"),
            Event::SecretariatUnnamed { person: handle("secas"), body: body(), reason: "moved on".into() },
        ),
        (
            by("dismiss_auditor"),
            Event::AuditorDismissed { person: handle("auditor"), reason: "the audit ended".into() },
        ),
        (
            by("propose_classification"),
            Event::ClassificationProposed {
                document: document(),
                label: label(),
                classification: Classification::Amber,
                reason: "it came so marked".into(),
                tlp: Some(Tlp::AmberStrict),
            },
        ),
        (
            request,
            Event::GrantRequested {
                grant,
                document: document(),
                label: label(),
                grant_kind: GrantKind::NeedToKnow,
                to: Grantee::Person(handle("manufacturer")),
                action: "action 12".into(),
                valid_until: Some(noon()),
            },
        ),
        (by("direct_grant"), Event::GrantDirected { grant: GrantId(1002), document: document(), label: label() }),
        (
            by("open_decision"),
            Event::DecisionOpened {
                decision: DecisionId(1042),
                body: body(),
                decision_kind: DecisionKind::DiscloseRed,
                subject: DecisionSubject::Version {
                    document: document(),
                    label: label(),
                    digest: content().digest,
                    to: Some(handle("panel")),
                },
                question: "Is the policy to go to the Panel?".into(),
                meeting: Some(meeting()),
                as_chair: true,
            },
        ),
        (
            by("cast_vote"),
            Event::VoteCast {
                decision: decided,
                seat: seat().handle,
                as_alternate: true,
                credential: CredentialId([0xc1; 32]),
                vote: Vote::For,
            },
        ),
        (
            by("close_decision"),
            Event::DecisionClosed { decision: decided, outcome: DecisionOutcome::Carried, count: Box::new(count()) },
        ),
        (
            Command::CloseDecision { decision: decided },
            Event::VersionResolved {
                document: document(),
                label: label(),
                digest: content().digest,
                decision: decided,
                resolution: Resolution::ToBePublished,
            },
        ),
        (
            by("appeal"),
            Event::Appealed { against: Measure::Suspension(SuspensionId(1004)), statement: "it was not us".into() },
        ),
        (
            by("settle_appeal"),
            Event::AppealSettled {
                against: Measure::Breach(BreachId(1005)),
                upheld: true,
                reason: "it was not them".into(),
            },
        ),
        (by("explain_access"), Event::AccessExplained { person: person(), document: document(), label: Some(label()) }),
        (by("list_readers"), Event::ReadersListed { document: document(), label: label() }),
    ]
}

/// Kinds that were there before, with every field that governance added: each with a word for its file.
pub fn in_full() -> Vec<(&'static str, Command, Event)> {
    let (appointment, proposal) = (Some(AppointmentId(1000)), Some(AlternateId(1001)));
    let member = || handle("small-supplier");
    let (text, signature) = (Digest([0xa1; 32]), Some(cms()));
    let signed = Command::ConfirmMembership { text, signature: Some(self::signature()) };
    let approve_alternate = Command::ApproveAlternate { alternate: AlternateId(1001) };
    let end_alternate = Command::EndAlternate { alternate: AlternateId(1001) };
    let decision = Some(DecisionId(1003));
    let directed = Event::DirectionIssued {
        direction: DirectionId(1042),
        document: document(),
        title: "Lodge the policy".into(),
        requirement: "the text as approved".into(),
        due: "2026-12-31".parse().unwrap(),
        addressee: handle("dcc"),
        decision,
    };
    let disclosed = Event::GrantGiven {
        grant: GrantId(1042),
        document: document(),
        label: label(),
        grant_kind: GrantKind::RedDisclosure,
        to: Grantee::Body(handle("panel")),
        action: "as the body approved".into(),
        valid_until: None,
        decision,
    };
    let (of, seat) = (body, || seat().handle);
    vec![
        (
            "system",
            Command::RegisterPerson {
                person: handle("dcc-system"),
                name: "Lodging".into(),
                organisation: handle("dcc"),
                system: true,
            },
            Event::PersonRegistered {
                person: handle("dcc-system"),
                name: "Lodging".into(),
                organisation: handle("dcc"),
                system: true,
            },
        ),
        (
            "replacing",
            of_the_register().into_iter().find(|one| matches!(one, Command::BindCredential { .. })).unwrap(),
            Event::CredentialBound {
                person: person(),
                credential: CredentialId([0xc3; 32]),
                replaces: Some(CredentialId([0xc2; 32])),
                overlap_until: Some(noon()),
            },
        ),
        (
            "proposed",
            Command::ApproveAppointment { appointment: AppointmentId(1000) },
            Event::AppointmentMade {
                person: person(),
                body: of(),
                seat: seat(),
                from: noon(),
                until: noon(),
                appointment,
            },
        ),
        (
            "signed",
            signed,
            Event::MemberConfirmed {
                person: person(),
                body: of(),
                seat: seat(),
                appointment,
                text: Some(text),
                signature: signature.clone(),
            },
        ),
        (
            "proposed",
            Command::EndAppointment { appointment: AppointmentId(1000), reason: "resigned".into() },
            Event::AppointmentEnded {
                person: person(),
                body: of(),
                seat: seat(),
                reason: "resigned".into(),
                appointment,
            },
        ),
        (
            "proposed",
            approve_alternate,
            Event::AlternateApproved { member: member(), alternate: person(), body: of(), proposal },
        ),
        (
            "proposed",
            end_alternate,
            Event::AlternateEnded { member: member(), alternate: person(), body: of(), proposal },
        ),
        (
            "signed",
            Command::SignAgreement { text, signature: Some(self::signature()) },
            Event::AgreementSigned { person: person(), body: of(), text, signature },
        ),
        (
            "words",
            Command::AdoptAgreementText { body: of(), text: "I keep what I read to myself.".into() },
            Event::AgreementTextAdopted { body: of(), text, words: Some("I keep what I read to myself.".into()) },
        ),
        (
            "tlp",
            Command::DetermineClassification {
                document: document(),
                label: label(),
                classification: Classification::Amber,
                reason: "it came so marked".into(),
                tlp: Some(Tlp::AmberStrict),
            },
            Event::ClassificationDetermined {
                document: document(),
                label: label(),
                classification: Classification::Amber,
                reason: "it came so marked".into(),
                tlp: Some(Tlp::AmberStrict),
            },
        ),
        ("decided", commands::issue(), directed),
        ("decided", Command::CloseDecision { decision: DecisionId(1003) }, disclosed),
        (
            "reason",
            Command::RevokeGrant { grant: GrantId(1002), reason: Some("the action is done".into()) },
            Event::GrantRevoked {
                grant: GrantId(1002),
                document: document(),
                label: label(),
                reason: Some("the action is done".into()),
            },
        ),
        (
            "decided",
            Command::CloseDecision { decision: DecisionId(1003) },
            Event::SuspensionLifted {
                suspension: SuspensionId(1004),
                whom: Suspended::Person(person()),
                reason: "as decided".into(),
                decision,
            },
        ),
    ]
}

fn count() -> Count {
    Count {
        votes_for: 4,
        votes_against: 4,
        abstentions: 1,
        casting: Some(Vote::For),
        appointed: 10,
        present: 9,
        required: 5,
        chair_present: true,
        chair_required: true,
        exceptional: false,
        quorate: true,
        left_out: vec![LeftOut { seat: handle("ssc-rep"), reason: LeftOutReason::CredentialWithdrawn }],
    }
}

fn meeting() -> Meeting {
    Meeting { reference: "meeting 42".into(), exceptional: true, present: vec![handle("manufacturer")] }
}

fn signature() -> ExaminedSignature {
    ExaminedSignature { cms: cms(), finding: SignatureFinding::SignedBy(CredentialId([0xc1; 32])) }
}

fn document() -> Handle {
    handle(DOCUMENT)
}

fn person() -> Handle {
    handle("deputy")
}

fn body() -> Handle {
    handle("pma")
}

fn seat() -> Seat {
    Seat { handle: handle("small-supplier"), role: SeatRole::Voting, constituency: "small_supplier".into() }
}
