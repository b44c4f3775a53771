//! `strongroom demo`: the main job on an empty machine, shown step by step, and then a server to try things on.

mod asking;
mod classifying;
mod curl;
mod directing;
mod evidence;
mod governing;
mod lodging;
mod own;
mod ports;
mod reading;
mod refusals;
mod samples;
mod scenario;
mod stage;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use jiff::SignedDuration;
use serde_json::json;

use super::common::failure::Failure;
use super::common::opening;
use super::common::output::Output;
use super::config::{Config, Level, Tracing};
use super::init::config_text::ConfigText;
use super::init::layout::Layout;
use super::init::people::People;
use super::init::{DEVELOPMENT_ORIGIN, Plan, development_register, make, smki_profile};
use super::serve::reloading::Reloading;
use super::serve::{self, Bound};
use crate::edge::http::server::ServeError;
use crate::service::clock::Clock;
use crate::storage::journal::TornTail;
use ports::Ports;
use scenario::Props;
use stage::Stage;

/// Where, and how far.
#[derive(Debug, clap::Args)]
pub struct Demo {
    /// The folder in which everything is made; it must be empty or absent
    #[arg(long, value_name = "DIR", default_value = "demo")]
    dir: PathBuf,
    /// Stop after the last step, with exit code 0 only if every step held
    #[arg(long)]
    exit: bool,
    /// A document of yours, for example a PDF, that is lodged and read back too
    #[arg(long, value_name = "FILE")]
    document: Option<PathBuf>,
    /// The least severe level that the server tells to standard error
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t = Level::Warn)]
    level: Level,
}

/// Why the demonstration did not do what it should.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The folder is in use.
    #[error("{} is not empty, and the demonstration makes everything anew. {remedy}", dir.display())]
    NotEmpty {
        /// The folder.
        dir: PathBuf,
        /// What to do.
        remedy: String,
    },
    /// A file cannot be read or written.
    #[error("{} cannot be used: {source}. Choose another folder with --dir, or another file.", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// Steps did not hold.
    #[error("{failed} of {played} steps did not hold: what was expected and what came is said at each.")]
    DidNotHold {
        /// How many did not.
        failed: usize,
        /// How many were played.
        played: usize,
    },
    /// The server ended with a panic.
    #[error("The server's thread ended without an answer; run the demonstration again in another folder.")]
    Server,
}

impl Demo {
    /// Makes everything, serves, plays every step, and goes on serving unless it is told to exit.
    pub fn run(self, output: &Output) -> Result<(), Failure> {
        refuse_used(&self.dir)?;
        if let Some(own) = &self.document {
            // Found out now, and not after everything else.
            fs::File::open(own).map_err(|source| DemoError::Io { path: own.clone(), source })?;
        }
        // The steps tell what is refused; beside them only what should not happen is worth a line.
        let telling = serve::telling::start(&Tracing { level: self.level, ..Tracing::default() });
        let clock = Arc::new(Clock::system());
        let layout = Layout::new(&self.dir);
        self.make(&layout, &clock, output)?;
        let config = Config::load(&layout.config())?;
        let Bound { server, verifier_keys } = serve::bind(&config, opening::settings(&config, TornTail::Ask)?)?;
        let handle = server.handle();
        let reloading = Reloading::new(layout.config(), config, telling);
        handle.on_signals(move |handle| reloading.reload(handle));
        let addresses = server.addresses();
        let serving = thread::Builder::new()
            .name("serving".into())
            .spawn(move || server.run())
            .map_err(|error| Failure::Serve(ServeError::Listener(error)))?;

        let address = format!("https://{}", addresses.mutual_tls);
        let mut stage = Stage::new(&layout, address.clone(), *output);
        let props = self.props(&layout, verifier_keys.join("\n"), &clock)?;
        let verifier_key = verifier_keys.first().map_or("", String::as_str);
        let ended = scenario::play(&mut stage, &props);
        let (played, failed) = stage.tally();
        let verdict = Verdict { played, failed, whole: ended.is_ok() };
        if output.is_json() {
            let steps = stage.into_steps();
            output.value(
                &json!({"held": verdict.held(), "steps": steps, "server": address, "verifier_keys": verifier_keys}),
            );
        } else {
            let published =
                addresses.public.map(|public| format!("https://{public}/published/{}/1.0", samples::DEVICE.document));
            output.text(&verdict.said(&layout, &address, published.as_deref(), verifier_key));
        }
        if self.exit {
            handle.stop();
        } else {
            output.text("\nServing until Ctrl-C or SIGTERM.");
        }
        serving.join().map_err(|_| DemoError::Server)??;
        if verdict.held() { Ok(()) } else { Err(DemoError::DidNotHold { failed: failed.max(1), played }.into()) }
    }

    fn make(&self, layout: &Layout, clock: &Arc<Clock>, output: &Output) -> Result<(), Failure> {
        let ports = Ports::choose().map_err(|source| DemoError::Io { path: self.dir.clone(), source })?;
        for remark in ports.remarks() {
            output.text(&remark);
        }
        let mut config = ConfigText::new(DEVELOPMENT_ORIGIN);
        config.mutual_tls = ports.mutual_tls();
        config.public = ports.public();
        config.public_enabled = true;
        config.operations = ports.operations();
        let plan = Plan { profile: smki_profile(), people: People::Development(development_register()), config };
        let made = make(&self.dir, &plan, clock)?;
        output.text(&format!(
            "Made {} with a development CA, certificates for {} people, and the register's first {} entries.",
            layout.root().display(),
            made.people,
            made.entries
        ));
        Ok(())
    }

    fn props(&self, layout: &Layout, verifier_keys: String, clock: &Clock) -> Result<Props, DemoError> {
        let props = Props {
            program: program(),
            samples: layout.root().join("samples"),
            received: layout.root().join("received"),
            verifier_keys,
            verifier_key_file: layout.verifier_keys(),
            due: clock.now().saturating_add(SignedDuration::from_hours(24 * 30)).day_in(&jiff::tz::TimeZone::UTC),
            tomorrow: clock.now().saturating_add(SignedDuration::from_hours(24)).to_timestamp(),
            own: self.document.clone(),
        };
        for folder in [&props.samples, &props.received] {
            fs::create_dir(folder).map_err(|source| DemoError::Io { path: folder.clone(), source })?;
        }
        for sample in samples::ALL {
            let path = props.samples.join(sample.file);
            fs::write(&path, sample.bytes).map_err(|source| DemoError::Io { path: path.clone(), source })?;
        }
        Ok(props)
    }
}

fn refuse_used(dir: &Path) -> Result<(), DemoError> {
    let used = match fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(source) => return Err(DemoError::Io { path: dir.to_owned(), source }),
    };
    if !used {
        return Ok(());
    }
    let config = Layout::new(dir).config();
    let remedy = if config.exists() {
        format!(
            "Choose another folder with --dir, or go on with what is there: strongroom serve --config {}",
            config.display()
        )
    } else {
        "Choose another folder with --dir.".to_owned()
    };
    Err(DemoError::NotEmpty { dir: dir.to_owned(), remedy })
}

/// This program as it was called, so that what is printed can be pasted into the same shell.
fn program() -> String {
    std::env::args().next().unwrap_or_else(|| "strongroom".to_owned())
}

/// How it went.
struct Verdict {
    played: usize,
    failed: usize,
    whole: bool,
}

impl Verdict {
    fn held(&self) -> bool {
        self.whole && self.failed == 0
    }

    fn said(&self, layout: &Layout, address: &str, published: Option<&str>, verifier_key: &str) -> String {
        let Self { played, failed, whole } = self;
        let verdict = match (whole, failed) {
            (true, 0) => format!("All {played} steps held."),
            (true, _) => format!("{failed} of {played} steps did not hold."),
            (false, _) => {
                format!("{failed} of {played} steps did not hold, and the steps that need them were not played.")
            }
        };
        let certificates = layout.clients();
        let certificates = certificates.display();
        let published = published.map_or_else(String::new, |url| {
            format!("\nPublished     {url}  (no certificate needed: curl --cacert {} {url})", layout.ca().display())
        });
        format!(
            "\n{verdict}\n\n\
             Server        {address}{published}\n\
             Certificates  {certificates}/<person>.pem and .key; .p12 for browsers, its password in {}\n\
             Log key       {verifier_key}\n\
             Try           {} list --server {address} --ca {} --cert {certificates}/chair.pem",
            layout.p12_password().display(),
            curl::quoted(&program()),
            layout.ca().display(),
        )
    }
}
