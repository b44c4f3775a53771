//! Agreements and confirmations.

use super::missing;
use crate::pure::domain::body::Body;
use crate::pure::domain::facts::{Facts, FactsDamaged, FactsExt};
use crate::pure::domain::person::{Agreement, Appointment};
use crate::pure::domain::standing::Standing;
use crate::pure::domain::undertakings::bodies_of;
use crate::pure::wire::digest::Digest;
use crate::pure::wire::undertaking as wire;

/// The agreements that the person is asked for, signed or not, and then those over earlier texts or of earlier bodies.
pub(in super::super) fn agreements(
    facts: &dyn Facts,
    standing: &Standing,
) -> Result<Vec<wire::Agreement>, FactsDamaged> {
    let person = &standing.person;
    let asked = bodies_of(facts, person, standing.now)?;
    let mut shown = Vec::new();
    for body in &asked {
        let mut over_present = person.agreements.iter().filter(|one| is_over_present_text(one, body));
        shown.push(agreement(body, over_present.next_back(), body.agreement_text.0));
    }
    for earlier in &person.agreements {
        if asked.iter().any(|body| is_over_present_text(earlier, body)) {
            continue;
        }
        let body = facts.body(&earlier.body)?.ok_or_else(|| missing("a body"))?;
        shown.push(agreement(&body, Some(earlier), earlier.text.0));
    }
    Ok(shown)
}

/// The person's appointments that last, with the text of the confirmation that goes with each.
pub(in super::super) fn confirmations(
    facts: &dyn Facts,
    standing: &Standing,
) -> Result<Vec<wire::Confirmation>, FactsDamaged> {
    let lasting = |held: &&Appointment| held.ended.is_none() && standing.now < held.until;
    let appointments = standing.person.appointments.iter().filter(lasting);
    let shown = appointments.map(|held| {
        let body = facts.body(&held.body)?.ok_or_else(|| missing("a body"))?;
        Ok(wire::Confirmation {
            appointment: held.id.to_string(),
            body: held.body.to_string(),
            body_name: body.name.clone(),
            seat: held.seat.to_string(),
            text_digest: Digest(body.confirmation_text().0),
            text: body.confirmation_words().to_owned(),
            state: match (held.confirmed, held.approved) {
                (true, _) => wire::ConfirmationState::Confirmed,
                (false, Some(_)) => wire::ConfirmationState::Asked,
                (false, None) => wire::ConfirmationState::Proposed,
            },
        })
    });
    shown.collect()
}

/// The text of the body's agreement that is in force.
pub(in super::super) fn agreement_text(body: &Body) -> wire::AgreementText {
    wire::AgreementText {
        body: body.handle.to_string(),
        text_digest: Digest(body.agreement_text.0),
        text: body.agreement.clone(),
    }
}

fn agreement(body: &Body, signed: Option<&Agreement>, text: [u8; 32]) -> wire::Agreement {
    let in_force = body.agreement_text.0 == text;
    wire::Agreement {
        body: body.handle.to_string(),
        body_name: body.name.clone(),
        text_digest: Digest(text),
        text: body.agreement.clone().filter(|_| in_force),
        in_force,
        signed: signed.map(|signed| wire::Signed {
            at: signed.signed_at.to_timestamp(),
            entry: signed.entry,
            attested: signed.signature.is_none(),
            signature: signed.signature.as_ref().map(|signature| signature.as_base64().to_owned()),
        }),
    }
}

fn is_over_present_text(agreement: &Agreement, body: &Body) -> bool {
    agreement.body == body.handle && agreement.text == body.agreement_text
}
