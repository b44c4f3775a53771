//! Decisions on organisations.

use super::super::super::command::Command;
use super::super::super::event::Event;
use super::super::super::facts::FactsExt;
use super::super::super::may::Denied;
use super::super::super::organisation::{OrganisationKind, PartyCategory};
use super::super::super::refusal::Refusal;
use super::super::super::refusals::invalid;
use super::super::super::rule::Rule;
use super::super::{Context, Decision, enter, grounds, misrouted};
use super::{check_keeper, check_line, taken};

/// The Secretariat registers an organisation.
pub(super) fn decide(context: &Context<'_>, command: &Command) -> Result<Decision, Denied> {
    let Command::RegisterOrganisation { organisation, name, organisation_kind, category } = command else {
        return Err(misrouted());
    };
    check_keeper(context)?;
    check_line(Rule::Self1, "name", name)?;
    check_category(*organisation_kind, category.as_ref(), &context.profile()?.party_categories)?;
    if context.facts.organisation(organisation)?.is_some() {
        return Err(taken("organisation"));
    }
    let event = Event::OrganisationRegistered {
        organisation: organisation.clone(),
        name: name.clone(),
        organisation_kind: *organisation_kind,
        category: category.clone(),
    };
    Ok(enter(vec![event], [Rule::Read1, Rule::Self1], grounds([])))
}

fn check_category(
    kind: OrganisationKind,
    category: Option<&PartyCategory>,
    known: &[PartyCategory],
) -> Result<(), Refusal> {
    let is_party = kind == OrganisationKind::Party;
    match category {
        None if is_party => Err(invalid(
            Rule::Self1,
            "A party has a party category.",
            format!("Give one of the categories {}.", names(known)),
        )),
        Some(_) if !is_party => Err(invalid(
            Rule::Self1,
            "Only an organisation of the kind party has a category.",
            "Leave the category out.",
        )),
        Some(category) if !known.contains(category) => Err(invalid(
            Rule::Self1,
            "The profile knows no party category of that name.",
            format!("Give one of the categories {}.", names(known)),
        )),
        _ => Ok(()),
    }
}

fn names(categories: &[PartyCategory]) -> String {
    categories.iter().map(|category| category.0.as_str()).collect::<Vec<_>>().join(", ")
}
