//! Decisions on explaining access (READ-6, READ-7). An explanation is itself an entry.
//!
//! A person asks about themself, the Chair about the documents of the body they chair, the auditor about everyone.

use std::sync::Arc;

use super::super::audience::admission;
use super::super::command::{Command, Selector};
use super::super::document::Document;
use super::super::event::Event;
use super::super::explanation::{Sight, explain_document, explain_version};
use super::super::facts::FactsExt;
use super::super::id::Handle;
use super::super::may::{Denied, may_know_of_version};
use super::super::readers::readers;
use super::super::refusals::not_permitted;
use super::super::rule::Rule;
use super::super::selection::{Selection, select, select_among_all};
use super::super::standing::Standing;
use super::super::version::Version;
use super::{Answer, Context, Decision, Grant, grounds, misrouted};

/// Why somebody may read, or may not; who may read a version, and who has.
pub(super) fn decide(context: &Context<'_>, command: &Command) -> Result<Decision, Denied> {
    match command {
        Command::ExplainAccess { person, document, version } => explain(context, person, document, version.as_ref()),
        Command::ListReaders { document, version, after, limit } => {
            list_readers(context, document, version, *after, limit.unwrap_or(DEFAULT_LIMIT))
        }
        _ => Err(misrouted()),
    }
}

/// As what somebody asks about a document.
#[derive(Clone, Copy, PartialEq, Eq)]
enum As {
    Themself,
    Chair,
    Auditor,
}

impl As {
    fn as_str(self) -> &'static str {
        match self {
            Self::Themself => "themself",
            Self::Chair => "chair",
            Self::Auditor => "auditor",
        }
    }

    fn rule(self) -> Rule {
        if self == Self::Auditor { Rule::Audit1 } else { Rule::Read7 }
    }
}

fn explain(
    context: &Context<'_>,
    person: &Handle,
    document: &Handle,
    version: Option<&Selector>,
) -> Result<Decision, Denied> {
    let (facts, now) = (context.facts, context.at.now);
    let document = facts.document(document)?.ok_or(Denied::Hidden)?;
    let asker = match office(context, &document)? {
        Some(office) => office,
        None if person == context.standing.handle() => As::Themself,
        None => return Err(Denied::Hidden),
    };
    let subject = Standing::of_person(facts, facts.person(person)?.ok_or(Denied::Hidden)?, now)?;
    let meant = match version {
        Some(selector) => Some(version_asked_for(context, asker, &document, selector)?),
        // What the person would get who names no version.
        None => match select(facts, &subject, &document, &Selector::InForce { as_of: None, known_at: None })? {
            Selection::Found(selected) => Some(selected.version),
            Selection::Nothing | Selection::NoneInForce { .. } => None,
        },
    };
    let sight = if asker == As::Themself { Sight::Own } else { Sight::Whole };
    let explained = match meant {
        Some(version) => {
            // READ-6 holds for the one who asks too.
            if asker != As::Auditor && !admission(facts, context.standing, &document, &version)?.is_inside() {
                return Err(Denied::Hidden);
            }
            explain_version(facts, &subject, document, version, sight, context.at.index)?
        }
        None => {
            if asker != As::Auditor {
                context.known_document(&document.slug)?;
            }
            explain_document(facts, &subject, document)?
        }
    };
    let label = explained.version.as_ref().map(|version| version.label.clone());
    let event = Event::AccessExplained { person: person.clone(), document: explained.document.slug.clone(), label };
    Ok(Decision::Enter(Grant {
        events: vec![event],
        rules: vec![Rule::Read1, asker.rule()],
        grounds: grounds([("as", asker.as_str().into()), ("outcome", explained.outcome.as_str().into())]),
        answer: Answer::Explained(Arc::new(explained)),
    }))
}

fn list_readers(
    context: &Context<'_>,
    document: &Handle,
    version: &Selector,
    after: Option<u64>,
    limit: u64,
) -> Result<Decision, Denied> {
    let document = context.facts.document(document)?.ok_or(Denied::Hidden)?;
    let Some(asker) = office(context, &document)? else {
        may_know_of_version(context.facts, context.standing, &document, version)?;
        return Err(not_permitted(
            Rule::Audit1,
            "Who may read a version and who has is for the Chair of its body and the auditor.",
            "Ask the Chair, or ask for an explanation of your own access.",
        )
        .into());
    };
    let version = version_asked_for(context, asker, &document, version)?;
    let limit = usize::try_from(limit.clamp(1, MAX_LIMIT)).unwrap_or(1);
    let listed = readers(context.facts, context.at.now, document, version, after, limit)?;
    let event = Event::ReadersListed { document: listed.document.slug.clone(), label: listed.version.label.clone() };
    Ok(Decision::Enter(Grant {
        events: vec![event],
        rules: vec![Rule::Read1, asker.rule()],
        grounds: grounds([("as", asker.as_str().into())]),
        answer: Answer::Readers(Arc::new(listed)),
    }))
}

/// The office in which the person may ask about others' access to `document`.
fn office(context: &Context<'_>, document: &Document) -> Result<Option<As>, Denied> {
    if context.standing.is_auditor() {
        return Ok(Some(As::Auditor));
    }
    let body = context.body_of(document)?;
    Ok(context.standing.chairs(context.facts, &body)?.then_some(As::Chair))
}

/// The version that is meant, among those that the one who asks may be told of.
fn version_asked_for(
    context: &Context<'_>,
    asker: As,
    document: &Document,
    selector: &Selector,
) -> Result<Arc<Version>, Denied> {
    if asker != As::Auditor {
        return Ok(may_know_of_version(context.facts, context.standing, document, selector)?.version);
    }
    match select_among_all(context.facts, context.at.now, document, selector)? {
        Selection::Found(selected) => Ok(selected.version),
        Selection::Nothing | Selection::NoneInForce { .. } => Err(Denied::Hidden),
    }
}

/// The most readers of a part when none is asked for.
const DEFAULT_LIMIT: u64 = 50;

/// The most readers of a part.
const MAX_LIMIT: u64 = 500;
