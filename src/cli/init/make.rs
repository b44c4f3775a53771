//! Makes a directory that a server can run from.
//!
//! It is made under a name of its own inside the directory and moved into place when it is whole, the configuration
//! last. A crash leaves what cannot be mistaken for a whole directory: without the configuration nothing runs.

use std::fs;
use std::io;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::config_text::ConfigText;
use super::files::{self, PRIVATE, PUBLIC};
use super::layout::{ENTRIES, Layout, UNFINISHED};
use super::people::{self, DevelopmentPki, People};
use super::{InitError, Made};
use crate::cli::config::authority::{self, Source};
use crate::pure::domain::event::Event;
use crate::pure::tlog::leaf::Origin;
use crate::service::bootstrap::{PersonEntry, first_events};
use crate::service::clock::Clock;
use crate::service::publishing::witnessing::Witnessing;
use crate::service::startup::{Running, Settings};
use crate::storage::journal::TornTail;
use crate::storage::seal::keys::provider::{KeyProvider, create_key_file};
use crate::storage::seal::secret::SecretKey;

/// What a directory is made of.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The profile of the authority.
    pub profile: Source,
    /// The people.
    pub people: People,
    /// The configuration.
    pub config: ConfigText,
}

/// What goes into the directory, checked, before anything is written.
struct Contents {
    origin: Origin,
    config: String,
    register: String,
    people: usize,
    events: Vec<Event>,
    pki: DevelopmentPki,
    client_ca: Option<Vec<u8>>,
}

/// Makes the directory `dir`. It refuses one that holds any of the files that it would make.
pub fn make(dir: &Path, plan: &Plan, clock: &Arc<Clock>) -> Result<Made, InitError> {
    let contents = Contents::prepare(plan, clock.now().to_timestamp())?;
    let io_at = |path: &Path| {
        let path = path.to_owned();
        move |source| InitError::Io { path, source }
    };
    let fresh = !dir.exists();
    if fresh {
        let parent = dir.parent().filter(|parent| !parent.as_os_str().is_empty());
        parent.map_or(Ok(()), fs::create_dir_all).and_then(|()| files::make_directory(dir)).map_err(io_at(dir))?;
    }
    refuse_taken(dir)?;
    let unfinished = Layout::new(dir.join(UNFINISHED));
    files::make_directory(unfinished.root()).map_err(io_at(unfinished.root()))?;
    let made = contents.write(&unfinished, clock).and_then(|made| {
        put_in_place(unfinished.root(), dir).map_err(io_at(dir))?;
        Ok(made)
    });
    if made.is_err() {
        // What is left is ours and unfinished; the failure itself is what must be told.
        let _ = fs::remove_dir_all(unfinished.root());
        if fresh {
            let _ = fs::remove_dir(dir);
        }
    }
    made
}

/// Names what is there already of what `init` makes.
fn refuse_taken(dir: &Path) -> Result<(), InitError> {
    let is_there = |name: &&str| dir.join(name).symlink_metadata().is_ok();
    let taken: Vec<_> = ENTRIES.iter().chain([&UNFINISHED]).copied().filter(|name| is_there(name)).collect();
    if taken.is_empty() { Ok(()) } else { Err(InitError::Taken { dir: dir.to_owned(), names: taken.join(", ") }) }
}

fn put_in_place(unfinished: &Path, dir: &Path) -> io::Result<()> {
    for name in ENTRIES {
        // What is named before must be durable before: where the configuration is, everything is.
        files::sync_directory(dir)?;
        files::give_name(&unfinished.join(name), &dir.join(name))?;
    }
    fs::remove_dir(unfinished)?;
    files::sync_directory(dir)
}

impl Contents {
    fn prepare(plan: &Plan, now: Timestamp) -> Result<Self, InitError> {
        let origin = Origin::parse(&plan.config.origin).map_err(|_| InitError::Origin(plan.config.origin.clone()))?;
        let profile = plan.profile.profile()?;
        let source = match &plan.people {
            People::Development(template) => {
                let text = people::fill_in_terms(&template.text, &profile.profile, now)?;
                Source { file: template.file.clone(), text }
            }
            People::Own { register, .. } => register.clone(),
        };
        let register = source.register()?;
        let (pki, client_ca) = match &plan.people {
            People::Development(_) => (DevelopmentPki::create(people::certified(&register), now)?, None),
            People::Own { client_ca, .. } => {
                (DevelopmentPki::create([].into_iter(), now)?, Some(people::own_authorities(client_ca)?))
            }
        };
        let folder = source.file.parent().unwrap_or(Path::new(""));
        let credential_of = |entry: &PersonEntry| match &plan.people {
            People::Development(_) => pki.credential(entry),
            People::Own { .. } => people::own_credential(folder, entry),
        };
        let events = first_events(&profile, &register, credential_of)
            .map_err(|contradictions| authority::place(&contradictions, &plan.profile, &source))?;
        let mut config = plan.config.clone();
        if client_ca.is_some() {
            config.client_ca = "certs/client-ca.pem";
        }
        let people = register.people.len();
        Ok(Self {
            origin,
            config: config.text(),
            register: kept(&plan.people, &source),
            people,
            events,
            pki,
            client_ca,
        })
    }

    fn write(self, layout: &Layout, clock: &Arc<Clock>) -> Result<Made, InitError> {
        let Self { origin, config, register, people, events, pki, client_ca } = self;
        let settings = settings(layout, origin);
        write_keys(layout)?;
        let written = |path: PathBuf, mode, bytes: &[u8]| {
            files::write(&path, mode, bytes).map_err(|source| InitError::Io { path: path.clone(), source })
        };
        for folder in [layout.certificates(), layout.clients()] {
            files::make_directory(&folder).map_err(|source| InitError::Io { path: folder.clone(), source })?;
        }
        written(layout.ca(), PUBLIC, pki.ca.certificate_pem().as_bytes())?;
        written(layout.ca().with_extension("key"), PRIVATE, pki.ca.key_pem().as_bytes())?;
        written(layout.server(), PUBLIC, pki.server.certificate_pem().as_bytes())?;
        written(layout.server().with_extension("key"), PRIVATE, pki.server.key_pem().as_bytes())?;
        match &client_ca {
            Some(authorities) => written(layout.client_ca(), PUBLIC, authorities)?,
            None => {
                let password = password()?;
                for (person, issued) in &pki.clients {
                    let path = layout.client(person);
                    written(path.clone(), PUBLIC, issued.certificate_pem().as_bytes())?;
                    written(path.with_extension("key"), PRIVATE, issued.key_pem().as_bytes())?;
                    written(path.with_extension("p12"), PRIVATE, &issued.pkcs12(&password)?)?;
                }
                written(layout.p12_password(), PRIVATE, Zeroizing::new(format!("{}\n", *password)).as_bytes())?;
            }
        }
        written(layout.register(), PRIVATE, register.as_bytes())?;
        written(layout.config(), PUBLIC, config.as_bytes())?;

        let running = Running::start(&settings, clock.clone())?;
        let verifier_keys: Vec<_> = running.verifier_keys.iter().map(ToString::to_string).collect();
        let established = running.establish(events);
        running.stop();
        let entries = established?;
        written(layout.verifier_keys(), PUBLIC, (verifier_keys.join("\n") + "\n").as_bytes())?;
        for folder in [layout.clients(), layout.certificates(), layout.keys(), layout.root().to_owned()] {
            files::sync_directory(&folder).map_err(|source| InitError::Io { path: folder.clone(), source })?;
        }
        Ok(Made { entries, people, verifier_keys, own_people: client_ca.is_some() })
    }
}

fn write_keys(layout: &Layout) -> Result<(), InitError> {
    let keys = layout.keys();
    files::make_directory(&keys).map_err(|source| InitError::Io { path: keys, source })?;
    create_key_file(&layout.root_key())?;
    Ok(create_key_file(&layout.log_key())?)
}

fn settings(layout: &Layout, origin: Origin) -> Settings {
    Settings {
        origin,
        data: layout.data(),
        root_key: KeyProvider::File(layout.root_key()),
        log_key: KeyProvider::File(layout.log_key()),
        tick: Duration::from_secs(1),
        reserve_bytes: 0,
        queue_length: NonZeroUsize::MIN,
        refusals_per_minute: NonZeroU32::MIN,
        torn_tail: TornTail::Ask,
        witnessing: Witnessing::default(),
    }
}

/// The register as it is kept in the directory.
fn kept(people: &People, source: &Source) -> String {
    match people {
        People::Development(_) => source.text.clone(),
        People::Own { .. } => format!(
            "# A copy of {}, from which the register began. Paths of certificates are relative to that file.\n\n{}",
            source.file.display(),
            source.text
        ),
    }
}

/// 128 random bits as 32 hexadecimal digits.
fn password() -> Result<Zeroizing<String>, InitError> {
    let random = SecretKey::generate().map_err(|error| InitError::Random(error.to_string()))?;
    let mut digits = Zeroizing::new([0; 32]);
    // Sixteen bytes have just as many digits, so this cannot fail.
    let _ = hex::encode_to_slice(random.expose().get(..16).unwrap_or_default(), digits.as_mut());
    Ok(Zeroizing::new(String::from_utf8_lossy(digits.as_ref()).into_owned()))
}
