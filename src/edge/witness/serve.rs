//! A witness's server: one listener, plain or with TLS, for logs that submit and monitors that look.
//!
//! Nobody is asked who they are: a checkpoint's signature says whose it is. A stop goes as with the main server: new
//! requests are refused while what is under way is finished, then the listener closes.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{KeepAlive, StatusCode};
use actix_web::middleware::{Next, from_fn};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, rt, web};
use bytes::BytesMut;
use futures_util::StreamExt as _;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::signal::unix::{SignalKind, signal};

use super::answers;
use super::prefix::Prefix;
use crate::edge::http::headers;
use crate::edge::http::work::Work;
use crate::edge::pki::{LoadError, PublicTls};
use crate::service::witness::decision::Refusal;
use crate::service::witness::{Answer, NotCosigned, Witness};

/// The longest body that is read, in bytes: more than the most signatures that a note may carry, and the longest proof.
pub const MAX_BODY_BYTES: usize = 512 << 10;

/// Where a witness is served.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address; port 0 is any free one.
    pub address: SocketAddr,
    /// The path below which it answers.
    pub prefix: Prefix,
    /// The certificate and key; plain HTTP without them.
    pub tls: Option<Arc<PublicTls>>,
}

/// A witness that is bound. Connections wait until it runs.
#[derive(Debug)]
pub struct WitnessServer {
    settings: Settings,
    socket: TcpListener,
    address: SocketAddr,
    witness: Arc<Witness>,
}

/// Why a witness cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum WitnessServeError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}; choose another address with --listen, or stop what uses it")]
    Address {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// The TLS configuration cannot be made.
    #[error(transparent)]
    Tls(#[from] LoadError),
    /// The listener ended without having been asked to.
    #[error("the listener failed: {0}; start the witness again")]
    Listener(std::io::Error),
}

impl WitnessServer {
    /// Binds the listener.
    pub fn bind(settings: Settings, witness: Arc<Witness>) -> Result<Self, WitnessServeError> {
        let failed = |source| WitnessServeError::Address { address: settings.address, source };
        let socket = listen(settings.address).map_err(failed)?;
        let address = socket.local_addr().map_err(failed)?;
        Ok(Self { settings, socket, address, witness })
    }

    /// The URL below which it answers.
    pub fn url(&self) -> String {
        let scheme = if self.settings.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}{}", self.address, self.settings.prefix.as_str())
    }

    /// Serves until SIGTERM or SIGINT; SIGHUP calls `hang_up`. Blocks the thread, on which no other runtime may run.
    pub fn run(self, hang_up: impl Fn() + 'static) -> Result<(), WitnessServeError> {
        rt::System::new().block_on(self.serve(hang_up))
    }

    async fn serve(self, hang_up: impl Fn() + 'static) -> Result<(), WitnessServeError> {
        let listener = WitnessServeError::Listener;
        let mut terminate = signal(SignalKind::terminate()).map_err(listener)?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(listener)?;
        let mut hangup = signal(SignalKind::hangup()).map_err(listener)?;
        let work = Work::default();
        let server = self.start(work.clone())?;
        let handle = server.handle();
        let mut ended = rt::spawn(server);
        loop {
            tokio::select! {
                failed = &mut ended => {
                    let error = failed.map_err(std::io::Error::other).and_then(|ended| ended).err();
                    let error = error.unwrap_or_else(|| std::io::Error::other("it ended by itself"));
                    return Err(listener(error));
                }
                _ = hangup.recv() => hang_up(),
                _ = terminate.recv() => break,
                _ = interrupt.recv() => break,
            }
        }
        tracing::info!(under_way = work.count(), "shutting down: what is under way is finished, nothing new is taken");
        work.drain();
        if !work.finished(PATIENCE).await {
            tracing::warn!(under_way = work.count(), "shutting down: what is still under way is cut off");
        }
        handle.stop(true).await;
        // Whether the listener ended well makes no difference any more.
        let _ = ended.await;
        Ok(())
    }

    fn start(self, work: Work) -> Result<actix_web::dev::Server, WitnessServeError> {
        let (witness, work) = (web::Data::from(self.witness), web::Data::new(work));
        let (prefix, over_tls) = (self.settings.prefix, self.settings.tls.is_some());
        let application = move || {
            App::new()
                .app_data(witness.clone())
                .app_data(work.clone())
                .configure(|config| configure(config, &prefix))
                .default_service(web::to(nothing_here))
                .wrap(from_fn(move |request, next| complete(request, next, over_tls)))
        };
        let workers = std::thread::available_parallelism().map_or(1, usize::from).min(MAX_WORKERS);
        let server = HttpServer::new(application)
            .workers(workers)
            .worker_max_blocking_threads(BLOCKING_THREADS)
            .max_connections(MAX_CONNECTIONS.div_ceil(workers))
            .keep_alive(KeepAlive::Timeout(KEPT_ALIVE))
            .client_request_timeout(HEAD_TIME)
            .client_disconnect_timeout(LINGERING)
            .tls_handshake_timeout(HEAD_TIME)
            .disable_signals()
            .shutdown_timeout(FLUSH_SECONDS);
        let server = match self.settings.tls {
            Some(tls) => server.listen_rustls_0_23(self.socket, tls.config()?),
            None => server.listen(self.socket),
        };
        Ok(server.map_err(WitnessServeError::Listener)?.run())
    }
}

/// A browser may be sent here as well: every answer says what it must not do with it.
async fn complete(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    over_tls: bool,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let mut response = next.call(request).await?;
    headers::complete(response.headers_mut(), over_tls);
    Ok(response)
}

fn configure(config: &mut web::ServiceConfig, prefix: &Prefix) {
    let prefix = prefix.as_str();
    config
        .service(
            web::resource(format!("{prefix}/add-checkpoint"))
                .route(web::post().to(add_checkpoint))
                .default_service(web::to(async || answers::method_not_allowed("POST"))),
        )
        .service(looked_at(&format!("{prefix}/{{hash}}/checkpoint")).route(web::get().to(checkpoint)))
        .service(looked_at("/healthz").route(web::get().to(health)));
}

fn looked_at(path: &str) -> actix_web::Resource {
    web::resource(path.to_owned()).default_service(web::to(async || answers::method_not_allowed("GET")))
}

async fn add_checkpoint(
    request: HttpRequest,
    body: web::Payload,
    witness: web::Data<Witness>,
    work: web::Data<Work>,
) -> HttpResponse {
    let Some(_under_way) = work.begin() else { return stopping() };
    let body = match read(&request, body).await {
        Ok(body) => body,
        Err(unread) => return answers::last_sentence(unread.status(), &unread.to_string()),
    };
    // The work goes on where it is, should the client go away: what it makes durable may be learnt from the next
    // answer.
    let Ok(result) = web::block(move || witness.add_checkpoint(&body)).await else { return stopping() };
    tell(&result);
    answers::added(&result)
}

async fn checkpoint(hash: web::Path<String>, witness: web::Data<Witness>) -> HttpResponse {
    match witness.latest(&hash) {
        Some(cosigned) => answers::checkpoint(&cosigned),
        None => answers::sentence(
            StatusCode::NOT_FOUND,
            "no checkpoint was cosigned of a log whose origin has this SHA-256, in lower-case hexadecimal",
        ),
    }
}

async fn health(witness: web::Data<Witness>) -> HttpResponse {
    if witness.is_failing() {
        answers::sentence(StatusCode::SERVICE_UNAVAILABLE, "the last checkpoint could not be kept; look at the disk")
    } else {
        answers::sentence(StatusCode::OK, "alive")
    }
}

async fn nothing_here() -> HttpResponse {
    answers::sentence(StatusCode::NOT_FOUND, "nothing is served at this URL")
}

fn stopping() -> HttpResponse {
    answers::last_sentence(StatusCode::SERVICE_UNAVAILABLE, "the witness is being stopped; try again later")
}

/// The whole body, of whatever type it says to be.
async fn read(request: &HttpRequest, mut body: web::Payload) -> Result<BytesMut, Unread> {
    let announced = request.headers().get(actix_web::http::header::CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > MAX_BODY_BYTES as u64) {
        return Err(Unread::TooLarge);
    }
    let reading = async {
        let mut read = BytesMut::new();
        while let Some(part) = body.next().await {
            let part = part.map_err(|_| Unread::Broken)?;
            if read.len() + part.len() > MAX_BODY_BYTES {
                return Err(Unread::TooLarge);
            }
            read.extend_from_slice(&part);
        }
        Ok(read)
    };
    tokio::time::timeout(BODY_TIME, reading).await.unwrap_or(Err(Unread::Late))
}

/// Why a body was not read to its end; the connection ends with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum Unread {
    #[error("the body is larger than {MAX_BODY_BYTES} bytes")]
    TooLarge,
    #[error("the body did not arrive within {} s", BODY_TIME.as_secs())]
    Late,
    #[error("the body ended early, or is not framed as HTTP says")]
    Broken,
}

impl Unread {
    fn status(self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Late => StatusCode::REQUEST_TIMEOUT,
            Self::Broken => StatusCode::BAD_REQUEST,
        }
    }
}

/// One line for each submission. What the submission alone says is left out: anyone can send one.
fn tell(result: &Result<Answer, NotCosigned>) {
    match result {
        Ok(Answer { origin, size, time, .. }) => tracing::info!(%origin, size, time, "cosigned"),
        Err(NotCosigned::Storage(error)) => {
            tracing::error!(%error, "a checkpoint could not be kept, and was not cosigned; look at the disk");
        }
        Err(NotCosigned::Clock) => tracing::error!("the clock cannot be right: nothing is cosigned; set it"),
        Err(NotCosigned::Refused(refusal @ Refusal::OtherRoot { .. })) => {
            tracing::error!(%refusal, "a known log has signed two trees of one size");
        }
        Err(refused @ NotCosigned::Refused(refusal)) => {
            tracing::info!(status = answers::status(refused).as_u16(), %refusal, "not cosigned");
        }
    }
}

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    // Without it the end of a small answer can wait for the client's delayed acknowledgement.
    socket.set_tcp_nodelay(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

const MAX_WORKERS: usize = 4;

/// A witness has one submission after another made durable, so that more threads would wait only.
const BLOCKING_THREADS: usize = 16;

const MAX_CONNECTIONS: usize = 256;

/// How many connections wait in the system's queue.
const BACKLOG: i32 = 256;

/// For how long an idle connection is kept: longer than most logs take from one checkpoint to the next.
const KEPT_ALIVE: Duration = Duration::from_secs(60);

/// How long a request's head, or a handshake, may take.
const HEAD_TIME: Duration = Duration::from_secs(5);

/// How long a body may take.
const BODY_TIME: Duration = Duration::from_secs(10);

/// For how long a connection that is being closed takes what its client still sends, so that it reads the answer.
const LINGERING: Duration = Duration::from_secs(3);

/// How long what is under way has to end when the witness is asked to stop.
const PATIENCE: Duration = Duration::from_secs(15);

/// How long the last bytes of finished answers may take to leave.
const FLUSH_SECONDS: u64 = 2;
