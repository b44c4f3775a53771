//! A TLS connection: the client's chain, if it showed one, the last verdict on it, and a way to cut it.

use std::any::Any;
use std::cell::Cell;
use std::net::Shutdown;
use std::os::fd::{AsFd, OwnedFd};
use std::rc::Rc;
use std::time::Duration;

use actix_tls::accept::rustls_0_23::TlsStream;
use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;
use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use socket2::SockRef;

use super::metrics::{Metrics, OpenConnection};
use crate::edge::pki::{ClientCertificateError, ClientVerifier, Verdict, peer_chain};

/// What is kept of a connection while it is open. Clones are the same connection.
#[derive(Clone, Debug)]
pub struct Connection(Rc<Kept>);

#[derive(Debug)]
struct Kept {
    chain: Vec<CertificateDer<'static>>,
    verdict: Cell<Option<Verdict>>,
    /// A second handle on the socket: the first one belongs to actix, which never lets go of a stalled reader.
    socket: Option<OwnedFd>,
    _counted: OpenConnection,
}

impl Connection {
    /// Keeps what `io`, an accepted TLS connection of `listener`, shows; for actix's `on_connect`.
    pub fn keep(io: &dyn Any, extensions: &mut Extensions, listener: &'static str, metrics: &Metrics) {
        if let Some(stream) = io.downcast_ref::<TlsStream<TcpStream>>() {
            let (socket, session) = stream.get_ref();
            extensions.insert(Self(Rc::new(Kept {
                chain: peer_chain(session),
                verdict: Cell::new(None),
                socket: socket.as_fd().try_clone_to_owned().ok(),
                _counted: metrics.connected(listener),
            })));
        }
    }

    /// The verdict on the peer's certificate at `now`: the last one while it holds, else a new one (READ-8).
    pub fn verify(&self, verifier: &ClientVerifier, now: Timestamp) -> Result<Verdict, ClientCertificateError> {
        if let Some(verdict) = self.0.verdict.get().filter(|verdict| verifier.still_holds(verdict, now)) {
            return Ok(verdict);
        }
        let verdict = verifier.reverify(&self.0.chain, now)?;
        self.0.verdict.set(Some(verdict));
        Ok(verdict)
    }

    /// Cuts the connection at once, whatever is under way on it.
    pub fn cut(&self) {
        if let Some(socket) = &self.0.socket {
            let socket = SockRef::from(socket);
            // What waits in the system's buffer is not sent either, once the last handle is closed.
            let _ = socket.set_linger(Some(Duration::ZERO));
            // A socket that is not connected any more is cut already.
            let _ = socket.shutdown(Shutdown::Both);
        }
    }
}
