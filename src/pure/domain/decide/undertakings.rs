//! Decisions on agreements and confirmations (ToR sections 7.5, 7.9 and 10; GOV-1).

use std::sync::Arc;

use super::super::body::Body;
use super::super::command::Command;
use super::super::event::Event;
use super::super::facts::FactsExt;
use super::super::id::{Digest, Handle};
use super::super::may::Denied;
use super::super::refusal::Refusal;
use super::super::refusals::{conflict, invalid, not_permitted};
use super::super::register::Knowing;
use super::super::rule::Rule;
use super::super::signature::{ExaminedSignature, SignatureFinding};
use super::super::undertakings::{Undertaking, bodies_of, unconfirmed};
use super::{Context, Decision, Grounds, check_text, enter, grounds, misrouted};

/// What a person undertakes, over an exact text, and which text that is.
pub(super) fn decide(context: &Context<'_>, command: &Command) -> Result<Decision, Denied> {
    match command {
        Command::SignAgreement { text, signature } => sign(context, *text, signature.as_ref()),
        Command::ConfirmMembership { text, signature } => confirm(context, *text, signature.as_ref()),
        Command::AdoptAgreementText { body, text } => adopt(context, body, text),
        _ => Err(misrouted()),
    }
}

/// Signs the agreement of every body that asks the person for exactly this text.
fn sign(context: &Context<'_>, text: Digest, signature: Option<&ExaminedSignature>) -> Result<Decision, Denied> {
    let mut bodies = asking(context, Undertaking::Agreement, text)?;
    check_signature(context, signature)?;
    bodies.retain(|body| !context.standing.has_signed(body));
    if bodies.is_empty() {
        return Err(conflict(
            Rule::Gov1,
            "You have signed the agreement over this text before.",
            "Nothing remains to be done, unless the text is amended.",
        )
        .into());
    }
    let signed = |body: Arc<Body>| Event::AgreementSigned {
        person: context.standing.handle().clone(),
        body: body.handle.clone(),
        text,
        signature: signature.map(|signature| signature.cms.clone()),
    };
    let events = bodies.into_iter().map(signed).collect();
    Ok(enter(events, [Rule::Read1, Rule::Gov1], made_by(signature)))
}

/// Confirms every appointment that waits for it on the bodies that ask for exactly this text.
fn confirm(context: &Context<'_>, text: Digest, signature: Option<&ExaminedSignature>) -> Result<Decision, Denied> {
    let bodies = asking(context, Undertaking::Confirmation, text)?;
    check_signature(context, signature)?;
    let waiting = unconfirmed(&context.standing.person, context.at.now);
    let waiting = waiting.filter(|held| bodies.iter().any(|body| body.handle == held.body));
    let confirmed = waiting.map(|held| Event::MemberConfirmed {
        person: context.standing.handle().clone(),
        body: held.body.clone(),
        seat: held.seat.clone(),
        appointment: Some(held.id),
        text: Some(text),
        signature: signature.map(|signature| signature.cms.clone()),
    });
    let events: Vec<_> = confirmed.collect();
    if events.is_empty() {
        return Err(conflict(
            Rule::Gov1,
            "No appointment of yours waits for this confirmation: each is confirmed already, not approved yet, or over.",
            "Nothing remains to be done; see GET /v1/confirmations.",
        )
        .into());
    }
    Ok(enter(events, [Rule::Read1, Rule::Gov1], made_by(signature)))
}

/// Section 12 of the Terms of Reference: the body that is answered to puts another text in force, or, where there is
/// none, the Chair does. Everyone is asked to sign again.
fn adopt(context: &Context<'_>, body: &Handle, text: &str) -> Result<Decision, Denied> {
    let (facts, standing) = (context.facts, context.standing);
    let knowing = Knowing::of(facts, standing)?;
    let body = facts.body(body)?.filter(|body| knowing.knows_body(body)).ok_or(Denied::Hidden)?;
    let may = match &body.answers_to {
        Some(_) => standing.speaks_over(facts, &body)?,
        None => standing.chairs(facts, &body)?,
    };
    if !may {
        return Err(not_permitted(
            Rule::Gov1,
            "The Terms of Reference of a body, and its agreement with them, are amended by a member of the body that it \
             answers to, or, where it answers to none, by its Chair.",
            "Ask a member of that body, or the Chair.",
        )
        .into());
    }
    check_text(Rule::Gov1, "text of the agreement", text, MAX_AGREEMENT)?;
    let digest = Digest::of(text.as_bytes());
    if digest == body.agreement_text {
        return Err(conflict(
            Rule::Gov1,
            "This is the text in force already, to the last byte.",
            "Nothing remains to be done.",
        )
        .into());
    }
    let event = Event::AgreementTextAdopted { body: body.handle.clone(), text: digest, words: Some(text.to_owned()) };
    Ok(enter(vec![event], [Rule::Read1, Rule::Gov1], grounds([("body", body.handle.to_string())])))
}

/// The bodies that ask the person for exactly this text. A text of anybody else's body is like one that never was.
fn asking(context: &Context<'_>, undertaking: Undertaking, text: Digest) -> Result<Vec<Arc<Body>>, Denied> {
    if context.standing.person.system {
        return Err(not_permitted(
            Rule::Gov1,
            "An organisation's system signs and confirms nothing.",
            "A natural person undertakes it, under a credential of their own.",
        )
        .into());
    }
    let mut bodies = bodies_of(context.facts, &context.standing.person, context.at.now)?;
    bodies.retain(|body| undertaking.text(body) == text);
    if bodies.is_empty() {
        let list = match undertaking {
            Undertaking::Agreement => "GET /v1/agreements",
            Undertaking::Confirmation => "GET /v1/confirmations",
        };
        return Err(invalid(
            Rule::Gov1,
            "This is another text version than any that you are asked for at present.",
            format!("Read the text that {list} shows now, and undertake that one."),
        )
        .into());
    }
    Ok(bodies)
}

/// A signature that comes with an undertaking is over exactly its text, by the key of the credential that acts.
fn check_signature(context: &Context<'_>, signature: Option<&ExaminedSignature>) -> Result<(), Refusal> {
    match signature.map(|signature| &signature.finding) {
        None => Ok(()),
        Some(SignatureFinding::SignedBy(key)) if *key == context.standing.credential => Ok(()),
        Some(SignatureFinding::SignedBy(_)) => Err(invalid(
            Rule::Gov1,
            "The signature is by another key than that of the credential that acts.",
            "Sign with the key of the certificate with which you connect, or send no signature.",
        )),
        Some(SignatureFinding::Bad(reason)) => Err(invalid(
            Rule::Gov1,
            format!("The signature {reason}."),
            "Sign exactly the bytes of the text, detached and in DER, or send no signature.",
        )),
    }
}

fn made_by(signature: Option<&ExaminedSignature>) -> Grounds {
    grounds([("made", if signature.is_some() { "signed" } else { "attested" }.into())])
}

/// The longest text of an agreement, in characters.
const MAX_AGREEMENT: usize = 12_000;
