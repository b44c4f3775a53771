//! AMBER-1: tabling a version to another body.

use super::super::super::classification::{Classification, Level};
use super::super::super::command::Selector;
use super::super::super::event::Event;
use super::super::super::facts::FactsExt;
use super::super::super::id::{Handle, Label};
use super::super::super::may::{Denied, check_obstacle, may_know_of_version};
use super::super::super::refusals::{conflict, invalid, not_permitted, withdrawn};
use super::super::super::rule::Rule;
use super::super::{Context, Decision, enter, grounds};

/// The Chair tables an AMBER version to another body, whose members then read it.
pub(super) fn table(context: &Context<'_>, document: &Handle, label: &Label, to: &Handle) -> Result<Decision, Denied> {
    let document = context.facts.document(document)?.ok_or(Denied::Hidden)?;
    let selector = Selector::Label(label.clone());
    let selected = may_know_of_version(context.facts, context.standing, &document, &selector)?;
    let body = context.body_of(&document)?;
    if !context.standing.chairs(context.facts, &body)? {
        return Err(not_permitted(
            Rule::Amber1,
            "Only the Chair of the originating body tables a version to another body.",
            "Ask the Chair.",
        )
        .into());
    }
    check_obstacle(context.standing, &selected.admission)?;
    let version = selected.version;
    if version.withdrawn.is_some() {
        return Err(withdrawn().into());
    }
    match version.level() {
        Level::Determined(Classification::Amber) => {}
        Level::Determined(Classification::Red) => {
            return Err(conflict(
                Rule::Red2,
                "RED is not tabled: it is disclosed to another body only by a recorded decision.",
                "Have the body decide: POST /v1/decisions with the kind disclose_red.",
            )
            .into());
        }
        level => {
            let detail = format!("A version that is AMBER is tabled, and this one is {level}.");
            return Err(conflict(Rule::Amber1, &detail, "Ask the Chair to determine the classification first.").into());
        }
    }
    if context.facts.body(to)?.is_none() || *to == body.handle {
        return Err(invalid(
            Rule::Amber1,
            "A version is tabled to another body of the register.",
            "Name a registered body that is not the originating one.",
        )
        .into());
    }
    if version.tabled_to.contains(to) {
        return Err(conflict(
            Rule::Amber1,
            "The version is tabled to that body already.",
            "Nothing remains to be done.",
        )
        .into());
    }
    let event = Event::VersionTabled { document: document.slug.clone(), label: label.clone(), body: to.clone() };
    Ok(enter(vec![event], [Rule::Read1, Rule::Amber1], grounds([("chairs", body.handle.to_string())])))
}
