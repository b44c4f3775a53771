//! The SMKI profile in miniature: its bodies, its people, one document, and words for commands and events.

use jiff::civil::Date;

use super::harness::{World, credential, handle, instant};
use crate::pure::domain::body::{Body, Seat, SeatRole};
use crate::pure::domain::classification::Classification;
use crate::pure::domain::command::{Command, NeedClaim, Selector};
use crate::pure::domain::event::Event;
use crate::pure::domain::grant::{GrantKind, Grantee};
use crate::pure::domain::id::{Digest, DirectionId, GrantId, Label, NeedId};
use crate::pure::domain::need::NeedReason;
use crate::pure::domain::organisation::{OrganisationKind, PartyCategory};
use crate::pure::domain::profile::{DocumentSet, NeedLimit, NeedLimits, Profile, Purpose};
use crate::pure::domain::version::Content;

/// The one document.
pub const POLICY: &str = "device-certificate-policy";

/// When the tests happen, unless they say otherwise.
pub const NOW: &str = "2026-11-24T09:30:00Z";

/// The agreement of the PMA, and of the other bodies.
pub const PMA_TEXT: Digest = Digest([7; 32]);
pub const OTHER_TEXT: Digest = Digest([8; 32]);

/// The seats of the PMA: seat (and person), role, organisation.
const PMA: [(&str, SeatRole, &str); 13] = [
    ("chair", SeatRole::Chair, "independent"),
    ("smki-specialist", SeatRole::Voting, "independent"),
    ("large-supplier-1", SeatRole::Voting, "northern-power"),
    ("large-supplier-2", SeatRole::Voting, "southern-power"),
    ("large-supplier-3", SeatRole::Voting, "western-power"),
    ("small-supplier", SeatRole::Voting, "village-power"),
    ("electricity-networks", SeatRole::Voting, "wires"),
    ("gas-networks", SeatRole::Voting, "pipes"),
    ("ssc-rep", SeatRole::Voting, "independent"),
    ("tabasc-rep", SeatRole::Voting, "independent"),
    ("dcc-rep", SeatRole::NonVoting, "dcc"),
    ("ofgem-rep", SeatRole::NonVoting, "ofgem"),
    ("beis-rep", SeatRole::NonVoting, "beis"),
];

/// People without a seat on the PMA. `deputy` signed the PMA's agreement and waits to be an alternate.
const OTHERS: [(&str, &str); 10] = [
    ("secas", "secas"),
    ("panel-member", "eastern-power"),
    ("dcc-operator", "dcc"),
    ("party-large-supplier", "city-power"),
    ("party-small-supplier", "hamlet-power"),
    ("manufacturer", "meter-works"),
    ("auditor", "assurers"),
    ("operator", "hosting"),
    ("deputy", "northern-power"),
    ("working-group-member", "meter-works"),
];

const ORGANISATIONS: [(&str, OrganisationKind, Option<&str>); 17] = [
    ("independent", OrganisationKind::Stakeholder, None),
    ("northern-power", OrganisationKind::Party, Some("large_supplier")),
    ("southern-power", OrganisationKind::Party, Some("large_supplier")),
    ("western-power", OrganisationKind::Party, Some("large_supplier")),
    ("eastern-power", OrganisationKind::Party, Some("large_supplier")),
    ("city-power", OrganisationKind::Party, Some("large_supplier")),
    ("village-power", OrganisationKind::Party, Some("small_supplier")),
    ("hamlet-power", OrganisationKind::Party, Some("small_supplier")),
    ("wires", OrganisationKind::Party, Some("electricity_networks")),
    ("pipes", OrganisationKind::Party, Some("gas_networks")),
    ("dcc", OrganisationKind::Dcc, None),
    ("secas", OrganisationKind::CodeAdministrator, None),
    ("ofgem", OrganisationKind::Authority, None),
    ("beis", OrganisationKind::Government, None),
    ("meter-works", OrganisationKind::Stakeholder, None),
    ("assurers", OrganisationKind::Assurance, None),
    ("hosting", OrganisationKind::Host, None),
];

/// The world of the SMKI profile with the one document and no version. Everybody but `gas-networks` signed, and the
/// term of `large-supplier-3` ended yesterday.
pub fn smki() -> World {
    let mut world = World::empty("2026-06-01T00:00:00Z").given(Event::ProfileAdopted { profile: Box::new(profile()) });
    for (organisation, organisation_kind, category) in ORGANISATIONS {
        let category = category.map(|category| PartyCategory(category.into()));
        let (organisation, name) = (handle(organisation), organisation.into());
        world = world.given(Event::OrganisationRegistered { organisation, name, organisation_kind, category });
    }
    let seats = PMA.map(|(seat, role, _)| (seat, role));
    world = world.given(body("pma", &seats, Some("secas"), false, PMA_TEXT));
    let panel = [("panel-member", SeatRole::Voting), ("panel-observer", SeatRole::NonVoting)];
    world = world.given(body("panel", &panel, None, true, OTHER_TEXT));
    let group = [("working-group-member", SeatRole::Voting), ("group-observer", SeatRole::NonVoting)];
    world = world.given(body("working-group", &group, None, false, OTHER_TEXT));
    let everybody = PMA.into_iter().map(|(person, _, organisation)| (person, organisation)).chain(OTHERS);
    for (person, organisation) in everybody {
        world = person_of(world, person, organisation);
    }
    for (person, _, _) in PMA {
        let until = if person == "large-supplier-3" { "2026-11-23T00:00:00Z" } else { "2027-06-01T00:00:00Z" };
        world = seated(world, person, "pma", person, until);
        if person != "gas-networks" {
            world = world.given(signed(person, "pma", PMA_TEXT));
        }
    }
    for (person, group) in [("panel-member", "panel"), ("working-group-member", "working-group")] {
        world = seated(world, person, group, person, "2027-06-01T00:00:00Z");
        world = world.given(signed(person, group, OTHER_TEXT));
    }
    world
        .given(signed("deputy", "pma", PMA_TEXT))
        .given(Event::AuditorAppointed { person: handle("auditor") })
        .given(Event::RegisterEstablished)
        .given_by("secas", registered(POLICY))
        .at(NOW)
}

/// The same with version `1.0` of that level, lodged by `large-supplier-1`.
pub fn smki_with(level: Classification) -> World {
    with_version(smki(), "1.0", level)
}

/// A version of the one document that `large-supplier-1` lodged and the Chair determined.
pub fn with_version(world: World, label: &str, level: Classification) -> World {
    world.given_by("large-supplier-1", lodged(label)).given_by("chair", determined(label, level))
}

pub fn person_of(world: World, person: &str, organisation: &str) -> World {
    let credential = credential(person);
    world
        .given(Event::PersonRegistered {
            person: handle(person),
            name: person.into(),
            organisation: handle(organisation),
            system: false,
        })
        .given(Event::CredentialBound { person: handle(person), credential, overlap_until: None, replaces: None })
        .given(Event::CredentialConfirmed { credential })
}

pub fn seated(world: World, person: &str, body: &str, seat: &str, until: &str) -> World {
    let (person, body, seat) = (handle(person), handle(body), handle(seat));
    let (from, until) = (instant("2025-06-01T00:00:00Z"), instant(until));
    world
        .given(Event::AppointmentMade {
            person: person.clone(),
            body: body.clone(),
            seat: seat.clone(),
            from,
            until,
            appointment: None,
        })
        .given(Event::MemberConfirmed { person, body, seat, appointment: None, signature: None, text: None })
}

/// `deputy` as alternate of `member`, proposed and approved.
pub fn deputised(world: World, member: &str) -> World {
    let (member, alternate, body) = (handle(member), handle("deputy"), handle("pma"));
    let proposed =
        Event::AlternateProposed { member: member.clone(), alternate: alternate.clone(), body: body.clone() };
    world.given(proposed).given(Event::AlternateApproved { member, alternate, body, proposal: None })
}

pub fn signed(person: &str, body: &str, text: Digest) -> Event {
    Event::AgreementSigned { person: handle(person), body: handle(body), text, signature: None }
}

pub fn registered(document: &str) -> Event {
    Event::DocumentRegistered {
        document: handle(document),
        title: "A policy".into(),
        document_kind: "policy".into(),
        set: handle("smki"),
        body: handle("pma"),
    }
}

pub fn lodged(label: &str) -> Event {
    lodged_as(label, "2026-01-01", None)
}

pub fn lodged_as(label: &str, effective: &str, direction: Option<DirectionId>) -> Event {
    Event::VersionLodged {
        document: handle(POLICY),
        label: self::label(label),
        content: content(1),
        proposed: None,
        incorporated: None,
        effective: day(effective),
        note: None,
        direction,
        signature: None,
        tlp: None,
    }
}

pub fn determined(label: &str, classification: Classification) -> Event {
    let (document, label) = (handle(POLICY), self::label(label));
    Event::ClassificationDetermined { document, label, classification, reason: "as proposed".into(), tlp: None }
}

pub fn withdrawn(label: &str) -> Event {
    Event::VersionWithdrawn { document: handle(POLICY), label: self::label(label), reason: "in error".into() }
}

pub fn granted(grant: u64, grant_kind: GrantKind, to: Grantee, valid_until: Option<&str>) -> Event {
    Event::GrantGiven {
        grant: GrantId(grant),
        document: handle(POLICY),
        label: label("1.0"),
        grant_kind,
        to,
        action: "action 12".into(),
        valid_until: valid_until.map(instant),
        decision: None,
    }
}

pub fn view(label: &str) -> Command {
    Command::ViewVersion { document: handle(POLICY), version: Selector::Label(self::label(label)) }
}

pub fn view_document(document: &str) -> Command {
    Command::ViewDocument { document: handle(document) }
}

/// A read of the version of that label on the spot, with a need that suffices at every level.
pub fn read(label: &str) -> Command {
    read_for(label, Some(NeedClaim::Inline(good_need())))
}

pub fn read_by_need(label: &str, need: u64) -> Command {
    read_for(label, Some(NeedClaim::Recorded(NeedId(need))))
}

pub fn read_for(label: &str, need: Option<NeedClaim>) -> Command {
    let version = Selector::Label(self::label(label));
    Command::ReadContent { document: handle(POLICY), version, need, method: "GET".into(), range: None }
}

pub fn good_need() -> NeedReason {
    need("meeting", "preparing for the meeting", Some("meeting 42"))
}

pub fn need(purpose: &str, statement: &str, reference: Option<&str>) -> NeedReason {
    NeedReason { purpose: purpose.into(), statement: statement.into(), reference: reference.map(Into::into) }
}

pub fn record_need(version: Option<&str>, reason: NeedReason, valid_until: Option<&str>) -> Command {
    let version = version.map(label);
    Command::RecordNeed { document: handle(POLICY), version, reason, valid_until: valid_until.map(instant) }
}

pub fn lodge(label: &str, bytes: u8, direction: Option<u64>) -> Command {
    Command::LodgeVersion {
        document: handle(POLICY),
        label: self::label(label),
        content: content(bytes),
        classification: None,
        incorporated: None,
        effective: None,
        note: None,
        direction: direction.map(DirectionId),
        signature: None,
        tlp: None,
    }
}

pub fn offer(label: &str, bytes: u8, direction: Option<u64>) -> Command {
    let (document, label, digest) = (handle(POLICY), self::label(label), Some(content(bytes).digest));
    Command::OfferVersion { document, label, digest, direction: direction.map(DirectionId) }
}

pub fn determine(label: &str, classification: Classification) -> Command {
    let (document, label) = (handle(POLICY), self::label(label));
    Command::DetermineClassification { document, label, classification, reason: "as proposed".into(), tlp: None }
}

pub fn publish(label: &str) -> Command {
    Command::PublishVersion { document: handle(POLICY), label: self::label(label), reason: "for everybody".into() }
}

pub fn withdraw(label: &str) -> Command {
    Command::WithdrawVersion { document: handle(POLICY), label: self::label(label), reason: "in error".into() }
}

pub fn label(text: &str) -> Label {
    Label::parse(text).unwrap()
}

pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Content that differs where `bytes` differs.
pub fn content(bytes: u8) -> Content {
    Content { blob: "0f".repeat(16), digest: Digest([bytes; 32]), size: 100, content_type: "text/plain".into() }
}

fn body(body: &str, seats: &[(&str, SeatRole)], secretariat: Option<&str>, amber: bool, text: Digest) -> Event {
    let seats = seats.iter();
    let seats = seats
        .map(|(seat, role)| Seat { handle: handle(seat), role: *role, constituency: constituency(seat).to_owned() })
        .collect();
    let body = Body {
        handle: handle(body),
        name: body.to_owned(),
        seats,
        secretariat: secretariat.map(handle),
        receives_amber: amber,
        agreement_text: text,
        agreement: None,
        answers_to: (body == "pma").then(|| handle("panel")),
        confirmation: None,
        rules: Default::default(),
        reviews: Vec::new(),
    };
    Event::BodyEstablished { body: Box::new(body) }
}

/// What a seat represents: its party category, or what it is called after.
fn constituency(seat: &str) -> &str {
    match seat {
        "large-supplier-1" | "large-supplier-2" | "large-supplier-3" => "large_supplier",
        "small-supplier" => "small_supplier",
        other => other,
    }
}

pub fn profile() -> Profile {
    let limit = |hours, reference, words: &[&str]| NeedLimit {
        hours,
        reference,
        reference_begins_with: words.iter().map(|word| (*word).to_owned()).collect(),
    };
    let purpose =
        |code: &str, secretariat_only| Purpose { code: code.into(), covers: "for tests".into(), secretariat_only };
    Profile {
        name: handle("smki"),
        time_zone: "Europe/London".into(),
        direction_addressee: handle("dcc"),
        party_categories: ["large_supplier", "small_supplier"].map(|one| PartyCategory(one.into())).into(),
        document_types: vec!["policy".into()],
        document_sets: vec![DocumentSet { set: handle("smki"), name: "SMKI".into(), retention: "for ever".into() }],
        purposes: vec![purpose("operate", false), purpose("meeting", false), purpose("secretariat_processing", true)],
        needs: NeedLimits {
            white: limit(90 * 24, false, &[]),
            green: limit(90 * 24, false, &[]),
            amber: limit(30 * 24, true, &[]),
            red: limit(24, true, &["meeting", "decision", "direction"]),
        },
        bank_holidays: Vec::new(),
        authority: None,
    }
}

pub fn issue_direction() -> crate::pure::domain::command::Command {
    Command::IssueDirection {
        document: handle(POLICY),
        title: "Lodge the policy".into(),
        requirement: "the text as approved".into(),
        due: day("2026-12-31"),
        decision: None,
    }
}

pub fn propose(person: &str, body: &str, seat: &str, from: Option<&str>, until: &str) -> Command {
    let (person, body, seat) = (handle(person), handle(body), handle(seat));
    Command::ProposeAppointment { person, body, seat, from: from.map(instant), until: instant(until) }
}
