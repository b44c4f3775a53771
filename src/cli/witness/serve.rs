//! `strongroom witness serve`: the witness.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;

use super::directory::{Directory, WitnessError};
use crate::cli::common::failure::Failure;
use crate::cli::common::key_lines;
use crate::cli::common::output::{Output, printable};
use crate::cli::common::root::Root;
use crate::cli::config::{SandboxMode, Tracing};
use crate::cli::serve::{confinement, telling};
use crate::edge::pki::{IdentityFiles, Outcome, PublicTls, Reloadable};
use crate::edge::witness::prefix::Prefix;
use crate::edge::witness::serve::{Settings, WitnessServer};
use crate::pure::tlog::verifier_key::KeyName;
use crate::service::clock::Clock;
use crate::service::witness::Witness;
use crate::storage::disk::RealDisk;

/// Which witness, and where.
#[derive(Debug, clap::Args)]
pub struct Serve {
    /// The directory that `witness init` made
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// Where to listen; port 0 is any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8555")]
    listen: SocketAddr,
    /// The path before /add-checkpoint and /HASH/checkpoint
    #[arg(long, value_name = "PATH", default_value = "/", value_parser = Prefix::parse)]
    prefix: Prefix,
    /// PEM file with the server's certificate and its issuers; without one it speaks plain HTTP
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// PEM file with the certificate's private key
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    /// How far the kernel must hold the process to its directory and port: best_effort, require or off
    #[arg(long, value_name = "MODE", value_enum, default_value_t = SandboxMode::BestEffort, hide_possible_values = true)]
    sandbox: SandboxMode,
    #[command(flatten)]
    root: Root,
}

impl Serve {
    /// Serves until SIGTERM or SIGINT; SIGHUP reads the list of logs and the certificate again.
    pub fn run(self, output: &Output) -> Result<(), Failure> {
        self.root.refuse()?;
        telling::start(&Tracing::default());
        let directory = Directory::new(&self.dir);
        let tls_files = [&self.tls_certificate, &self.tls_key].map(Option::as_deref);
        let tls_files: Vec<_> = tls_files.into_iter().flatten().collect();
        let sandbox = confinement::of_witness(directory.path(), directory.state(), &tls_files, self.listen.port());
        sandbox.enter(self.sandbox)?;
        let tls = match (self.tls_certificate, self.tls_key) {
            (Some(certificate), Some(key)) => Some(Arc::new(PublicTls::load(IdentityFiles { certificate, key })?)),
            _ => None,
        };
        let (name, witness) = open(&directory)?;
        let settings = Settings { address: self.listen, prefix: self.prefix, tls: tls.clone() };
        let server = WitnessServer::bind(settings, witness.clone()).map_err(WitnessError::from)?;
        say(output, &directory, &server, &witness);
        server
            .run(move || {
                reload_logs(&directory, &name, &witness);
                tls.iter().for_each(|tls| reload_tls(tls));
            })
            .map_err(WitnessError::from)?;
        output.text("Stopped: what was under way is finished, and what was cosigned is kept.");
        Ok(())
    }
}

fn open(directory: &Directory) -> Result<(KeyName, Arc<Witness>), WitnessError> {
    let (name, keys) = directory.load_keys()?;
    let logs = directory.load_logs(&name)?;
    if !directory.state().is_dir() {
        return Err(WitnessError::NoState { path: directory.state() });
    }
    let disk = Arc::new(RealDisk::open(directory.state())?);
    Ok((name, Arc::new(Witness::open(disk, keys, logs, Arc::new(Clock::system()))?)))
}

fn reload_logs(directory: &Directory, name: &KeyName, witness: &Witness) {
    match directory.load_logs(name) {
        Ok(logs) => {
            tracing::info!(logs = logs.len(), "reload: list of logs: now in use");
            witness.replace_logs(logs);
        }
        Err(error) => tracing::error!("reload: list of logs: kept as it was: {error}"),
    }
}

fn reload_tls(tls: &PublicTls) {
    for reload in tls.reload() {
        match reload.outcome {
            Outcome::Refused(_) => tracing::error!("reload: {reload}"),
            _ => tracing::info!("reload: {reload}"),
        }
    }
}

fn say(output: &Output, directory: &Directory, server: &WitnessServer, witness: &Witness) {
    let keys = witness.verifier_keys().map(|key| key.to_string());
    let (url, logs) = (server.url(), witness.logs());
    if output.is_json() {
        output.value(&json!({
            "url": url,
            "logs": logs.origins().map(|(origin, _)| origin).collect::<Vec<_>>(),
            "cosigned": witness.cosigned(),
            "verifier_keys": keys,
            "state": directory.state().display().to_string(),
        }));
        return;
    }
    let list = directory.logs();
    let known: String = match logs.len() {
        0 => format!("none yet: write their verifier keys into {}, then send SIGHUP", list.display()),
        _ => {
            let shown = logs.origins().take(SHOWN).map(|(origin, keys)| match keys {
                1 => printable(origin),
                keys => format!("{} ({keys} keys)", printable(origin)),
            });
            let more = logs.len().saturating_sub(SHOWN);
            let more = (more > 0).then(|| format!("and {more} more, in {}", list.display()));
            shown.chain(more).collect::<Vec<_>>().join("\n           ")
        }
    };
    let file = directory.verifier_keys();
    let [ed25519, ml_dsa_44] = keys.each_ref().map(|key| key_lines::short(key, Some(&file)));
    output.text(&format!(
        "Listening  {url} (POST {url}/add-checkpoint, GET {url}/HASH/checkpoint)\n\
         Logs       {known}\n\
         Keys       {ed25519}\n\
         \x20          {ml_dsa_44}\n\
         State      {} (checkpoints cosigned of {})\n\
         Next       Give each log the URL and one of the keys. Stop with Ctrl-C or SIGTERM;\n\
         \x20          SIGHUP reads {} and the certificate again.",
        directory.state().display(),
        count(witness.cosigned()),
        list.display(),
    ));
}

fn count(logs: usize) -> String {
    if logs == 1 { "1 log".to_owned() } else { format!("{logs} logs") }
}

/// How many logs are named at the start.
const SHOWN: usize = 20;
