//! `/needs`: recording, listing and withdrawing needs.

use actix_web::{HttpResponse, web};

use super::super::peer::Peer;
use super::super::problem::ApiProblem;
use super::super::state::State;
use super::answering::{act, created, entered, json, list_asker, look_up, unexpected, unseen};
use super::asking::{Asked, IdempotencyKey, NeedName, Paging, Posted, handle};
use super::shapes;
use crate::pure::domain::catalogue;
use crate::pure::domain::command::Command;
use crate::pure::domain::facts::FactsExt;
use crate::pure::domain::id::{Label, NeedId};
use crate::pure::domain::need::NeedReason;
use crate::pure::wire::need::{Need, NeedsQuery, NewNeed};

/// `POST /needs`.
pub(super) async fn record(
    peer: Peer,
    key: IdempotencyKey,
    Posted(new): Posted<NewNeed>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let version = new.version.as_deref().map(Label::parse).transpose();
    let command = Command::RecordNeed {
        document: handle(&new.document)?,
        version: version.map_err(|error| ApiProblem::malformed(format!("version: {error}.")))?,
        reason: NeedReason { purpose: new.purpose, statement: new.statement, reference: new.reference },
        valid_until: new.valid_until.map(Into::into),
    };
    let act = act(&state, peer, command, key.0).await?;
    let id = NeedId(act.entry);
    Ok(created(act.entry, format!("/v1/needs/{id}"), &act.named(recorded(&state, id))?))
}

/// `GET /needs`. Another person's needs are records of that person, which the auditor reads (AUDIT-1).
pub(super) async fn list(
    peer: Peer,
    Asked(query): Asked<NeedsQuery>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let standing = list_asker(&state, peer)?;
    let person = query.person.as_deref().map(handle).transpose()?;
    let another = person.filter(|person| person != standing.handle());
    let owner = another.clone().unwrap_or_else(|| standing.handle().clone());
    let paging = Paging::of(&state, format!("needs {owner}"), query.limit, query.after.as_deref())?;
    let entry = match another {
        Some(person) => Some(read_records(&state, peer, &paging, person).await?),
        None => None,
    };
    let (after, look_for) = (paging.after, paging.look_for());
    let found = look_up(&state, move |facts| Ok(catalogue::needs(facts, &owner, after, look_for)?.items)).await?;
    let page = paging.page(&state, found, |need| need.id.0).map(|need| shapes::need(&need));
    Ok(entry.map_or_else(|| json(&page), |entry| entered(entry, &page)))
}

/// `GET /needs/{id}`: one's own.
pub(super) async fn show(
    peer: Peer,
    NeedName(id): NeedName,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let standing = list_asker(&state, peer)?;
    let need = state.repository.facts().need(id)?.filter(|need| need.person == *standing.handle());
    Ok(json(&shapes::need(&*need.ok_or_else(unseen)?)))
}

/// `DELETE /needs/{id}`.
pub(super) async fn withdraw(
    peer: Peer,
    NeedName(need): NeedName,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let act = act(&state, peer, Command::WithdrawNeed { need }, None).await?;
    Ok(entered(act.entry, &act.named(recorded(&state, need))?))
}

/// The need that an act of its owner just made or changed.
fn recorded(state: &State, id: NeedId) -> Result<Need, ApiProblem> {
    let need = state.repository.facts().need(id)?.ok_or_else(unexpected)?;
    Ok(shapes::need(&need))
}

async fn read_records(
    state: &State,
    peer: Peer,
    paging: &Paging,
    person: crate::pure::domain::id::Handle,
) -> Result<u64, ApiProblem> {
    let (after, limit) = (paging.after, paging.limit as u64);
    let command = Command::ReadRecords { after, limit, person: Some(person), document: None };
    Ok(act(state, peer, command, None).await?.entry)
}
