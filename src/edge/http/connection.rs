//! What is kept of an open TLS connection for its requests: the client's chain, if it showed one, the last verdict on it,
//! and a hold to cut it by.

use std::cell::Cell;
use std::rc::Rc;

use jiff::Timestamp;
use rustls::pki_types::CertificateDer;

use super::transport::hold::{Cut, Hold};
use crate::edge::pki::{ClientCertificateError, ClientVerifier, Verdict};

/// What is kept of a connection while it is open. Clones are the same connection.
#[derive(Clone, Debug)]
pub struct Connection(Rc<Kept>);

#[derive(Debug)]
struct Kept {
    chain: Vec<CertificateDer<'static>>,
    verdict: Cell<Option<Verdict>>,
    hold: Hold,
    is_excess: Cell<bool>,
}

impl Connection {
    /// Of a client that showed this chain, its own certificate first; none on a listener that asks for none.
    pub fn new(chain: Vec<CertificateDer<'static>>) -> Self {
        Self(Rc::new(Kept { chain, verdict: Cell::new(None), hold: Hold::default(), is_excess: Cell::new(false) }))
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

    /// Whether its credential has more connections than it may: it is told so, and closed.
    pub fn is_excess(&self) -> bool {
        self.0.is_excess.get()
    }

    /// Its credential has more connections than it may.
    pub(super) fn exceeds(&self) {
        self.0.is_excess.set(true);
    }

    /// Cuts the connection at once, whatever is under way on it, since its reader may not read any more.
    pub fn cut(&self) {
        self.0.hold.cut(Cut::NotAllowed);
    }

    /// The hold on its stream.
    pub(super) fn hold(&self) -> &Hold {
        &self.0.hold
    }
}
