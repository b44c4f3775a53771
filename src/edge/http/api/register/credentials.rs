//! `/register/credentials`: binding, listing, confirming and revoking credentials (SELF-1).

use actix_web::{HttpResponse, web};

use super::super::super::peer::Peer;
use super::super::super::problem::ApiProblem;
use super::super::super::state::State;
use super::super::answering::{Act, act, created, entered, json, list_asker, look_up, unexpected, unseen};
use super::super::asking::{Asked, CredentialName, IdempotencyKey, Paging, Posted, handle};
use super::super::{POST, READ, READ_POST, posting, reading, resource, shapes};
use crate::pure::domain::command::Command;
use crate::pure::domain::credentials::{credentials, may_know_of_credentials};
use crate::pure::domain::facts::FactsExt;
use crate::pure::domain::id::CredentialId;
use crate::pure::wire::credential::{Credential, CredentialsQuery, NewCredential};
use crate::pure::wire::page::Page;
use crate::pure::wire::reason::Reason;

/// Puts the URLs under `/v1`.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .service(resource("/register/credentials", READ_POST).route(reading(list)).route(posting(bind)))
        .service(resource("/register/credentials/{id}", READ).route(reading(show)))
        .service(resource("/register/credentials/{id}/confirmation", POST).route(posting(confirm)))
        .service(resource("/register/credentials/{id}/revocation", POST).route(posting(revoke)));
}

/// `POST /register/credentials`. The certificate must be one that could connect at this instant; of it the key's digest
/// alone goes further.
async fn bind(
    peer: Peer,
    key: IdempotencyKey,
    Posted(new): Posted<NewCredential>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let credential = credential_of(&state, &new.certificate)?;
    let command = Command::BindCredential {
        person: handle(&new.person)?,
        credential,
        replaces: new.replaces.map(|digest| CredentialId(digest.0)),
        overlap_until: new.overlap_until.map(Into::into),
    };
    let act = act(&state, peer, command, key.0).await?;
    let bound = act.named(after_act(&state, peer, act, credential).await)?;
    Ok(created(act.entry, format!("/v1/register/credentials/{credential}"), &bound))
}

/// `GET /register/credentials`: one's own; for those who keep the register, everybody's.
async fn list(
    peer: Peer,
    Asked(query): Asked<CredentialsQuery>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let standing = list_asker(&state, peer)?;
    let holder = query.person.as_deref().map(handle).transpose()?;
    let paging = Paging::of(&state, format!("credentials {holder:?}"), query.limit, query.after.as_deref())?;
    let (after, look_for) = (paging.after, paging.look_for());
    let found = look_up(&state, move |facts| {
        let listed = credentials(facts, &standing, holder.as_ref(), after, look_for)?;
        let shown =
            listed.into_iter().map(|one| Ok((one.place, shapes::credential(facts, &one.credential, standing.now)?)));
        shown.collect::<Result<Vec<_>, _>>()
    });
    let page: Page<Credential> = paging.page(&state, found.await?, |(place, _)| *place).map(|(_, shown)| shown);
    Ok(json(&page))
}

/// `GET /register/credentials/{id}`.
async fn show(
    peer: Peer,
    CredentialName(id): CredentialName,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    Ok(json(&seen(&state, peer, id).await?))
}

/// `POST /register/credentials/{id}/confirmation`.
async fn confirm(
    peer: Peer,
    CredentialName(credential): CredentialName,
    key: IdempotencyKey,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let act = act(&state, peer, Command::ConfirmCredential { credential }, key.0).await?;
    Ok(entered(act.entry, &act.named(after_act(&state, peer, act, credential).await)?))
}

/// `POST /register/credentials/{id}/revocation`.
async fn revoke(
    peer: Peer,
    CredentialName(credential): CredentialName,
    key: IdempotencyKey,
    Posted(Reason { reason }): Posted<Reason>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let act = act(&state, peer, Command::RevokeCredential { credential, reason }, key.0).await?;
    Ok(entered(act.entry, &act.named(after_act(&state, peer, act, credential).await)?))
}

/// The credential of a certificate in PEM that would be let in.
fn credential_of(state: &State, pem: &str) -> Result<CredentialId, ApiProblem> {
    if pem.contains("PRIVATE KEY-----") {
        return Err(ApiProblem::invalid(
            "The text holds a private key. Nothing of it was kept, but a key that was sent is not private any more.",
        )
        .with_satisfy("Have a certificate issued for a new key, and send the certificate alone."));
    }
    let now = state.repository.clock().now().to_timestamp();
    match state.verifier.judge_pem(pem.as_bytes(), now) {
        Ok(verdict) => Ok(CredentialId(verdict.credential.0)),
        Err(refusal) => Err(ApiProblem::invalid(format!("Nobody could connect with this certificate: {refusal}."))
            .with_rule("READ-1")
            .with_satisfy(
                "Send a certificate in PEM that one of this server's client CAs issued to a person, and any intermediate \
                 CAs after it.",
            )),
    }
}

/// The credential, if the one who asks may know of it.
async fn seen(state: &web::Data<State>, peer: Peer, id: CredentialId) -> Result<Credential, ApiProblem> {
    let standing = list_asker(state, peer)?;
    let seen = look_up(state, move |facts| {
        let Some(credential) = facts.credential(id)? else { return Ok(None) };
        let known = may_know_of_credentials(facts, &standing, &credential.person)?;
        known.then(|| shapes::credential(facts, &credential, standing.now)).transpose()
    });
    seen.await?.ok_or_else(unseen)
}

/// What a credential is after an act on it, whose own end the act may have been.
async fn after_act(state: &web::Data<State>, peer: Peer, act: Act, id: CredentialId) -> Result<Credential, ApiProblem> {
    if act.repeated {
        return seen(state, peer, id).await;
    }
    let now = state.repository.clock().now();
    let shown = look_up(state, move |facts| match facts.credential(id)? {
        Some(credential) => Ok(Some(shapes::credential(facts, &credential, now)?)),
        None => Ok(None),
    });
    shown.await?.ok_or_else(unexpected)
}
