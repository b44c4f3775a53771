//! `strongroom serve`: the server.

pub mod confinement;
pub mod hardening;
mod lines;
mod panics;
pub mod reloading;
pub mod sandbox;
pub mod telling;
pub mod watching;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde_json::json;

use super::common::failure::Failure;
use super::common::opening;
use super::common::output::Output;
use super::common::root::Root;
use super::config::{Config, Limits};
use crate::edge::http::denied::DeniedServer;
use crate::edge::http::limits::HttpLimits;
use crate::edge::http::server::{ServeError, Server, Settings};
use crate::edge::pki::{ClientTrustFiles, IdentityFiles, MutualTls, PublicTls, Revocation, UnknownStatus};
use crate::service::clock::Clock;
use crate::service::publishing::rollback::Rollback;
use crate::service::startup::{self, Running, StartError};
use crate::storage::disk::RealDisk;
use crate::storage::journal::TornTail;
use reloading::Reloading;

/// What to serve.
#[derive(Debug, clap::Args)]
pub struct Serve {
    /// The configuration
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Cut a damaged end of the journal that may be a crash's and that nothing signed covers; the cut becomes an entry.
    /// Only when a start has asked for it
    #[arg(long)]
    accept_torn_tail: bool,
    #[command(flatten)]
    root: Root,
}

/// A server that is bound, with what its first lines say.
pub struct Bound {
    /// The server.
    pub server: Server,
    /// The log's verifier keys, Ed25519 first.
    pub verifier_keys: Vec<String>,
}

impl Serve {
    /// Serves until SIGTERM or SIGINT. Certificates and revocation lists are read again when their files change, and SIGHUP
    /// reads them and the configuration.
    pub fn run(self, output: &Output) -> Result<(), Failure> {
        self.root.refuse()?;
        let config = Config::load(&self.config)?;
        let telling = telling::start(&config.tracing);
        let torn_tail = if self.accept_torn_tail { TornTail::Accept } else { TornTail::Ask };
        let mut opening = opening::settings(&config, torn_tail)?;
        // Nothing is started or read elsewhere from here on: not the program that gives the root key, for one.
        opening.root_key = opening.root_key.fetched().map_err(StartError::from)?;
        cores();
        let witnesses = opening.witnessing.policy.witnesses().iter().filter_map(|witness| witness.url.as_deref());
        confinement::of_server(&self.config, &config, witnesses).enter(config.process.sandbox)?;
        let bound = match bind(&config, opening) {
            Err(Failure::Start(StartError::RolledBack(finding))) => return deny(&config, output, *finding),
            bound => bound?,
        };
        self.say(output, &config, &bound);
        let _watching =
            watching::Watching::start(&config.mutual_tls, bound.server.handle()).map_err(ServeError::Listener)?;
        let reloading = Reloading::new(self.config, config, telling);
        bound.server.handle().on_signals(move |handle| reloading.reload(handle));
        bound.server.run()?;
        output.text("Stopped: what was under way is finished, and the journal is closed.");
        Ok(())
    }

    fn say(&self, output: &Output, config: &Config, bound: &Bound) {
        let addresses = bound.server.addresses();
        let data = config.data.directory.display();
        if output.is_json() {
            output.value(&json!({
                "mutual_tls": format!("https://{}", addresses.mutual_tls),
                "public": addresses.public.map(|address| format!("https://{address}")),
                "operations": format!("http://{}", addresses.operations),
                "data": data.to_string(),
                "verifier_keys": bound.verifier_keys,
            }));
            return;
        }
        let public = match addresses.public {
            Some(address) => {
                format!("https://{address} (published WHITE documents and the log, without a certificate)")
            }
            None => "off (set enabled = true under [public] to serve what is published)".to_owned(),
        };
        output.text(&format!(
            "Listening  https://{} (everyone needs a client certificate)\n\
             Public     {public}\n\
             Operations http://{} (/healthz, /readyz, /metrics)\n\
             Data       {data}\n\
             Log key    {}\n\
             Next       strongroom me --server https://{} --ca CA.pem --cert YOURS.pem --key YOURS.key\n\
             \x20          Stop with Ctrl-C or SIGTERM; SIGHUP reads certificates and configuration again.",
            addresses.mutual_tls,
            addresses.operations,
            bound.verifier_keys.first().map_or("", String::as_str),
            addresses.mutual_tls,
        ));
    }
}

/// Opens the repository of `config` with what [`opening::settings`] made of it, and binds its listeners.
pub fn bind(config: &Config, settings: startup::Settings) -> Result<Bound, Failure> {
    // Before the journal is touched: a bad certificate should not cost a start's verification.
    let tls = Arc::new(MutualTls::load(identity(config), client_trust(config), Clock::system())?);
    let public = match config.public.enabled {
        true => Some(Arc::new(PublicTls::load(identity(config))?)),
        false => None,
    };
    let running = Running::start(&settings, Arc::new(Clock::system()))?;
    let verifier_keys = running.verifier_keys.iter().map(ToString::to_string).collect();
    let server = Server::bind(listeners(config), tls, public, running)?;
    Ok(Bound { server, verifier_keys })
}

/// Listens and denies everything, since the data directory is an older copy: whoever asks is told so, and so is the
/// operator's monitoring. The data directory stays as it is, and is locked against other uses.
fn deny(config: &Config, output: &Output, finding: Rollback) -> Result<(), Failure> {
    tracing::error!("audit log: {finding}");
    let _locked = RealDisk::open(&config.data.directory).map_err(StartError::from)?;
    let tls = MutualTls::load(identity(config), client_trust(config), Clock::system())?;
    let public = match config.public.enabled {
        true => Some(PublicTls::load(identity(config))?),
        false => None,
    };
    let server = DeniedServer::bind(&listeners(config), &tls, public.as_ref(), &finding)?;
    let addresses = server.addresses();
    if output.is_json() {
        output.value(&json!({
            "mutual_tls": format!("https://{}", addresses.mutual_tls),
            "public": addresses.public.map(|address| format!("https://{address}")),
            "operations": format!("http://{}", addresses.operations),
            "denied": finding.to_string(),
        }));
    } else {
        output.text(&format!(
            "DENIED     {finding}.\nListening  https://{} (every request is answered with 503)\n\
             Operations http://{} (/healthz, /readyz)",
            addresses.mutual_tls, addresses.operations
        ));
    }
    server.run()?;
    output.text("Stopped: the data directory is as it was.");
    Ok(())
}

fn listeners(config: &Config) -> Settings {
    let heartbeat = u64::from(config.log.heartbeat_seconds);
    Settings {
        mutual_tls: config.mutual_tls.address,
        public: config.public.enabled.then_some(config.public.address),
        operations: config.operations.address,
        names: config.mutual_tls.names.clone(),
        limits: limits(&config.limits),
        workers: Some(config.workers.map_or_else(cores, |workers| count(workers.get()))),
        max_connections: count(config.limits.max_connections.get()),
        heartbeat: (heartbeat > 0).then(|| Duration::from_secs(heartbeat)),
        shutdown: seconds(config.limits.shutdown_seconds),
    }
}

fn limits(limits: &Limits) -> HttpLimits {
    HttpLimits {
        max_document_bytes: limits.max_document_bytes.get(),
        max_body_bytes: count(limits.max_body_bytes.get()),
        max_header_bytes: count(limits.max_header_bytes.get()),
        max_url_bytes: count(limits.max_url_bytes.get()),
        header_timeout: seconds(limits.header_seconds),
        upload_idle: seconds(limits.upload_idle_seconds),
        upload_minimum_rate: limits.upload_minimum_rate.get(),
        upload_total: seconds(limits.upload_total_seconds),
        download_idle: seconds(limits.download_idle_seconds),
        download_minimum_rate: limits.download_minimum_rate.get(),
        requests_per_minute: limits.requests_per_minute,
        requests_per_minute_per_address: limits.requests_per_minute_per_address,
        handshakes_per_minute_per_address: limits.handshakes_per_minute_per_address,
        connections_per_address: limits.connections_per_address.get(),
        connections_per_credential: limits.connections_per_credential.get(),
    }
}

fn identity(config: &Config) -> IdentityFiles {
    IdentityFiles { certificate: config.mutual_tls.certificate.clone(), key: config.mutual_tls.key.clone() }
}

fn client_trust(config: &Config) -> ClientTrustFiles {
    let tls = &config.mutual_tls;
    let revocation = if tls.crls.is_empty() {
        Revocation::Unchecked
    } else {
        let unknown = if tls.require_crl { UnknownStatus::Refuse } else { UnknownStatus::Accept };
        Revocation::Lists { files: tls.crls.clone(), unknown }
    };
    ClientTrustFiles { authorities: tls.client_ca.clone(), revocation }
}

/// How many cores this process may use. Asked once, since the sandbox closes the files that say so.
fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from))
}

fn count(value: u32) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

fn seconds(value: std::num::NonZeroU32) -> Duration {
    Duration::from_secs(value.get().into())
}
