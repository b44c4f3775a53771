//! Reading, lodging, directing, and widening audiences.

use strongroom::pure::domain::classification::Classification;
use strongroom::pure::domain::command::{Command, NeedClaim, Selector, Settlement};
use strongroom::pure::domain::grant::{GrantKind, Grantee};
use strongroom::pure::domain::id::{Digest, DirectionId, GrantId, Handle, Label, NeedId};
use strongroom::pure::domain::organisation::OrganisationKind;
use strongroom::pure::domain::version::Content;

use super::{Attempt, Choice, handle, pick, reason};

/// What is tried; what is there twice is tried twice as often.
pub(super) const TRIED: &[Attempt] = &[
    view_document,
    view_version,
    read,
    read,
    read,
    read_by_need,
    record_need,
    withdraw_need,
    read_records,
    register_document,
    lodge,
    lodge,
    lodge_as_directed,
    determine,
    determine,
    determine,
    publish,
    withdraw,
    issue_direction,
    settle_direction,
    propose_classification,
    table,
    give_grant,
    give_grant,
    give_grant,
    direct_grant,
    revoke_grant,
];

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
    let version = (choice.deed.b.is_multiple_of(2)).then_some(label);
    Some(Command::RecordNeed { document, version, reason: choice.reason(), valid_until: None })
}

fn withdraw_need(choice: &Choice<'_>) -> Option<Command> {
    Some(Command::WithdrawNeed { need: NeedId(pick(choice.reference.needs.keys().copied(), choice.deed.a)?) })
}

fn read_records(choice: &Choice<'_>) -> Option<Command> {
    let person = (choice.deed.b.is_multiple_of(2)).then(|| choice.someone(choice.deed.a));
    Some(Command::ReadRecords { after: None, limit: 10, person, document: None })
}

fn register_document(choice: &Choice<'_>) -> Option<Command> {
    let (set, kind) = if choice.deed.c.is_multiple_of(2) {
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

pub(super) fn lodgement(document: Handle, label: Label, bytes: u8, direction: Option<DirectionId>) -> Command {
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
    (choice.deed.b.is_multiple_of(4)).then(|| Command::WithdrawVersion { document, label, reason: reason() })
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
    let outcome = if choice.deed.b.is_multiple_of(2) { Settlement::Accepted } else { Settlement::Returned };
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
        GrantKind::WiderCirculation if choice.deed.c.is_multiple_of(2) => {
            Grantee::OrganisationKind(OrganisationKind::Stakeholder)
        }
        GrantKind::WiderCirculation => Grantee::Organisation(choice.organisation(choice.deed.c)),
        GrantKind::RedDisclosure => Grantee::Body(handle("panel")),
    };
    let valid_until =
        (grant_kind == GrantKind::NeedToKnow || choice.deed.c.is_multiple_of(3)).then(|| choice.hours(choice.deed.c));
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
