//! `/audit/entries`: records and their evidence. Reading records is itself an entry (AUDIT-1).

use actix_web::{HttpResponse, web};

use super::super::peer::Peer;
use super::super::problem::ApiProblem;
use super::super::state::State;
use super::answering::{act, entered, proof};
use super::asking::{Asked, EntryName, Paging, handle};
use super::shapes::audit_entry;
use crate::pure::domain::command::Command;
use crate::pure::domain::facts::{Fact, FactKey, FactList, Facts, FactsDamaged};
use crate::pure::domain::id::Handle;
use crate::pure::wire::audit::{AuditEntry, AuditQuery};
use crate::service::Repository;

/// `GET /audit/entries`: the entries before the one that this reading makes, oldest first.
pub(super) async fn list(
    peer: Peer,
    Asked(query): Asked<AuditQuery>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let person = query.person.as_deref().map(handle).transpose()?;
    let document = query.document.as_deref().map(handle).transpose()?;
    let paging = paging(&state, &query, person.as_ref(), document.as_ref())?;
    let before = state.repository.standing(peer.credential)?;
    let (after, limit) = (paging.after, paging.limit as u64);
    let command = Command::ReadRecords { after, limit, person: person.clone(), document: document.clone() };
    let entry = act(&state, peer, command, None).await?.entry;
    let decided = state.repository.standing(peer.credential)?;
    // Whoever named no person was decided as auditor or subject at the entry. Between two looks that both find an
    // auditor, it was as auditor.
    let is_auditor = before.is_auditor() && decided.is_auditor();
    let subject = person.or_else(|| (!is_auditor).then(|| decided.handle().clone()));
    let which = Which { subject, document, after, entry, look_for: paging.look_for() };
    let repository = state.repository.clone();
    let reading = web::block(move || records(&repository, &which)).await;
    let found = reading.map_err(|_| ApiProblem::shutting_down())??;
    Ok(entered(entry, &paging.page(&state, found, |entry| entry.index)))
}

/// `GET /audit/entries/{index}/evidence`.
pub(super) async fn evidence(
    peer: Peer,
    EntryName(index): EntryName,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let entry = act(&state, peer, Command::ReadEvidence { index }, None).await?.entry;
    let made = state.repository.evidence().of_entry(index).await;
    Ok(proof(Some(entry), made.map_err(|error| ApiProblem::from(error).with_entry(entry))?))
}

/// `after` is a cursor like every other list's, or the index of an entry: entries have one, and whoever follows the log
/// goes on after the last that they have.
fn paging(
    state: &State,
    query: &AuditQuery,
    person: Option<&Handle>,
    document: Option<&Handle>,
) -> Result<Paging, ApiProblem> {
    let list = format!("entries {person:?} {document:?}");
    match query.after.as_deref().map(str::parse::<u64>) {
        Some(Ok(index)) => Ok(Paging::of(state, list, query.limit, None)?.after_index(index)),
        _ => Paging::of(state, list, query.limit, query.after.as_deref()),
    }
}

/// Which entries.
struct Which {
    /// Those of which this person is the subject; every entry if absent.
    subject: Option<Handle>,
    /// Those about this document.
    document: Option<Handle>,
    after: Option<u64>,
    /// Those before this one, which is the reading itself.
    entry: u64,
    look_for: usize,
}

fn records(repository: &Repository, which: &Which) -> Result<Vec<AuditEntry>, ApiProblem> {
    let indexes = indexes(repository.facts(), which)?;
    indexes
        .into_iter()
        .map(|index| {
            let opened = repository.evidence().opened(index)?;
            Ok(audit_entry(index, &opened)?)
        })
        .collect()
}

fn indexes(facts: &dyn Facts, which: &Which) -> Result<Vec<u64>, FactsDamaged> {
    let Which { subject, document, after, entry, look_for } = which;
    let list = match (subject, document) {
        (None, None) => {
            let first = after.map_or(0, |after| after.saturating_add(1));
            return Ok((first..*entry).take(*look_for).collect());
        }
        (Some(person), _) => FactList::EntriesOf(person.clone()),
        (None, Some(document)) => FactList::EntriesAbout(document.clone()),
    };
    let both = subject.as_ref().and(document.as_ref());
    let mut found = Vec::new();
    let mut after = *after;
    loop {
        let portion: Vec<(u64, Fact)> = facts.list(&list, after, PORTION)?;
        let Some((last, _)) = portion.last() else { return Ok(found) };
        after = Some(*last);
        for (index, _) in portion {
            if index >= *entry || found.len() == *look_for {
                return Ok(found);
            }
            let about = |document: &Handle| facts.fact(&FactKey::EntryAbout(document.clone(), index));
            if both.map(about).transpose()?.is_none_or(|fact| fact.is_some()) {
                found.push(index);
            }
        }
    }
}

/// How many members of a list are looked up at once.
const PORTION: usize = 200;
