//! `strongroom init`: a directory from which a server can run.

pub mod config_text;
pub(super) mod files;
pub mod layout;
mod make;
pub mod people;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;

use super::common::failure::Failure;
use super::common::output::Output;
use super::common::root::is_root;
use super::config::ConfigError;
use super::config::authority::{SMKI_PROFILE, SMKI_REGISTER, Source};
use crate::edge::pki::{DevelopmentError, LoadError};
use crate::service::clock::Clock;
use crate::service::registrar::NotDone;
use crate::service::startup::StartError;
use crate::storage::seal::keys::provider::KeyError;
use config_text::ConfigText;
use layout::Layout;
pub use make::{Plan, make};
use people::People;

/// Where, and for whom.
#[derive(Debug, clap::Args)]
pub struct Init {
    /// The directory to make; nothing in it is ever overwritten
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// The profile of the policy authority: `smki`, or the file of another one
    #[arg(long, value_name = "NAME|FILE", default_value = BUILT_IN)]
    profile: PathBuf,
    /// The people of the register, with certificates that they have [default: invented people with new certificates]
    #[arg(long, value_name = "FILE", requires = "client_ca")]
    register: Option<PathBuf>,
    /// PEM file with the authorities that issued those certificates
    #[arg(long, value_name = "FILE", requires = "register")]
    client_ca: Option<PathBuf>,
    /// The log's name, for ever: a name under a domain of your own
    #[arg(long, value_name = "NAME", default_value = DEVELOPMENT_ORIGIN)]
    origin: String,
}

/// What was made.
#[derive(Clone, Debug)]
pub struct Made {
    /// How many entries the register has.
    pub entries: u64,
    /// How many people it has.
    pub people: usize,
    /// The log's verifier keys, Ed25519 first.
    pub verifier_keys: Vec<String>,
    /// Whether the people have certificates of their own.
    pub own_people: bool,
}

/// Why a directory was not made.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// There is something of what would be made.
    #[error(
        "{} holds {names} already, and nothing is overwritten. Choose another directory, or move these away.",
        dir.display()
    )]
    Taken {
        /// The directory.
        dir: PathBuf,
        /// What is there.
        names: String,
    },
    /// A file or directory cannot be read or written.
    #[error("{} cannot be used: {source}. Nothing was made; remove the cause and try again.", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The origin cannot name a log.
    #[error("The origin {0:?} cannot name a log. Use up to 255 bytes without white space or plus signs.")]
    Origin(String),
    /// No random bytes.
    #[error("No password could be made: {0}")]
    Random(String),
    /// The profile or the register is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The file of the authorities is wrong.
    #[error(transparent)]
    Authorities(#[from] LoadError),
    /// The certificates could not be made.
    #[error(transparent)]
    Certificates(#[from] DevelopmentError),
    /// A key could not be made.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A term cannot be computed.
    #[error("The terms of office cannot be computed: {0}. Check this machine's clock.")]
    Term(#[from] jiff::Error),
    /// The new data directory cannot be opened.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The register's first entries could not be made.
    #[error("The register's first entries could not be made: {0}")]
    Entries(#[from] NotDone),
}

impl Init {
    /// Makes the directory and says what comes next.
    pub fn run(self, output: &Output) -> Result<(), Failure> {
        let plan = self.plan()?;
        let made = make(&self.dir, &plan, &Arc::new(Clock::system()))?;
        let layout = Layout::new(&self.dir);
        if output.is_json() {
            output.value(&json!({
                "directory": self.dir.display().to_string(),
                "config": layout.config().display().to_string(),
                "people": made.people,
                "entries": made.entries,
                "verifier_keys": made.verifier_keys,
            }));
        } else {
            output.text(&said(&layout, &made));
            if is_root() {
                output.text(&whose(&layout));
            }
        }
        Ok(())
    }

    fn plan(&self) -> Result<Plan, InitError> {
        let profile = profile_source(&self.profile)?;
        let people = match (&self.register, &self.client_ca) {
            (Some(register), Some(client_ca)) => {
                People::Own { register: Source::read(register)?, client_ca: client_ca.clone() }
            }
            _ => People::Development(development_register()),
        };
        Ok(Plan { profile, people, config: ConfigText::new(&self.origin) })
    }
}

/// The built-in SMKI profile.
pub fn smki_profile() -> Source {
    Source::built_in("config/smki/profile.toml", SMKI_PROFILE)
}

/// The built-in people.
pub fn development_register() -> Source {
    Source::built_in("config/smki/register.toml", SMKI_REGISTER)
}

fn profile_source(profile: &Path) -> Result<Source, ConfigError> {
    if profile == Path::new(BUILT_IN) { Ok(smki_profile()) } else { Source::read(profile) }
}

/// The origin of logs of no importance.
pub const DEVELOPMENT_ORIGIN: &str = "localhost/strongroom";

const BUILT_IN: &str = "smki";

/// What root has to do before the next step, since a server does not run as root.
fn whose(layout: &Layout) -> String {
    let root = layout.root().display();
    format!(
        "\nAll of it is root's, and a server does not run as root. First make a user of its own and give it the directory:\n  \
         useradd --system --home-dir {root} strongroom && chown -R strongroom {root}"
    )
}

fn said(layout: &Layout, made: &Made) -> String {
    let show = |path: PathBuf| path.display().to_string();
    let certificates = if made.own_people {
        format!("{}  a certificate for the server, for development only", show(layout.server()))
    } else {
        format!(
            "{}  a CA, the server's certificate and one for each person, for development only",
            show(layout.certificates())
        )
    };
    let config = show(layout.config());
    format!(
        "Made in {}:\n  {config}  the configuration\n  {certificates}\n  {}  the root key and the log's signing key: keep \
         copies elsewhere\n  {}  the journal, with the register's first {} entries about {} people\n  {}  the log's verifier \
         keys, of which the first is {}\n\nNext: strongroom serve --config {config}",
        layout.root().display(),
        show(layout.keys()),
        show(layout.data()),
        made.entries,
        made.people,
        show(layout.verifier_keys()),
        made.verifier_keys.first().map_or("", String::as_str),
    )
}
