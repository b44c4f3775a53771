//! Who is who, and who sits where.

use std::collections::BTreeMap;

use super::{Shapes, missing, organisation};
use crate::pure::domain::body::{self, Body, BodyRules};
use crate::pure::domain::facts::{FactsDamaged, FactsExt};
use crate::pure::domain::id::Handle;
use crate::pure::domain::person::{Alternate, Appointment, Person};
use crate::pure::domain::register::{Knowing, each_appointment, ends_soon, reviews_due};
use crate::pure::domain::time::Instant;
use crate::pure::wire;
use crate::pure::wire::alternate::AlternateState;
use crate::pure::wire::appointment::AppointmentState;
use crate::pure::wire::body::{Review, ReviewSubject, Rules, Seat, SeatRole, Words};
use crate::pure::wire::digest::Digest;
use crate::pure::wire::person::RegisteredPerson;

/// Who is appointed to which seat of which body now.
pub(in super::super) struct Holders(BTreeMap<(Handle, Handle), wire::person::Person>);

impl Shapes<'_> {
    /// A person as the register has them. The caller has decided that the asker may know of them.
    pub(in super::super) fn registered_person(&self, person: &Person) -> Result<RegisteredPerson, FactsDamaged> {
        let offices = Knowing::of(self.facts, self.standing)?.knows_offices_of(person)?;
        let named = || person.named_secretariat.iter().map(Handle::to_string).collect();
        Ok(RegisteredPerson {
            handle: person.handle.to_string(),
            name: person.name.clone(),
            organisation: self.organisation(&person.organisation)?,
            system: person.system,
            active: person.active,
            auditor: offices.then_some(person.auditor),
            named_secretariat: offices.then(named),
        })
    }

    /// A body in a list.
    pub(in super::super) fn body(&self, body: &Body) -> Result<wire::body::Body, FactsDamaged> {
        let secretariat =
            body.secretariat.as_ref().map(|handle| self.facts.organisation(handle)).transpose()?.flatten();
        Ok(wire::body::Body {
            handle: body.handle.to_string(),
            name: body.name.clone(),
            secretariat: secretariat.map(|found| organisation(&found)),
            answers_to: body.answers_to.as_ref().map(Handle::to_string),
            receives_amber: body.receives_amber,
        })
    }

    /// A body with all that is to be known of it.
    pub(in super::super) fn body_detail(&self, body: &Body) -> Result<wire::body::BodyDetail, FactsDamaged> {
        let holders = self.holders()?;
        let takes_part = Knowing::of(self.facts, self.standing)?.takes_part_in(body)?;
        let due = reviews_due(self.facts, body, self.standing.now)?;
        let reviews = body.reviews.iter().map(|review| Review {
            of: match review.of {
                body::ReviewSubject::Membership => ReviewSubject::Membership,
                body::ReviewSubject::Chair => ReviewSubject::Chair,
            },
            at: review.at.to_timestamp(),
            outcome: takes_part.then(|| review.outcome.clone()),
            entry: review.entry,
        });
        Ok(wire::body::BodyDetail {
            body: self.body(body)?,
            seats: body.seats.iter().map(|seat| holders.seat(body, seat)).collect(),
            rules: rules(&body.rules),
            agreement: Words { text_digest: Digest(body.agreement_text.0), words: body.agreement.clone() },
            confirmation: Words {
                text_digest: Digest(body.confirmation_text().0),
                words: Some(body.confirmation_words().to_owned()),
            },
            reviews: reviews.collect(),
            next_membership_review: due.membership,
            membership_review_overdue: due.membership.is_some_and(|day| day < self.today),
            next_chair_review: due.chair,
            chair_review_overdue: due.chair.is_some_and(|day| day < self.today),
        })
    }

    /// Who is appointed to which seat now.
    pub(in super::super) fn holders(&self) -> Result<Holders, FactsDamaged> {
        let (now, mut holders) = (self.standing.now, BTreeMap::new());
        each_appointment(self.facts, |person, held| {
            if person.active && held.is_appointed(now) {
                let (handle, name) = (person.handle.to_string(), person.name.clone());
                holders.insert((held.body.clone(), held.seat.clone()), wire::person::Person { handle, name });
            }
        })?;
        Ok(Holders(holders))
    }

    /// An appointment or proposal of `person`. The caller has decided that the asker may know of it.
    pub(in super::super) fn appointment(
        &self,
        person: &Person,
        held: &Appointment,
    ) -> Result<wire::appointment::Appointment, FactsDamaged> {
        let (body, now) = (self.facts.body(&held.body)?.ok_or_else(|| missing("a body"))?, self.standing.now);
        let state = if !person.active || held.ended.is_some() || held.until <= now {
            AppointmentState::Ended
        } else if held.approved.is_none() {
            AppointmentState::Proposed
        } else if held.in_force(now) {
            AppointmentState::InForce
        } else {
            AppointmentState::Approved
        };
        Ok(wire::appointment::Appointment {
            id: held.id.to_string(),
            person: self.person(&person.handle)?,
            body: held.body.to_string(),
            seat: held.seat.to_string(),
            role: body.seat(&held.seat).map(|seat| role_of(seat.role)),
            state,
            proposed_by: held.proposed_by.as_ref().map(|by| self.person(by)).transpose()?,
            approved_at: held.approved.map(Instant::to_timestamp),
            from: held.from.map(Instant::to_timestamp),
            until: held.until.to_timestamp(),
            confirmed: held.confirmed,
            ended_at: held.ended.map(Instant::to_timestamp),
            ends_soon: person.active && ends_soon(held, &body.rules, now),
            entry: held.id.0,
        })
    }

    /// An alternate, who is `person`. The caller has decided that the asker may know of it.
    pub(in super::super) fn alternate(
        &self,
        person: &Person,
        held: &Alternate,
    ) -> Result<wire::alternate::Alternate, FactsDamaged> {
        let state = match held {
            Alternate { ended: true, .. } => AlternateState::Ended,
            Alternate { approved: true, .. } => AlternateState::Approved,
            _ => AlternateState::Proposed,
        };
        Ok(wire::alternate::Alternate {
            id: held.id.to_string(),
            body: held.body.to_string(),
            member: self.person(&held.member)?,
            person: self.person(&person.handle)?,
            state,
            entry: held.id.0,
        })
    }
}

impl Holders {
    /// A seat of `body`.
    pub(in super::super) fn seat(&self, body: &Body, seat: &body::Seat) -> Seat {
        Seat {
            body: body.handle.to_string(),
            seat: seat.handle.to_string(),
            role: role_of(seat.role),
            constituency: seat.constituency.clone(),
            holder: self.0.get(&(body.handle.clone(), seat.handle.clone())).cloned(),
        }
    }
}

/// A role as the domain has it.
pub(in super::super) fn seat_role(role: SeatRole) -> body::SeatRole {
    match role {
        SeatRole::Chair => body::SeatRole::Chair,
        SeatRole::Voting => body::SeatRole::Voting,
        SeatRole::NonVoting => body::SeatRole::NonVoting,
    }
}

/// The subject of a review as the domain has it.
pub(in super::super) fn review_subject(of: ReviewSubject) -> body::ReviewSubject {
    match of {
        ReviewSubject::Membership => body::ReviewSubject::Membership,
        ReviewSubject::Chair => body::ReviewSubject::Chair,
    }
}

fn role_of(role: body::SeatRole) -> SeatRole {
    match role {
        body::SeatRole::Chair => SeatRole::Chair,
        body::SeatRole::Voting => SeatRole::Voting,
        body::SeatRole::NonVoting => SeatRole::NonVoting,
    }
}

fn rules(rules: &BodyRules) -> Rules {
    Rules {
        quorum: rules.quorum.into(),
        quorum_needs_chair: rules.quorum_needs_chair,
        majority: rules.majority.into(),
        chair_casts_only: rules.chair_casts_only,
        term_months: rules.term_months,
        membership_review_months: rules.membership_review_months,
        chair_review_months: rules.chair_review_months,
        term_warning_days: rules.term_warning_days,
    }
}
