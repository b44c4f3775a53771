//! Decisions on documents.

use super::super::event::Event;
use super::super::facts::FactsExt;
use super::super::id::Handle;
use super::super::may::Denied;
use super::super::refusals::{invalid, not_permitted};
use super::super::rule::Rule;
use super::{Context, Decision, check_title, enter, grounds};

/// LODGE-1: a member of the originating body, or its Secretariat, registers a document.
pub(super) fn register(
    context: &Context<'_>,
    document: &Handle,
    title: &str,
    kind: &str,
    set: &Handle,
    body: &Handle,
) -> Result<Decision, Denied> {
    let Context { facts, standing, at: _ } = context;
    if standing.is_suspended(|scope| scope.stops_lodging()) {
        return Err(super::super::refusals::suspended("lodging").into());
    }
    let not_for_you = || {
        not_permitted(
            Rule::Lodge1,
            "Documents are registered by voting members of the originating body, or by its Secretariat for it.",
            "Ask a member of the body or its Secretariat to register the document.",
        )
    };
    let body = facts.body(body)?.ok_or_else(not_for_you)?;
    let is_member = standing.membership(*facts, &body)?.is_some_and(|membership| membership.is_voting());
    if !is_member && !standing.is_secretariat_of(&body) {
        return Err(not_for_you().into());
    }
    check_title(Rule::Lodge1, title)?;
    let profile = context.profile()?;
    if !profile.document_types.iter().any(|known| known == kind) {
        return Err(invalid(
            Rule::Lodge1,
            "The profile knows no document type of that name.",
            format!("Use one of the types {}.", profile.document_types.join(", ")),
        )
        .into());
    }
    if !profile.document_sets.iter().any(|known| known.set == *set) {
        let known: Vec<_> = profile.document_sets.iter().map(|known| known.set.as_str()).collect();
        return Err(invalid(
            Rule::Lodge1,
            "The profile knows no document set of that name.",
            format!("Use one of the sets {}.", known.join(", ")),
        )
        .into());
    }
    // READ-6: whether a taken slug is one that the person may see makes no difference.
    if facts.document(document)?.is_some() {
        return Err(invalid(
            Rule::Lodge3,
            "A document of that slug cannot be registered: the slug is taken.",
            "Choose another slug.",
        )
        .into());
    }
    let event = Event::DocumentRegistered {
        document: document.clone(),
        title: title.into(),
        document_kind: kind.into(),
        set: set.clone(),
        body: body.handle.clone(),
    };
    Ok(enter(vec![event], [Rule::Read1, Rule::Lodge1], grounds([("body", body.handle.to_string())])))
}
