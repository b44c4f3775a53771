//! Grantees: whom a grant of a kind can admit.

use std::sync::Arc;

use super::super::super::body::{Body, SeatRole};
use super::super::super::facts::{FactsDamaged, FactsExt};
use super::super::super::grant::{GrantKind, Grantee};
use super::super::super::id::Handle;
use super::super::super::may::Denied;
use super::super::super::organisation::{Organisation, OrganisationKind};
use super::super::super::person::Person;
use super::super::super::refusal::Refusal;
use super::super::super::refusals::{invalid, not_permitted};
use super::super::super::rule::Rule;
use super::super::Context;
use super::sharing;

/// Whether `to` is somebody whom a grant of that kind can admit.
pub(super) fn check(context: &Context<'_>, body: &Body, kind: GrantKind, to: &Grantee) -> Result<(), Denied> {
    match (kind, to) {
        (GrantKind::NeedToKnow | GrantKind::RedInclusion | GrantKind::Invitation, Grantee::Person(handle)) => {
            let person = person(context, kind, handle)?;
            match kind {
                GrantKind::RedInclusion => check_representative(context, body, &person),
                GrantKind::Invitation if person.system => Err(invalid(
                    kind.rule(),
                    "A system signs no agreement, so that it cannot be invited to an item.",
                    "Name a natural person.",
                )
                .into()),
                _ => Ok(()),
            }
        }
        (GrantKind::CategoryShare, Grantee::Organisation(handle)) => check_category(context, body, handle),
        (GrantKind::WiderCirculation, Grantee::Organisation(handle)) => {
            check_circulation(organisation(context, kind, handle)?.kind)
        }
        (GrantKind::WiderCirculation, Grantee::OrganisationKind(kind)) => check_circulation(*kind),
        _ => Err(other_receiver(kind).into()),
    }
}

/// An active person of the register who may read content, and not the one who gives.
fn person(context: &Context<'_>, kind: GrantKind, handle: &Handle) -> Result<Arc<Person>, Denied> {
    if handle == context.standing.handle() {
        return Err(to_oneself("Nobody grants to themself.").into());
    }
    let person = context.facts.person(handle)?.filter(|person| person.active).ok_or_else(|| unknown(kind, "person"))?;
    let organisation = context
        .facts
        .organisation(&person.organisation)?
        .ok_or_else(|| FactsDamaged("a person's organisation is missing".into()))?;
    if organisation.kind == OrganisationKind::Host {
        return Err(no_content(Rule::Read5, "Whoever operates the server has no right to content.").into());
    }
    if person.auditor && organisation.kind == OrganisationKind::Assurance {
        return Err(no_content(Rule::Audit1, "An auditor reads audit records and no content.").into());
    }
    Ok(person)
}

fn organisation(context: &Context<'_>, kind: GrantKind, handle: &Handle) -> Result<Arc<Organisation>, Denied> {
    Ok(context.facts.organisation(handle)?.ok_or_else(|| unknown(kind, "organisation"))?)
}

/// RED-1: the non-voting representatives of the body are whom the Chair includes.
fn check_representative(context: &Context<'_>, body: &Body, person: &Person) -> Result<(), Denied> {
    let mut held = person.appointments.iter().filter(|held| held.body == body.handle);
    let sits = held.any(|held| {
        held.in_force(context.at.now) && body.seat(&held.seat).is_some_and(|seat| seat.role == SeatRole::NonVoting)
    });
    if sits {
        return Ok(());
    }
    Err(invalid(
        Rule::Red1,
        "Only a non-voting representative of the body, with a seat in force, is included in its RED matter.",
        "Name such a representative; anybody else is invited to the papers of one item (kind invitation).",
    )
    .into())
}

/// AMBER-3: an organisation of the category whose seat the member holds, and not the member's own.
fn check_category(context: &Context<'_>, body: &Body, handle: &Handle) -> Result<(), Denied> {
    let organisation = organisation(context, GrantKind::CategoryShare, handle)?;
    if *handle == context.standing.person.organisation {
        return Err(to_oneself("Nobody shares with their own organisation.").into());
    }
    let own = sharing::categories(context, body)?;
    if organisation.category.as_ref().is_some_and(|category| own.contains(category)) {
        return Ok(());
    }
    Err(not_permitted(
        Rule::Amber3,
        "The organisation is not of the party category whose seat you hold.",
        "Share with an organisation of your own category, or ask the Chair for a grant.",
    )
    .into())
}

/// AMBER-4: stakeholders, but neither who operates the server nor an auditor's firm.
fn check_circulation(kind: OrganisationKind) -> Result<(), Denied> {
    match kind {
        OrganisationKind::Host => {
            Err(no_content(Rule::Read5, "Whoever operates the server has no right to content.").into())
        }
        OrganisationKind::Assurance => Err(invalid(
            Rule::Amber4,
            "A wider circulation is to stakeholders, of which an assurance firm is none.",
            "Name the person who needs to know (kind need_to_know).",
        )
        .into()),
        _ => Ok(()),
    }
}

fn other_receiver(kind: GrantKind) -> Refusal {
    let takes = match kind {
        GrantKind::NeedToKnow | GrantKind::RedInclusion | GrantKind::Invitation => "one person",
        GrantKind::CategoryShare => "one organisation",
        GrantKind::WiderCirculation => "an organisation or an organisation_kind",
        GrantKind::RedDisclosure => "a body, by a decision",
    };
    invalid(kind.rule(), "A grant of this kind does not go to such a receiver.", format!("It goes to {takes}."))
}

fn unknown(kind: GrantKind, what: &str) -> Refusal {
    invalid(
        kind.rule(),
        format!("The register has no active {what} of that handle."),
        format!("Name a registered {what}."),
    )
}

fn to_oneself(detail: &str) -> Refusal {
    not_permitted(Rule::Self1, detail, "Have somebody else give it, who may.")
}

fn no_content(rule: Rule, detail: &str) -> Refusal {
    not_permitted(rule, detail, "Name somebody else.")
}
