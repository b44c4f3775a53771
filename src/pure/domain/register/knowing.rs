//! Who may know of what in the register (GREEN-1, READ-6), and who speaks where a Chair would speak for themself (SELF-1).

use super::super::body::{Body, SeatRole};
use super::super::facts::{Facts, FactsDamaged, FactsExt, authority};
use super::super::id::Handle;
use super::super::person::{Alternate, Appointment, Person};
use super::super::standing::Standing;

/// What one person may know of in the register at an instant.
pub struct Knowing<'a> {
    facts: &'a dyn Facts,
    standing: &'a Standing,
    keeps: bool,
    open: bool,
}

impl<'a> Knowing<'a> {
    /// What the one who stands there may know of.
    pub fn of(facts: &'a dyn Facts, standing: &'a Standing) -> Result<Self, FactsDamaged> {
        let keeps = authority(facts)?.is_some_and(|authority| standing.is_secretariat_of(&authority));
        let green = standing.organisation.kind.is_in_green_audience() || standing.sits_on_any_body(facts)?;
        Ok(Self { facts, standing, keeps, open: keeps || green })
    }

    /// Whether the register is open to the person: to GREEN's audience (GREEN-1), and to whoever keeps it.
    pub fn is_admitted(&self) -> bool {
        self.open
    }

    /// Whether the person keeps the register, as the Secretariat of the authority (ToR section 11).
    pub fn keeps_it(&self) -> bool {
        self.keeps
    }

    /// Whether the person may know of that organisation.
    pub fn knows_organisation(&self, organisation: &Handle) -> bool {
        self.open || self.standing.person.organisation == *organisation
    }

    /// Whether the person may know of that other person, or is that person.
    pub fn knows_person(&self, person: &Handle) -> bool {
        self.open || self.standing.handle() == person
    }

    /// Whether the person may know of the body: it is open, or the person has to do with it.
    pub fn knows_body(&self, body: &Body) -> bool {
        let Person { appointments, alternates, named_secretariat, .. } = &*self.standing.person;
        self.open
            || self.standing.is_secretariat_of(body)
            || appointments.iter().any(|held| held.body == body.handle)
            || alternates.iter().any(|alternate| alternate.body == body.handle)
            || named_secretariat.contains(&body.handle)
    }

    /// Whether the person may know of an appointment of `appointee`: of a proposal only as the one proposed, a member of
    /// the body, its Secretariat, or the body above.
    pub fn knows_appointment(&self, appointee: &Person, held: &Appointment) -> Result<bool, FactsDamaged> {
        if appointee.handle == *self.standing.handle() || self.open && held.approved.is_some() {
            return Ok(true);
        }
        self.concerns(&held.body, held.approved.is_some())
    }

    /// Whether the person may know of an alternate, who is `person`; of a proposed one as for appointments.
    pub fn knows_alternate(&self, person: &Person, alternate: &Alternate) -> Result<bool, FactsDamaged> {
        let own = [&person.handle, &alternate.member].contains(&self.standing.handle());
        if own || self.open && alternate.approved {
            return Ok(true);
        }
        self.concerns(&alternate.body, alternate.approved)
    }

    /// Whether the person may know for which offices `person` was named: the person, whoever keeps the register, the
    /// authority's Chair, and the body above.
    pub fn knows_offices_of(&self, person: &Person) -> Result<bool, FactsDamaged> {
        if self.keeps || person.handle == *self.standing.handle() {
            return Ok(true);
        }
        let Some(authority) = authority(self.facts)? else { return Ok(false) };
        Ok(self.standing.chairs(self.facts, &authority)? || speaks_above(self.facts, self.standing, &authority)?)
    }

    /// Whether the person has to do with the body's own business: whoever keeps the register, its Secretariat, whoever
    /// acts on it, and the body above.
    pub fn takes_part_in(&self, body: &Body) -> Result<bool, FactsDamaged> {
        let Self { facts, standing, .. } = *self;
        Ok(self.keeps
            || standing.is_secretariat_of(body)
            || standing.membership(facts, body)?.is_some()
            || speaks_above(facts, standing, body)?)
    }

    /// Proposals of a body are for those who take part in it; what was approved, of those to whom the register is not
    /// open, for its Secretariat alone.
    fn concerns(&self, body: &Handle, approved: bool) -> Result<bool, FactsDamaged> {
        let body = self.facts.body(body)?.ok_or_else(|| FactsDamaged("the body of a seat is missing".into()))?;
        if approved { Ok(self.standing.is_secretariat_of(&body)) } else { self.takes_part_in(&body) }
    }
}

/// Whether the person speaks where the Chair of `body` would speak for themself (SELF-1): as a member of the body that it
/// answers to, and where it answers to none, as one of its own members. An alternate does not, nor a representative.
pub fn speaks_above(facts: &dyn Facts, standing: &Standing, body: &Body) -> Result<bool, FactsDamaged> {
    if body.answers_to.is_some() {
        return standing.speaks_over(facts, body);
    }
    let in_force = |held: &&Appointment| held.body == body.handle && held.in_force(standing.now);
    let mut seats = standing.person.appointments.iter().filter(in_force).filter_map(|held| body.seat(&held.seat));
    Ok(seats.any(|seat| seat.role != SeatRole::NonVoting))
}
