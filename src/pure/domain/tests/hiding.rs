//! READ-6: whatever is asked about a thing that a person may not know of, the answer is that for an absent thing.

use super::harness::{World, handle};
use super::world::*;
use crate::pure::domain::classification::Classification::{self, Amber, Green, Red, White};
use crate::pure::domain::command::{Command, NeedClaim, Selector, Settlement};
use crate::pure::domain::event::Event;
use crate::pure::domain::id::{Digest, DirectionId, Handle, Label, NeedId};

/// People who know nothing of the RED document `secret`.
const OUTSIDE: [&str; 10] = [
    "manufacturer",
    "party-large-supplier",
    "party-small-supplier",
    "panel-member",
    "working-group-member",
    "dcc-operator",
    "large-supplier-3",
    "deputy",
    "auditor",
    "operator",
];

#[test]
fn read_6_a_document_that_one_may_not_know_of_is_like_an_absent_one_whatever_is_asked() {
    let world = with_secret(smki_with(Green));
    for person in OUTSIDE {
        for (hidden, absent) in every_command("secret", "1.0").into_iter().zip(every_command("absent", "1.0")) {
            world.when(person, hidden).then_like(world.when(person, absent));
        }
    }
}

#[test]
fn read_6_a_version_that_one_may_not_know_of_is_like_an_absent_one_whatever_is_asked() {
    for level in [Some(Red), Some(Amber), None] {
        let world = smki_with(Green).given_by("large-supplier-1", lodged("2.0"));
        let world = match level {
            Some(level) => world.given_by("chair", determined("2.0", level)),
            None => world,
        };
        for person in OUTSIDE.into_iter().filter(|person| !reads(person, level)) {
            for (hidden, absent) in every_command(POLICY, "2.0").into_iter().zip(every_command(POLICY, "9.9")) {
                world.when(person, hidden).then_like(world.when(person, absent));
            }
        }
    }
}

#[test]
fn read_6_a_representative_or_the_secretariat_outside_red_meets_an_absent_version() {
    let world = with_version(smki_with(Green), "2.0", Red);
    for person in ["ofgem-rep", "beis-rep", "dcc-rep", "secas"] {
        let pairs = every_command(POLICY, "2.0").into_iter().zip(every_command(POLICY, "9.9"));
        // The Secretariat may lodge, and a label that is taken cannot be lodged twice.
        let lodges = |command: &Command| {
            matches!(command, Command::OfferVersion { .. } | Command::LodgeVersion { .. }) && person == "secas"
        };
        for (hidden, absent) in pairs.filter(|(hidden, _)| !lodges(hidden)) {
            world.when(person, hidden).then_like(world.when(person, absent));
        }
    }
}

#[test]
fn read_6_a_body_that_one_is_not_of_is_like_an_absent_one() {
    let world = smki_with(Green);
    for person in OUTSIDE.into_iter().filter(|person| *person != "panel-member") {
        world.when(person, register("new", "panel")).then_like(world.when(person, register("new", "no-such-body")));
    }
}

#[test]
fn read_6_a_taken_slug_is_refused_alike_whether_the_document_is_seen_or_not() {
    let world = seen_and_unseen_by_the_panel();
    world.when("panel-member", view_document(POLICY)).then_answers();
    world.when("panel-member", view_document("secret")).then_hidden();
    let seen = world.when("panel-member", register(POLICY, "panel"));
    seen.then_like(world.when("panel-member", register("secret", "panel")));
}

#[test]
fn read_6_a_need_or_direction_of_others_is_like_an_absent_one() {
    let world = with_secret(smki_with(Green)).done("chair", record_need(None, good_need(), None));
    let need = world.next_index() - 1;
    let world = world.done("chair", issue_direction());
    let direction = world.next_index() - 1;
    for person in OUTSIDE.into_iter().filter(|person| *person != "dcc-operator") {
        let withdraw = |need| Command::WithdrawNeed { need: NeedId(need) };
        world.when(person, withdraw(need)).then_like(world.when(person, withdraw(9_999)));
        world.when(person, read_by_need("1.0", need)).then_like(world.when(person, read_by_need("1.0", 9_999)));
        let settle = |direction| Command::SettleDirection {
            direction: DirectionId(direction),
            outcome: Settlement::Accepted,
            reason: "as required".into(),
        };
        world.when(person, settle(direction)).then_like(world.when(person, settle(9_999)));
        let against = |direction| lodge("2.0", 2, Some(direction));
        world.when(person, against(direction)).then_like(world.when(person, against(9_999)));
    }
}

#[test]
fn read_6_the_operator_of_the_pki_meets_another_documents_direction_as_absent() {
    let direct = |document: &str| Event::DirectionIssued {
        direction: DirectionId(500),
        document: handle(document),
        title: "Lodge it".into(),
        requirement: "the text".into(),
        due: day("2026-12-31"),
        addressee: handle("secas"),
        decision: None,
    };
    let world = with_secret(smki_with(Green)).given_by("chair", direct("secret"));
    world.when("dcc-operator", view_document("secret")).then_hidden();
    let against = |direction| lodge("2.0", 2, Some(direction));
    world.when("dcc-operator", against(500)).then_like(world.when("dcc-operator", against(501)));
}

fn reads(person: &str, level: Option<Classification>) -> bool {
    level == Some(Amber) && person == "panel-member"
}

fn with_secret(world: World) -> World {
    let in_secret = |event: Event| match event {
        Event::VersionLodged {
            label, content, proposed, incorporated, effective, note, direction, signature, ..
        } => {
            let document = handle("secret");
            Event::VersionLodged {
                document,
                label,
                content,
                proposed,
                incorporated,
                effective,
                note,
                direction,
                signature,
                tlp: None,
            }
        }
        Event::ClassificationDetermined { label, classification, reason, .. } => {
            Event::ClassificationDetermined { document: handle("secret"), label, classification, reason, tlp: None }
        }
        other => other,
    };
    world
        .given_by("secas", registered("secret"))
        .given_by("large-supplier-1", in_secret(lodged("1.0")))
        .given_by("chair", in_secret(determined("1.0", Red)))
}

fn seen_and_unseen_by_the_panel() -> World {
    with_secret(smki_with(Green))
}

fn register(document: &str, body: &str) -> Command {
    Command::RegisterDocument {
        document: handle(document),
        title: "A new one".into(),
        document_kind: "policy".into(),
        set: handle("smki"),
        body: handle(body),
    }
}

/// Every command that names a document and a version, well formed and as if the person were entitled, and each of them
/// badly worded too.
fn every_command(document: &str, label: &str) -> Vec<Command> {
    let (document, label): (Handle, Label) = (handle(document), super::world::label(label));
    let by_label = Selector::Label(label.clone());
    let mut commands = vec![Command::ViewVersion { document: document.clone(), version: by_label.clone() }];
    if document != handle(POLICY) {
        let in_force = Selector::InForce { as_of: Some(day("2020-01-01")), known_at: None };
        for version in [Selector::Latest, in_force] {
            commands.push(Command::ViewVersion { document: document.clone(), version });
        }
        commands.push(Command::ViewDocument { document: document.clone() });
        commands.push(Command::IssueDirection {
            document: document.clone(),
            title: "Lodge it".into(),
            requirement: String::new(),
            due: day("2020-01-01"),
            decision: None,
        });
    }
    let needs = [None, Some(NeedClaim::Inline(good_need())), Some(NeedClaim::Recorded(NeedId(1)))];
    for need in needs.into_iter().chain([Some(NeedClaim::Inline(need("x", "y", None)))]) {
        let (document, version) = (document.clone(), by_label.clone());
        commands.push(Command::ReadContent { document, version, need, method: "GET".into(), range: None });
    }
    for reason in [good_need(), need("x", "y", None)] {
        let (document, version) = (document.clone(), Some(label.clone()));
        commands.push(Command::RecordNeed { document, version, reason, valid_until: None });
    }
    // The very bytes that are lodged, and others.
    for bytes in [1, 2] {
        for direction in [None, Some(DirectionId(7))] {
            let (document, label, digest) = (document.clone(), label.clone(), Some(Digest([bytes; 32])));
            commands.push(Command::OfferVersion {
                document: document.clone(),
                label: label.clone(),
                digest,
                direction,
            });
            commands.push(Command::LodgeVersion {
                document,
                label,
                content: content(bytes),
                classification: Some(White),
                incorporated: None,
                effective: None,
                note: None,
                direction,
                signature: None,
                tlp: None,
            });
        }
    }
    for reason in ["a good reason", ""] {
        let (document, label, reason) = (document.clone(), label.clone(), reason.to_owned());
        commands.push(Command::DetermineClassification {
            document: document.clone(),
            label: label.clone(),
            classification: White,
            reason: reason.clone(),
            tlp: None,
        });
        let (document_again, label_again) = (document.clone(), label.clone());
        commands.push(Command::PublishVersion { document, label, reason: reason.clone() });
        commands.push(Command::WithdrawVersion { document: document_again, label: label_again, reason });
    }
    commands
}
