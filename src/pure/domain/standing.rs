//! Standing: who is behind a credential, and where that person sits at an instant.

use std::sync::Arc;

use super::body::{Body, SeatRole};
use super::facts::{Facts, FactsDamaged, FactsExt};
use super::id::{CredentialId, Handle};
use super::organisation::{Organisation, OrganisationKind};
use super::person::{Alternate, Appointment, AppointmentState, Person};
use super::refusal::Unrecognised;
use super::suspension::{Breach, Service, Suspension, SuspensionScope};
use super::time::Instant;

/// The person behind a credential, as the facts have them at an instant (READ-1, READ-8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The credential.
    pub credential: CredentialId,
    /// The person it is bound to.
    pub person: Arc<Person>,
    /// The person's organisation.
    pub organisation: Arc<Organisation>,
    /// The instant at which this holds.
    pub now: Instant,
    service: Arc<Service>,
}

/// A person's membership of a body at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The role of the seat.
    pub role: SeatRole,
    /// Whether the person sits there as the member's approved alternate.
    pub as_alternate: bool,
    /// Whether the person signed the body's agreement over its present text (GOV-1).
    pub signed: bool,
}

impl Membership {
    /// Whether it is a member's, the Chair's included, and not a non-voting representative's.
    pub fn is_voting(self) -> bool {
        self.role != SeatRole::NonVoting
    }
}

/// Why nothing could be decided.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undecided {
    /// READ-1: nobody whom the register knows asks.
    #[error(transparent)]
    Unrecognised(#[from] Unrecognised),
    /// The facts cannot be looked up.
    #[error(transparent)]
    Damaged(#[from] FactsDamaged),
}

impl Standing {
    /// READ-1: the active person that a confirmed, unrevoked credential is bound to.
    pub fn of(facts: &dyn Facts, credential: CredentialId, now: Instant) -> Result<Self, Undecided> {
        let bound = facts.credential(credential)?.ok_or(Unrecognised::Unknown)?;
        bound.recognise(now)?;
        let person = facts.person(&bound.person)?.filter(|person| person.active).ok_or(Unrecognised::Unknown)?;
        Ok(Self::behind(facts, credential, person, now)?)
    }

    /// Where somebody stands who does not ask: what the register's person would meet behind a credential of theirs.
    /// Whether there is such a credential is `is_recognised`; without one, `credential` is all zeros.
    pub fn of_person(facts: &dyn Facts, person: Arc<Person>, now: Instant) -> Result<Self, FactsDamaged> {
        let credential = person.credentials.last().copied().unwrap_or(CredentialId([0; 32]));
        Self::behind(facts, credential, person, now)
    }

    /// READ-1: whether the person is active and has a credential in effect.
    pub fn is_recognised(&self, facts: &dyn Facts) -> Result<bool, FactsDamaged> {
        if !self.person.active {
            return Ok(false);
        }
        for id in &self.person.credentials {
            if facts.credential(*id)?.is_some_and(|bound| bound.recognise(self.now).is_ok()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn behind(
        facts: &dyn Facts,
        credential: CredentialId,
        person: Arc<Person>,
        now: Instant,
    ) -> Result<Self, FactsDamaged> {
        let organisation = facts
            .organisation(&person.organisation)?
            .ok_or_else(|| FactsDamaged("a person's organisation is missing".into()))?;
        let service = facts.service()?.unwrap_or_default();
        Ok(Self { credential, person, organisation, now, service })
    }

    /// The person's handle.
    pub fn handle(&self) -> &Handle {
        &self.person.handle
    }

    /// The best membership of `body` that is in force: the Chair's before a member's before a representative's, and
    /// one's own before an alternate's.
    pub fn membership(&self, facts: &dyn Facts, body: &Body) -> Result<Option<Membership>, FactsDamaged> {
        let best = best_seat(facts, &self.person, body, self.now)?;
        Ok(best.map(|(role, as_alternate)| Membership { role, as_alternate, signed: self.has_signed(body) }))
    }

    /// Whether the person is the Chair of `body`, or the Chair's alternate (CLASS-1).
    pub fn chairs(&self, facts: &dyn Facts, body: &Body) -> Result<bool, FactsDamaged> {
        Ok(self.membership(facts, body)?.is_some_and(|membership| membership.role == SeatRole::Chair))
    }

    /// Whether the person speaks for the body that `body` answers to, as its Chair or one of its members, where the Chair
    /// of `body` would speak for themself (SELF-1). An alternate does not.
    pub fn speaks_over(&self, facts: &dyn Facts, body: &Body) -> Result<bool, FactsDamaged> {
        let Some(over) = body.answers_to.as_ref().map(|over| facts.body(over)).transpose()?.flatten() else {
            return Ok(false);
        };
        Ok(seat_in_force(&self.person, &over, self.now).is_some_and(|role| role != SeatRole::NonVoting))
    }

    /// Whether the person belongs to the Secretariat of `body` (ToR section 11).
    pub fn is_secretariat_of(&self, body: &Body) -> bool {
        body.secretariat.as_ref() == Some(&self.person.organisation)
    }

    /// Whether the person is staff of the Secretariat named for the RED papers of `body` (RED-1).
    pub fn is_named_secretariat_of(&self, body: &Body) -> bool {
        self.is_secretariat_of(body) && self.person.named_secretariat.contains(&body.handle)
    }

    /// Whether the person sits on any governance body at all, as member, representative or approved alternate (GREEN-1).
    pub fn sits_on_any_body(&self, facts: &dyn Facts) -> Result<bool, FactsDamaged> {
        if self.person.appointments.iter().any(|appointment| appointment.in_force(self.now)) {
            return Ok(true);
        }
        for alternate in self.person.alternates.iter().filter(|alternate| acts(alternate)) {
            if let Some(body) = facts.body(&alternate.body)?
                && self.membership(facts, &body)?.is_some()
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether the person signed the agreement of `body` over its present text (GOV-1).
    pub fn has_signed(&self, body: &Body) -> bool {
        let mut agreements = self.person.agreements.iter();
        agreements.any(|agreement| agreement.body == body.handle && agreement.text == body.agreement_text)
    }

    /// READ-5: whether the person works for whoever operates the server.
    pub fn is_host(&self) -> bool {
        self.organisation.kind == OrganisationKind::Host
    }

    /// AUDIT-1: whether the person is an appointed auditor of an assurance organisation.
    pub fn is_auditor(&self) -> bool {
        self.person.auditor && self.organisation.kind == OrganisationKind::Assurance
    }

    /// Whether a suspension in force of the person, the organisation or the service satisfies `stops`.
    pub fn is_suspended(&self, stops: impl Fn(SuspensionScope) -> bool) -> bool {
        self.suspensions().any(|suspension| stops(suspension.scope))
    }

    /// The suspensions in force of the person, the organisation and the service.
    pub fn suspensions(&self) -> impl Iterator<Item = &Suspension> {
        let suspensions = [&self.person.suspensions, &self.organisation.suspensions, &self.service.suspensions];
        suspensions.into_iter().flatten().filter(|suspension| !suspension.lifted)
    }

    /// BREACH-1: whether a recorded breach closes AMBER and RED to the person.
    pub fn is_in_breach(&self) -> bool {
        self.breaches().next().is_some()
    }

    /// BREACH-1: the recorded breaches that close AMBER and RED to the person.
    pub fn breaches(&self) -> impl Iterator<Item = &Breach> {
        self.person.breaches.iter().filter(|breach| !breach.lifted)
    }
}

/// Whether `person`, who need not be the one who asks, is the Chair of `body` or the Chair's alternate at `now`.
pub fn is_chaired_by(facts: &dyn Facts, body: &Body, person: &Person, now: Instant) -> Result<bool, FactsDamaged> {
    Ok(best_seat(facts, person, body, now)?.is_some_and(|(role, _)| role == SeatRole::Chair))
}

/// The highest seat that the person fills, and whether as the member's alternate.
fn best_seat(
    facts: &dyn Facts,
    person: &Person,
    body: &Body,
    now: Instant,
) -> Result<Option<(SeatRole, bool)>, FactsDamaged> {
    let mut best: Option<(SeatRole, bool)> = None;
    for_each_claim(facts, person, body, now, &mut |claim| {
        if let Ok(role) = claim.fills
            && best.is_none_or(|(held, _)| rank(role) < rank(held))
        {
            best = Some((role, claim.alternate.is_some()));
        }
    })?;
    Ok(best)
}

/// A seat of a body that a person was given at some time, or that of a member for whom the person may act.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// How the person acts for the member, where the seat is another's.
    pub alternate: Option<&'a Alternate>,
    /// The appointment to the seat: the person's, or the member's; `None` where the alternate does not act at all.
    pub appointment: Option<&'a Appointment>,
    /// The role of the seat that the person fills by it, or why none.
    pub fills: Result<SeatRole, NotFilled>,
}

/// Why a person fills no seat by a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotFilled {
    /// The body has not approved the alternate.
    AlternateUnapproved,
    /// The alternate was ended.
    AlternateEnded,
    /// The member for whom the person acts is no longer registered.
    MemberGone,
    /// The appointment is not in force.
    Appointment(AppointmentState),
    /// The seat was abolished.
    SeatAbolished,
}

/// Tells `visit` every claim of the person to a seat on `body`: one's own first, then those as an alternate.
pub fn for_each_claim(
    facts: &dyn Facts,
    person: &Person,
    body: &Body,
    now: Instant,
    visit: &mut dyn FnMut(&Claim<'_>),
) -> Result<(), FactsDamaged> {
    for appointment in person.appointments.iter().filter(|held| held.body == body.handle) {
        visit(&Claim { alternate: None, appointment: Some(appointment), fills: fills(appointment, body, now) });
    }
    for alternate in person.alternates.iter().filter(|alternate| alternate.body == body.handle) {
        let mut idle = |why| visit(&Claim { alternate: Some(alternate), appointment: None, fills: Err(why) });
        if !acts(alternate) {
            idle(if alternate.ended { NotFilled::AlternateEnded } else { NotFilled::AlternateUnapproved });
            continue;
        }
        // An alternate discharges the member's duties (ToR section 7.6), so that the member's seat must be in force.
        let Some(member) = facts.person(&alternate.member)?.filter(|member| member.active) else {
            idle(NotFilled::MemberGone);
            continue;
        };
        for appointment in member.appointments.iter().filter(|held| held.body == body.handle) {
            let fills = fills(appointment, body, now);
            visit(&Claim { alternate: Some(alternate), appointment: Some(appointment), fills });
        }
    }
    Ok(())
}

fn fills(appointment: &Appointment, body: &Body, now: Instant) -> Result<SeatRole, NotFilled> {
    match appointment.state(now) {
        AppointmentState::InForce => body.seat(&appointment.seat).map(|seat| seat.role).ok_or(NotFilled::SeatAbolished),
        state => Err(NotFilled::Appointment(state)),
    }
}

fn acts(alternate: &Alternate) -> bool {
    alternate.approved && !alternate.ended
}

fn seat_in_force(person: &Person, body: &Body, now: Instant) -> Option<SeatRole> {
    let appointments = person.appointments.iter().filter(|held| held.body == body.handle);
    appointments.filter_map(|held| fills(held, body, now).ok()).min_by_key(|role| rank(*role))
}

fn rank(role: SeatRole) -> u8 {
    match role {
        SeatRole::Chair => 0,
        SeatRole::Voting => 1,
        SeatRole::NonVoting => 2,
    }
}
