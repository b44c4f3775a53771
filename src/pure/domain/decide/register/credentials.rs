//! Decisions on credentials (SELF-1): the Secretariat binds them, somebody else puts them into effect, and whoever keeps
//! or holds one may revoke it.

use std::sync::Arc;

use jiff::SignedDuration;

use super::super::super::command::Command;
use super::super::super::credentials::{MAX_CREDENTIALS, may_know_of_credentials};
use super::super::super::event::Event;
use super::super::super::facts::{FactsDamaged, FactsExt};
use super::super::super::id::{CredentialId, Handle};
use super::super::super::may::Denied;
use super::super::super::person::{Credential, CredentialState, Person};
use super::super::super::refusal::Refusal;
use super::super::super::refusals::{conflict, invalid, not_permitted};
use super::super::super::register::speaks_above;
use super::super::super::rule::Rule;
use super::super::super::standing::{Standing, is_chaired_by};
use super::super::super::time::Instant;
use super::super::{Context, Decision, MAX_REASON, check_text, enter, grounds, misrouted};
use super::known_person;

/// Binds, confirms or revokes a credential.
pub(super) fn decide(context: &Context<'_>, command: &Command) -> Result<Decision, Denied> {
    match command {
        Command::BindCredential { person, credential, replaces, overlap_until } => {
            bind(context, person, *credential, *replaces, *overlap_until)
        }
        Command::ConfirmCredential { credential } => confirm(context, *credential),
        Command::RevokeCredential { credential, reason } => revoke(context, *credential, reason),
        _ => Err(misrouted()),
    }
}

/// The Secretariat proposes a key as a person's credential. It admits nobody until somebody else confirms it.
fn bind(
    context: &Context<'_>,
    person: &Handle,
    credential: CredentialId,
    replaces: Option<CredentialId>,
    overlap_until: Option<Instant>,
) -> Result<Decision, Denied> {
    let holder = known_person(context, person)?;
    if !context.standing.is_secretariat_of(&*context.authority()?) {
        return Err(not_permitted(
            Rule::Self1,
            "Credentials are bound by the Secretariat, which keeps the register.",
            "Ask the Secretariat to bind the certificate.",
        )
        .into());
    }
    if !holder.active {
        return Err(invalid(
            Rule::Self1,
            "The person was removed from the register.",
            "Bind the certificate to a person who is active.",
        )
        .into());
    }
    if holder.credentials.len() >= MAX_CREDENTIALS {
        return Err(invalid(
            Rule::Self1,
            format!("The person has had {MAX_CREDENTIALS} credentials, which is as many as are kept of one person."),
            "Have the certificate that the person uses renewed with the same key.",
        )
        .into());
    }
    if context.facts.credential(credential)?.is_some() {
        return Err(invalid(
            Rule::Self1,
            "The key of this certificate is bound already: a key is bound once, to one person, and never again.",
            "Have a certificate issued for a new key. One that was renewed with the same key needs no binding.",
        )
        .into());
    }
    let overlap_until = match replaces {
        Some(replaced) => {
            check_replaced(context, &holder, replaced)?;
            Some(check_overlap(context.at.now, overlap_until)?)
        }
        None if overlap_until.is_some() => {
            return Err(invalid(
                Rule::Self1,
                "An overlap is of a credential with the one that it replaces, and none is named.",
                "Name the credential that is replaced, or leave overlap_until out.",
            )
            .into());
        }
        None => None,
    };
    let event = Event::CredentialBound { person: holder.handle.clone(), credential, replaces, overlap_until };
    Ok(enter(vec![event], [Rule::Read1, Rule::Self1], grounds([("as", "secretariat".into())])))
}

fn check_replaced(context: &Context<'_>, holder: &Person, replaced: CredentialId) -> Result<(), Denied> {
    let own = context.facts.credential(replaced)?.filter(|one| one.person == holder.handle);
    match own {
        Some(one) if one.is_in_effect(context.at.now) && one.until.is_none() => Ok(()),
        Some(_) => Err(invalid(
            Rule::Self1,
            "The credential to be replaced is not in effect, or another one takes its place already.",
            "Name one that is in effect, or bind the certificate without replaces.",
        )
        .into()),
        None => Err(invalid(
            Rule::Self1,
            "The credential to be replaced is not one of this person's.",
            "Name a credential of the same person, or bind the certificate without replaces.",
        )
        .into()),
    }
}

fn check_overlap(now: Instant, asked: Option<Instant>) -> Result<Instant, Refusal> {
    let until = asked.unwrap_or_else(|| now.saturating_add(COMMON_OVERLAP));
    if until <= now || until > now.saturating_add(LONGEST_OVERLAP) {
        return Err(invalid(
            Rule::Self1,
            "The overlap would end before it begins, or last for more than 90 days.",
            "Give an overlap_until in the next 90 days, or leave it out for 30 days.",
        ));
    }
    Ok(until)
}

/// SELF-1: the holder under another credential, or the Chair; for a Chair's own, whoever speaks above the Chair.
fn confirm(context: &Context<'_>, id: CredentialId) -> Result<Decision, Denied> {
    let proposed = known_credential(context, id)?;
    let holder = context.facts.person(&proposed.person)?.ok_or_else(missing_holder)?;
    let role = confirming_role(context, &proposed, &holder)?;
    match proposed.state {
        CredentialState::Proposed => {}
        CredentialState::Confirmed => {
            return Err(
                conflict(Rule::Self1, "The credential is confirmed already.", "Nothing remains to be done.").into()
            );
        }
        CredentialState::Revoked => {
            return Err(conflict(
                Rule::Self1,
                "The credential was revoked, and a revoked one never comes back.",
                "Have the Secretariat bind a certificate for a new key.",
            )
            .into());
        }
    }
    if !holder.active {
        return Err(conflict(
            Rule::Self1,
            "The person to whom it is bound was removed from the register.",
            "Revoke the credential instead.",
        )
        .into());
    }
    // A second replacement would set the end that the first one gave.
    if let Some(replacement) = proposed.replaces
        && let Some(replaced) = context.facts.credential(replacement.credential)?
        && replaced.until.is_some()
    {
        return Err(conflict(
            Rule::Self1,
            "Another credential has meanwhile taken the place of the one that this one would replace.",
            "Revoke this one, and have a certificate bound anew.",
        )
        .into());
    }
    let event = Event::CredentialConfirmed { credential: id };
    Ok(enter(vec![event], [Rule::Read1, Rule::Self1], grounds([("as", role.into())])))
}

/// As what the one who asks may confirm a credential of `holder`.
fn confirming_role(context: &Context<'_>, proposed: &Credential, holder: &Person) -> Result<&'static str, Denied> {
    let (facts, standing, authority) = (context.facts, context.standing, context.authority()?);
    let is_holder = *standing.handle() == holder.handle;
    let bound_it = proposed.bound_by.as_ref() == Some(standing.handle());
    if is_chaired_by(facts, &authority, holder, context.at.now)? {
        let is_of_the_two = is_holder || standing.chairs(facts, &authority)?;
        if speaks_above(facts, standing, &authority)? && !is_of_the_two && !bound_it {
            return Ok("above the Chair");
        }
        return Err(not_permitted(
            Rule::Self1,
            "A credential of the Chair, or of the Chair's alternate, is confirmed by a member of the body that the \
             authority answers to, or, where it answers to none, by one of its own: and by neither of the two.",
            "Ask such a member.",
        )
        .into());
    }
    if is_holder && !holder.system {
        return Ok("holder");
    }
    if standing.chairs(facts, &authority)? && !is_holder && !bound_it {
        return Ok("chair");
    }
    Err(not_permitted(
        Rule::Self1,
        "A credential is confirmed by its holder under another credential in effect, or by the Chair; one of an \
         organisation's system by the Chair alone; and never by whoever bound it.",
        "Ask the holder or the Chair.",
    )
    .into())
}

/// The holder, the Secretariat or the Chair. The very credential that asks can be revoked too.
fn revoke(context: &Context<'_>, id: CredentialId, reason: &str) -> Result<Decision, Denied> {
    let credential = known_credential(context, id)?;
    let (standing, authority) = (context.standing, context.authority()?);
    let role = if credential.person == *standing.handle() {
        "holder"
    } else if is_of_a_judge(context, &credential.person)? {
        if !speaks_above(context.facts, standing, &authority)? {
            return Err(not_permitted(
                Rule::Self1,
                "The credentials of the authority's Chair, and of who speaks where the Chair would speak for themself, are \
                 revoked by their holder or by the body above: else they could be shut out, and nobody confirm new ones.",
                "Ask the holder, or a member of the body that the authority answers to; the certificate's CA can revoke \
                 it too.",
            )
            .into());
        }
        "body_above"
    } else if standing.is_secretariat_of(&authority) {
        "secretariat"
    } else if standing.chairs(context.facts, &authority)? {
        "chair"
    } else {
        return Err(not_permitted(
            Rule::Self1,
            "A credential is revoked by its holder, the Secretariat or the Chair.",
            "Ask one of them.",
        )
        .into());
    };
    check_text(Rule::Self1, "reason", reason, MAX_REASON)?;
    if credential.state == CredentialState::Revoked {
        return Err(conflict(Rule::Self1, "The credential is revoked already.", "Nothing remains to be done.").into());
    }
    let event = Event::CredentialRevoked { credential: id, reason: reason.into() };
    Ok(enter(vec![event], [Rule::Read1, Rule::Self1], grounds([("as", role.into())])))
}

/// Whether the person chairs the authority, or speaks where its Chair would speak for themself: the two who confirm each
/// other's credentials.
fn is_of_a_judge(context: &Context<'_>, person: &Handle) -> Result<bool, Denied> {
    let (facts, authority) = (context.facts, context.authority()?);
    let holder = facts.person(person)?.ok_or_else(missing_holder)?;
    if !holder.active {
        return Ok(false);
    }
    let holder = Standing::of_person(facts, holder, context.at.now)?;
    Ok(holder.chairs(facts, &authority)? || authority.answers_to.is_some() && speaks_above(facts, &holder, &authority)?)
}

fn known_credential(context: &Context<'_>, id: CredentialId) -> Result<Arc<Credential>, Denied> {
    let credential = context.facts.credential(id)?.ok_or(Denied::Hidden)?;
    let known = may_know_of_credentials(context.facts, context.standing, &credential.person)?;
    if known { Ok(credential) } else { Err(Denied::Hidden) }
}

fn missing_holder() -> FactsDamaged {
    FactsDamaged("the holder of a credential is missing".into())
}

/// For how long a replaced credential holds beside the new one, unless somebody says otherwise.
const COMMON_OVERLAP: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The longest that it may.
const LONGEST_OVERLAP: SignedDuration = SignedDuration::from_hours(90 * 24);
