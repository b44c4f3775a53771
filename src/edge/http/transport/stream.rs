//! An accepted TLS connection with a watch on its bytes, which HTTP reads from and writes to.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::web;
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_rustls::server::TlsStream;

use super::door::LINGERING;
use super::framing::Framing;
use super::hold::Cut;
use super::metrics::OpenConnection;
use super::pace::Pace;
use super::places::{Origin, Place};
use crate::edge::http::connection::Connection;
use crate::edge::http::state::State;
use crate::pure::domain::id::CredentialId;

/// The stream of a connection: what comes in passes the framing, what goes out has a pace, and it can be cut.
pub struct WatchedStream {
    /// Gone only when this is being dropped.
    tls: Option<TlsStream<TcpStream>>,
    connection: Connection,
    listener: &'static str,
    state: web::Data<State>,
    incoming: Incoming,
    outgoing: Outgoing,
    /// Kept until the socket is closed.
    counted: Counted,
}

/// Where a connection is counted.
#[derive(Debug)]
pub(super) struct Counted {
    pub(super) _open: OpenConnection,
    pub(super) _origin: Place<Origin>,
    pub(super) _credential: Option<Place<CredentialId>>,
}

/// What is known of the bytes that come in.
#[derive(Debug, Default)]
struct Incoming {
    framing: Framing,
    /// No byte passes any more: the client ended, or was refused, or too late.
    has_ended: bool,
    /// The client is to hear why, and the bytes that it still sends must not keep it from that.
    was_refused: bool,
    /// Since when the rest of a head, or of the body of a request that has its answer, is waited for, and of which one.
    waiting: Option<(Awaited, Instant)>,
    timer: Timer,
}

/// What is waited for: after how many heads, and whether it is a body.
type Awaited = (u64, bool);

/// What is known of the bytes that go out.
#[derive(Debug)]
struct Outgoing {
    pace: Pace,
    blocked_since: Option<Instant>,
    is_shut: bool,
    timer: Timer,
}

impl WatchedStream {
    pub(super) fn new(
        tls: TlsStream<TcpStream>,
        connection: Connection,
        listener: &'static str,
        state: web::Data<State>,
        counted: Counted,
    ) -> Self {
        let pace = Pace::new(state.limits().download_idle);
        let outgoing = Outgoing { pace, blocked_since: None, is_shut: false, timer: Timer::default() };
        Self { tls: Some(tls), connection, listener, state, incoming: Incoming::default(), outgoing, counted }
    }

    /// What is kept of it for requests.
    pub(in crate::edge::http) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Its TLS, unless it was cut.
    fn tls(&mut self) -> io::Result<Pin<&mut TlsStream<TcpStream>>> {
        match (self.connection.hold().is_cut(), &mut self.tls) {
            (None, Some(tls)) => Ok(Pin::new(tls)),
            (why, tls) => {
                if let (Some(why), Some(tls)) = (why, tls) {
                    // What waits in the system's buffer is not sent either, once the socket is closed.
                    let _ = SockRef::from(tls.get_ref().0).set_linger(Some(Duration::ZERO));
                    if !self.outgoing.is_shut {
                        self.outgoing.is_shut = true;
                        self.state.metrics.connections().cut(self.listener, why);
                    }
                }
                Err(io::ErrorKind::ConnectionAborted.into())
            }
        }
    }

    /// Has the framing look at what has just come into `buffer` behind its first `before` bytes, and takes out what must
    /// not pass. In a head, NUL takes its place, for which the parser has no answer but 400; a body just ends too early.
    fn examine(&mut self, buffer: &mut ReadBuf<'_>, before: usize) {
        let followed = self.incoming.framing.follow(buffer.filled().get(before..).unwrap_or_default());
        self.connection.hold().is_in_body(self.incoming.framing.is_in_body());
        let Err(refusal) = followed else { return };
        (self.incoming.has_ended, self.incoming.was_refused) = (true, true);
        self.state.metrics.connections().malformed(self.listener, refusal.fault.reason());
        let end = before + refusal.at;
        match buffer.filled_mut().get_mut(end).filter(|_| refusal.in_head) {
            Some(byte) => {
                *byte = 0;
                buffer.set_filled(end + 1);
            }
            None => buffer.set_filled(end),
        }
    }

    /// Until when what is waited for must have come, and what that is.
    fn deadline(&mut self) -> Option<(Instant, &'static str)> {
        let Incoming { framing, waiting, .. } = &mut self.incoming;
        let is_body = framing.is_in_body();
        let is_awaited = match is_body {
            true => self.connection.hold().answers() >= framing.requests(),
            false => !framing.is_between(),
        };
        if !is_awaited {
            *waiting = None;
            return None;
        }
        let awaited = (framing.requests(), is_body);
        let since = match waiting {
            Some((of, since)) if *of == awaited => *since,
            _ => waiting.insert((awaited, Instant::now())).1,
        };
        let (limit, what) = if is_body { (LINGERING, "body") } else { (self.state.limits().header_timeout, "header") };
        Some((since + limit, what))
    }

    /// Waits for bytes, but not beyond the deadline; then there is an end of file, as far as HTTP knows.
    fn wait_for_more(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Some((deadline, what)) = self.deadline()
            && self.incoming.timer.is_over(deadline, context)
        {
            (self.incoming.has_ended, self.incoming.was_refused) = (true, true);
            self.state.metrics.connections().late(self.listener, what);
            return Poll::Ready(Ok(()));
        }
        self.connection.hold().wakes(context);
        Poll::Pending
    }

    /// Takes account of a write or a flush: how much moved, or that nothing did.
    fn account<T>(
        &mut self,
        polled: Poll<io::Result<T>>,
        moved: impl Fn(&T) -> usize,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        match &polled {
            Poll::Ready(Ok(result)) => {
                let Outgoing { pace, blocked_since, .. } = &mut self.outgoing;
                let waited = blocked_since.take().map_or(Duration::ZERO, |since| since.elapsed());
                if !waited.is_zero() || pace.is_in_arrears() {
                    pace.moved(waited, moved(result), self.state.limits().download_minimum_rate);
                }
            }
            Poll::Ready(Err(_)) => {}
            Poll::Pending => {
                let Outgoing { pace, blocked_since, timer, .. } = &mut self.outgoing;
                let since = *blocked_since.get_or_insert_with(Instant::now);
                if timer.is_over(since + pace.patience(), context) {
                    self.connection.hold().cut(if pace.is_in_arrears() { Cut::Slow } else { Cut::Stalled });
                    return Poll::Ready(self.tls().and(Err(io::ErrorKind::ConnectionAborted.into())));
                }
                self.connection.hold().wakes(context);
            }
        }
        polled
    }
}

impl AsyncRead for WatchedStream {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.incoming.has_ended {
            return Poll::Ready(Ok(()));
        }
        if this.incoming.waiting.is_some()
            && let Some((deadline, _)) = this.deadline()
            && deadline <= Instant::now()
        {
            return this.wait_for_more(context);
        }
        let before = buffer.filled().len();
        match this.tls()?.poll_read(context, buffer) {
            Poll::Ready(Ok(())) => {
                if buffer.filled().len() == before {
                    this.incoming.has_ended = true;
                } else {
                    this.examine(buffer, before);
                }
                Poll::Ready(Ok(()))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => this.wait_for_more(context),
        }
    }
}

impl AsyncWrite for WatchedStream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = this.tls()?.poll_write(context, bytes);
        this.account(polled, |written| *written, context)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let polled = this.tls()?.poll_flush(context);
        this.account(polled, |()| 0, context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.outgoing.is_shut = true;
        let polled = this.tls()?.poll_shutdown(context);
        this.account(polled, |()| 0, context)
    }
}

impl Drop for WatchedStream {
    /// A socket that is closed while bytes of the client are unread is reset, and takes the answer along that is on its way:
    /// whoever was refused in the middle of a request is read from for a moment, so that they hear of it.
    fn drop(&mut self) {
        let is_heard = !self.incoming.was_refused && (self.incoming.has_ended || self.incoming.framing.is_between());
        let Some(mut tls) = self.tls.take().filter(|_| !is_heard && !self.outgoing.is_shut) else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(tokio::time::timeout(LINGERING, async move {
            // Whether the client is there to hear it makes no difference.
            let _ = tls.shutdown().await;
            let (mut socket, _) = tls.into_inner();
            let mut unread = [0; 4096];
            while socket.read(&mut unread).await.is_ok_and(|read| read > 0) {}
        }));
    }
}

impl std::fmt::Debug for WatchedStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WatchedStream").field("listener", &self.listener).field("counted", &self.counted).finish()
    }
}

/// A timer that is set only where something is waited for, and set again only where it has gone off too early.
#[derive(Debug, Default)]
struct Timer(Option<Pin<Box<Sleep>>>);

impl Timer {
    /// Whether the deadline is past; else the task is woken then, or before.
    fn is_over(&mut self, deadline: Instant, context: &mut Context<'_>) -> bool {
        let sleep = self.0.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if sleep.deadline() > deadline {
            sleep.as_mut().reset(deadline);
        }
        while sleep.as_mut().poll(context).is_ready() {
            if deadline <= Instant::now() {
                return true;
            }
            sleep.as_mut().reset(deadline);
        }
        false
    }
}
