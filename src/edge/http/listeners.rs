//! The three listeners: their sockets, and the application behind each.

use std::net::{SocketAddr, TcpListener};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_http::HttpService;
use actix_server::Server;
use actix_service::{IntoServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::dev::{AppConfig, Extensions};
use actix_web::http::KeepAlive;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, web};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustls::ServerConfig;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpStream;

use super::gate::{Gate, Listener};
use super::guard::{extractors, guard, no_such_url};
use super::state::State;
use super::transport::door::{Door, LINGERING, TurnedAway};
use super::transport::stream::WatchedStream;
use super::{api, log, operations, public};

/// What the applications of all listeners are made with.
#[derive(Clone, Debug)]
pub(super) struct Common {
    /// What every handler is given.
    pub(super) state: web::Data<State>,
    /// The threads of the listener.
    pub(super) workers: usize,
    /// The most connections of the listener.
    pub(super) max_connections: usize,
}

/// A socket that listens, with what it asks of every request.
#[derive(Debug)]
pub(super) struct Bound {
    pub(super) socket: TcpListener,
    pub(super) gate: web::Data<Gate>,
}

impl Bound {
    /// Binds a listener that goes by `names`.
    pub(super) fn bind(listener: Listener, address: SocketAddr, names: &[String]) -> std::io::Result<Self> {
        let socket = listen(address)?;
        let gate = web::Data::new(Gate::new(listener, socket.local_addr()?, names));
        Ok(Self { socket, gate })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.gate.address()
    }
}

/// A socket that listens. The sockets of connections inherit its options.
pub(super) fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    // Without it the end of a small answer can wait for the client's delayed acknowledgement.
    socket.set_tcp_nodelay(true)?;
    socket.set_tcp_user_timeout(Some(UNACKNOWLEDGED))?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// Lets this process open as many files as the system allows it, and says so if these are too few for
/// `max_connections`: each takes one.
pub(super) fn raise_file_limit(max_connections: usize) {
    let limit = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
    let allowed = if raised.is_ok() { limit.maximum } else { limit.current };
    let needed = max_connections.saturating_add(OTHER_FILES) as u64;
    if allowed.is_some_and(|allowed| allowed < needed) {
        tracing::warn!(?allowed, needed, "the system allows too few open files for all connections; raise its limit");
    }
}

/// The main listener. `serves` is what it serves: [`everything`], but for tests.
pub(super) fn mutual_tls(common: Common, bound: Bound, tls: ServerConfig, serves: Serves) -> std::io::Result<Server> {
    serve_tls(common, bound, tls, serves)
}

/// What a listener serves.
pub(super) type Serves = fn(&mut web::ServiceConfig);

/// Everything for people, and the log.
pub(super) fn everything(config: &mut web::ServiceConfig) {
    config.configure(api::configure).configure(log::configure);
}

/// The public listener: what is published, and the log.
pub(super) fn public(common: Common, bound: Bound, tls: ServerConfig) -> std::io::Result<Server> {
    serve_tls(common, bound, tls, |config| {
        config.configure(public::configure).configure(log::configure);
    })
}

/// The operator's listener.
pub(super) fn operations(common: Common, Bound { socket, gate }: Bound) -> std::io::Result<Server> {
    let state = common.state.clone();
    let application = move || {
        App::new()
            .app_data(state.clone())
            .app_data(gate.clone())
            .configure(operations::configure)
            .default_service(web::to(no_such_url))
            .wrap(from_fn(guard))
    };
    Ok(HttpServer::new(application)
        .workers(common.workers)
        .max_connections(common.max_connections.div_ceil(common.workers))
        .client_request_timeout(common.state.limits().header_timeout)
        .disable_signals()
        .shutdown_timeout(FLUSH_SECONDS)
        .listen(socket)?
        .run())
}

/// The server of the HTTP library, composed from its parts as it does itself, but with a door of our own between TCP and
/// HTTP: it gives no hold on handshakes, on the bytes of a connection, or on what comes before a request.
fn serve_tls(
    common: Common,
    Bound { socket, gate }: Bound,
    tls: ServerConfig,
    serves: Serves,
) -> std::io::Result<Server> {
    let (listener, address) = (gate.listener(), gate.address());
    let (state, tls) = (common.state.clone(), Arc::new(tls));
    let header_timeout = state.limits().header_timeout;
    let builder = Server::build()
        .workers(common.workers)
        .max_concurrent_connections(common.max_connections.div_ceil(common.workers))
        .disable_signals()
        .shutdown_timeout(FLUSH_SECONDS);
    let draining = builder.graceful_shutdown_signal();
    let factory = move || {
        let (state, gate, draining) = (state.clone(), gate.clone(), draining.clone());
        // The API's own bodies are held to the limit of the moment; this one is for extractors of the library.
        let max_body_bytes = state.limits().max_body_bytes;
        let door = Rc::new(Door::new(listener, Arc::clone(&tls), state.clone()));
        let application = App::new()
            .app_data(state)
            .app_data(gate)
            .configure(|config| extractors(config, max_body_bytes))
            .configure(serves)
            .default_service(web::to(no_such_url))
            .wrap(from_fn(guard));
        let application = application.into_factory().map_err(|error: actix_web::Error| error.error_response());
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let draining = draining.clone();
                async move { draining.notified().await }
            })
            .keep_alive(KeepAlive::Timeout(KEPT_ALIVE))
            .client_request_timeout(header_timeout)
            .client_disconnect_timeout(LINGERING)
            .secure()
            .local_addr(address)
            .on_connect_ext(|stream: &WatchedStream, extensions: &mut Extensions| {
                extensions.insert(stream.connection().clone());
            })
            // What the application could be told of the listener, nobody asks for: the gate knows its names.
            .h1(map_config(application, |()| AppConfig::default()));
        fn_service(move |socket: TcpStream| {
            let door = Rc::clone(&door);
            async move { door.enter(socket).await }
        })
        .and_then(http.map_err(|_| TurnedAway))
    };
    Ok(builder.listen(listener.name(), socket, factory)?.run())
}

/// How many connections wait in the system's queue: as many as come at once, within what the system allows.
const BACKLOG: i32 = 4096;

/// For how long sent bytes may stay unacknowledged before the connection is given up.
const UNACKNOWLEDGED: Duration = Duration::from_secs(60);

/// For how long an idle connection is kept.
const KEPT_ALIVE: Duration = Duration::from_secs(60);

/// How long the last bytes of finished answers may take to leave when the server stops.
const FLUSH_SECONDS: u64 = 2;

/// Files that are open beside connections: segments, blobs, tiles, the view.
const OTHER_FILES: usize = 256;
