//! The demonstration itself: the main job, step by step, by the people who do it.
//!
//! Everything goes through the client over mutual TLS, as a person's own program would.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};

use super::curl::Curl;
use super::samples::{self, Sample};
use super::stage::{DidNotHold, Shown, Stage, Unexpected, done, holds, unexpected};
use super::{evidence, refusals};
use crate::edge::client::{Client, ClientError, Content, ContentRequest, Upload, segment};
use crate::pure::tlog::hash::sha256;
use crate::pure::wire::classification::{Classification, NewClassification, Standing};
use crate::pure::wire::digest::Digest;
use crate::pure::wire::direction::{DirectionState, DirectionsQuery, NewAcceptance, NewDirection, Outcome};
use crate::pure::wire::document::{DocumentsQuery, NewDocument};
use crate::pure::wire::lodgement::LodgeQuery;
use crate::pure::wire::need::NewNeed;
use crate::pure::wire::reason::Reason;
use crate::pure::wire::reasonable_need::{HEADER, InlineNeed, ReasonableNeed};

/// What the demonstration works with beside the server.
pub struct Props {
    /// This program, as it was called.
    pub program: String,
    /// The samples, written to files.
    pub samples: PathBuf,
    /// Where what is read and proved is kept.
    pub received: PathBuf,
    /// The log's verifier key.
    pub verifier_key: String,
    /// The file with that key.
    pub verifier_key_file: PathBuf,
    /// The day on which the direction is due.
    pub due: Date,
    /// A document of the user's own.
    pub own: Option<PathBuf>,
}

/// Plays everything. A step whose result others need ends the play when it does not hold.
pub fn play(stage: &mut Stage<'_>, props: &Props) -> Result<(), DidNotHold> {
    stage.chapter("Who is who");
    who_is_who(stage);
    stage.chapter("The Secretariat lodges the four documents of SEC L5.7, and a paper, for the PMA");
    for (sample, proposed) in [
        (&samples::DEVICE, Classification::White),
        (&samples::ORGANISATION, Classification::Green),
        (&samples::IKI, Classification::Green),
        (&samples::COMPLIANCE, Classification::Amber),
        (&samples::PAPER, Classification::Red),
    ] {
        register(stage, sample)?;
        lodge(stage, props, "secas", sample, proposed, None)?;
    }
    stage.chapter("The Chair determines who may read them, and a member publishes what is WHITE");
    for (sample, level, reason) in [
        (&samples::DEVICE, Classification::White, "Nothing in it is for some people only."),
        (&samples::ORGANISATION, Classification::Green, "For parties and stakeholders, not for the public."),
        (&samples::IKI, Classification::Green, "For parties and stakeholders, not for the public."),
        (&samples::COMPLIANCE, Classification::Amber, "Its open findings are for the PMA to act on first."),
        (&samples::PAPER, Classification::Red, "It names weaknesses of the recovery procedure."),
    ] {
        classify(stage, sample, level, reason)?;
    }
    publish(stage)?;
    stage.chapter("The PMA directs the DCC to lodge a document; the DCC does; the Chair accepts it");
    direction(stage, props)?;
    stage.chapter("People read under a need that is on record before the first byte leaves");
    let read = readings(stage, props)?;
    stage.chapter("Who may not read is refused, and that is on record too");
    refusals::play(stage, props);
    stage.chapter("Anyone checks the evidence, without the server and without trust in it");
    evidence::play(stage, props, read)?;
    if let Some(own) = &props.own {
        stage.chapter("Your own document");
        own_document(stage, props, own)?;
    }
    Ok(())
}

fn who_is_who(stage: &mut Stage<'_>) {
    for (person, what) in [
        ("chair", "asks who the server takes this certificate for"),
        ("party-small-supplier", "asks the same: a user of a party, without a seat"),
    ] {
        let curl = curl(stage, person, "/me");
        let asked = stage.step(person, what, &curl, |client| {
            let (me, shown) = done(client.me(), |me| {
                let seats: Vec<_> = me.value.seats.iter().map(|seat| format!("{}/{}", seat.body, seat.seat)).collect();
                let seats = if seats.is_empty() { "no seat".to_owned() } else { format!("seat {}", seats.join(", ")) };
                format!("{} of {}, {seats}", me.value.person.name, me.value.organisation.name)
            })?;
            holds(me.person.handle == person, person, || me.person.handle.clone())?;
            Ok(((), shown))
        });
        // The others do not need it.
        asked.ok();
    }
}

fn register(stage: &mut Stage<'_>, sample: &Sample) -> Result<(), DidNotHold> {
    let document = NewDocument {
        document: sample.document.into(),
        title: sample.title.into(),
        kind: sample.kind.into(),
        set: sample.set.into(),
        body: "pma".into(),
    };
    let curl = curl(stage, "secas", "/documents").json(&document);
    stage.step("secas", &format!("registers the document {}", sample.document), &curl, |client| {
        let answer = client.register_document(&document);
        let (_, shown) = done(answer, |answer| format!("{}: in the set {}", answer.status, answer.value.set))?;
        Ok(((), shown))
    })
}

fn lodge(
    stage: &mut Stage<'_>,
    props: &Props,
    person: &str,
    sample: &Sample,
    proposed: Classification,
    direction: Option<String>,
) -> Result<(), DidNotHold> {
    let what = format!("lodges {} {LABEL} and proposes {proposed}", sample.document);
    let query = LodgeQuery {
        classification: Some(proposed),
        incorporated: Some(INCORPORATED),
        effective: None,
        note: None,
        direction,
    };
    let file = props.samples.join(sample.file);
    lodge_file(stage, person, &what, (sample.document, sample.content_type), &file, sample.bytes, &query)
}

fn lodge_file(
    stage: &mut Stage<'_>,
    person: &str,
    what: &str,
    (document, content_type): (&str, &str),
    file: &Path,
    bytes: &[u8],
    query: &LodgeQuery,
) -> Result<(), DidNotHold> {
    let digest = Digest(sha256(bytes));
    let mut path =
        format!("{}?classification={}", version(document), query.classification.map_or("", |level| level.as_str()));
    for (name, value) in
        [("incorporated", query.incorporated.map(|day| day.to_string())), ("direction", query.direction.clone())]
    {
        if let Some(value) = value {
            path += &format!("&{name}={}", segment(&value));
        }
    }
    let curl = curl(stage, person, &path).upload(file, content_type, &digest.to_field());
    stage.step(person, what, &curl, |client| {
        let upload = Upload { document, label: LABEL, file, content_type, query };
        let answer = client.lodge(&upload, &mut |_, _| {});
        let (lodged, shown) = done(answer, |answer| {
            format!("{}: {} bytes, SHA-256 {}", answer.status, answer.value.version.size, answer.value.version.digest)
        })?;
        holds(lodged.version.digest == digest, &format!("SHA-256 {digest}"), || lodged.version.digest.to_string())?;
        Ok(((), Shown { entry: shown.entry.or(Some(lodged.entry)), ..shown }))
    })
}

fn classify(stage: &mut Stage<'_>, sample: &Sample, level: Classification, reason: &str) -> Result<(), DidNotHold> {
    classify_document(stage, sample.document, level, reason)
}

fn classify_document(
    stage: &mut Stage<'_>,
    document: &str,
    level: Classification,
    reason: &str,
) -> Result<(), DidNotHold> {
    let body = NewClassification { classification: level, reason: reason.into() };
    let curl = curl(stage, "chair", &format!("{}/classification", version(document))).json(&body);
    stage.step("chair", &format!("determines {document} {LABEL}: {level}"), &curl, |client| {
        let (version, shown) = done(client.classify(document, LABEL, &body), |answer| {
            format!("{}: {}", answer.status, answer.value.classification)
        })?;
        holds(version.classification == Standing::Determined(level), level.as_str(), || {
            version.classification.to_string()
        })?;
        Ok(((), shown))
    })
}

fn publish(stage: &mut Stage<'_>) -> Result<(), DidNotHold> {
    let document = samples::DEVICE.document;
    let body = Reason { reason: "Whoever makes devices should find it.".into() };
    let curl = curl(stage, "smki-specialist", &format!("{}/publish", version(document))).json(&body);
    stage.step("smki-specialist", &format!("publishes {document} {LABEL}"), &curl, |client| {
        let (version, shown) = done(client.publish(document, LABEL, &body), |answer| {
            format!("{}: anyone can read it on the public listener", answer.status)
        })?;
        holds(version.published_at.is_some(), "a published version", || "one that is not".into())?;
        Ok(((), shown))
    })
}

fn direction(stage: &mut Stage<'_>, props: &Props) -> Result<(), DidNotHold> {
    let sample = &samples::PROCEDURES;
    register(stage, sample)?;
    let body = NewDirection {
        document: sample.document.into(),
        title: "Lodge the registration authority's procedures".into(),
        requirement: "The procedures as they are followed today, with how organisations and people are checked.".into(),
        due: props.due,
        decision: None,
    };
    let issue = curl(stage, "chair", "/directions").json(&body);
    let issued = stage.step("chair", "directs the DCC to lodge it", &issue, |client| {
        done(client.issue_direction(&body), |answer| {
            format!("{}: {}, due {}", answer.status, answer.value.id, answer.value.due)
        })
    })?;
    let query = DirectionsQuery { state: Some(DirectionState::Open), ..DirectionsQuery::default() };
    let list = curl(stage, "dcc-operator", "/directions?state=open");
    stage
        .step("dcc-operator", "looks what the DCC is directed to do", &list, |client| {
            let (page, shown) = done(client.directions(&query), |answer| format!("{} open", answer.value.items.len()))?;
            holds(page.items.iter().any(|open| open.id == issued.id), &issued.id, || "another list".into())?;
            Ok(((), shown))
        })
        .ok();
    lodge(stage, props, "dcc-operator", sample, Classification::Green, Some(issued.id.clone()))?;
    let body = NewAcceptance { outcome: Outcome::Accepted, reason: "It holds what was asked for.".into() };
    let accept = curl(stage, "chair", &format!("/directions/{}/acceptance", issued.id)).json(&body);
    stage.step("chair", &format!("accepts what discharges {}", issued.id), &accept, |client| {
        let (direction, shown) = done(client.accept_direction(&issued.id, &body), |answer| {
            format!("{}: {}", answer.status, answer.value.state)
        })?;
        holds(direction.state == DirectionState::Accepted, "accepted", || direction.state.to_string())?;
        Ok(((), shown))
    })?;
    classify(stage, sample, Classification::Green, "For everyone who asks for certificates.")
}

/// Reads at every level. Gives the entry of the reading whose evidence is checked later.
fn readings(stage: &mut Stage<'_>, props: &Props) -> Result<u64, DidNotHold> {
    let person = "party-small-supplier";
    let need = NewNeed {
        document: samples::DEVICE.document.into(),
        version: None,
        purpose: "compliance".into(),
        statement: "checking our meter installation against the policy".into(),
        reference: None,
        valid_until: None,
    };
    let record = curl(stage, person, "/needs").json(&need);
    let recorded = stage.step(person, "records a need for the Device Certificate Policy", &record, |client| {
        done(client.record_need(&need), |answer| {
            format!("{}: {}, valid until {}", answer.status, answer.value.id, answer.value.valid_until)
        })
    })?;
    let by_id = ReasonableNeed::Recorded(recorded.id.clone());
    let what = "reads it under that need (WHITE)";
    let entry = read(stage, props, person, what, &samples::DEVICE, &by_id)?;

    let need = inline("compliance", "our certificate requests have to follow the policy", None);
    let what = "reads the first 100 bytes of the Organisation Certificate Policy (GREEN)";
    read_range(stage, props, person, what, &samples::ORGANISATION, &need).ok();

    let need = inline("assurance", "preparing the yearly assessment of our own keys", Some("assessment 2026"));
    let what = "reads the Compliance Policy, the need with the reading in one entry (AMBER)";
    read(stage, props, "large-supplier-1", what, &samples::COMPLIANCE, &need).ok();

    let need = inline("meeting", "deciding on the findings at the next meeting", Some("meeting 2026-12"));
    read(stage, props, "smki-specialist", "reads the paper for the meeting (RED)", &samples::PAPER, &need).ok();

    let need = inline("secretariat_processing", "circulating the paper to the members", Some("meeting 2026-12"));
    read(stage, props, "secas", "reads it as named staff of the Secretariat (RED)", &samples::PAPER, &need).ok();
    listed(stage, person).ok();
    Ok(entry)
}

fn read(
    stage: &mut Stage<'_>,
    props: &Props,
    person: &str,
    what: &str,
    sample: &Sample,
    need: &ReasonableNeed,
) -> Result<u64, DidNotHold> {
    let target = props.received.join(format!("{person}-{}", sample.file));
    read_file(stage, person, what, sample.document, sample.bytes, &target, need)
}

fn read_file(
    stage: &mut Stage<'_>,
    person: &str,
    what: &str,
    document: &str,
    expected: &[u8],
    target: &Path,
    need: &ReasonableNeed,
) -> Result<u64, DidNotHold> {
    let command = curl(stage, person, &content(document)).header(&need_field(need)).into_file(target);
    stage.step(person, what, &command, |client| {
        let (content, bytes) =
            fetch(client, document, Some(need), None).map_err(|error| unexpected("content", &error))?;
        holds(bytes == expected, "the bytes that were lodged", || format!("{} other bytes", bytes.len()))?;
        holds(content.verified, "a digest that verifies", || "no digest".into())?;
        let entry = entry_of(&content)?;
        fs::write(target, &bytes).map_err(|error| unexpected("a file", &error))?;
        let text = format!("{}: {} bytes, the ones that were lodged, {}", content.status, bytes.len(), level(&content));
        Ok((entry, Shown { text, entry: Some(entry) }))
    })
}

fn read_range(
    stage: &mut Stage<'_>,
    props: &Props,
    person: &str,
    what: &str,
    sample: &Sample,
    need: &ReasonableNeed,
) -> Result<(), DidNotHold> {
    let target = props.received.join(format!("{person}-first-100-of-{}", sample.file));
    let command = curl(stage, person, &content(sample.document)).header(&need_field(need)).header("Range: bytes=0-99");
    stage.step(person, what, &command.into_file(&target), |client| {
        let (content, bytes) = fetch(client, sample.document, Some(need), Some((0, Some(99))))
            .map_err(|error| unexpected("206", &error))?;
        holds(content.status == 206, "206", || content.status.to_string())?;
        let lodged = sample.bytes.get(..100).unwrap_or_default();
        holds(bytes == lodged, "the first 100 bytes that were lodged", || format!("{} other bytes", bytes.len()))?;
        fs::write(&target, &bytes).map_err(|error| unexpected("a file", &error))?;
        let text = format!("{}: {} bytes of {}", content.status, bytes.len(), sample.bytes.len());
        Ok(((), Shown { text, entry: Some(entry_of(&content)?) }))
    })
}

fn listed(stage: &mut Stage<'_>, person: &str) -> Result<(), DidNotHold> {
    let command = curl(stage, person, "/documents");
    stage.step(person, "lists what a party may know of", &command, |client| {
        let (page, shown) = done(client.documents(&DocumentsQuery::default()), |answer| {
            format!("{} documents, none of them AMBER or RED", answer.value.items.len())
        })?;
        let slugs: Vec<_> = page.items.iter().map(|item| item.document.as_str()).collect();
        let expected = [&samples::DEVICE, &samples::ORGANISATION, &samples::IKI, &samples::PROCEDURES];
        let complete = expected.iter().all(|sample| slugs.contains(&sample.document));
        holds(complete && slugs.len() == expected.len(), "the WHITE and GREEN ones", || slugs.join(", "))?;
        Ok(((), shown))
    })
}

/// Lodges a file of the user's, and reads it back.
fn own_document(stage: &mut Stage<'_>, props: &Props, own: &Path) -> Result<(), DidNotHold> {
    let bytes = fs::read(own).map_err(|_| DidNotHold)?;
    let document = "your-document";
    let body = NewDocument {
        document: document.into(),
        title: "A document of your own".into(),
        kind: "other".into(),
        set: "governance".into(),
        body: "pma".into(),
    };
    let command = curl(stage, "secas", "/documents").json(&body);
    stage.step("secas", "registers a document for it", &command, |client| {
        done(client.register_document(&body), |answer| format!("{}", answer.status))
    })?;
    let query = LodgeQuery { classification: Some(Classification::Green), ..LodgeQuery::default() };
    let what = format!("lodges {}", own.display());
    lodge_file(stage, "secas", &what, (document, content_type(own)), own, &bytes, &query)?;
    classify_document(stage, document, Classification::Green, "For parties and stakeholders.")?;
    let need = inline("compliance", "seeing that the very bytes come back", None);
    let name = own.file_name().map_or_else(|| "document".into(), |name| name.to_string_lossy().into_owned());
    let target = props.received.join(format!("manufacturer-{name}"));
    let what = "reads it back, byte for byte (GREEN)";
    read_file(stage, "manufacturer", what, document, &bytes, &target, &need).map(drop)
}

pub(super) fn fetch(
    client: &Client,
    document: &str,
    need: Option<&ReasonableNeed>,
    range: Option<(u64, Option<u64>)>,
) -> Result<(Content, Vec<u8>), ClientError> {
    let mut bytes = Vec::new();
    let request = ContentRequest { document, label: LABEL, need, range };
    let content = client.read(&request, &mut bytes, &mut |_, _| {})?;
    Ok((content, bytes))
}

fn entry_of(content: &Content) -> Result<u64, Unexpected> {
    content.entry.ok_or_else(|| Unexpected { expected: "an entry in Audit-Entry".into(), got: "none".into() })
}

fn level(content: &Content) -> String {
    content.classification.map_or_else(|| "no Classification header".to_owned(), |level| level.to_string())
}

pub(super) fn inline(purpose: &str, statement: &str, reference: Option<&str>) -> ReasonableNeed {
    ReasonableNeed::Inline(InlineNeed {
        purpose: purpose.into(),
        statement: statement.into(),
        reference: reference.map(Into::into),
    })
}

pub(super) fn need_field(need: &ReasonableNeed) -> String {
    format!("{HEADER}: {}", need.to_field())
}

fn content_type(file: &Path) -> &'static str {
    let is_pdf = file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("pdf"));
    if is_pdf { "application/pdf" } else { "application/octet-stream" }
}

pub(super) fn curl(stage: &Stage<'_>, person: &str, path: &str) -> Curl {
    Curl::get(stage.layout, &stage.server, person, path)
}

pub(super) fn version(document: &str) -> String {
    format!("/documents/{document}/versions/{LABEL}")
}

pub(super) fn content(document: &str) -> String {
    format!("{}/content", version(document))
}

/// The label of every version here.
pub(super) const LABEL: &str = "1.0";

/// The day on which the Code changed, for the samples.
const INCORPORATED: Date = date(2026, 6, 1);
