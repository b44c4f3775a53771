//! `/documents/{doc}/diff`: what changed between the texts of two versions. It discloses content of both, so that it is a
//! read of each: both are permitted or nothing is disclosed, and each makes an entry (READ-6, CLASS-2).

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY};
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::TryStreamExt;
use serde::Deserialize;

use super::super::peer::Peer;
use super::super::problem::{AUDIT_ENTRY, ApiProblem};
use super::super::state::State;
use super::answering::{look_up, unexpected};
use super::asking::{Asked, DocumentName, is_text, need_claim, selector};
use super::versions::seen;
use crate::pure::domain::command::{Command, NeedClaim, Selector};
use crate::pure::domain::facts::FactsDamaged;
use crate::pure::domain::id::Handle;
use crate::pure::domain::may::{Denied, may_read};
use crate::pure::domain::version::Version;
use crate::pure::domain::whole::Whole;
use crate::pure::wire::problem::Code;
use crate::service::reading::Release;
use crate::service::registrar::{Answered, ReadPermit};

/// The query: which two versions, and the need under which both are read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    from: String,
    to: String,
    need: Option<String>,
}

/// `GET /documents/{doc}/diff?from=&to=`.
pub(super) async fn show(
    peer: Peer,
    DocumentName(document): DocumentName,
    Asked(query): Asked<Query>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let need = need_claim(&request, query.need.as_deref())?;
    let asked = Asking { peer, document, need, method: request.method().to_string() };
    let from = asked.comparable(&state, selector(&query.from)?).await?;
    let to = asked.comparable(&state, selector(&query.to)?).await?;
    if from.lodged == to.lodged {
        return Err(ApiProblem::malformed("from and to are the same version: name two that differ."));
    }
    let level = asked.level_of_both(&state, &from, &to).await?;
    // What each is decided on is what it was found to be, whatever in-force or latest means by then.
    let (first, second) = (asked.read(&state, &from).await?, asked.read(&state, &to).await?);
    let entries = [first.entry(), second.entry()];
    let difference = async {
        let (first, second) = (state.repository.release(first).await?, state.repository.release(second).await?);
        let (old, new) = (text(&state, &first).await?, text(&state, &second).await?);
        let names = [&first, &second].map(|release| name(release.version()));
        let comparing = web::block(move || unified(&old, &new, &names));
        comparing.await.map_err(|_| ApiProblem::shutting_down())
    };
    let difference = difference.await.map_err(|problem: ApiProblem| match problem.entry() {
        Some(_) => problem,
        None => problem.with_entry(entries[1]),
    })?;
    let mut response = HttpResponse::Ok();
    for entry in entries {
        response.append_header((AUDIT_ENTRY, entry));
    }
    Ok(response
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(("Classification", level))
        .insert_header((CONTENT_DISPOSITION, "attachment"))
        .insert_header((CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'; frame-ancestors 'none'"))
        .content_type("text/x-diff; charset=utf-8")
        .body(difference))
}

/// Who asks, of which document, under which need.
struct Asking {
    peer: Peer,
    document: Handle,
    need: Option<NeedClaim>,
    method: String,
}

impl Asking {
    /// A version that the one who asks may know of, and whose content can be compared.
    async fn comparable(&self, state: &State, version: Selector) -> Result<Arc<Version>, ApiProblem> {
        let (_, version) = seen(state, self.peer, self.document.clone(), version).await?;
        if !is_text(&version.content.content_type) {
            let detail = format!(
                "Versions of text are compared, and {} is {}: read both versions.",
                version.label, version.content.content_type
            );
            return Err(ApiProblem::new(Code::UnsupportedMediaType, detail));
        }
        if version.content.size > MAX_LEN {
            return Err(ApiProblem::too_large(MAX_LEN));
        }
        Ok(version)
    }

    /// The classification of the whole, once both reads are found to be permitted. The first that is not is asked for, so
    /// that its refusal is entered, and nothing is.
    async fn level_of_both(
        &self,
        state: &web::Data<State>,
        from: &Arc<Version>,
        to: &Arc<Version>,
    ) -> Result<&'static str, ApiProblem> {
        let standing = state.repository.standing(self.peer.credential)?;
        let (document, need) = (self.document.clone(), self.need.clone());
        let parts = [from.clone(), to.clone()];
        let whole = look_up(state, move |facts| {
            Whole::of(
                parts,
                |part| part.level(),
                |part| {
                    let selector = Selector::Label(part.label.clone());
                    match may_read(facts, &standing, &document, &selector, need.as_ref()) {
                        Ok(_) => Ok(true),
                        Err(Denied::Hidden | Denied::Refused(_)) => Ok(false),
                        Err(Denied::Damaged(damaged)) => Err::<_, FactsDamaged>(damaged),
                    }
                },
            )
        });
        let whole = whole.await?;
        if let Some(refused) = whole.left_out.first() {
            // Should it be permitted by now, it was not a moment ago, and the difference was asked for then.
            self.read(state, refused).await?;
            return Err(ApiProblem::new(Code::Conflict, "What you may read changed meanwhile: ask again."));
        }
        whole.level.map(|level| level.as_str()).ok_or_else(unexpected)
    }

    /// The read of one version, decided and entered.
    async fn read(&self, state: &State, version: &Version) -> Result<ReadPermit, ApiProblem> {
        let command = Command::ReadContent {
            document: self.document.clone(),
            version: Selector::Label(version.label.clone()),
            need: self.need.clone(),
            method: self.method.clone(),
            range: None,
        };
        match state.repository.submit(self.peer.credential, command, None).await? {
            Answered::Content(permit) => Ok(permit),
            _ => Err(unexpected()),
        }
    }
}

async fn text(state: &State, release: &Release) -> Result<String, ApiProblem> {
    let disclosure = state.repository.disclose(release).await?;
    let size = disclosure.size();
    if size > MAX_LEN {
        return Err(ApiProblem::too_large(MAX_LEN));
    }
    let all = disclosure.bytes(0..size).try_fold(Vec::new(), |mut all, bytes| async move {
        all.extend_from_slice(&bytes);
        Ok(all)
    });
    String::from_utf8(all.await?).map_err(|_| {
        let detail = format!("The content of {} is not UTF-8 text: read both versions.", release.version().label);
        ApiProblem::new(Code::UnsupportedMediaType, detail)
    })
}

/// The difference of two texts, as a unified diff of lines; empty where they do not differ. Past its time it grows coarser,
/// and stays right.
fn unified(old: &str, new: &str, names: &[String; 2]) -> String {
    let mut comparing = similar::TextDiff::configure();
    let difference = comparing.timeout(PATIENCE).diff_lines(old, new);
    let [from, to] = names;
    difference.unified_diff().context_radius(3).header(from, to).to_string()
}

fn name(version: &Version) -> String {
    format!("{}/{}", version.document, version.label)
}

/// The longest text that is compared, in bytes.
const MAX_LEN: u64 = 4 << 20;

const PATIENCE: Duration = Duration::from_secs(2);
