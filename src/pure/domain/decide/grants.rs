//! Decisions on grants and on tabling (AMBER-1 to AMBER-4, RED-1, RED-3).

mod giving;
mod grantee;
mod sharing;
mod tabling;

use std::sync::Arc;

use super::super::audience::{admission, may_know_of_grant};
use super::super::body::Body;
use super::super::command::Command;
use super::super::document::Document;
use super::super::event::Event;
use super::super::facts::{FactsDamaged, FactsExt, granted_version};
use super::super::grant::{Grant, GrantState, Grantee};
use super::super::id::GrantId;
use super::super::may::{Denied, check_obstacle};
use super::super::refusals::{conflict, not_permitted, withdrawn};
use super::super::rule::Rule;
use super::super::version::Version;
use super::{Context, Decision, MAX_REASON, check_text, enter, grounds, misrouted};

/// What widens the audience of a version.
pub(super) fn decide(context: &Context<'_>, command: &Command) -> Result<Decision, Denied> {
    match command {
        Command::GiveGrant { document, label, grant_kind, to, action, valid_until } => {
            let wanted = giving::Wanted { kind: *grant_kind, to, action, until: *valid_until };
            giving::give(context, document, label, &wanted)
        }
        Command::DirectGrant { grant } => direct(context, *grant),
        Command::RevokeGrant { grant, reason } => revoke(context, *grant, reason.as_deref()),
        Command::TableVersion { document, label, body } => tabling::table(context, document, label, body),
        _ => Err(misrouted()),
    }
}

/// AMBER-2: the Chair directs what the Secretariat asked for.
fn direct(context: &Context<'_>, id: GrantId) -> Result<Decision, Denied> {
    let Known { document, version, body, grant } = known(context, id)?;
    let rule = grant.kind.rule();
    if !context.standing.chairs(context.facts, &body)? {
        return Err(not_permitted(
            rule,
            "What the Secretariat asked for is directed by the Chair of the originating body.",
            "Ask the Chair.",
        )
        .into());
    }
    let is_own = grant.by.as_ref() == Some(context.standing.handle())
        || grant.to == Grantee::Person(context.standing.handle().clone());
    if is_own {
        return Err(not_permitted(
            Rule::Self1,
            "Nobody approves their own request: you asked for this grant, or it is for you.",
            "Ask the other of the Chair and the Chair's alternate.",
        )
        .into());
    }
    if grant.state != GrantState::Requested {
        return Err(conflict(rule, "The grant waits for no direction any more.", "Look at its state.").into());
    }
    if has_ended(context, &grant) {
        return Err(
            conflict(rule, "The grant that was asked for would have ended.", "Give one with a later end.").into()
        );
    }
    if version.withdrawn.is_some() {
        return Err(withdrawn().into());
    }
    giving::check_level(grant.kind, version.level())?;
    check_obstacle(context.standing, &admission(context.facts, context.standing, &document, &version)?)?;
    let event = Event::GrantDirected { grant: id, document: version.document.clone(), label: version.label.clone() };
    let basis = grounds([("grant", id.to_string()), ("chairs", body.handle.to_string())]);
    Ok(enter(vec![event], [Rule::Read1, rule], basis))
}

/// Whoever gave a grant, or the Chair, revokes it. One that rests on a decision of the body is the Chair's to revoke.
fn revoke(context: &Context<'_>, id: GrantId, reason: Option<&str>) -> Result<Decision, Denied> {
    let Known { version, body, grant, .. } = known(context, id)?;
    let rule = grant.kind.rule();
    let gave_it = grant.decision.is_none() && grant.by.as_ref() == Some(context.standing.handle());
    if !gave_it && !context.standing.chairs(context.facts, &body)? {
        return Err(not_permitted(
            rule,
            "A grant is revoked by whoever gave it, or by the Chair of the originating body.",
            "Ask the Chair.",
        )
        .into());
    }
    if let Some(reason) = reason {
        check_text(rule, "reason", reason, MAX_REASON)?;
    }
    if grant.state == GrantState::Revoked || has_ended(context, &grant) {
        return Err(conflict(rule, "The grant holds no more.", "Nothing remains to be done.").into());
    }
    let event = Event::GrantRevoked {
        grant: id,
        document: version.document.clone(),
        label: version.label.clone(),
        reason: reason.map(Into::into),
    };
    Ok(enter(vec![event], [Rule::Read1, rule], grounds([("grant", id.to_string())])))
}

/// A grant, and what it is for.
struct Known {
    document: Arc<Document>,
    version: Arc<Version>,
    body: Arc<Body>,
    grant: Grant,
}

/// The grant, if this person may know of it.
fn known(context: &Context<'_>, id: GrantId) -> Result<Known, Denied> {
    let version = granted_version(context.facts, id)?.ok_or(Denied::Hidden)?;
    let document: Arc<Document> = context
        .facts
        .document(&version.document)?
        .ok_or_else(|| FactsDamaged("the document of a version is missing".into()))?;
    let grant = version.grants.iter().find(|grant| grant.id == id).cloned().ok_or(Denied::Hidden)?;
    if !may_know_of_grant(context.facts, context.standing, &document, &version, &grant)? {
        return Err(Denied::Hidden);
    }
    let body = context.body_of(&document)?;
    Ok(Known { document, version, body, grant })
}

fn has_ended(context: &Context<'_>, grant: &Grant) -> bool {
    grant.until.is_some_and(|until| until <= context.at.now)
}
