//! Where connections come in: those over a limit are turned away, the others shake hands.

use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use actix_web::web;
use rustls::{Error, ServerConfig};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::places::{Origin, Place};
use super::stream::{Counted, WatchedStream};
use crate::edge::http::connection::Connection;
use crate::edge::http::gate::Listener;
use crate::edge::http::state::State;
use crate::edge::pki::{ClientCertificateError, peer_chain};
use crate::pure::domain::id::CredentialId;

/// The door of a listener, one for each of its threads.
pub(in crate::edge::http) struct Door {
    listener: Listener,
    acceptor: TlsAcceptor,
    state: web::Data<State>,
    /// Handshakes cost more than requests: one does a step at a time, and whatever else is ready on the thread goes before the
    /// next one's step, so that a thousand handshakes delay nobody's request by more than a step.
    turns: Semaphore,
}

/// The connection came to nothing, which is counted already.
#[derive(Clone, Copy, Debug)]
pub(in crate::edge::http) struct TurnedAway;

impl Door {
    pub(in crate::edge::http) fn new(listener: Listener, tls: Arc<ServerConfig>, state: web::Data<State>) -> Self {
        Self { listener, acceptor: tls.into(), state, turns: Semaphore::const_new(1) }
    }

    /// Lets a connection in, or turns it away.
    pub(in crate::edge::http) async fn enter(
        &self,
        socket: TcpStream,
    ) -> Result<(WatchedStream, Option<SocketAddr>), TurnedAway> {
        // One that is gone already has no address.
        let peer = socket.peer_addr().map_err(|_| TurnedAway)?;
        let origin = self.admit(Origin::of(peer.ip()))?;
        // Without it the system takes megabytes from us for a reader who takes nothing.
        let _ = socket2::SockRef::from(&socket).set_tcp_notsent_lowat(UNSENT_LEN);
        let shaken =
            tokio::time::timeout(self.state.limits().header_timeout, self.in_turn(self.acceptor.accept(socket)));
        let failed = |reason: &'static str| {
            self.state.metrics.connections().handshake_failed(self.listener.name(), reason);
            TurnedAway
        };
        let tls = shaken.await.map_err(|_| failed("timeout"))?.map_err(|error| failed(reason(&error)))?;
        let (connection, credential) = self.recognise(&tls);
        let _open = self.state.metrics.connections().connected(self.listener.name());
        let counted = Counted { _open, _origin: origin, _credential: credential };
        Ok((WatchedStream::new(tls, connection, self.listener.name(), self.state.clone(), counted), Some(peer)))
    }

    /// A place for a connection from there, if it is within its number and rate.
    fn admit(&self, origin: Origin) -> Result<Place<Origin>, TurnedAway> {
        let away = |reason| {
            self.state.metrics.connections().turned_away(self.listener.name(), reason);
            TurnedAway
        };
        let most = self.state.limits().connections_per_address;
        let place = self.state.places.take_for_origin(origin, most).ok_or_else(|| away("connections_per_address"))?;
        self.state.take_handshake(origin).map_err(|_| away("handshakes_per_minute_per_address"))?;
        Ok(place)
    }

    /// Who the client is, with its credential's place; a connection without one is kept to say so.
    fn recognise(&self, tls: &TlsStream<TcpStream>) -> (Connection, Option<Place<CredentialId>>) {
        let chain = peer_chain(tls.get_ref().1);
        let is_anyone = chain.is_empty();
        let connection = Connection::new(chain);
        if is_anyone {
            return (connection, None);
        }
        let now = self.state.repository.clock().now().to_timestamp();
        // A certificate that was good in the handshake and is not any more is refused with the first request.
        let Ok(verdict) = connection.verify(&self.state.verifier, now) else { return (connection, None) };
        let most = self.state.limits().connections_per_credential;
        let place = self.state.places.take_for_credential(CredentialId(verdict.credential.0), most);
        if place.is_none() {
            self.state.metrics.connections().turned_away(self.listener.name(), "connections_per_credential");
            connection.exceeds();
        }
        (connection, place)
    }

    /// Does one step after the other when it is this one's turn.
    async fn in_turn<F: Future>(&self, handshake: F) -> F::Output {
        let mut handshake = pin!(handshake);
        loop {
            // Nobody closes the turns.
            let turn = self.turns.acquire().await;
            if let Poll::Ready(done) = futures_util::poll!(handshake.as_mut()) {
                return done;
            }
            drop(turn);
            let mut is_woken = false;
            poll_fn(|_| if std::mem::replace(&mut is_woken, true) { Poll::Ready(()) } else { Poll::Pending }).await;
        }
    }
}

/// Why a handshake failed, for a metric's label.
fn reason(error: &io::Error) -> &'static str {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
        None => "closed",
        Some(Error::InvalidMessage(_)) => "not_tls",
        Some(Error::PeerIncompatible(_)) => "incompatible",
        Some(Error::AlertReceived(_)) => "refused_by_client",
        Some(
            Error::PeerMisbehaved(_)
            | Error::InappropriateMessage { .. }
            | Error::InappropriateHandshakeMessage { .. }
            | Error::DecryptError
            | Error::PeerSentOversizedRecord
            | Error::NoApplicationProtocol,
        ) => "misbehaved",
        Some(certificate) => ClientCertificateError::of(certificate).reason(),
    }
}

/// For how long a connection that is being closed takes what its client still sends, so that the client gets to read an
/// answer that came before the end of its request.
pub(in crate::edge::http) const LINGERING: Duration = Duration::from_secs(3);

/// How much may wait in the system for a reader, beside what is under way to it.
const UNSENT_LEN: u32 = 128 << 10;
