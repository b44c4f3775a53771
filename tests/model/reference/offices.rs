//! What commands about the register should come to: who keeps it, and who approves what.

use strongroom::pure::domain::command::Command;
use strongroom::pure::domain::id::{CredentialId, Handle};
use strongroom::pure::domain::organisation::OrganisationKind;

use super::Reference;
use super::judge::Verdict::{self, Free, NotDone};

impl Reference {
    /// SELF-1, GOV-1, GOV-5: nobody approves for themself, and the register is the Secretariat's.
    pub(super) fn judge_register(&self, person: &Handle, credential: CredentialId, command: &Command) -> Verdict {
        let keeps = self.is_secretariat(person, &self.authority);
        let natural = |one: &Handle| self.people.get(one).is_some_and(|one| one.active && !one.system);
        let may_go_on = match command {
            Command::RegisterOrganisation { organisation, .. } => {
                keeps && !self.organisations.contains_key(organisation)
            }
            Command::RegisterPerson { person: new, .. } => keeps && !self.people.contains_key(new),
            Command::RemovePerson { person: removed, .. } => {
                removed != person && (keeps || self.speaks_over(person, &self.authority))
            }
            Command::EstablishBody { body, .. } => keeps && !self.bodies.contains_key(body),
            Command::EstablishSeat { .. } | Command::AbolishSeat { .. } | Command::BindCredential { .. } => keeps,
            Command::ProposeAppointment { person: appointee, body, .. } => {
                (keeps || self.is_secretariat(person, body)) && natural(appointee)
            }
            Command::ApproveAppointment { appointment } => self.may_approve(person, appointment.0),
            Command::EndAppointment { appointment, .. } => self.appointments.get(&appointment.0).is_some_and(|one| {
                let speaks = self.chairs(person, &one.body) || self.speaks_above(person, &one.body);
                let withdraws = !one.approved && (keeps || self.is_secretariat(person, &one.body));
                !one.ended && (one.person == *person || speaks || withdraws)
            }),
            Command::ProposeAlternate { body, person: alternate } => {
                alternate != person && natural(alternate) && !self.own_seats(person, body).is_empty()
            }
            Command::ApproveAlternate { alternate } => self.alternates.get(&alternate.0).is_some_and(|one| {
                one.person != *person
                    && one.member != *person
                    && !one.approved
                    && !one.ended
                    && (self.chairs(person, &one.body) || self.speaks_above(person, &one.body))
            }),
            Command::NameSecretariat { person: named, body } => {
                named != person && natural(named) && self.is_secretariat(named, body)
            }
            Command::ConfirmCredential { credential: confirmed } => self.may_confirm(person, credential, *confirmed),
            Command::RevokeCredential { credential, .. } => self
                .credentials
                .get(credential)
                .is_some_and(|one| one.person == *person || keeps || self.chairs(person, &self.authority)),
            Command::AppointAuditor { person: auditor } => {
                auditor != person
                    && self.chairs(person, &self.authority)
                    && self.kind_of(auditor) == OrganisationKind::Assurance
            }
            Command::DismissAuditor { .. } => self.chairs(person, &self.authority),
            Command::AdoptAgreementText { body, .. } => match &self.bodies[body].answers_to {
                Some(_) => self.speaks_over(person, body),
                None => self.chairs(person, body),
            },
            Command::SignAgreement { .. } | Command::ConfirmMembership { .. } => !self.people[person].system,
            _ => true,
        };
        if may_go_on { Free } else { NotDone }
    }

    /// Nobody approves their own appointment, nor what they proposed; a seat is one person's at a time; and no term begins
    /// before it was approved.
    fn may_approve(&self, person: &Handle, appointment: u64) -> bool {
        let Some(one) = self.appointments.get(&appointment) else { return false };
        let from = one.from.unwrap_or(self.now);
        let taken = self.appointments.values().any(|other| {
            let same_seat = other.body == one.body && other.seat == one.seat;
            same_seat
                && other.approved
                && !other.ended
                && self.people[&other.person].active
                && other.from.is_some_and(|begins| begins < one.until)
                && from < other.until
        });
        one.person != *person
            && one.proposed_by.as_ref() != Some(person)
            && !one.approved
            && !one.ended
            && from >= self.now
            && !taken
            && (self.chairs(person, &one.body) || self.speaks_above(person, &one.body))
    }

    /// SELF-1: by the holder under another credential, or by the Chair; the Chair's own by the Panel alone.
    fn may_confirm(&self, person: &Handle, using: CredentialId, confirmed: CredentialId) -> bool {
        let Some(one) = self.credentials.get(&confirmed) else { return false };
        let by_holder = one.person == *person && using != confirmed;
        let by_binder = one.bound_by.as_ref() == Some(person) && !by_holder;
        let allowed = if self.chairs(&one.person, &self.authority) {
            self.speaks_over(person, &self.authority) && one.person != *person
        } else {
            by_holder || self.chairs(person, &self.authority)
        };
        allowed && !by_binder && !one.confirmed && !one.revoked
    }
}
