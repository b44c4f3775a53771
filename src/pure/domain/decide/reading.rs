//! Decisions on looking and reading.

use super::super::command::{NeedClaim, Selector};
use super::super::event::Event;
use super::super::facts::FactsExt;
use super::super::id::{Handle, NeedId};
use super::super::may::{Denied, NeedUsed, Readable, may_know_of_version, may_read};
use super::super::rule::Rule;
use super::{Answer, Context, Decision, Grant, grounds};

/// Metadata of a document: the audience rules govern it, without a need.
pub(super) fn view_document(context: &Context<'_>, document: &Handle) -> Result<Decision, Denied> {
    let document = context.known_document(document)?;
    Ok(Decision::Answer(Answer::Document(document)))
}

/// Metadata of a version: the audience rules govern it, without a need.
pub(super) fn view_version(context: &Context<'_>, document: &Handle, version: &Selector) -> Result<Decision, Denied> {
    let document = context.facts.document(document)?.ok_or(Denied::Hidden)?;
    let selected = may_know_of_version(context.facts, context.standing, &document, version)?;
    Ok(Decision::Answer(Answer::Version(document, selected.version)))
}

/// Content: one entry with the events that release it, and with the need where it is recorded on the spot.
pub(super) fn read(
    context: &Context<'_>,
    document: &Handle,
    selector: &Selector,
    claim: Option<&NeedClaim>,
    method: &str,
    range: Option<&str>,
) -> Result<Decision, Denied> {
    let readable = may_read(context.facts, context.standing, document, selector, claim)?;
    let Readable { document, version, audience, need } = readable;
    let level = version.level();
    let mut events = Vec::with_capacity(2);
    let need = match need {
        NeedUsed::Recorded(id) => id,
        NeedUsed::Inline(reason) => {
            let id = NeedId(context.at.index);
            let validity = context.profile()?.need_limit(level).validity();
            events.push(Event::NeedRecorded {
                need: id,
                document: document.slug.clone(),
                version: Some(version.label.clone()),
                reason,
                valid_until: context.at.now.saturating_add(validity),
            });
            id
        }
    };
    events.push(Event::ContentReleased {
        document: document.slug.clone(),
        label: version.label.clone(),
        digest: version.content.digest,
        size: version.content.size,
        level: level.as_str().into(),
        need,
        method: method.into(),
        range: range.map(Into::into),
    });
    Ok(Decision::Enter(Grant {
        events,
        rules: vec![Rule::Read1, audience, Rule::Read3],
        grounds: grounds([("level", level.as_str().into()), ("need", need.to_string())]),
        answer: Answer::Content(document, version),
    }))
}
