//! Who acts in which seat of a body at an instant, and which votes of a decision count (GOV-1, GOV-3, GOV-5,
//! CONFLICT-1; ToR sections 7.5, 7.6 and 7.10).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::body::{Body, SeatRole};
use super::conflict::ConflictSubject;
use super::count::{self, Ballot, Place};
use super::decision::{CastVote, Count, Decision, LeftOutReason};
use super::event::Suspended;
use super::facts::{Fact, FactList, Facts, FactsDamaged, FactsExt};
use super::id::{DecisionId, Handle};
use super::person::{CredentialState, Person};
use super::time::Instant;

/// That a person acts in a seat: as the member, or as the member's approved alternate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acting {
    /// The seat.
    pub seat: Handle,
    /// What its holder may do.
    pub role: SeatRole,
    /// The member whose seat it is: the person, or whoever the person is alternate of.
    pub member: Handle,
    /// Whether it is as the member's alternate.
    pub as_alternate: bool,
}

/// The seats of `body` in which the person acts at `now`, the own ones first: those that are in force, and those of
/// members in force whose alternate the person is.
pub fn acting(facts: &dyn Facts, person: &Person, body: &Body, now: Instant) -> Result<Vec<Acting>, FactsDamaged> {
    let mut found = Vec::new();
    if !person.active {
        return Ok(found);
    }
    seats_in_force(person, body, now, false, &mut found);
    let alternates = person.alternates.iter();
    for alternate in alternates.filter(|one| one.body == body.handle && one.approved && !one.ended) {
        if let Some(member) = facts.person(&alternate.member)?.filter(|member| member.active) {
            seats_in_force(&member, body, now, true, &mut found);
        }
    }
    Ok(found)
}

fn seats_in_force(member: &Person, body: &Body, now: Instant, as_alternate: bool, found: &mut Vec<Acting>) {
    let appointments = member.appointments.iter();
    for appointment in appointments.filter(|one| one.body == body.handle && one.in_force(now)) {
        if let Some(seat) = body.seat(&appointment.seat)
            && !found.iter().any(|one| one.seat == seat.handle)
        {
            let (seat, role, member) = (seat.handle.clone(), seat.role, member.handle.clone());
            found.push(Acting { seat, role, member, as_alternate });
        }
    }
}

/// A body with those who are appointed to its seats at an instant, confirmed or not (GOV-2).
#[derive(Clone, Debug)]
pub struct Sitting {
    /// The body.
    pub body: Arc<Body>,
    now: Instant,
    appointed: BTreeMap<Handle, Vec<Arc<Person>>>,
}

impl Sitting {
    /// Looks up who is appointed to `body`.
    pub fn of(facts: &dyn Facts, body: Arc<Body>, now: Instant) -> Result<Self, FactsDamaged> {
        let mut appointed: BTreeMap<Handle, Vec<Arc<Person>>> = BTreeMap::new();
        let mut after = None;
        loop {
            let portion = facts.list(&FactList::People, after, PORTION)?;
            let Some((last, _)) = portion.last() else { return Ok(Self { body, now, appointed }) };
            after = Some(*last);
            for (_, fact) in portion {
                let Fact::Slug(handle) = fact else {
                    return Err(FactsDamaged("another fact where a person's handle belongs".into()));
                };
                let Some(person) = facts.person(&handle)?.filter(|person| person.active) else { continue };
                let held = person.appointments.iter();
                for seat in held.filter(|one| one.body == body.handle && one.is_appointed(now)).map(|one| &one.seat) {
                    appointed.entry(seat.clone()).or_default().push(person.clone());
                }
            }
        }
    }

    /// The arithmetic of a decision of this body as it stands. `closes` is who closes it as Chair, who is present
    /// thereby, as is who opened it so.
    pub fn count(
        &self,
        facts: &dyn Facts,
        decision: &Decision,
        closes: Option<&Handle>,
    ) -> Result<Count, FactsDamaged> {
        let seats = self.body.seats.iter().filter(|seat| seat.role != SeatRole::NonVoting);
        let mut places = Vec::new();
        for seat in seats {
            let chair = seat.role == SeatRole::Chair;
            let mut presides = false;
            if chair {
                let opened = Some(&decision.opened_by).filter(|_| decision.opened_by_chair);
                for person in opened.into_iter().chain(closes) {
                    presides |= self.disqualified(facts, decision, &seat.handle, person)?.is_none();
                }
            }
            let ballot = match last_vote(decision, &seat.handle) {
                Some(cast) => Some(Ballot { vote: cast.vote, left_out: self.left_out(facts, decision, cast)? }),
                None => None,
            };
            let appointed = self.appointed.contains_key(&seat.handle);
            places.push(Place { seat: seat.handle.clone(), chair, appointed, presides, ballot });
        }
        let exceptional = decision.meeting.as_ref().is_some_and(|meeting| meeting.exceptional);
        Ok(count::count(&self.body.rules, exceptional, &places))
    }

    /// The vote that bars another one of its seat: the last one, unless its credential was withdrawn or whoever cast it
    /// acts there no more.
    pub fn barring<'a>(
        &self,
        facts: &dyn Facts,
        decision: &'a Decision,
        seat: &Handle,
    ) -> Result<Option<&'a CastVote>, FactsDamaged> {
        let Some(cast) = last_vote(decision, seat) else { return Ok(None) };
        let void = credential_withdrawn(facts, cast)? || !self.acts(facts, seat, &cast.by)?;
        Ok(Some(cast).filter(|_| !void))
    }

    /// CONFLICT-1: whether a conflict of interest keeps `person` from acting in `seat`: the person's own, or that of
    /// whoever is appointed to the seat, whose alternate does not stand in for that.
    pub fn is_conflicted(&self, decision: &Decision, seat: &Handle, person: &Person) -> bool {
        let members = self.appointed.get(seat).into_iter().flatten().filter(|member| in_force(member, self, seat));
        members.map(Arc::as_ref).chain([person]).any(|one| has_conflict(one, decision))
    }

    fn left_out(
        &self,
        facts: &dyn Facts,
        decision: &Decision,
        cast: &CastVote,
    ) -> Result<Option<LeftOutReason>, FactsDamaged> {
        Ok(match self.disqualified(facts, decision, &cast.seat, &cast.by)? {
            None if credential_withdrawn(facts, cast)? => Some(LeftOutReason::CredentialWithdrawn),
            disqualified => disqualified,
        })
    }

    /// Why whatever `person` did in `seat` does not count.
    fn disqualified(
        &self,
        facts: &dyn Facts,
        decision: &Decision,
        seat: &Handle,
        person: &Handle,
    ) -> Result<Option<LeftOutReason>, FactsDamaged> {
        if !self.acts(facts, seat, person)? {
            return Ok(Some(LeftOutReason::NoLongerActing));
        }
        let person = facts.person(person)?.ok_or_else(|| FactsDamaged("whoever voted is missing".into()))?;
        Ok(self.is_conflicted(decision, seat, &person).then_some(LeftOutReason::Conflict))
    }

    fn acts(&self, facts: &dyn Facts, seat: &Handle, person: &Handle) -> Result<bool, FactsDamaged> {
        let Some(person) = facts.person(person)? else { return Ok(false) };
        Ok(acting(facts, &person, &self.body, self.now)?.iter().any(|one| one.seat == *seat))
    }
}

/// CONFLICT-1: whether the person declared a conflict about the decision or the document that it is about.
pub fn has_conflict(person: &Person, decision: &Decision) -> bool {
    has_conflict_about(person, Some(decision.id), decision.subject.document())
}

/// CONFLICT-1: whether the person declared a conflict about that decision or that document.
pub fn has_conflict_about(person: &Person, decision: Option<DecisionId>, document: Option<&Handle>) -> bool {
    person.conflicts.iter().filter(|conflict| !conflict.lifted).any(|conflict| match &conflict.about {
        ConflictSubject::Decision(id) => decision == Some(*id),
        ConflictSubject::Document(slug) => document == Some(slug),
    })
}

/// SELF-1: whether a suspension of `whom` is one of the person's own, or of everyone of the person's organisation.
pub fn is_suspended_themself(person: &Person, whom: &Suspended) -> bool {
    match whom {
        Suspended::Person(handle) => *handle == person.handle,
        Suspended::Organisation(organisation) => *organisation == person.organisation,
        Suspended::Service => false,
    }
}

/// The vote of a seat that is counted, if any is.
pub fn last_vote<'a>(decision: &'a Decision, seat: &Handle) -> Option<&'a CastVote> {
    decision.votes.iter().rev().find(|cast| cast.seat == *seat)
}

fn in_force(member: &Person, sitting: &Sitting, seat: &Handle) -> bool {
    let mut held = member.appointments.iter();
    held.any(|one| one.body == sitting.body.handle && one.seat == *seat && one.in_force(sitting.now))
}

/// READ-8: whether the credential of a vote was revoked. One that a newer one of the same person replaced in order was
/// not.
fn credential_withdrawn(facts: &dyn Facts, cast: &CastVote) -> Result<bool, FactsDamaged> {
    let credential = facts.credential(cast.credential)?;
    Ok(credential.is_none_or(|credential| credential.state != CredentialState::Confirmed))
}

/// How many people are looked up at once.
const PORTION: usize = 100;
