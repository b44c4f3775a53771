//! A transport that hears an answer given before the whole request was sent.
//!
//! A `PUT` is decided before its first byte: a server that refuses a large file answers and closes while the client
//! still sends, so that the client's next write fails. The answer waits in the socket all the same. So does the TLS 1.3
//! alert of a server that does not take the client's certificate. This transport lets a write that fails pass, drops
//! what follows, and lets the read say what happened. It is below TLS, whose reads would else fail with what it has left
//! to write.

use std::io;

use ureq::Error;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

/// Wraps each connection of the connector before it in the chain.
#[derive(Debug)]
pub(super) struct HearEarlyAnswers;

impl<In: Transport> Connector<In> for HearEarlyAnswers {
    type Out = EarlyAnswer<In>;

    fn connect(&self, _details: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, Error> {
        Ok(chained.map(|inner| EarlyAnswer { inner, closed: false }))
    }
}

/// One connection.
#[derive(Debug)]
pub(super) struct EarlyAnswer<T> {
    inner: T,
    /// The peer takes no more bytes; it may have said why.
    closed: bool,
}

impl<T: Transport> Transport for EarlyAnswer<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        if self.closed {
            return Ok(());
        }
        match self.inner.transmit_output(amount, timeout) {
            Err(Error::Io(error)) if is_closed_by_peer(&error) => {
                self.closed = true;
                Ok(())
            }
            other => other,
        }
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        !self.closed && self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}

fn is_closed_by_peer(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted
    )
}
