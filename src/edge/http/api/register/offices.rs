//! Named staff of a Secretariat (RED-1), and auditors (AUDIT-1). The answer is the person as the register has them then.

use actix_web::{HttpResponse, web};

use super::super::super::peer::Peer;
use super::super::super::problem::ApiProblem;
use super::super::super::state::State;
use super::super::answering::{act, entered};
use super::super::asking::{IdempotencyKey, Posted, handle};
use super::names::{BodyName, PersonName, StaffName};
use super::people;
use crate::pure::domain::command::Command;
use crate::pure::domain::id::Handle;
use crate::pure::wire::person::NamedPerson;
use crate::pure::wire::reason::Reason;

/// `POST /register/bodies/{body}/secretariat`.
pub(super) async fn name(
    peer: Peer,
    BodyName(body): BodyName,
    key: IdempotencyKey,
    Posted(new): Posted<NamedPerson>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let person = handle(&new.person)?;
    done(&state, peer, key, person.clone(), Command::NameSecretariat { person, body }).await
}

/// `POST /register/bodies/{body}/secretariat/{person}/removal`.
pub(super) async fn unname(
    peer: Peer,
    StaffName { body, person }: StaffName,
    key: IdempotencyKey,
    Posted(Reason { reason }): Posted<Reason>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    done(&state, peer, key, person.clone(), Command::UnnameSecretariat { person, body, reason }).await
}

/// `POST /register/auditors`.
pub(super) async fn appoint_auditor(
    peer: Peer,
    key: IdempotencyKey,
    Posted(new): Posted<NamedPerson>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let person = handle(&new.person)?;
    done(&state, peer, key, person.clone(), Command::AppointAuditor { person }).await
}

/// `POST /register/auditors/{person}/removal`.
pub(super) async fn dismiss_auditor(
    peer: Peer,
    PersonName(person): PersonName,
    key: IdempotencyKey,
    Posted(Reason { reason }): Posted<Reason>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    done(&state, peer, key, person.clone(), Command::DismissAuditor { person, reason }).await
}

async fn done(
    state: &web::Data<State>,
    peer: Peer,
    key: IdempotencyKey,
    person: Handle,
    command: Command,
) -> Result<HttpResponse, ApiProblem> {
    let act = act(state, peer, command, key.0).await?;
    Ok(entered(act.entry, &act.named(people::seen(state, peer, person).await)?))
}
