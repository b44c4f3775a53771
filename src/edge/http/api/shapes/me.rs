//! Who asks: standing, and what is missing for more access.

use jiff::Timestamp;

use super::{credential, missing, organisation};
use crate::pure::domain::body::{Body, SeatRole};
use crate::pure::domain::credentials::credentials;
use crate::pure::domain::facts::{Facts, FactsDamaged, FactsExt};
use crate::pure::domain::id::Handle;
use crate::pure::domain::measures::{ConflictState, conflict_state};
use crate::pure::domain::person::{Alternate, Appointment, Person};
use crate::pure::domain::register::ends_soon;
use crate::pure::domain::rule::Rule;
use crate::pure::domain::standing::Standing;
use crate::pure::domain::time::Instant;
use crate::pure::wire::credential::CredentialState;
use crate::pure::wire::digest::Digest;
use crate::pure::wire::me::{Agreement, Credential, Me, Missing, Seat};

/// Everything that the register knows of the one who stands there.
pub(in super::super) fn me(facts: &dyn Facts, standing: &Standing, not_after: Timestamp) -> Result<Me, FactsDamaged> {
    let asking = Asking { facts, standing };
    let person = &standing.person;
    Ok(Me {
        person: crate::pure::wire::person::Person { handle: person.handle.to_string(), name: person.name.clone() },
        organisation: organisation(&standing.organisation),
        seats: asking.seats()?,
        agreements: asking.agreements()?,
        credential: Credential { spki_digest: Digest(standing.credential.0), not_after },
        credentials: asking.credentials()?,
        missing: asking.missing()?,
        warnings: asking.warnings()?,
        measures: super::Shapes::new(facts, standing)?.held_measures()?,
    })
}

struct Asking<'a> {
    facts: &'a dyn Facts,
    standing: &'a Standing,
}

impl Asking<'_> {
    fn seats(&self) -> Result<Vec<Seat>, FactsDamaged> {
        let person = &self.standing.person;
        let mut seats = Vec::new();
        for appointment in &person.appointments {
            seats.push(self.seat(appointment, None)?);
        }
        for alternate in &person.alternates {
            let Some(member) = self.facts.person(&alternate.member)? else { continue };
            for appointment in member.appointments.iter().filter(|held| held.body == alternate.body) {
                seats.push(self.seat(appointment, Some((alternate, &*member)))?);
            }
        }
        Ok(seats)
    }

    /// A seat, in which the person sits as the member or as the alternate of one.
    fn seat(&self, held: &Appointment, instead: Option<(&Alternate, &Person)>) -> Result<Seat, FactsDamaged> {
        let body = self.body(&held.body)?;
        let acts = instead.is_none_or(|(alternate, member)| alternate.approved && !alternate.ended && member.active);
        let until = held.ended.map_or(held.until, |ended| ended.min(held.until));
        Ok(Seat {
            body: held.body.to_string(),
            seat: held.seat.to_string(),
            voting: body.seat(&held.seat).is_some_and(|seat| seat.role != SeatRole::NonVoting),
            alternate: instead.is_some(),
            term_from: held.from.map(Instant::to_timestamp),
            term_until: Some(until.to_timestamp()),
            confirmed: held.confirmed,
            in_force: acts && held.in_force(self.standing.now),
            proposed: held.ended.is_none()
                && instead.map_or(held.approved.is_none(), |(alternate, _)| !alternate.approved && !alternate.ended),
            ends_soon: acts && ends_soon(held, &body.rules, self.standing.now),
        })
    }

    fn credentials(&self) -> Result<Vec<crate::pure::wire::credential::Credential>, FactsDamaged> {
        let own = credentials(self.facts, self.standing, Some(self.standing.handle()), None, usize::MAX)?;
        own.iter().map(|one| credential(self.facts, &one.credential, self.standing.now)).collect()
    }

    /// GOV-5: a term of one's own that ends soon, unless the next one is approved.
    fn warnings(&self) -> Result<Vec<Missing>, FactsDamaged> {
        let held = &self.standing.person.appointments;
        let mut warnings = Vec::new();
        for ending in held {
            let body = self.body(&ending.body)?;
            let goes_on = held.iter().any(|next| {
                let same = next.body == ending.body && next.seat == ending.seat;
                same && next.approved.is_some() && next.ended.is_none() && next.until > ending.until
            });
            if !goes_on && ends_soon(ending, &body.rules, self.standing.now) {
                warnings.push(lack(
                    Rule::Gov5,
                    format!(
                        "Your term in the seat {} of the body {} ends at {}, and with it the access that the seat gives.",
                        ending.seat, ending.body, ending.until
                    ),
                    "Ask the Secretariat to propose you for another term, if you are to go on.",
                ));
            }
        }
        Ok(warnings)
    }

    fn agreements(&self) -> Result<Vec<Agreement>, FactsDamaged> {
        let signed = self.standing.person.agreements.iter();
        signed
            .map(|agreement| {
                Ok(Agreement {
                    body: agreement.body.to_string(),
                    text_digest: Digest(agreement.text.0),
                    signed_at: agreement.signed_at.to_timestamp(),
                    in_force: self.body(&agreement.body)?.agreement_text == agreement.text,
                })
            })
            .collect()
    }

    fn missing(&self) -> Result<Vec<Missing>, FactsDamaged> {
        let standing = self.standing;
        let mut missing = Vec::new();
        if standing.is_suspended(|_| true) {
            missing.push(lack(
                Rule::Emergency1,
                "A suspension of you, your organisation or the service is in force.",
                "Appeal against the suspension (measures says where), or wait until it is lifted.",
            ));
        }
        if standing.is_in_breach() {
            missing.push(lack(
                Rule::Breach1,
                "A recorded breach of an information-sharing rule closes RED and AMBER to you.",
                "Ask the Chair about the breach that was recorded, or appeal against it (measures says where).",
            ));
        }
        let mut conflicts = standing.person.conflicts.iter().map(|conflict| conflict_state(self.facts, conflict));
        if conflicts.any(|state| state == Ok(ConflictState::InForce)) {
            missing.push(lack(
                Rule::Conflict1,
                "A conflict of interest that you declared closes the RED and AMBER papers of its matter to you.",
                "Wait until the decision is recorded, or ask the Chair to lift the conflict with a reason.",
            ));
        }
        for one in self.credentials()?.iter().filter(|one| one.state == CredentialState::Proposed) {
            missing.push(lack(
                Rule::Self1,
                format!("The credential {} was bound to you and is not confirmed: it admits nobody.", one.id),
                "If it is yours, confirm it under the credential that you use now, or ask the Chair; else revoke it.",
            ));
        }
        for held in &standing.person.appointments {
            missing.extend(self.missing_of_appointment(held));
        }
        for alternate in standing.person.alternates.iter().filter(|one| !one.approved && !one.ended) {
            missing.push(lack(
                Rule::Gov5,
                format!("The body {} has not approved you as the alternate of {}.", alternate.body, alternate.member),
                "Ask the body to approve you as alternate.",
            ));
        }
        for body in self.bodies_to_sign_with()? {
            missing.push(lack(
                Rule::Gov1,
                format!(
                    "You have not signed the Confidentiality and Disclosure Agreement of the body {} over its present \
                     text, which has the SHA-256 {}.",
                    body.handle, body.agreement_text
                ),
                "Sign the agreement: until then AMBER and RED stay closed to you.",
            ));
        }
        Ok(missing)
    }

    fn missing_of_appointment(&self, held: &Appointment) -> Option<Missing> {
        let now = self.standing.now;
        let name = format!("{} of the body {}", held.seat, held.body);
        if held.in_force(now) || self.holds_again(held) {
            return None;
        }
        if held.ended.is_some_and(|ended| ended <= now) || held.until <= now {
            return Some(lack(
                Rule::Gov5,
                format!("Your term in the seat {name} has ended, and with it the access that the seat gave."),
                "Be appointed for another term, and confirm it.",
            ));
        }
        if held.approved.is_none() {
            return Some(lack(
                Rule::Gov5,
                format!("You are proposed for the seat {name}, and not yet appointed."),
                "Wait until the appointment is approved.",
            ));
        }
        if !held.confirmed {
            return Some(lack(
                Rule::Gov1,
                format!("You have not given the member confirmation for the seat {name}."),
                "Confirm the appointment.",
            ));
        }
        Some(lack(
            Rule::Gov5,
            format!("Your term in the seat {name} has not begun."),
            held.from.map_or_else(String::new, |from| format!("Wait until it begins, at {from}.")),
        ))
    }

    /// Whether a later appointment to the same seat is in force, so that nothing is missing.
    fn holds_again(&self, held: &Appointment) -> bool {
        let mut others = self.standing.person.appointments.iter();
        others.any(|one| one.body == held.body && one.seat == held.seat && one.in_force(self.standing.now))
    }

    /// The bodies on which the person acts, or whose RED papers the person handles, without a signed agreement.
    fn bodies_to_sign_with(&self) -> Result<Vec<std::sync::Arc<Body>>, FactsDamaged> {
        let Self { facts, standing } = self;
        let person = &standing.person;
        let seats = person.appointments.iter().map(|held| &held.body);
        let handles = seats.chain(person.alternates.iter().map(|one| &one.body)).chain(&person.named_secretariat);
        let mut handles: Vec<&Handle> = handles.collect();
        handles.sort_unstable();
        handles.dedup();
        let mut bodies = Vec::new();
        for handle in handles {
            let body = self.body(handle)?;
            let acts = standing.membership(*facts, &body)?.is_some() || standing.is_named_secretariat_of(&body);
            if acts && !standing.has_signed(&body) {
                bodies.push(body);
            }
        }
        Ok(bodies)
    }

    fn body(&self, handle: &Handle) -> Result<std::sync::Arc<Body>, FactsDamaged> {
        self.facts.body(handle)?.ok_or_else(|| missing("a body"))
    }
}

fn lack(rule: Rule, detail: impl Into<String>, satisfy: impl Into<String>) -> Missing {
    Missing { detail: detail.into(), rule: rule.id().into(), satisfy: satisfy.into() }
}
