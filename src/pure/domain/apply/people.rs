//! People: seats, alternates, agreements, offices.

use super::super::event::Event;
use super::super::facts::{Change, Fact, FactKey, FactsDamaged};
use super::super::id::{AlternateId, AppointmentId, Handle};
use super::super::person::{Agreement, Alternate, Appointment, Person};
use super::super::time::Instant;
use super::{Applied, Applying};

impl Applying<'_> {
    pub(super) fn person_event(&self, event: &Event) -> Applied {
        let time = self.entry.time;
        let changes = match event {
            Event::PersonRemoved { person, .. } => self.person(person, |one| one.active = false),
            Event::AppointmentProposed { appointment, person, body, seat, from, until } => {
                self.appointment(person, proposed(*appointment, self.entry.person, (body, seat), *from, *until))
            }
            Event::AppointmentMade { person, from, appointment: Some(id), .. } => self.person(person, |one| {
                for held in one.appointments.iter_mut().filter(|held| held.id == *id) {
                    held.approved = Some(time);
                    held.from = Some(*from);
                }
            }),
            Event::AppointmentMade { person, body, seat, from, until, appointment: None } => {
                let id = AppointmentId(self.entry.index);
                let made = proposed(id, self.entry.person, (body, seat), Some(*from), *until);
                self.appointment(person, Appointment { approved: Some(time), ..made })
            }
            Event::MemberConfirmed { person, body, seat, appointment, .. } => self.person(person, |one| {
                for held in held_seat(one, body, seat, *appointment) {
                    held.confirmed = true;
                    held.confirmation = Some(self.entry.index);
                }
            }),
            Event::AppointmentEnded { person, body, seat, appointment, .. } => self.person(person, |one| {
                held_seat(one, body, seat, *appointment).for_each(|held| held.ended = Some(time));
            }),
            Event::AlternateProposed { member, alternate, body } => {
                let id = AlternateId(self.entry.index);
                let proposed =
                    Alternate { id, member: member.clone(), body: body.clone(), approved: false, ended: false };
                self.person(alternate, |one| one.alternates.push(proposed)).map(|mut changes| {
                    changes.push((FactKey::Alternate(id), Some(Fact::Slug(alternate.clone()))));
                    changes
                })
            }
            Event::AlternateApproved { member, alternate, body, proposal } => self.person(alternate, |one| {
                alternates_for(one, member, body, *proposal).for_each(|alternate| alternate.approved = true);
            }),
            Event::AlternateEnded { member, alternate, body, proposal } => self.person(alternate, |one| {
                alternates_for(one, member, body, *proposal).for_each(|alternate| alternate.ended = true);
            }),
            Event::AgreementSigned { person, body, text, signature } => {
                let signed = Agreement {
                    body: body.clone(),
                    text: *text,
                    signed_at: time,
                    signature: signature.clone(),
                    entry: self.entry.index,
                };
                self.person(person, |one| one.agreements.push(signed))
            }
            Event::SecretariatNamed { person, body } => {
                self.person(person, |one| one.named_secretariat.push(body.clone()))
            }
            Event::SecretariatUnnamed { person, body, .. } => {
                self.person(person, |one| one.named_secretariat.retain(|named| named != body))
            }
            Event::AuditorAppointed { person } => self.person(person, |one| one.auditor = true),
            Event::AuditorDismissed { person, .. } => self.person(person, |one| one.auditor = false),
            _ => return Ok(None),
        };
        changes.map(Some)
    }

    fn appointment(&self, person: &Handle, appointment: Appointment) -> Result<Vec<Change>, FactsDamaged> {
        let id = appointment.id;
        let mut changes = self.person(person, |one| one.appointments.push(appointment))?;
        changes.push((FactKey::Appointment(id), Some(Fact::Slug(person.clone()))));
        Ok(changes)
    }
}

fn proposed(
    id: AppointmentId,
    by: Option<&Handle>,
    (body, seat): (&Handle, &Handle),
    from: Option<Instant>,
    until: Instant,
) -> Appointment {
    let (body, seat, proposed_by) = (body.clone(), seat.clone(), by.cloned());
    Appointment {
        id,
        body,
        seat,
        proposed_by,
        approved: None,
        from,
        until,
        confirmed: false,
        confirmation: None,
        ended: None,
    }
}

/// The appointment of that id, or, in records that name none, whichever has not ended.
fn held_seat<'a>(
    person: &'a mut Person,
    body: &'a Handle,
    seat: &'a Handle,
    id: Option<AppointmentId>,
) -> impl Iterator<Item = &'a mut Appointment> {
    let appointments = person.appointments.iter_mut();
    appointments.filter(move |held| {
        held.body == *body && held.seat == *seat && held.ended.is_none() && id.is_none_or(|id| held.id == id)
    })
}

fn alternates_for<'a>(
    person: &'a mut Person,
    member: &'a Handle,
    body: &'a Handle,
    id: Option<AlternateId>,
) -> impl Iterator<Item = &'a mut Alternate> {
    let alternates = person.alternates.iter_mut();
    alternates.filter(move |held| held.member == *member && held.body == *body && id.is_none_or(|id| held.id == id))
}
