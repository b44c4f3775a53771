//! `/explain` and `/documents/{doc}/versions/{label}/readers`: who may read what, and why. Each answer is itself an entry.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use jiff::Timestamp;

use super::super::peer::Peer;
use super::super::problem::ApiProblem;
use super::super::state::State;
use super::answering::{entered, unexpected};
use super::asking::{Asked, Paging, VersionPick, handle, selector};
use super::{READ, reading, resource, shapes};
use crate::pure::domain::command::Command;
use crate::pure::domain::facts::FactsDamaged;
use crate::pure::domain::readers::Readers;
use crate::pure::record::Record;
use crate::pure::wire;
use crate::pure::wire::explanation::ExplainQuery;
use crate::pure::wire::page::PageQuery;
use crate::service::Repository;
use crate::service::registrar::Answered;

/// Puts the room's URLs under `/v1`.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .service(resource("/explain", READ).route(reading(explain)))
        .service(resource("/documents/{doc}/versions/{label}/readers", READ).route(reading(readers)));
}

/// `GET /explain?person=&document=&version=`.
async fn explain(
    peer: Peer,
    Asked(query): Asked<ExplainQuery>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let person = match &query.person {
        Some(person) => handle(person)?,
        None => state.repository.standing(peer.credential)?.handle().clone(),
    };
    let version = query.version.as_deref().map(selector).transpose()?;
    let command = Command::ExplainAccess { person, document: handle(&query.document)?, version };
    match state.repository.submit(peer.credential, command, None).await? {
        Answered::Explained { entry, explanation } => Ok(entered(entry, &shapes::explanation(&explanation))),
        _ => Err(unexpected()),
    }
}

/// `GET /documents/{doc}/versions/{label}/readers`.
async fn readers(
    peer: Peer,
    pick: VersionPick,
    Asked(query): Asked<PageQuery>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let VersionPick { document, version } = pick;
    let list = format!("readers {document} {}", version.name());
    let paging = Paging::of(&state, list, query.limit, query.after.as_deref())?;
    let (after, limit) = (paging.after, Some(paging.limit as u64));
    let command = Command::ListReaders { document, version, after, limit };
    let answered = state.repository.submit(peer.credential, command, None).await?;
    let Answered::Readers { entry, readers } = answered else { return Err(unexpected()) };
    let (repository, listed) = (state.repository.clone(), readers.clone());
    let looking = web::block(move || items(&repository, &listed)).await;
    let items = looking.map_err(|_| ApiProblem::shutting_down())?.map_err(|problem| problem.with_entry(entry))?;
    let page = wire::reader::Readers {
        document: readers.document.slug.to_string(),
        version: readers.version.label.to_string(),
        classification: shapes::standing_of(readers.version.level()),
        items,
        next: readers.next.map(|index| paging.cursor(&state, index)),
    };
    Ok(entered(entry, &page))
}

/// The lines of the report. When somebody first read is what the entry of it says.
fn items(repository: &Repository, listed: &Arc<Readers>) -> Result<Vec<wire::reader::Reader>, ApiProblem> {
    let lines = listed.readers.iter();
    lines
        .map(|reader| {
            let at = reader.first_read.map(|entry| time_of(repository, entry)).transpose()?;
            Ok(shapes::reader(reader, at))
        })
        .collect()
}

fn time_of(repository: &Repository, entry: u64) -> Result<Timestamp, ApiProblem> {
    let opened = repository.evidence().opened(entry)?;
    let record = Record::from_bytes(&opened.record)
        .map_err(|_| FactsDamaged("an entry that a fact names cannot be read".into()))?;
    Ok(record.time.to_timestamp())
}
