//! The register, its credentials, and what people undertake.

use strongroom::pure::domain::body::{Seat, SeatRole};
use strongroom::pure::domain::command::Command;
use strongroom::pure::domain::id::{AlternateId, AppointmentId, CredentialId, Digest};
use strongroom::pure::domain::organisation::{OrganisationKind, PartyCategory};

use super::{Attempt, Choice, first_credential, handle, pick, reason};

/// What is tried; what is there twice is tried twice as often.
pub(super) const TRIED: &[Attempt] = &[
    register_organisation,
    register_person,
    remove_person,
    establish_seat,
    abolish_seat,
    propose_appointment,
    propose_appointment,
    approve_appointment,
    approve_appointment,
    end_appointment,
    propose_alternate,
    propose_alternate,
    approve_alternate,
    approve_alternate,
    end_alternate,
    name_secretariat,
    unname_secretariat,
    appoint_auditor,
    dismiss_auditor,
    bind_credential,
    bind_credential,
    confirm_credential,
    confirm_credential,
    revoke_credential,
    adopt_text,
    sign,
    sign,
    sign,
    confirm,
    confirm,
];

fn register_organisation(choice: &Choice<'_>) -> Option<Command> {
    let category = PartyCategory("small_supplier".into());
    Some(Command::RegisterOrganisation {
        organisation: handle(&format!("organisation-{}", choice.deed.a % 3)),
        name: "An organisation".into(),
        organisation_kind: OrganisationKind::Party,
        category: Some(category),
    })
}

fn register_person(choice: &Choice<'_>) -> Option<Command> {
    Some(Command::RegisterPerson {
        person: handle(&format!("person-{}", choice.deed.a % 4)),
        name: "A person".into(),
        organisation: choice.organisation(choice.deed.c),
        system: choice.deed.b.is_multiple_of(5),
    })
}

fn remove_person(choice: &Choice<'_>) -> Option<Command> {
    // Few, or nobody would be left.
    (choice.deed.b.is_multiple_of(8))
        .then(|| Command::RemovePerson { person: choice.someone(choice.deed.a), reason: reason() })
}

fn establish_seat(choice: &Choice<'_>) -> Option<Command> {
    let seat = Seat {
        handle: handle(&format!("seat-{}", choice.deed.a % 2)),
        role: if choice.deed.c.is_multiple_of(2) { SeatRole::Voting } else { SeatRole::NonVoting },
        constituency: "large_supplier".into(),
    };
    Some(Command::EstablishSeat { body: choice.body(), seat })
}

fn abolish_seat(choice: &Choice<'_>) -> Option<Command> {
    let body = choice.body();
    let seat = choice.seat(&body)?;
    Some(Command::AbolishSeat { body, seat, reason: reason() })
}

fn propose_appointment(choice: &Choice<'_>) -> Option<Command> {
    let body = choice.body();
    let seat = choice.seat(&body)?;
    let from = (choice.deed.b.is_multiple_of(4)).then(|| choice.hours(choice.deed.c));
    let until = choice.reference.after_hours(24 * (2 + i64::from(choice.deed.c)) * 2);
    Some(Command::ProposeAppointment { person: choice.someone(choice.deed.a), body, seat, from, until })
}

fn approve_appointment(choice: &Choice<'_>) -> Option<Command> {
    let waiting = choice.reference.appointments.iter().filter(|(_, one)| !one.approved && !one.ended);
    let appointment = AppointmentId(pick(waiting.map(|(id, _)| *id), choice.deed.a)?);
    Some(Command::ApproveAppointment { appointment })
}

fn end_appointment(choice: &Choice<'_>) -> Option<Command> {
    let appointment = AppointmentId(pick(choice.reference.appointments.keys().copied(), choice.deed.a)?);
    (choice.deed.b.is_multiple_of(4)).then(|| Command::EndAppointment { appointment, reason: reason() })
}

fn propose_alternate(choice: &Choice<'_>) -> Option<Command> {
    Some(Command::ProposeAlternate { body: choice.body(), person: choice.someone(choice.deed.c) })
}

fn approve_alternate(choice: &Choice<'_>) -> Option<Command> {
    let waiting = choice.reference.alternates.iter().filter(|(_, one)| !one.approved && !one.ended);
    Some(Command::ApproveAlternate { alternate: AlternateId(pick(waiting.map(|(id, _)| *id), choice.deed.a)?) })
}

fn end_alternate(choice: &Choice<'_>) -> Option<Command> {
    Some(Command::EndAlternate {
        alternate: AlternateId(pick(choice.reference.alternates.keys().copied(), choice.deed.a)?),
    })
}

fn name_secretariat(choice: &Choice<'_>) -> Option<Command> {
    Some(Command::NameSecretariat { person: choice.someone(choice.deed.a), body: choice.body() })
}

fn unname_secretariat(choice: &Choice<'_>) -> Option<Command> {
    Some(Command::UnnameSecretariat { person: choice.someone(choice.deed.a), body: choice.body(), reason: reason() })
}

fn appoint_auditor(choice: &Choice<'_>) -> Option<Command> {
    Some(Command::AppointAuditor { person: choice.someone(choice.deed.a) })
}

fn dismiss_auditor(choice: &Choice<'_>) -> Option<Command> {
    Some(Command::DismissAuditor { person: choice.someone(choice.deed.a), reason: reason() })
}

fn bind_credential(choice: &Choice<'_>) -> Option<Command> {
    let person = choice.someone(choice.deed.a);
    let replaces = (choice.deed.b.is_multiple_of(2)).then(|| first_credential(&person));
    let overlap_until = replaces.map(|_| choice.hours(choice.deed.c % 90));
    let credential = CredentialId(Digest::of(&[choice.deed.a, choice.deed.b % 2, choice.deed.c]).0);
    Some(Command::BindCredential { person, credential, replaces, overlap_until })
}

fn confirm_credential(choice: &Choice<'_>) -> Option<Command> {
    let waiting = choice.reference.credentials.iter().filter(|(_, one)| !one.confirmed && !one.revoked);
    Some(Command::ConfirmCredential { credential: pick(waiting.map(|(id, _)| *id), choice.deed.a)? })
}

fn revoke_credential(choice: &Choice<'_>) -> Option<Command> {
    let credential = pick(choice.reference.credentials.keys().copied(), choice.deed.a)?;
    (choice.deed.b.is_multiple_of(8)).then(|| Command::RevokeCredential { credential, reason: reason() })
}

fn adopt_text(choice: &Choice<'_>) -> Option<Command> {
    let body = choice.body();
    let text = format!("The agreement of {body}, version {}.", choice.deed.c % 3);
    (choice.deed.b % 4 == 1).then_some(Command::AdoptAgreementText { body, text })
}

fn sign(choice: &Choice<'_>) -> Option<Command> {
    let text = choice.reference.bodies[&choice.body()].agreement;
    Some(Command::SignAgreement { text, signature: None })
}

fn confirm(choice: &Choice<'_>) -> Option<Command> {
    let text = choice.reference.bodies[&choice.body()].confirmation;
    Some(Command::ConfirmMembership { text, signature: None })
}
