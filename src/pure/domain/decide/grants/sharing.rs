//! AMBER-3: sharing within a party category.

use super::super::super::body::{Body, SeatRole};
use super::super::super::facts::FactsExt;
use super::super::super::may::Denied;
use super::super::super::organisation::PartyCategory;
use super::super::super::person::Person;
use super::super::super::refusal::Refusal;
use super::super::super::refusals::not_permitted;
use super::super::super::rule::Rule;
use super::super::super::version::Version;
use super::super::Context;

/// A share is given from a voting seat of a party category, by its member or the member's alternate.
pub(super) fn check_seat(context: &Context<'_>, body: &Body) -> Result<(), Denied> {
    if categories(context, body)?.is_empty() {
        return Err(not_permitted(
            Rule::Amber3,
            "Only a member who holds a party category's seat on the originating body shares within the category. Who \
             received a share cannot pass it on.",
            "Ask such a member, or ask the Chair for a grant.",
        )
        .into());
    }
    Ok(())
}

/// The categories whose seats on `body` the person holds, or acts in, at this instant.
pub(super) fn categories(context: &Context<'_>, body: &Body) -> Result<Vec<PartyCategory>, Denied> {
    let known = &context.profile()?.party_categories;
    let mut categories = seats_of(context, body, &context.standing.person);
    for alternate in &context.standing.person.alternates {
        if alternate.body == body.handle
            && alternate.approved
            && !alternate.ended
            && let Some(member) = context.facts.person(&alternate.member)?.filter(|member| member.active)
        {
            categories.extend(seats_of(context, body, &member));
        }
    }
    categories.retain(|category| known.contains(category));
    Ok(categories)
}

/// CLASS-4: a version that came as TLP:AMBER+STRICT is shared with no other organisation of the category.
pub(super) fn check_strictness(version: &Version) -> Result<(), Refusal> {
    if version.is_strict() {
        return Err(not_permitted(
            Rule::Class4,
            "The version is marked TLP:AMBER+STRICT, which turns sharing within a party category off.",
            "Ask the Chair for a grant to those who need to know.",
        ));
    }
    Ok(())
}

fn seats_of(context: &Context<'_>, body: &Body, person: &Person) -> Vec<PartyCategory> {
    let held = person.appointments.iter();
    held.filter(|held| held.body == body.handle && held.in_force(context.at.now))
        .filter_map(|held| body.seat(&held.seat))
        .filter(|seat| seat.role == SeatRole::Voting)
        .map(|seat| PartyCategory(seat.constituency.clone()))
        .collect()
}
