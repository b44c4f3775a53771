//! A server that denies everything: its log was rolled back, so that nothing that it could say can be relied on.
//!
//! It listens where the server would, so that people are told why instead of finding nobody, and monitoring sees that
//! the process lives and is not ready. It has no repository, and touches no data.

use std::net::SocketAddr;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServerHandle, ServiceRequest, ServiceResponse};
use actix_web::http::KeepAlive;
use actix_web::middleware::{Next, from_fn};
use actix_web::{App, Error, HttpResponse, HttpServer, ResponseError, rt, web};
use futures_util::future;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

use super::gate::{Gate, Listener};
use super::headers;
use super::limits::HttpLimits;
use super::listeners;
use super::problem::ApiProblem;
use super::server::{Addresses, ServeError, Settings};
use crate::edge::pki::{MutualTls, PublicTls};
use crate::service::publishing::rollback::Rollback;

/// A denying server whose listeners are bound.
#[derive(Debug)]
pub struct DeniedServer {
    addresses: Addresses,
    tls: Vec<(listeners::Bound, rustls::ServerConfig)>,
    operations: listeners::Bound,
    limits: HttpLimits,
    finding: String,
}

impl DeniedServer {
    /// Binds the listeners that the server would have.
    pub fn bind(
        settings: &Settings,
        tls: &MutualTls,
        public: Option<&PublicTls>,
        finding: &Rollback,
    ) -> Result<Self, ServeError> {
        if !settings.operations.ip().is_loopback() {
            return Err(ServeError::OperationsNotLoopback(settings.operations));
        }
        let listen = |listener: Listener, address: SocketAddr| {
            let bound = listeners::Bound::bind(listener, address, &settings.names);
            bound.map_err(|source| ServeError::Address { address, source })
        };
        let mutual_tls = listen(Listener::MutualTls, settings.mutual_tls)?;
        let operations = listen(Listener::Operations, settings.operations)?;
        let mut addresses =
            Addresses { mutual_tls: mutual_tls.address(), public: None, operations: operations.address() };
        let mut bound = vec![(mutual_tls, tls.config()?)];
        if let (Some(address), Some(public)) = (settings.public, public) {
            let listener = listen(Listener::Public, address)?;
            addresses.public = Some(listener.address());
            bound.push((listener, public.config()?));
        }
        let (limits, finding) = (settings.limits.clone(), finding.to_string());
        Ok(Self { addresses, tls: bound, operations, limits, finding })
    }

    /// Where it listens.
    pub fn addresses(&self) -> Addresses {
        self.addresses
    }

    /// Denies until SIGTERM or SIGINT. It blocks the thread, on which no other runtime may be running.
    pub fn run(self) -> Result<(), ServeError> {
        rt::System::new().block_on(self.serve()).map_err(ServeError::Listener)
    }

    async fn serve(self) -> std::io::Result<()> {
        let Self { tls, operations, limits, finding, .. } = self;
        let header_timeout = limits.header_timeout;
        let mut servers = Vec::with_capacity(tls.len() + 1);
        for (bound, tls) in tls {
            let (gate, limits) = (bound.gate, web::Data::new(limits.clone()));
            let application = move || {
                let app = App::new().app_data(gate.clone()).app_data(limits.clone());
                app.default_service(web::to(denied)).wrap(from_fn(admitted))
            };
            let server = HttpServer::new(application).workers(1).max_connections(CONNECTIONS);
            let server = server.keep_alive(KeepAlive::Disabled).client_request_timeout(header_timeout);
            let server = server.tls_handshake_timeout(header_timeout).disable_signals().shutdown_timeout(1);
            servers.push(server.listen_rustls_0_23(bound.socket, tls)?.run());
        }
        let (gate, limits, finding) = (operations.gate, web::Data::new(limits), web::Data::new(Finding(finding)));
        let application = move || {
            let app = App::new().app_data(gate.clone()).app_data(limits.clone()).app_data(finding.clone());
            app.route("/healthz", web::get().to(alive))
                .route("/readyz", web::get().to(not_ready))
                .route("/metrics", web::get().to(metrics))
                .default_service(web::to(super::guard::no_such_url))
                .wrap(from_fn(admitted))
        };
        let server = HttpServer::new(application).workers(1).client_request_timeout(header_timeout);
        servers.push(server.disable_signals().shutdown_timeout(1).listen(operations.socket)?.run());
        stop_on_signals(servers.iter().map(actix_web::dev::Server::handle).collect())?;
        future::try_join_all(servers).await.map(drop)
    }
}

struct Finding(String);

async fn alive() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("alive\n")
}

async fn not_ready(finding: web::Data<Finding>) -> HttpResponse {
    let reasons = [format!("audit log: {}", finding.0)];
    HttpResponse::ServiceUnavailable().json(json!({"ready": false, "reasons": reasons}))
}

async fn metrics() -> HttpResponse {
    HttpResponse::Ok()
        .content_type(super::metrics::MEDIA_TYPE)
        .body("# TYPE strongroom_ready gauge\nstrongroom_ready 0\n")
}

async fn denied() -> ApiProblem {
    ApiProblem::rolled_back().closing()
}

/// What every listener asks of every request is asked here too.
async fn admitted(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let gate = request.app_data::<web::Data<Gate>>().cloned();
    let limits = request.app_data::<web::Data<HttpLimits>>().cloned();
    let admitted = match (&gate, limits) {
        (Some(gate), Some(limits)) => gate.admit(request.request(), &limits),
        _ => Err(ApiProblem::rolled_back()),
    };
    let mut response = match admitted {
        Ok(()) => next.call(request).await?.map_into_boxed_body(),
        Err(problem) => {
            let refusal = gate
                .as_ref()
                .map_or_else(|| problem.error_response(), |gate| gate.refusal(request.request(), &problem));
            request.into_response(refusal)
        }
    };
    headers::complete(response.headers_mut(), gate.is_some_and(|gate| gate.listener().is_tls()));
    Ok(response)
}

/// SIGTERM and SIGINT stop the servers. SIGHUP finds nothing to read again, and must not end the process.
fn stop_on_signals(handles: Vec<ServerHandle>) -> std::io::Result<()> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    drop(signal(SignalKind::hangup())?);
    rt::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        // Whoever is being told just now is told to the end.
        let stopped = handles.iter().map(|handle| handle.stop(true));
        let _ = tokio::time::timeout(STOP_LIMIT, future::join_all(stopped)).await;
    });
    Ok(())
}

/// How many connections a listener takes at a time: each is answered at once, and closed.
const CONNECTIONS: usize = 256;

/// How long a stop may take.
const STOP_LIMIT: Duration = Duration::from_secs(3);
