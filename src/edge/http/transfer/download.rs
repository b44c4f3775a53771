//! Downloads under way: counted, and cut when the reader may not read any more.

use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::{HttpRequest, rt, web};
use bytes::Bytes;
use futures_util::Stream;

use crate::edge::http::connection::Connection;
use crate::edge::http::metrics::Metrics;
use crate::edge::http::peer::Peer;
use crate::edge::http::state::State;
use crate::pure::domain::id::{Handle, Label};
use crate::storage::blobs::BlobError;

/// To whom content goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// To the holder of a credential, for as long as they may read.
    Peer(Peer),
    /// To anyone: the content is public.
    Anyone,
}

/// Who reads which version.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) reader: Reader,
    pub(super) document: Handle,
    pub(super) label: Label,
}

impl Reading {
    /// Whether it may go on: the certificate holds, and the reader may read that version, were the need left out
    /// (READ-8). Of public content, whether it is published still.
    fn may_go_on(&self, connection: &Connection, state: &State) -> bool {
        let (repository, Self { reader, document, label }) = (&state.repository, self);
        let Reader::Peer(peer) = reader else {
            return repository.published(document, label).is_ok_and(|published| published.is_some());
        };
        let now = repository.clock().now().to_timestamp();
        connection.verify(&state.verifier, now).is_ok()
            && repository.may_go_on_reading(peer.credential, document, label)
    }
}

/// A stream of content under watch.
pub(super) struct Download<S> {
    content: S,
    /// The watch ends when this is gone.
    _watched: Rc<()>,
    metrics: Metrics,
}

impl<S: Stream<Item = Result<Bytes, BlobError>> + Unpin + 'static> Download<S> {
    /// Watches `content` on its way to the one who sent `request`.
    pub(super) fn watched(content: S, request: &HttpRequest, reading: Reading, state: web::Data<State>) -> Self {
        let watched = Rc::new(());
        let metrics = state.metrics.clone();
        if let Some(connection) = request.conn_data::<Connection>() {
            rt::spawn(watch(connection.clone(), Rc::downgrade(&watched), reading, state));
        }
        Self { content, _watched: watched, metrics }
    }
}

impl<S: Stream<Item = Result<Bytes, BlobError>> + Unpin> Stream for Download<S> {
    type Item = Result<Bytes, BlobError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = Pin::new(&mut self.content).poll_next(context);
        match &next {
            Poll::Ready(Some(Ok(bytes))) => self.metrics.sent(bytes.len() as u64),
            Poll::Ready(Some(Err(error))) => tracing::error!(%error, "documents: a download was broken off"),
            _ => {}
        }
        next
    }
}

/// Cuts the connection as soon as the reader may not read any more (READ-8). That a reader is slow, its stream notices.
async fn watch(connection: Connection, watched: Weak<()>, reading: Reading, state: web::Data<State>) {
    loop {
        tokio::time::sleep(WATCH_INTERVAL).await;
        if watched.strong_count() == 0 {
            return;
        }
        if !reading.may_go_on(&connection, &state) {
            connection.cut();
            return;
        }
    }
}

/// How often a download is looked at: half of the time within which a measure cuts it, so that the time holds where the
/// machine is busy too.
const WATCH_INTERVAL: Duration = Duration::from_millis(500);
