//! Downloads under way: counted, and cut when the reader stalls or may not read any more.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use actix_web::{HttpRequest, rt, web};
use bytes::Bytes;
use futures_util::Stream;

use crate::edge::http::connection::Connection;
use crate::edge::http::metrics::Metrics;
use crate::edge::http::peer::Peer;
use crate::edge::http::state::State;
use crate::storage::blobs::BlobError;

/// To whom content goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// To the holder of a credential, for as long as the certificate and its binding hold.
    Peer(Peer),
    /// To anyone: the content is public.
    Anyone,
}

/// A stream of content under watch.
pub(super) struct Download<S> {
    content: S,
    /// When the connection last had room for more; the watch ends when this is gone.
    moved: Rc<Cell<Instant>>,
    metrics: Metrics,
}

impl<S: Stream<Item = Result<Bytes, BlobError>> + Unpin + 'static> Download<S> {
    /// Watches `content` on its way to the one who sent `request`.
    pub(super) fn watched(content: S, request: &HttpRequest, reader: Reader, state: web::Data<State>) -> Self {
        let moved = Rc::new(Cell::new(Instant::now()));
        let metrics = state.metrics.clone();
        if let Some(connection) = request.conn_data::<Connection>() {
            rt::spawn(watch(connection.clone(), Rc::downgrade(&moved), reader, state));
        }
        Self { content, moved, metrics }
    }
}

impl<S: Stream<Item = Result<Bytes, BlobError>> + Unpin> Stream for Download<S> {
    type Item = Result<Bytes, BlobError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.moved.set(Instant::now());
        let next = Pin::new(&mut self.content).poll_next(context);
        match &next {
            Poll::Ready(Some(Ok(bytes))) => self.metrics.sent(bytes.len() as u64),
            Poll::Ready(Some(Err(error))) => tracing::error!(%error, "documents: a download was broken off"),
            _ => {}
        }
        next
    }
}

/// Cuts the connection as soon as the reader takes no byte for too long, or may not read any more (READ-8).
async fn watch(connection: Connection, moved: Weak<Cell<Instant>>, reader: Reader, state: web::Data<State>) {
    loop {
        tokio::time::sleep(WATCH_INTERVAL).await;
        let Some(moved) = moved.upgrade() else { return };
        let stalled = moved.get().elapsed() > state.limits().download_idle;
        if stalled || !still_recognised(&connection, reader, &state) {
            tracing::info!(stalled, "a download was cut off");
            connection.cut();
            return;
        }
    }
}

fn still_recognised(connection: &Connection, reader: Reader, state: &State) -> bool {
    let Reader::Peer(peer) = reader else { return true };
    let now = state.repository.clock().now().to_timestamp();
    connection.verify(&state.verifier, now).is_ok() && state.repository.standing(peer.credential).is_ok()
}

/// How often a download is looked at.
const WATCH_INTERVAL: Duration = Duration::from_secs(1);
