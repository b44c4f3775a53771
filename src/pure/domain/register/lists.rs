//! Lists of the register, each item with the index that a page goes on after.

use std::sync::Arc;

use super::super::body::{Body, Seat};
use super::super::catalogue::{Page, indexed_page, misplaced};
use super::super::facts::{Fact, FactList, Facts, FactsDamaged, FactsExt};
use super::super::id::{AlternateId, AppointmentId, Handle};
use super::super::organisation::Organisation;
use super::super::person::{Alternate, Appointment, Person};
use super::super::standing::Standing;
use super::Knowing;
use super::terms::ends_soon;

/// An item of a list, with its index.
#[derive(Clone, Debug)]
pub struct Listed<T> {
    /// The index after which the list goes on.
    pub index: u64,
    /// The item.
    pub item: T,
}

/// A seat on its body.
#[derive(Clone, Debug)]
pub struct PlacedSeat {
    /// The body.
    pub body: Arc<Body>,
    /// The seat.
    pub seat: Seat,
}

/// Which appointments are asked for.
#[derive(Clone, Debug, Default)]
pub struct AppointmentFilter {
    /// On this body.
    pub body: Option<Handle>,
    /// Of this person.
    pub person: Option<Handle>,
    /// Whether their term ends soon; either if absent.
    pub ending: Option<bool>,
}

/// The organisations that the person may know of, in the order of their registration.
pub fn organisations(
    facts: &dyn Facts,
    standing: &Standing,
    after: Option<u64>,
    limit: usize,
) -> Result<Page<Listed<Arc<Organisation>>>, FactsDamaged> {
    let knowing = Knowing::of(facts, standing)?;
    indexed_page(facts, &FactList::Organisations, after, limit, |index, fact| {
        let handle = slug(fact)?;
        let item = if knowing.knows_organisation(&handle) { facts.organisation(&handle)? } else { None };
        Ok(item.map(|item| Listed { index, item }))
    })
}

/// The people that the person may know of, removed ones included, in the order of their registration.
pub fn people(
    facts: &dyn Facts,
    standing: &Standing,
    after: Option<u64>,
    limit: usize,
) -> Result<Page<Listed<Arc<Person>>>, FactsDamaged> {
    let knowing = Knowing::of(facts, standing)?;
    indexed_page(facts, &FactList::People, after, limit, |index, fact| {
        let handle = slug(fact)?;
        let item = if knowing.knows_person(&handle) { facts.person(&handle)? } else { None };
        Ok(item.map(|item| Listed { index, item }))
    })
}

/// The bodies that the person may know of, in the order in which they were established.
pub fn bodies(
    facts: &dyn Facts,
    standing: &Standing,
    after: Option<u64>,
    limit: usize,
) -> Result<Page<Listed<Arc<Body>>>, FactsDamaged> {
    let knowing = Knowing::of(facts, standing)?;
    indexed_page(facts, &FactList::Bodies, after, limit, |index, fact| {
        let body = facts.body(&slug(fact)?)?.filter(|body| knowing.knows_body(body));
        Ok(body.map(|item| Listed { index, item }))
    })
}

/// The seats of the bodies that the person may know of, or of one of them. The index of a seat is that of its body and
/// its place there.
pub fn seats(
    facts: &dyn Facts,
    standing: &Standing,
    body: Option<&Handle>,
    after: Option<u64>,
    limit: usize,
) -> Result<Vec<Listed<PlacedSeat>>, FactsDamaged> {
    let mut found = Vec::new();
    for Listed { index, item } in bodies(facts, standing, None, usize::MAX)?.items {
        if body.is_some_and(|body| *body != item.handle) {
            continue;
        }
        for (place, seat) in (0..SEATS_OF_A_BODY).zip(&item.seats) {
            let index = index.saturating_mul(SEATS_OF_A_BODY).saturating_add(place);
            found.push(Listed { index, item: PlacedSeat { body: item.clone(), seat: seat.clone() } });
        }
    }
    found.retain(|seat| after.is_none_or(|after| seat.index > after));
    found.truncate(limit);
    Ok(found)
}

/// The appointments and proposals that the person may know of, in the order in which they were made or proposed.
pub fn appointments(
    facts: &dyn Facts,
    standing: &Standing,
    filter: &AppointmentFilter,
    after: Option<u64>,
    limit: usize,
) -> Result<Page<(Arc<Person>, Appointment)>, FactsDamaged> {
    let knowing = Knowing::of(facts, standing)?;
    indexed_page(facts, &FactList::Appointments, after, limit, |index, _| {
        let Some((person, held)) = appointment(facts, AppointmentId(index))? else { return Ok(None) };
        let wanted = filter.body.as_ref().is_none_or(|body| *body == held.body)
            && filter.person.as_ref().is_none_or(|handle| *handle == person.handle);
        if !wanted || !knowing.knows_appointment(&person, &held)? {
            return Ok(None);
        }
        if let Some(ending) = filter.ending
            && ending != is_ending(facts, standing, &person, &held)?
        {
            return Ok(None);
        }
        Ok(Some((person, held)))
    })
}

/// The alternates, proposed ones included, that the person may know of, in the order in which they were proposed; on one
/// body, or for or as one person.
pub fn alternates(
    facts: &dyn Facts,
    standing: &Standing,
    (body, person): (Option<&Handle>, Option<&Handle>),
    after: Option<u64>,
    limit: usize,
) -> Result<Page<(Arc<Person>, Alternate)>, FactsDamaged> {
    let knowing = Knowing::of(facts, standing)?;
    indexed_page(facts, &FactList::Alternates, after, limit, |index, _| {
        let Some((who, held)) = alternate(facts, AlternateId(index))? else { return Ok(None) };
        let wanted = body.is_none_or(|body| *body == held.body)
            && person.is_none_or(|person| [&who.handle, &held.member].contains(&person));
        Ok(if wanted && knowing.knows_alternate(&who, &held)? { Some((who, held)) } else { None })
    })
}

/// The appointment of that id, and who is appointed.
pub fn appointment(facts: &dyn Facts, id: AppointmentId) -> Result<Option<(Arc<Person>, Appointment)>, FactsDamaged> {
    let Some(person) = facts.appointee(id)?.map(|handle| facts.person(&handle)).transpose()?.flatten() else {
        return Ok(None);
    };
    let held = person.appointments.iter().find(|held| held.id == id).cloned();
    Ok(held.map(|held| (person, held)))
}

/// The alternate of that id, and who it is.
pub fn alternate(facts: &dyn Facts, id: AlternateId) -> Result<Option<(Arc<Person>, Alternate)>, FactsDamaged> {
    let Some(person) = facts.alternate(id)?.map(|handle| facts.person(&handle)).transpose()?.flatten() else {
        return Ok(None);
    };
    let held = person.alternates.iter().find(|held| held.id == id).cloned();
    Ok(held.map(|held| (person, held)))
}

/// Every appointment and proposal, whoever asks: for decisions, and for dates that rest on them.
pub fn each_appointment(facts: &dyn Facts, mut visit: impl FnMut(&Person, &Appointment)) -> Result<(), FactsDamaged> {
    indexed_page(facts, &FactList::Appointments, None, usize::MAX, |index, _| {
        if let Some((person, held)) = appointment(facts, AppointmentId(index))? {
            visit(&person, &held);
        }
        Ok(None::<()>)
    })?;
    Ok(())
}

fn is_ending(
    facts: &dyn Facts,
    standing: &Standing,
    person: &Person,
    held: &Appointment,
) -> Result<bool, FactsDamaged> {
    let body = facts.body(&held.body)?.ok_or_else(|| FactsDamaged("the body of a seat is missing".into()))?;
    Ok(person.active && ends_soon(held, &body.rules, standing.now))
}

fn slug(fact: Fact) -> Result<Handle, FactsDamaged> {
    let Fact::Slug(handle) = fact else { return Err(misplaced("a slug")) };
    Ok(handle)
}

/// More seats than any body has, so that a seat's place and its body's index make one number.
const SEATS_OF_A_BODY: u64 = 1 << 16;
