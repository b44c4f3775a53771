//! The server: what it is bound with, and how it is stopped and reloaded.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actix_web::{rt, web};
use tokio::sync::watch;

use super::cursors::{Cursors, CursorsUnavailable};
use super::gate::{Gate, Listener};
use super::limits::{CurrentLimits, HttpLimits};
use super::listeners::{self, Serves};
use super::metrics::Metrics;
use super::run::serve;
use super::state::State;
use super::work::Work;
use crate::edge::pki::{LoadError, MutualTls, Outcome, PublicTls, Reload, Reloadable};
use crate::service::startup::Running;

/// What a server is bound with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the mutual-TLS listener listens. Port 0, here and below: any free port.
    pub mutual_tls: SocketAddr,
    /// Where the public listener listens, if there is one.
    pub public: Option<SocketAddr>,
    /// Where the operations listener listens: a loopback address, since it asks nobody who they are.
    pub operations: SocketAddr,
    /// Names by which clients know the server, beside `localhost` and its addresses: host names or addresses, with a
    /// port where clients use another one than the listener's.
    pub names: Vec<String>,
    /// The limits.
    pub limits: HttpLimits,
    /// The threads that serve requests; one for each core without it.
    pub workers: Option<usize>,
    /// The most connections at a time, all listeners together.
    pub max_connections: usize,
    /// The time between heartbeat entries, if there are any.
    pub heartbeat: Option<Duration>,
    /// How long what is under way has to end when the server is asked to stop.
    pub shutdown: Duration,
}

/// What can change while a server runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjustment {
    /// As in [`Settings::names`].
    pub names: Vec<String>,
    /// As in [`Settings::limits`]. [`HttpLimits::header_timeout`] alone stays what it was when the server began.
    pub limits: HttpLimits,
}

/// A server whose listeners are bound. Connections wait until it runs.
pub struct Server {
    settings: Settings,
    sockets: Sockets,
    addresses: Addresses,
    state: web::Data<State>,
    handle: ServerHandle,
    running: Running,
    serves: Serves,
}

/// Where a server listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// The mutual-TLS listener.
    pub mutual_tls: SocketAddr,
    /// The public listener.
    pub public: Option<SocketAddr>,
    /// The operations listener.
    pub operations: SocketAddr,
}

/// Stops or reloads a server from any thread.
#[derive(Clone, Debug)]
pub struct ServerHandle(Arc<Control>);

/// It does not hold the state, so that a handle that outlives its server keeps no repository open.
#[derive(Debug)]
struct Control {
    stop: watch::Sender<Stop>,
    work: Work,
    limits: Arc<CurrentLimits>,
    metrics: Metrics,
    gates: Vec<web::Data<Gate>>,
    tls: Arc<MutualTls>,
    public: Option<Arc<PublicTls>>,
    /// What SIGHUP does; signals act on the server once it is there.
    hangup: OnceLock<Hangup>,
}

struct Hangup(Box<dyn Fn(&ServerHandle) + Send + Sync>);

/// Why a server cannot be bound or run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// An address cannot be listened on.
    #[error("cannot listen on {address}: {source}; choose another address, or stop what uses it")]
    Address {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// The operations listener would be open to others.
    #[error("the operations listener asks nobody who they are: give it a loopback address instead of {0}")]
    OperationsNotLoopback(SocketAddr),
    /// A public listener without a certificate.
    #[error("the public listener needs a certificate; name one, or switch the listener off")]
    PublicWithoutTls,
    /// The TLS configuration cannot be made.
    #[error(transparent)]
    Tls(#[from] LoadError),
    /// The cursor key cannot be used.
    #[error(transparent)]
    Cursors(#[from] CursorsUnavailable),
    /// The disk hangs.
    #[error(
        "the disk did not finish in {patience:?} what was asked of it, so that the journal is not closed: see to the disk; \
         the next start verifies the journal's end"
    )]
    NotStopped {
        /// How long it had.
        patience: Duration,
    },
    /// A listener ended without having been asked to.
    #[error("a listener failed: {0}; start the server again")]
    Listener(std::io::Error),
}

impl Server {
    /// Binds every listener; if one cannot be bound, nothing listens and the repository is stopped.
    pub fn bind(
        settings: Settings,
        tls: Arc<MutualTls>,
        public: Option<Arc<PublicTls>>,
        running: Running,
    ) -> Result<Self, ServeError> {
        Self::bind_serving(listeners::everything, settings, tls, public, running)
    }

    /// The same with something else on the main listener, for tests of what surrounds the handlers.
    pub(super) fn bind_serving(
        serves: Serves,
        settings: Settings,
        tls: Arc<MutualTls>,
        public: Option<Arc<PublicTls>>,
        running: Running,
    ) -> Result<Self, ServeError> {
        match Bound::bind(&settings, &tls, public.as_deref(), &running) {
            Ok(Bound { sockets, addresses, limits, state }) => {
                let stop = watch::Sender::new(Stop::No);
                let (work, gates, metrics) = (state.work.clone(), sockets.gates(), state.metrics.clone());
                let control = Control { stop, work, limits, metrics, gates, tls, public, hangup: OnceLock::new() };
                let handle = ServerHandle(Arc::new(control));
                Ok(Self { settings, sockets, addresses, state: web::Data::new(state), handle, running, serves })
            }
            Err(error) => {
                running.stop();
                Err(error)
            }
        }
    }

    /// Where it listens.
    pub fn addresses(&self) -> Addresses {
        self.addresses
    }

    /// A handle that stops or reloads it.
    pub fn handle(&self) -> ServerHandle {
        self.handle.clone()
    }

    /// Serves until it is stopped, and then stops the repository. It blocks the thread, on which no other runtime may
    /// be running.
    pub fn run(self) -> Result<(), ServeError> {
        let Self { settings, sockets, state, handle, running, serves, .. } = self;
        let patience = settings.shutdown.max(LEAST_STOP_PATIENCE);
        let system = rt::System::new();
        let served = system.block_on(serve(settings, sockets, state, handle, serves));
        let stopped = running.stop_within(patience);
        if !stopped {
            // Dropping it would wait for its threads, which the disk may hold up as well.
            std::mem::forget(system);
        }
        served.and(if stopped { Ok(()) } else { Err(ServeError::NotStopped { patience }) })
    }
}

impl ServerHandle {
    /// Begins to drain: from now on new requests are refused. A second call gives up what is under way.
    pub fn stop(&self) {
        self.0.work.drain();
        self.0.stop.send_modify(|stop| *stop = if *stop == Stop::No { Stop::Drain } else { Stop::AtOnce });
    }

    /// Reads certificates and revocation lists again. A bad file keeps what was in use of its part, and is named.
    pub fn reload(&self) -> Vec<Reload> {
        let reloads = self.reread();
        for reload in &reloads {
            match reload.outcome {
                Outcome::Refused(_) => tracing::error!("reload: {reload}"),
                _ => tracing::info!("reload: {reload}"),
            }
        }
        reloads
    }

    /// The same without telling of it: for whoever asks often, and tells what is new in it.
    pub fn reread(&self) -> Vec<Reload> {
        let mut reloads = self.0.tls.reload();
        reloads.extend(self.0.public.iter().flat_map(|public| public.reload()));
        for Reload { part, outcome } in &reloads {
            self.0.metrics.reloaded(part.label(), !matches!(outcome, Outcome::Refused(_)));
        }
        reloads
    }

    /// Puts other names and limits in the place of those in use, for every request that begins from now on.
    pub fn apply(&self, adjustment: Adjustment) {
        let Adjustment { names, limits } = adjustment;
        self.0.gates.iter().for_each(|gate| gate.rename(&names));
        self.0.limits.replace(limits);
    }

    /// Has SIGTERM and SIGINT stop the server once it runs, and SIGHUP do what `hangup` does, on the server's own thread.
    /// What was said first counts.
    pub fn on_signals(&self, hangup: impl Fn(&Self) + Send + Sync + 'static) {
        if self.0.hangup.set(Hangup(Box::new(hangup))).is_err() {
            tracing::warn!("signals act on this server already; what SIGHUP does is not changed");
        }
    }
}

impl ServerHandle {
    /// Where it is seen how far a stop has been asked for.
    pub(super) fn stops(&self) -> watch::Receiver<Stop> {
        self.0.stop.subscribe()
    }

    /// Whether signals are to act on the server.
    pub(super) fn heeds_signals(&self) -> bool {
        self.0.hangup.get().is_some()
    }

    /// Does what SIGHUP is to do.
    pub(super) fn hang_up(&self) {
        if let Some(Hangup(hangup)) = self.0.hangup.get() {
            hangup(self);
        }
    }
}

impl std::fmt::Debug for Hangup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hangup")
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("addresses", &self.addresses).finish_non_exhaustive()
    }
}

/// How long the repository has at least to stop: longer than a disk takes that is only slow.
const LEAST_STOP_PATIENCE: Duration = Duration::from_secs(15);

/// How far a stop has been asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stop {
    /// Not at all.
    No,
    /// What is under way is finished.
    Drain,
    /// What is under way is given up.
    AtOnce,
}

/// Sockets that listen, with their TLS.
pub(super) struct Sockets {
    pub(super) mutual_tls: (listeners::Bound, rustls::ServerConfig),
    pub(super) public: Option<(listeners::Bound, rustls::ServerConfig)>,
    pub(super) operations: listeners::Bound,
}

impl Sockets {
    fn gates(&self) -> Vec<web::Data<Gate>> {
        let public = self.public.as_ref().map(|(public, _)| public);
        [&self.mutual_tls.0, &self.operations].into_iter().chain(public).map(|bound| bound.gate.clone()).collect()
    }
}

struct Bound {
    sockets: Sockets,
    addresses: Addresses,
    limits: Arc<CurrentLimits>,
    state: State,
}

impl Bound {
    fn bind(
        settings: &Settings,
        tls: &MutualTls,
        public: Option<&PublicTls>,
        running: &Running,
    ) -> Result<Self, ServeError> {
        if !settings.operations.ip().is_loopback() {
            return Err(ServeError::OperationsNotLoopback(settings.operations));
        }
        listeners::raise_file_limit(settings.max_connections);
        let listen = |listener: Listener, address: SocketAddr| {
            let bound = listeners::Bound::bind(listener, address, &settings.names);
            bound.map_err(|source| ServeError::Address { address, source })
        };
        let mutual_tls = listen(Listener::MutualTls, settings.mutual_tls)?;
        let operations = listen(Listener::Operations, settings.operations)?;
        let public = match (settings.public, public) {
            (None, _) => None,
            (Some(_), None) => return Err(ServeError::PublicWithoutTls),
            (Some(address), Some(public)) => Some((listen(Listener::Public, address)?, public.config()?)),
        };
        let addresses = Addresses {
            mutual_tls: mutual_tls.address(),
            public: public.as_ref().map(|(public, _)| public.address()),
            operations: operations.address(),
        };
        let sockets = Sockets { mutual_tls: (mutual_tls, tls.config()?), public, operations };
        let cursors = Cursors::new(&running.cursor_key)?;
        let limits = Arc::new(CurrentLimits::new(settings.limits.clone()));
        let verifier = Arc::clone(tls.verifier());
        let state = State::new(running.repository.clone(), Arc::clone(&limits), cursors, verifier);
        Ok(Self { sockets, addresses, limits, state })
    }
}
