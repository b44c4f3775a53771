//! What is public: versions that are published WHITE, for anyone, without a need and without an entry (WHITE-1).

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use tokio::sync::Mutex;

use super::problem::ApiProblem;
use super::state::State;
use super::transfer::{ContentResponse, Reader};
use crate::pure::domain::id::{Handle, Label};
use crate::pure::wire::page::{MAX_LIMIT, Page, PageQuery};
use crate::pure::wire::problem::Code;
use crate::service::Repository;
use crate::service::reading::PublishedVersion;
use crate::service::registrar::NotDone;

/// Registers `/published/`.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(web::resource("/published/").route(web::get().to(list)).route(web::head().to(list))).service(
        web::resource("/published/{document}/{label}").route(web::get().to(content)).route(web::head().to(content)),
    );
}

/// A published version in the list. Who lodged it is not public.
#[derive(Clone, Debug, Serialize)]
struct PublishedItem {
    document: String,
    title: String,
    label: String,
    effective: Date,
    published_at: Option<Timestamp>,
    digest: String,
    size: u64,
    content_type: String,
    url: String,
    #[serde(skip)]
    lodged: u64,
}

/// The list of what is published, kept for a moment, so that anyone may ask for it as often as they like.
#[derive(Debug, Default)]
pub struct PublishedList(Mutex<Option<(Instant, Arc<Vec<PublishedItem>>)>>);

impl PublishedList {
    /// The list, at most [`KEPT_FOR`] old, in the order of lodgement.
    async fn items(&self, repository: &Arc<Repository>) -> Result<Arc<Vec<PublishedItem>>, ApiProblem> {
        let mut kept = self.0.lock().await;
        if let Some((made, items)) = kept.as_ref().filter(|(made, _)| made.elapsed() < KEPT_FOR) {
            let _ = made;
            return Ok(items.clone());
        }
        let asked = repository.clone();
        let all: Result<Vec<PublishedVersion>, NotDone> =
            web::block(move || asked.all_published()).await.map_err(|_| ApiProblem::shutting_down())?;
        let mut items: Vec<_> = all?.iter().map(PublishedItem::of).collect();
        items.sort_by_key(|item| item.lodged);
        let items = Arc::new(items);
        *kept = Some((Instant::now(), items.clone()));
        Ok(items)
    }
}

impl PublishedItem {
    fn of(published: &PublishedVersion) -> Self {
        let (document, version) = (published.document(), published.version());
        let label = version.label.as_str();
        Self {
            document: document.slug.as_str().to_owned(),
            title: document.title.clone(),
            label: label.to_owned(),
            effective: version.effective,
            published_at: version.published_at.map(|instant| instant.to_timestamp()),
            digest: hex::encode(version.content.digest.0),
            size: version.content.size,
            content_type: version.content.content_type.clone(),
            // Slugs and labels have only characters that stand for themselves in a path.
            url: format!("/published/{}/{label}", document.slug.as_str()),
            lodged: version.lodged,
        }
    }
}

async fn list(query: web::Query<PageQuery>, state: web::Data<State>) -> Result<HttpResponse, ApiProblem> {
    let limit = query.limit.unwrap_or(MAX_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(ApiProblem::malformed(format!("limit is 1 to {MAX_LIMIT}.")));
    }
    let after = match &query.after {
        None => None,
        Some(cursor) => {
            let unknown = || ApiProblem::malformed("after is no cursor of this list; begin without it.");
            Some(state.cursors.open(LIST, cursor).ok_or_else(unknown)?)
        }
    };
    let all = state.published.items(&state.repository).await?;
    let mut following = all.iter().filter(|item| after.is_none_or(|after| item.lodged > after)).cloned();
    let items: Vec<_> = following.by_ref().take(limit as usize).collect();
    let next = match (following.next(), items.last()) {
        (Some(_), Some(last)) => Some(state.cursors.seal(LIST, last.lodged)),
        _ => None,
    };
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "public, max-age=5")).json(Page { items, next }))
}

async fn content(
    path: web::Path<(String, String)>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let absent = || ApiProblem::new(Code::NotFound, "Nothing is published under this name.");
    let (document, label) = path.into_inner();
    let (Ok(document), Ok(label)) = (Handle::parse(&document), Label::parse(&label)) else { return Err(absent()) };
    let published = state.repository.published(&document, &label)?.ok_or_else(absent)?;
    let disclosure = state.repository.disclose_published(&published);
    ContentResponse::of(published.version(), Reader::Anyone).answer(&request, &state, disclosure).await
}

/// The name of the list in its cursors.
const LIST: &str = "published";

/// How long the list is kept.
const KEPT_FOR: Duration = Duration::from_secs(1);
