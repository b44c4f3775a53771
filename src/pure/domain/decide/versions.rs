//! Decisions on versions: lodging, classification, publication, withdrawal.

use std::sync::Arc;

use super::super::audience::admission;
use super::super::classification::{Classification, Level};
use super::super::command::{Command, Selector};
use super::super::document::Document;
use super::super::event::Event;
use super::super::facts::{FactsDamaged, FactsExt};
use super::super::id::{Digest, DirectionId, Handle, Label};
use super::super::may::{Denied, may_know_of_version};
use super::super::refusal::Refusal;
use super::super::refusals::{conflict, invalid, not_permitted, suspended};
use super::super::rule::Rule;
use super::super::signature::{ExaminedSignature, SignatureFinding};
use super::super::version::Version;
use super::{Answer, Context, Decision, MAX_REASON, check_text, enter, grounds};

/// Whether a version may be lodged: asked before the first byte of its content is taken.
pub(super) fn offer(
    context: &Context<'_>,
    document: &Handle,
    label: &Label,
    digest: Option<Digest>,
    direction: Option<DirectionId>,
) -> Result<Decision, Denied> {
    let document = lodgeable_document(context, document)?;
    match Labelled::find(context, &document, label, direction)? {
        Labelled::New(_) => {}
        Labelled::Lodged(version) if digest.is_none_or(|digest| digest == version.content.digest) => {}
        Labelled::Lodged(_) | Labelled::Hidden => return Err(label_is_taken().into()),
    }
    Ok(Decision::Answer(Answer::Welcome))
}

/// LODGE-1 to LODGE-4, LODGE-6: lodges a version whose bytes are durable.
pub(super) fn lodge(context: &Context<'_>, command: &Command) -> Result<Decision, Denied> {
    let Command::LodgeVersion {
        document,
        label,
        content,
        classification,
        tlp,
        incorporated,
        effective,
        note,
        direction,
        signature,
    } = command
    else {
        return Err(Denied::Hidden);
    };
    let document = lodgeable_document(context, document)?;
    let rule = match Labelled::find(context, &document, label, *direction)? {
        Labelled::New(rule) => rule,
        // LODGE-3: the same label with the same bytes is the same lodgement, with or without a signature: nothing is
        // lodged that could be signed.
        Labelled::Lodged(version) if version.content.digest == content.digest => {
            return Ok(Decision::Answer(Answer::LodgedBefore(document, version)));
        }
        Labelled::Lodged(_) | Labelled::Hidden => return Err(label_is_taken().into()),
    };
    if content.size == 0 {
        return Err(invalid(Rule::Lodge3, "A version has at least one byte.", "Send the bytes of the version.").into());
    }
    if let Some(note) = note {
        check_text(Rule::Lodge3, "note", note, MAX_REASON)?;
    }
    if let Some(signature) = signature {
        check_signature(context, signature)?;
    }
    let lodged_on = context.at.now.day_in(&context.profile()?.zone());
    let event = Event::VersionLodged {
        document: document.slug.clone(),
        label: label.clone(),
        content: content.clone(),
        proposed: *classification,
        tlp: *tlp,
        incorporated: *incorporated,
        effective: effective.or(*incorporated).unwrap_or(lodged_on),
        note: note.clone(),
        direction: *direction,
        signature: signature.as_ref().map(|signature| signature.cms.clone()),
    };
    let basis = match direction {
        Some(direction) => grounds([("direction", direction.to_string())]),
        None => grounds([("body", document.body.to_string())]),
    };
    Ok(match signature {
        None => enter(vec![event], [Rule::Read1, rule, Rule::Lodge3], basis),
        Some(_) => enter(vec![event], [Rule::Read1, rule, Rule::Lodge3, Rule::Lodge6], basis),
    })
}

/// WHITE-1: a member marks a WHITE version as published.
pub(super) fn publish(
    context: &Context<'_>,
    document: &Handle,
    label: &Label,
    reason: &str,
) -> Result<Decision, Denied> {
    let (document, version) = known_version(context, document, label)?;
    if !is_voting_member(context, &document)? {
        return Err(not_permitted(
            Rule::White1,
            "Only a member of the originating body may publish a version.",
            "Ask a member of the body.",
        )
        .into());
    }
    check_text(Rule::White1, "reason", reason, MAX_REASON)?;
    if version.withdrawn.is_some() {
        return Err(super::super::refusals::withdrawn().into());
    }
    if version.level() != Level::Determined(Classification::White) {
        return Err(not_permitted(
            Rule::White1,
            "Only a version that the Chair determined WHITE can be published.",
            "Ask the Chair to determine the classification.",
        )
        .into());
    }
    if version.published_at.is_some() {
        return Err(conflict(Rule::White1, "The version is published already.", "Nothing remains to be done.").into());
    }
    let event =
        Event::VersionPublished { document: document.slug.clone(), label: label.clone(), reason: reason.into() };
    Ok(enter(vec![event], [Rule::Read1, Rule::White1], grounds([("body", document.body.to_string())])))
}

/// LODGE-7: a member, or the Secretariat, withdraws a version; nothing is erased.
pub(super) fn withdraw(
    context: &Context<'_>,
    document: &Handle,
    label: &Label,
    reason: &str,
) -> Result<Decision, Denied> {
    let (document, version) = known_version(context, document, label)?;
    let body = context.body_of(&document)?;
    if !is_voting_member(context, &document)? && !context.standing.is_secretariat_of(&body) {
        return Err(not_permitted(
            Rule::Lodge7,
            "Only a member of the originating body, or its Secretariat, may withdraw a version.",
            "Ask a member of the body.",
        )
        .into());
    }
    check_text(Rule::Lodge7, "reason", reason, MAX_REASON)?;
    if version.withdrawn.is_some() {
        return Err(conflict(Rule::Lodge7, "The version is withdrawn already.", "Nothing remains to be done.").into());
    }
    let event =
        Event::VersionWithdrawn { document: document.slug.clone(), label: label.clone(), reason: reason.into() };
    Ok(enter(vec![event], [Rule::Read1, Rule::Lodge7], grounds([("body", document.body.to_string())])))
}

/// The document, unless a suspension of lodging stops the person or the document is not for them to know of.
fn lodgeable_document(context: &Context<'_>, document: &Handle) -> Result<Arc<Document>, Denied> {
    if context.standing.is_suspended(|scope| scope.stops_lodging()) {
        return Err(suspended("lodging").into());
    }
    context.known_document(document)
}

/// The rule under which the person may lodge: as the originating body's member or Secretariat (LODGE-1), or against an
/// open direction (LODGE-2).
fn right_to_lodge(context: &Context<'_>, document: &Document, direction: Option<DirectionId>) -> Result<Rule, Denied> {
    let body = context.body_of(document)?;
    let lodges_for_the_body = is_voting_member(context, document)? || context.standing.is_secretariat_of(&body);
    let addressed = context.standing.person.organisation == context.profile()?.direction_addressee;
    match direction {
        None if lodges_for_the_body => Ok(Rule::Lodge1),
        None if addressed => Err(against_a_direction_only().into()),
        Some(direction) if addressed => {
            let open = context.facts.direction(direction)?.filter(|direction| {
                direction.document == document.slug
                    && direction.addressee == context.standing.person.organisation
                    && direction.state.awaits_lodgement()
            });
            open.map(|_| Rule::Lodge2).ok_or_else(|| against_a_direction_only().into())
        }
        Some(_) if lodges_for_the_body => Err(invalid(
            Rule::Lodge2,
            "A direction is discharged by the organisation that it is addressed to.",
            "Leave the direction out.",
        )
        .into()),
        _ => Err(not_permitted(
            Rule::Lodge1,
            "Versions are lodged by members of the originating body, by its Secretariat, or against a direction.",
            "Ask the originating body to lodge the version.",
        )
        .into()),
    }
}

/// What stands under a label, for one who may lodge. Nobody else learns whether anything does (READ-6).
enum Labelled {
    /// Nothing yet; the rule permits to lodge.
    New(Rule),
    /// A version that the lodger may know of, or the lodger's own.
    Lodged(Arc<Version>),
    /// A version that the lodger may not know of: a label names one version only, so that no more can be hidden than
    /// which bytes it has.
    Hidden,
}

impl Labelled {
    fn find(
        context: &Context<'_>,
        document: &Document,
        label: &Label,
        direction: Option<DirectionId>,
    ) -> Result<Self, Denied> {
        let version = match context.facts.label(&document.slug, label)? {
            Some(lodged) => Some(context.facts.version(&document.slug, lodged)?.ok_or_else(missing_version)?),
            None => None,
        };
        if let Some(version) = version.as_ref().filter(|version| repeats_own(context, version, direction)) {
            return Ok(Self::Lodged(version.clone()));
        }
        let rule = right_to_lodge(context, document, direction)?;
        let Some(version) = version else { return Ok(Self::New(rule)) };
        let known = admission(context.facts, context.standing, document, &version)?.is_inside();
        Ok(if known { Self::Lodged(version) } else { Self::Hidden })
    }
}

/// LODGE-6: a signature that comes with a lodgement is of exactly this one, by the key of the lodger's credential.
fn check_signature(context: &Context<'_>, signature: &ExaminedSignature) -> Result<(), Refusal> {
    match &signature.finding {
        SignatureFinding::SignedBy(key) if *key == context.standing.credential => Ok(()),
        SignatureFinding::SignedBy(_) => Err(invalid(
            Rule::Lodge6,
            "The lodger's signature is by another key than that of the credential that lodges.",
            "Sign with the key of the certificate with which you connect, or lodge without a signature.",
        )),
        SignatureFinding::Bad(reason) => Err(invalid(
            Rule::Lodge6,
            format!("The lodger's signature {reason}."),
            "Sign exactly the text of this lodgement (the log's name, document, label, SHA-256, size, dates and \
             classification as sent), or lodge without a signature.",
        )),
    }
}

/// Whether the same person lodges `version` against the same direction again. That direction waits for no lodgement any
/// more, so that a repetition needs no fresh right.
fn repeats_own(context: &Context<'_>, version: &Version, direction: Option<DirectionId>) -> bool {
    direction.is_some()
        && version.direction == direction
        && version.lodger == *context.standing.handle()
        && version.lodger_organisation == context.standing.person.organisation
}

fn missing_version() -> FactsDamaged {
    FactsDamaged("a label leads to a version that is missing".into())
}

pub(super) fn known_version(
    context: &Context<'_>,
    document: &Handle,
    label: &Label,
) -> Result<(Arc<Document>, Arc<Version>), Denied> {
    let document = context.facts.document(document)?.ok_or(Denied::Hidden)?;
    let selector = Selector::Label(label.clone());
    let selected = may_know_of_version(context.facts, context.standing, &document, &selector)?;
    Ok((document, selected.version))
}

fn is_voting_member(context: &Context<'_>, document: &Document) -> Result<bool, Denied> {
    let body = context.body_of(document)?;
    let membership = context.standing.membership(context.facts, &body)?;
    Ok(membership.is_some_and(|membership| membership.is_voting()))
}

fn label_is_taken() -> Refusal {
    conflict(
        Rule::Lodge3,
        "The label is taken by a version that was lodged before, and a version is immutable.",
        "Lodge the bytes under another label.",
    )
}

fn against_a_direction_only() -> Refusal {
    not_permitted(
        Rule::Lodge2,
        "The operator of the PKI lodges only against an open direction for this document that is addressed to it.",
        "Name an open direction; GET /v1/directions?state=open lists them.",
    )
}
