//! `/agreements` and `/confirmations`: what is asked for, and undertaking it over its exact text (GOV-1).

use actix_web::{HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::super::peer::Peer;
use super::super::problem::ApiProblem;
use super::super::state::State;
use super::answering::{Act, act, entered, json, list_asker, look_up, unexpected};
use super::asking::{IdempotencyKey, Posted, handle};
use super::{POST, READ_POST, posting, reading, resource, shapes};
use crate::pure::detached::MAX_SIGNATURE_LEN;
use crate::pure::domain::command::Command;
use crate::pure::domain::facts::{Facts, FactsDamaged, FactsExt};
use crate::pure::domain::id::Digest;
use crate::pure::domain::standing::Standing;
use crate::pure::domain::undertakings::Undertaking;
use crate::pure::wire::page::Page;
use crate::pure::wire::undertaking::{NewAgreementText, NewUndertaking};
use crate::service::registrar::Answered;

/// Puts the room's URLs under `/v1`.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .service(resource("/agreements", READ_POST).route(reading(agreements)).route(posting(sign)))
        .service(resource("/agreements/texts", POST).route(posting(adopt)))
        .service(resource("/confirmations", READ_POST).route(reading(confirmations)).route(posting(confirm)));
}

/// `GET /agreements`: one's own, and what one is asked for.
async fn agreements(peer: Peer, state: web::Data<State>) -> Result<HttpResponse, ApiProblem> {
    let standing = list_asker(&state, peer)?;
    Ok(json(&whole(look_up(&state, move |facts| shapes::agreements(facts, &standing)).await?)))
}

/// `GET /confirmations`: one's own appointments.
async fn confirmations(peer: Peer, state: web::Data<State>) -> Result<HttpResponse, ApiProblem> {
    let standing = list_asker(&state, peer)?;
    Ok(json(&whole(look_up(&state, move |facts| shapes::confirmations(facts, &standing)).await?)))
}

/// `POST /agreements`: the answer is what was signed.
async fn sign(
    peer: Peer,
    key: IdempotencyKey,
    Posted(new): Posted<NewUndertaking>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let act = undertake(&state, peer, Undertaking::Agreement, &new, key).await?;
    let signed = own(&state, peer, shapes::agreements).await.map(|mut all| {
        all.retain(|one| one.text_digest == new.text_digest && one.signed.is_some());
        whole(all)
    });
    Ok(entered(act.entry, &act.named(signed)?))
}

/// `POST /confirmations`: the answer is what was confirmed.
async fn confirm(
    peer: Peer,
    key: IdempotencyKey,
    Posted(new): Posted<NewUndertaking>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let act = undertake(&state, peer, Undertaking::Confirmation, &new, key).await?;
    let confirmed = own(&state, peer, shapes::confirmations).await.map(|mut all| {
        all.retain(|one| {
            one.text_digest == new.text_digest
                && one.state == crate::pure::wire::undertaking::ConfirmationState::Confirmed
        });
        whole(all)
    });
    Ok(entered(act.entry, &act.named(confirmed)?))
}

/// `POST /agreements/texts`: another text of a body's agreement is in force.
async fn adopt(
    peer: Peer,
    key: IdempotencyKey,
    Posted(new): Posted<NewAgreementText>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let body = handle(&new.body)?;
    let command = Command::AdoptAgreementText { body: body.clone(), text: new.text };
    let act = act(&state, peer, command, key.0).await?;
    let adopted = look_up(&state, move |facts| facts.body(&body)).await.and_then(|body| body.ok_or_else(unexpected));
    Ok(entered(act.entry, &shapes::agreement_text(&*act.named(adopted)?)))
}

async fn undertake(
    state: &State,
    peer: Peer,
    undertaking: Undertaking,
    new: &NewUndertaking,
    key: IdempotencyKey,
) -> Result<Act, ApiProblem> {
    let (text, signature) = (Digest(new.text_digest.0), new.signature.as_deref().map(der).transpose()?);
    let done = state.repository.undertake(peer.credential, undertaking, text, signature.as_deref(), key.0);
    match done.await? {
        Answered::Entered { entry } => Ok(Act { entry, repeated: false }),
        Answered::EnteredBefore { entry } => Ok(Act { entry, repeated: true }),
        _ => Err(unexpected()),
    }
}

/// The bytes of a signature. Whether they are one, and of what, is found when the text is there.
fn der(base64: &str) -> Result<Vec<u8>, ApiProblem> {
    let der = STANDARD.decode(base64).map_err(|_| {
        ApiProblem::malformed("signature is the base64 (RFC 4648, section 4) of a detached CMS signature in DER.")
    })?;
    if der.len() > MAX_SIGNATURE_LEN {
        let detail = format!(
            "signature has {} bytes, and at most {MAX_SIGNATURE_LEN} are taken: send a detached signature with no \
             certificate in it but yours.",
            der.len()
        );
        return Err(ApiProblem::malformed(detail));
    }
    Ok(der)
}

/// The person's own as it is after an act.
async fn own<T: Send + 'static>(
    state: &web::Data<State>,
    peer: Peer,
    list: fn(&dyn Facts, &Standing) -> Result<Vec<T>, FactsDamaged>,
) -> Result<Vec<T>, ApiProblem> {
    let standing = state.repository.standing(peer.credential)?;
    look_up(state, move |facts| list(facts, &standing)).await
}

/// A list that is one page: nobody has more of these than fit.
fn whole<T: Serialize>(items: Vec<T>) -> Page<T> {
    Page { items, next: None }
}
