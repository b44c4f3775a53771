//! One command of every kind.

use strongroom::pure::domain::classification::Classification;
use strongroom::pure::domain::command::{Command, NeedClaim, Selector, Settlement};
use strongroom::pure::domain::event::Event;
use strongroom::pure::domain::id::{CredentialId, Digest, DirectionId, Label, NeedId};
use strongroom::pure::domain::need::NeedReason;
use strongroom::pure::domain::signature::{DetachedSignature, ExaminedSignature, SignatureFinding};
use strongroom::pure::domain::time::Instant;
use strongroom::pure::domain::version::Content;

use super::{governance, handle};

/// The document that the commands name.
pub const DOCUMENT: &str = "device-certificate-policy";

/// The kind of a command, as it is stored. Without a catch-all, so that a new kind asks for its example here.
pub fn command_kind(command: &Command) -> &'static str {
    match command {
        Command::Browse { .. } => "browse",
        Command::ViewDocument { .. } => "view_document",
        Command::ViewVersion { .. } => "view_version",
        Command::ReadContent { .. } => "read_content",
        Command::RegisterDocument { .. } => "register_document",
        Command::OfferVersion { .. } => "offer_version",
        Command::LodgeVersion { .. } => "lodge_version",
        Command::DetermineClassification { .. } => "determine_classification",
        Command::PublishVersion { .. } => "publish_version",
        Command::WithdrawVersion { .. } => "withdraw_version",
        Command::RecordNeed { .. } => "record_need",
        Command::WithdrawNeed { .. } => "withdraw_need",
        Command::IssueDirection { .. } => "issue_direction",
        Command::SettleDirection { .. } => "settle_direction",
        Command::ProposeClassification { .. } => "propose_classification",
        Command::TableVersion { .. } => "table_version",
        Command::GiveGrant { .. } => "give_grant",
        Command::DirectGrant { .. } => "direct_grant",
        Command::RevokeGrant { .. } => "revoke_grant",
        Command::RegisterOrganisation { .. } => "register_organisation",
        Command::RegisterPerson { .. } => "register_person",
        Command::RemovePerson { .. } => "remove_person",
        Command::EstablishBody { .. } => "establish_body",
        Command::EstablishSeat { .. } => "establish_seat",
        Command::AbolishSeat { .. } => "abolish_seat",
        Command::RecordBodyReview { .. } => "record_body_review",
        Command::ProposeAppointment { .. } => "propose_appointment",
        Command::ApproveAppointment { .. } => "approve_appointment",
        Command::EndAppointment { .. } => "end_appointment",
        Command::ProposeAlternate { .. } => "propose_alternate",
        Command::ApproveAlternate { .. } => "approve_alternate",
        Command::EndAlternate { .. } => "end_alternate",
        Command::NameSecretariat { .. } => "name_secretariat",
        Command::UnnameSecretariat { .. } => "unname_secretariat",
        Command::AppointAuditor { .. } => "appoint_auditor",
        Command::DismissAuditor { .. } => "dismiss_auditor",
        Command::AdoptAgreementText { .. } => "adopt_agreement_text",
        Command::BindCredential { .. } => "bind_credential",
        Command::ConfirmCredential { .. } => "confirm_credential",
        Command::RevokeCredential { .. } => "revoke_credential",
        Command::SignAgreement { .. } => "sign_agreement",
        Command::ConfirmMembership { .. } => "confirm_membership",
        Command::OpenDecision { .. } => "open_decision",
        Command::CastVote { .. } => "cast_vote",
        Command::CloseDecision { .. } => "close_decision",
        Command::DeclareConflict { .. } => "declare_conflict",
        Command::RecordBreach { .. } => "record_breach",
        Command::ImposeSuspension { .. } => "impose_suspension",
        Command::Appeal { .. } => "appeal",
        Command::SettleAppeal { .. } => "settle_appeal",
        Command::Lift { .. } => "lift",
        Command::ExplainAccess { .. } => "explain_access",
        Command::ListReaders { .. } => "list_readers",
        Command::ReadRecords { .. } => "read_records",
        Command::ReadEvidence { .. } => "read_evidence",
        Command::Establish { .. } => "establish",
        Command::Beat => "beat",
        Command::EnterRecovery { .. } => "enter_recovery",
        Command::AcceptClock { .. } => "accept_clock",
        Command::RotateLogKey { .. } => "rotate_log_key",
        Command::SucceedLog { .. } => "succeed_log",
    }
}

/// Whether the command can be about something that its person may not know of.
pub fn asks_for_something_hidden(command: &Command) -> bool {
    !matches!(
        command,
        Command::Browse { .. }
            | Command::RegisterDocument { .. }
            | Command::RegisterOrganisation { .. }
            | Command::SignAgreement { .. }
            | Command::ConfirmMembership { .. }
            | Command::ReadRecords { .. }
            | Command::Establish { .. }
            | Command::Beat
            | Command::EnterRecovery { .. }
            | Command::AcceptClock { .. }
            | Command::RotateLogKey { .. }
            | Command::SucceedLog { .. }
    )
}

/// One of every kind.
pub fn examples() -> Vec<Command> {
    let document = || handle(DOCUMENT);
    let reason = || "as the meeting resolved".to_owned();
    let mut examples = vec![
        Command::Browse { method: "GET".into(), pattern: "/v1/documents".into() },
        Command::ViewDocument { document: document() },
        Command::ViewVersion {
            document: document(),
            version: Selector::InForce { as_of: Some("2019-06-03".parse().unwrap()), known_at: Some(noon()) },
        },
        Command::ReadContent {
            document: document(),
            version: Selector::Latest,
            need: Some(NeedClaim::Inline(need())),
            method: "GET".into(),
            range: Some("bytes=0-1023".into()),
        },
        register(),
        Command::OfferVersion {
            document: document(),
            label: label(),
            digest: Some(Digest([0xd1; 32])),
            direction: Some(DirectionId(12)),
        },
        lodge(),
        determine(),
        Command::PublishVersion { document: document(), label: label(), reason: reason() },
        Command::WithdrawVersion { document: document(), label: label(), reason: reason() },
        record_need(),
        Command::WithdrawNeed { need: NeedId(1000) },
        issue(),
        settle(Settlement::Returned),
        Command::ReadRecords { after: Some(7), limit: 100, person: Some(handle("chair")), document: Some(document()) },
        Command::ReadEvidence { index: 1000 },
        Command::Establish { event: Box::new(Event::RegisterEstablished) },
        Command::Beat,
        recovery(),
        Command::AcceptClock { clock: noon() },
        rotate(),
        succeed(),
    ];
    examples.extend(governance::commands());
    let mut kinds: Vec<_> = examples.iter().map(command_kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), examples.len(), "one of every kind");
    examples
}

pub fn read() -> Command {
    Command::ReadContent {
        document: handle(DOCUMENT),
        version: Selector::Label(label()),
        need: Some(NeedClaim::Recorded(NeedId(1000))),
        method: "GET".into(),
        range: None,
    }
}

pub fn register() -> Command {
    Command::RegisterDocument {
        document: handle(DOCUMENT),
        title: "Device Certificate Policy".into(),
        document_kind: "certificate_policy".into(),
        set: handle("smki"),
        body: handle("pma"),
    }
}

pub fn lodge() -> Command {
    Command::LodgeVersion {
        document: handle(DOCUMENT),
        label: label(),
        content: content(),
        classification: Some(Classification::Green),
        incorporated: Some("2026-11-01".parse().unwrap()),
        effective: Some("2026-12-01".parse().unwrap()),
        note: Some("as modified".into()),
        direction: Some(DirectionId(12)),
        signature: None,
        tlp: None,
    }
}

/// A lodgement that its lodger signed.
pub fn lodge_signed() -> Command {
    let mut command = lodge();
    if let Command::LodgeVersion { signature, .. } = &mut command {
        let finding = SignatureFinding::SignedBy(CredentialId([0xc1; 32]));
        *signature = Some(ExaminedSignature { cms: cms(), finding });
    }
    command
}

/// One whose signature is no good.
pub fn lodge_badly_signed() -> Command {
    let mut command = lodge();
    if let Command::LodgeVersion { signature, .. } = &mut command {
        let finding = SignatureFinding::Bad("is over another text than this lodgement's".into());
        *signature = Some(ExaminedSignature { cms: cms(), finding });
    }
    command
}

pub fn cms() -> DetachedSignature {
    DetachedSignature::from_der(b"0\x03\x02\x01\x07")
}

pub fn determine() -> Command {
    Command::DetermineClassification {
        document: handle(DOCUMENT),
        label: label(),
        classification: Classification::Amber,
        reason: "it names weaknesses".into(),
        tlp: None,
    }
}

pub fn record_need() -> Command {
    Command::RecordNeed {
        document: handle(DOCUMENT),
        version: Some(label()),
        reason: need(),
        valid_until: Some(noon()),
    }
}

pub fn issue() -> Command {
    Command::IssueDirection {
        document: handle(DOCUMENT),
        title: "Lodge the policy".into(),
        requirement: "the text as approved".into(),
        due: "2026-12-31".parse().unwrap(),
        decision: Some("decision-77".into()),
    }
}

pub fn settle(outcome: Settlement) -> Command {
    Command::SettleDirection { direction: DirectionId(12), outcome, reason: "as required".into() }
}

pub fn recovery() -> Command {
    Command::EnterRecovery { cut_bytes: 4096, moved_to: "journal/cut-0001".into() }
}

pub fn rotate() -> Command {
    Command::RotateLogKey { epoch: 2, keys: rotated_keys(), note: rotation_note() }
}

pub fn rotated_keys() -> Vec<String> {
    ["log.example+11111111+AQ==", "log.example+22222222+Bg=="].map(str::to_owned).to_vec()
}

pub fn rotation_note() -> String {
    let keys = rotated_keys().join("\n");
    format!("strongroom/log-key-rotation v1\nlog.example\n2\n{keys}\n\n\u{2014} log.example AAAA\n")
}

pub fn succeed() -> Command {
    let (old_origin, new_origin) = ("log.example".to_owned(), "log.example/2".to_owned());
    Command::SucceedLog { old_origin, new_origin, size: 1040, checkpoints: last_checkpoints() }
}

pub fn last_checkpoints() -> Vec<String> {
    vec!["log.example\n1040\nAAAA\n\n\u{2014} log.example AAAA\n".to_owned()]
}

pub fn need() -> NeedReason {
    NeedReason {
        purpose: "meeting".into(),
        statement: "preparing for the meeting – “§6d”".into(),
        reference: Some("meeting 42".into()),
    }
}

pub fn content() -> Content {
    Content {
        blob: "0f".repeat(16),
        digest: Digest([0xd1; 32]),
        size: 2_147_483_648,
        content_type: "application/pdf".into(),
    }
}

pub fn label() -> Label {
    Label::parse("3.0").unwrap()
}

pub fn noon() -> Instant {
    Instant::parse("2026-11-25T12:00:00Z").unwrap()
}
