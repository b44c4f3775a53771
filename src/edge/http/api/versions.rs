//! `/documents/{doc}/versions/{label}`: looking at a version, and the acts on it. Lodging is in [`super::lodge`].

use std::sync::Arc;

use actix_web::{HttpResponse, web};

use super::super::peer::Peer;
use super::super::problem::ApiProblem;
use super::super::state::State;
use super::answering::{act, entered, json, look_up, unexpected};
use super::asking::{Asked, IdempotencyKey, Posted, VersionName, VersionPick, handle};
use super::shapes::{Shapes, marked};
use crate::pure::domain::command::{Command, Selector};
use crate::pure::domain::document::Document;
use crate::pure::domain::id::Handle;
use crate::pure::domain::version::Version;
use crate::pure::wire;
use crate::pure::wire::classification::NewClassification;
use crate::pure::wire::document::AsOfQuery;
use crate::pure::wire::grant::NewTabling;
use crate::pure::wire::reason::Reason;
use crate::service::registrar::Answered;

/// `GET /documents/{doc}/versions/{label}`.
pub(super) async fn show(
    peer: Peer,
    pick: VersionPick,
    Asked(query): Asked<AsOfQuery>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let version = on_day(pick.version, query)?;
    Ok(json(&looked_at(&state, peer, pick.document, version).await?))
}

/// `POST /documents/{doc}/versions/{label}/classification`.
pub(super) async fn classify(
    peer: Peer,
    name: VersionName,
    key: IdempotencyKey,
    Posted(new): Posted<NewClassification>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let VersionName { document, label } = name.clone();
    let (classification, tlp) = marked(new.classification);
    let command = Command::DetermineClassification { document, label, classification, reason: new.reason, tlp };
    after_act(&state, peer, name, command, key).await
}

/// `POST /documents/{doc}/versions/{label}/classification/proposals`.
pub(super) async fn propose(
    peer: Peer,
    name: VersionName,
    key: IdempotencyKey,
    Posted(new): Posted<NewClassification>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let VersionName { document, label } = name.clone();
    let (classification, tlp) = marked(new.classification);
    let command = Command::ProposeClassification { document, label, classification, reason: new.reason, tlp };
    after_act(&state, peer, name, command, key).await
}

/// `POST /documents/{doc}/versions/{label}/tabling`.
pub(super) async fn table(
    peer: Peer,
    name: VersionName,
    key: IdempotencyKey,
    Posted(NewTabling { body }): Posted<NewTabling>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let VersionName { document, label } = name.clone();
    let body = handle(&body)?;
    after_act(&state, peer, name, Command::TableVersion { document, label, body }, key).await
}

/// `POST /documents/{doc}/versions/{label}/publish`.
pub(super) async fn publish(
    peer: Peer,
    name: VersionName,
    key: IdempotencyKey,
    Posted(Reason { reason }): Posted<Reason>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let VersionName { document, label } = name.clone();
    after_act(&state, peer, name, Command::PublishVersion { document, label, reason }, key).await
}

/// `POST /documents/{doc}/versions/{label}/withdraw`.
pub(super) async fn withdraw(
    peer: Peer,
    name: VersionName,
    key: IdempotencyKey,
    Posted(Reason { reason }): Posted<Reason>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let VersionName { document, label } = name.clone();
    after_act(&state, peer, name, Command::WithdrawVersion { document, label, reason }, key).await
}

/// The version's metadata, if the one who asks may know of it.
pub(super) async fn looked_at(
    state: &web::Data<State>,
    peer: Peer,
    document: Handle,
    version: Selector,
) -> Result<wire::version::Version, ApiProblem> {
    let (document, version) = seen(state, peer, document, version).await?;
    shape(state, peer, document, version).await
}

/// The version and its document, if the one who asks may know of them.
pub(super) async fn seen(
    state: &State,
    peer: Peer,
    document: Handle,
    version: Selector,
) -> Result<(Arc<Document>, Arc<Version>), ApiProblem> {
    let command = Command::ViewVersion { document, version };
    match state.repository.submit(peer.credential, command, None).await? {
        Answered::Version(document, version) => Ok((document, version)),
        _ => Err(unexpected()),
    }
}

/// A version as the wire has it, for one who was found to know of it.
pub(super) async fn shape(
    state: &web::Data<State>,
    peer: Peer,
    document: Arc<Document>,
    version: Arc<Version>,
) -> Result<wire::version::Version, ApiProblem> {
    let standing = state.repository.standing(peer.credential)?;
    look_up(state, move |facts| Shapes::new(facts, &standing)?.version(document, &version)).await
}

/// Has an act on a version decided, and answers with what the version then is. A repetition may come from one who may no
/// longer know of the version (READ-8), so that it is looked at like any other.
async fn after_act(
    state: &web::Data<State>,
    peer: Peer,
    name: VersionName,
    command: Command,
    key: IdempotencyKey,
) -> Result<HttpResponse, ApiProblem> {
    let act = act(state, peer, command, key.0).await?;
    let VersionName { document, label } = name;
    let version = async {
        let (document, version) = if act.repeated {
            seen(state, peer, document, Selector::Label(label)).await?
        } else {
            state.repository.version(&document, &label)?.ok_or_else(unexpected)?
        };
        shape(state, peer, document, version).await
    };
    Ok(entered(act.entry, &act.named(version.await)?))
}

/// A day, or an instant of knowledge, goes with `in-force` alone.
fn on_day(version: Selector, query: AsOfQuery) -> Result<Selector, ApiProblem> {
    match version {
        Selector::InForce { .. } => {
            Ok(Selector::InForce { as_of: query.as_of, known_at: query.known_at.map(Into::into) })
        }
        other if query == AsOfQuery::default() => Ok(other),
        _ => Err(ApiProblem::malformed("as_of and known_at select among versions: ask for the version in-force.")),
    }
}
