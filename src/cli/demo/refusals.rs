//! Who may not read, and why: every refusal is an entry, or says why not.

use super::asking::{LABEL, content, curl, fetch, inline, need_field, version};
use super::samples;
use super::scenario::Props;
use super::stage::{DidNotHold, Stage, holds, refused};
use crate::edge::client::{Client, Upload};
use crate::pure::tlog::hash::sha256;
use crate::pure::wire::classification::Classification;
use crate::pure::wire::digest::Digest;
use crate::pure::wire::lodgement::LodgeQuery;
use crate::pure::wire::problem::Code;
use crate::pure::wire::reasonable_need::ReasonableNeed;

/// Plays the refusals; none needs another's result.
pub fn play(stage: &mut Stage<'_>, props: &Props) {
    let small = "party-small-supplier";
    let amber = inline("assurance", "preparing the yearly assessment of our own keys", Some("assessment 2026"));
    let red = inline("meeting", "deciding on the findings at the next meeting", Some("meeting 2026-12"));
    let white = inline("operate", "looking at what is stored on this server", None);

    let what = "tries to read without a need";
    not_read(stage, small, what, samples::IKI.document, None, Code::NeedRequired, Some("READ-3")).ok();
    let what = "tries to read AMBER, outside its audience";
    let hidden = not_read(stage, small, what, samples::COMPLIANCE.document, Some(&amber), Code::NotFound, None);
    if let Ok(hidden) = hidden {
        absent(stage, small, &amber, &hidden).ok();
    }
    let what = "tries to read RED; the term ended yesterday";
    not_read(stage, "large-supplier-3", what, samples::PAPER.document, Some(&red), Code::NotFound, None).ok();
    let what = "tries to read AMBER without a signed agreement";
    let document = samples::COMPLIANCE.document;
    not_read(stage, "gas-networks", what, document, Some(&amber), Code::AgreementRequired, Some("AMBER-1")).ok();
    let what = "tries to read RED as a representative whom the Chair did not include";
    not_read(stage, "dcc-rep", what, samples::PAPER.document, Some(&red), Code::NotFound, None).ok();
    let what = "tries to read, as the one who runs the server";
    not_read(stage, "operator", what, samples::DEVICE.document, Some(&white), Code::NotPermitted, Some("READ-5")).ok();
    let command = curl(stage, "outsider", "/me");
    let what = "comes with a certificate of the CA that is bound to nobody";
    let outsider = |client: &Client| refused(client.me(), Code::CredentialUnknown, Some("READ-1"));
    stage.step("outsider", what, &command, outsider).ok();
    other_bytes(stage, props).ok();
}

/// READ-6: what does not exist is answered as what may not be known of.
fn absent(stage: &mut Stage<'_>, person: &str, need: &ReasonableNeed, hidden: &str) -> Result<(), DidNotHold> {
    let what = "tries to read what does not exist: the same answer, word for word";
    let command = curl(stage, person, &content(ABSENT)).header(&need_field(need));
    stage.step(person, what, &command, |client| {
        let (detail, shown) = refused(fetch(client, ABSENT, Some(need), None), Code::NotFound, None)?;
        holds(detail == hidden, hidden, || detail.clone())?;
        Ok(((), shown))
    })
}

/// LODGE-3: other bytes under the same label.
fn other_bytes(stage: &mut Stage<'_>, props: &Props) -> Result<(), DidNotHold> {
    let (document, other) = (samples::IKI.document, &samples::DEVICE);
    let file = props.samples.join(other.file);
    let query = LodgeQuery { classification: Some(Classification::White.into()), ..LodgeQuery::default() };
    let command = curl(stage, "secas", &format!("{}?classification=WHITE", version(document))).upload(
        &file,
        other.content_type,
        &Digest(sha256(other.bytes)).to_field(),
    );
    let what = format!("tries to lodge other bytes as {document} {LABEL}");
    stage.step("secas", &what, &command, |client| {
        let upload = Upload {
            document,
            label: LABEL,
            file: &file,
            content_type: other.content_type,
            query: &query,
            signing: None,
        };
        let (_, shown) = refused(client.lodge(&upload, &mut |_, _| {}), Code::Conflict, Some("LODGE-3"))?;
        Ok(((), shown))
    })
}

fn not_read(
    stage: &mut Stage<'_>,
    person: &str,
    what: &str,
    document: &str,
    need: Option<&ReasonableNeed>,
    code: Code,
    rule: Option<&str>,
) -> Result<String, DidNotHold> {
    let mut command = curl(stage, person, &content(document));
    if let Some(need) = need {
        command = command.header(&need_field(need));
    }
    stage.step(person, what, &command, |client| refused(fetch(client, document, need, None), code, rule))
}

/// A document that nobody registered.
const ABSENT: &str = "no-such-policy";
