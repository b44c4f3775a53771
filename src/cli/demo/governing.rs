//! Who may read changes by recorded acts: a suspension, an appeal, a decision that lifts it, a grant, and why.
//!
//! Everybody ends up with the rights that they began with.

use super::asking::{LABEL, content, curl, fetch, inline, need_field, version};
use super::samples;
use super::scenario::Props;
use super::stage::{DidNotHold, Stage, done, holds, refused};
use crate::pure::wire::appeal::NewAppeal;
use crate::pure::wire::decision::{Decision, NewDecision, NewSubject, NewVote, Outcome, Vote};
use crate::pure::wire::explanation::ExplainQuery;
use crate::pure::wire::grant::{GrantKind, Grantee, NewGrant};
use crate::pure::wire::page::PageQuery;
use crate::pure::wire::problem::Code;
use crate::pure::wire::reasonable_need::ReasonableNeed;
use crate::pure::wire::suspension::{NewSuspension, Scope};

/// Plays the chapter.
pub fn play(stage: &mut Stage<'_>, props: &Props) -> Result<(), DidNotHold> {
    let need = inline("operate", "building meters by this policy", None);
    let suspension = suspended(stage, &need)?;
    let decision = opened(stage, &suspension)?;
    voted(stage, &decision)?;
    lifted(stage, &decision, &need)?;
    granted(stage, props)?;
    explained(stage)
}

/// EMERGENCY-1: the Chair suspends a person, at once.
fn suspended(stage: &mut Stage<'_>, need: &ReasonableNeed) -> Result<String, DidNotHold> {
    let body = NewSuspension {
        person: Some(READER.into()),
        organisation: None,
        service: None,
        scope: Scope::ReadAll,
        grounds: "A meter of theirs was found with a key that is not its own.".into(),
    };
    let impose = curl(stage, "chair", "/suspensions").json(&body);
    let what = format!("suspends {READER} from reading, on recorded grounds");
    let imposed = stage.step("chair", &what, &impose, |client| {
        done(client.impose_suspension(&body), |answer| format!("{}: {}", answer.status, answer.value.id))
    })?;
    let read = curl(stage, READER, &content(samples::DEVICE.document)).header(&need_field(need));
    let what = "tries to read what is WHITE, on the connection that was open before";
    stage.step(READER, what, &read, |client| {
        refused(fetch(client, samples::DEVICE.document, Some(need), None), Code::Suspended, Some("EMERGENCY-1"))
    })?;
    let body = NewAppeal { statement: "The key was a test key in a test meter; the report is attached.".into() };
    let appeal = curl(stage, READER, &format!("/suspensions/{}/appeal", imposed.id)).json(&body);
    stage.step(READER, "appeals, which no suspension stops", &appeal, |client| {
        done(client.appeal_suspension(&imposed.id, &body), |answer| format!("{}: recorded", answer.status))
    })?;
    Ok(imposed.id)
}

/// GOV-4: the Chair puts the question to the body.
fn opened(stage: &mut Stage<'_>, suspension: &str) -> Result<String, DidNotHold> {
    let body = NewDecision {
        body: "pma".into(),
        kind: "lift_suspension".into(),
        subject: NewSubject { suspension: Some(suspension.into()), ..NewSubject::default() },
        question: "Is the suspension to be lifted?".into(),
        meeting: None,
    };
    let open = curl(stage, "chair", "/decisions").json(&body);
    let opened = stage.step("chair", "puts the question to the PMA", &open, |client| {
        done(client.open_decision(&body), |answer| format!("{}: {}", answer.status, answer.value.id))
    })?;
    Ok(opened.id)
}

/// GOV-2 and GOV-3: the members vote, and the Chair only on a tie.
fn voted(stage: &mut Stage<'_>, decision: &str) -> Result<(), DidNotHold> {
    for (member, vote) in MEMBERS {
        let body = NewVote { vote, seat: None };
        let cast = curl(stage, member, &format!("/decisions/{decision}/votes")).json(&body);
        stage.step(member, "votes", &cast, |client| {
            done(client.vote(decision, &body), |answer| {
                let count = &answer.value.count;
                format!(
                    "{} for, {} against; {} of {} present",
                    count.votes_for, count.votes_against, count.present, count.required
                )
            })
        })?;
    }
    let body = NewVote { vote: Vote::For, seat: None };
    let cast = curl(stage, "chair", &format!("/decisions/{decision}/votes")).json(&body);
    stage.step("chair", "tries to vote where nothing is tied", &cast, |client| {
        refused(client.vote(decision, &body), Code::Conflict, Some("GOV-3"))
    })?;
    Ok(())
}

/// The close counts, and its effect is in the same entry.
fn lifted(stage: &mut Stage<'_>, decision: &str, need: &ReasonableNeed) -> Result<(), DidNotHold> {
    let close = curl(stage, "chair", &format!("/decisions/{decision}/close")).json(&serde_json::json!({}));
    stage.step("chair", "closes the vote: the suspension ends with it", &close, |client| {
        let (closed, shown) = done(client.close_decision(decision), |answer| said(&answer.value))?;
        holds(closed.outcome == Some(Outcome::Carried), "carried", || format!("{:?}", closed.outcome))?;
        Ok(((), shown))
    })?;
    let read = curl(stage, READER, &content(samples::DEVICE.document)).header(&need_field(need));
    stage.step(READER, "reads again", &read, |client| {
        let (_, bytes) = fetch(client, samples::DEVICE.document, Some(need), None)
            .map_err(|error| super::stage::unexpected("the document", &error))?;
        holds(bytes == samples::DEVICE.bytes, "the bytes that were lodged", || "others".into())?;
        Ok(((), super::stage::Shown { text: format!("{} bytes", bytes.len()), entry: None }))
    })
}

/// AMBER-2: the Chair opens one version to one person for an action, and closes it again.
fn granted(stage: &mut Stage<'_>, props: &Props) -> Result<(), DidNotHold> {
    let document = samples::COMPLIANCE.document;
    let body = NewGrant {
        document: document.into(),
        version: LABEL.into(),
        kind: GrantKind::NeedToKnow,
        to: Grantee::Person(READER.into()),
        action: "action 7: answer the finding about test keys".into(),
        valid_until: Some(props.tomorrow),
    };
    let give = curl(stage, "chair", "/grants").json(&body);
    let what = format!("gives {READER} the need to know {document}, which is AMBER, for a day");
    let given = stage.step("chair", &what, &give, |client| {
        done(client.give_grant(&body), |answer| format!("{}: {}", answer.status, answer.value.id))
    })?;
    let show = curl(stage, READER, &version(document));
    stage.step(READER, "knows of it now", &show, |client| {
        done(client.version(document, LABEL), |answer| format!("{}: {}", answer.status, answer.value.classification))
    })?;
    let revoke = curl(stage, "chair", &format!("/grants/{}", given.id)).delete();
    stage.step("chair", &format!("revokes {}", given.id), &revoke, |client| {
        done(client.revoke_grant(&given.id, None), |answer| format!("{}: {}", answer.status, answer.value.state))
    })?;
    stage.step(READER, "asks for it again: it does not exist", &show, |client| {
        refused(client.version(document, LABEL), Code::NotFound, None)
    })?;
    Ok(())
}

/// READ-7: why somebody may read, and who has read.
fn explained(stage: &mut Stage<'_>) -> Result<(), DidNotHold> {
    let (person, document) = ("gas-networks", samples::PAPER.document);
    let query = ExplainQuery { person: Some(person.into()), document: document.into(), version: None };
    let explain = curl(stage, "chair", &format!("/explain?person={person}&document={document}"));
    stage.step("chair", &format!("asks why {person} cannot read {document}"), &explain, |client| {
        let (why, shown) = done(client.explain(&query), |answer| answer.value.summary.clone())?;
        holds(why.outcome != "may_read", "that they may not", || why.summary.clone())?;
        Ok(((), shown))
    })?;
    let readers = curl(stage, "chair", &format!("{}/readers", version(document)));
    stage.step("chair", &format!("asks who may read {document}, and who has"), &readers, |client| {
        done(client.readers(document, LABEL, &PageQuery::default()), |answer| {
            let items = &answer.value.items;
            let have = items.iter().filter(|reader| reader.first_read.is_some()).count();
            format!("{} people; {have} of them have read it", items.len())
        })
    })?;
    Ok(())
}

fn said(decision: &Decision) -> String {
    let count = &decision.count;
    format!(
        "{} to {}, {} present where {} are required of {} appointed",
        count.votes_for, count.votes_against, count.present, count.required, count.appointed
    )
}

/// Who is suspended, and whom the grant admits.
const READER: &str = "manufacturer";

/// With the Chair, five of the nine appointed: a quorum.
const MEMBERS: [(&str, Vote); 4] = [
    ("smki-specialist", Vote::For),
    ("large-supplier-1", Vote::For),
    ("small-supplier", Vote::Against),
    ("electricity-networks", Vote::For),
];
