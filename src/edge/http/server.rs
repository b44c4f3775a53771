//! The server: binds its listeners, runs, drains and stops.
//!
//! A stop goes so: new requests are refused with 503 while what is under way is finished, on connections that are open
//! and on new ones; once nothing is under way, or the time is up, the listeners close; then the repository stops.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::{rt, web};
use futures_util::future;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use super::cursors::{Cursors, CursorsUnavailable};
use super::limits::HttpLimits;
use super::listeners::{self, Common, Serves};
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

#[derive(Debug)]
struct Control {
    stop: watch::Sender<Stop>,
    work: Work,
    tls: Arc<MutualTls>,
    public: Option<Arc<PublicTls>>,
    signals: AtomicBool,
}

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
            Ok(Bound { sockets, addresses, state }) => {
                let stop = watch::Sender::new(Stop::No);
                let work = state.work.clone();
                let control = Control { stop, work, tls, public, signals: AtomicBool::new(false) };
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
        let served = rt::System::new().block_on(serve(settings, sockets, state, handle, serves));
        running.stop();
        served
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
        let mut reloads = self.0.tls.reload();
        reloads.extend(self.0.public.iter().flat_map(|public| public.reload()));
        for reload in &reloads {
            match reload.outcome {
                Outcome::Refused(_) => tracing::error!("reload: {reload}"),
                _ => tracing::info!("reload: {reload}"),
            }
        }
        reloads
    }

    /// Has SIGTERM and SIGINT stop the server, and SIGHUP reload, once it runs.
    pub fn on_signals(&self) {
        self.0.signals.store(true, Ordering::Relaxed);
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("addresses", &self.addresses).finish_non_exhaustive()
    }
}

/// How far a stop has been asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stop {
    No,
    Drain,
    AtOnce,
}

/// Sockets that listen, with their TLS.
struct Sockets {
    mutual_tls: (TcpListener, rustls::ServerConfig),
    public: Option<(TcpListener, rustls::ServerConfig)>,
    operations: TcpListener,
}

struct Bound {
    sockets: Sockets,
    addresses: Addresses,
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
        let (mutual_tls, mutual_tls_address) = listen(settings.mutual_tls)?;
        let (operations, operations_address) = listen(settings.operations)?;
        let public = match (settings.public, public) {
            (None, _) => None,
            (Some(_), None) => return Err(ServeError::PublicWithoutTls),
            (Some(address), Some(public)) => Some((listen(address)?, public.config()?)),
        };
        let addresses = Addresses {
            mutual_tls: mutual_tls_address,
            public: public.as_ref().map(|((_, address), _)| *address),
            operations: operations_address,
        };
        let sockets = Sockets {
            mutual_tls: (mutual_tls, tls.config()?),
            public: public.map(|((socket, _), config)| (socket, config)),
            operations,
        };
        let cursors = Cursors::new(&running.cursor_key)?;
        let state =
            State::new(running.repository.clone(), settings.limits.clone(), cursors, Arc::clone(tls.verifier()));
        Ok(Self { sockets, addresses, state })
    }
}

fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), ServeError> {
    let bound = listeners::listen(address).and_then(|socket| socket.local_addr().map(|bound| (socket, bound)));
    bound.map_err(|source| ServeError::Address { address, source })
}

async fn serve(
    settings: Settings,
    sockets: Sockets,
    state: web::Data<State>,
    handle: ServerHandle,
    serves: Serves,
) -> Result<(), ServeError> {
    let mut stop = handle.0.stop.subscribe();
    if handle.0.signals.load(Ordering::Relaxed) {
        heed_signals(&handle).map_err(ServeError::Listener)?;
    }
    let servers = start(&settings, sockets, &state, serves).map_err(ServeError::Listener)?;
    let handles: Vec<_> = servers.iter().map(actix_web::dev::Server::handle).collect();
    let mut ended = rt::spawn(future::try_join_all(servers));
    if let Some(interval) = settings.heartbeat {
        rt::spawn(beat(state.clone(), interval));
    }
    rt::spawn(tidy(state.clone()));
    tokio::select! {
        failed = &mut ended => {
            let error = failed.map_err(std::io::Error::other).and_then(|ended| ended).err();
            return Err(ServeError::Listener(error.unwrap_or_else(|| std::io::Error::other("it ended by itself"))));
        }
        _ = stop.wait_for(|stop| *stop >= Stop::Drain) => {}
    }
    tracing::info!(
        under_way = state.work.count(),
        "shutting down: what is under way is finished, nothing new is taken"
    );
    let gracefully = tokio::select! {
        finished = drained(&state.work, settings.shutdown) => finished,
        _ = stop.wait_for(|stop| *stop == Stop::AtOnce) => false,
    };
    if !gracefully {
        tracing::warn!(under_way = state.work.count(), "shutting down: what is still under way is cut off");
    }
    future::join_all(handles.iter().map(|handle| handle.stop(gracefully))).await;
    // Whether a listener ended well makes no difference any more.
    let _ = ended.await;
    Ok(())
}

/// Waits until nothing is under way, for at most `patience`, but long enough for clients to hear that the server stops.
async fn drained(work: &Work, patience: Duration) -> bool {
    let notice = NOTICE.min(patience);
    tokio::time::sleep(notice).await;
    work.finished(patience.saturating_sub(notice)).await
}

fn start(
    settings: &Settings,
    sockets: Sockets,
    state: &web::Data<State>,
    serves: Serves,
) -> std::io::Result<Vec<actix_web::dev::Server>> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let workers = settings.workers.unwrap_or(cores).clamp(1, MAX_WORKERS);
    let share = if sockets.public.is_some() { settings.max_connections / PUBLIC_SHARE } else { 0 };
    let main_share = settings.max_connections.saturating_sub(share + OPERATIONS_CONNECTIONS).max(1);
    let common = |workers: usize, max_connections: usize| Common {
        state: state.clone(),
        names: settings.names.clone(),
        workers,
        max_connections: max_connections.max(1),
    };
    let (socket, tls) = sockets.mutual_tls;
    let mut servers = vec![listeners::mutual_tls(common(workers, main_share), socket, tls, serves)?];
    if let Some((socket, tls)) = sockets.public {
        servers.push(listeners::public(common(workers, share), socket, tls)?);
    }
    servers.push(listeners::operations(common(1, OPERATIONS_CONNECTIONS), sockets.operations)?);
    Ok(servers)
}

/// From now on signals act on the server. A second SIGTERM or SIGINT gives up what is under way.
fn heed_signals(handle: &ServerHandle) -> std::io::Result<()> {
    for kind in [SignalKind::terminate(), SignalKind::interrupt()] {
        let (mut signals, handle) = (signal(kind)?, handle.clone());
        rt::spawn(async move {
            while signals.recv().await.is_some() {
                handle.stop();
            }
        });
    }
    let (mut signals, handle) = (signal(SignalKind::hangup())?, handle.clone());
    rt::spawn(async move {
        while signals.recv().await.is_some() {
            handle.reload();
        }
    });
    Ok(())
}

/// Makes a heartbeat entry at every interval, which shows that nothing was cut off the log's end.
async fn beat(state: web::Data<State>, interval: Duration) {
    let interval = interval.max(SHORTEST_HEARTBEAT);
    let mut ticks = tokio::time::interval_at(tokio::time::Instant::now() + interval, interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = state.repository.beat().await {
            tracing::warn!(%error, "no heartbeat was entered; the next one is tried");
        }
    }
}

/// Forgets now and then what need not be remembered.
async fn tidy(state: web::Data<State>) {
    let mut ticks = tokio::time::interval(TIDY_INTERVAL);
    loop {
        ticks.tick().await;
        state.tidy();
    }
}

/// For how long clients hear that the server stops, if nothing is under way.
const NOTICE: Duration = Duration::from_millis(300);

/// The most threads that actix takes.
const MAX_WORKERS: usize = 512;

/// One part in so many of the connections is the public listener's.
const PUBLIC_SHARE: usize = 4;

/// The connections of the operations listener.
const OPERATIONS_CONNECTIONS: usize = 16;

const SHORTEST_HEARTBEAT: Duration = Duration::from_millis(100);

const TIDY_INTERVAL: Duration = Duration::from_secs(60);
